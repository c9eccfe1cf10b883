//! The first note of the margin: what the subject is, and its facts.

use super::focus::{Focus, Subject};
use super::outside;
use crate::state::run::{Selection, State};
use crate::words;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, TimerId};
use lightcone_engine::protocol::Source;
use lightcone_engine::run::trace::{Fate, Message, Verdict};
use lightcone_engine::{Time, Trace};
use lightcone_figure::read::sentences::{self, moment};
use yew::prelude::*;

/// The subject with its facts.
pub fn subject(trace: &Trace, focus: &Focus, cursor: Time) -> Html {
    match focus.subject {
        Subject::Nothing => html! { <p class="note">{ words::NOTHING_YET }</p> },
        Subject::Event(event) => about_event(trace, event),
        Subject::Message(id) => about_message(trace, id),
        Subject::Timer(id) => about_timer(trace, id),
        Subject::Lane(node) => about_lane(trace, node, cursor),
    }
}

/// The subject and what there is to say of it, each in a line, for narrow screens.
pub fn line(trace: &Trace, focus: &Focus, run: &State) -> (Html, String) {
    let cursor = run.cursor;
    let first = match focus.subject {
        Subject::Nothing => html! { { words::NOTHING_YET } },
        Subject::Event(event) => {
            let at = trace.event(event).at;
            let role = trace
                .event(event)
                .node
                .filter(|node| trace.status_at(*node, at).is_some_and(|status| status.epoch > 0));
            html! { <>
                <b>{ sentences::event(trace, event) }</b>{ " " }
                <span class="q num">{ trace.moment(at) }if let Some(node) = role { { ", " }{ role_at(trace, node, at) } }</span>
            </> }
        }
        Subject::Message(id) => html! { <>
            <b>{ sentences::message(trace, id) }</b>{ " " }
            if let Some(message) = trace.message(id).filter(|message| arrives(message)) {
                <span class="q">{ "arrives " }</span>{ arrival(trace, message) }
            }
        </> },
        Subject::Timer(id) => html! {
            <b>{ format!("{}’s {} timer", trace.name(id.node), sentences::within(sentences::timer(trace, id.kind))) }</b>
        },
        Subject::Lane(node) => html! {
            <><b>{ trace.name(node) }</b>{ " " }<span class="q num">{ role_at(trace, node, cursor) }{ ", at " }{ trace.moment(cursor) }</span></>
        },
    };
    let said = match focus.subject {
        Subject::Event(event) => about_event_in_short(trace, event, matches!(run.selection, Selection::Event(_))),
        Subject::Message(id) => trace.message(id).map_or_else(String::new, |message| {
            format!("{}; {}", trace.label(message), sentences::fate(trace, message))
        }),
        Subject::Nothing | Subject::Timer(_) | Subject::Lane(_) => String::new(),
    };
    (first, sentences::sentence(&said))
}

/// What the subject breaks; or what it cannot know of, if it is selected; or what it does.
fn about_event_in_short(trace: &Trace, event: EventIndex, selected: bool) -> String {
    if let Some(broken) = broken_here(trace, event).next() {
        return broken.to_owned();
    }
    match outside::unknown(trace, event).first() {
        Some((_, said, at)) if selected => format!("{}: {said} {}", words::OUTSIDE_ITS_PAST, trace.moment(*at)),
        _ => sentences::deeds(trace, event).join("; "),
    }
}

/// Whether a message comes to its lane at all.
fn arrives(message: &Message) -> bool {
    !matches!(message.fate, Fate::Dropped | Fate::LostByLink | Fate::CutAtSending)
}

fn about_event(trace: &Trace, index: EventIndex) -> Html {
    let event = trace.event(index);
    let did = sentences::deeds(trace, index);
    let label = label_of(trace, index);
    html! {
        <>
            <p class="subj">
                { sentences::event(trace, index) }
                <small class="num">{ trace.moment(event.at) }{ trace.line(index).map(|(line, _)| words::on_line(line)) }{ label.map(|label| format!(", “{label}”")) }</small>
            </p>
            <dl class="facts">
                if event.source == Source::Hand { <dt>{ "Cause" }</dt><dd class="hand">{ "your move" }</dd> }
                { for broken_here(trace, index).map(|sentence| html! { <><dt>{ "Breaks" }</dt><dd class="bad">{ sentence }</dd></> }) }
                if !did.is_empty() {
                    <dt>{ "Does" }</dt>
                    <dd>{ for did.into_iter().map(|deed| html! { <span class="deed">{ deed }</span> }) }</dd>
                }
            </dl>
        </>
    }
}

