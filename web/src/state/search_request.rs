//! What the page asks a search, and what the search reports, as plain text, because both cross the border to a worker. This
//! file checks every report before the page uses it.

use crate::state::{known, links};
use lightcone_content::stages::{Kind, Stage, stages};
use lightcone_engine::limits::MAX_EVENTS;
use lightcone_engine::{EventIndex, Scenario, Time, Trace, simulate};
use lightcone_formats::link;
use lightcone_search::{Bounds, Budget, Ending, Search, Target};
use std::rc::Rc;

/// The deepest that a search goes.
pub const MOST_DEPTH: u8 = 60;
/// The most there is of one budget.
pub const MOST_BUDGET: u8 = 20;

/// A search has no more stages.
const MOST_STAGES: usize = 32;

/// Something to be searched: a run, and the stages in which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The run, as the reader has it. Stays on this side.
    pub origin: Rc<Scenario>,
    /// The moment of the cursor. Stays on this side.
    pub at: Time,
    /// From where it is searched, and how far, the nearest first.
    pub stages: Vec<Stage>,
    /// What is looked for.
    pub target: Target,
    /// Among how many workers the stages are dealt, in turn.
    pub shares: usize,
    /// The share that goes on alone: it has found what the search is for.
    pub alone: Option<usize>,
    /// The stages that are left out, one bit each: those that are over, and those that the reader skipped.
    pub left_out: u32,
    /// The shares whose stages all have had their first turn, one bit each.
    pub hurried: u32,
}

impl Request {
    /// A search from a moment of a run, as far as the reader says.
    #[must_use]
    pub fn new(trace: &Trace, at: Time, chosen: Option<Bounds>, target: Target) -> Request {
        let mut stages = stages(known::library(), trace, at, chosen, target);
        stages.truncate(MOST_STAGES);
        let origin = trace.scenario.clone();
        Request { origin, at, stages, target, shares: 1, alone: None, left_out: 0, hurried: 0 }
    }

    /// The same for so many workers.
    #[must_use]
    pub fn among(self, workers: usize) -> Request {
        Request { shares: workers.clamp(1, self.stages.len()), ..self }
    }

    /// The stages of a share that are not left out.
    pub fn share(&self, share: usize) -> impl Iterator<Item = (usize, &Stage)> {
        let own = move |place: &usize| place % self.shares == share && !self.leaves_out(*place);
        self.stages.iter().enumerate().filter(move |(place, _)| own(place))
    }

    /// Whether a stage is left out.
    #[must_use]
    pub fn leaves_out(&self, stage: usize) -> bool {
        self.left_out & 1 << stage != 0
    }

    /// A share as text: whether it is hurried, what is looked for, and a line for each stage: its place, whether its first turn
    /// is long, the event or a dash, depth, states, each budget, the link. None if there is nothing to do.
    #[must_use]
    pub fn text(&self, share: usize) -> Option<String> {
        let idle = self.alone.is_some_and(|alone| alone != share) || self.share(share).next().is_none();
        (!idle).then(|| self.write(share))
    }

    fn write(&self, share: usize) -> String {
        let mut text = format!("{} {}", self.hurried >> share & 1, number_of(self.target));
        for (place, stage) in self.share(share) {
            let long = u8::from(matches!(stage.kind, Kind::Here(_) | Kind::Small | Kind::Usual));
            let from = stage.from.map_or_else(|| "-".to_owned(), |from| from.0.to_string());
            text.push_str(&format!("\n{place} {long} {from} {} {}", stage.bounds.depth, stage.bounds.states));
            for amount in stage.bounds.budget {
                text.push_str(&format!(" {amount}"));
            }
            let bare = Scenario { title: String::new(), note: String::new(), ..(*stage.scenario).clone() };
            text.push(' ');
            text.push_str(&link::encode(&bare));
        }
        text
    }

