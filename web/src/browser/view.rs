//! What of the page is in sight, and how large things are.

use super::base::window;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};
use yew::{Callback, NodeRef};

/// Whether the reader asked for less motion.
#[must_use]
pub fn reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// An element of which less is in view than this counts as below the page's end, in pixels.
const LEAST_REVEALED: f64 = 80.0;

/// Scrolls to the first element that `selector` means, if it begins below what is in view.
pub fn reveal(selector: &str) {
    let found = window().document().and_then(|document| document.query_selector(selector).ok().flatten());
    let below = |element: &web_sys::Element| {
        let high = window().inner_height().ok().and_then(|high| high.as_f64());
        high.is_some_and(|high| element.get_bounding_client_rect().top() > high - LEAST_REVEALED)
    };
    if let Some(element) = found.filter(below) {
        element.scroll_into_view_with_bool(true);
    }
}

/// Scrolls as little as is needed to show the element of this name.
pub fn show_near(id: &str) {
    let found = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found {
        let how = web_sys::ScrollIntoViewOptions::new();
        how.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

/// Sends the page back to its top.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// How far the content of `element` is scrolled: to the right and down, in pixels.
#[must_use]
pub fn scrolled(element: &NodeRef) -> (f64, f64) {
    let element = element.cast::<Element>();
    element.map_or((0.0, 0.0), |element| (f64::from(element.scroll_left()), f64::from(element.scroll_top())))
}

/// Scrolls the content of `element`.
pub fn scroll_to(element: &NodeRef, (right, down): (f64, f64)) {
    if let Some(element) = element.cast::<Element>() {
        element.set_scroll_left(right.round() as i32);
        element.set_scroll_top(down.round() as i32);
    }
}

/// Hears of an element's size, and of the window's width, now and whenever they change.
pub struct Sizes {
    observer: ResizeObserver,
    _heard: Closure<dyn FnMut()>,
}

impl Drop for Sizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The size of an element and the width of the window that it is in, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// The element's width, without its borders.
    pub width: f64,
    /// The element's height, without its borders.
    pub height: f64,
    /// The window's width.
    pub window: f64,
}

/// Watches the size of `element`.
#[must_use]
pub fn on_size(element: &NodeRef, sized: Callback<Size>) -> Option<Sizes> {
    let element = element.cast::<Element>()?;
    let watched = element.clone();
    let heard = Closure::<dyn FnMut()>::new(move || {
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
        let size = Size {
            width: f64::from(watched.client_width()),
            height: f64::from(watched.client_height()),
            window: width,
        };
        sized.emit(size);
    });
    let observer = ResizeObserver::new(heard.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    Some(Sizes { observer, _heard: heard })
}

/// Hears whether any of the page can be seen, now and whenever that changes: a page inside another may be
/// scrolled away.
pub struct Sight {
    observer: IntersectionObserver,
    _heard: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Watches whether the page can be seen.
#[must_use]
pub fn on_sight(seen: Callback<bool>) -> Option<Sight> {
    let heard = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
        seen.emit(last.is_ok_and(|last| last.is_intersecting()));
    });
    let observer = IntersectionObserver::new(heard.as_ref().unchecked_ref()).ok()?;
    observer.observe(&*window().document()?.body()?);
    Some(Sight { observer, _heard: heard })
}
