//! Dialogs and what has the keyboard.

use super::base::window;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlTextAreaElement};
use yew::NodeRef;

thread_local! {
    /// What had the keyboard when the reader asked for a dialog.
    static ASKED: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// The reader asks for a dialog, which may take a while: when it closes, the focus goes back to what has it now, wherever it is by then.
pub fn ask_for_dialog() {
    let element = window().document().and_then(|document| document.active_element());
    ASKED.set(element.and_then(|element| element.dyn_into::<HtmlElement>().ok()));
}

/// Opens a dialog over the page; the browser keeps the focus in it.
pub fn show_dialog(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>()
        && !dialog.open()
    {
        if let Some(element) = ASKED.take().filter(|element| element.is_connected()) {
            let _ = element.focus();
        }
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the focus goes back to where it was when the reader asked for it.
pub fn close_dialog(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Whether the focus, as it leaves, stays within `element`.
#[must_use]
pub fn stays_within(event: &web_sys::FocusEvent, element: &NodeRef) -> bool {
    let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    element.cast::<Element>().is_some_and(|element| element.contains(to.as_ref()))
}

/// Moves the focus to `element`.
pub fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus among the buttons and fields of `list`: so many on from the one that has it, or to the first.
pub fn focus_next(list: &NodeRef, step: i32) {
    let Some(list) = list.cast::<Element>() else { return };
    let Ok(stops) = list.query_selector_all("button, input") else { return };
    let on = window().document().and_then(|document| document.active_element());
    let here = (0..stops.length()).find(|place| stops.get(*place).as_ref() == on.as_deref());
    let count = stops.length().max(1);
    let next = here.map_or(0, |here| here.saturating_add_signed(step + count as i32) % count);
    if let Some(stop) = stops.get(next).and_then(|stop| stop.dyn_into::<HtmlElement>().ok()) {
        let _ = stop.focus();
    }
}

/// Moves the focus to the element of this name.
pub fn focus_on(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Takes the focus from what a key was pressed on.
pub fn let_go_of(event: &web_sys::KeyboardEvent) {
    if let Some(element) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = element.blur();
    }
}

/// Clicks `element`.
pub fn click(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        element.click();
    }
}

/// Selects all text of a field of several lines.
pub fn select_all(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlTextAreaElement>() {
        field.select();
    }
}
