//! Searches the stages of a search: first a little of each, in their order, then each to its end. So what any of them finds
//! soon is found soon. The first that finds something goes on alone, to what is shortest there.
//!
//! One search goes on at a time. Whoever has several workers deals the stages among them, and each widens through its own: a
//! turn is as long for any number of workers, so that the first turn that finds something is the same.

use super::stages::{Kind, Stage};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use lightcone_search::{Progress, Search};

/// Choices of a stage in the first round: a few times as many as states. A small run is worth more, because its flaw is
/// known to show there, and so is the moment that the reader looks at.
const FIRST_ROUND: u64 = 60_000;
const LONG_FIRST_ROUND: u64 = 300_000;

/// A search that widens.
pub struct Widening {
    /// Stages that wait, each with its search as far as it has come.
    waiting: VecDeque<(usize, Stage, Option<Box<Search>>)>,
    /// The stage that is searched.
    now: usize,
    search: Option<(Stage, Box<Search>)>,
    /// What it may take before it has to wait.
    until: u64,
    /// How many have not had their turn in the first round.
    fresh: usize,
}

impl Widening {
    /// These stages, none of them begun; each with its place. `hurried` if all had their first turn before.
    #[must_use]
    pub fn new(stages: Vec<(usize, Stage)>, hurried: bool) -> Widening {
        let fresh = if hurried { 0 } else { stages.len() };
        let waiting = stages.into_iter().map(|(place, stage)| (place, stage, None)).collect();
        let mut widening = Widening { waiting, now: 0, search: None, until: 0, fresh };
        widening.next();
        widening
    }

    /// Takes at most so many choices more, of one stage. Returns whether it goes on.
    pub fn advance(&mut self, choices: u32) -> bool {
        let Some((_, search)) = &mut self.search else { return false };
        let goes_on = search.advance(choices);
        goes_on || (!search.has_found() && !self.waiting.is_empty())
    }

    /// Whether the stage that is searched has had its turn: others wait, or it goes on in the second round.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let Some((_, search)) = &self.search else { return false };
        let progress = search.progress();
        let (ended, had) = (progress.ending.is_some(), progress.tried >= self.until);
        !search.has_found() && (had || ended) && (!ended || !self.waiting.is_empty())
    }

    /// Goes to the next stage if this one has had its turn; whoever wants to know how far it came looks before.
    pub fn turn(&mut self) {
        if !self.is_due() {
            return;
        }
        if let Some((stage, search)) = self.search.take().filter(|(_, search)| search.progress().ending.is_none()) {
            self.waiting.push_back((self.now, stage, Some(search)));
        }
        self.next();
    }

    /// The stage that is searched: its place.
    #[must_use]
    pub fn now(&self) -> usize {
        self.now
    }

    /// Whether the first round is over.
    #[must_use]
    pub fn is_hurried(&self) -> bool {
        self.until == u64::MAX
    }

    /// The search of the stage that is searched.
    #[must_use]
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref().map(|(_, search)| &**search)
    }

    /// How far that is.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.search().map(Search::progress)
    }

    fn next(&mut self) {
        self.until = match self.waiting.front() {
            _ if self.fresh == 0 => u64::MAX,
            Some((_, Stage { kind: Kind::Here(_) | Kind::Small | Kind::Usual, .. }, _)) => LONG_FIRST_ROUND,
            _ => FIRST_ROUND,
        };
        self.fresh = self.fresh.saturating_sub(1);
        self.search = self.waiting.pop_front().map(|(place, stage, search)| {
            self.now = place;
            let search = search.unwrap_or_else(|| Box::new(stage.search()));
            (stage, search)
        });
    }
}
