//! What a press on the figure is, and what it does, by tool.

use super::FigureProps;
use super::context_menu::{self, ContextMenu};
use crate::state::ask;
use crate::state::cut::{self, CutChoice};
use crate::state::run::{Action, Selection, Tool, Window};
use lightcone_engine::{Edit, NodeId, NodeSet, Time};
use lightcone_figure::draw::lane_heads::Choosing;
use lightcone_figure::plane::geometry::Point;
use lightcone_figure::read::index::{Index, toggled};
use lightcone_figure::scene::{Scene, Target};

/// The state of a pointer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Press {
    /// It is not pressed.
    Up,
    /// The pointer is down and has not moved.
    Down { target: Target, at: Point, finger: bool },
    /// The pointer went up where it went down. The click that follows says what to do.
    Clicked(Target),
    /// The pointer holds a message.
    Holding,
    /// The pointer moves the cursor along the axis.
    Scrubbing,
    /// The pointer moves the window.
    Panning { at: f64, window: Window },
    /// Two fingers move and zoom the window: where they began, and the window then; none before they move.
    Pinching(Option<Pinch>),
}

/// Two fingers that move and zoom the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pinch {
    /// Where they were at first.
    pub(super) from: [Point; 2],
    /// The window then.
    pub(super) window: Window,
    /// How far the box was scrolled then.
    pub(super) scrolled: (f64, f64),
}

/// A press on a target. The commands of a lane and the request tool have something to choose from; `sheet`: where there is
/// one, it has a lane's commands.
pub fn on_target(props: &FigureProps, target: &Target, scene: Option<&Scene>, sheet: bool) -> Option<ContextMenu> {
    let (scene, state) = (scene?, &props.state);
    let index = &scene.index;
    match (state.tool_in_use(), *target) {
        (Tool::Move, _) => {
            select(props, target);
            if let Target::LaneHead(node) = *target
                && !index.trace.is_recorded()
            {
                return (!sheet).then(|| context_menu::of_lane(state, node));
            }
        }
        (Tool::Cut, Target::Gap(above, _, at)) => {
            look(props, at);
            choose(props, CutChoice::of(&index.trace, side(scene, above)));
        }
        (tool, Target::Lane(node, at)) => {
            look(props, at);
            return act(props, index, tool, (node, at));
        }
        (tool, Target::LaneHead(node)) => return act(props, index, tool, (node, state.cursor)),
        _ => {}
    }
    None
}

/// Tells the page of an action. Where nothing stands around a figure that could keep a cut, it is kept at once.
pub(super) fn tell(props: &FigureProps, action: Action) {
    let cuts = matches!(action, Action::Try(Some(_))) && props.state.choice().is_none();
    props.dispatch.emit(action);
    if cuts && !props.whole {
        props.dispatch.emit(Action::Keep);
    }
}

/// What a tool does to a node at a moment.
fn act(props: &FigureProps, index: &Index, tool: Tool, (node, at): (NodeId, Time)) -> Option<ContextMenu> {
    match tool {
        Tool::Crash | Tool::Pause => {
            if let Some(action) = toggled(index.lane(node)?, node, at, tool == Tool::Crash) {
                props.dispatch.emit(Action::Make(Edit::At { at, action }));
            }
        }
        Tool::Request if ask::accepts(&index.trace, node) => {
            return Some(context_menu::requests(&index.trace, node, at));
        }
        Tool::Cut => {
            let chosen = || CutChoice::of(&index.trace, NodeSet::EMPTY);
            choose(props, props.state.choice().unwrap_or_else(chosen).toggled(node));
        }
        Tool::Request | Tool::Move => {}
    }
    None
}

fn look(props: &FigureProps, at: Time) {
    props.dispatch.emit(Action::Look(at));
}

fn choose(props: &FigureProps, choice: CutChoice) {
    props.dispatch.emit(Action::Try(Some(choice)));
}

/// The servers up to the lane `above`; all lanes up to it, if none of them serves.
fn side(scene: &Scene, above: NodeId) -> NodeSet {
    let order = &scene.frame.order;
    let place = order.iter().position(|node| *node == above).map_or(order.len(), |place| place + 1);
    let all: NodeSet = order[..place].iter().copied().collect();
    let clients = cut::clients(&scene.index.trace);
    let serve: NodeSet = all.iter().filter(|node| !clients.contains(*node)).collect();
    if serve.is_empty() { all } else { serve }
}

fn select(props: &FigureProps, target: &Target) {
    let selection = match *target {
        Target::Head(id) | Target::Line(id) => Selection::Message(id),
        Target::Event(event) => return props.dispatch.emit(Action::Visit(event)),
        Target::Lane(node, at) => {
            look(props, at);
            Selection::Lane(node)
        }
        Target::LaneHead(node) => Selection::Lane(node),
        Target::Gap(..) | Target::Ground | Target::Axis(_) => Selection::Nothing,
    };
    if selection != props.state.selection {
        props.dispatch.emit(Action::Select(selection));
    }
}

/// What the reader who cuts links chooses between: a box for each server, and for each client that could be chosen.
pub fn choosing(props: &FigureProps) -> Option<Choosing> {
    let (state, trace) = (&props.state, &props.state.trace);
    if state.tool_in_use() != Tool::Cut {
        return None;
    }
    let choice = state.choice().unwrap_or_else(|| CutChoice::of(trace, NodeSet::EMPTY));
    let clients = cut::clients(trace);
    let boxed = |node: &NodeId| !choice.clients_stay || choice.chosen.contains(*node) || !clients.contains(*node);
    let boxes = NodeSet::first(trace.lanes().len() as u8).iter().filter(boxed).collect();
    Some(Choosing { chosen: choice.chosen, rest: choice.rest(trace), boxes })
}

/// Whether the hand can take a message: what was recorded stays as it is.
pub fn can_take(props: &FigureProps) -> bool {
    props.state.tool_in_use() == Tool::Move && !props.state.trace.is_recorded()
}