    /// The protocol without which a request cannot be read, if it has not arrived. All its stages are about one.
    #[must_use]
    pub fn missing(text: &str) -> Option<&'static str> {
        let (_, link) = text.lines().nth(1)?.rsplit_once(' ')?;
        links::missing_of_link(link)
    }

    /// Reads what [`Request::text`] wrote: the stages with their places, of whose kinds only how long they are searched first matters, and whether
    /// it is hurried; none if it is anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<(Vec<(usize, Stage)>, bool)> {
        let mut lines = text.split('\n');
        let (hurried, target) = lines.next()?.split_once(' ')?;
        let (hurried, target) = (number(Some(hurried), 1)? == 1, target_of(number(Some(target), u32::MAX)?)?);
        let stages: Vec<_> = lines.take(MOST_STAGES + 1).map(|line| read_stage(line, target)).collect::<Option<_>>()?;
        (!stages.is_empty() && stages.len() <= MOST_STAGES).then_some((stages, hurried))
    }
}

/// What is looked for, as a number.
fn number_of(target: Target) -> u32 {
    match target {
        Target::AnyBreach => 0,
        Target::Breach(place) => 32 + u32::from(place),
        Target::Reaches(place) => 64 + u32::from(place),
        Target::Never(place) => 96 + u32::from(place),
        Target::Happens(place) => 128 + u32::from(place),
    }
}

/// Reads it.
fn target_of(number: u32) -> Option<Target> {
    let place = (number % 32) as u8;
    Some(match number / 32 {
        0 if place == 0 => Target::AnyBreach,
        1 => Target::Breach(place),
        2 => Target::Reaches(place),
        3 => Target::Never(place),
        4 => Target::Happens(place),
        _ => return None,
    })
}

fn read_stage(line: &str, target: Target) -> Option<(usize, Stage)> {
    let mut words = line.split(' ');
    let place = number(words.next(), MOST_STAGES as u32 - 1)? as usize;
    let kind = if number(words.next(), 1)? == 1 { Kind::Small } else { Kind::Start };
    let from = match words.next()? {
        "-" => None,
        from => Some(EventIndex(number(Some(from), MAX_EVENTS)?)),
    };
    let depth = number(words.next(), MOST_DEPTH.into())? as u8;
    let states = number(words.next(), Bounds::MOST_STATES)?;
    let mut bounds = Bounds { depth, states, budget: [0; Budget::ALL.len()] };
    for amount in &mut bounds.budget {
        *amount = number(words.next(), MOST_BUDGET.into())? as u8;
    }
    let scenario = Rc::new(link::decode(words.next()?, known::protocols()).ok()?.scenario);
    let happens = from.is_none_or(|from| from.index() < simulate(&scenario).events.len());
    happens.then_some((place, Stage { kind, scenario, from, bounds, target }))
}

/// How far all stages are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Round {
    /// Each has a first turn.
    #[default]
    First,
    /// Each goes on to its end.
    Second,
}

/// How far a search is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The stage that is searched: its place.
    pub stage: u8,
    /// In which round that is.
    pub round: Round,
    /// Whether nothing goes on in this share.
    pub over: bool,
    /// Different states found so far.
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
    /// The report of a search that has taken so many milliseconds.
    #[must_use]
    pub fn of(search: &Search, millis: u32) -> Report {
        let progress = search.progress();
        let found = search.found().map(|found| (link::encode(&found.scenario), found.begins, found.events));
        let (states, levels, ending) = (progress.states, progress.levels, progress.ending);
        let (stage, round, over) = (0, Round::First, false);
        Report { stage, round, over, states, millis, levels, ending, found }
    }

    /// As text: the stage, the round and two more if it is over, states, milliseconds, the ending's number and depth, the run's moment, events and link or a dash, the levels.
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
        let (stage, round) = (self.stage, self.round as u8 + 2 * u8::from(self.over));
        let mut text = format!("{stage} {round} {states} {millis} {ending} {tried_to} {begins} {events} {link}");
        for states in &self.levels {
            text.push_str(&format!(" {states}"));
        }
        text
    }

    /// Reads what [`Report::text`] wrote; none if it is anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Report> {
        let mut words = text.split(' ');
        let stage = number(words.next(), MOST_STAGES as u32 - 1)? as u8;
        let round = number(words.next(), 3)?;
        let (round, over) = (if round % 2 == 0 { Round::First } else { Round::Second }, round > 1);
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
        Some(Report { stage, round, over, states, millis, levels, ending, found })
    }
}

