//! The context menu: what can be done with what is selected. Each entry shows a key of the figure and presses it, so
//! whatever a key does can be done by a click. The menu also asks for a client's operation and for the time at which a
//! message is to arrive.

use super::keys::{self, Answer, Key, Question};
use crate::state::run::{Action, Selection, State};
use crate::state::{ask, commands, key_moves};
use crate::words;
use lightcone_engine::run::trace::Message;
use lightcone_engine::{MessageId, NodeId, Time, Trace};
use lightcone_figure::plane::geometry::{Frame, Point, within};
use lightcone_figure::plane::pen::text;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::sentences;
use yew::prelude::*;

/// A list of things to do, or a field to fill in.
pub struct ContextMenu {
    /// The subject of the menu.
    pub title: String,
    /// More about that.
    pub note: String,
    /// The entries, or the question.
    pub body: Body,
}

impl ContextMenu {
    /// Whether there is nothing to choose.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.body, Body::Entries(entries) if entries.is_empty())
    }
}

/// The content of a context menu.
pub enum Body {
    /// Things to do, in groups.
    Entries(Vec<Entry>),
    /// A time for this message to arrive; what was typed before cannot be.
    Arrival(MessageId, bool),
}

/// A thing to do.
pub struct Entry {
    /// The words of the entry.
    pub name: String,
    /// What is known of its outcome; empty if nothing is.
    pub note: String,
    /// The key that does the same; empty if none does.
    pub key: &'static str,
    /// Whether a rule is above it.
    pub apart: bool,
    /// The actions of the entry, one after another.
    pub does: Vec<Action>,
    /// The menu that it opens, if it must ask for more.
    pub asks: Option<Box<ContextMenu>>,
}

const WIDTH: f64 = 288.0;
const ENTRY: f64 = 33.0;
const HEAD: f64 = 72.0;
/// How far from what it is about.
const AWAY: f64 = 16.0;

/// The menu for what is selected, or else for the moment of the cursor.
#[must_use]
pub fn of(index: &Index, state: &State) -> Option<ContextMenu> {
    let trace = &index.trace;
    let (title, note, list) = match state.selection {
        Selection::Message(id) => {
            let message = index.message(id)?;
            let label = trace.label(message);
            let arrives = format!("arrives {}, {}", trace.moment(message.arrives), sentences::within(&label));
            (sentences::message(trace, id), arrives, words::DO_WITH_A_MESSAGE)
        }
        Selection::Lane(_) if trace.is_recorded() => return None,
        Selection::Lane(node) => return Some(of_lane(state, node)),
        Selection::Event(event) => {
            let at = trace.events.get(event.index())?.at;
            (sentences::event(trace, event), trace.moment(at), words::DO_WITH_AN_EVENT)
        }
        Selection::Nothing | Selection::Timer(_) => return None,
    };
    let entries = list.iter().filter_map(|(name, press, key)| {
        let pressed = Key { name: press, ..Key::default() };
        let (does, asks) = match keys::answer(index, state, pressed)? {
            Answer::Does(actions) => (actions, None),
            Answer::Asks(question) => (Vec::new(), asking(trace, question).map(Box::new)),
        };
        let apart = *press == "w" && list.len() > words::DO_WITH_AN_EVENT.len();
        Some(Entry { name: (*name).to_owned(), note: String::new(), key, apart, does, asks })
    });
    Some(ContextMenu { title, note, body: Body::Entries(entries.collect()) })
}

/// The menu for a node: its commands, which act at the cursor.
#[must_use]
pub fn of_lane(state: &State, node: NodeId) -> ContextMenu {
    let (trace, at) = (&state.trace, state.cursor);
    let entries = commands::of_lane(state, node).into_iter().map(|command| Entry {
        note: commands::outcome_of(state, &command).unwrap_or_default(),
        name: command.name,
        key: command.key,
        apart: command.key == "W",
        asks: command.does.is_none().then(|| Box::new(requests(trace, node, state.acts_at()))),
        does: command.does.unwrap_or_default(),
    });
    let role = trace.status_at(node, at).map_or(words::STOPPED_IN_SHORT, |status| status.role);
    let title = if role.is_empty() { trace.name(node) } else { format!("{}, {role}", trace.name(node)) };
    let note = words::at_the_cursor(at, at >= trace.horizon());
    ContextMenu { title, note, body: Body::Entries(entries.collect()) }
}

/// The list or the field that answers a question.
#[must_use]
pub fn asking(trace: &Trace, question: Question) -> Option<ContextMenu> {
    match question {
        Question::Arrival(id) => trace.message(id).map(|message| arrival(trace, message)),
        Question::Request(node, at) => Some(requests(trace, node, at)),
    }
}

/// The menu of a client's operations at a moment.
#[must_use]
pub fn requests(trace: &Trace, node: NodeId, at: Time) -> ContextMenu {
    let entries = ask::requests(trace, node, at).into_iter().map(|(name, action)| Entry {
        name,
        note: String::new(),
        key: "",
        apart: false,
        does: vec![action],
        asks: None,
    });
    ContextMenu { title: trace.name(node), note: words::asks_at(at), body: Body::Entries(entries.collect()) }
}

/// The menu that asks when a message is to arrive.
#[must_use]
pub fn arrival(trace: &Trace, message: &Message) -> ContextMenu {
    ContextMenu {
        title: sentences::message(trace, message.id),
        note: sentences::bounds(trace, message),
        body: Body::Arrival(message.id, false),
    }
}

/// The move that a typed time makes.
///
/// # Errors
/// The same menu, to be answered again, if the message cannot arrive then.
pub fn typed(trace: &Trace, menu: ContextMenu, typed: &str) -> Result<Action, ContextMenu> {
    let Body::Arrival(id, _) = menu.body else { return Err(menu) };
    let at = Time::from_text(typed.trim());
    let legal = trace.message(id).zip(at).and_then(|(message, at)| key_moves::to(trace, message, at));
    legal.ok_or(ContextMenu { body: Body::Arrival(id, true), ..menu })
}

