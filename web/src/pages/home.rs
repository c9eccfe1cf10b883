//! The first page: one sentence, one live figure, then a table of contents.

use super::contents::{contents, found};
use crate::figure::Figure;
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::verdicts::{VerdictsProps, verdict_line};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::address::Route;
use crate::state::run::{Action, State};
use crate::state::snapshot::Snapshot;
use crate::state::{gallery, links};
use crate::words;
use lightcone_content::gallery::Exhibit;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::sentences::made_move;
use std::rc::Rc;
use yew::prelude::*;

/// The run that the first figure shows, if the gallery has it.
const HERO: (&str, &str) = ("raft", "one-heartbeat-late");

/// The first page.
#[component]
pub fn Home() -> Html {
    let sought = use_state(AttrValue::default);
    let oninput = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            sought.set(field.value().trim().to_owned().into());
        })
    };
    let search = html! { <>
        <a class="btn" href={Route::Log.href()}>{ words::OPEN_LOG }</a>
        <label class="search">{ icon(Icon::Search) }<input type="search" placeholder={words::SEARCH} aria-label={words::SEARCH} {oninput} /></label>
    </> };
    html! { <>
        { memo(HeaderProps { place: Place::Home, children: search }, header) }
        <main class="wrap">
            <div class="hero">
                <h1>{ words::HERO }</h1>
                <p>{ words::HERO_INTRO }</p>
            </div>
            <div hidden={!sought.is_empty()}>if let Some(exhibit) = hero() { <Hero {exhibit} /> }</div>
            if sought.is_empty() { { memo((), contents) } } else { { memo((*sought).clone(), found) } }
        </main>
    </> }
}

fn hero() -> Option<Exhibit> {
    let exhibits = gallery::exhibits();
    let raft = || exhibits.iter().find(|exhibit| exhibit.protocol == HERO.0).cloned();
    gallery::find(HERO.0, HERO.1).or_else(raft).or_else(|| exhibits.first().cloned())
}

#[derive(Properties, PartialEq)]
struct HeroProps {
    exhibit: Exhibit,
}

/// The live state of the first figure: its own, until the reader opens it.
#[derive(Clone)]
struct Live(Rc<State>);

impl Reducible for Live {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Live(Rc::new(self.0.after(action))))
    }
}

#[component]
fn Hero(props: &HeroProps) -> Html {
    let live = {
        let exhibit = props.exhibit.clone();
        use_reducer(move || Live(Rc::new(links::opened(&exhibit.scenario))))
    };
    let dispatch = {
        let dispatcher = live.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let state = Snapshot(live.0.clone());
    let moved = *state.scenario() != props.exhibit.scenario;
    let title =
        if moved { AttrValue::from(moves(&state)) } else { AttrValue::from(format!("{}.", props.exhibit.title)) };
    html! {
        <section class="herofig" aria-label={title.clone()}>
            <div class="figure"><Figure state={state.clone()} dispatch={dispatch.clone()} /></div>
            <div class="cap">
                <p>{ title }{ " " }<span class="q">{ gallery::protocol_title(props.exhibit.protocol) }</span></p>
                if moved { { verdict(&state, &dispatch) } }
                <span class="sp"></span>
                if moved { { take_back(state.past.len(), &dispatch) } }
                <a class="btn line" href={links::route(state.scenario()).href()}>{ words::OPEN_THIS_RUN }</a>
            </div>
        </section>
    }
}

/// What the reader has made of the first figure: the run's title need not be true any more.
fn moves(state: &State) -> String {
    let moves = &state.scenario().moves;
    match moves.is_empty() {
        true => words::NOTHING_MOVED.into(),
        false => moves.iter().map(|edit| made_move(&state.trace, edit) + ".").collect::<Vec<_>>().join(" "),
    }
}

fn verdict(state: &State, dispatch: &Callback<Action>) -> Html {
    let trace = ByPointer(state.trace.clone());
    verdict_line(&VerdictsProps { trace, before: None, steps: None, stands: None, dispatch: dispatch.clone() })
}

/// The buttons that take back the last move, and all of them.
fn take_back(moves: usize, dispatch: &Callback<Action>) -> Html {
    let undo = dispatch.reform(|_: MouseEvent| Action::Undo);
    let dispatch = dispatch.clone();
    let all = move |_: MouseEvent| (0..moves).for_each(|_| dispatch.emit(Action::Undo));
    html! { <>
        <button type="button" onclick={undo}>{ icon(Icon::Undo) }{ words::UNDO }</button>
        <button type="button" onclick={all}>{ words::AS_IT_CAME }</button>
    </> }
}
