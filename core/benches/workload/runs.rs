//! The long runs that are measured, and a move in them.

use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{Action, Edit, EventIndex, Scenario, Time, Trace, simulate};

/// Events of the measured runs.
pub const EVENTS: usize = 10_000;

/// A Raft run of [`EVENTS`] events.
pub fn raft() -> Scenario {
    raft_of(EVENTS)
}

/// A Raft run of at least so many events: five servers, one client that writes every 40 ms.
pub fn raft_of(events: usize) -> Scenario {
    let family = lightcone_protocols::by_id("raft").expect("raft is registered");
    let mut scenario = Scenario::new(family);
    let client = scenario.lanes().iter().position(|lane| lane.client);
    let client = lightcone_engine::NodeId(client.expect("the default run has a client") as u8);
    scenario.horizon = Time::from_millis(100_000);
    scenario.script = (5..200)
        .map(|turn| Edit::At {
            at: Time::from_millis(turn * 40),
            action: Action::Request { node: client, operation: Operation::Write { key: Key(0), value: turn as i32 } },
        })
        .collect();
    // Only as long as it takes.
    let mut trace = simulate(&scenario);
    if trace.events.len() > events {
        scenario.horizon = trace.events[events - 1].at;
        trace = simulate(&scenario);
    }
    assert!(trace.events.len() >= events, "the run has {} events", trace.events.len());
    scenario
}

/// The scenario of `before` with the first message delivered from `event` on moved by 7 ms.
pub fn with_a_move(before: &Trace, event: EventIndex) -> Scenario {
    let message =
        before.messages.iter().find(|message| message.sent_by >= event && matches!(message.fate, Fate::Delivered(_)));
    let message = message.expect("messages are delivered to the end of the run");
    let mut scenario = Scenario::clone(&before.scenario);
    scenario.moves.push(Edit::Deliver { message: message.id, at: message.arrives.after(7_000) });
    scenario
}
