//! The margin of a log that was recorded elsewhere: what is selected, its clock, and how large the log is.

use super::clocks::{ClocksProps, clocks};
use super::focus::Focus;
use super::subject::subject;
use crate::parts::memo::memo;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::Trace;
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`recorded`].
#[derive(PartialEq)]
pub struct RecordedProps {
    /// Where the reader looks.
    pub run: Snapshot,
    /// The log's run.
    pub trace: ByPointer<Trace>,
}

/// Draws the margin.
pub fn recorded(props: &RecordedProps) -> Html {
    let trace = &props.trace;
    let focus = Focus::of(&props.run, trace, None);
    // The operations of clients have no clocks.
    let clients = trace.lanes().iter().any(|lane| lane.client);
    let messages = (!clients).then_some(trace.messages.len());
    let size = words::log_size(trace.events.len(), trace.lanes().len(), messages);
    html! {
        <aside class="margin" tabindex="0" aria-label={words::NOTES}>
            <section>
                <h2>{ focus.head }</h2>
                { subject(trace, &focus, props.run.cursor) }
            </section>
            if let Some(event) = focus.event().filter(|_| !clients) {
                <section class="clocks">{ memo(ClocksProps { trace: trace.clone(), event }, clocks) }</section>
            }
            <section><h2>{ words::THE_LOG }</h2><p class="note">{ size }</p></section>
        </aside>
    }
}
