//! The system model of a scenario: what links, time and nodes may do.

use crate::limits::MIN_TRANSIT_MICROS;
use crate::time::Time;

/// The system model: what a run may assume, and what a reader's moves may not break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Model {
    /// What is promised about delays.
    pub timing: Timing,
    /// What a link does with messages.
    pub links: Links,
    /// What a crash is.
    pub faults: Faults,
}

/// What is promised about delays (Dwork, Lynch & Stockmeyer 1988).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timing {
    /// Delays have no bound: a message may arrive at any time after it was sent.
    Asynchronous,
    /// Every message arrives within the bound.
    Synchronous {
        /// Microseconds from sending to arrival, at most.
        bound_micros: u64,
    },
    /// A bound holds from some time on. A message sent earlier arrives within the bound after that time.
    PartiallySynchronous {
        /// The stabilisation time.
        stable_from: Time,
        /// Microseconds from sending, or from the stabilisation time, to arrival, at most.
        bound_micros: u64,
    },
}

/// What a link does with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Links {
    /// Shortest and longest travel time that is drawn, in microseconds.
    pub latency_micros: (u64, u64),
    /// Of a thousand messages, the number that the link loses.
    pub loss_per_mille: u16,
    /// Of a thousand messages, the number that the link delivers twice.
    pub duplication_per_mille: u16,
    /// Whether messages of one link arrive in the order in which they were sent.
    pub fifo: bool,
    /// Whether neither chance nor the reader can lose a message. Cuts and crashes still lose messages.
    pub reliable: bool,
}

impl Links {
    /// The middle of the range of latencies, in microseconds.
    #[must_use]
    pub const fn mean_latency_micros(&self) -> u64 {
        u64::midpoint(self.latency_micros.0, self.latency_micros.1)
    }
}

/// What a crash is (Cachin, Guerraoui & Rodrigues 2011, section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Faults {
    /// A crashed node never comes back.
    CrashStop,
    /// A crashed node may come back with what it had persisted.
    CrashRecovery,
}

impl Default for Model {
    fn default() -> Model {
        Model {
            timing: Timing::Asynchronous,
            links: Links {
                latency_micros: (8_000, 14_000),
                loss_per_mille: 0,
                duplication_per_mille: 0,
                fifo: false,
                reliable: false,
            },
            faults: Faults::CrashRecovery,
        }
    }
}

impl Model {
    /// The first instant at which a message sent at `sent` can arrive.
    #[must_use]
    pub fn earliest_arrival(&self, sent: Time) -> Time {
        sent.after(MIN_TRANSIT_MICROS)
    }

    /// The last instant at which a message sent at `sent` may arrive; none if nothing bounds it.
    #[must_use]
    pub fn latest_arrival(&self, sent: Time) -> Option<Time> {
        match self.timing {
            Timing::Asynchronous => None,
            Timing::Synchronous { bound_micros } => Some(sent.after(bound_micros)),
            Timing::PartiallySynchronous { stable_from, bound_micros } => {
                Some(sent.max(stable_from).after(bound_micros))
            }
        }
    }

    /// `arrival` moved into what the model allows for a message sent at `sent`.
    #[must_use]
    pub fn legal_arrival(&self, sent: Time, arrival: Time) -> Time {
        let latest = self.latest_arrival(sent).unwrap_or(arrival);
        arrival.min(latest).max(self.earliest_arrival(sent))
    }
}
