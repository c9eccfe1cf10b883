//! A protocol for tests alone: one node asks two others to promise; these take locks, are in doubt and decide. It uses
//! parts of the engine that no protocol of the gallery uses yet.

use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::Operation;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{
    Assumptions, Condition, ConditionKind, Erased, Inspection, Kind, Lane, LaneStatus, Message, NoFact, Out, Protocol,
    Settings, Specification, Style, Timer, Weight,
};
use std::fmt;

/// Its entry in a list of protocols.
pub static TOY: Erased<Toy> = Erased::new();

/// What a protocol for tests alone says of itself: the number and the name that it has in no link and in no file, and nothing
/// else.
#[must_use]
pub const fn bare(number: u8, id: &'static str) -> Specification {
    Specification {
        number,
        id,
        version: 1,
        title: id,
        summary: "",
        source: "",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[],
        flaws: &[],
        properties: &[],
        commands: &[],
    }
}

/// A node that hands out one lock, first come, first served.
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
    type Fact = NoFact;
    type Observer = ();

    const SPECIFICATION: Specification = bare(250, "toy");

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

    fn lane_status(&self) -> LaneStatus {
        LaneStatus { role: "", weight: Weight::Follows, epoch: 0 }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let mut waits = self.asked.iter().map(|asked| i32::from(*asked));
        let Some(first) = waits.next() else { return };
        now.push(Condition { what: ConditionKind::Locked, phrase: Phrase::with("x locked by T{}", &[first]) });
        now.push(Condition { what: ConditionKind::InDoubt, phrase: Phrase::plain("in doubt") });
        now.extend(
            waits
                .map(|next| Condition { what: ConditionKind::Waits, phrase: Phrase::with("T{} waits for x", &[next]) }),
        );
    }

    fn inspect(&self, _: &mut Inspection) {}
}
