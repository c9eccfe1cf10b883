//! The clocks of an event: Lamport's stamp and the vector.

use crate::words;
use lightcone_engine::Trace;
use lightcone_engine::id::EventIndex;
use lightcone_engine::run::causality::VectorClocks;
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`clocks`].
#[derive(PartialEq)]
pub struct ClocksProps {
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// The event whose stamps are shown.
    pub event: EventIndex,
}

/// Shows an event's Lamport stamp and its vector clock.
pub fn clocks(props: &ClocksProps) -> Html {
    let clocks = VectorClocks::of(&props.trace);
    let event = props.trace.event(props.event);
    let vector = props.trace.lanes().iter().zip(clocks.at(props.event));
    html! {
        <>
            <h2>{ words::CLOCKS }</h2>
            <p class="note">{ if props.trace.is_recorded() { words::CLOCKS_OF_LOG } else { words::CLOCKS_OF_PAGE } }</p>
            <dl class="facts">
                <dt>{ "Lamport" }</dt><dd>{ event.lamport }</dd>
                <dt>{ "Vector" }</dt>
                <dd class="vec">{ for vector.map(|(lane, count)| {
                    let title = (*count == 0).then(|| format!("{} {}", words::HEARD_NOTHING, lane.name));
                    html! { <span {title}>{ &lane.name }<b>{ *count }</b></span> }
                }) }</dd>
            </dl>
        </>
    }
}
