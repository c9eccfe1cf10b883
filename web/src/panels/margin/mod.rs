//! The margin: notes under small grey heads. At most six blocks; the quiet rest folds.

mod clocks;
mod focus;
mod moves;
mod outside;
mod pair;
mod recorded;
mod state;
mod subject;
mod system;
mod why;

pub use focus::{Focus, Subject};
pub use moves::{ChangedProps, changed, first_change};
pub use pair::PairProps;
pub use recorded::{RecordedProps, recorded};
pub use subject::line;
pub use system::{SystemProps, number, system};

use crate::figure::keys::{self, Answer, Key};
use crate::parts::memo::memo;
use crate::state::caption::caption_of;
use crate::state::run::{Action, Selection};
use crate::state::session::Note;
use crate::state::snapshot::Snapshot;
use crate::state::{commands, gallery, links};
use crate::words;
use clocks::{ClocksProps, clocks};
use lightcone_content::lessons::of_run;
use lightcone_engine::Trace;
use lightcone_engine::id::{MessageId, NodeId};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::index::Index;
use moves::{MovesProps, address, moves};
use outside::{OutsideProps, future, outside};
use pair::pair;
use state::{NodeStateProps, node_state};
use why::{WhyProps, why};
use yew::prelude::*;

/// The inputs of [`margin`].
#[derive(PartialEq)]
pub struct MarginProps {
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: ByPointer<Trace>,
    /// The run before the move, if there was one just now.
    pub before: Option<ByPointer<Trace>>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// What the sheet of a narrow screen opened of it.
    pub open: Option<Note>,
    /// Leads back to the search that there is, if there is one.
    pub search: bool,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// The two runs of a comparison, of which this is one.
    pub pair: Option<Two>,
}

/// Two runs of one schedule: what the notes tell of both. What changes the schedule or the settings concerns the upper one.
#[derive(Clone, PartialEq)]
pub struct Two {
    /// The page's state.
    pub above: Snapshot,
    /// The two runs as they are shown, and before the move.
    pub runs: PairProps,
    /// Where the run stands that the other notes tell of.
    pub stands: &'static str,
}

/// Draws the margin: what is selected or under the cursor, or what a move in the hand changes.
pub fn margin(props: &MarginProps) -> Html {
    let focus = Focus::of(&props.run, &props.trace, props.held);
    // While a message is held, the future is the answer: what the move changes comes before all else.
    let holding = props.held.is_some();
    let keys = match focus.subject {
        Subject::Message(_) => Some((words::KEYS_HERE, words::DO_WITH_A_MESSAGE)),
        _ => None,
    };
    let keys = keys.filter(|_| props.run.selection != Selection::Nothing || holding);
    let trace = &props.trace;
    let dispatch = &props.dispatch;
    // What can be done with a message stays in sight, above all that its node knows.
    let of_message = matches!(focus.subject, Subject::Message(_));
    // Of two runs, the upper one has the list of moves and the settings.
    let change = props.pair.as_ref().map_or(dispatch, |two| &two.runs.dispatch);
    let own_moves = html! { <section>{ memo(own_moves_of(props), moves) }</section> };
    let own_keys = match focus.subject {
        Subject::Lane(node) => Some(keys_for_node(props, node)),
        _ => keys.map(|(head, list)| keys_here(props, head, list)),
    };
    // What the cursor happens to be at is not worth a line on paper.
    let passing = props.run.selection == Selection::Nothing && !holding;
    let compare = (!holding).then(|| (props.run.compares, dispatch.clone()));
    html! {
        <aside class={classes!("margin", props.open.map(Note::class))} aria-label={words::NOTES}>
            if props.open == Some(Note::All) {
                <p class="author note">{ caption_of(&props.run).1 }</p>
            }
            if props.search {
                <p class="to-search"><button type="button" class="time" onclick={dispatch.reform(|_: MouseEvent| Action::Select(Selection::Nothing))}>{ words::BACK_TO_SEARCH }</button></p>
            }
            <section class={passing.then_some("passing")}>
                <h2>{ focus.head }{ for props.pair.as_ref().map(|two| format!(", {}", two.stands)) }</h2>
                { subject::subject(trace, &focus, props.run.cursor) }
            </section>
            if let Some(two) = &props.pair {
                { memo(two.runs.clone(), pair) }
            } else if let Some(before) = &props.before {
                <section>{ memo(ChangedProps { before: before.clone(), trace: trace.clone(), compare }, changed) }</section>
            }
            if of_message { { own_moves.clone() }{ own_keys.clone() } }
            if let Some((node, event)) = focus.state.filter(|_| !holding) {
                <section class="state">{ memo(NodeStateProps { trace: trace.clone(), node, event }, node_state) }</section>
                <section class="why">{ memo(WhyProps { trace: trace.clone(), node, until: event, dispatch: dispatch.clone() }, why) }</section>
                if matches!(props.run.selection, Selection::Event(_)) {
                    { memo(OutsideProps { trace: trace.clone(), event, dispatch: dispatch.clone() }, outside) }
                }
                if props.open == Some(Note::Future) {
                    { memo(OutsideProps { trace: trace.clone(), event, dispatch: dispatch.clone() }, future) }
                }
                if props.before.is_none() || props.open == Some(Note::Clocks) {
                    <section class="clocks">{ memo(ClocksProps { trace: trace.clone(), event }, clocks) }</section>
                }
            }
            { memo(MovesProps { trace: ByPointer(whole(props).trace.clone()), below: None, dispatch: change.clone() }, address) }
            if !of_message { { own_moves }{ own_keys } }
            <div hidden={holding}>
                if let Some((_, event)) = focus.state.filter(|_| props.before.is_some() && !holding) {
                    // What the move changed is the sixth block: the clocks make room.
                    <details class="fold"><summary>{ words::CLOCKS }</summary>{ memo(ClocksProps { trace: trace.clone(), event }, clocks) }</details>
                }
                { memo(SystemProps { trace: ByPointer(whole(props).trace.clone()), beside: whole(props).beside.as_ref().map(|beside| beside.settings.clone()), dispatch: change.clone() }, system) }
                { memo(whole(props).clone(), lessons) }
                { memo((), gallery) }
            </div>
        </aside>
    }
}

