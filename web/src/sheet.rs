//! Narrow screens: the subject in a sentence and its commands, under the figure. A click-only way for every drag.

use crate::diagram::Snapshot;
use crate::explorer::subject_line;
use crate::icons::{Icon, icon};
use crate::same::Same;
use crate::store::{Action, Selection};
use crate::{nudge, words};
use lightcone::Trace;
use lightcone::id::MessageId;
use lightcone::trace::{Fate, Message};
use yew::prelude::*;

/// What [`Sheet`] is given.
#[derive(PartialEq)]
pub struct SheetProps {
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown.
    pub trace: Same<Trace>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// Where actions go.
    pub dispatch: Callback<Action>,
}

/// The sheet.
pub fn sheet(props: &SheetProps) -> Html {
    let selected = match props.run.selection {
        Selection::Message(id) => props.trace.message(id),
        _ => None,
    };
    let can_undo = !props.run.past.is_empty();
    html! {
        <section class="sheet" aria-label={words::SHEET}>
            { subject_line(&props.run, &props.trace, props.held) }
            <div class="cmds">
                if let Some(message) = selected { { commands(props, message) } }
                <button type="button" disabled={!can_undo} onclick={props.dispatch.reform(|_| Action::Undo)}>
                    { icon(Icon::Undo) }{ words::UNDO }
                </button>
            </div>
        </section>
    }
}

fn commands(props: &SheetProps, message: &Message) -> Html {
    let id = message.id;
    let command = |content: Html, does: fn(&Trace, &Message) -> Option<Action>| {
        let (dispatch, trace) = (props.dispatch.clone(), props.trace.clone());
        let disabled = does(&trace, message).is_none();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(action) = trace.message(id).and_then(|message| does(&trace, message)) {
                dispatch.emit(action);
            }
        });
        html! { <button type="button" {disabled} {onclick}>{ content }</button> }
    };
    let dropped = message.fate == Fate::Dropped;
    html! {
        <>
            { command(html! { <>{ icon(Icon::Earlier) }{ words::EARLIER }</> }, nudge::earlier) }
            { command(html! { <>{ words::LATER }{ icon(Icon::Later) }</> }, nudge::later) }
            if dropped {
                { command(html! { { words::PUT_BACK } }, nudge::put_back) }
            } else {
                { command(html! { { words::DROP } }, |_, message| nudge::drop(message)) }
            }
            { command(html! { { words::TWICE } }, nudge::twice) }
        </>
    }
}
