//! The first page as it stands before anybody does anything: one sentence, the picture of a run, then a table of contents.
//!
//! It is no part of what the program draws. It is drawn when the page is built, stands in a file of its own, and is shown before the
//! program comes. The program puts what is alive (`home`) in the places named here, and hides the page while the reader is elsewhere. A
//! program in one piece has no such file: it draws this page by itself.

use super::contents::contents;
use crate::browser;
use crate::panels::header::{HeaderProps, Place, header};
use crate::parts::icons::{Icon, icon};
use crate::state::address::Route;
use crate::state::{gallery, links};
use crate::words;
use lightcone_content::gallery::Exhibit;
use lightcone_engine::simulate;
use lightcone_figure::read::words::summary;
use yew::prelude::*;

/// The name of the page.
pub const FRONT: &str = "front";
/// The name of the field that finds runs.
pub const FIELD: &str = "front-field";
/// The name of all that is below the page's first sentence.
pub const BODY: &str = "front-body";
/// The name of the run that is shown.
pub const SHOWN: &str = "front-shown";
/// The name of its picture, until it is alive.
pub const PICTURE: &str = "front-picture";
/// The name of the line below its picture, until something is moved.
pub const CAPTION: &str = "front-caption";

/// The inputs of [`First`].
#[derive(Properties, PartialEq, Default)]
pub struct FirstProps {
    /// The picture of the run that is shown, as text; none, if it is alive soon.
    #[prop_or_default]
    pub picture: AttrValue,
}

/// The page.
#[component]
pub fn First(props: &FirstProps) -> Html {
    let search = html! { <>
        <a class="btn" href="learn/">{ words::LEARN }</a>
        <a class="btn" href={Route::Log.href()}>{ words::OPEN_LOG }</a>
        <label class="search">{ icon(Icon::Search) }<input id={FIELD} type="search" placeholder={words::SEARCH} aria-label={words::SEARCH} /></label>
    </> };
    html! {
        <div id={FRONT}>
            { header(&HeaderProps { place: Place::Home, children: search }) }
            <main class="wrap">
                <div class="hero">
                    <h1>{ words::HERO }</h1>
                    <p>{ words::HERO_INTRO }</p>
                </div>
                <div id={BODY}>
                    if let Some(exhibit) = gallery::hero() { { shown(&exhibit, &props.picture) } }
                    { contents() }
                </div>
            </main>
        </div>
    }
}

fn shown(exhibit: &Exhibit, picture: &AttrValue) -> Html {
    let said = as_it_came(exhibit);
    html! {
        <section class="herofig" id={SHOWN} aria-label={said.clone()}>
            <div class="figure">
                <div class="figure-box picture" id={PICTURE} role="img" aria-label={summary(&simulate(&exhibit.scenario))}>
                    { Html::from_html_unchecked(picture.clone()) }
                </div>
            </div>
            { caption(Some(CAPTION), exhibit, said, [Html::default(), Html::default()], &links::exhibit_route(exhibit)) }
        </section>
    }
}

/// What is said of the run while nothing is moved.
pub fn as_it_came(exhibit: &Exhibit) -> AttrValue {
    format!("{}.", exhibit.title).into()
}

/// The line below the run: what is said of it, what the moves came to, how they are taken back, and where it opens.
pub fn caption(
    id: Option<&'static str>,
    exhibit: &Exhibit,
    said: AttrValue,
    [verdict, back]: [Html; 2],
    to: &Route,
) -> Html {
    html! {
        <div class="cap" {id}>
            <p>{ said }{ " " }<span class="q">{ gallery::protocol_title(exhibit.protocol) }</span></p>
            { verdict }
            <span class="sp"></span>
            { back }
            <a class="btn line" href={to.href()}>{ words::OPEN_THIS_RUN }</a>
        </div>
    }
}

/// Whether the page has arrived.
#[must_use]
pub fn is_here() -> bool {
    browser::is_here(FRONT)
}

/// Puts the page into the document unless it has been there before, or only fetches it `ahead`; whether it arrives.
#[cfg(feature = "parts")]
pub async fn fetch(ahead: bool) -> bool {
    is_here() || browser::fetch_front(ahead).await
}

/// Puts the page into the document unless it has been there before.
#[cfg(not(feature = "parts"))]
pub async fn fetch(ahead: bool) -> bool {
    if !ahead && !is_here() {
        yew::Renderer::<First>::with_root(browser::new_root()).render();
    }
    true
}
