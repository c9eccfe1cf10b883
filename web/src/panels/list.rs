//! The run as a plain table of its events: the same run, the same selection, without a picture.

use crate::state::run::{Action, Selection};
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, Trace};
use lightcone_figure::read::sentences;
use std::ops::Range;
use yew::prelude::*;

/// Rows at most; of longer runs those around the cursor.
const MOST: usize = 400;

/// The inputs of [`list`].
#[derive(PartialEq)]
pub struct ListProps {
    /// The page's state.
    pub run: Snapshot,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// Draws the events as a table.
pub fn list(props: &ListProps) -> Html {
    let trace = &props.run.trace;
    let shown = shown(&props.run);
    let caption = words::events_listed(shown.len(), trace.events.len());
    html! {
        <div class="list" tabindex="0" role="region" aria-label={words::EVENTS}>
            <table>
                <caption>{ caption }</caption>
                <thead><tr>{ for words::EVENT_COLUMNS.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                <tbody>{ for shown.map(|place| row(props, EventIndex(place as u32))) }</tbody>
            </table>
        </div>
    }
}

/// The events listed: all, or as many as fit around the cursor.
fn shown(run: &Snapshot) -> Range<usize> {
    let count = run.trace.events.len();
    let here = run.trace.events.partition_point(|event| event.at <= run.cursor);
    let first = here.saturating_sub(MOST / 2).min(count.saturating_sub(MOST));
    first..count.min(first + MOST)
}

fn row(props: &ListProps, index: EventIndex) -> Html {
    let trace = &props.run.trace;
    let event = trace.event(index);
    let at = event.at;
    let look = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        look.emit(Action::Select(Selection::Event(index)));
        look.emit(Action::Look(at));
    });
    let here = props.run.selection == Selection::Event(index);
    let now = trace.last_event_by(props.run.cursor) == Some(index);
    html! {
        <tr class={now.then_some("now")}>
            <td class="num">
                <button type="button" class="time" aria-current={here.then_some("true")} {onclick}>{ trace.moment(at) }</button>
            </td>
            <td>{ event.node.map(|node| trace.name(node)) }</td>
            <td>{ sentences::sentence(&sentences::event(trace, index)) }{ " " }<span class="q">{ did(trace, index) }</span></td>
            <td>{ for sent(props, index) }</td>
        </tr>
    }
}

/// The effects of an event except its sends, which have a column of their own.
fn did(trace: &Trace, index: EventIndex) -> String {
    let deeds = sentences::deeds(trace, index).into_iter().filter(|deed| !deed.starts_with("sends "));
    sentences::sentence(&deeds.collect::<Vec<_>>().join("; "))
}

/// The messages that an event sent. Each can be selected.
fn sent(props: &ListProps, index: EventIndex) -> impl Iterator<Item = Html> + '_ {
    let trace = &props.run.trace;
    trace.deeds(index).iter().filter_map(move |deed| {
        let Deed::Sent(record) = deed else { return None };
        let message = &trace.messages[*record as usize];
        let id = message.id;
        let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Select(Selection::Message(id)));
        let here = props.run.selection == Selection::Message(id);
        let fate = sentences::fate(trace, message);
        Some(html! {
            <span class="sent">
                <button type="button" class="time" aria-current={here.then_some("true")} {onclick}>
                    { format!("{} to {}", trace.label(message), trace.name(id.to)) }
                </button>
                { " " }<span class="q">{ format!("{fate}, {}", trace.moment(message.arrives)) }</span>
            </span>
        })
    })
}
