//! Pointer equality: a shared value that is equal only to itself, so that comparing costs nothing.

use std::ops::Deref;
use std::rc::Rc;

/// A shared value that is equal only to itself.
#[derive(Debug)]
pub struct ByPointer<T>(pub Rc<T>);

impl<T> Clone for ByPointer<T> {
    fn clone(&self) -> ByPointer<T> {
        ByPointer(self.0.clone())
    }
}

impl<T> PartialEq for ByPointer<T> {
    fn eq(&self, other: &ByPointer<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Default> Default for ByPointer<T> {
    fn default() -> ByPointer<T> {
        ByPointer(Rc::default())
    }
}

impl<T> Deref for ByPointer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<Rc<T>> for ByPointer<T> {
    fn from(shared: Rc<T>) -> ByPointer<T> {
        ByPointer(shared)
    }
}
