//! The contents of the first page: the chapters, each with three pictures and all its protocols and runs; or what was found.

use crate::figure::nodes::nodes;
use crate::parts::memo::memo;
use crate::state::address::Route;
use crate::state::{gallery, links};
use crate::words;
use lightcone_content::find::{Find, Place, Subject, find};
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

/// All chapters.
pub fn contents(_: &()) -> Html {
    html! { <div>{ for CHAPTERS.iter().enumerate().map(|(place, each)| chapter(place + 1, each)) }</div> }
}

fn chapter(number: usize, chapter: &Chapter) -> Html {
    let exhibits = gallery::exhibits();
    let specifications = chapter.protocols.iter().map(|protocol| protocol.specification());
    let protocols: Vec<(&'static Specification, Vec<&Exhibit>)> = specifications
        .map(|own| (own, exhibits.iter().filter(|exhibit| exhibit.protocol == own.id).collect()))
        .collect();
    let runs = protocols.iter().map(|(_, runs)| runs.len()).sum();
    let id = format!("chapter-{number}");
    html! {
        <section class={classes!("ch", protocols.is_empty().then_some("bare"))} aria-labelledby={id.clone()}>
            <div class="chh">
                <span class="chn num">{ number }</span>
                <h2 {id}>{ chapter.title }</h2>
                <p>{ chapter.sentence }</p>
                <p class="cnt">{ words::chapter_counts(protocols.len(), runs) }</p>
            </div>
            if !protocols.is_empty() {
                <div class="runs-of">
                    <ul class="cards">{ for chosen(&protocols).into_iter().map(card) }</ul>
                    <ul class="systems" aria-label={words::PROTOCOLS}>{ for protocols.iter().map(|(own, runs)| system(own, runs)) }</ul>
                </div>
            }
        </section>
    }
}

/// The runs that have pictures: the first of each protocol in turn, then the second of each.
fn chosen<'a>(protocols: &[(&Specification, Vec<&'a Exhibit>)]) -> Vec<&'a Exhibit> {
    let most = protocols.iter().map(|(_, runs)| runs.len()).max().unwrap_or(0);
    let in_turn = (0..most).flat_map(|place| protocols.iter().filter_map(move |(_, runs)| runs.get(place).copied()));
    in_turn.take(PICTURES).collect()
}

fn card(exhibit: &Exhibit) -> Html {
    html! {
        <li>
            <a class="card" href={links::exhibit_route(exhibit).href()}>
                { memo(exhibit.clone(), picture) }
                <b>{ &exhibit.title }</b>
                <span>{ gallery::protocol_title(exhibit.protocol) }</span>
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

/// A protocol, which opens with its own run, and the titles of all its runs.
fn system(own: &Specification, runs: &[&Exhibit]) -> Html {
    html! {
        <li>
            <h3>{ protocol_link(own) }</h3>
            <p>{ own.summary }{ " " }<span class="q">{ own.source }</span></p>
            if !runs.is_empty() {
                <details class="rest">
                    <summary>{ words::count(runs.len(), "run", "runs") }<span class="vh">{ format!(" {}", own.title) }</span></summary>
                    <ul class="titles">{ for runs.iter().map(|exhibit| html! {
                        <li><a href={links::exhibit_route(exhibit).href()}>{ &exhibit.title }</a></li>
                    }) }</ul>
                </details>
            }
        </li>
    }
}

fn protocol_link(own: &Specification) -> Html {
    html! { <a href={Route::Protocol { protocol: own.id.into() }.href()}>{ own.title }</a> }
}

/// What is meant by the words sought, the best first.
pub fn found(sought: &AttrValue) -> Html {
    let exhibits = gallery::exhibits();
    let found = find(&exhibits, sought);
    html! {
        <section class="found">
            <p role="status">{ words::found(found.len()) }</p>
            <ul>{ for found.iter().map(line) }</ul>
        </section>
    }
}

fn line(find: &Find<'_>) -> Html {
    let (head, of) = match find.subject {
        Subject::Protocol(own) => (protocol_link(own), own.summary),
        Subject::Run(exhibit) => {
            let link = html! { <a href={links::exhibit_route(exhibit).href()}>{ &exhibit.title }</a> };
            (link, gallery::protocol_title(exhibit.protocol))
        }
    };
    let other = find.reasons.iter().filter(|reason| reason.place != Place::Protocol || reason.text != of);
    let reasons = other.filter_map(|reason| words::reason(reason.place, reason.text)).take(REASONS);
    html! {
        <li>
            <h3>{ head }</h3>
            <p>{ of }</p>
            <ul class="why">{ for reasons.map(|reason| html! { <li>{ reason }</li> }) }</ul>
        </li>
    }
}
