//! What a press on the figure does, by tool.

use super::FigureProps;
use super::context_menu::{self, ContextMenu};
use super::keys::cut_or_heal;
use crate::state::ask;
use crate::state::run::{Action, Selection, Tool};
use lightcone_engine::{Edit, NodeId, NodeSet, Time};
use lightcone_figure::read::index::toggled;
use lightcone_figure::scene::{Scene, Target};

/// A press on a target. The request tool has something to choose from.
pub fn on_target(props: &FigureProps, target: &Target, scene: Option<&Scene>) -> Option<ContextMenu> {
    let scene = scene?;
    let tool = props.state.tool;
    match (tool, *target) {
        (Tool::Move, _) => select(props, target),
        (Tool::Crash | Tool::Pause, Target::Lane(node, at)) => {
            if let Some(action) = toggled(&scene.index, node, at, tool == Tool::Crash) {
                make(props, at, action);
            }
        }
        (Tool::Request, Target::Lane(node, at)) if ask::accepts(&scene.index.trace, node) => {
            return Some(context_menu::requests(&scene.index.trace, node, at));
        }
        (Tool::Cut, Target::Gap(above, _, at)) => {
            let (from, to) = sides(scene, above);
            make(props, at, cut_or_heal(&scene.index, from, to, at));
        }
        _ => {}
    }
    None
}

fn make(props: &FigureProps, at: Time, action: lightcone_engine::Action) {
    props.dispatch.emit(Action::Make(Edit::At { at, action }));
}

/// The two sides of a cut below the lane `above`: all lanes up to it, and all lanes after it.
fn sides(scene: &Scene, above: NodeId) -> (NodeSet, NodeSet) {
    let order = &scene.frame.order;
    let place = order.iter().position(|node| *node == above).map_or(order.len(), |place| place + 1);
    (order[..place].iter().copied().collect(), order[place..].iter().copied().collect())
}

fn select(props: &FigureProps, target: &Target) {
    let selection = match *target {
        Target::Head(id) | Target::Line(id) => Selection::Message(id),
        Target::Event(event) => return props.dispatch.emit(Action::Visit(event)),
        Target::Lane(node, _) | Target::LaneHead(node) => Selection::Lane(node),
        Target::Gap(..) | Target::Ground | Target::Axis(_) => Selection::Nothing,
    };
    if selection != props.state.selection {
        props.dispatch.emit(Action::Select(selection));
    }
}
