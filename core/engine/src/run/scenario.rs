//! The scenario: the whole input of a run and the only truth. A share link, a gallery entry, a test,
//! a figure in a lesson and a counterexample are all just scenarios.

mod edit;
pub mod link;
pub mod text;

pub use edit::{Action, Edit, Handling};

use crate::limits::{MAX_EDITS, MAX_HORIZON, MAX_NOTE_BYTES, MAX_TITLE_BYTES};
use crate::model::{Model, Timing};
use crate::protocol::{AnyProtocol, Lane, Parameter, Settings};
use crate::run;
use crate::time::Time;
use ::lightcone_protocols;
use alloc::string::String;
use alloc::vec::Vec;

/// The whole input of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// The protocol's number in the registry.
    pub protocol: u8,
    /// The behaviour version of the protocol for which the scenario was made.
    pub version: u8,
    /// Knobs and flaws.
    pub settings: Settings,
    /// What links, time and nodes may do.
    pub model: Model,
    /// What chance draws from.
    pub seed: u64,
    /// What happens by itself: the workload and the faults of the author's story.
    pub script: Vec<Edit>,
    /// What the reader did, in order. Undo pops.
    pub moves: Vec<Edit>,
    /// When the run ends.
    pub horizon: Time,
    /// A title given by whoever made it; empty for none.
    pub title: String,
    /// What to look at; empty for none.
    pub note: String,
}

impl Scenario {
    /// A run of `family` with everything at its default, and nothing asked.
    #[must_use]
    pub fn new(family: &dyn AnyProtocol) -> Scenario {
        let specification = family.specification();
        Scenario {
            protocol: specification.number,
            version: specification.version,
            settings: Settings::defaults(specification),
            model: Model::default(),
            seed: 1,
            script: Vec::new(),
            moves: Vec::new(),
            horizon: Time::from_millis(600),
            title: String::new(),
            note: String::new(),
        }
    }

    /// The protocol. Decoders and [`Scenario::new`] only make scenarios whose protocol is registered.
    #[must_use]
    pub fn family(&self) -> Option<&'static dyn AnyProtocol> {
        registry::by_number(self.protocol)
    }

    /// The lanes of its run. Parameters out of range count as the nearest end of their range.
    #[must_use]
    pub fn lanes(&self) -> Vec<Lane> {
        let family = self.family().unwrap_or(registry::PROTOCOLS[0]);
        plan::lanes(family, &*family.configure(&plan::legal(family, &self.settings)))
    }

    /// All edits: the script first, then the moves.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.script.iter().chain(&self.moves)
    }

    /// The same run before the reader touched it.
    #[must_use]
    pub fn without_moves(&self) -> Scenario {
        Scenario { moves: Vec::new(), ..self.clone() }
    }

    /// Whether every part is inside its bounds, and if not, which is not.
    ///
    /// # Errors
    /// The first part that is out of its bounds, as a sentence with the range.
    pub fn check(&self) -> Result<(), Invalid> {
        let family = self.family().ok_or(Invalid::UnknownProtocol { number: self.protocol })?;
        self.check_settings(family)?;
        self.check_model()?;
        if self.horizon == Time::ZERO || self.horizon > MAX_HORIZON {
            return Err(Invalid::range(
                "horizon in ms",
                self.horizon.micros() / 1_000,
                1,
                MAX_HORIZON.micros() / 1_000,
            ));
        }
        if self.script.len() + self.moves.len() > MAX_EDITS {
            return Err(Invalid::range(
                "number of edits",
                (self.script.len() + self.moves.len()) as u64,
                0,
                MAX_EDITS as u64,
            ));
        }
        let unprintable = |text: &str| text.chars().any(|each| each.is_control() && each != '\n');
        if self.title.contains('\n') || unprintable(&self.title) || unprintable(&self.note) {
            return Err(Invalid::Unprintable);
        }
        if self.title.len() > MAX_TITLE_BYTES {
            return Err(Invalid::range(
                "length of the title in bytes",
                self.title.len() as u64,
                0,
                MAX_TITLE_BYTES as u64,
            ));
        }
        if self.note.len() > MAX_NOTE_BYTES {
            return Err(Invalid::range(
                "length of the note in bytes",
                self.note.len() as u64,
                0,
                MAX_NOTE_BYTES as u64,
            ));
        }
        self.edits().try_for_each(Edit::check)
    }

    fn check_settings(&self, family: &dyn AnyProtocol) -> Result<(), Invalid> {
        let specification = family.specification();
        if self.settings.parameters.len() != specification.parameters.len() {
            return Err(Invalid::range(
                "number of parameters",
                self.settings.parameters.len() as u64,
                specification.parameters.len() as u64,
                specification.parameters.len() as u64,
            ));
        }
        for (parameter, &value) in specification.parameters.iter().zip(&self.settings.parameters) {
            if value < parameter.least || value > parameter.most {
                return Err(Invalid::parameter(parameter, value));
            }
        }
        let known = specification.flaws.len() as u32;
        if known < 32 && self.settings.flaws.0 >> known != 0 {
            return Err(Invalid::range("flaws, as a bit set,", self.settings.flaws.0.into(), 0, (1 << known) - 1));
        }
        Ok(())
    }

    fn check_model(&self) -> Result<(), Invalid> {
        use crate::limits::{MAX_SPAN_MICROS, MIN_TRANSIT_MICROS};
        let links = &self.model.links;
        let (least, most) = links.latency_micros;
        if least < MIN_TRANSIT_MICROS || least > most || most > MAX_SPAN_MICROS {
            return Err(Invalid::Latency);
        }
        for (what, value) in
            [("loss in a thousand", links.loss_per_mille), ("duplication in a thousand", links.duplication_per_mille)]
        {
            if value > 1_000 {
                return Err(Invalid::range(what, value.into(), 0, 1_000));
            }
        }
        match self.model.timing {
            Timing::Asynchronous => Ok(()),
            Timing::Synchronous { bound_micros } | Timing::PartiallySynchronous { bound_micros, .. }
                if !(MIN_TRANSIT_MICROS..=MAX_SPAN_MICROS).contains(&bound_micros) =>
            {
                Err(Invalid::range("bound in microseconds", bound_micros, MIN_TRANSIT_MICROS, MAX_SPAN_MICROS))
            }
            Timing::PartiallySynchronous { stable_from, .. } if stable_from > MAX_HORIZON => Err(Invalid::range(
                "stabilisation time in ms",
                stable_from.micros() / 1_000,
                0,
                MAX_HORIZON.micros() / 1_000,
            )),
            Timing::Synchronous { .. } | Timing::PartiallySynchronous { .. } => Ok(()),
        }
    }
}

