//! The line at the top of every page: the mark, where the reader is, and what can be done with a run.

use crate::parts::icons;
use crate::state::address::Route;
use crate::words;
use yew::prelude::*;

/// Where the reader is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The first page.
    Home,
    /// No place of this page.
    Elsewhere,
    /// A run.
    Run {
        /// Its protocol's name in addresses.
        id: &'static str,
        /// Its protocol's name.
        protocol: &'static str,
        /// Its title.
        title: AttrValue,
    },
}

/// What [`header`] is given.
#[derive(PartialEq)]
pub struct HeaderProps {
    /// Where the reader is.
    pub place: Place,
    /// What can be done here.
    pub children: Html,
}

/// The header.
pub fn header(props: &HeaderProps) -> Html {
    let home = Route::Home.href();
    let wide = if props.place == Place::Home { "mast wide" } else { "mast" };
    html! {
        <header class={wide}>
            <a class="logo" href={home}>{ icons::mark() }{ words::NAME }</a>
            if let Place::Run { id, protocol, title } = &props.place {
                <nav class="crumb" aria-label={words::WHERE_YOU_ARE}>
                    <a href={Route::Protocol { protocol: (*id).into() }.href()}>{ *protocol }</a>
                    if title.as_str() != *protocol {
                        <span class="sep" aria-hidden="true">{ "/" }</span>
                        <span aria-current="page">{ title }</span>
                    }
                </nav>
            }
            <span class="sp"></span>
            { props.children.clone() }
        </header>
    }
}
