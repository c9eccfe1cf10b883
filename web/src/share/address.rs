//! A run's addresses: as a link, and in the frame of another page. Pure.

use crate::state::address::{Address, Route};
use crate::state::caption::caption_of;
use crate::state::host::height;
use crate::state::options::{self, Colour, Embed, Look, Theme};
use crate::state::run::{Selection, State};
use crate::state::{gallery, links};
use crate::words;
use lightcone_engine::{Scenario, Time};
use lightcone_figure::read::sentences;
use lightcone_figure::svg::escaped;

/// The options of an address, besides the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Where the reader looks.
    pub(super) look: bool,
    /// The run without the reader's moves.
    pub(super) bare: bool,
    /// In another page: whether messages can be dragged.
    pub(super) drag: bool,
    /// In another page: whether there is a bar to play with.
    pub(super) controls: bool,
    /// In another page: when the figure begins to live.
    pub(super) start: Start,
    /// In another page: the stretch of time that is seen, where it is not that with which the run opens.
    pub(super) stretch: [Option<Time>; 2],
    /// In another page: its colours, if they are not the reader's own choice.
    pub(super) theme: Option<Theme>,
    /// In another page: the colour of the paper, if it is not Lightcone's own.
    pub(super) paper: Option<Colour>,
    /// In another page: the colour of the reader's hand, in the same way.
    pub(super) accent: Option<Colour>,
    /// In another page: as a frame alone, for a page that lets in no script.
    pub(super) frame: bool,
    /// In another page: the figure's height in pixels, if it does not say itself how high it would like to be.
    pub(super) height: Option<u16>,
}

/// When a figure in another page begins to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// When its reader presses it: until then it is a picture.
    Pressed,
    /// When it is seen.
    Seen,
    /// When it is seen, and then it plays.
    Plays,
}

impl Choice {
    /// What is chosen at first. A reader who has gone to a moment or selected something wants to show that.
    pub(super) fn of(run: &State) -> Choice {
        let look = Look::of(run);
        Choice {
            look: look.at.is_some() || look.select.is_some(),
            bare: false,
            drag: true,
            controls: true,
            start: Start::Pressed,
            stretch: [look.from, look.to],
            theme: None,
            paper: None,
            accent: None,
            frame: false,
            height: None,
        }
    }

    fn embed(&self) -> Embed {
        Embed {
            edit: self.drag,
            controls: self.controls,
            poster: self.start == Start::Pressed,
            autoplay: self.start == Start::Plays,
            theme: self.theme,
            paper: self.paper,
            accent: self.accent,
        }
    }
}

/// The part after `#` in the address of the run, or in the address of a frame in another page.
pub(super) fn fragment(run: &State, choice: &Choice, embedded: bool) -> String {
    let scenario = if choice.bare { &run.scenario().without_moves() } else { run.scenario() };
    let look = if choice.look { Look::of(run) } else { Look::least(run) };
    let [from, to] = choice.stretch;
    let look = if embedded { Look { from, to, ..look } } else { look };
    Address { route: links::route(scenario), look, embed: embedded.then(|| choice.embed()) }.fragment()
}

/// The name of the choice to open the run where the reader looks; none where it opens there by itself.
pub(super) fn where_to_look(run: &State) -> Option<String> {
    let trace = &run.trace;
    let selected = match run.selection {
        Selection::Nothing => None,
        Selection::Event(event) => trace.event(event).node.map(|node| words::an_event_of(&trace.name(node))),
        Selection::Message(id) => Some(sentences::whose_message(trace, id)),
        Selection::Timer(id) => Some(words::a_timer_of(&trace.name(id.node))),
        Selection::Lane(node) => Some(trace.name(node)),
    };
    (Look::of(run) != Look::least(run)).then(|| words::open_at(run.cursor, selected.as_deref()))
}

/// What another page has to contain to show the run, as HTML: the element, or a frame alone.
pub(super) fn snippet(run: &State, choice: &Choice, page: &str) -> String {
    if choice.frame { frame(run, choice, page) } else { element(run, choice, page) }
}

/// The address of the frame.
pub(super) fn source(run: &State, choice: &Choice, page: &str) -> String {
    format!("{page}#{}", fragment(run, choice, true))
}

