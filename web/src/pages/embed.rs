//! A run inside another page: title, a way to the whole page, the figure, a bar of 56 pixels. Nothing around it.

use crate::panels::minimap::MiniMap;
use crate::panels::transport::{ControlsProps, controls};
use crate::panels::verdicts::{VerdictsProps, verdict_line};
use crate::parts::icons::{self, Icon, icon};
use crate::state::links;
use crate::state::options::Embed;
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`embed`].
pub struct EmbedProps<'a> {
    /// How it behaves.
    pub embed: Embed,
    /// The page's state; of two runs, the one that is looked at.
    pub run: &'a Snapshot,
    /// The page's state, whichever run is looked at.
    pub whole: &'a Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: &'a ByPointer<Trace>,
    /// The moment that the figure tells of.
    pub at: Time,
    /// The run's title.
    pub title: &'a str,
    /// The figure, already drawn.
    pub figure: Html,
    /// Whether the cursor moves by itself.
    pub playing: bool,
    /// Whether it is a picture still, and what starts it.
    pub poster: Option<Callback<()>>,
    /// Starts and stops playing.
    pub play: Callback<()>,
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
                <a class="logo btn" href={links::looked_at(props.whole, &browser::address())} target="_blank" rel="noopener" aria-label={words::OPEN_IN_LIGHTCONE}>
                    { icons::mark() }<span>{ words::OPEN_IN_LIGHTCONE }</span>{ icon(Icon::Away) }
                </a>
            </header>
            <main class="stage" data-digest={format!("{:016x}", trace.digest)}>
                <div class={classes!("figure", props.whole.beside.is_some().then_some("two"))}>
                    { props.figure }
                    if let Some(start) = props.poster {
                        <button type="button" class="poster" aria-label={words::START} title={words::START} onclick={start.reform(|_| ())}></button>
                    }
                </div>
            </main>
            if props.embed.controls {
                <footer class="ef" aria-label={words::TRANSPORT}>
                    { controls(&ControlsProps { trace, cursor: props.run.cursor, playing: props.playing, dispatch: props.dispatch, play: &props.play }) }
                    <MiniMap run={props.run.clone()} trace={trace.clone()} at={props.at} dispatch={props.dispatch.clone()} ticks={true} />
                    { verdict_line(&VerdictsProps { trace: trace.clone(), before: None, steps: props.run.steps, stands: None, dispatch: props.dispatch.clone() }) }
                </footer>
            }
        </div>
    }
}
