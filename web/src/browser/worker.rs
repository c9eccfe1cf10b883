//! Work beside the page, and what both of them need.

use super::base::{Listener, listen, window};
use js_sys::{Array, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, WorkerOptions, WorkerType};

/// The script that a worker starts with, beside the page.
const SCRIPT: &str = "search.js";

/// Another thread with the same program, at work until this is dropped.
pub struct Worker {
    worker: web_sys::Worker,
    spoke: Rc<Cell<bool>>,
    _heard: [Listener; 2],
}

impl Worker {
    /// Starts one; none if the page may not. Each text that it posts is heard; an empty one if it fails.
    #[must_use]
    pub fn start(request: &str, heard: impl Fn(String) + Clone + 'static) -> Option<Worker> {
        let script = window().document()?.query_selector("script[data-js]").ok()??;
        let glue = script.get_attribute("data-js")?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(SCRIPT, &options).ok()?;
        let failed = heard.clone();
        let spoke = Rc::new(Cell::new(false));
        let speaks = spoke.clone();
        let message = listen(worker.clone().into(), "message", move |event| {
            speaks.set(true);
            let said = Reflect::get(&event, &"data".into()).ok();
            heard(said.and_then(|said| said.as_string()).unwrap_or_default());
        });
        let error = listen(worker.clone().into(), "error", move |_| failed(String::new()));
        let worker = Worker { worker, spoke, _heard: [message, error] };
        let order = Array::of3(&glue.into(), &wasm_bindgen::module(), &request.into());
        worker.worker.post_message(&order).ok()?;
        Some(worker)
    }
}

/// How many workers are worth starting: one for each processor, and not more than three, for each has its own memory.
#[must_use]
pub fn workers() -> usize {
    (window().navigator().hardware_concurrency() as usize).clamp(1, 3)
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.spoke.get() {
            return self.worker.terminate();
        }
        // A browser calls it an error if a worker ends before its program is there: it ends once it has begun.
        let worker = self.worker.clone();
        let end = Closure::once_into_js(move || worker.terminate());
        self.worker.set_onmessage(Some(end.unchecked_ref()));
    }
}

/// In a worker: says something to the page.
pub fn post(text: &str) {
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        let _ = scope.post_message(&text.into());
    }
}

/// The clock, in milliseconds, for what only the reader's patience depends on.
#[must_use]
pub fn now() -> f64 {
    js_sys::Date::now()
}
