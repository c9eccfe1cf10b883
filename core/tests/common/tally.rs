//! Counts events over many runs, so that a test cannot pass without them. A line names the event, and how often it must
//! happen:
//!
//! ```text
//! happens elected 300               a mark, so often in all runs together
//! happens turning gives up 2000     a mark whose text says this
//! happens elected 2000 runs twice   in so many runs at least twice
//! happens turning deleted 200 runs  in so many runs
//! happens delivered WriteBack 500   messages of a kind that arrive
//! happens ignored Vote 20           messages of a kind that are ignored
//! happens edit cut-one-way 100      edits of a kind that do something
//! happens answered 10000            operations that are answered; `refused` likewise
//! happens crashed-inside 500        nodes that crash inside a handler
//! happens reached value-chosen 50   runs at whose end this is so; `missed`: not so
//! happens after-calm converged 50   runs in which this became so after all was well
//! happens broken linearizable 10    runs in which this breaks
//! ```

use super::plans::{number, place};
use super::schedule::kind;
use lightcone_engine::Trace;
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::{Cause, Mark, Specification};
use lightcone_engine::run::trace::{Deed, Outcome, Verdict};

/// One line of `happens` in a schedule file.
#[derive(Clone, Debug)]
pub struct Happens {
    what: What,
    least: u64,
    /// A run counts once if it happens so often in it; none if each time counts.
    in_runs: Option<u64>,
    line: String,
}

/// What happens. Facts that a protocol states by name belong here, one more kind, once they have types.
#[derive(Clone, Debug)]
enum What {
    Marked(Mark, String),
    Delivered(String),
    Ignored(String),
    Edited(String),
    Answered,
    Refused,
    CrashedInside,
    Reached(usize),
    Missed(usize),
    AfterCalm(usize),
    Broken(usize),
}

const MARKS: [(&str, Mark); 8] = [
    ("received", Mark::Received),
    ("appended", Mark::Appended),
    ("committed", Mark::Committed),
    ("aborted", Mark::Aborted),
    ("delivered-up", Mark::Delivered),
    ("applied", Mark::Applied),
    ("elected", Mark::Elected),
    ("turning", Mark::Turning),
];

impl Happens {
    /// Reads what stands behind `happens`.
    pub fn read(specification: &Specification, words: &[&str]) -> Result<Happens, String> {
        let line = words.join(" ");
        let end = words.iter().position(|word| word.parse::<u64>().is_ok()).ok_or(format!("`{line}`: how often?"))?;
        let in_runs = match words[end + 1..] {
            [] => None,
            ["runs"] => Some(1),
            ["runs", "twice"] => Some(2),
            _ => return Err(format!("`{line}` ends with a number, `runs` or `runs twice`")),
        };
        let property = |name: &str| place(name, specification.properties.iter().map(|each| each.id));
        let what = match words[..end] {
            ["answered"] => What::Answered,
            ["refused"] => What::Refused,
            ["crashed-inside"] => What::CrashedInside,
            ["delivered", kind] => What::Delivered(kind.into()),
            ["ignored", kind] => What::Ignored(kind.into()),
            ["edit", kind] => What::Edited(kind.into()),
            ["reached", name] => What::Reached(property(name)?),
            ["missed", name] => What::Missed(property(name)?),
            ["after-calm", name] => What::AfterCalm(property(name)?),
            ["broken", name] => What::Broken(property(name)?),
            [mark, ref text @ ..] => {
                let place = place(mark, MARKS.iter().map(|(name, _)| *name))?;
                What::Marked(MARKS[place].1, text.join(" "))
            }
            [] => return Err("what happens?".into()),
        };
        Ok(Happens { what, least: number(words[end])?, in_runs, line })
    }

    fn count(&self, trace: &Trace) -> u64 {
        let times = self.what.times(trace);
        self.in_runs.map_or(times, |least| u64::from(times >= least))
    }
}

impl What {
    fn times(&self, trace: &Trace) -> u64 {
        let deeds = |what: &dyn Fn(&Deed) -> bool| trace.deeds.iter().filter(|deed| what(deed)).count() as u64;
        match self {
            What::Marked(mark, text) => {
                deeds(&|deed| matches!(deed, Deed::Marked(each, phrase) if each == mark && phrase.text.contains(text)))
            }
            What::Answered => deeds(&|deed| matches!(deed, Deed::Replied(..))),
            What::Refused => deeds(&|deed| matches!(deed, Deed::Replied(_, Answer::Refused))),
            What::CrashedInside => deeds(&|deed| matches!(deed, Deed::CrashedHere(_))),
            What::Delivered(kind) => arrived(trace, kind, false),
            What::Ignored(kind) => arrived(trace, kind, true),
            What::Edited(name) => {
                let edits = trace.scenario.edits().filter(|edit| kind(edit) == name);
                edits.filter(|edit| !matches!(trace.outcome(edit), Outcome::Unused(_))).count() as u64
            }
            What::Reached(place) => u64::from(matches!(trace.verdicts[*place], Verdict::Holds { .. })),
            What::Missed(place) => u64::from(matches!(trace.verdicts[*place], Verdict::NotByTheEnd { .. })),
            What::Broken(place) => u64::from(matches!(trace.verdicts[*place], Verdict::Broken { .. })),
            What::AfterCalm(place) => match trace.verdicts[*place] {
                Verdict::Holds { since: Some(event) } => u64::from(trace.event(event).at >= began(trace)),
                _ => 0,
            },
        }
    }
}

/// When all was made well: at the moment of the last edit that happens at a moment.
fn began(trace: &Trace) -> lightcone_engine::Time {
    let moments = trace.scenario.script.iter().filter_map(|edit| match edit {
        lightcone_engine::Edit::At { at, .. } => Some(*at),
        _ => None,
    });
    moments.max().unwrap_or(lightcone_engine::Time::ZERO)
}

fn arrived(trace: &Trace, kind: &str, ignored: bool) -> u64 {
    let of_kind = trace.events.iter().filter(|event| match event.cause {
        Cause::Deliver(message) => trace.kind(message).name == kind,
        _ => false,
    });
    let counts = |event: &&lightcone_engine::run::trace::Event| {
        let deeds = &trace.deeds[event.deeds.start as usize..event.deeds.end as usize];
        !ignored || deeds.iter().any(|deed| matches!(deed, Deed::Ignored(_)))
    };
    of_kind.filter(counts).count() as u64
}

/// How often each of these has happened.
pub struct Tally<'a>(Vec<(&'a Happens, u64)>);

impl<'a> Tally<'a> {
    /// A tally in which nothing has happened.
    pub fn new(happens: &'a [Happens]) -> Tally<'a> {
        Tally(happens.iter().map(|each| (each, 0)).collect())
    }

    /// One more run. What has happened often enough is not counted on.
    pub fn count(&mut self, trace: &Trace) {
        for (happens, count) in self.0.iter_mut().filter(|(happens, count)| *count < happens.least) {
            *count += happens.count(trace);
        }
    }

    /// What has not happened often enough in so many of all runs: of each, that part of what it must be, and once at least.
    #[must_use]
    pub fn lacks(&self, runs: u64, of: u64) -> Option<String> {
        let least = |happens: &Happens| (happens.least * runs / of).clamp(1, happens.least.max(1));
        let rare = self.0.iter().filter(|(happens, count)| *count < least(happens));
        let said = rare.map(|(happens, count)| format!("`{}` happens only {count} times in {runs} runs", happens.line));
        Some(said.collect::<Vec<_>>().join("; ")).filter(|said| !said.is_empty())
    }
}
