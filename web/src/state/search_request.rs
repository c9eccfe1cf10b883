//! What the page asks of a search, and what it hears: plain text, because both cross the border to a worker. Nothing that
//! comes from there is believed before it is read here.

use lightcone_engine::limits::MAX_EVENTS;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Scenario, Time, Trace};
use lightcone_formats::link;
use lightcone_search::{Bounds, Ending, Search, Supply};
use std::rc::Rc;

/// The deepest that a search goes.
pub const MOST_DEPTH: u8 = 60;
/// The most there is of one supply.
pub const MOST_SUPPLY: u8 = 20;

/// Something to be searched: a run, the moment from which, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The run, as the reader has it.
    pub origin: Rc<Scenario>,
    /// The moment; none for the start.
    pub at: Option<Time>,
    /// The last event by then.
    pub from: Option<EventIndex>,
    /// How far.
    pub bounds: Bounds,
    /// Whether something is broken by then. Stays on this side.
    pub broken: bool,
}

impl Request {
    /// A search from a moment of a run. Before anything but starting has happened, that is its start.
    #[must_use]
    pub fn new(trace: &Trace, at: Time, bounds: Bounds) -> Request {
        let from = trace.last_event_by(at).filter(|event| trace.event(*event).at > Time::ZERO);
        let before = |verdict: &Verdict| matches!(verdict, Verdict::Broken { event, .. } if Some(*event) <= from);
        let broken = trace.verdicts.iter().any(before);
        Request { origin: trace.scenario.clone(), at: from.map(|_| at), from, bounds, broken }
    }

    /// As text: the event or a dash, depth, states, each supply, the link.
    #[must_use]
    pub fn text(&self) -> String {
        let from = self.from.map_or_else(|| "-".to_owned(), |from| from.0.to_string());
        let mut text = format!("{from} {} {}", self.bounds.depth, self.bounds.states);
        for amount in self.bounds.supply {
            text.push_str(&format!(" {amount}"));
        }
        let bare = Scenario { title: String::new(), note: String::new(), ..(*self.origin).clone() };
        text + " " + &link::encode(&bare)
    }

    /// Reads it.
    #[must_use]
    pub fn read(text: &str) -> Option<Request> {
        let mut words = text.split(' ');
        let from = match words.next()? {
            "-" => None,
            from => Some(EventIndex(number(Some(from), MAX_EVENTS)?)),
        };
        let depth = number(words.next(), MOST_DEPTH.into())? as u8;
        let states = number(words.next(), Bounds::MOST_STATES)?;
        let mut bounds = Bounds { depth, states, supply: [0; Supply::ALL.len()] };
        for amount in &mut bounds.supply {
            *amount = number(words.next(), MOST_SUPPLY.into())? as u8;
        }
        let origin = Rc::new(link::decode(words.next()?, lightcone_protocols::PROTOCOLS).ok()?.scenario);
        Some(Request { origin, at: None, from, bounds, broken: false })
    }
}

/// How far a search is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Different states.
    pub states: u32,
    /// How long it has searched.
    pub millis: u32,
    /// New states at each depth, the start first.
    pub levels: Vec<u32>,
    /// How it ended, if it has.
    pub ending: Option<Ending>,
    /// The best run so far: a link, the moment from which it is new, and its events from there.
    pub found: Option<(String, Time, u8)>,
}

impl Report {
    /// What there is to say of a search.
    #[must_use]
    pub fn of(search: &Search, millis: u32) -> Report {
        let progress = search.progress();
        let found = search.found().map(|found| (link::encode(&found.scenario), found.begins, found.events));
        Report { states: progress.states, millis, levels: progress.levels, ending: progress.ending, found }
    }

    /// As text: states, milliseconds, the ending's number and depth, the run's moment, events and link or a dash, the levels.
    #[must_use]
    pub fn text(&self) -> String {
        let (ending, tried_to) = match self.ending {
            None => (0, 0),
            Some(Ending::Shortest) => (1, 0),
            Some(Ending::Found { tried_to }) => (2, tried_to),
            Some(Ending::Exhausted) => (3, 0),
            Some(Ending::Full { tried_to }) => (4, tried_to),
        };
        let nothing = ("-".to_owned(), Time::ZERO, 0);
        let (link, begins, events) = self.found.as_ref().unwrap_or(&nothing);
        let (states, millis, begins) = (self.states, self.millis, begins.micros());
        let mut text = format!("{states} {millis} {ending} {tried_to} {begins} {events} {link}");
        for states in &self.levels {
            text.push_str(&format!(" {states}"));
        }
        text
    }

    /// Reads it.
    #[must_use]
    pub fn read(text: &str) -> Option<Report> {
        let mut words = text.split(' ');
        let states = number(words.next(), u32::MAX)?;
        let millis = number(words.next(), u32::MAX)?;
        let (ending, tried_to) = (number(words.next(), 4)?, number(words.next(), u8::MAX.into())? as u8);
        let begins = Time::from_micros(number(words.next(), u32::MAX)?.into());
        let events = number(words.next(), u8::MAX.into())? as u8;
        let found = words.next().filter(|link| *link != "-").map(|link| (link.to_owned(), begins, events));
        let ending = match ending {
            1 => Some(Ending::Shortest),
            2 => Some(Ending::Found { tried_to }),
            3 => Some(Ending::Exhausted),
            4 => Some(Ending::Full { tried_to }),
            _ => None,
        };
        let levels = words.take(usize::from(u8::MAX) + 1).map(|states| number(Some(states), u32::MAX));
        let levels = levels.collect::<Option<_>>()?;
        Some(Report { states, millis, levels, ending, found })
    }
}

fn number(word: Option<&str>, most: u32) -> Option<u32> {
    word?.parse().ok().filter(|number| *number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::simulate;

    #[test]
    fn a_request_crosses_the_border_whole() {
        let trace = simulate(&gallery::find("raft", "election").expect("the gallery has it").scenario);
        let middle = Request::new(
            &trace,
            Time::from_millis(90),
            Bounds::usual(&run.scenario().assumes()).with(Supply::Crash, 2),
        );
        let start = Request::new(&trace, Time::ZERO, Bounds::usual(&run.scenario().assumes()).to_depth(7));
        assert!(middle.from.is_some() && start.from.is_none() && start.at.is_none());
        for request in [middle, start] {
            assert_eq!(Request::read(&request.text()), Some(Request { at: None, ..request }));
        }
    }

    #[test]
    fn a_report_crosses_the_border_whole() {
        let found = Some(("1.raft.x".to_owned(), Time::from_millis(326), 8));
        let endings =
            [Ending::Shortest, Ending::Found { tried_to: 6 }, Ending::Exhausted, Ending::Full { tried_to: 9 }];
        for ending in endings.into_iter().map(Some).chain([None]) {
            let report = Report { states: 8_450, millis: 213, levels: vec![1, 5, 20], ending, found: found.clone() };
            assert_eq!(Report::read(&report.text()), Some(report));
        }
        assert_eq!(Report::read(&Report::default().text()), Some(Report::default()));
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in ["", "-", "1 2", "x 2 0 0 0 0 -", "1 2 5 0 0 0 -", "1 2 0 0 0 0 - 5 y", "1 2 0 0 0 300 -"] {
            assert_eq!(Report::read(text), None, "{text}");
        }
        for text in ["", "-", "- 24 1000", "- 99 1000 0 0 0 0 0 0 0 x", "- 24 9999999 0 0 0 0 0 0 0 x", "- 24 9 1 1 x"]
        {
            assert_eq!(Request::read(text), None, "{text}");
        }
    }
}
