//! How fast runs are in wasm, under node. `cargo xtask bench` runs this in release; it measures and asserts nothing.
#![cfg(target_arch = "wasm32")]

#[path = "../benches/workload/mod.rs"]
mod workload;

use js_sys::{Function, Reflect};
use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_engine::{EventIndex, resimulate, simulate};
use lightcone_judges::Register;
use lightcone_judges::check::linearizable;
use std::hint::black_box;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// The clock of the machine that runs the wasm, in milliseconds with fractions.
fn clock() -> impl Fn() -> f64 {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).expect("the global performance.now");
    let performance = get(&js_sys::global(), "performance");
    let now = Function::from(get(&performance, "now"));
    move || now.call0(&performance).ok().and_then(|millis| millis.as_f64()).expect("performance.now is a number")
}

/// Milliseconds that the process has had on the processor, with those that node spends to compile.
fn processor_clock() -> impl Fn() -> f64 {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).expect("node's process.cpuUsage");
    let process = get(&js_sys::global(), "process");
    let usage = Function::from(get(&process, "cpuUsage"));
    move || {
        let usage = usage.call0(&process).expect("node says what it has used");
        let micros = |name: &str| get(&usage, name).as_f64().expect("a number of microseconds");
        (micros("user") + micros("system")) / 1_000.0
    }
}

/// Milliseconds of one call: the median of batches that each take some 40 ms.
fn median_millis(mut call: impl FnMut()) -> f64 {
    let now = clock();
    let mut batch = |calls: u32| {
        let start = now();
        (0..calls).for_each(|_| call());
        (now() - start) / f64::from(calls)
    };
    let calls = (40.0 / batch(20).max(0.001)).ceil() as u32;
    let mut samples: Vec<f64> = (0..25).map(|_| batch(calls)).collect();
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
    let histories = workload::histories::etcd(1_000);
    let mut all = histories.iter().cycle();
    let judged = median_millis(|| {
        let history = all.next().expect("there are some");
        black_box(linearizable::<Register>(history, MAX_CHECKED_CONFIGURATIONS));
    });
    console_log!("judge a history of 80 operations  {judged:8.3} ms");
}

#[wasm_bindgen_test]
fn search() {
    console_log!("{}", workload::flaws::HEAD);
    workload::flaws::rows(processor_clock()).for_each(|row| console_log!("{row}"));
}
