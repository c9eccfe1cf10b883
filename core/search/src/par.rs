//! Par: the fewest moves that solve a question, found by trying all of one move, then all of two, and so on.
//!
//! `moves` says which moves are tried: every thing that the tools may touch, at every place in the order of the
//! run's events, and at some moments in long gaps. Each is tried on the run as the moves before it have left it. Runs that the
//! same number of moves leads to, and in which the same happens in the same order with the same verdicts, count as one; where
//! a handler reads its clock, also the times must be the same.
//!
//! What this may miss: a solution that needs an exact distance in time. That is one whose moment lies in a part of a gap in which
//! no moment is tried, because something later is overtaken there and nowhere else; or one that goes on from a run of which only
//! another with the same order was kept. "No fewer moves" is said of this class, and of no more.

use crate::moves::{moves, picks};
use alloc::rc::Rc;
use alloc::vec::Vec;
use lightcone_engine::fingerprints::Fingerprints;
use lightcone_engine::hash::{Hasher64, hash64};
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::{Action, Cause, Edit};
use lightcone_engine::run::question::{Attempt, Kind, Question, Reply};
use lightcone_engine::run::trace::{Trace, Verdict};
use lightcone_engine::run::{resimulate, simulate};

use core::hash::{Hash, Hasher};

pub use crate::moves::{GRAIN, Move};

/// What is known of the fewest moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Par {
    /// It can be solved in so many moves, and not in fewer.
    Is(u8),
    /// Not solved in the moves there are: all of the class were tried.
    Unsolved,
    /// No solution has so many moves or fewer. More were not tried.
    MoreThan(u8),
    /// Not even the run without a move was looked at.
    Unknown,
}

/// So many solutions are kept at most.
pub const MOST_KEPT: usize = 64;

/// A search for the fewest moves, from where the reader stands. It can be carried on in slices. A run that is tried costs a
/// re-simulation from the last checkpoint before the move, and a judgement: some 30 to 50 µs natively for a hundred events. A
/// way that is kept for the next move takes some 50 bytes a move; only ways to new runs are kept.
pub struct ParSearch {
    question: Question,
    /// Where it starts.
    base: Attempt,
    /// The moves that are left.
    budget: u8,
    /// Ways of [`ParSearch::depth`] moves that do not solve it.
    ways: Vec<Vec<Move>>,
    /// Ways of one move more, for the next level.
    longer: Vec<Vec<Move>>,
    /// Moves of each way.
    depth: u8,
    next: usize,
    /// The way that is followed now: the run at its end, and the moves that are still to be tried.
    now: Option<(Rc<Trace>, Vec<Move>)>,
    seen: Fingerprints,
    /// Solutions of the length that was found first.
    solutions: u32,
    first: Option<Vec<Move>>,
    /// [`ParSearch::some`].
    some: Vec<Vec<Move>>,
    tried: u64,
    most: u64,
    /// Whether all solutions of that length are counted.
    counts: bool,
    over: bool,
    begun: bool,
}

impl ParSearch {
    /// A search from this attempt, with the moves that are left. It tries at most so many runs.
    #[must_use]
    pub fn new(question: &Question, base: &Attempt, most: u64) -> ParSearch {
        let made = question.moves_of(&base.scenario).unwrap_or(question.challenge.budget);
        // To select an event is the one move of a question that asks for it.
        let budget = match question.challenge.kind {
            Kind::Explain => 1,
            Kind::Predict => 0,
            _ => question.challenge.budget.saturating_sub(made),
        };
        ParSearch {
            question: question.clone(),
            base: base.clone(),
            budget,
            ways: Vec::from([Vec::new()]),
            longer: Vec::new(),
            depth: 0,
            next: 0,
            now: None,
            seen: Fingerprints::new(),
            solutions: 0,
            first: None,
            some: Vec::new(),
            tried: 0,
            most,
            counts: false,
            over: false,
            begun: false,
        }
    }

