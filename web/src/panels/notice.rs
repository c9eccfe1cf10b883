//! The notice about a link that cannot be opened: what is wrong, and as the first button what still works.

use crate::browser;
use crate::state::address::Route;
use crate::state::page::{PageAction, Said};
use crate::words;
use yew::prelude::*;

/// The inputs of [`notice`].
#[derive(PartialEq)]
pub struct NoticeProps {
    /// What there is to say.
    pub said: Said,
    /// Called with each page action.
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
        Said::Missing(_) => (words::PART_MISSING, words::PART_MISSING_MORE.to_owned()),
    }
}

/// The commands that still work, the most useful first. Only the first is filled.
fn remedies(props: &NoticeProps, open: bool) -> Vec<Html> {
    let mut remedies = Vec::new();
    let bad = match &props.said {
        Said::Bad(bad) => bad,
        Said::Changed(_) | Said::Missing(false) => return vec![dismiss(props, words::UNDERSTOOD, true)],
        Said::Missing(true) => {
            remedies.push(button(words::TRY_AGAIN, true, props.act.reform(|_| PageAction::Again)));
            remedies.extend(open.then(|| dismiss(props, words::UNDERSTOOD, false)));
            return remedies;
        }
    };
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
