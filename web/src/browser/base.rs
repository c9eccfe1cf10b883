//! What all calls of the browser are made with.

use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// Something listened to until this is dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    heard: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.name, self.heard.as_ref().unchecked_ref());
    }
}

pub(super) fn listen(target: EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) -> Listener {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    Listener { target, name, heard }
}

/// Listens to something whose default can be prevented, however the browser would like to go on without asking.
pub(super) fn listen_first(target: EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) -> Listener {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let function = heard.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
    Listener { target, name, heard }
}

/// Calls a promise's own `then`: whatever the promise gives, one of the two is called.
pub(super) fn then(promise: &JsValue, yes: impl FnOnce(JsValue) + 'static, no: impl FnOnce(JsValue) + 'static) {
    // Boxed, so that all of them are one type: each type of its own costs the page a kilobyte.
    let once = |does: Box<dyn FnOnce(JsValue)>| Closure::once_into_js(does);
    let method = js_sys::Reflect::get(promise, &"then".into()).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
        let _ = method.call2(promise, &once(Box::new(yes)), &once(Box::new(no)));
    }
}

pub(super) fn window() -> web_sys::Window {
    web_sys::window().unwrap_or_else(|| unreachable!("the page runs in a window"))
}