fn frame(run: &State, choice: &Choice, page: &str) -> String {
    let (src, title) = (escaped(&source(run, choice, page)), escaped(&caption_of(run).0));
    let height = choice.height.map_or_else(|| height(run), usize::from);
    format!(r#"<iframe src="{src}" title="{title}" width="100%" height="{height}" loading="lazy"></iframe>"#)
}

/// The element takes the options of an address as attributes. What stands in it is seen where there is no JavaScript.
fn element(run: &State, choice: &Choice, page: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Address { route, look, embed } = Address::of(&fragment(run, choice, true));
    let embed = Embed { poster: false, ..embed.unwrap_or_default() };
    let (kind, name) = match &route {
        Route::Run { link } => ("link", link.clone()),
        route => ("run", route.fragment().trim_start_matches('/').to_owned()),
    };
    let mut said = vec![(kind, name)];
    let query = options::write(&look, &embed);
    let parts = query.trim_start_matches('?').split('&').filter_map(|part| part.split_once('='));
    said.extend(parts.map(|(name, value)| (name, value.to_owned())));
    said.extend((choice.start == Start::Pressed).then(|| ("start", "press".to_owned())));
    said.extend(choice.height.map(|height| ("height", height.to_string())));
    let attributes: String = said.iter().map(|(name, value)| format!(r#" {name}="{}""#, escaped(value))).collect();
    let (title, href) = (escaped(&caption_of(run).0), escaped(&format!("{page}#{}", fragment(run, choice, false))));
    let script = escaped(&format!("{folder}/lightcone.js"));
    format!(
        "<script type=\"module\" src=\"{script}\"></script>\n<light-cone{attributes}><a href=\"{href}\">{title}</a></light-cone>"
    )
}

/// The name of a file about the run: `raft-election.svg`, or `raft.svg` for runs that have no name.
pub(super) fn file_name(scenario: &Scenario, ending: &str) -> String {
    let protocol = scenario.protocol.specification().id;
    match gallery::recognise(scenario) {
        Some(exhibit) => format!("{protocol}-{}{ending}", exhibit.slug),
        None => format!("{protocol}{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::run::{Action, Window};
    use lightcone_engine::{Edit, Time};

    fn election() -> State {
        links::opened(&gallery::find("raft", "election").expect("the gallery has it").scenario)
    }

    #[test]
    fn a_run_is_shared_as_it_is_looked_at() {
        let run = election();
        let choice = Choice::of(&run);
        assert_eq!((fragment(&run, &choice, false).as_str(), where_to_look(&run)), ("/raft/election", None));
        let run = run.after(Action::Look(Time::from_micros(98_500)));
        let choice = Choice::of(&run);
        assert_eq!(fragment(&run, &choice, false), "/raft/election?at=98.5");
        assert_eq!(fragment(&run, &choice, true), "/embed/raft/election?at=98.5&poster=yes");
        let choice = Choice { look: false, drag: false, ..choice };
        assert_eq!(fragment(&run, &choice, true), "/embed/raft/election?edit=no&poster=yes");
    }

    #[test]
    fn what_is_selected_is_said_and_found_again() {
        let run = election();
        let run = run.after(Action::Select(Selection::Message(run.trace.messages[3].id)));
        let run = run.after(Action::Look(Time::from_millis(98)));
        assert_eq!(fragment(&run, &Choice::of(&run), false), "/raft/election?at=98&select=m3");
        let name = sentences::whose_message(&run.trace, run.trace.messages[3].id);
        assert_eq!(where_to_look(&run), Some(format!("Open at 98 ms, {name} selected")));
        let zoomed = Window { from: Time::from_millis(20), to: Time::from_millis(100) };
        let run = run.after(Action::Show(zoomed));
        assert_eq!(fragment(&run, &Choice::of(&run), false), "/raft/election?at=98&from=20&to=100&select=m3");
        let again = Address::of(&fragment(&run, &Choice::of(&run), false)).look.show(election());
        assert_eq!((again.cursor, again.window, again.selection), (run.cursor, run.window, run.selection));
    }

    #[test]
    fn without_its_moves_a_run_is_the_one_it_was_made_from() {
        let run = election();
        let message = run.trace.messages[0].id;
        let run = run.after(Action::Make(Edit::Drop { message }));
        let choice = Choice::of(&run);
        assert!(fragment(&run, &choice, false).starts_with("/run/"));
        assert_eq!(fragment(&run, &Choice { bare: true, ..choice }, false), "/raft/election");
    }

    #[test]
    fn a_frame_has_no_sign_that_ends_an_attribute_and_room_for_its_lanes() {
        let run = election().after(Action::Look(Time::from_millis(98)));
        let choice = Choice { frame: true, ..Choice::of(&run) };
        let frame = snippet(&run, &choice, "https://host/a?b=\"c\"&d");
        let start =
            r#"<iframe src="https://host/a?b=&quot;c&quot;&amp;d#/embed/raft/election?at=98&amp;poster=yes" title=""#;
        assert!(frame.starts_with(start), "{frame}");
        assert!(frame.ends_with(r#"width="100%" height="460" loading="lazy"></iframe>"#), "{frame}");
        let (theme, choice) = (Some(Theme::Dark), Choice::of(&run));
        let element = snippet(&run, &Choice { theme, height: Some(460), ..choice }, "https://host/a/index.html");
        let wanted = "<script type=\"module\" src=\"https://host/a/lightcone.js\"></script>\n\
            <light-cone run=\"raft/election\" at=\"98\" theme=\"dark\" start=\"press\" height=\"460\"><a href=\"https://host/a/index.html#/raft/election?at=98\">";
        assert!(element.starts_with(wanted), "{element}");
    }

    #[test]
    fn whatever_is_chosen_stands_in_the_frame_and_in_the_element() {
        let run = election();
        let (time, colour) = (|millis| Some(Time::from_millis(millis)), |digits| Colour::read(digits));
        let choice = Choice {
            drag: false,
            controls: false,
            start: Start::Plays,
            stretch: [time(50), time(160)],
            paper: colour("f7f7f2"),
            accent: colour("0a5cad"),
            height: Some(300),
            ..Choice::of(&run)
        };
        let wanted = "/embed/raft/election?from=50&to=160&controls=no&edit=no&autoplay=yes&paper=f7f7f2&accent=0a5cad";
        assert_eq!(fragment(&run, &choice, true), wanted);
        let element = snippet(&run, &choice, "https://host/index.html");
        let wanted = r#"run="raft/election" from="50" to="160" controls="no" edit="no" autoplay="yes" paper="f7f7f2" accent="0a5cad" height="300">"#;
        assert!(element.contains(wanted), "{element}");
        let frame = snippet(&run, &Choice { frame: true, ..choice }, "https://host/index.html");
        assert!(frame.contains(r#"height="300""#), "{frame}");
        let seen = Choice { start: Start::Seen, ..Choice::of(&run) };
        assert_eq!(fragment(&run, &seen, true), "/embed/raft/election");
    }
}
