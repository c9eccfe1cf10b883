//! The scenario: the whole input of a run and the only truth. A share link, a gallery entry, a test,
//! a figure in a lesson and a counterexample are all just scenarios.

use crate::limits::{MAX_EDITS, MAX_HORIZON, MAX_NOTE_BYTES, MAX_TITLE_BYTES};
use crate::model::{Model, Timing};
use crate::protocol::{AnyProtocol, Edit, Invalid, Lane, Settings};
use crate::time::Time;
use alloc::string::String;
use alloc::vec::Vec;

/// The whole input of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// What runs. Two are the same if their numbers in links are.
    pub protocol: &'static dyn AnyProtocol,
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
    /// A run of `protocol` with everything at its default, and nothing asked.
    #[must_use]
    pub fn new(protocol: &'static dyn AnyProtocol) -> Scenario {
        let specification = protocol.specification();
        Scenario {
            protocol,
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

    /// The lanes of its run. Parameters out of range count as the nearest end of their range.
    #[must_use]
    pub fn lanes(&self) -> Vec<Lane> {
        self.protocol.lanes_of(&*self.protocol.configure(&self.protocol.legal(&self.settings)))
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
        self.check_settings()?;
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

    fn check_settings(&self) -> Result<(), Invalid> {
        let specification = self.protocol.specification();
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
                return Err(parameter.invalid(value));
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
