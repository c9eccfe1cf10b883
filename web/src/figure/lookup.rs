//! What is looked up of a run for its figure.

use crate::state::run::Selection;
use lightcone_engine::{NodeId, Trace};
use lightcone_figure::read::index::Index;
use std::rc::Rc;

/// The lane of what is selected.
pub fn lane_of(index: &Index, selection: Selection) -> Option<NodeId> {
    match selection {
        Selection::Lane(node) => Some(node),
        Selection::Message(id) => Some(id.to),
        Selection::Timer(id) => Some(id.node),
        Selection::Event(event) => index.trace.events.get(event.index()).and_then(|event| event.node),
        Selection::Nothing => None,
    }
}

/// The index of a trace: the one at hand if it is of this very trace.
pub fn index_of(index: &mut Option<Rc<Index>>, trace: &Rc<Trace>) -> Rc<Index> {
    match index {
        Some(index) if Rc::ptr_eq(&index.trace, trace) => index.clone(),
        _ => index.insert(Rc::new(Index::of(trace.clone()))).clone(),
    }
}
