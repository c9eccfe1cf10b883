//! The margin: notes under small grey heads. At most six blocks; the quiet rest folds.

mod clocks;
mod focus;
mod moves;
mod state;
mod subject;
mod system;
mod why;

pub use focus::{Focus, Subject};
pub use subject::line;

use crate::diagram::Snapshot;
use crate::library;
use crate::same::Same;
use crate::store::Action;
use crate::words;
use clocks::Clocks;
use lightcone::Trace;
use lightcone::id::MessageId;
use moves::{Changed, Moves};
use state::NodeState;
use system::System;
use why::Why;
use yew::prelude::*;

/// What [`Margin`] is given.
#[derive(Properties, PartialEq)]
pub struct MarginProps {
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: Same<Trace>,
    /// The run before the move, if there was one just now.
    pub before: Option<Same<Trace>>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// Where actions go.
    pub dispatch: Callback<Action>,
}

/// The margin.
#[component]
pub fn Margin(props: &MarginProps) -> Html {
    let focus = Focus::of(&props.run, &props.trace, props.held);
    // While a message is held, the future is the answer: what the move changes comes before all else.
    let (holding, on_message) = (props.held.is_some(), matches!(focus.subject, Subject::Message(_)));
    let trace = &props.trace;
    let dispatch = &props.dispatch;
    html! {
        <aside class="margin" aria-label={words::NOTES}>
            <section>
                <h2>{ focus.head }</h2>
                { subject::subject(trace, &focus, props.run.cursor) }
            </section>
            if let Some(before) = &props.before {
                <section><Changed before={before.clone()} trace={trace.clone()} /></section>
            }
            if let Some((node, event)) = focus.state.filter(|_| !holding) {
                <section><NodeState trace={trace.clone()} {node} {event} /></section>
                <section><Why trace={trace.clone()} {node} until={event} dispatch={dispatch.clone()} /></section>
                <section><Clocks trace={trace.clone()} {event} /></section>
            }
            <section><Moves trace={trace.clone()} dispatch={dispatch.clone()} /></section>
            if on_message { { keys() } }
            if !holding {
                <System trace={trace.clone()} dispatch={dispatch.clone()} />
                { gallery() }
            }
        </aside>
    }
}

fn keys() -> Html {
    html! {
        <section class="for-keyboards">
            <h2>{ words::KEYS_HERE }</h2>
            <div class="keys">{ for words::FOR_A_MESSAGE.iter().map(|(keys, does)| html! {
                <span>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }{ *does }</span>
            }) }</div>
        </section>
    }
}

fn gallery() -> Html {
    let exhibits = library::exhibits();
    html! {
        <details class="fold">
            <summary>{ words::GALLERY }</summary>
            <ul class="runs">{ for exhibits.iter().map(|exhibit| html! {
                <li><a href={library::exhibit_route(exhibit).href()}>{ &exhibit.title }</a>{ " " }<span class="q">{ library::protocol_title(exhibit.protocol) }</span></li>
            }) }</ul>
        </details>
    }
}
