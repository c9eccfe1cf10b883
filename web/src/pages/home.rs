//! What is alive on the first page: the run that it shows, and what the field finds. All else stands there without the program
//! (`front`).

use super::contents::found;
use super::front::{self, BODY, CAPTION, FIELD, PICTURE, SHOWN};
use super::waits;
use crate::figure::Figure;
use crate::panels::verdicts::{VerdictsProps, verdict_line};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::run::{Action, State};
use crate::state::snapshot::Snapshot;
use crate::state::{gallery, known, links};
use crate::{browser, words};
use lightcone_content::gallery::Exhibit;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::sentences::made_move;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of [`Home`].
#[derive(Properties, PartialEq)]
pub struct HomeProps {
    /// How many protocols have arrived: with the first figure's it becomes alive.
    pub protocols: usize,
}

/// What is alive on the first page.
#[component]
pub fn Home(_: &HomeProps) -> Html {
    // What was typed before the program came counts, too.
    let sought = use_state(|| words_in(&browser::typed(FIELD)));
    {
        let sought = sought.setter();
        use_effect_with((), move |()| {
            let typed = browser::on_typed(FIELD, Callback::from(move |typed: String| sought.set(words_in(&typed))));
            let focused = browser::on_focus(
                FIELD,
                Callback::from(|()| waits::fetch_protocols(&known::missing(), Callback::noop())),
            );
            move || {
                drop((typed, focused));
                browser::clear(FIELD);
            }
        });
    }
    let update = use_force_update();
    let again = use_callback((), move |(), ()| update.force_update());
    html! { <>
        if let Some(exhibit) = gallery::hero() { <Hero {exhibit} /> }
        if !sought.is_empty() {
            <Instead of={BODY}>{ waits::with_all_protocols(&again, || memo((*sought).clone(), found)) }</Instead>
        }
    </> }
}

fn words_in(typed: &str) -> AttrValue {
    typed.trim().to_owned().into()
}

#[derive(Properties, PartialEq)]
struct InsteadProps {
    of: &'static str,
    children: Html,
}

/// What stands in the place of something of the first page, which is hidden meanwhile.
#[component]
fn Instead(props: &InsteadProps) -> Html {
    use_effect_with(props.of, |of| {
        let of = *of;
        browser::show(of, false);
        move || browser::show(of, true)
    });
    match browser::around(props.of) {
        Some(place) => create_portal(props.children.clone(), place),
        None => Html::default(),
    }
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
    let exhibit = &props.exhibit;
    let live = {
        let exhibit = exhibit.clone();
        use_reducer(move || Live(Rc::new(links::opened(&exhibit.scenario))))
    };
    let dispatch = {
        let dispatcher = live.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let state = Snapshot(live.0.clone());
    let moved = *state.scenario() != exhibit.scenario;
    let said = if moved { moves(&state).into() } else { front::as_it_came(exhibit) };
    use_effect_with(said.clone(), |said| browser::label(SHOWN, said));
    let caption = moved.then(|| {
        let more = [verdict(&state, &dispatch), take_back(state.past.len(), &dispatch)];
        front::caption(None, exhibit, said, more, &links::route(state.scenario()))
    });
    html! { <>
        <Instead of={PICTURE}><Figure {state} {dispatch} /></Instead>
        if let Some(caption) = caption { <Instead of={CAPTION}>{ caption }</Instead> }
    </> }
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
