//! Judges consensus: of all that is decided, one value at most, and one that was proposed (L. Lamport, *Paxos Made Simple*,
//! 2001, §2.1).
//!
//! A *decision* is what the protocol's paper calls so, whoever knows of it: in Paxos a value that a majority of acceptors has
//! accepted. The protocol says when that happens; no node's belief is asked. The same value may be decided again, by others
//! or in a later ballot.
//!
//! The other two properties of consensus stay with the protocol. That nobody learns a value that is not decided
//! (integrity), and that everybody learns in the end (termination), speak of its learners, whom this judge does not know.

use alloc::rc::Rc;
use lightcone_engine::prelude::*;

promises! {
    Agreement: Always = "agreement", "Agreement", "A chosen value stays chosen: no other value is chosen.", "Lamport 2001, §2.1";
    Validity: Always = "validity", "Validity", "Only a proposed value is chosen.",
        "Lamport 2001, §2.1";
}

/// What may be decided, and what is.
#[derive(Clone, Debug, Default, Hash)]
pub struct Judge {
    /// Values that somebody was to propose.
    proposed: SortedMap<Value>,
    /// What is decided, and how first. More than one value is one too many.
    decided: SortedMap<Value, Unhashed<Rc<Breach>>>,
}

impl Judge {
    /// Somebody is to propose this value: from now on it may be decided.
    pub fn proposes(&mut self, value: Value) {
        self.proposed.add(value);
    }

    /// A value is decided. `how` says so as half a sentence ("10 is chosen by A1 and A2"), with the nodes and events that
    /// did it: of two decisions the halves make the sentence that says what is broken.
    pub fn decides<P: Protocol>(&mut self, value: Value, how: &Rc<Breach>, findings: &mut Findings) {
        findings.within::<P>(Promise::ALL, |findings| {
            if let Some((_, Unhashed(first))) = self.decided.iter().find(|(other, _)| *other != value) {
                findings.breaks(Promise::Agreement, || Breach {
                    sentence: format!("{}, and {}.", first.sentence, how.sentence),
                    nodes: first.nodes.union(how.nodes),
                    events: first.events.clone(),
                });
            }
            self.decided.or_insert(value, Unhashed(how.clone()));
            if !self.proposed.contains(&value) {
                findings.breaks(Promise::Validity, || Breach {
                    sentence: format!("{}, and nobody was to propose it.", how.sentence),
                    nodes: how.nodes,
                    events: Vec::new(),
                });
            }
        });
    }

    /// The run is over: was there anything to judge?
    pub fn at_end<P: Protocol>(&self, findings: &mut Findings) {
        findings.within::<P>(Promise::ALL, |findings| {
            for promise in [Promise::Agreement, Promise::Validity] {
                findings.untested_if(self.proposed.is_empty(), promise, "nothing was proposed");
                findings.untested_if(self.decided.is_empty(), promise, "nothing was chosen");
            }
        });
    }

    /// How the decision was made, if there is one: what those who do not know of it should have learned.
    #[must_use]
    pub fn decided(&self) -> Option<&Breach> {
        self.decided.iter().next().map(|(_, Unhashed(how))| &**how)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::paxos::Paxos;

    /// 10 and 20 are proposed, and these values decided. Do agreement and validity hold?
    fn hold(values: &[Value]) -> (bool, bool) {
        let (mut judge, mut findings) = (Judge::default(), Findings::default());
        [10, 20].into_iter().for_each(|value| judge.proposes(value));
        for value in values {
            let how = Breach::of(format!("{value} is chosen"), [NodeId(1)], [EventIndex(3)]);
            judge.decides::<Paxos>(*value, &Rc::new(how), &mut findings);
        }
        let first = values.first().map(|value| format!("{value} is chosen"));
        assert_eq!(judge.decided().map(|how| &how.sentence), first.as_ref());
        (findings.holds(Promise::Agreement), findings.holds(Promise::Validity))
    }

    #[test]
    fn one_proposed_value_may_be_decided_as_often_as_it_likes() {
        assert_eq!([hold(&[]), hold(&[10]), hold(&[20, 20, 20])], [(true, true); 3]);
    }

    #[test]
    fn a_second_value_breaks_agreement() {
        assert_eq!([hold(&[10, 20]), hold(&[10, 10, 20, 10])], [(false, true); 2]);
    }

    #[test]
    fn a_value_that_nobody_was_to_propose_breaks_validity() {
        assert_eq!((hold(&[30]), hold(&[10, 30])), ((true, false), (false, false)));
    }
}
