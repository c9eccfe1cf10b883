//! Sets a question about the run: a goal of what is true in it, tools, a number of moves. Its par is worked out before the link is there.

use crate::search::par::{Progress, use_par};
use crate::state::address::Route;
use crate::state::caption::caption_of;
use crate::state::par_request;
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::limits::{MAX_NOTE_BYTES, MAX_TITLE_BYTES};
use lightcone_engine::run::goal::{Atom, Becomes};
use lightcone_engine::run::offer::offered;
use lightcone_engine::run::question::{Challenge, Kind, MAX_ATOMS, MAX_BUDGET, Question, Reply, Tool, Tools};
use lightcone_engine::run::{Scenario, simulate};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_formats::link;
use lightcone_search::par::Par;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The inputs of [`Ask`].
#[derive(Clone, Properties, PartialEq)]
pub struct AskProps {
    /// The run about which something is asked. Its moves are the answer, and are no part of the question.
    pub run: Snapshot,
}

/// The choices of somebody who sets a question.
#[derive(Clone, PartialEq)]
struct Chosen {
    title: String,
    note: String,
    /// Places among what is offered.
    goal: Vec<usize>,
    tools: Tools,
    budget: u8,
}

/// What may be asked for: what is true of the run.
struct Offer {
    atom: Atom,
    sentence: String,
    /// Whether it is true without a move.
    anyway: bool,
}

/// The form that sets a question.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    let offers = use_memo(ByPointer(props.run.trace.clone()), |trace| offers(&props.run, trace));
    let chosen = use_state(|| first(&props.run));
    let cancelled = use_state(|| None::<String>);
    let copied = use_state(|| None::<(String, bool)>);
    let field = use_node_ref();
    let question = question(&props.run, &offers, &chosen);
    let untitled = question.as_ref().map(|question| {
        let scenario = Scenario { title: String::new(), note: String::new(), ..question.scenario.clone() };
        Question { scenario, challenge: question.challenge.clone() }
    });
    let request = untitled.map(|question| par_request::text(&question, &question.scenario));
    let progress = use_par(request.clone().filter(|request| cancelled.as_ref() != Some(request)));
    let link = question.and_then(|question| link_of(&props.run, question, &progress));
    let stop = cancelled.setter();
    let begin = {
        let stop = stop.clone();
        Callback::from(move |_: MouseEvent| stop.set(None))
    };
    let cancel = Callback::from(move |_: MouseEvent| stop.set(request.clone()));
    let title = {
        let chosen = chosen.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let title = bounded(&field.value(), MAX_TITLE_BYTES);
            chosen.set(Chosen { title, ..(*chosen).clone() });
        })
    };
    let note = {
        let chosen = chosen.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let note = bounded(&field.value(), MAX_NOTE_BYTES);
            chosen.set(Chosen { note, ..(*chosen).clone() });
        })
    };
    html! {
        <div class="ask">
            <label class="asked-title">{ words::THE_QUESTION }<input type="text" class="f" value={chosen.title.clone()} oninput={title} /></label>
            <label class="asked-title">{ words::IN_MORE_WORDS }<input type="text" class="f" value={chosen.note.clone()} oninput={note} /></label>
            <div class="cols">
                <fieldset><legend>{ words::MUST_BE_TRUE }</legend><div class="offers">{ goals(&offers, &chosen) }</div></fieldset>
                <fieldset><legend>{ words::READER_MAY }</legend>{ tools(&chosen) }{ budget(&chosen) }</fieldset>
            </div>
            <div class="par" role="status">
                <p>{ said(&props.run, &offers, &chosen, &progress) }</p>
                if matches!(progress, Progress::Going(_)) { <button type="button" class="btn line" onclick={cancel}>{ words::CANCEL }</button> }
                else if progress == Progress::Idle && !chosen.goal.is_empty() { <button type="button" class="btn line" onclick={begin}>{ words::WORK_OUT_PAR }</button> }
            </div>
            if let Some(route) = link { { offer(&route, &copied, &field) } }
        </div>
    }
}

