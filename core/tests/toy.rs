//! A protocol for tests alone: one node asks two others to promise, they lock, are in doubt and decide. It uses what no
//! protocol of the gallery uses yet.

use crate::assumptions::Assumptions;
use crate::id::{NodeId, NodeSet, RequestId};
use crate::operation::Operation;
use crate::phrase::Phrase;
use crate::protocol::{
    Condition, Face, Inspection, Kind, Lane, Lasting, Message, Out, Protocol, Settings, Specification, Style, Timer,
    Weight,
};
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

/// Its number in the registry of tests.
pub const NUMBER: u8 = 250;

/// A node.
#[derive(Clone, Debug, Default, Hash)]
pub struct Toy {
    /// Transactions in the order in which they asked for the lock: the first has it, and is promised.
    asked: Vec<u8>,
    /// How much the first node has said.
    said: u8,
}

/// What travels: the number of a transaction, and whether it is over.
#[derive(Clone, Debug, Hash)]
pub struct Say(u8, bool);

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} T{}", if self.1 { "commit" } else { "prepare" }, self.0)
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Prepare", label: "prepare", style: Style::Permission, reply: false },
        Kind { name: "Commit", label: "commit", style: Style::Decision, reply: false },
    ];
    fn kind(&self) -> u8 {
        u8::from(self.1)
    }
}

/// When the next thing is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next;

impl Timer for Next {
    const ALL: &'static [(Self, &'static str)] = &[(Next, "Next")];
}

/// What is said, in this order again and again, one every 20 ms.
const SCRIPT: [Say; 4] = [Say(1, false), Say(2, false), Say(1, true), Say(2, true)];

impl Protocol for Toy {
    type Config = ();
    type Message = Say;
    type Timer = Next;
    type Durable = ();
    type Observer = ();

    const SPECIFICATION: Specification = Specification {
        number: NUMBER,
        id: "toy",
        version: 1,
        title: "Toy",
        summary: "",
        source: "",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[],
        flaws: &[],
        properties: &[],
        commands: &[],
    };

    fn configure(_: &Settings) {}

    fn lanes((): &()) -> Vec<Lane> {
        (0..3).map(|node| Lane { name: format!("N{node}"), client: false, accepts: &[] }).collect()
    }

    fn boot((): (), out: &mut Out<'_, Toy>) -> Toy {
        if out.me() == NodeId(0) {
            out.arm(Next, (20_000, 20_000));
        }
        Toy::default()
    }

    fn on_message(&mut self, _: NodeId, message: &Say, _: &mut Out<'_, Toy>) {
        if message.1 {
            self.asked.retain(|asked| *asked != message.0);
        } else {
            self.asked.push(message.0);
        }
    }

    fn on_timer(&mut self, _: Next, out: &mut Out<'_, Toy>) {
        out.broadcast(NodeSet::first(3), SCRIPT[usize::from(self.said % 4)].clone());
        out.arm(Next, (20_000, 20_000));
        self.said = self.said.wrapping_add(1);
    }

    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Toy>) {}

    fn face(&self) -> Face {
        Face { role: "", weight: Weight::Follows, epoch: 0 }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let mut waits = self.asked.iter().map(|asked| i32::from(*asked));
        let Some(first) = waits.next() else { return };
        now.push(Condition { what: Lasting::Locked, phrase: Phrase::with("x locked by T{}", &[first]) });
        now.push(Condition { what: Lasting::InDoubt, phrase: Phrase::plain("in doubt") });
        now.extend(
            waits.map(|next| Condition { what: Lasting::Waits, phrase: Phrase::with("T{} waits for x", &[next]) }),
        );
    }

    fn inspect(&self, _: &mut Inspection) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Action, Edit, Scenario};
    use crate::time::Time;
    use crate::trace::Trace;
    use crate::{registry, resimulate, simulate};
    use alloc::string::String;

    fn scenario() -> Scenario {
        let mut scenario = Scenario::new(registry::by_number(NUMBER).expect("tests register it"));
        scenario.horizon = Time::from_millis(2_000);
        scenario.model.links.latency_micros = (5_000, 5_000);
        scenario
    }

    /// What begins (+) and ends (-) on the second lane.
    fn told(trace: &Trace) -> Vec<String> {
        let own = trace.conditions.iter().filter(|change| change.node == NodeId(1));
        let name = |node: NodeId| trace.name(node);
        own.map(|change| format!("{}{}", if change.begins { '+' } else { '-' }, change.condition.phrase.show(name)))
            .collect()
    }

    #[test]
    fn a_condition_lasts_from_the_event_that_begins_it_to_the_one_that_ends_it() {
        let trace = simulate(&scenario());
        let expected = [
            "+x locked by T1",
            "+in doubt",
            "+T2 waits for x",
            "-x locked by T1",
            "-T2 waits for x",
            "+x locked by T2",
            "-x locked by T2",
            "-in doubt",
        ];
        assert_eq!(told(&trace)[..8], expected);
        assert!(trace.conditions.windows(2).all(|pair| pair[0].event <= pair[1].event));
    }

    #[test]
    fn a_crash_ends_what_lasts_and_a_run_taken_over_has_the_same() {
        let before = simulate(&scenario());
        let mut crashed = scenario();
        let action = Action::Crash(NodeId(1));
        crashed.moves.push(Edit::At { at: Time::from_millis(1_015), action });
        let trace = simulate(&crashed);
        let last = told(&trace).split_off(told(&trace).len() - 3);
        assert_eq!(last, ["-x locked by T1", "-in doubt", "-T2 waits for x"]);
        assert!(
            trace.events.len() > 3 * crate::limits::CHECKPOINT_EVENTS as usize,
            "the run is taken over from a checkpoint"
        );
        assert_eq!(resimulate(&before, &crashed).conditions, trace.conditions);
        assert_eq!(resimulate(&trace, &scenario()).conditions, before.conditions);
    }
}
