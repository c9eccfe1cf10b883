//! The address bar, the tab, and the page around this one.

use super::base::{Listener, listen, window};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::Callback;

/// What follows `#` in the address, still percent-encoded.
#[must_use]
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Puts `fragment` into the address without a new entry in the history.
/// A page that may not touch its history (in a sandbox) keeps its old address.
pub fn replace_fragment(fragment: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.replace_state_with_url(&state, "", Some(&format!("#{fragment}")));
    }
}

/// Puts `fragment` into the address with a new entry in the history, which keeps the fragment before it.
/// A page that may not touch its history keeps its old address.
pub fn push_fragment(fragment: &str, before: &str) {
    if let Ok(history) = window().history() {
        if fragment_before().is_none() {
            let _ = history.replace_state(&"".into(), "");
        }
        let _ = history.push_state_with_url(&before.into(), "", Some(&format!("#{fragment}")));
    }
}

/// The fragment of the history's entry before this one, if this is one of [`push_fragment`]; empty for the first, from
/// which others were pushed.
#[must_use]
pub fn fragment_before() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// Keeps a file with the history's entry, so that it is still there when the page is loaded again. A browser that has no room
/// for it keeps nothing.
pub fn keep(name: &str, text: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state(&js_sys::Array::of2(&name.into(), &text.into()), "");
    }
}

/// The file that the history's entry keeps: its name and its text.
#[must_use]
pub fn kept() -> Option<(String, String)> {
    let state = window().history().ok()?.state().ok()?;
    let [name, text] =
        [0, 1].map(|place| js_sys::Reflect::get_u32(&state, place).ok().and_then(|part| part.as_string()));
    Some((name?, text?)).filter(|_| js_sys::Array::is_array(&state))
}

/// Goes back to the history's entry before this one.
pub fn go_back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

/// Goes to `fragment`, with a new entry in the history.
pub fn go_to_fragment(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// The page's address without its fragment; empty where no browser is: then what begins with it leads on from where it is read.
#[must_use]
pub fn address() -> String {
    if !cfg!(target_arch = "wasm32") {
        return String::new();
    }
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

/// Loads the page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// Names the page's tab.
pub fn set_title(title: &str) {
    if let Some(document) = window().document() {
        document.set_title(title);
    }
}

/// Gives the keyboard back to the page around this one.
pub fn leave() {
    if let Some(on) = window().document().and_then(|document| document.active_element())
        && let Ok(on) = on.dyn_into::<HtmlElement>()
    {
        let _ = on.blur();
    }
    if let Ok(Some(around)) = window().parent() {
        let _ = around.focus();
    }
}

/// Gives one of the style sheets' colours another value; the empty one gives it back.
pub fn set_colour(name: &str, value: &str) {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.style().set_property(name, value);
    }
}

/// Chooses the colours, whatever the reader's own choice is.
pub fn set_theme(name: &str) {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", name);
    }
}

/// Hears of every change of the fragment that the reader makes.
#[must_use]
pub fn on_fragment(changed: Callback<String>) -> Listener {
    listen(window().into(), "hashchange", move |_| changed.emit(fragment()))
}
