//! A run on the page: its title and its figure, and places for what stands around them, which arrives after the first figure.

use crate::figure::{Explain, Showing};
use crate::pages::around::Around;
use crate::pages::deeds::{hears, use_sight};
use crate::pages::doing::use_kept;
use crate::pages::embed::{BarProps, EmbedProps, embed};
use crate::pages::late::{self, AroundPart, Part};
use crate::pages::shown::{ExplorerProps, Hears, Shown};
use crate::panels::tools;
use crate::state::links;
use crate::state::options::Embed;
use crate::state::page::PageAction;
use crate::state::run::Action;
use crate::state::session::{Open, Session, SessionAction};
use crate::state::signs::Told;
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::Time;
use lightcone_engine::protocol::When;
use std::rc::Rc;
use yew::prelude::*;

/// A run on the page.
#[component]
pub fn Explorer(props: &ExplorerProps) -> Html {
    let run = &props.run;
    let reducer = use_reducer(Session::default);
    let tell = {
        let dispatcher = reducer.dispatcher();
        use_callback((), move |action, ()| {
            if matches!(action, SessionAction::Open(open) if open != Open::Nothing) {
                browser::ask_for_dialog();
            }
            dispatcher.dispatch(action);
        })
    };
    let dispatch = use_memo(props.act.clone(), |act| act.reform(PageAction::Run));
    let (session, dispatch) = (Rc::new((*reducer).clone()), (*dispatch).clone());
    use_sight(props.embed, &tell);
    let play = play(run, &session, &tell, &dispatch);
    // What hears keys arrives after the figure. A part of another page has no place that waits for it.
    let arrived = tell.reform(|()| SessionAction::Arrived);
    let fetch = arrived.clone();
    let kept = use_kept(
        late::parts().around.is_some(),
        Callback::from(move |()| late::when_here(Part::Around, fetch.reform(|_| ()))),
    );
    use_effect_with(props.embed.is_some(), move |embedded| {
        if *embedded {
            late::when_here(Part::Around, arrived.reform(|_| ()));
        }
    });
    let on_sign = on_sign(props, &tell);
    let below =
        (*use_memo(dispatch.clone(), |dispatch| dispatch.reform(|action| Action::Below(Box::new(action))))).clone();
    let hear = use_memo((run.clone(), dispatch.clone(), tell.clone()), |(run, dispatch, tell)| {
        [false, true].map(|below| hears(run, below, dispatch, tell))
    });
    let shows = (*use_memo((), |()| Showing::default())).clone();
    let view = Shown::of(
        props,
        &session,
        shows,
        tell,
        [dispatch, below],
        play,
        kept,
        late::parts().search.map(|part| &part.draws),
    );
    let figures = view.figures(&hear, &on_sign);
    match props.embed {
        Some(how) => view.embedded(how, figures),
        None => view.page(figures),
    }
}

/// Explains a sign when it is pressed for the first time, or when the reader asks.
fn on_sign(props: &ExplorerProps, tell: &Callback<SessionAction>) -> Explain {
    let (known, act, tell) = (props.known, props.act.clone(), tell.clone());
    Callback::from(move |(told, asked): (Option<Rc<Told>>, bool)| {
        let sign = told.as_ref().map(|told| told.found.sign);
        let new = sign.filter(|sign| asked || !(sign.is_quiet() || known.has(*sign)));
        new.into_iter().for_each(|sign| act.emit(PageAction::Know(sign)));
        tell.emit(SessionAction::Explain(told.filter(|_| new.is_some())));
    })
}

/// Starts and stops playing. From the end it starts again from the beginning.
fn play(
    run: &Snapshot,
    session: &Session,
    tell: &Callback<SessionAction>,
    dispatch: &Callback<Action>,
) -> Callback<()> {
    let again = !session.playing && run.cursor >= run.trace.horizon();
    let (tell, dispatch) = (tell.clone(), dispatch.clone());
    Callback::from(move |()| {
        if again {
            dispatch.emit(Action::Look(Time::ZERO));
        }
        tell.emit(SessionAction::Play);
    })
}

