//! The panel of a question: what is asked, how far it is answered, and what follows when it is. An answer is judged in the same place.

mod hint;

use crate::parts::icons::{Icon, icon};
use crate::state::address::Route;
use crate::state::asking;
use crate::state::page::PageAction;
use crate::state::question::{Asked, Posed};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use hint::Hint;
use lightcone_content::lessons;
use lightcone_engine::Trace;
use lightcone_engine::run::question::{Kind, Reply};
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`QuestionPanel`].
#[derive(Clone, Properties, PartialEq)]
pub struct QuestionProps {
    /// What is asked.
    pub asked: ByPointer<Asked>,
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: ByPointer<Trace>,
    /// Called with each page action.
    pub act: Callback<PageAction>,
}

/// How a run stands to a question.
struct Stand<'a> {
    posed: &'a Posed,
    asked: &'a Asked,
    reply: Reply,
    truths: u16,
    /// The moves that are made, or why they break the rules.
    moves: Result<u8, String>,
    solved: bool,
}

impl<'a> Stand<'a> {
    /// How this run stands, in which this is selected.
    fn of(posed: &'a Posed, asked: &'a Asked, run: &Snapshot, trace: &Trace) -> Stand<'a> {
        let question = &posed.question;
        let reply = (asking::QUESTIONS.reply)(posed, asked, run);
        let moves = question.moves_of(&trace.scenario).map(|moves| moves + u8::from(reply.picked.is_some()));
        let refusal = || (asking::QUESTIONS.refusal)(question, &trace.scenario).unwrap_or_default();
        Stand {
            posed,
            asked,
            reply,
            truths: question.truths(trace, reply),
            moves: moves.map_err(|_| refusal()),
            solved: (asking::QUESTIONS.is_solved)(question, trace, reply),
        }
    }

    fn reached(&self) -> usize {
        (self.truths & all(self.posed)).count_ones() as usize
    }

    fn foretells(&self) -> bool {
        self.posed.question.challenge.kind == Kind::Predict
    }

    /// How many moves are made, of how many.
    fn counted(&self) -> Option<String> {
        let challenge = &self.posed.question.challenge;
        let budget = challenge.budget + u8::from(challenge.kind == Kind::Explain && challenge.budget == 0);
        let moves = *self.moves.as_ref().ok()?;
        (budget > 0).then(|| words::moves_of(moves, budget))
    }
}

fn all(posed: &Posed) -> u16 {
    posed.question.challenge.goal.iter().fold(0, |bits, _| bits << 1 | 1)
}

/// The question beside the figure.
#[component]
pub fn QuestionPanel(props: &QuestionProps) -> Html {
    // What was copied, or a link that the reader is to copy; and the prediction that was checked.
    let copied = use_state(|| None::<(String, bool)>);
    let checked = use_state(|| None::<u16>);
    let field = use_node_ref();
    let asked = &*props.asked;
    let Some(posed) = &asked.posed else { return unknown(props) };
    let stand = Stand::of(posed, asked, &props.run, &props.trace);
    let answer = asked.answer_shown(props.run.scenario()).is_some();
    let shows_end = !stand.foretells() || answer || *checked == Some(stand.reply.expects);
    let link = (!answer && stand.solved && shows_end).then(|| answer_link(&stand, props));
    let copies = link.as_ref().is_some_and(|link| copied.as_ref().is_some_and(|(of, _)| of == link));
    html! {
        <section class="question" aria-label={words::QUESTION}>
            { head(&stand, answer) }
            { goals(&stand, props, shows_end) }
            <p class="vh" role="status">{ spoken(&stand, props, shows_end) }</p>
            if let Some(why) = &asked.refused { <p class="refused" role="alert">{ why.clone() }</p> }
            if let (Err(why), None) = (&stand.moves, &asked.refused) { <p class="refused">{ why.clone() }</p> }
            if shows_end { { end(&stand, answer) } }
            <div class="btns">
                if let Some(link) = &link { { copy_button(link, copies, &copied, &field) } }
                if stand.foretells() && !shows_end { { check_button(&stand, &checked) } }
                { onward(&stand, props, answer) }
            </div>
            if let Some((link, false)) = (*copied).clone().filter(|_| copies) {
                <div class="field"><textarea ref={field} readonly={true} rows="1" aria-label={words::AN_ANSWER} value={link} /></div>
                <p class="hint" role="status">{ words::COPY_YOURSELF }</p>
            }
            if !answer && !stand.solved && !stand.foretells() {
                <Hint posed={ByPointer(posed.clone())} run={props.run.clone()} act={props.act.clone()} />
            }
        </section>
    }
}

