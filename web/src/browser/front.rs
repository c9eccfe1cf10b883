//! What stands in the document beside what the program draws: the first page, which is there before the program.

use super::base::{Listener, listen, window};
use js_sys::{Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlInputElement};
use yew::Callback;

thread_local! {
    static FETCH: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// What is put away.
    static AWAY: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// The first page is put into the document by this function, or only fetched if it is given true; it gives a promise.
pub fn front_by(fetch: JsValue) {
    FETCH.set(fetch.dyn_into().ok());
}

/// Has the first page put into the document, or only fetched `ahead`, and says whether it arrives.
pub async fn fetch_front(ahead: bool) -> bool {
    let Some(fetch) = FETCH.with_borrow(Clone::clone) else { return false };
    match fetch.call1(&JsValue::NULL, &ahead.into()) {
        Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
        Err(_) => false,
    }
}

/// A new element of the page, before all others, for what the program draws.
#[must_use]
pub fn new_root() -> Element {
    let document = window().document().unwrap_or_else(|| unreachable!("a window has a document"));
    let root = document.create_element("div").unwrap_or_else(|_| unreachable!("a document makes elements"));
    if let Some(body) = document.body() {
        let _ = body.prepend_with_node_1(&root);
    }
    root
}

/// Takes the element of this name out of the document. It is found by its name all the same, and so is all that is in it.
pub fn put_away(id: &str) {
    if let Some(element) = in_document(id) {
        element.remove();
        AWAY.set(Some(element));
    }
}

/// Puts what was put away back into the document, as the last of all.
pub fn put_back() {
    if let Some(element) = AWAY.take()
        && let Some(body) = window().document().and_then(|document| document.body())
    {
        let _ = body.append_with_node_1(&element);
    }
}

/// Whether the page has an element of this name.
#[must_use]
pub fn is_here(id: &str) -> bool {
    element(id).is_some()
}

/// Shows the element of this name, or hides it.
pub fn show(id: &str, shown: bool) {
    if let Some(element) = element(id) {
        let _ = element.toggle_attribute_with_force("hidden", !shown);
    }
}

/// What is directly around the element of this name.
#[must_use]
pub fn around(id: &str) -> Option<Element> {
    element(id)?.parent_element()
}

/// Names the element of this name for those who hear the page.
pub fn label(id: &str, said: &str) {
    if let Some(element) = element(id) {
        let _ = element.set_attribute("aria-label", said);
    }
}

/// What is in the field of this name.
#[must_use]
pub fn typed(id: &str) -> String {
    field(id).map(|field| field.value()).unwrap_or_default()
}

/// Empties the field of this name.
pub fn clear(id: &str) {
    if let Some(field) = field(id) {
        field.set_value("");
    }
}

/// Hears what is typed into the field of this name.
#[must_use]
pub fn on_typed(id: &'static str, typed_is: Callback<String>) -> Option<Listener> {
    Some(listen(field(id)?.into(), "input", move |_| typed_is.emit(typed(id))))
}

/// Hears when the element of this name gets the keyboard.
#[must_use]
pub fn on_focus(id: &str, focused: Callback<()>) -> Option<Listener> {
    Some(listen(element(id)?.into(), "focus", move |_| focused.emit(())))
}

fn element(id: &str) -> Option<Element> {
    in_document(id).or_else(|| {
        let away = AWAY.with_borrow(Clone::clone)?;
        if away.id() == id { Some(away) } else { away.query_selector(&format!("#{id}")).ok()? }
    })
}

fn in_document(id: &str) -> Option<Element> {
    window().document()?.get_element_by_id(id)
}

fn field(id: &str) -> Option<HtmlInputElement> {
    element(id)?.dyn_into().ok()
}
