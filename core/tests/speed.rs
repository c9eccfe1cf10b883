//! How fast runs are in wasm, under node. `cargo xtask bench` runs this in release; it measures and asserts nothing.
#![cfg(target_arch = "wasm32")]

#[path = "../benches/workload/mod.rs"]
mod workload;

use lightcone::{EventIndex, resimulate, simulate};
use std::hint::black_box;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Milliseconds of one call: the median of batches that each take some 40 ms.
fn median_millis(mut call: impl FnMut()) -> f64 {
    let mut batch = |calls: u32| {
        let start = js_sys::Date::now();
        (0..calls).for_each(|_| call());
        (js_sys::Date::now() - start) / f64::from(calls)
    };
    let once = batch(8).max(0.01);
    let calls = (40.0 / once).ceil() as u32;
    let mut samples: Vec<f64> = (0..15).map(|_| batch(calls)).collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

#[wasm_bindgen_test]
fn speed() {
    let scenario = workload::raft();
    let by_hand = median_millis(|| {
        black_box(workload::by_hand());
    });
    let run = median_millis(|| drop(black_box(simulate(&scenario))));
    let before = simulate(&scenario);
    console_log!("a loop by hand, 10,000 events     {by_hand:8.3} ms");
    console_log!("simulate Raft, 10,000 events      {run:8.3} ms   {:5.2} times the loop", run / by_hand);
    for event in [0, 5_000, 9_900] {
        let edited = workload::with_a_move(&before, EventIndex(event));
        let moved = median_millis(|| drop(black_box(resimulate(&before, &edited))));
        console_log!("move one message at event {event:5}   {moved:8.3} ms   {:5.2} times the loop", moved / by_hand);
    }
    let state = median_millis(|| drop(black_box(before.world_at(EventIndex(7_777)))));
    console_log!("state at an event                 {state:8.3} ms");
}
