//! How long the frames of a drag take in wasm, under node. `cargo xtask bench` runs this in release; it measures and asserts
//! nothing.
#![cfg(target_arch = "wasm32")]

#[path = "../benches/drag/mod.rs"]
mod drag;

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn frames() {
    // Of the processor: the machine may do other things meanwhile.
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).expect("node's process.cpuUsage");
    let process = get(&js_sys::global(), "process");
    let usage = Function::from(get(&process, "cpuUsage"));
    let millis = || {
        let usage = usage.call0(&process).expect("node says what it has used");
        let micros = |name: &str| get(&usage, name).as_f64().expect("a number of microseconds");
        (micros("user") + micros("system")) / 1_000.0
    };
    console_log!("{}", drag::table(millis));
}