    /// From the question's run.
    #[must_use]
    pub fn of(question: &Question, most: u64) -> ParSearch {
        let base = Attempt { scenario: question.scenario.clone(), reply: Reply::default() };
        ParSearch::new(question, &base, most)
    }

    /// The same search, which goes on until all solutions of the least length are counted.
    #[must_use]
    pub fn counting(mut self) -> ParSearch {
        self.counts = true;
        self
    }

    /// The same search with ways of at most so many moves.
    #[must_use]
    pub fn to(mut self, moves: u8) -> ParSearch {
        self.budget = self.budget.min(moves);
        self
    }

    /// Tries about so many runs more. Returns whether it goes on.
    pub fn advance(&mut self, runs: u32) -> bool {
        let until = self.tried + u64::from(runs);
        while !self.over && self.tried < until {
            self.step();
        }
        !self.over
    }

    /// Searches to its end.
    pub fn run(&mut self) -> Par {
        while self.advance(u32::MAX) {}
        self.par()
    }

    /// What is known so far. The moves that the attempt had made before are not among those counted.
    #[must_use]
    pub fn par(&self) -> Par {
        match (&self.first, self.over) {
            (Some(way), _) => Par::Is(way.len() as u8),
            (None, true) if self.tried < self.most => Par::Unsolved,
            _ if !self.begun => Par::Unknown,
            _ => Par::MoreThan(self.depth),
        }
    }

    /// A shortest solution, as moves that follow one another.
    #[must_use]
    pub fn solution(&self) -> Option<&[Move]> {
        self.first.as_deref()
    }

    /// How many ways of that length were found, runs of the same order counting once. Of all only if the search counts.
    #[must_use]
    pub fn solutions(&self) -> u32 {
        self.solutions
    }

    /// The first solutions of that length, at most [`MOST_KEPT`], in the order in which they were found.
    #[must_use]
    pub fn some(&self) -> &[Vec<Move>] {
        &self.some
    }

    /// Runs tried so far.
    #[must_use]
    pub fn tried(&self) -> u64 {
        self.tried
    }

    /// The attempt at the end of a way.
    #[must_use]
    pub fn after(&self, way: &[Move]) -> Attempt {
        let mut attempt = self.base.clone();
        for each in way {
            each.make(&mut attempt.scenario);
            if let Move::Pick(handling) = each {
                attempt.reply.picked = Some(*handling);
            }
        }
        attempt
    }

    fn step(&mut self) {
        if self.tried >= self.most {
            self.over = true;
            return;
        }
        if !self.begun {
            return self.begin();
        }
        if let Some((trace, mut left)) = self.now.take() {
            if let Some(next) = left.pop() {
                self.attempt(&trace, next);
                self.now = Some((trace, left));
            }
            return;
        }
        match self.ways.get(self.next) {
            // The next way of this length.
            Some(way) if self.depth < self.budget => {
                let attempt = self.after(way);
                let trace = Rc::new(simulate(&attempt.scenario));
                let mut tries = tries(&self.question, &trace);
                // Of actions that follow each other the earlier comes first: what happens after it cannot change it.
                if let Some(Move::Edit(Edit::At { at: last, .. })) = way.last() {
                    tries.retain(|each| !matches!(each, Move::Edit(Edit::At { at, .. }) if at < last));
                }
                // They are taken from the end.
                tries.reverse();
                self.next += 1;
                self.now = Some((trace, tries));
            }
            // A shorter solution would have been found by now.
            _ if self.first.is_some() || self.depth >= self.budget || self.longer.is_empty() => self.over = true,
            _ => {
                self.depth += 1;
                self.ways = core::mem::take(&mut self.longer);
                self.next = 0;
            }
        }
    }