/// The violations at an event, in sentences.
fn broken_here(trace: &Trace, index: EventIndex) -> impl Iterator<Item = &str> {
    trace.verdicts.iter().filter_map(move |verdict| match verdict {
        Verdict::Broken { event, breach } if *event == index => Some(breach.sentence.as_str()),
        _ => None,
    })
}

/// The content of the message that caused the event.
fn label_of(trace: &Trace, index: EventIndex) -> Option<String> {
    let event = trace.event(index);
    let is_message = matches!(event.cause, lightcone_engine::protocol::Cause::Deliver(_));
    (is_message && !trace.is_recorded()).then(|| trace.label(&trace.messages[event.record as usize]))
}

fn about_message(trace: &Trace, id: MessageId) -> Html {
    let Some(message) = trace.message(id) else { return Html::default() };
    html! {
        <>
            <p class="subj">{ sentences::message(trace, id) }<small>{ trace.label(message) }</small></p>
            <dl class="facts">
                <dt>{ "Sent" }</dt><dd>{ trace.moment(message.sent) }</dd>
                if arrives(message) {
                    <dt>{ "Arrives" }</dt><dd>{ arrival(trace, message) }</dd>
                }
                if let Some(from) = message.waited_from {
                    <dt>{ "Waits" }</dt><dd>{ format!("from {} ms, {} is paused", moment(from), trace.name(id.to)) }</dd>
                }
                <dt>{ "Fate" }</dt><dd>{ sentences::fate(trace, message) }</dd>
                if !trace.is_recorded() {
                    <dt>{ "May arrive" }</dt><dd>{ sentences::bounds(trace, message) }</dd>
                }
            </dl>
        </>
    }
}

/// When the message arrives. If the reader moved it, the time has the hand's colour and stands beside the old time, struck.
fn arrival(trace: &Trace, message: &Message) -> Html {
    let now = trace.moment(message.arrives);
    if message.source == Source::Hand && message.drawn != message.arrives {
        return html! { <><b class="hand num">{ now }</b>{ " " }<s class="num">{ moment(message.drawn) }</s></> };
    }
    html! { <span class="num">{ now }</span> }
}

fn about_timer(trace: &Trace, id: TimerId) -> Html {
    let Some(timer) = trace.timer(id) else { return Html::default() };
    html! {
        <>
            <p class="subj">{ format!("{}’s {} timer", trace.name(id.node), sentences::within(sentences::timer(trace, id.kind))) }</p>
            <dl class="facts">
                <dt>{ "Set" }</dt><dd>{ ms(timer.armed) }</dd>
                <dt>{ "Due" }</dt>
                <dd>
                    if timer.source == Source::Hand && timer.drawn != timer.due {
                        <b class="hand num">{ ms(timer.due) }</b>{ " " }<s class="num">{ moment(timer.drawn) }</s>
                    } else {
                        { ms(timer.due) }
                    }
                </dd>
                <dt>{ "Fate" }</dt><dd>{ sentences::timer_end(trace, timer.end) }</dd>
            </dl>
        </>
    }
}

fn about_lane(trace: &Trace, node: NodeId, cursor: Time) -> Html {
    html! {
        <p class="subj">{ trace.name(node) }<small>{ format!("at {}, {}", trace.moment(cursor), role_at(trace, node, cursor)) }</small></p>
    }
}

fn role_at(trace: &Trace, node: NodeId, cursor: Time) -> String {
    match trace.status_at(node, cursor) {
        None => words::STOPPED.to_owned(),
        Some(status) if status.role.is_empty() => "up".to_owned(),
        Some(status) if status.epoch == 0 => status.role.to_owned(),
        Some(status) => format!("{}, {} {}", status.role, trace.specification().epoch_word, status.epoch),
    }
}

fn ms(at: Time) -> String {
    format!("{} ms", moment(at))
}
