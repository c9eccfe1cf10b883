//! Mouse, pen, fingers and wheel: where they are.

use super::base::{Listener, listen_first};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, MouseEvent, PointerEvent, TouchEvent, WheelEvent};
use yew::{Callback, NodeRef};

/// Hears of two fingers that move on `element`, with their places from its corner; one finger scrolls the page,
/// unless `holding` says that it holds something. Two fingers that the page scrolls with already are not heard of.
#[must_use]
pub fn on_fingers(element: &NodeRef, holding: Rc<Cell<bool>>, two: Callback<[(f64, f64); 2]>) -> Option<Listener> {
    let place = element.clone();
    let element = element.cast::<Element>()?;
    Some(listen_first(element.into(), "touchmove", move |event| {
        let touches = event.dyn_ref::<TouchEvent>().map(TouchEvent::target_touches);
        let fingers = touches.filter(|touches| touches.length() == 2);
        if !event.cancelable() || !(holding.get() || fingers.is_some()) {
            return;
        }
        event.prevent_default();
        let bounds = place.cast::<Element>().map(|element| element.get_bounding_client_rect());
        let (Some(fingers), Some(bounds)) = (fingers, bounds) else { return };
        let at = |finger: u32| {
            let touch = fingers.get(finger)?;
            Some((f64::from(touch.client_x()) - bounds.left(), f64::from(touch.client_y()) - bounds.top()))
        };
        if let (Some(one), Some(other)) = (at(0), at(1)) {
            two.emit([one, other]);
        }
    }))
}

/// A turn of the wheel over an element, with Ctrl or Cmd held or two fingers on a pad: a zoom.
pub struct Turn {
    /// Where, from the element's corner.
    pub at: (f64, f64),
    /// How far: positive is away from the reader's hand.
    pub by: f64,
}

/// Hears of turns that zoom; all others scroll the page as ever.
#[must_use]
pub fn on_zoom(element: &NodeRef, turned: Callback<Turn>) -> Option<Listener> {
    let place = element.clone();
    let element = element.cast::<Element>()?;
    Some(listen_first(element.into(), "wheel", move |event| {
        let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
        if !(wheel.ctrl_key() || wheel.meta_key()) {
            return;
        }
        event.prevent_default();
        if let Some(at) = place_in(wheel, &place) {
            turned.emit(Turn { at, by: wheel.delta_y() });
        }
    }))
}

/// Where a mouse, pen or finger is, from the corner of `element`.
#[must_use]
pub fn place_in(event: &MouseEvent, element: &NodeRef) -> Option<(f64, f64)> {
    let bounds = element.cast::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}

/// The value of an attribute of the element that an event is about, or of the nearest one around it.
#[must_use]
pub fn attribute(event: &Event, name: &str) -> Option<String> {
    let on = event.target()?.dyn_into::<Element>().ok()?;
    on.closest(&format!("[{name}]")).ok().flatten()?.get_attribute(name)
}

/// Whether the event's target is `element` itself, as it is for a click beside an open dialog.
#[must_use]
pub fn is_target(event: &Event, element: &NodeRef) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()) == element.cast::<Element>()
}

/// Where a pointer is along `element`: 0 at its left edge, 1 at its right, and the element's width in pixels.
#[must_use]
pub fn along(event: &PointerEvent, element: &NodeRef) -> Option<(f64, f64)> {
    let bounds = element.cast::<Element>()?.get_bounding_client_rect();
    let width = bounds.width();
    (width > 0.0).then(|| ((f64::from(event.client_x()) - bounds.left()) / width, width))
}

/// Sends all further events of this pointer to `element`.
pub fn capture(event: &PointerEvent, element: &NodeRef) {
    if let Some(element) = element.cast::<Element>() {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}