    /// The run without a move.
    fn begin(&mut self) {
        self.begun = true;
        self.tried += 1;
        let trace = simulate(&self.base.scenario);
        self.seen.add(order(&trace, None));
        let mut reply = self.base.reply;
        if self.question.challenge.kind == Kind::Predict {
            reply.expects = self.question.truths(&trace, reply);
        }
        if self.question.is_solved(&trace, reply) {
            self.solutions = 1;
            self.first = Some(Vec::new());
            self.over = true;
        }
    }

    /// One more move after the way that is followed.
    fn attempt(&mut self, before: &Trace, next: Move) {
        self.tried += 1;
        let mut scenario = (*before.scenario).clone();
        next.make(&mut scenario);
        if scenario.check().is_err() {
            return;
        }
        let picked = if let Move::Pick(handling) = next { Some(handling) } else { None };
        let trace = resimulate(before, &scenario);
        if !self.seen.add(order(&trace, picked)).1 {
            return;
        }
        let mut way = self.ways[self.next - 1].clone();
        way.push(next);
        if self.question.is_solved(&trace, Reply { picked, ..self.base.reply }) {
            self.solutions += 1;
            if self.some.len() < MOST_KEPT {
                self.some.push(way.clone());
            }
            if self.first.is_none() {
                self.first = Some(way);
                self.over = !self.counts;
            }
        } else if self.first.is_none() && self.depth + 1 < self.budget {
            self.longer.push(way);
        }
    }
}

/// The moves of the class on a run of this question, as it stands.
#[must_use]
pub fn tries(question: &Question, trace: &Trace) -> Vec<Move> {
    match question.challenge.kind {
        Kind::Explain => picks(trace),
        Kind::Predict => Vec::new(),
        _ => moves(trace, question.challenge.tools, &question.scenario),
    }
}

/// What happens in which order, with the verdicts; where a handler reads its clock, also when.
fn order(trace: &Trace, picked: Option<lightcone_engine::protocol::Handling>) -> u64 {
    let mut hasher = Hasher64::new(1);
    let last = trace.events.len().checked_sub(1).map(|last| EventIndex(last as u32));
    if last.is_some_and(|last| trace.world_at(last).is_timed()) {
        hasher.write_u64(trace.digest);
    }
    for event in &trace.events {
        event.cause.hash(&mut hasher);
        hasher.write_u32(event.deeds.end);
    }
    for verdict in &trace.verdicts {
        let kind = match verdict {
            Verdict::Holds { .. } => 0,
            Verdict::Broken { .. } => 1,
            Verdict::NotByTheEnd { .. } => 2,
            _ => 3,
        };
        hasher.write_u8(kind);
    }
    trace.scenario.settings.parameters.iter().for_each(|value| hasher.write_u32(*value));
    // Links that are cut are not seen before something is lost on them.
    for event in &trace.events {
        if let Cause::Act(Action::Cut { .. } | Action::Heal { .. }) = event.cause {
            hasher.write_u64(event.at.micros());
        }
    }
    hasher.write_u64(picked.map_or(0, |picked| hash64(&picked)));
    hasher.finish()
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// This move: the first of a shortest solution from here.
    Do(Move),
    /// Take the last move back: from here no solution was found.
    Undo,
    /// Nothing: it is solved.
    Solved,
    /// Nothing is known: the search was over before it found anything.
    Unknown,
}

/// The next move of a shortest solution from where the reader stands, in at most so many runs. From an attempt from which there
/// is none with the moves that are left, it is to go back.
#[must_use]
pub fn hint(question: &Question, attempt: &Attempt, most: u64) -> Hint {
    let mut search = ParSearch::new(question, attempt, most);
    match search.run() {
        Par::Is(0) => Hint::Solved,
        Par::Is(_) => search.solution().and_then(|way| way.first()).map_or(Hint::Unknown, |first| Hint::Do(*first)),
        Par::Unsolved if attempt.scenario != question.scenario => Hint::Undo,
        _ => Hint::Unknown,
    }
}
