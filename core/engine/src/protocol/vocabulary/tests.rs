//! The vocabulary on a protocol that has one of everything.

use crate::prelude::*;
use crate::protocol::place;
use crate::protocol::{FlawSet, Kind, Style, Unit, When};

/// A node that does nothing.
#[derive(Clone, Hash)]
struct Idle;

impl Protocol for Idle {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = NoFact;
    type Observer = ();

    const SPECIFICATION: Specification = Specification {
        number: 251,
        id: "idle",
        version: 1,
        title: "Idle",
        summary: "",
        source: "",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }
    fn lanes(config: &Config) -> Vec<Lane> {
        Lane::nodes("N", config.nodes, &[]).collect()
    }
    fn boot((): (), _: &mut Out<'_, Idle>) -> Idle {
        Idle
    }
    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Idle>) {}
    fn on_message(&mut self, _: NodeId, _: &Message, _: &mut Out<'_, Idle>) {}
    fn inspect(&self, _: &mut Inspection) {}
}

mod shared {
    crate::promises! {
        Agreement: Always = "agreement", "Agreement", "No two nodes decide differently.", "here";
        Termination: ByTheEnd = "termination", "Termination", "Every node decides.", "here";
    }
}

choices! {
    /// How it reads.
    Mode {
        /// Slowly.
        Safe = "safe";
        /// At once.
        Fast = "fast";
    }
}
knobs! {
    /// How many.
    nodes: Count(1..=7, default 5) = "nodes", "Nodes";
    /// Entries of one message.
    batch: Number(1..=1_000, default 300) = "batch", "Batch";
    /// How long.
    patience: Millis(default 20) = "patience", "Patience";
    /// Whether.
    asks: Switch(on) = "asks", "Asks";
    /// How.
    mode: Choice(Mode::Fast) = "mode", "Mode";
}
flaws! {
    Forgets = "forgets", "A node forgets.";
    ReadsOld = "reads-old", "A node reads what is old.", needs mode 1, needs asks 1;
}
promises! {
    from shared::Promise;
    Order: Always = "order", "Order", "There is an order.", "here";
}
messages! {
    /// What travels.
    Message {
        /// Vote.
        Vote {
            /// Whether it is a yes.
            yes: bool,
        } = Permission, "Vote", |f| f.write_str(if *yes { "Yes" } else { "No" });
        /// Accept it.
        Accept(value: i32, node: NodeId) = Value reply, "Accept", "Accept {value} of {node:?}";
        /// Still here.
        Beat = Beat, "Beat";
    }
}
timers! {
    /// For the rest.
    Patience;
    /// For an answer.
    Retry;
}
commands! {
    /// Turn to it.
    TurnTo(Node) = "turn-to", "Turn to";
    /// Propose it.
    Propose(Number) = "propose", "Propose";
    /// Stop.
    Stop = "stop", "Stop";
}
facts! {
    /// What happens.
    Fact {
        /// Decided.
        Decided {
            /// What.
            value: i32,
            /// By whom.
            by: NodeId,
        } = Committed, "{} by {node}", value, by;
        /// Begun, perhaps again.
        Begun {
            /// Whether again.
            again: bool,
        } => (Mark::Turning, if *again { phrase!("again") } else { phrase!("begins") });
        /// Only a judge asks.
        Seen;
    }
}

#[test]
fn a_configuration_is_read_in_the_order_in_which_it_is_declared() {
    let settings = Settings { parameters: [3, 400, 7, 0, 1].into(), flaws: FlawSet(0b10) };
    let config = Config::read(&settings);
    assert_eq!((config.nodes, config.batch, config.patience, config.asks), (3, 400, 7_000, false));
    assert_eq!(config.mode, Mode::Fast);
    assert!(config.has(Flaw::ReadsOld) && !config.has(Flaw::Forgets));
    let ids: Vec<_> = Config::PARAMETERS.iter().map(|parameter| (parameter.id, parameter.default)).collect();
    assert_eq!(ids, [("nodes", 5), ("batch", 300), ("patience", 20), ("asks", 1), ("mode", 1)]);
    assert_eq!(Config::PARAMETERS[4].unit, Unit::Choice(&["safe", "fast"]));
    assert_eq!(Flaw::ALL[1].needs, [(4, 1), (3, 1)]);
}

#[test]
fn promises_of_a_shared_judge_come_first_and_are_found_in_the_list() {
    let ids: Vec<_> = Promise::ALL.iter().map(|promise| (promise.id, promise.when)).collect();
    assert_eq!(ids, [("agreement", When::Always), ("termination", When::ByTheEnd), ("order", When::Always)]);
    assert_eq!((u8::from(Promise::Order), u8::from(shared::Promise::Termination)), (2, 1));
    assert_eq!(place(Promise::ALL, &Promise::ALL[2..]), 2);
    let mut findings = Findings::default();
    findings.within::<Idle>(&shared::Promise::ALL[1..], |findings| {
        findings.reaches(shared::Promise::Agreement);
        assert!(findings.is_reached(shared::Promise::Agreement));
    });
    assert!(findings.is_reached(1_u8) && !findings.is_reached(0_u8), "its first is the second of the protocol's");
}

#[test]
fn messages_have_kinds_and_labels() {
    use crate::protocol::Message as _;
    let accept = Message::Accept(3, NodeId(1));
    assert_eq!(
        Message::KINDS[usize::from(accept.kind())],
        Kind { name: "Accept", label: "Accept", style: Style::Value, reply: true }
    );
    let labels = [Message::Vote { yes: true }, Message::Vote { yes: false }, accept, Message::Beat];
    assert_eq!(labels.map(|message| message.to_string()), ["Yes", "No", "Accept 3 of NodeId(1)", "Beat"]);
}

#[test]
fn commands_come_with_their_arguments() {
    let of = |verb, argument| Command::of(Operation::Command { verb, argument });
    assert_eq!(Command::ALL.len(), 3);
    assert_eq!(of(0, 2), Some(Command::TurnTo(NodeId(2))));
    assert_eq!(of(1, 2), Some(Command::Propose(2)));
    assert_eq!(of(2, 0), Some(Command::Stop));
    assert_eq!((of(3, 0), Command::of(Operation::Read { key: Key(0) })), (None, None));
    assert_eq!(Verb::Propose.accepted(), Accepts::Command(1));
}

#[test]
fn facts_show_what_they_say() {
    assert_eq!(Fact::NAMES, ["Decided", "Begun", "Seen"]);
    let decided = Fact::Decided { value: -3, by: NodeId(1) };
    assert_eq!(decided.shown(), Some((Mark::Committed, Phrase::with("{} by {node}", &[-3, 1]))));
    assert_eq!(Fact::Begun { again: true }.shown(), Some((Mark::Turning, Phrase::plain("again"))));
    assert_eq!((Fact::Seen.shown(), Fact::Seen.kind()), (None, 2));
}

#[test]
fn timers_are_named_as_they_are_declared() {
    use crate::protocol::Timer as _;
    assert_eq!(Timer::ALL, [(Timer::Patience, "Patience"), (Timer::Retry, "Retry")]);
}
