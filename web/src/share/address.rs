//! A run's addresses: as a link, and in the frame of another page. Pure.

use crate::state::address::Address;
use crate::state::caption::caption_of;
use crate::state::host::height;
use crate::state::options::{Embed, Look};
use crate::state::run::{Selection, State};
use crate::state::{gallery, links};
use crate::words;
use lightcone_engine::Scenario;
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
    /// In another page: whether the figure is a picture until it is started.
    pub(super) poster: bool,
}

impl Choice {
    /// What is chosen at first. A reader who has gone to a moment or selected something wants to show that.
    pub(super) fn of(run: &State) -> Choice {
        let look = Look::of(run);
        Choice { look: look.at.is_some() || look.select.is_some(), bare: false, drag: true, poster: true }
    }
}

/// The part after `#` in the address of the run, or in the address of a frame in another page.
pub(super) fn fragment(run: &State, choice: &Choice, embedded: bool) -> String {
    let scenario = if choice.bare { &run.scenario().without_moves() } else { run.scenario() };
    let embed = Embed { edit: choice.drag, poster: choice.poster, ..Embed::default() };
    let look = if choice.look { Look::of(run) } else { Look::least(run) };
    Address { route: links::route(scenario), look, embed: embedded.then_some(embed) }.fragment()
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

/// The frame in which another page shows the run, as HTML.
pub(super) fn snippet(run: &State, choice: &Choice, page: &str) -> String {
    let src = escaped(&format!("{page}#{}", fragment(run, choice, true)));
    let title = escaped(&caption_of(run).0);
    let height = height(run);
    format!(r#"<iframe src="{src}" title="{title}" width="100%" height="{height}" loading="lazy"></iframe>"#)
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
        let frame = snippet(&run, &Choice::of(&run), "https://host/a?b=\"c\"&d");
        let start =
            r#"<iframe src="https://host/a?b=&quot;c&quot;&amp;d#/embed/raft/election?at=98&amp;poster=yes" title=""#;
        assert!(frame.starts_with(start), "{frame}");
        assert!(frame.ends_with(r#"width="100%" height="460" loading="lazy"></iframe>"#), "{frame}");
    }
}
