//! The core's tests that are not made from what protocols declare, in one program: a program more is a link more for each
//! change. `memory.rs` counts allocations and `golden.rs` runs in a browser, so these are programs of their own.
#![cfg(not(target_arch = "wasm32"))]

mod assumptions;
mod challenges;
mod codecs;
mod conditions;
mod engine;
mod export;
mod find;
mod floors;
mod goals;
#[path = "linearizability/main.rs"]
mod linearizability;
mod links;
mod not_promised;
mod scenarios;
#[path = "search.rs"]
mod search;
mod soaks;
mod textbook;
mod tidy;
