//! A state of the page that others hold on to.

use super::run::State;
use std::ops::Deref;
use std::rc::Rc;

/// A state of the page as a prop: two are equal if they are the same snapshot.
#[derive(Clone)]
pub struct Snapshot(pub Rc<State>);

impl PartialEq for Snapshot {
    fn eq(&self, other: &Snapshot) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Snapshot {
    type Target = State;
    fn deref(&self) -> &State {
        &self.0
    }
}
