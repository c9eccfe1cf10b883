//! The first page: one sentence, one live figure, then a table of contents.

use crate::figure::Figure;
use crate::figure::nodes::nodes;
use crate::panels::header::{HeaderProps, Place, header};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::address::Route;
use crate::state::run::{Action, State};
use crate::state::snapshot::Snapshot;
use crate::state::{gallery, links};
use crate::words;
use lightcone_content::gallery::Exhibit;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::simulate;
use lightcone_figure::draw::thumbnail::thumbnail;
use std::rc::Rc;
use yew::prelude::*;

/// The run that the first figure shows, if the gallery has it.
const HERO: (&str, &str) = ("raft", "one-heartbeat-late");

/// Runs of a protocol that are shown at once; the rest unfolds.
const SHOWN: usize = 3;

/// The first page.
#[component]
pub fn Home() -> Html {
    let sought = use_state(String::new);
    let oninput = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            sought.set(field.value().to_ascii_lowercase());
        })
    };
    let search = html! {
        <label class="search">{ icon(Icon::Search) }<input type="search" placeholder={words::SEARCH} aria-label={words::SEARCH} {oninput} /></label>
    };
    let chapters: Vec<Html> = lightcone_protocols::PROTOCOLS
        .iter()
        .rev()
        .enumerate()
        .filter_map(|(place, family)| chapter(place + 1, *family, sought.trim()))
        .collect();
    html! { <>
        { memo(HeaderProps { place: Place::Home, children: search }, header) }
        <main class="wrap">
            <div class="hero">
                <h1>{ words::HERO }</h1>
                <p>{ words::HERO_INTRO }</p>
            </div>
            <div hidden={!sought.is_empty()}>if let Some(exhibit) = hero() { <Hero {exhibit} /> }</div>
            <p class="found" role="status">{ if chapters.is_empty() { words::NOTHING_FOUND } else { "" } }</p>
            <div>{ for chapters }</div>
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
    let open = links::route(state.scenario()).href();
    html! {
        <section class="herofig" aria-label={props.exhibit.title.clone()}>
            <div class="figure"><Figure {state} {dispatch} /></div>
            <div class="cap">
                <p>{ &props.exhibit.title }{ ". " }<span class="q">{ gallery::protocol_title(props.exhibit.protocol) }</span></p>
                <span class="sp"></span>
                <a class="btn line" href={open}>{ words::OPEN_THIS_RUN }</a>
            </div>
        </section>
    }
}

/// Whether a run is meant by these words: all of them are in its title, its note or its protocol's name.
fn is_meant(exhibit: &Exhibit, sought: &str) -> bool {
    let said = [&exhibit.title, &exhibit.note, gallery::protocol_title(exhibit.protocol)].map(str::to_ascii_lowercase);
    sought.split_whitespace().all(|word| said.iter().any(|text| text.contains(word)))
}

/// A protocol with its runs: all that are meant by the words sought; none if there are none.
fn chapter(number: usize, family: &dyn AnyProtocol, sought: &str) -> Option<Html> {
    let specification = family.specification();
    let own_run = Route::Protocol { protocol: specification.id.into() }.href();
    let exhibits = gallery::exhibits();
    let own = exhibits.iter().filter(|exhibit| exhibit.protocol == specification.id);
    let own: Vec<&Exhibit> = own.filter(|exhibit| is_meant(exhibit, sought)).collect();
    if own.is_empty() && !sought.is_empty() {
        return None;
    }
    let shown = if sought.is_empty() { SHOWN } else { own.len() };
    Some(html! {
        <section class="ch" aria-labelledby={specification.id}>
            <div class="chh">
                <span class="chn num">{ number }</span>
                <h2 id={specification.id}><a href={own_run}>{ specification.title }</a></h2>
                <p>{ specification.summary }</p>
                <p class="cnt">{ words::count(own.len(), "run", "runs") }{ format!(" · {}", specification.source) }</p>
            </div>
            <div class="runs-of">
                <ul class="cards">{ for own.iter().take(shown).map(|exhibit| card(exhibit)) }</ul>
                if own.len() > shown {
                    <details class="rest">
                        <summary>{ words::more_runs(own.len() - shown) }</summary>
                        <ul class="cards">{ for own.iter().skip(shown).map(|exhibit| card(exhibit)) }</ul>
                    </details>
                }
            </div>
        </section>
    })
}

fn card(exhibit: &Exhibit) -> Html {
    html! {
        <li>
            <a class="card" href={links::exhibit_route(exhibit).href()}>
                { memo(exhibit.clone(), picture) }
                <b>{ &exhibit.title }</b>
            </a>
        </li>
    }
}

/// A small picture of a run.
fn picture(exhibit: &Exhibit) -> Html {
    nodes(0, |out| {
        thumbnail(&simulate(&exhibit.scenario), exhibit.opening().map(|opening| (opening.from, opening.to)), out)
    })
}
