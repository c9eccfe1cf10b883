//! What is measured, natively and in wasm: a run of 10,000 Raft events, and the same traffic in a loop
//! written by hand, which shows what an engine costs on top.

#[allow(dead_code)] // The native table is in `bench/`.
pub mod flaws;
pub mod histories;

use ::lightcone_protocols;
use lightcone_engine::hash::mix;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{Action, Edit, EventIndex, Scenario, Time, Trace, simulate};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events of the measured runs.
pub const EVENTS: usize = 10_000;

/// A Raft run of [`EVENTS`] events.
pub fn raft() -> Scenario {
    raft_of(EVENTS)
}

/// A Raft run of at least so many events: five servers, one client that writes every 40 ms.
pub fn raft_of(events: usize) -> Scenario {
    let family = registry::by_id("raft").expect("raft is registered");
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

/// The same traffic by hand: a leader and four followers, heartbeats and answers, a queue and nothing else.
pub fn by_hand() -> u64 {
    const NODES: u64 = 5;
    let mut queue = BinaryHeap::new();
    let mut terms = [1_u64; NODES as usize];
    let mut heard = [0_u64; NODES as usize];
    let mut names = 0_u64;
    queue.push(Reverse((0_u64, 0_u64, 0_u64)));
    for _ in 0..EVENTS {
        let Some(Reverse((now, node, from))) = queue.pop() else { break };
        let latency = |name: u64| 8_000 + mix(name) % 6_000;
        if node == 0 && from == 0 {
            for follower in 1..NODES {
                names += 1;
                queue.push(Reverse((now + latency(names), follower, 0)));
            }
            queue.push(Reverse((now + 30_000, 0, 0)));
        } else if node != 0 {
            heard[node as usize] = now;
            terms[node as usize] = terms[0];
            names += 1;
            queue.push(Reverse((now + latency(names), 0, node)));
        } else {
            heard[from as usize] = now;
        }
    }
    heard.iter().chain(&terms).fold(names, |sum, each| mix(sum ^ each))
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
