//! How far a search goes: how many events, and how much of what is not free. Free is what the network may do without
//! being faulty: any message arrives, at any moment after it was sent, in any order, or not yet.

use super::next::DRIFT_PPM;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::protocol::{Assumptions, Clocks, Crashes, Disks};

/// Something that happens only so often in a run of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// A timer fires. Any that is armed may, at any moment, unless a handler reads its clock: then not before its time.
    TimeOut,
    /// A node crashes; between two effects of a handler too. Coming back is free where nodes can come back.
    Crash,
    /// A message arrives twice.
    Repeat,
    /// A message is lost, so that one behind it arrives. Only on FIFO links does that differ from not arriving yet.
    Loss,
    /// A client asks something that the scenario does not ask.
    Request,
    /// A crashed node loses its disk.
    Disk,
    /// A clock begins to run a tenth faster or slower. Only where a handler reads its clock.
    Drift,
}

impl Budget {
    /// All, in the order of [`Bounds::budget`].
    pub const ALL: [Budget; 7] =
        [Budget::TimeOut, Budget::Crash, Budget::Repeat, Budget::Loss, Budget::Request, Budget::Disk, Budget::Drift];

    /// Its name in files and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.words().0
    }

    /// Its name for people, for one and for several: "crash", "crashes".
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        (self.words().1, self.words().2)
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Budget::TimeOut => ("time-outs", "time-out", "time-outs"),
            Budget::Crash => ("crashes", "crash", "crashes"),
            Budget::Repeat => ("repeats", "duplicate", "duplicates"),
            Budget::Loss => ("losses", "message loss", "message losses"),
            Budget::Request => ("requests", "new request", "new requests"),
            Budget::Disk => ("disks", "disk loss", "disk losses"),
            Budget::Drift => ("drifts", "clock drift", "clock drifts"),
        }
    }
}

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Events of a run, from where the search starts.
    pub depth: u8,
    /// How much there is of each [`Budget`], in the order of [`Budget::ALL`].
    pub budget: [u8; Budget::ALL.len()],
    /// States kept at most.
    pub states: u32,
}

impl Bounds {
    /// What a protocol gets that says nothing of its own: time-outs, and of each fault that it says it bears and that costs
    /// something, one.
    #[must_use]
    pub const fn usual(assumes: &Assumptions) -> Bounds {
        let none = Bounds { depth: 24, budget: [0; Budget::ALL.len()], states: 1_000_000 };
        let crashes = !matches!(assumes.crashes, Crashes::Never);
        let disks = crashes && matches!(assumes.disks, Disks::MayBeLost);
        // Where nothing rests on clocks they need not be tried; where something does, as far as the bound allows.
        let drifts = matches!(assumes.clocks, Clocks::Drift { most_ppm } if most_ppm >= DRIFT_PPM);
        none.with(Budget::TimeOut, 3)
            .with(Budget::Crash, crashes as u8)
            .with(Budget::Disk, disks as u8)
            .with(Budget::Drift, drifts as u8)
    }

    /// The most states that any search keeps: some 260 megabytes.
    pub const MOST_STATES: u32 = 4_000_000;

    /// The same with so much of `budget`.
    #[must_use]
    pub const fn with(mut self, budget: Budget, amount: u8) -> Bounds {
        self.budget[budget as usize] = amount;
        self
    }

    /// As far as either goes.
    #[must_use]
    pub fn with_all(mut self, other: &Bounds) -> Bounds {
        self.depth = self.depth.max(other.depth);
        self.states = self.states.max(other.states);
        for (amount, more) in self.budget.iter_mut().zip(other.budget) {
            *amount = (*amount).max(more);
        }
        self
    }

    /// The same with runs of at most `depth` events.
    #[must_use]
    pub const fn to_depth(mut self, depth: u8) -> Bounds {
        self.depth = depth;
        self
    }

    /// The same with so many states kept at most.
    #[must_use]
    pub const fn with_states(mut self, states: u32) -> Bounds {
        self.states = states;
        self
    }

    /// How much there is of `budget`.
    #[must_use]
    pub const fn of(&self, budget: Budget) -> u8 {
        self.budget[budget as usize]
    }

    /// Of a [`Used::word`] the part that tells what can still happen: what cannot run out in a run of so many events
    /// does not.
    #[must_use]
    pub fn scarce(&self) -> u64 {
        u64::from_le_bytes(core::array::from_fn(|budget| match self.budget.get(budget) {
            Some(amount) if *amount < self.depth => u8::MAX,
            _ => 0,
        }))
    }

    /// What was to be tried, in plain words: "at most 24 events, 3 time-outs, 1 crash, messages in any order"; on FIFO links
    /// messages of each link in order.
    #[must_use]
    pub fn sentence(&self, fifo: bool) -> String {
        let there = Budget::ALL.iter().filter(|budget| self.of(**budget) > 0);
        let parts = there.map(|budget| {
            let (one, several) = budget.names();
            let amount = self.of(*budget);
            format!("{amount} {}, ", if amount == 1 { one } else { several })
        });
        let parts: Vec<String> = parts.collect();
        let events = if self.depth == 1 { "event" } else { "events" };
        let order = if fifo { "messages of each link in order" } else { "messages in any order" };
        format!("at most {} {events}, {}{order}", self.depth, parts.concat())
    }
}

/// What a path has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Used([u8; Budget::ALL.len()]);

impl Used {
    /// As one number, for fingerprints.
    #[must_use]
    pub const fn word(self) -> u64 {
        let [a, b, c, d, e, f, g] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, 0])
    }

    /// What a word says; its highest byte does not count.
    #[must_use]
    pub const fn of_word(word: u64) -> Used {
        let [a, b, c, d, e, f, g, _] = word.to_le_bytes();
        Used([a, b, c, d, e, f, g])
    }

    /// How much is left.
    #[must_use]
    pub const fn left(self, budget: Budget, bounds: &Bounds) -> u8 {
        bounds.of(budget).saturating_sub(self.0[budget as usize])
    }

    /// How much was used.
    #[must_use]
    pub const fn of(self, budget: Budget) -> u8 {
        self.0[budget as usize]
    }

    /// One more is used.
    #[must_use]
    pub const fn and(self, budget: Budget) -> Used {
        self.and_so_many(budget, 1)
    }

    /// So much more is used.
    #[must_use]
    pub const fn and_so_many(mut self, budget: Budget, amount: u8) -> Used {
        self.0[budget as usize] += amount;
        self
    }

    /// Faults and requests: the fewer, the plainer is a run. Time-outs count least. At most 2^20.
    #[must_use]
    pub fn weight(self) -> u32 {
        let all: u32 = self.0.iter().map(|each| u32::from(*each)).sum();
        all * 256 - u32::from(self.of(Budget::TimeOut)) * 255
    }
}
