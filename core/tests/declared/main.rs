//! Tests every registered protocol by what it declares. Each trial has a name such as `raft::search::flaw …`, so `cargo
//! test --test declared raft` is the inner loop of one protocol. A new protocol adds no line here. [`times`] says where the time goes.
//!
//! Schedules: `common::plans` reads how they are drawn and what must happen in them, [`schedules`] holds them to it.

#[cfg(not(target_arch = "wasm32"))]
mod dead_messages;
#[cfg(not(target_arch = "wasm32"))]
mod laws;
#[cfg(not(target_arch = "wasm32"))]
mod picture;
#[cfg(not(target_arch = "wasm32"))]
mod round_trip;
#[cfg(not(target_arch = "wasm32"))]
mod schedules;
#[cfg(not(target_arch = "wasm32"))]
mod search;
#[cfg(not(target_arch = "wasm32"))]
mod shared_parts;
#[cfg(not(target_arch = "wasm32"))]
mod symmetry;
#[cfg(not(target_arch = "wasm32"))]
mod times;
#[cfg(not(target_arch = "wasm32"))]
mod trials;
#[cfg(not(target_arch = "wasm32"))]
mod widening;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    trials::run();
}

/// Natively only: `golden.rs` holds that wasm does the same.
#[cfg(target_arch = "wasm32")]
fn main() {}
