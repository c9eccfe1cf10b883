//! The page's signs: 16 by 16, drawn in the colour of their text.

use yew::prelude::*;

/// Which sign is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Share by link.
    Link,
    /// Out of the page.
    Export,
    /// Opens a menu of more commands.
    More,
    /// The pointer that moves messages.
    Pointer,
    /// Crashes a node.
    Crash,
    /// Pause a node.
    Hold,
    /// Cuts links.
    Cut,
    /// A client's request.
    Request,
    /// Takes back a move.
    Undo,
    /// Makes a move again.
    Redo,
    /// The event before.
    Previous,
    /// The event after.
    Next,
    /// Plays the run.
    Play,
    /// Stops playing.
    Stop,
    /// To the violation.
    ToViolation,
    /// A promise that holds.
    Tick,
    /// A promise that is broken.
    Broken,
    /// Something good that has not come by the end.
    Open,
    /// A promise that was not put to the test.
    Untested,
    /// A promise of which nobody can tell.
    CannotTell,
    /// Nothing came of it.
    Nothing,
    /// It goes on now.
    Now,
    /// Two runs, one over the other.
    Beside,
    /// Closes what it stands in.
    Close,
    /// Moves a message earlier.
    Earlier,
    /// Moves a message later.
    Later,
    /// Find a run.
    Search,
    /// Edits the run.
    Edit,
}

/// Draws a sign. It says nothing to screen readers: what it is on has a name.
pub fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Link => {
            "M6.5 9.5a3 3 0 0 0 4.3 0l2.3-2.3a3 3 0 0 0-4.3-4.3L8 3.7M9.5 6.5a3 3 0 0 0-4.3 0L2.9 8.8a3 3 0 0 0 4.3 4.3l.8-.8"
        }
        Icon::Export => "M8 10V2.5M5 5l3-3 3 3M3 9.5v4h10v-4",
        Icon::More => return dots(),
        Icon::Pointer => "M3 2.5 12.8 7.2 8.6 8.7 6.8 12.9z",
        Icon::Crash => "M1 8h3.5M11.5 8H15M5.3 5.3l5.4 5.4m0-5.4-5.4 5.4",
        Icon::Hold => "M1 8h2.5M12.5 8H15M3.5 5.7h9v4.6h-9z",
        Icon::Cut => "M1.5 4h13M1.5 12h13M4 8l2-1.5h5.5L13 8l-1.5 1.5H6z",
        Icon::Request => "M1 8h4.3M10.7 8H15M5.3 8a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0",
        Icon::Undo => "M3 6.5h7a3.5 3.5 0 0 1 0 7H6M5.8 3.5 2.8 6.5l3 3",
        Icon::Redo => "M13 6.5H6a3.5 3.5 0 0 0 0 7h4M10.2 3.5l3 3-3 3",
        Icon::Previous => "M10.5 3.5 6 8l4.5 4.5M3.5 3.5v9",
        Icon::Next => "M5.5 3.5 10 8l-4.5 4.5M12.5 3.5v9",
        Icon::Play => return filled("M4 2.5v11l9-5.5z"),
        Icon::Stop => return filled("M3.5 3h3v10h-3zM9.5 3h3v10h-3z"),
        Icon::ToViolation => "M2 8h8M7 4.5 10.5 8 7 11.5M13.5 3.5v9",
        Icon::Tick => "m3 8.5 3.2 3.2L13 4.8",
        Icon::Broken => return broken(),
        Icon::Open => return open(),
        Icon::Untested | Icon::Nothing => "M3.5 8h9",
        Icon::CannotTell => return cannot_tell(),
        Icon::Now => return filled("M4.4 8a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0"),
        Icon::Beside => "M2 2.5h12v4h-12zM2 9.5h12v4h-12z",
        Icon::Close => "m3.5 3.5 9 9m0-9-9 9",
        Icon::Earlier => "m9.7 4-4 4 4 4",
        Icon::Search => "M11 7a4 4 0 1 1-8 0a4 4 0 1 1 8 0M10 10l3.5 3.5",
        Icon::Edit => "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2zM9.3 4.5l2.2 2.2",
        Icon::Later => "m6.3 4 4 4-4 4",
    };
    html! { <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

/// The sign for another page. An embedded run has it before the others have arrived.
pub fn away() -> Html {
    const PATH: &str = "M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4";
    html! { <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d={PATH} /></svg> }
}

/// The mark of the page: two light cones that meet in an event.
pub fn mark() -> Html {
    html! {
        <svg viewBox="0 0 18 22" aria-hidden="true">
            <path class="mark-cones" d="M2.5 2h13L2.5 20h13z" />
            <circle class="mark-event" cx="9" cy="11" r="2.6" />
        </svg>
    }
}

fn filled(path: &'static str) -> Html {
    html! { <svg class="i f" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

fn dots() -> Html {
    html! {
        <svg class="i f" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="3.5" cy="8" r="1.3" /><circle cx="8" cy="8" r="1.3" /><circle cx="12.5" cy="8" r="1.3" />
        </svg>
    }
}

fn broken() -> Html {
    html! {
        <svg class="i vio" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M5.2 1.3h5.6l3.9 3.9v5.6l-3.9 3.9H5.2l-3.9-3.9V5.2z" />
            <path class="vx" d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" />
        </svg>
    }
}

fn open() -> Html {
    html! {
        <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="5.5" stroke-dasharray="2.6 2.2" />
        </svg>
    }
}

fn cannot_tell() -> Html {
    html! {
        <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6" />
            <path d="M6.3 6.6a1.75 1.75 0 1 1 2.5 1.6c-.55.25-.8.55-.8 1.1M8 11.3v.05" />
        </svg>
    }
}
