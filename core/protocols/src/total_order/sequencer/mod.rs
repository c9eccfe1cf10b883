//! Total order broadcast through a sequencer (J.-M. Chang & N. F. Maxemchuk, *Reliable Broadcast Protocols*, ACM TOCS 1984; what is
//! promised: V. Hadzilacos & S. Toueg 1994, sections 3.1 and 3.4, and Cachin, Guerraoui & Rodrigues 2011, chapter 6).
//!
//! **Problem.** Any node may broadcast. All nodes must deliver the same messages in the same order, although links lose, double
//! and delay, and nodes stop.
//!
//! **Idea.** One node, the sequencer, numbers all messages: 1, 2, 3. Everybody delivers in the order of the numbers. A node that
//! has 5 and not 4 holds 5 back, waits for 4, and asks for it. A number is *stable* once a majority has stored it and all below
//! it. Only what is stable is delivered, so that what one node has delivered outlives that node.
//!
//! If the sequencer stops, delivery stops. No node decides by itself who is next: who is silent may be slow. An operator, on a
//! lane of its own, orders a node to take over (*Promote N2*), and a new **epoch** begins. Epochs are numbers, and each has one
//! owner: with three nodes N2 owns 2, 5, 8. The owner asks the others to follow it, and they say what they have stored. Once a
//! majority follows, it takes for each number the message of the latest epoch, and numbers it as it was, up to the first gap.
//! Then it goes on. The operator may err, and the order may come late: the old sequencer may be well, and lead.
//!
//! **Invariant.** *What is stable under a number stands under that number at every later sequencer.* So no two nodes ever
//! deliver different messages as number 4. Why each step keeps it:
//!
//! - Within an epoch only the owner numbers, and gives each number once (`Node::number`). A node says "I have stored up
//!   to 4" if nothing is missing in between (`Node::last`), so it speaks for 1, 2 and 3 too.
//! - A node that follows into an epoch refuses what is of earlier ones (`Node::on_message`): they are fenced. It
//!   stores nothing for the old sequencer *after* it has told the new one what it has.
//! - Hand-over (`hear`). Say 4 became stable in epoch 1: a majority stored it. The owner of epoch 2 hears from a majority, and
//!   two majorities share a node. It stored 4 before it followed, or it would have refused it; so it reports 4. The
//!   owner of epoch 3 hears of 4 from epoch 1 or from epoch 2: the same message. And so on for every later epoch.
//! - The new sequencer stops at the first gap, and at a message that has a number already (`lead`). Nothing stable is lost: below what
//!   is stable there is no gap, and no sequencer gives a message two numbers.
//! - A node delivers in the order of the numbers, up to what is stable, each once (`Node::deliver`).
//!
//! **When all is delivered.** With `retransmission`, while the node that was promoted last runs, and a majority does: then all
//! that running nodes broadcast is delivered by all of them. Whatever is not confirmed is sent again (`Node::watch`).
//!
//! **Flaws.** [`Flaw::GapsNotWaitedFor`] breaks the first step: a node stores 5 as its 4, says that it has stored up to 4, and delivers
//! 5 as the fourth. [`Flaw::EpochIgnored`] breaks the second: a node that follows the new sequencer still stores for the old one.
//! Both sequencers find a majority, each for another message under one number.
//!
//! | message  | from, to            | carries                                  | in Chang & Maxemchuk                  |
//! |----------|---------------------|------------------------------------------|---------------------------------------|
//! | Submit   | node, sequencer     | a message to be broadcast                | the source's message                  |
//! | Numbered | sequencer, all      | the message and its number               | acknowledgement with a timestamp      |
//! | Stored   | node, sequencer     | up to where it has stored                | implied when the token is accepted    |
//! | Stable   | sequencer, all      | up to where a majority has stored        | commitment after so many transfers    |
//! | Missing  | node, sequencer     | the number that it misses                | negative acknowledgement              |
//! | Lead     | promoted node, all  | only the epoch: follow me into it        | reformation: invitation               |
//! | Follow   | node, promoted node | what it has delivered, what it has stored | reformation: answer                  |
//! | Promote  | operator, node      | the order's number                       | none: there a site finds a failure     |
//! | Promoted | node, operator      | whether it is the sequencer now          | none                                  |
//!
//! Every message between nodes carries an epoch. A later one than its own is entered at once by whoever hears of it; who says something of an
//! earlier one is told what is stable now, and so hears of the new epoch.
//!
//! **Faults.** Links may lose, repeat and reorder; delays have no bound. Nodes may stop, and stay away (crash-stop); more than half must
//! run. A node that comes back has forgotten what it stored: two majorities need share nothing then, and nothing is promised.
//!
//! **Left out.** The token: in the paper the site that numbers changes with nearly every message, which shares the load and saves
//! acknowledgements. Here it stays, and each message is acknowledged by name. There any site that suspects a failure
//! starts a reformation; here only the operator. Logs are never cut: a real system forgets what all have delivered.

mod fact;
mod hand_over;
mod message;
mod node;
mod operator;

use crate::parts::broadcast::{self, reliable, total};
pub use fact::Fact;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Crashes;
use lightcone_engine::protocol::vocabulary::joined;
pub use message::{Log, Message};
pub use node::Node;
pub use operator::Operator;

knobs! {
    /// Nodes, which broadcast and deliver. The first is the first sequencer.
    nodes: Count(2..=7, default 3) = "nodes", "Nodes";
    /// Whether a node asks for what it misses, and sends again what is not confirmed.
    retransmission: Switch(on) = "retransmission", "Retransmission";
}