/// The state that moves and settings are of: of two, the upper one.
fn whole(props: &MarginProps) -> &Snapshot {
    props.pair.as_ref().map_or(&props.run, |two| &two.above)
}

fn own_moves_of(props: &MarginProps) -> MovesProps {
    match &props.pair {
        Some(Two { runs: PairProps { runs: [above, below], dispatch, .. }, .. }) => {
            MovesProps { trace: above.clone(), below: Some(below.clone()), dispatch: dispatch.clone() }
        }
        None => MovesProps { trace: props.trace.clone(), below: None, dispatch: props.dispatch.clone() },
    }
}

/// The keys of what is selected; each can be pressed here, too. What asks for more is asked in the figure.
fn keys_here(
    props: &MarginProps,
    head: &'static str,
    list: &'static [(&'static str, &'static str, &'static str)],
) -> Html {
    let press = |name: &'static str| {
        let (run, dispatch) = (props.run.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let index = Index::of(run.trace.clone());
            if let Some(Answer::Does(actions)) = keys::answer(&index, &run, Key { name, ..Key::default() }) {
                actions.into_iter().for_each(|action| dispatch.emit(action));
            }
        })
    };
    let own = list.iter().filter(|(name, ..)| !name.ends_with('…'));
    key_list(head, own.map(|(name, pressed, key)| ((*name).to_owned(), *key, press(pressed))).collect())
}

/// The commands for the selected node, by name and key.
fn keys_for_node(props: &MarginProps, node: NodeId) -> Html {
    let own = commands::of_lane(&props.run, node).into_iter();
    let rows = own.filter_map(|command| Some((command.name, command.key, all_of(&props.dispatch, command.does?))));
    key_list(words::KEYS_FOR_NODE, rows.collect())
}

fn key_list(head: &'static str, rows: Vec<(String, &'static str, Callback<MouseEvent>)>) -> Html {
    html! {
        <section>
            <h2>{ head }</h2>
            <ul class="keys">
                { for rows.into_iter().map(|(name, key, onclick)| html! {
                    <li><button type="button" {onclick}><kbd>{ key }</kbd>{ name }</button></li>
                }) }
                <li class="for-keyboards"><kbd>{ "Enter" }</kbd>{ words::ALL_COMMANDS }</li>
            </ul>
        </section>
    }
}

/// Does all of these, one after another.
pub fn all_of(dispatch: &Callback<Action>, actions: Vec<Action>) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| actions.iter().for_each(|action| dispatch.emit(action.clone())))
}

/// The lessons that show this run.
fn lessons(run: &Snapshot) -> Html {
    let Some(exhibit) = gallery::recognise(run.scenario()) else { return Html::default() };
    let lessons: Vec<Html> = of_run(exhibit.protocol, exhibit.slug)
        .map(|lesson| {
            let href = ["learn/", &lesson.folder(), "/"].concat();
            html! { <li><a {href}>{ lesson.heading }</a></li> }
        })
        .collect();
    html! {
        if !lessons.is_empty() {
            <details class="fold lessons" open=true><summary>{ words::LESSONS }</summary><ul class="runs">{ lessons }</ul></details>
        }
    }
}

fn gallery(_: &()) -> Html {
    let exhibits = gallery::exhibits();
    html! {
        <details class="fold">
            <summary>{ words::GALLERY }</summary>
            <ul class="runs">{ for exhibits.iter().map(|exhibit| html! {
                <li><a href={links::exhibit_route(exhibit).href()}>{ &exhibit.title }</a>{ " " }<span class="q">{ gallery::protocol_title(exhibit.protocol) }</span></li>
            }) }</ul>
        </details>
    }
}