/// Why a scenario cannot be run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// No protocol has this number.
    UnknownProtocol {
        /// The number.
        number: u8,
    },
    /// The latency range is empty or outside the bounds of every link.
    Latency,
    /// A number is out of its range.
    Range {
        /// What it counts.
        what: &'static str,
        /// What it is.
        value: u64,
        /// The least it can be.
        least: u64,
        /// The most it can be.
        most: u64,
    },
    /// The title or the note has characters that cannot be shown; only notes have several lines.
    Unprintable,
    /// A parameter is out of its range.
    Parameter {
        /// Its name in files.
        id: &'static str,
        /// What it is.
        value: u32,
        /// The least it can be.
        least: u32,
        /// The most it can be.
        most: u32,
    },
    /// An edit names a node that no run can have.
    Node {
        /// The lane's number, from 0.
        number: u8,
    },
}

impl Invalid {
    pub(crate) const fn range(what: &'static str, value: u64, least: u64, most: u64) -> Invalid {
        Invalid::Range { what, value, least, most }
    }

    pub(crate) const fn parameter(parameter: &Parameter, value: u32) -> Invalid {
        Invalid::Parameter { id: parameter.id, value, least: parameter.least, most: parameter.most }
    }
}

impl core::fmt::Display for Invalid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Invalid::UnknownProtocol { number } => write!(f, "No protocol has the number {number} here."),
            Invalid::Latency => {
                f.write_str("The latency must run from at least 0.1 ms to at most 600,000 ms, the shorter time first.")
            }
            Invalid::Range { what, value, least, most } => {
                write!(f, "The {what} is {value}; it must be from {least} to {most}.")
            }
            Invalid::Parameter { id, value, least, most } => {
                write!(f, "`{id}` is {value}; it must be from {least} to {most}.")
            }
            Invalid::Unprintable => {
                f.write_str("The title or the note has a character that cannot be shown: a control character.")
            }
            Invalid::Node { number } => write!(f, "Lane {number} is named, and no run has so many."),
        }
    }
}

impl core::error::Error for Invalid {}
