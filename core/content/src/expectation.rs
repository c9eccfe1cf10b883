//! What a run must show: a line of the section `expect` of a scenario file ([`crate::gallery`] has the list). `check` on the
//! command line and the tests of the gallery hold runs to it.

use alloc::format;
use alloc::string::String;
use lightcone_engine::protocol::{FlawSet, Specification, When};
use lightcone_engine::run::trace::{Event, Verdict};
use lightcone_engine::run::{Scenario, Trace, simulate};
use lightcone_engine::time::Time;
use lightcone_formats::text::{Problem, Words, quoted, unknown};

/// Something that a run must show. Properties are places in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation<'a> {
    /// Its place among the runs of its protocol, from 1.
    Place(u16),
    /// Every "always" property holds.
    Holds,
    /// This property holds.
    HoldsOne {
        /// Index into the specification's properties.
        property: usize,
    },
    /// This property breaks before any other.
    Breaks {
        /// Index into the specification's properties.
        property: usize,
        /// When, if the file says so.
        at: Option<Time>,
    },
    /// A good moment comes by the end.
    Reaches {
        /// Index into the specification's properties.
        property: usize,
    },
    /// A good moment does not come by the end.
    Misses {
        /// Index into the specification's properties.
        property: usize,
    },
    /// With all flaws off every "always" property holds.
    WithoutFlawHolds,
    /// An event happens in the stretch of time that its figure shows first.
    Opens(Opening),
    /// A figure of the run opens as the upper one of a comparison: what the other differs in, as addresses say it after `beside=`.
    Beside(&'a str),
    /// The run has this digest.
    Digest(u64),
}

/// The stretch of time and the moment that a run's figure shows first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where the stretch begins.
    pub from: Time,
    /// Where it ends; later than it begins.
    pub to: Time,
    /// The moment of the cursor, inside the stretch.
    pub at: Time,
}

impl<'a> Expectation<'a> {
    /// Reads a line of the section `expect`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &'a str, specification: &Specification) -> Result<Expectation<'a>, Problem> {
        const KINDS: [&str; 9] =
            ["holds", "breaks", "reaches", "misses", "without-flaw", "opens", "place", "beside", "digest"];
        let words = &mut Words::of(line);
        let kind = words.one_of("expectation", &KINDS)?;
        let more = words.clone().next("").is_ok();
        let expectation = match kind {
            0 if !more => Expectation::Holds,
            0 => Expectation::HoldsOne { property: property(words, specification)? },
            1 => {
                let property = property(words, specification)?;
                let more = words.clone().next("").is_ok();
                let at =
                    if more { words.one_of("word", &["at"]).and_then(|_| words.millis()).map(Some)? } else { None };
                Expectation::Breaks { property, at }
            }
            2 => Expectation::Reaches { property: property(words, specification)? },
            3 => Expectation::Misses { property: property(words, specification)? },
            4 => words.one_of("word", &["holds"]).map(|_| Expectation::WithoutFlawHolds)?,
            5 => Expectation::Opens(opening(words)?),
            6 => Expectation::Place(words.number("a whole number")?),
            7 => Expectation::Beside(words.next("a setting or run:name")?),
            _ => {
                let word = words.next("a digest")?;
                let digest = u64::from_str_radix(word, 16).ok().filter(|_| word.len() == 16);
                let wrong = || Problem::Expected { what: "a digest of 16 hexadecimal digits", word: quoted(word) };
                Expectation::Digest(digest.ok_or_else(wrong)?)
            }
        };
        words.end()?;
        Ok(expectation)
    }

    /// Whether the run shows it.
    ///
    /// # Errors
    /// What the run shows instead.
    pub fn check(&self, trace: &Trace) -> Result<(), String> {
        let said = |ok: bool, property: usize| if ok { Ok(()) } else { Err(instead(trace, property)) };
        match *self {
            Expectation::Holds => all_hold(trace),
            Expectation::HoldsOne { property } => said(trace.verdicts[property].is_kept(), property),
            Expectation::Reaches { property } => {
                said(matches!(trace.verdicts[property], Verdict::Holds { .. }), property)
            }
            Expectation::Misses { property } => {
                said(matches!(trace.verdicts[property], Verdict::NotByTheEnd { .. }), property)
            }
            Expectation::Breaks { property, at } => {
                let (first, event, _) = trace.first_violation().ok_or("nothing breaks")?;
                let when = trace.event(event).at;
                if first != property || at.is_some_and(|at| at != when) {
                    let id = trace.specification().properties[first].id;
                    return Err(format!("{id} breaks first, at {when} ms"));
                }
                Ok(())
            }
            // A matter of the gallery, not of the run.
            Expectation::Place(_) | Expectation::Beside(_) => Ok(()),
            Expectation::WithoutFlawHolds => all_hold(&simulate(&without_flaws(&trace.scenario))),
            Expectation::Opens(opening) => {
                let shown = |event: &Event| (opening.from..=opening.to).contains(&event.at);
                let inside = opening.to <= trace.horizon() && trace.events.iter().any(shown);
                if inside { Ok(()) } else { Err("nothing happens there".into()) }
            }
            Expectation::Digest(digest) if digest == trace.digest => Ok(()),
            Expectation::Digest(_) => Err(format!("it is {:016x}", trace.digest)),
        }
    }
}

/// The same schedule with all flaws off.
pub(crate) fn without_flaws(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.settings.flaws = FlawSet::default();
    scenario
}

/// What the run says of a property.
fn instead(trace: &Trace, property: usize) -> String {
    let id = trace.specification().properties[property].id;
    match &trace.verdicts[property] {
        Verdict::Holds { .. } => format!("{id} holds"),
        Verdict::Broken { event, breach } => {
            format!("{id} breaks at {} ms: {}", trace.event(*event).at, breach.sentence)
        }
        Verdict::NotByTheEnd { .. } => format!("{id} does not come by the end"),
        Verdict::Untested { why } => format!("{id} is not put to the test: {why}"),
        Verdict::NotPromised { why } => format!("{id} is not promised: {why}"),
        Verdict::CannotTell { why } => format!("nobody can tell of {id}: {why}"),
    }
}

/// Whether nothing breaks, as far as the run shows.
fn all_hold(trace: &Trace) -> Result<(), String> {
    let properties = trace.specification().properties.iter().zip(&trace.verdicts).enumerate();
    let mut always = properties
        .filter(|(place, (property, _))| property.when == When::Always && trace.not_promised(*place).is_none());
    let not = always.find(|(_, (_, verdict))| !verdict.is_kept());
    not.map_or(Ok(()), |(place, _)| Err(instead(trace, place)))
}

fn opening(words: &mut Words<'_>) -> Result<Opening, Problem> {
    let from = words.millis()?;
    words.one_of("word", &["to"])?;
    let to = words.millis()?;
    let more = words.clone().next("").is_ok();
    let at = if more { words.one_of("word", &["at"]).and_then(|_| words.millis())? } else { to };
    if from >= to || at < from || at > to {
        return Err(Problem::Expected { what: "a stretch of time and a moment in it", word: quoted("opens") });
    }
    Ok(Opening { from, to, at })
}

fn property(words: &mut Words<'_>, specification: &Specification) -> Result<usize, Problem> {
    let name = words.next("a property")?;
    let ids = specification.properties.iter().map(|property| property.id);
    ids.clone().position(|id| id == name).ok_or_else(|| unknown("property", name, ids))
}