fn number(word: Option<&str>, most: u32) -> Option<u32> {
    word?.parse().ok().filter(|number| *number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;

    #[test]
    fn a_request_crosses_the_border_whole() {
        let trace = simulate(&gallery::find("raft", "vote-not-persisted").expect("the gallery has it").scenario);
        let chosen = Bounds::usual(&trace.assumes()).with(Budget::Crash, 2);
        for (at, chosen) in [(90, None), (0, Some(chosen)), (10_000, None)] {
            let request = Request::new(&trace, Time::from_millis(at), chosen, Target::AnyBreach);
            let read = |request: &Request| Request::read(&request.text(0).expect("there is something to do"));
            let (stages, hurried) = read(&request).expect("it is read");
            assert!(!hurried && stages.len() == request.stages.len());
            for ((place, read), stage) in stages.into_iter().zip(&request.stages) {
                assert_eq!((read.from, read.bounds), (stage.from, stage.bounds), "{place}");
                assert_eq!(read.scenario.settings, stage.scenario.settings, "{place}");
            }
            let skipped = Request { left_out: 1, hurried: 1, ..request };
            let (stages, hurried) = read(&skipped).expect("it is read");
            assert!(hurried && stages.iter().all(|(place, _)| *place > 0));
        }
    }

    #[test]
    fn stages_are_dealt_among_workers_and_each_target_crosses_the_border() {
        let trace = simulate(&gallery::blank("2pc").expect("the registry has it"));
        for target in [Target::Breach(1), Target::Reaches(0), Target::Never(31), Target::Happens(2)] {
            let request = Request::new(&trace, Time::ZERO, None, target).among(3);
            let dealt =
                (0..3).flat_map(|share| Request::read(&request.text(share).expect("it has stages")).expect("read").0);
            let mut places: Vec<_> =
                dealt.inspect(|(_, stage)| assert_eq!(stage.target, target)).map(|it| it.0).collect();
            places.sort_unstable();
            assert_eq!(places, (0..request.stages.len()).collect::<Vec<_>>());
            let alone = Request { alone: Some(1), ..request };
            assert!(alone.text(0).is_none() && alone.text(1).is_some());
        }
    }

    #[test]
    fn a_report_crosses_the_border_whole() {
        let found = Some(("1.raft.x".to_owned(), Time::from_millis(326), 8));
        let endings =
            [Ending::Shortest, Ending::Found { tried_to: 6 }, Ending::Exhausted, Ending::Full { tried_to: 9 }];
        for ending in endings.into_iter().map(Some).chain([None]) {
            let (stage, round, over) = (3, Round::Second, true);
            let report = Report {
                stage,
                round,
                over,
                states: 8_450,
                millis: 213,
                levels: vec![1, 5, 20],
                ending,
                found: found.clone(),
            };
            assert_eq!(Report::read(&report.text()), Some(report));
        }
        assert_eq!(Report::read(&Report::default().text()), Some(Report::default()));
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in [
            "",
            "-",
            "0 0 1 2",
            "0 0 x 2 0 0 0 0 -",
            "0 4 1 2 0 0 0 0 -",
            "0 0 1 2 0 0 0 0 - 5 y",
            "99 0 1 2 0 0 0 0 -",
        ] {
            assert_eq!(Report::read(text), None, "{text}");
        }
        for text in [
            "",
            "0",
            "0 0",
            "0 0\n0 0 - 24 1000",
            "0 0\n0 0 - 99 1000 0 0 0 0 0 0 0 x",
            "2 0\n0 0 - 24 9 0 0 0 0 0 0 0 x",
            "0 0\n0 0 - 9 1 1 x",
        ] {
            assert_eq!(Request::read(text), None, "{text}");
        }
    }
}
