//! The sheet of narrow screens, under the figure: the subject in a sentence, and its commands. It offers a click for every
//! drag.

use crate::panels::cut::{self, CutProps};
use crate::panels::margin::{self, ChangedProps, Focus, Subject, first_change};
use crate::panels::search::{Drawings, PanelProps};
use crate::panels::transport::compare_with;
use crate::panels::{tools, transport};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::parts::sign_note::sign_note;
use crate::state::run::{Action, Light, Selection};
use crate::state::session::Note;
use crate::state::signs::Told;
use crate::state::snapshot::Snapshot;
use crate::state::{ask, commands, key_moves};
use crate::words;
use lightcone_engine::Trace;
use lightcone_engine::id::{EventIndex, MessageId, NodeId};
use lightcone_engine::protocol::Source;
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::why;
use yew::prelude::*;

/// The inputs of [`sheet`].
pub struct SheetProps<'a> {
    /// The page's state; of two runs, the one that is looked at.
    pub run: &'a Snapshot,
    /// Whether there is no other run beside it.
    pub alone: bool,
    /// The run that is shown.
    pub trace: &'a ByPointer<Trace>,
    /// The run before the move, if there was one just now.
    pub before: Option<ByPointer<Trace>>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// The part of the margin that is open over the sheet.
    pub open: Option<Note>,
    /// How the run stands to the question that is open: in a few words, and a sentence.
    pub asked: Option<(Html, String)>,
    /// The sign that is explained.
    pub sign: Option<&'a Told>,
    /// What is said of the sign was read.
    pub got: Callback<()>,
    /// The cut that is chosen, if one is.
    pub cut: Option<CutProps>,
    /// The search, if the margin is about one.
    pub search: Option<PanelProps>,
    /// What is shown of a search; none while that part of the page has not arrived.
    pub draws: Option<&'static Drawings>,
    /// Opens a part of the margin, or shuts it.
    pub show: Callback<Option<Note>>,
    /// Whether step mode is on.
    pub stepping: bool,
    /// Switches step mode.
    pub step: &'a Callback<()>,
    /// Opens the editor.
    pub edit: Callback<()>,
    /// Called with each action.
    pub dispatch: &'a Callback<Action>,
}

/// Draws what a narrow screen has instead of the margin: one line, and the part that the reader opened.
pub fn sheet(props: &SheetProps<'_>) -> Html {
    if let Some(told) = props.sign {
        return explained(told, props.got.clone());
    }
    let SheetProps { run, trace, before, held, .. } = props;
    let focus = Focus::of(run, trace, *held);
    let (subject, said) = match (&props.cut, &props.search) {
        (Some(cut), _) => (
            html! { <><b>{ cut::sentence(cut) }</b>{ " " }<span class="q">{ words::from_here_in_short(run.cursor, run.cursor >= trace.horizon()) }</span></> },
            String::new(),
        ),
        _ if props.asked.is_some() => props.asked.clone().unwrap_or_default(),
        (_, Some(panel)) => props.draws.map_or_else(Default::default, |draws| (draws.line)(&panel.job)),
        _ => {
            let (subject, said) = margin::line(trace, &focus, run);
            // What is in the hand says what it is for, where a finger does not cover it.
            (subject, tools::hint(run.tool).map_or(said, str::to_owned))
        }
    };
    // What a move changed is told of the message that was moved, and of no other.
    let moved = |id| trace.message(id).is_some_and(|message| message.source == Source::Hand);
    let tells = matches!(focus.subject, Subject::Message(id) if moved(id)) || props.cut.is_some();
    let changed = before.clone().filter(|_| tells);
    let of_node = matches!(focus.subject, Subject::Lane(_));
    let notes = if props.search.is_some() { Note::Search } else { Note::All };
    let all = props.open == Some(notes);
    let rest = props.show.reform(move |_: MouseEvent| (!all).then_some(notes));
    let name = if all { words::CLOSE_NOTES } else { words::ALL_NOTES };
    html! {
        <section class={classes!("sheet", props.cut.is_some().then_some("choosing"))} aria-label={words::SHEET}>
            <div class="about-subject">
                <p>{ subject }</p>
                if let Some(before) = changed {
                    { memo(ChangedProps { before, trace: (*trace).clone(), compare: None }, first_change) }
                } else {
                    <p class="said">{ said }</p>
                }
            </div>
            if let Some(cut) = &props.cut {
                { cut::form(cut, "sheet-cut") }
            } else if let Some(panel) = &props.search {
                <div class="cmds">{ props.draws.map(|draws| (draws.row)(panel, all, rest)) }</div>
            } else {
                <button type="button" class="to-notes" aria-expanded={all.to_string()} onclick={rest}>{ name }</button>
                if props.asked.is_some() { { to_question(props) } }
                <div class={classes!("cmds", of_node.then_some("pairs"))}>{ row(props, &focus) }</div>
            }
        </section>
    }
}

/// Opens the question over the sheet, or shuts it.
fn to_question(props: &SheetProps<'_>) -> Html {
    let open = props.open == Some(Note::Question);
    let onclick = props.show.reform(move |_: MouseEvent| (!open).then_some(Note::Question));
    html! { <div class="cmds"><button type="button" class="mode" aria-expanded={open.to_string()} {onclick}>{ words::QUESTION }</button></div> }
}

