//! The line at the top of every page: the mark, where the reader is, and what can be done with a run.

use crate::parts::icons;
use crate::state::address::Route;
use crate::words;
use yew::prelude::*;

/// The place of the reader in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The first page.
    Home,
    /// No place of this page.
    Elsewhere,
    /// A log that was recorded elsewhere, or where one is opened.
    Log {
        /// The log's name.
        title: AttrValue,
    },
    /// A run, whose title stands beside its protocol's name.
    Run {
        /// Its protocol's name in addresses.
        id: &'static str,
        /// Its protocol's name.
        protocol: &'static str,
        /// The run's title.
        title: AttrValue,
        /// Whether it is edited.
        editing: bool,
    },
}

/// The inputs of [`header`].
#[derive(PartialEq)]
pub struct HeaderProps {
    /// Where the reader is.
    pub place: Place,
    /// The commands at the right of the header.
    pub children: Html,
}

/// Draws the bar at the head of the page.
pub fn header(props: &HeaderProps) -> Html {
    let home = Route::Home.href();
    let wide = if props.place == Place::Home { "mast wide" } else { "mast" };
    html! {
        <header class={wide}>
            <a class="logo" href={home}>{ icons::mark() }{ words::NAME }</a>
            if let Place::Run { id, protocol, title, editing } = &props.place {
                <nav class="crumb" aria-label={words::WHERE_YOU_ARE}>
                    <a href={Route::Protocol { protocol: (*id).into() }.href()}>{ *protocol }</a>
                    if title.as_str() != *protocol {
                        <span class="sep" aria-hidden="true">{ "/" }</span>
                        <span aria-current="page">{ title }</span>
                    }
                    if *editing {
                        <span class="sep" aria-hidden="true">{ "/" }</span>
                        <span>{ words::EDIT }</span>
                    }
                </nav>
            }
            if let Place::Log { title } = &props.place {
                <nav class="crumb" aria-label={words::WHERE_YOU_ARE}><span aria-current="page">{ title }</span></nav>
            }
            <span class="sp"></span>
            { props.children.clone() }
        </header>
    }
}
