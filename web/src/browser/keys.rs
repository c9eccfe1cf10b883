//! Keys pressed anywhere in the page.

use super::base::{Listener, listen, window};
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, KeyboardEvent, Node};
use yew::{Callback, NodeRef};

/// A key pressed anywhere in the page.
pub struct Press {
    /// The key's name: `z`, `Home`, ` `.
    pub key: String,
    /// Whether Ctrl or Cmd is held.
    pub command: bool,
    /// Whether Shift is held.
    pub shift: bool,
    /// Whether the key belongs to a field, a list or a dialog.
    pub typing: bool,
    /// Whether the key would press the button or link it is on.
    pub presses: bool,
    event: Event,
}

impl Press {
    /// The key is used up: the browser does nothing with it.
    pub fn take(&self) {
        self.event.prevent_default();
    }
}

/// Hears of every key that nobody used before.
#[must_use]
pub fn on_key(pressed: Callback<Press>) -> Listener {
    listen(window().into(), "keydown", move |event| {
        let Some(keyboard) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || keyboard.alt_key() {
            return;
        }
        let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let command = keyboard.ctrl_key() || keyboard.meta_key();
        let within = |selector: &str| on.as_ref().is_some_and(|on| on.closest(selector).ok().flatten().is_some());
        pressed.emit(Press {
            key: keyboard.key(),
            command,
            shift: keyboard.shift_key(),
            typing: within("input:not([type=checkbox], [type=radio]), textarea, dialog")
                || (!command && within("select")),
            presses: within("button, a, summary, input"),
            event: event.clone(),
        });
    })
}

/// Presses a key again where it was pressed; at `instead`, if that is no longer in the page. The browser itself does nothing for it.
pub fn press_again(event: &KeyboardEvent, instead: &NodeRef) {
    let there = event.target().filter(|target| target.dyn_ref::<Node>().is_some_and(Node::is_connected));
    let Some(place) = there.or_else(|| Some(instead.cast::<Element>()?.into())) else { return };
    // An event has what another like it is made of.
    let Ok(kind) = Reflect::get(event, &"constructor".into()) else { return };
    let again = Reflect::construct(kind.unchecked_ref::<js_sys::Function>(), &Array::of2(&event.type_().into(), event));
    if let Some(again) = again.ok().and_then(|again| again.dyn_into::<Event>().ok()) {
        let _ = place.dispatch_event(&again);
    }
}
