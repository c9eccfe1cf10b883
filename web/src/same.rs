//! Shared values as components' properties: equal only to themselves, so that comparing costs nothing.

use std::ops::Deref;
use std::rc::Rc;

/// A shared value that is equal only to itself.
#[derive(Debug)]
pub struct Same<T>(pub Rc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Same<T> {
        Same(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Same<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<Rc<T>> for Same<T> {
    fn from(shared: Rc<T>) -> Same<T> {
        Same(shared)
    }
}
