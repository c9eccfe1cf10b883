//! A run inside another page: title, a way to the whole page, the figure, a bar of 56 pixels. Nothing around it.

use crate::panels::minimap::MiniMap;
use crate::panels::transport::{ControlsProps, controls};
use crate::panels::verdicts::{VerdictsProps, verdict_line};
use crate::parts::icons;
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`embed`].
pub struct EmbedProps<'a> {
    /// What goes on without being seen.
    pub doing: Html,
    /// The bar, if it has one.
    pub bar: Option<Html>,
    /// How the run stands to the question that is open: in a few words, and a sentence.
    pub asked: Option<(Html, String)>,
    /// The address of what is shown in the whole page.
    pub whole: String,
    /// Whether there is another run beside it.
    pub beside: bool,
    /// The run that is shown: the preview while a message is held.
    pub trace: &'a ByPointer<Trace>,
    /// The run's title.
    pub title: &'a str,
    /// The figure, already drawn.
    pub figure: Html,
    /// Whether it is a picture still, and what starts it.
    pub poster: Option<Callback<()>>,
}

/// The inputs of [`bar`].
pub struct BarProps<'a> {
    /// The page's state; of two runs, the one that is looked at.
    pub run: &'a Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: &'a ByPointer<Trace>,
    /// The moment that the figure tells of.
    pub at: Time,
    /// Whether the cursor moves by itself.
    pub playing: bool,
    /// Starts and stops playing.
    pub play: &'a Callback<()>,
    /// Called with each action.
    pub dispatch: &'a Callback<Action>,
}

/// The run with as little around it as can be.
pub fn embed(props: EmbedProps<'_>) -> Html {
    let trace = props.trace;
    let nodes = trace.lanes().iter().filter(|lane| !lane.client).count();
    let about = words::embedded(trace.specification().title, nodes);
    html! {
        <div class="embed">
            <header class="eh">
                <h1>{ props.title }</h1>
                <p>{ about }</p>
                <span class="sp"></span>
                <a class="logo btn" href={props.whole} target="_blank" rel="noopener" aria-label={words::OPEN_IN_LIGHTCONE}>
                    { icons::mark() }<span>{ words::OPEN_IN_LIGHTCONE }</span>{ icons::away() }
                </a>
            </header>
            if let Some((stands, said)) = props.asked {
                <p class="ea" role="status">{ stands }{ " " }{ said }</p>
            }
            <main class="stage" data-digest={format!("{:016x}", trace.digest)}>
                <div class={classes!("figure", props.beside.then_some("two"))}>
                    { props.figure }
                    if let Some(start) = props.poster {
                        <button type="button" class="poster" aria-label={words::START} title={words::START} onclick={start.reform(|_| ())}></button>
                    }
                </div>
            </main>
            if let Some(bar) = props.bar {
                <footer class="ef" aria-label={words::TRANSPORT}>{ bar }</footer>
            }
            { props.doing }
        </div>
    }
}

/// What the bar has: the event before, play, the event after, the whole run as a line, what is said of its promises.
pub fn bar(props: &BarProps<'_>) -> Html {
    let BarProps { run, trace, at, playing, play, dispatch } = *props;
    html! {
        <>
            { controls(&ControlsProps { trace, cursor: run.cursor, playing, dispatch, play }) }
            <MiniMap run={run.clone()} trace={trace.clone()} {at} dispatch={dispatch.clone()} ticks={true} />
            { verdict_line(&VerdictsProps { trace: trace.clone(), before: None, steps: run.steps, stands: None, dispatch: dispatch.clone() }) }
        </>
    }
}
