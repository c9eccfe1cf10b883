//! A node's state in the field's words.

use super::proposer::Phase;
use super::{Kept, Paxos, Proposal};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Condition, ConditionKind, Durable, Inspection, LaneStatus, Row, Table, Weight};

fn ballot_or_none(ballot: u32) -> String {
    if ballot == 0 { "none".into() } else { format!("ballot {ballot}") }
}

fn proposal_or_nothing(proposal: Option<Proposal>) -> String {
    proposal.map_or("nothing".into(), |proposal| proposal.to_string())
}

impl Durable for Kept {
    fn inspect(&self, view: &mut Inspection) {
        if self.tried > 0 {
            view.fact("Last ballot tried", ballot_or_none(self.tried));
        }
        if self.promised > 0 || self.tried == 0 {
            view.fact("Promised", ballot_or_none(self.promised));
            view.fact("Accepted", proposal_or_nothing(self.accepted));
        }
    }
}

impl Paxos {
    fn proposes(&self) -> bool {
        self.cast.proposers().contains(self.me)
    }

    fn accepts(&self) -> bool {
        self.cast.acceptors().contains(self.me)
    }

    fn learns(&self) -> bool {
        self.cast.learners().contains(self.me)
    }

    pub(super) fn status_now(&self) -> LaneStatus {
        let phase = self.proposer.phase;
        let role = match (phase, self.accepts(), self.proposes()) {
            (Phase::Idle, true, _) => "acceptor",
            (Phase::Idle, false, false) => "learner",
            _ => "proposer",
        };
        let weight = match phase {
            Phase::Idle => Weight::Follows,
            Phase::Prepares | Phase::BacksOff => Weight::Stands,
            Phase::Proposes(_) => Weight::Leads,
        };
        let heard = self.heard.iter().map(|(proposal, _)| proposal.ballot).max();
        LaneStatus { role, weight, epoch: self.kept.tried.max(self.kept.promised).max(heard.unwrap_or(0)) }
    }

    pub(super) fn condition_now(&self) -> Option<Condition> {
        let ballot = self.kept.tried as i32;
        let phrase = match self.proposer.phase {
            Phase::Prepares => Phrase::with("ballot {} waits for promises", &[ballot]),
            Phase::Proposes(_) => Phrase::with("ballot {} waits to be accepted", &[ballot]),
            Phase::BacksOff => Phrase::with("backs off after ballot {}", &[ballot]),
            Phase::Idle => {
                let (heard, _) = self.heard.iter().max().filter(|_| self.learned.is_none())?;
                Phrase::with("does not know whether {} is chosen", &[heard.value])
            }
        };
        Some(Condition { what: ConditionKind::Waits, phrase })
    }

    pub(super) fn inspect_now(&self, view: &mut Inspection) {
        view.summary = self.summary();
        if self.proposes() {
            self.inspect_proposer(view);
        }
        if self.accepts() {
            view.fact("Promised", ballot_or_none(self.kept.promised));
            view.fact("Accepted", proposal_or_nothing(self.kept.accepted));
        }
        if self.learns() || self.proposes() {
            view.fact("Learned", self.learned.map_or("nothing".into(), |value| value.to_string()));
        }
        if !self.heard.is_empty() {
            view.tables.push(self.heard_table());
        }
    }

    /// One or two facts for the lane head.
    fn summary(&self) -> String {
        match (self.proposer.phase, self.learned, self.kept.accepted) {
            (Phase::Prepares, ..) => {
                format!("{} of {} promises", self.proposer.promises.len(), self.cast.quorum)
            }
            (Phase::Proposes(value), ..) => format!("proposes {value}"),
            (Phase::BacksOff, ..) => "backs off".into(),
            (Phase::Idle, Some(value), _) => format!("learned {value}"),
            (Phase::Idle, None, Some(accepted)) => format!("accepted {}", accepted.value),
            (Phase::Idle, None, None) if self.kept.promised > 0 => format!("promised {}", self.kept.promised),
            _ => String::new(),
        }
    }

    fn inspect_proposer(&self, view: &mut Inspection) {
        let proposer = &self.proposer;
        view.fact("Ballot", ballot_or_none(self.kept.tried));
        view.fact("Wants", proposer.wish.map_or("nothing".into(), |value| value.to_string()));
        let phase = match proposer.phase {
            Phase::Idle => "idle".into(),
            Phase::Prepares => format!("phase 1, needs {} promises", self.cast.quorum),
            Phase::Proposes(value) => format!("phase 2, proposes {value}"),
            Phase::BacksOff => "backs off".into(),
        };
        view.fact("Does", phase);
        if proposer.promises.is_empty() {
            return;
        }
        let rows = proposer.promises.iter().map(|(acceptor, accepted)| Row {
            epoch: accepted.map_or(0, |accepted| accepted.ballot),
            cells: vec![self.cast.name(*acceptor), proposal_or_nothing(*accepted)],
            settled: true,
        });
        let columns = &["Acceptor", "Has accepted"];
        view.tables.push(Table { name: "Promises", columns, rows: rows.collect() });
    }

    /// Who has accepted what, as far as it has heard. What a majority accepted is settled.
    fn heard_table(&self) -> Table {
        let rows = self.heard.iter().map(|(proposal, by)| Row {
            epoch: proposal.ballot,
            cells: vec![proposal.ballot.to_string(), proposal.value.to_string(), self.cast.names(*by)],
            settled: by.len() >= self.cast.quorum,
        });
        Table { name: "Heard", columns: &["Ballot", "Value", "Accepted by"], rows: rows.collect() }
    }
}
