//! What is measured, natively and in wasm: a run of 10,000 Raft events, and the same traffic in a loop
//! written by hand, which shows what an engine costs on top.

#[allow(dead_code)] // The native table is in `bench/`.
pub mod flaws;
pub mod histories;
mod runs;

use lightcone_engine::hash::mix;
#[allow(unused_imports, reason = "each measurement takes some")]
pub use runs::{EVENTS, raft, raft_of, with_a_move};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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