/// What a sign means, in place of all else.
fn explained(told: &Told, got: Callback<()>) -> Html {
    html! {
        <section class="sheet tells" aria-label={words::SHEET}>{ sign_note(told, got) }</section>
    }
}

/// The commands for the subject; for the run, while everything is open.
fn row(props: &SheetProps<'_>, focus: &Focus) -> Html {
    let undo = props.dispatch.reform(|_: MouseEvent| Action::Undo);
    let undo = html! {
        <button type="button" disabled={!props.run.can_undo()} onclick={undo}>{ icon(Icon::Undo) }{ words::UNDO }</button>
    };
    if props.stepping || props.open == Some(Note::All) {
        let step = props.step.reform(|_: MouseEvent| ());
        let pressed = props.stepping.to_string();
        return html! { <>
            <button type="button" class="mode" aria-pressed={pressed} onclick={step}>{ words::STEP_MODE }</button>
            <button type="button" onclick={props.edit.reform(|_: MouseEvent| ())}>{ words::EDIT_THIS_RUN }</button>
            if props.alone { { compare_with(props.run, props.dispatch) } }
            { transport::longer(props.run, props.dispatch) }
            { undo }
        </> };
    }
    let message = match focus.subject {
        Subject::Message(id) => props.trace.message(id),
        _ => None,
    };
    if let Subject::Lane(node) = focus.subject {
        let notes = focus.state.map(|(_, event)| {
            let believes = !why::held(props.trace, node, event).is_empty();
            html! { <>
                { note(props, event, Note::Why, words::WHY, believes) }
                { note(props, event, Note::State, words::STATE, true) }
            </> }
        });
        return html! { <>{ for of_lane(props, node) }{ notes }{ undo }</> };
    }
    match (message, focus.state) {
        (Some(message), _) => html! { <>{ commands(props, message) }{ undo }</> },
        (None, Some((node, event))) => {
            let believes = !why::held(props.trace, node, event).is_empty();
            html! { <>
                { note(props, event, Note::Why, words::WHY, believes) }
                { note(props, event, Note::State, words::STATE, true) }
                { past(props, event) }
                { note(props, event, Note::Clocks, words::CLOCKS, true) }
                { note(props, event, Note::Future, words::ITS_FUTURE, true) }
            </> }
        }
        (None, None) => html! { <>
            <button type="button" onclick={props.edit.reform(|_: MouseEvent| ())}>{ words::EDIT_THIS_RUN }</button>
            { undo }
        </> },
    }
}

/// A button that lights what an event can know of.
fn past(props: &SheetProps<'_>, event: EventIndex) -> Html {
    let lit = props.run.selection == Selection::Event(event) && props.run.light == Light::Past;
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Visit(event));
    html! { <button type="button" class="mode" aria-pressed={lit.to_string()} {onclick}>{ words::ITS_PAST }</button> }
}

/// The commands for a node. What a client can be asked unfolds.
fn of_lane(props: &SheetProps<'_>, node: NodeId) -> Vec<Html> {
    let button = |name: String, does: Vec<Action>| {
        html! { <button type="button" onclick={margin::all_of(props.dispatch, does)}>{ name }</button> }
    };
    // Why is a note of the sheet's own.
    let own = commands::of_lane(props.run, node).into_iter().filter(|command| command.key != "W");
    let all = own.map(|command| match command.does {
        Some(does) => button(command.name, does),
        None => {
            let asks = ask::requests(&props.run.trace, node, props.run.acts_at()).into_iter();
            html! {
                <details>
                    <summary>{ command.name }</summary>
                    { for asks.map(|(name, action)| button(name, vec![action])) }
                </details>
            }
        }
    });
    all.collect()
}

/// A button that opens a part of the margin, and shuts it again. What it is about is lit in the figure.
fn note(props: &SheetProps<'_>, event: EventIndex, note: Note, name: &'static str, can: bool) -> Html {
    let open = props.open == Some(note);
    let light = match note {
        Note::Why if !open => Light::Why,
        Note::Future if !open => Light::Future,
        Note::Why | Note::State | Note::Clocks | Note::Future | Note::Search | Note::Question | Note::All => {
            Light::Past
        }
    };
    let (run, show, dispatch) = (props.run.clone(), props.show.clone(), props.dispatch.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        show.emit((!open).then_some(note));
        if light != Light::Past {
            dispatch.emit(Action::Select(Selection::Event(event)));
        }
        if run.light != light || light != Light::Past {
            dispatch.emit(Action::Light(light));
        }
    });
    html! {
        <button type="button" class="mode" aria-expanded={open.to_string()} disabled={!can && !open} {onclick}>{ name }</button>
    }
}

fn commands(props: &SheetProps<'_>, message: &Message) -> Html {
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
            { command(html! { <>{ icon(Icon::Earlier) }{ words::EARLIER }</> }, key_moves::earlier) }
            { command(html! { <>{ words::LATER }{ icon(Icon::Later) }</> }, key_moves::later) }
            if dropped {
                { command(html! { { words::PUT_BACK } }, key_moves::put_back) }
            } else {
                { command(html! { { words::DROP } }, |_, message| key_moves::drop(message)) }
            }
            { command(html! { { words::TWICE } }, key_moves::twice) }
        </>
    }
}
