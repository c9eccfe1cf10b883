//! *Why does it believe this?* For each fact that a node holds, the messages that made it so.

use crate::state::run::{Action, Selection};
use lightcone_engine::id::{EventIndex, NodeId, TimerId};
use lightcone_engine::protocol::{Belief, Cause, Source};
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::sentences;
use lightcone_figure::read::why::{MOST_FACTS, held};
use yew::prelude::*;

/// Steps of a chain told at most, the latest first.
const MOST_STEPS: usize = 8;

/// The inputs of [`why`].
#[derive(PartialEq)]
pub struct WhyProps {
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// The node whose belief is explained.
    pub node: NodeId,
    /// As of this event.
    pub until: EventIndex,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// A sentence with linked times for each fact.
pub fn why(props: &WhyProps) -> Html {
    let WhyProps { trace, node, until, .. } = props;
    let facts = held(trace, *node, *until).into_iter().take(MOST_FACTS);
    let mut chains: Vec<_> = facts.map(|fact| (fact, causality::why(trace, *node, fact, *until))).collect();
    // Two facts that have one reason have one answer.
    chains.dedup_by(|one, other| one.1 == other.1);
    html! {
        { for chains.into_iter().filter(|(_, chain)| !chain.is_empty()).map(|(fact, chain)| html! {
            <>
                <h2>{ question(&props.trace, props.node, props.until, fact) }</h2>
                { told(props, &chain) }
            </>
        }) }
    }
}

/// "Why does S1 believe it leads?": a role is named by its word, all else by what it is.
fn question(trace: &Trace, node: NodeId, until: EventIndex, fact: Belief) -> String {
    let name = trace.name(node);
    let role = trace.status_at(node, trace.event(until).at).map_or("", |status| status.role);
    match fact {
        "role" if !role.is_empty() => format!("Why does {name} believe it is {role}?"),
        _ => format!("What led to {name}’s {fact}?"),
    }
}

/// The events on the node itself, as one sentence: "At 182 ms: time-out. Votes came from S2 at 222 ms and S5 at 240 ms."
fn told(props: &WhyProps, chain: &[EventIndex]) -> Html {
    let trace = &*props.trace;
    let own: Vec<EventIndex> =
        chain.iter().copied().filter(|event| trace.event(*event).node == Some(props.node)).collect();
    let skipped = own.len().saturating_sub(MOST_STEPS);
    let mut parts: Vec<Html> = Vec::new();
    if skipped > 0 {
        parts.push(html! { { format!("After {} earlier events: ", skipped) } });
    }
    let mut last_kind = None;
    for index in own.into_iter().skip(skipped) {
        let event = trace.event(index);
        let kind = match event.cause {
            Cause::Deliver(id) => Some(id.kind),
            _ => None,
        };
        let joined = kind.is_some() && kind == last_kind;
        let words = match event.cause {
            Cause::Deliver(id) if joined => format!(", from {} at ", trace.name(id.from)),
            Cause::Deliver(id) => {
                format!("{} came from {} at ", sentences::sentence(trace.kind(id).label), trace.name(id.from))
            }
            _ => format!("{} at ", sentences::event(trace, index)),
        };
        if !joined && !parts.is_empty() && last_kind != Some(u8::MAX) {
            parts.push(html! { { ". " } });
        }
        parts.push(html! { <>{ words }{ link(props, index) }</> });
        if let Cause::Fire(timer) = event.cause {
            parts.extend(waited(props, timer, event.at));
        }
        last_kind = kind;
    }
    html! { <p class="note">{ for parts }{ "." }</p> }
}

/// Since when a timer ran until it fired; and what the reader kept from its node in the meantime.
fn waited(props: &WhyProps, timer: TimerId, fired: Time) -> Option<Html> {
    let trace = &*props.trace;
    let armed = trace.timer(timer)?.armed_by;
    let kept = trace.messages.iter().filter(|message| {
        let late = message.arrives > fired || message.fate == Fate::Dropped;
        let due = message.drawn > trace.event(armed).at && message.drawn <= fired;
        message.id.to == timer.node && message.source == Source::Hand && late && due
    });
    let kept = kept.map(|message| {
        let (whose, due) = (sentences::whose_message(trace, message.id), sentences::moment(message.drawn));
        match message.fate {
            Fate::Dropped => format!(" You dropped {whose}, due at {due} ms."),
            _ => format!(" You hold back {whose}, due at {due} ms, until {} ms.", sentences::moment(message.arrives)),
        }
    });
    let kept: String = kept.collect();
    Some(
        html! { <>{ ", set at " }{ link(props, armed) }if !kept.is_empty() { { "." }{ kept.trim_end_matches('.').to_owned() } }</> },
    )
}

/// A time that leads to its event.
fn link(props: &WhyProps, index: EventIndex) -> Html {
    let at = props.trace.event(index).at;
    let dispatch = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::Select(Selection::Event(index)));
        dispatch.emit(Action::Look(at));
    });
    html! { <button type="button" class="time num" {onclick}>{ format!("{} ms", sentences::moment(at)) }</button> }
}
