//! Narrow screens: the subject in a sentence and its commands, under the figure. A click-only way for every drag.

use crate::diagram::Snapshot;
use crate::explorer::subject_line;
use crate::icons::{Icon, icon};
use crate::same::Same;
use crate::store::{Action, Selection};
use crate::words;
use lightcone::id::MessageId;
use lightcone::trace::{Fate, Message};
use lightcone::{Edit, Time, Trace};
use yew::prelude::*;

/// What [`Sheet`] is given.
#[derive(Properties, PartialEq)]
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
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
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
    let trace = &*props.trace;
    let id = message.id;
    let command = |content: Html, edit: Option<Edit>| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(edit) = edit {
                dispatch.emit(Action::Make(edit));
            }
        });
        html! { <button type="button" disabled={edit.is_none()} {onclick}>{ content }</button> }
    };
    let to = |at: Option<Time>| at.map(|at| Edit::Deliver { message: id, at });
    html! {
        <>
            { command(html! { <>{ icon(Icon::Earlier) }{ words::EARLIER }</> }, to(earlier(trace, message))) }
            { command(html! { <>{ words::LATER }{ icon(Icon::Later) }</> }, to(later(trace, message))) }
            { command(html! { { words::DROP } }, (message.fate != Fate::Dropped).then_some(Edit::Drop { message: id })) }
            { command(html! { { words::TWICE } }, twice(trace, message)) }
        </>
    }
}

/// Just before the delivery before it on its lane; none if that would be before it can arrive.
fn earlier(trace: &Trace, message: &Message) -> Option<Time> {
    let before = deliveries(trace, message).filter(|at| *at < message.arrives).max()?;
    let at = Time::from_micros(before.micros().saturating_sub(STEP_MICROS));
    (at >= trace.plan.model.earliest_arrival(message.sent)).then_some(at)
}

/// Just after the delivery after it on its lane, or one mean delay later.
fn later(trace: &Trace, message: &Message) -> Option<Time> {
    let (least, most) = trace.plan.model.links.latency_micros;
    let after = deliveries(trace, message).filter(|at| *at > message.arrives).min();
    let at = after.map_or(message.arrives.after((least + most) / 2), |after| after.after(STEP_MICROS));
    let legal = trace.plan.model.latest_arrival(message.sent).is_none_or(|latest| at <= latest);
    (legal && at <= lightcone::limits::MAX_HORIZON).then_some(at)
}

/// The smallest step of a hand: a tenth of a millisecond.
const STEP_MICROS: u64 = 100;

/// When other messages arrive on the same lane.
fn deliveries<'a>(trace: &'a Trace, message: &'a Message) -> impl Iterator<Item = Time> + 'a {
    let others = trace.messages.iter().filter(|other| other.id.to == message.id.to && other.id != message.id);
    others.filter(|other| matches!(other.fate, Fate::Delivered(_))).map(|other| other.arrives)
}

/// One more copy, a mean delay after the message.
fn twice(trace: &Trace, message: &Message) -> Option<Edit> {
    let original = message.id.original();
    let taken = |copy: u8| trace.messages.iter().any(|other| other.id == MessageId { copy, ..original });
    let copy = (1..MessageId::LINK_COPY).find(|copy| !taken(*copy))?;
    let (least, most) = trace.plan.model.links.latency_micros;
    let at = message.arrives.after((least + most) / 2).min(lightcone::limits::MAX_HORIZON);
    Some(Edit::Duplicate { copy: MessageId { copy, ..original }, at })
}