/// All that may be asked for; what a move has made true comes first.
fn offers(run: &Snapshot, trace: &ByPointer<lightcone_engine::Trace>) -> Vec<Offer> {
    let without = simulate(&run.scenario().without_moves());
    let all = offered(trace).into_iter().map(|atom| {
        let (sentence, anyway) = (atom.sentence(trace), atom.is_true(&without, None));
        Offer { atom, sentence, anyway }
    });
    let mut all: Vec<Offer> = all.collect();
    all.sort_by_key(|offer| offer.anyway);
    all
}

/// What is chosen at first: the tools of the moves that were made, and as many moves.
fn first(run: &Snapshot) -> Chosen {
    let question = run.scenario().without_moves();
    let used = run.scenario().moves.iter().filter_map(|edit| Tool::of(edit, &question));
    let tools = used.fold(Tools::default(), Tools::with);
    let moves = lightcone_engine::run::question::effective(&run.scenario().moves).len().max(1);
    let budget = u8::try_from(moves).unwrap_or(MAX_BUDGET).min(MAX_BUDGET);
    Chosen { title: bounded(&caption_of(run).0, MAX_TITLE_BYTES), note: String::new(), goal: Vec::new(), tools, budget }
}

fn bounded(text: &str, most_bytes: usize) -> String {
    let mut text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    while text.len() > most_bytes {
        text.pop();
    }
    text
}

/// The question as it is chosen; none without a goal.
fn question(run: &Snapshot, offers: &[Offer], chosen: &Chosen) -> Option<Question> {
    let goal: Vec<Atom> = chosen.goal.iter().filter_map(|place| Some(offers.get(*place)?.atom.clone())).collect();
    let (shows, lesson) = (String::new(), String::new());
    let (tools, budget) = (chosen.tools, chosen.budget);
    let challenge = Challenge { kind: kind(&goal), lesson, goal, tools, budget, par: None, shows };
    // What the run's own note says may be the answer.
    let (title, note) = (chosen.title.trim().to_owned(), chosen.note.trim().to_owned());
    let scenario = Scenario { title, note, ..run.scenario().without_moves() };
    let question = Question { scenario, challenge };
    question.check().is_ok().then_some(question)
}

/// What the reader does, by what must be true.
fn kind(goal: &[Atom]) -> Kind {
    let good = |atom: &Atom| matches!(atom, Atom::Property { becomes: Becomes::Holds | Becomes::Comes, .. });
    if goal.iter().any(|atom| matches!(atom, Atom::Order { .. })) {
        Kind::Order
    } else if goal.iter().all(good) {
        Kind::SaveIt
    } else {
        Kind::BreakIt
    }
}

/// How many moves the run's own answer has, if it is one.
fn own(run: &Snapshot, question: &Question) -> Option<u8> {
    let moves = question.moves_of(run.scenario()).ok()?;
    question.is_solved(&run.trace, Reply::default()).then_some(moves)
}

/// The address of the question, once it is known that it can be solved.
fn link_of(run: &Snapshot, question: Question, progress: &Progress) -> Option<Route> {
    let Progress::Over(report) = progress else { return None };
    let par = match &report.par {
        Par::Is(0) => return None,
        Par::Is(moves) => Some(*moves),
        // The search does not find every moment; whoever sets the question has found one.
        _ => own(run, &question).map(|_| None)?,
    };
    let challenge = Challenge { par, ..question.challenge };
    Some(Route::Run { link: link::encode_question(&Question { challenge, ..question }) })
}

fn said(run: &Snapshot, offers: &[Offer], chosen: &Chosen, progress: &Progress) -> String {
    let report = match progress {
        _ if offers.iter().all(|offer| offer.anyway) => return words::NOTHING_TO_ASK.to_owned(),
        _ if chosen.goal.is_empty() => return words::TICK_A_GOAL.to_owned(),
        Progress::Idle => return words::PAR_NOT_KNOWN.to_owned(),
        Progress::Going(tried) => return words::trying_moves(*tried),
        Progress::Failed => return words::HINT_UNKNOWN.to_owned(),
        Progress::Over(report) => report,
    };
    match report.par {
        Par::Is(0) => words::TRUE_ANYWAY.to_owned(),
        Par::Is(moves) => words::par_is(moves),
        par => {
            let own = question(run, offers, chosen).and_then(|question| own(run, &question));
            match (own, par) {
                (Some(moves), _) => words::par_is_yours(moves),
                (None, Par::Unsolved) => words::HINT_NONE.to_owned(),
                (None, _) => words::HINT_UNKNOWN.to_owned(),
            }
        }
    }
}