/// The line that a narrow screen has of it: how it stands, and what is still to be reached.
pub fn line(asked: &Asked, run: &Snapshot, trace: &Trace) -> (Html, String) {
    let Some(posed) = &asked.posed else {
        return (html! { <b>{ words::AN_ANSWER }</b> }, words::QUESTION_UNKNOWN.to_owned());
    };
    let stand = Stand::of(posed, asked, run, trace);
    let challenge = &posed.question.challenge;
    if let Some(why) = asked.refused.clone().or(stand.moves.clone().err()) {
        return (html! { <b>{ words::kind(challenge.kind) }</b> }, why);
    }
    // Of a prediction, the panel tells when it is checked.
    if stand.solved && (!stand.foretells() || asked.answer_shown(run.scenario()).is_some()) {
        let moves = stand.moves.unwrap_or_default();
        return (html! { <b>{ words::solved(moves, challenge.par) }</b> }, challenge.shows.clone());
    }
    let unmet = (0..).zip(&challenge.goal).find(|(place, _)| stand.truths & 1 << place == 0);
    let unmet = unmet.filter(|_| !stand.foretells()).map(|(_, atom)| [&*atom.sentence(trace), "."].concat());
    let counted = stand.counted();
    let subject = html! { <><b>{ words::kind(challenge.kind) }</b>{ " " }<span class="q num">{ counted }</span></> };
    (subject, unmet.unwrap_or_else(|| words::TICK_WHAT_COMES.to_owned()))
}

fn head(stand: &Stand<'_>, answer: bool) -> Html {
    let challenge = &stand.posed.question.challenge;
    let name = match (answer, &*challenge.lesson) {
        (true, _) => words::AN_ANSWER.to_owned(),
        (false, "") => words::A_QUESTION.to_owned(),
        (false, lesson) => words::challenge_of(lesson),
    };
    let lesson = lessons::of_number(&challenge.lesson);
    let tools: Vec<&str> = challenge.tools.iter().map(words::tool).collect();
    let may = if challenge.kind == Kind::Explain { words::SELECT_AN_EVENT.to_owned() } else { words::you_may(&tools) };
    html! { <>
        <h2>{ name }</h2>
        <p class="subj">{ words::kind(challenge.kind) }</p>
        if !stand.foretells() {
            <p class="note">{ may }{ " " }if let Some(counted) = stand.counted() { <b class="num">{ counted }</b> }</p>
        }
        if let Some(lesson) = lesson { <p class="note"><a href={["learn/", &lesson.folder(), "/"].concat()}>{ lesson.heading }</a></p> }
    </> }
}

/// The goals, each with its tick; of a prediction, boxes to tick.
fn goals(stand: &Stand<'_>, props: &QuestionProps, shows_end: bool) -> Html {
    let goals = (0..).zip(&stand.posed.question.challenge.goal);
    if stand.foretells() && !(shows_end && stand.solved) {
        let boxes = goals.map(|(place, atom)| {
            let ticked = stand.reply.expects & 1 << place != 0;
            let reply = Reply { expects: stand.reply.expects ^ 1 << place, ..stand.reply };
            let onchange = props.act.reform(move |_: Event| PageAction::Reply(reply));
            html! { <label class="opt"><input type="checkbox" checked={ticked} {onchange} />{ atom.sentence(&props.trace) }</label> }
        });
        return html! { <><p class="note">{ words::TICK_WHAT_COMES }</p>{ for boxes }</> };
    }
    let ticks = goals.map(|(place, atom)| {
        let is = stand.truths & 1 << place != 0;
        html! {
            <li class={is.then_some("is")}>
                { icon(if is { Icon::Tick } else { Icon::Open }) }
                <span>{ atom.sentence(&props.trace) }<span class="vh">{ ": " }{ if is { words::TRUE_NOW } else { words::NOT_TRUE_NOW } }</span></span>
            </li>
        }
    });
    html! { <ul class="goal">{ for ticks }</ul> }
}

