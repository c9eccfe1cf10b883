//! What a protocol is called, and what can be set, broken, promised and asked.

use super::assumptions::Assumptions;
use super::invalid::Invalid;
use alloc::vec::Vec;

/// What a protocol is called and what can be set, broken and promised about it.
#[derive(Clone, Copy, Debug)]
pub struct Specification {
    /// Its number in links. Never reused.
    pub number: u8,
    /// Its name in files and addresses: `raft`.
    pub id: &'static str,
    /// Its behaviour's version in links: goes up when the same scenario would run differently.
    pub version: u8,
    /// Its name for people: "Raft".
    pub title: &'static str,
    /// One sentence on what it is for.
    pub summary: &'static str,
    /// The paper or book it follows.
    pub source: &'static str,
    /// What its epochs are called: "term", "ballot"; empty if it has none.
    pub epoch_word: &'static str,
    /// What it takes for granted: outside of it, it promises nothing.
    pub assumes: Assumptions,
    /// The knobs, in the order in which links carry them. Only ever appended to.
    pub parameters: &'static [Parameter],
    /// Known wrong variants; at most 32. Only ever appended to.
    pub flaws: &'static [Flaw],
    /// What it promises; at most 32.
    pub properties: &'static [Property],
    /// Words of [`Operation::Command`].
    pub commands: &'static [Command],
}

/// A knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in files: `election-timeout-min`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What its number means.
    pub unit: Unit,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
    /// What it is if nothing is said.
    pub default: u32,
}

impl Parameter {
    /// This number is out of its range.
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
    /// Milliseconds.
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
    /// The knobs without which it cannot show: places among the parameters, and the least value of each.
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
    /// Where it is stated.
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

/// A word of [`Operation::Command`].
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
    /// There is none.
    Nothing,
    /// A node.
    Node,
    /// A number.
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

/// Where `shared` begins in `all`.
///
/// # Panics
///
/// When the first of `shared` does not stand in `all`: at compile time, if it is asked there.
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
