//! Judges consensus by what is decided, whoever knows of it: one value at most, and one that was proposed (L. Lamport,
//! *Paxos Made Simple*, 2001, §2.1). When a value is decided, the protocol says; that is its own definition. That nobody
//! learns of a decision too early and everybody learns of it in the end, the protocol judges too: it knows its learners.

use alloc::rc::Rc;
use lightcone_engine::prelude::*;

promises! {
    Agreement: Always = "agreement", "Agreement", "A chosen value stays chosen: no other is.", "Lamport 2001, §2.1";
    Validity: Always = "validity", "Validity", "Only a value that a proposer was to propose is chosen.",
        "Lamport 2001, §2.1";
}

/// What may be decided, and what is.
#[derive(Clone, Debug, Default, Hash)]
pub struct Judge {
    /// Values that somebody was to propose.
    proposed: Table<Value>,
    /// What was decided first, and who did it when.
    decided: Option<(Value, Unhashed<Rc<Breach>>)>,
}

impl Judge {
    /// Somebody is to propose this value: from now on it may be decided.
    pub fn proposes(&mut self, value: Value) {
        self.proposed.add(value);
    }

    /// A value is decided. `how` says so as half a sentence ("10 is chosen by A1 and A2"), with the nodes and events that
    /// did it.
    pub fn decides<P: Protocol>(&mut self, value: Value, how: Breach, findings: &mut Findings) {
        findings.within::<P>(Promise::ALL, |findings| {
            match &self.decided {
                Some((first, _)) if *first == value => {}
                Some((_, first)) => findings.breaks(Promise::Agreement, || Breach {
                    sentence: format!("{}, and {}.", first.0.sentence, how.sentence),
                    nodes: first.0.nodes.union(how.nodes),
                    events: first.0.events.clone(),
                }),
                None => self.decided = Some((value, Unhashed(Rc::new(how.clone())))),
            }
            if !self.proposed.contains(&value) {
                findings.breaks(Promise::Validity, || Breach {
                    sentence: format!("{}, and nobody was to propose it.", how.sentence),
                    nodes: how.nodes,
                    events: Vec::new(),
                });
            }
        });
    }
}
