//! The contents of the first page: the chapters, each with three pictures and all its protocols and runs; or what was found.

use crate::figure::still::still;
use crate::parts::memo::memo;
use crate::state::address::Route;
use crate::state::{gallery, known, links};
use crate::words;
use lightcone_content::find::{Find, Subject, find};
use lightcone_content::gallery::Exhibit;
use lightcone_engine::protocol::Specification;
use lightcone_engine::simulate;
use lightcone_figure::draw::thumbnail::thumbnail;
use lightcone_protocols::{CHAPTERS, Chapter};
use yew::prelude::*;

/// Pictures of a chapter. The page draws no others, however many runs there are.
const PICTURES: usize = 3;

/// Reasons that a find shows.
const REASONS: usize = 3;

/// A protocol and its runs.
type Group<'a> = (&'static Specification, Vec<&'a Exhibit>);

/// All chapters.
pub fn contents() -> Html {
    let chapters: Vec<Html> = CHAPTERS.iter().enumerate().map(|(place, each)| chapter(place + 1, each)).collect();
    html! { <div>{ chapters }</div> }
}

fn chapter(number: usize, chapter: &Chapter) -> Html {
    let exhibits = gallery::exhibits();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for card in chapter.cards {
        let Some(protocol) = known::protocol(card.id) else { continue };
        let own = protocol.specification();
        groups.push((own, exhibits.iter().filter(|exhibit| exhibit.protocol == own.id).collect()));
    }
    let runs = groups.iter().map(|(_, runs)| runs.len()).sum();
    let id = format!("chapter-{number}");
    html! {
        <section class={if groups.is_empty() { "ch bare" } else { "ch" }} aria-labelledby={id.clone()}>
            <div class="chh">
                <span class="chn num">{ number }</span>
                <h2 {id}>{ chapter.title }</h2>
                <p>{ chapter.sentence }</p>
                <p class="cnt">{ words::chapter_counts(groups.len(), runs) }</p>
            </div>
            if !groups.is_empty() {
                <div class="runs-of">
                    { list("cards", &mut chosen(&groups).into_iter().map(card)) }
                    { list("systems", &mut groups.iter().map(system)) }
                </div>
            }
        </section>
    }
}

/// The runs that have pictures: the first of each protocol in turn, then the second of each.
fn chosen<'a>(groups: &[Group<'a>]) -> Vec<&'a Exhibit> {
    let mut chosen = Vec::new();
    for place in 0..PICTURES {
        chosen.extend(groups.iter().filter_map(|(_, runs)| runs.get(place)));
    }
    chosen.truncate(PICTURES);
    chosen
}

fn card(exhibit: &Exhibit) -> Html {
    html! {
        <a class="card" href={links::exhibit_route(exhibit).href()}>
            { memo(exhibit.clone(), picture) }
            <b>{ &exhibit.title }</b>
            <span>{ gallery::protocol_title(exhibit.protocol) }</span>
        </a>
    }
}

/// A small picture of a run.
fn picture(exhibit: &Exhibit) -> Html {
    still(0, |out| {
        thumbnail(&simulate(&exhibit.scenario), exhibit.opening().map(|opening| (opening.from, opening.to)), out)
    })
}

/// A protocol, which opens with its own run, and the titles of all its runs.
fn system((own, runs): &Group<'_>) -> Html {
    let more = html! { <>
        <p class="q">{ own.source }</p>
        if !runs.is_empty() {
            <details class="rest">
                <summary>{ words::runs_of(runs.len(), own.title) }</summary>
                { list("titles", &mut runs.iter().map(|exhibit| run_link(exhibit))) }
            </details>
        }
    </> };
    entry(protocol_link(own), own.summary, more)
}

/// What is meant by the words sought, the best first.
pub fn found(sought: &AttrValue) -> Html {
    let exhibits = gallery::exhibits();
    let found = find(known::protocols(), &exhibits, sought);
    html! {
        <section class="found">
            <p role="status">{ words::found(found.len()) }</p>
            { list("systems", &mut found.iter().map(line)) }
        </section>
    }
}

fn line(find: &Find<'_>) -> Html {
    let (head, about) = match find.subject {
        Subject::Protocol(own) => (protocol_link(own), own.summary),
        Subject::Run(exhibit) => (run_link(exhibit), gallery::protocol_title(exhibit.protocol)),
    };
    // What stands there anyway is no news.
    let news = find.reasons.iter().filter(|reason| reason.text != about);
    // One reason of each kind: a second term tells nothing more.
    let mut places = Vec::new();
    let other = news.filter(|reason| {
        let first = !places.contains(&reason.place);
        places.push(reason.place);
        first
    });
    let reasons: Vec<String> =
        other.filter_map(|reason| words::reason(reason.place, reason.text)).take(REASONS).collect();
    entry(head, about, html! { <p class="why">{ reasons.join(" · ") }</p> })
}

fn entry(head: Html, about: &'static str, more: Html) -> Html {
    html! { <><b>{ head }</b><p>{ about }</p>{ more }</> }
}

fn list(class: &'static str, items: &mut dyn Iterator<Item = Html>) -> Html {
    let items: Vec<Html> = items.map(|item| html! { <li>{ item }</li> }).collect();
    html! { <ul {class}>{ items }</ul> }
}

fn run_link(exhibit: &Exhibit) -> Html {
    link(links::exhibit_route(exhibit), exhibit.title.clone().into())
}

fn protocol_link(own: &Specification) -> Html {
    link(Route::Protocol { protocol: own.id.into() }, own.title.into())
}

fn link(to: Route, name: AttrValue) -> Html {
    html! { <a href={to.href()}>{ name }</a> }
}