type Choice = UseStateHandle<Chosen>;

fn goals(offers: &[Offer], chosen: &Choice) -> Html {
    let full = chosen.goal.len() >= MAX_ATOMS;
    let each = offers.iter().enumerate().map(|(place, offer)| {
        let is = chosen.goal.contains(&place);
        let mut goal: Vec<usize> = chosen.goal.iter().copied().filter(|other| *other != place).collect();
        if !is {
            goal.push(place);
        }
        let next = Chosen { goal, ..(**chosen).clone() };
        let anyway = offer.anyway.then(|| html! { <small>{ words::WITHOUT_A_MOVE }</small> });
        option(html! { <span>{ offer.sentence.clone() }{ anyway }</span> }, is, !is && full, next, chosen)
    });
    each.collect()
}

fn tools(chosen: &Choice) -> Html {
    let each = Tool::ALL.into_iter().map(|(tool, ..)| {
        let is = chosen.tools.has(tool);
        let tools = chosen.tools.iter().filter(|other| *other != tool).fold(Tools::default(), Tools::with);
        let next = Chosen { tools: if is { tools } else { tools.with(tool) }, ..(**chosen).clone() };
        option(html! { words::tool(tool) }, is, false, next, chosen)
    });
    each.collect()
}

fn option(name: Html, checked: bool, disabled: bool, next: Chosen, chosen: &Choice) -> Html {
    let setter = chosen.setter();
    let onchange = Callback::from(move |_: Event| setter.set(next.clone()));
    html! { <label class="opt"><input type="checkbox" {checked} {disabled} {onchange} />{ name }</label> }
}

fn budget(chosen: &Choice) -> Html {
    let state = chosen.clone();
    let onchange = Callback::from(move |event: Event| {
        let field: HtmlSelectElement = event.target_unchecked_into();
        let budget = field.value().parse().unwrap_or(1);
        state.set(Chosen { budget, ..(*state).clone() });
    });
    let options = (1..=MAX_BUDGET.min(8)).map(|number| {
        html! { <option value={number.to_string()} selected={number == chosen.budget}>{ words::at_most(number) }</option> }
    });
    html! { <label class="opt">{ words::MOVES }<select {onchange}>{ for options }</select></label> }
}

/// The link to copy, and the way to it.
fn offer(route: &Route, copied: &UseStateHandle<Option<(String, bool)>>, field: &NodeRef) -> Html {
    let link = [&*browser::address(), &route.href()].concat();
    let done = copied.as_ref().filter(|(of, _)| *of == link).map(|(_, done)| *done);
    let (setter, text, node) = (copied.setter(), link.clone(), field.clone());
    let copy = Callback::from(move |_: MouseEvent| {
        let (setter, of, node) = (setter.clone(), text.clone(), node.clone());
        let done = Callback::from(move |done: bool| {
            setter.set(Some((of.clone(), done)));
            if !done {
                browser::select_all(&node);
            }
        });
        browser::copy(&text, done);
    });
    html! { <>
        <div class="field">
            <textarea ref={field} readonly={true} rows="1" wrap="off" aria-label={words::LINK_OF_QUESTION} value={link.clone()} />
            <button type="button" class="btn main" onclick={copy}>{ if done == Some(true) { words::COPIED } else { words::COPY } }</button>
        </div>
        if done == Some(false) { <p class="hint" role="status">{ words::COPY_YOURSELF }</p> }
        <div class="try-it"><p class="hint">{ words::QUESTION_HINT }</p><a class="btn line" href={route.href()}>{ words::TRY_AS_READER }</a></div>
    </> }
}