/// What is read aloud: how the run stands that is not in the hand any more.
fn spoken(stand: &Stand<'_>, props: &QuestionProps, shows_end: bool) -> String {
    let trace = &props.run.trace;
    if stand.foretells() && !shows_end {
        return String::new();
    }
    let stands = Stand::of(stand.posed, stand.asked, &props.run, trace);
    let challenge = &stand.posed.question.challenge;
    match (&stands.moves, stands.solved) {
        (Ok(moves), true) => {
            [&words::solved(*moves, challenge.par), " ", &*challenge.shows].concat().trim_end().to_owned()
        }
        (Ok(_), false) if stands.foretells() => words::NOT_ALL_RIGHT.to_owned(),
        (Ok(_), false) => words::stands(stands.reached(), challenge.goal.len(), &stands.counted().unwrap_or_default()),
        (Err(why), _) => why.clone(),
    }
}

/// What there is to say when it is solved, or of an answer that does not solve it.
fn end(stand: &Stand<'_>, answer: bool) -> Html {
    let challenge = &stand.posed.question.challenge;
    let checked = answer.then(|| html! { <p class="note">{ words::CHECKED_HERE }</p> });
    match &stand.moves {
        Ok(moves) if stand.solved => html! { <>
            <p class="subj">{ words::solved(*moves, challenge.par) }</p>
            if !challenge.shows.is_empty() { <p class="shows">{ challenge.shows.clone() }</p> }
            { for checked }
        </> },
        _ if answer => html! { <><p class="subj">{ words::NOT_SOLVED }</p>{ for checked }</> },
        _ if stand.foretells() => html! { <p class="note">{ words::NOT_ALL_RIGHT }</p> },
        _ => Html::default(),
    }
}

/// The answer that the reader gives, as the address of a page.
fn answer_link(stand: &Stand<'_>, props: &QuestionProps) -> String {
    let link = (asking::QUESTIONS.answer)(stand.posed, stand.reply, props.run.scenario());
    [&*browser::address(), &Route::Run { link }.href()].concat()
}

type Copied = UseStateHandle<Option<(String, bool)>>;

fn copy_button(link: &str, copies: bool, copied: &Copied, field: &NodeRef) -> Html {
    let (link, setter, field) = (link.to_owned(), copied.setter(), field.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let (of, setter, field) = (link.clone(), setter.clone(), field.clone());
        let done = Callback::from(move |done: bool| {
            setter.set(Some((of.clone(), done)));
            if !done {
                browser::select_all(&field);
            }
        });
        browser::copy(&link, done);
    });
    let done = copied.as_ref().is_some_and(|(_, done)| *done && copies);
    html! {
        <button type="button" class="btn main" {onclick}>{ icon(Icon::Link) }{ if done { words::COPIED } else { words::COPY_ANSWER } }</button>
    }
}

fn check_button(stand: &Stand<'_>, checked: &UseStateHandle<Option<u16>>) -> Html {
    let (setter, expects) = (checked.setter(), stand.reply.expects);
    let onclick = Callback::from(move |_: MouseEvent| setter.set(Some(expects)));
    html! { <button type="button" class="btn main" {onclick}>{ words::CHECK }</button> }
}

/// What comes next, or what leads away.
fn onward(stand: &Stand<'_>, props: &QuestionProps, answer: bool) -> Html {
    let next = asking::next(stand.posed).filter(|_| stand.solved && !answer);
    let has_moves = !props.run.scenario().moves.is_empty()
        || props.run.scenario().settings != stand.posed.question.scenario.settings;
    let question = stand.posed.question.scenario.clone();
    let over = props.act.reform(move |_: MouseEvent| PageAction::Run(Action::Configure(Box::new(question.clone()))));
    let leave = props.act.reform(|_: MouseEvent| PageAction::Leave);
    html! { <>
        if let Some(next) = next { <a class="btn line" href={["#", &asking::place(next)].concat()}>{ words::next_challenge(asking::title(next)) }</a> }
        if answer { <a class="btn line" href={["#", &stand.posed.place].concat()}>{ words::ANSWER_IT_YOURSELF }</a> }
        if has_moves && !answer { <button type="button" onclick={over}>{ icon(Icon::Undo) }{ words::START_OVER }</button> }
        <button type="button" onclick={leave}>{ words::LEAVE_QUESTION }</button>
    </> }
}

/// An answer to a question that is not known.
fn unknown(props: &QuestionProps) -> Html {
    let leave = props.act.reform(|_: MouseEvent| PageAction::Leave);
    html! {
        <section class="question" aria-label={words::QUESTION}>
            <h2>{ words::AN_ANSWER }</h2>
            <p class="note">{ words::QUESTION_UNKNOWN }</p>
            <div class="btns"><button type="button" onclick={leave}>{ words::LEAVE_QUESTION }</button></div>
        </section>
    }
}
