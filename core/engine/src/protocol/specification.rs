//! The specification of a protocol: its names, knobs, flaws, promises and commands.

use super::assumptions::Assumptions;
use super::invalid::Invalid;
use alloc::vec::Vec;

/// What a protocol says about itself: its names, knobs, flaws, promises and commands.
#[derive(Clone, Copy, Debug)]
pub struct Specification {
    /// Its number in links. Never reused.
    pub number: u8,
    /// Its name in files and addresses: `raft`.
    pub id: &'static str,
    /// Its behaviour version in links. It goes up when the same scenario would run differently.
    pub version: u8,
    /// Its name for people: "Raft".
    pub title: &'static str,
    /// One sentence on what it is for.
    pub summary: &'static str,
    /// The paper or book it follows.
    pub source: &'static str,
    /// What its epochs are called: "term", "ballot"; empty if it has none.
    pub epoch_word: &'static str,
    /// Its fault model. If a run breaks these assumptions, the protocol promises nothing.
    pub assumes: Assumptions,
    /// The knobs, in the order in which links carry them. The list only grows at its end.
    pub parameters: &'static [Parameter],
    /// Known wrong variants; at most 32. The list only grows at its end.
    pub flaws: &'static [Flaw],
    /// What it promises; at most 32.
    pub properties: &'static [Property],
    /// Its own operations, besides reads and writes; each is an [`Operation::Command`](crate::operation::Operation::Command).
    pub commands: &'static [Command],
}

/// A number that a scenario sets: a count, a time, a switch or a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in files: `election-timeout-min`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What its number means.
    pub unit: Unit,
    /// The smallest allowed number.
    pub least: u32,
    /// The largest allowed number.
    pub most: u32,
    /// The number in a scenario that does not set this knob.
    pub default: u32,
}

impl Parameter {
    /// The error for a number that is out of this knob's range.
    #[must_use]
    pub const fn invalid(&self, value: u32) -> Invalid {
        Invalid::Parameter { id: self.id, value, least: self.least, most: self.most }
    }
}

/// What a knob's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A time in milliseconds.
    Millis,
    /// Off (0) or on (1).
    Switch,
    /// One of these words, by position.
    Choice(&'static [&'static str]),
}

/// A known wrong variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Its name in files: `vote-not-persisted`.
    pub id: &'static str,
    /// What is wrong, as a sentence.
    pub sentence: &'static str,
    /// The settings without which the flaw cannot show: places among the parameters, and the least value of each.
    pub needs: &'static [(u8, u32)],
}

/// What a protocol promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name in files: `election-safety`.
    pub id: &'static str,
    /// Its name for people: "Election safety".
    pub name: &'static str,
    /// Whether it must hold always or by the end.
    pub when: When,
    /// The promise in one sentence.
    pub sentence: &'static str,
    /// The paper or book that states it.
    pub source: &'static str,
}

/// When a property is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// Safety: holds in every reachable state.
    Always,
    /// Liveness: judged when the run is over, under the scenario's synchrony.
    ByTheEnd,
}

/// One of a protocol's own operations, asked for by [`Operation::Command`](crate::operation::Operation::Command).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name in files: `transfer-to`.
    pub id: &'static str,
    /// Its name for people: "Hand leadership to".
    pub name: &'static str,
    /// What its argument is.
    pub argument: Argument,
}

/// What the argument of a [`Command`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The command takes no argument.
    Nothing,
    /// A node, as the number of its lane.
    Node,
    /// A number from 0 to 255; the protocol says what it means.
    Number,
}

/// The values of a scenario's knobs and flaws.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// One number a parameter, in the specification's order.
    pub parameters: Vec<u32>,
    /// The flaws that are switched on.
    pub flaws: FlawSet,
}

impl Settings {
    /// Everything at its default, no flaw.
    #[must_use]
    pub fn defaults(specification: &Specification) -> Settings {
        Settings {
            parameters: specification.parameters.iter().map(|parameter| parameter.default).collect(),
            flaws: FlawSet(0),
        }
    }

    /// The number of the parameter at `index`; 0 if there is none.
    #[must_use]
    pub fn number(&self, index: usize) -> u32 {
        self.parameters.get(index).copied().unwrap_or(0)
    }

    /// The number at `index`, in milliseconds, as microseconds.
    #[must_use]
    pub fn micros(&self, index: usize) -> u64 {
        u64::from(self.number(index)) * 1_000
    }

    /// Whether the switch at `index` is on.
    #[must_use]
    pub fn on(&self, index: usize) -> bool {
        self.number(index) != 0
    }
}

/// A set of flaws, one bit each, in the specification's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FlawSet(pub u32);

impl FlawSet {
    /// Whether the flaw at `index` is switched on.
    #[must_use]
    pub const fn has(self, index: u8) -> bool {
        index < 32 && self.0 & (1 << index) != 0
    }

    /// The set with the flaw at `index` in it.
    #[must_use]
    pub const fn with(self, index: u8) -> FlawSet {
        FlawSet(self.0 | (1 << index))
    }

    /// The set without the flaw at `index`.
    #[must_use]
    pub const fn without(self, index: u8) -> FlawSet {
        FlawSet(self.0 & !(1 << index))
    }
}

/// The place of the first item of `shared` in `all`.
///
/// # Panics
///
/// If `all` does not have the first item of `shared`. In a constant, that is an error at compile time.
#[must_use]
pub const fn place(all: &[Property], shared: &[Property]) -> u8 {
    let mut place = 0;
    while place < all.len() {
        if same(all[place].id.as_bytes(), shared[0].id.as_bytes()) {
            return place as u8;
        }
        place += 1;
    }
    panic!("a protocol lists the promises of the judges that it shares")
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}
