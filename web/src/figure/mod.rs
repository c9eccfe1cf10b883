//! The figure: lanes, messages and marks of a run, laid out for a box and drawn as SVG, and the hand
//! that drags them.
//!
//! The figure draws the run it is given and keeps none of its own. While a message is held, the
//! answer is a [`Preview`]; when the hand lets go, one [`Action`] leaves through `dispatch`.

mod component;
pub mod context_menu;
pub mod drag_layer;
mod explain;
pub mod hand;
pub mod keys;
mod longer;
mod lookup;
mod open_menu;
mod pointer;
mod press;
mod rest;
pub mod still;

pub use component::Figure;
pub use explain::Explain;
pub use rest::{REST, Rest, arrived, fetch_by};

use crate::state::run::Action;
use crate::state::session::Preview;
use crate::state::signs::Told;
use crate::state::snapshot::Snapshot;
use lightcone_engine::NodeSet;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::{Parting, Shown};
use lightcone_figure::plane::geometry::Stands;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// The figure as it is shown; none before it is first drawn.
pub type Showing = ByPointer<RefCell<Option<Shown>>>;

/// The inputs of the figure.
#[derive(Properties, Clone, PartialEq)]
pub struct FigureProps {
    /// The state that is shown.
    pub state: Snapshot,
    /// Called with each move, look and choice of the reader.
    pub dispatch: Callback<Action>,
    /// Hears, once a frame, what a held message does to the run; none when the hand is empty again.
    #[prop_or_default]
    pub on_preview: Callback<Option<Preview>>,
    /// Whether it can be dragged, focused and clicked; a figure that is not is a picture.
    #[prop_or(true)]
    pub interactive: bool,
    /// Whether any move is welcome. Where a question says what may be moved, the figure neither invites to a drag nor lets the run go on.
    #[prop_or(true)]
    pub free: bool,
    /// The place where the figure leaves what it shows, for a picture of it.
    #[prop_or_default]
    pub shows: Option<Showing>,
    /// The sign that is explained beside it.
    #[prop_or_default]
    pub sign: Option<Rc<Told>>,
    /// Hears which sign is to be explained; a figure that has none explains nothing.
    #[prop_or_default]
    pub on_sign: Option<Explain>,
    /// Whether a margin and a sheet stand around it: there a cut is kept, and narrow screens have a lane's commands.
    #[prop_or_default]
    pub whole: bool,
    /// Whether it is a part of another page: only its own box decides which way time runs.
    #[prop_or_default]
    pub embedded: bool,
    /// What it shares with the other figure of a comparison, if it is one of two.
    #[prop_or_default]
    pub pair: Option<Pair>,
}

/// What a figure of a comparison knows of the other one.
#[derive(Clone, PartialEq)]
pub struct Pair {
    /// Which of the two it is.
    pub stands: Stands,
    /// The name of its run.
    pub name: AttrValue,
    /// Where the two runs part.
    pub parting: Option<Parting>,
    /// What a message that is held in either does to this run.
    pub twin: Option<Preview>,
    /// The lanes whose nodes see the same in both.
    pub alike: NodeSet,
}
