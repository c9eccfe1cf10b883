//! What is said about a link that cannot be opened: what is wrong, and what still works as the first button.

use crate::browser;
use crate::state::address::Route;
use crate::state::page::{PageAction, Said};
use crate::words;
use yew::prelude::*;

/// What [`notice`] is given.
#[derive(PartialEq)]
pub struct NoticeProps {
    /// What there is to say.
    pub said: Said,
    /// Where page actions go.
    pub act: Callback<PageAction>,
}

/// The notice as a page of its own: there is no run to go back to.
pub fn notice_page(props: &NoticeProps) -> Html {
    let (title, sentence) = texts(&props.said);
    html! {
        <main class="said-page">
            <h1>{ title }</h1>
            <p>{ sentence }</p>
            <div class="btns">{ for remedies(props, false) }</div>
        </main>
    }
}

/// The notice above the run that stays open.
pub fn notice(props: &NoticeProps) -> Html {
    let (title, sentence) = texts(&props.said);
    html! {
        <section class="notice" role="alert">
            <h2>{ title }</h2>
            <p>{ sentence }</p>
            <div class="btns">{ for remedies(props, true) }</div>
        </section>
    }
}

fn texts(said: &Said) -> (&'static str, String) {
    match said {
        Said::Bad(bad) => (bad.title(), bad.sentence()),
        Said::Changed(changed) => (words::RUN_CHANGED, changed.to_string()),
    }
}

/// What still works; the most useful first, and only that one filled.
fn remedies(props: &NoticeProps, open: bool) -> Vec<Html> {
    let Said::Bad(bad) = &props.said else { return vec![dismiss(props, words::UNDERSTOOD, true)] };
    let mut remedies = Vec::new();
    if open {
        remedies.push(dismiss(props, words::KEEP_THIS_RUN, true));
    }
    if bad.newer() {
        remedies.push(button(words::RELOAD, remedies.is_empty(), Callback::from(|_| browser::reload())));
    }
    if let Some(scenario) = bad.readable() {
        let (scenario, name) = (scenario.clone(), words::open_readable(scenario.moves.len()));
        let open = props.act.reform(move |_| PageAction::Open(Box::new(scenario.clone())));
        remedies.push(button(&name, remedies.is_empty(), open));
    }
    if !open {
        let class = if remedies.is_empty() { "btn main" } else { "btn line" };
        remedies.push(html! { <a {class} href={Route::Home.href()}>{ words::SHOW_CONTENTS }</a> });
    }
    remedies
}

fn dismiss(props: &NoticeProps, name: &str, main: bool) -> Html {
    button(name, main, props.act.reform(|_| PageAction::Dismiss))
}

fn button(name: &str, main: bool, onclick: Callback<MouseEvent>) -> Html {
    let class = if main { "btn main" } else { "btn line" };
    html! { <button type="button" {class} {onclick}>{ name.to_owned() }</button> }
}
