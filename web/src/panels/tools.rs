//! The tool bar: what the pointer does, and undo.

use crate::parts::icons::{Icon, icon};
use crate::state::run::{Action, Tool};
use crate::words;
use lightcone_engine::run::question::{Tool as Kind, Tools};
use yew::prelude::*;

/// The inputs of [`tools`].
#[derive(PartialEq)]
pub struct ToolsProps {
    /// The tool in the hand.
    pub tool: Tool,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
    /// Whether a client can be asked something.
    pub has_requests: bool,
    /// The tools that the question allows which is open, a bit each; all of them if none is.
    pub allowed: u8,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

const TOOLS: [(Tool, Icon, &str); 5] = [
    (Tool::Move, Icon::Pointer, words::TOOL_MOVE),
    (Tool::Crash, Icon::Crash, words::TOOL_CRASH),
    (Tool::Pause, Icon::Hold, words::TOOL_PAUSE),
    (Tool::Cut, Icon::Cut, words::TOOL_CUT),
    (Tool::Request, Icon::Request, words::TOOL_REQUEST),
];

/// The tool bar.
pub fn tools(props: &ToolsProps) -> Html {
    let allowed = |tool: Tool| props.allowed & 1 << tool as u8 != 0;
    let tools = TOOLS.into_iter().filter(|(tool, ..)| allowed(*tool) && (*tool != Tool::Request || props.has_requests));
    html! {
        <div class="tools">
            <div class="tools-group" role="toolbar" aria-label={words::TOOLS}>
                { for tools.map(|(tool, sign, name)| button(props, tool, sign, name)) }
            </div>
            <div class="tools-group">
                { command(props, Icon::Undo, words::UNDO, props.can_undo, || Action::Undo) }
                { command(props, Icon::Redo, words::REDO, props.can_redo, || Action::Redo) }
            </div>
        </div>
    }
}

/// The tools that a question allows, a bit each. The one that selects and moves is always there.
#[must_use]
pub fn allowed(question: Option<Tools>) -> u8 {
    let Some(tools) = question else { return u8::MAX };
    let needs = [
        (Tool::Crash, [Kind::Crash, Kind::Restart]),
        (Tool::Pause, [Kind::Pause; 2]),
        (Tool::Cut, [Kind::Cut; 2]),
        (Tool::Request, [Kind::Request; 2]),
    ];
    let has = needs.into_iter().filter(|(_, any)| any.iter().any(|kind| tools.has(*kind)));
    has.fold(1 << Tool::Move as u8, |bits, (tool, _)| bits | 1 << tool as u8)
}

/// What has the place of the tool bar until that has arrived: as wide and as high, and unseen.
pub fn place(has_requests: bool) -> Html {
    let tools = TOOLS.iter().filter(|(tool, ..)| *tool != Tool::Request || has_requests);
    let sign = || html! { <svg class="i"></svg> };
    html! {
        <div class="tools soon" aria-hidden="true">
            <div class="tools-group">
                { for tools.map(|(.., name)| html! { <button type="button" disabled={true}>{ sign() }<span>{ *name }</span></button> }) }
            </div>
            <div class="tools-group">
                { for [(); 2].map(|()| html! { <button type="button" class="sign" disabled={true}>{ sign() }</button> }) }
            </div>
        </div>
    }
}

/// The use of the tool, as one sentence; none for the tool that explains itself.
#[must_use]
pub fn hint(tool: Tool) -> Option<&'static str> {
    match tool {
        Tool::Move => None,
        Tool::Crash => Some(words::HINT_CRASH),
        Tool::Pause => Some(words::HINT_PAUSE),
        Tool::Cut => Some(words::HINT_CUT),
        Tool::Request => Some(words::HINT_REQUEST),
    }
}

fn button(props: &ToolsProps, tool: Tool, sign: Icon, name: &'static str) -> Html {
    let pressed = (props.tool == tool).to_string();
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Take(tool));
    html! { <button type="button" aria-pressed={pressed} {onclick}>{ icon(sign) }<span>{ name }</span></button> }
}

fn command(props: &ToolsProps, sign: Icon, name: &'static str, can: bool, action: fn() -> Action) -> Html {
    let onclick = props.dispatch.reform(move |_: MouseEvent| action());
    html! {
        <button type="button" class="sign" aria-label={name} title={name} disabled={!can} {onclick}>{ icon(sign) }</button>
    }
}