impl Shown<'_> {
    /// The figure, or the two of a comparison.
    fn figures(&self, hear: &Hears, on_sign: &Explain) -> Html {
        match &self.props.run.beside {
            None => self.figure(self.state_with_glance(), 0, (hear[0].clone(), on_sign), None),
            Some(beside) => self.late(|part| (part.pair)(self, beside, hear, on_sign)),
        }
    }

    fn embedded(&self, how: Embed, figure: Html) -> Html {
        let waits = self.waits(how);
        let bar = || {
            late::with(Part::Bar, late::parts().bar, &self.arrived(), |part| {
                (part.bar)(&BarProps {
                    run: &self.run,
                    trace: &self.trace,
                    at: self.at,
                    playing: self.session.playing,
                    play: &self.play,
                    dispatch: &self.dispatch,
                })
            })
        };
        let parts = late::parts();
        let player = match parts.bar {
            None if !how.controls => late::with(Part::Bar, None, &self.arrived(), |()| Html::default()),
            part => part.map(|part| (part.player)(self)).unwrap_or_default(),
        };
        let doing = parts.around.map(|part| (part.doing)(self)).unwrap_or_default();
        embed(EmbedProps {
            doing: html! { <>{ player }{ doing }</> },
            bar: how.controls.then(bar),
            asked: self
                .props
                .asked
                .as_ref()
                .zip(parts.question)
                .map(|(asked, part)| (part.line)(asked, &self.run, &self.trace)),
            whole: self.whole(),
            beside: self.props.run.beside.is_some(),
            trace: &self.trace,
            title: &self.title,
            figure,
            poster: waits.then(|| self.play.clone()),
        })
    }

    /// The address of what is shown in a page of its own, also of the question that is open.
    fn whole(&self) -> String {
        let (run, page) = (&self.props.run, browser::address());
        match &self.props.asked {
            Some(asked) => [&*page, &asked.route(run.scenario()).href()].concat(),
            None => links::looked_at(run, &page),
        }
    }

    fn page(&self, figures: Html) -> Html {
        let run = &self.props.run;
        let editing = run.base.is_some();
        let around = late::parts().around.map_or_else(|| self.before(), |part| (part.around)(self));
        let Around { head, note, tools, list, verdicts, side, foot } = around;
        html! {
            <div class="page">
                { head }
                <main class={classes!("explorer", editing.then_some("editing"))} data-digest={format!("{:016x}", run.trace.digest)}>
                    if editing {
                        { self.late(|part| (part.editor)(self, self.stage(list.unwrap_or(figures), verdicts))) }
                    } else {
                        <div class="title">
                            <h1>{ &self.title }</h1>
                            <p class="about">{ note }</p>
                            { tools }
                        </div>
                        { self.stage(list.unwrap_or(figures), verdicts) }
                        { side }
                    }
                </main>
                { foot }
            </div>
        }
    }

    /// What has the places of what stands around the figure until that has arrived. Nothing is judged by it.
    fn before(&self) -> Around {
        let waits = || self.late(|_| Html::default());
        let properties = self.run.trace.specification().properties;
        let rows = [When::Always, When::ByTheEnd].map(|when| properties.iter().any(|property| property.when == when));
        let flaws = self.run.scenario().settings.flaws.0 != 0;
        let rows = rows.into_iter().chain([flaws]).filter(|row| *row);
        Around {
            head: html! { <header class="mast"></header> },
            note: self.note.clone(),
            tools: html! { <><p class="verdict-line soon" aria-hidden="true"><svg class="i"></svg><span>{ "\u{a0}" }</span></p>{ tools::place(self.has_requests()) }</> },
            list: None,
            verdicts: html! { <dl class="verdicts soon" aria-hidden="true">{ for rows.map(|_| html! { <><dt>{ "\u{a0}" }</dt><dd></dd></> }) }</dl> },
            side: html! { <aside class="margin" aria-label={words::NOTES}>{ waits() }</aside> },
            foot: html! {
                <div class="foot">
                    <section class="sheet" aria-label={words::SHEET}>{ waits() }</section>
                    <footer class="transport"></footer>
                </div>
            },
        }
    }

    /// A drawing of what stands around the figure.
    fn late(&self, draw: impl FnOnce(&AroundPart) -> Html) -> Html {
        late::with(Part::Around, late::parts().around, &self.arrived(), draw)
    }
}