flaws! {
    GapsNotWaitedFor = "gaps-not-waited-for", "A node delivers messages as they arrive, even when an earlier number is missing.";
    EpochIgnored = "epoch-ignored", "Nodes accept messages of earlier epochs: an old sequencer goes on beside the new one.";
}

commands! {
    /// Broadcast a message.
    Broadcast = "broadcast", "Broadcast";
    /// The operator: make this node the sequencer.
    Promote(Node) = "promote", "Promote";
}

timers! {
    /// For whatever is not confirmed.
    Again;
}

/// A lane: a node, or who decides which node is the sequencer.
#[derive(Clone, Debug, Hash)]
pub enum Sequencer {
    /// Broadcasts and delivers.
    Node(Node),
    /// Promotes nodes.
    Operator(Operator),
}

impl Protocol for Sequencer {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 6,
        id: "sequencer",
        version: 2,
        title: "Sequencer",
        summary: "One node numbers all messages, and every node delivers them in that order.",
        source: "Chang & Maxemchuk 1984",
        epoch_word: "epoch",
        assumes: Assumptions { crashes: Crashes::Stop, ..Assumptions::CRASH_RECOVERY },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: &joined::<4>(&[total::Promise::ALL, broadcast::Promise::ALL, reliable::Promise::ALL]),
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Sequencer>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "two-sequencers",
            sentence: "Two nodes think that they are the sequencer",
            reached: Reached::Is(|nodes| nodes.up().filter(|(_, node)| node.leads()).count() > 1),
        },
        Goal {
            id: "handed-over",
            sentence: "Another node becomes the sequencer",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Leads { .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let operator = Lane { name: "operator".into(), client: true, accepts: const { &[Verb::Promote.accepted()] } };
        Lane::nodes("N", config.nodes, const { &[Verb::Broadcast.accepted()] }).chain([operator]).collect()
    }

    // No `interchangeable`: a node owns epochs by its number, so no two could change places.
    // No `never_matters`: what is late is answered, and the answer may bring an epoch.

    /// The lanes of nodes come first.
    fn boot((): (), out: &mut Out<'_, Sequencer>) -> Sequencer {
        match out.me().0 < out.config().nodes {
            true => Sequencer::Node(Node::boot(out)),
            false => Sequencer::Operator(Operator::default()),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Sequencer>) {
        match self {
            Sequencer::Node(node) => node.on_request(id, operation, out),
            Sequencer::Operator(operator) => operator.on_request(id, operation, out),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Sequencer>) {
        match self {
            Sequencer::Node(node) => node.on_message(from, message, out),
            Sequencer::Operator(operator) => operator.on_message(message, out),
        }
    }

    fn on_timer(&mut self, Timer::Again: Timer, out: &mut Out<'_, Sequencer>) {
        // The operator has none.
        let Sequencer::Node(node) = self else { return };
        node.on_timer(out);
    }

    fn lane_status(&self) -> LaneStatus {
        match self {
            Sequencer::Node(node) => node.lane_status(),
            Sequencer::Operator(_) => LaneStatus::CLIENT,
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let Sequencer::Node(node) = self else { return };
        node.conditions(now);
    }

    fn inspect(&self, view: &mut Inspection) {
        match self {
            Sequencer::Node(node) => node.inspect(view),
            Sequencer::Operator(operator) => operator.inspect(view),
        }
    }
}

impl Sequencer {
    /// Whether it is a node that a majority follows into its epoch.
    fn leads(&self) -> bool {
        matches!(self, Sequencer::Node(node) if node.leads())
    }
}

/// Judges the broadcast by what nodes say that they broadcast and deliver.
///
/// Reliable delivery is promised while the node that was promoted last is up, and a majority is.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    broadcasts: broadcast::Judge,
    order: total::Judge,
    /// Who was promoted last: the latest epoch, and its owner.
    promoted: (u32, NodeId),
}

impl Observer<Sequencer> for Judge {
    fn new(config: &Config) -> Judge {
        let (broadcasts, order) = (broadcast::Judge::new(config.nodes), total::Judge::new(config.nodes));
        Judge { broadcasts, order, promoted: (1, NodeId(0)) }
    }

    fn observe(&mut self, seen: &Seen<'_, Sequencer>, findings: &mut Findings) {
        for (fact, node) in seen.facts().zip(seen.node.iter().cycle()) {
            match *fact {
                Fact::Broadcast { item } => self.broadcasts.broadcasts(item, seen.event),
                Fact::Delivered { item, .. } => {
                    self.broadcasts.delivers::<Sequencer>(*node, item, seen.event, findings);
                    self.order.delivers::<Sequencer>(*node, item, seen.event, findings);
                }
                Fact::Promoted { epoch } => self.promoted = self.promoted.max((epoch, *node)),
                Fact::Leads { .. } => {}
            }
        }
    }

    /// Outside of that, numbers may be given that nobody can deliver: nothing is promised, and nothing is missing.
    fn at_end(&self, nodes: View<'_, Sequencer>, findings: &mut Findings) {
        let broadcasts = |(node, state)| matches!(state, &Sequencer::Node(_)).then_some(node);
        let up: NodeSet = nodes.up().filter_map(broadcasts).collect();
        let lives = up.contains(self.promoted.1) && self.broadcasts.is_majority(up);
        self.broadcasts.at_end::<Sequencer>(findings);
        self.broadcasts.untested::<Sequencer>(total::Promise::ALL, findings);
        reliable::at_end::<Sequencer>(&self.broadcasts, if lives { up } else { NodeSet::EMPTY }, findings);
    }
}