/// The callbacks of the menu.
pub struct Heard {
    /// The entry at this place was chosen.
    pub chosen: Callback<usize>,
    /// This was typed.
    pub typed: Callback<String>,
    /// What does this sign mean? None where nothing is explained.
    pub explain: Option<Callback<MouseEvent>>,
}

/// The list, beside a point.
pub fn draw(menu: &ContextMenu, trace: &Trace, frame: &Frame, at: Point, list: &NodeRef, heard: &Heard) -> Html {
    let count = match &menu.body {
        Body::Entries(entries) => entries.len() + 1,
        Body::Arrival(..) => 2,
    };
    let height = HEAD + ENTRY * count as f64;
    let x = if at.x + AWAY + WIDTH < frame.width { at.x + AWAY } else { at.x - AWAY - WIDTH };
    let (x, y) = (
        within(x, 4.0, (frame.width - WIDTH - 4.0).max(4.0)),
        within(at.y - 24.0, 4.0, (frame.height - height).max(4.0)),
    );
    let silent = Callback::from(|event: PointerEvent| event.stop_propagation());
    let quiet = Callback::from(|event: MouseEvent| event.stop_propagation());
    html! {
        <foreignObject x={text(x)} y={text(y)} width={text(WIDTH)} height={text(height)}>
            <div xmlns="http://www.w3.org/1999/xhtml" class="offer" ref={list} onpointerdown={silent.clone()} onpointermove={silent.clone()} onpointerup={silent} onclick={quiet}>
                <p class="subj">{ &menu.title }<small>{ &menu.note }</small></p>
                { match &menu.body {
                    Body::Entries(entries) => self::entries(entries, heard),
                    Body::Arrival(id, again) => field(trace.message(*id), *again, heard),
                } }
            </div>
        </foreignObject>
    }
}

fn entries(entries: &[Entry], heard: &Heard) -> Html {
    let item = |(place, entry): (usize, &Entry)| {
        let onclick = heard.chosen.reform(move |_: MouseEvent| place);
        html! {
            <li class={entry.apart.then_some("apart")}><button type="button" {onclick}>
                <span>{ &entry.name }if !entry.note.is_empty() { { " " }<small>{ &entry.note }</small> }</span>if !entry.key.is_empty() { <kbd>{ entry.key }</kbd> }
            </button></li>
        }
    };
    // Only what is in the figure has a sign: it has a past, too.
    let explain = heard.explain.clone().filter(|_| entries.iter().any(|entry| entry.key == "W"));
    html! {
        <ul>
            { for entries.iter().enumerate().map(item) }
            if let Some(onclick) = explain {
                <li class="apart"><button type="button" {onclick}><span>{ words::WHAT_IS_THIS }</span><kbd>{ "I" }</kbd></button></li>
            }
        </ul>
    }
}

fn field(message: Option<&Message>, again: bool, heard: &Heard) -> Html {
    let typed = heard.typed.clone();
    let onchange = Callback::from(move |event: Event| {
        typed.emit(event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
    });
    html! {
        <label class="arrival">
            { words::ARRIVES_AT }
            <input type="text" inputmode="decimal" value={message.map(|message| sentences::moment(message.arrives))} aria-invalid={again.to_string()} {onchange} />
            { "ms" }
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::Edit;

    fn state() -> State {
        State::new(&gallery::find("raft", "stale-read-from-deposed-leader").expect("the gallery has it").scenario)
    }

    fn offered(state: &State) -> Vec<(String, &'static str)> {
        let menu = of(&Index::of(state.trace.clone()), state).expect("something is offered");
        let Body::Entries(entries) = menu.body else { panic!("a list") };
        entries.into_iter().map(|entry| (entry.name, entry.key)).collect()
    }

    #[test]
    fn a_message_offers_what_its_keys_do_and_what_has_happened_is_put_back() {
        let state = state();
        let id = state.trace.messages[4].id;
        let before = offered(&state.after(Action::Select(Selection::Message(id))));
        assert!(before.iter().any(|(_, key)| *key == "Del") && !before.iter().any(|(_, key)| *key == "Backspace"));
        let dropped =
            state.after(Action::Make(Edit::Drop { message: id })).after(Action::Select(Selection::Message(id)));
        let after = offered(&dropped);
        assert!(!after.iter().any(|(_, key)| *key == "Del") && after.iter().any(|(_, key)| *key == "Backspace"));
    }

    #[test]
    fn only_who_can_be_asked_is_offered_a_request() {
        let state = state();
        let asks = |node: u8| {
            let lane = state.after(Action::Select(Selection::Lane(NodeId(node))));
            offered(&lane).iter().any(|(_, key)| *key == "R")
        };
        let clients = state.trace.lanes().iter().map(|lane| !lane.accepts.is_empty());
        assert!(clients.enumerate().all(|(place, accepts)| asks(place as u8) == accepts));
    }

    #[test]
    fn a_typed_time_is_a_move_or_asked_for_again() {
        let state = state();
        let message = state.trace.messages[4].clone();
        let menu = || arrival(&state.trace, &message);
        let later = message.arrives.after(5_000);
        let Ok(action) = typed(&state.trace, menu(), &format!(" {later} ")) else { panic!("it can arrive then") };
        let moved = state.after(action);
        assert_eq!(moved.trace.message(message.id).map(|message| message.arrives), Some(later));
        for bad in ["", "soon", "-4", "1e3"] {
            assert!(typed(&state.trace, menu(), bad).is_err(), "{bad}");
        }
    }
}
