//! The page around this one: what it asks, and what it is told. Nobody else is heard.

use super::base::{Listener, listen, window};
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

/// The version of the messages, in the field `lightcone`.
const VERSION: f64 = 1.0;

/// Whether this page is a part of another.
#[must_use]
pub fn framed() -> bool {
    around().is_some()
}

fn around() -> Option<web_sys::Window> {
    window().parent().ok().flatten().filter(|around| !Object::is(around, &window()))
}

/// Hears each message of the page around this one that says to be for Lightcone, as JSON: none if it cannot be written so. What
/// anybody else says, or says otherwise, is not heard; `ignored` is told of it.
#[must_use]
pub fn on_call(heard: impl Fn(u32, Option<String>) + 'static, ignored: impl Fn() + 'static) -> Listener {
    let parent = around();
    listen(window().into(), "message", move |event| {
        let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
        let (source, data) = (field(&event, "source"), field(&event, "data"));
        let is_host = parent.as_ref().is_some_and(|parent| Object::is(parent, &source));
        if !is_host || !data.is_object() || field(&data, "lightcone").as_f64() != Some(VERSION) {
            return ignored();
        }
        // Any number from elsewhere: one that is no number of a message is 0.
        let id = field(&data, "id").as_f64().filter(|id| id.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(id));
        heard(id.unwrap_or_default() as u32, JSON::stringify(&data).ok().and_then(|text| text.as_string()));
    })
}

/// Says something to the page around this one, whoever it is: it has chosen the run, and nothing else is said.
pub fn say_to_host(json: &str) {
    if let (Some(around), Ok(said)) = (around(), JSON::parse(json)) {
        let _ = around.post_message(&said, "*");
    }
}
