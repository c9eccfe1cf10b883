//! The figure: lanes, messages and marks of a run, laid out for a box and drawn as SVG, and the hand
//! that drags them.
//!
//! The figure draws the run it is given and keeps none of its own. While a message is held, the
//! answer is a [`Preview`]; when the hand lets go, one [`Action`] leaves through `dispatch`.

mod figure;
pub mod grip;
pub mod hand;
pub mod keys;
pub mod nodes;
pub mod offer;
mod offering;
mod pointer;
mod tap;

pub use figure::Figure;

use crate::store::{Action, State};
use lightcone::{MessageId, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Shown;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

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

/// What the run would be if the reader let go now.
#[derive(Clone)]
pub struct Preview {
    /// The message in the hand.
    pub held: MessageId,
    /// The run if the reader let go now.
    pub trace: Rc<Trace>,
    /// The run when the reader took hold.
    pub before: Rc<Trace>,
    /// When the held message would arrive.
    pub arrives: Time,
    /// Whether it would be dropped instead.
    pub dropped: bool,
}

impl PartialEq for Preview {
    fn eq(&self, other: &Preview) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && Rc::ptr_eq(&self.before, &other.before)
            && (self.held, self.arrives, self.dropped) == (other.held, other.arrives, other.dropped)
    }
}

/// What a figure shows now; nothing before it is first drawn.
pub type Showing = ByPointer<RefCell<Option<Shown>>>;

/// What the figure is given.
#[derive(Properties, Clone, PartialEq)]
pub struct FigureProps {
    /// What to show.
    pub state: Snapshot,
    /// Where the reader's moves, looks and choices go.
    pub dispatch: Callback<Action>,
    /// Hears, once a frame, what a held message does to the run; none when the hand is empty again.
    #[prop_or_default]
    pub on_preview: Callback<Option<Preview>>,
    /// Whether it can be dragged, focused and clicked; a figure that is not is a picture.
    #[prop_or(true)]
    pub interactive: bool,
    /// Where it leaves what it shows, for a picture of it.
    #[prop_or_default]
    pub shows: Option<Showing>,
    /// Whether it is a part of another page: only its own box decides which way time runs.
    #[prop_or_default]
    pub embedded: bool,
}
