//! Every direct call of a browser interface. The rest of the page is Rust that could run anywhere.

mod files;
mod timeline;
mod worker;

pub use files::{download, draw_picture, is_dark};
pub use timeline::timed;
pub use worker::{Worker, in_page, now, post};

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    AddEventListenerOptions, DragEvent, Element, Event, EventTarget, File, HtmlDialogElement, HtmlElement,
    HtmlInputElement, HtmlTextAreaElement, IntersectionObserver, IntersectionObserverEntry, KeyboardEvent, MouseEvent,
    PointerEvent, ResizeObserver, TouchEvent, WheelEvent,
};
use yew::{Callback, NodeRef};

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
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")));
    }
}

/// Goes to `fragment`, with a new entry in the history.
pub fn go_to_fragment(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// The page's address without its fragment.
#[must_use]
pub fn address() -> String {
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

/// Sends the page back to its top.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

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

fn listen(target: EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) -> Listener {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    Listener { target, name, heard }
}

/// Listens to something whose default can be prevented, however the browser would like to go on without asking.
fn listen_first(target: EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) -> Listener {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let function = heard.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
    Listener { target, name, heard }
}

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

/// Chooses the colours, whatever the reader's own choice is.
pub fn set_theme(name: &str) {
    let root = window().document().and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", name);
    }
}

/// Something that happens after a while, unless this is dropped before.
pub struct Later {
    handle: i32,
    _due: Closure<dyn FnMut()>,
}

impl Drop for Later {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.handle);
    }
}

/// Calls back once, after so many milliseconds of the reader's time.
#[must_use]
pub fn later(millis: i32, due: Callback<()>) -> Option<Later> {
    let due = Closure::<dyn FnMut()>::new(move || due.emit(()));
    let function = due.as_ref().unchecked_ref();
    let handle = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, millis).ok()?;
    Some(Later { handle, _due: due })
}

/// Calls back before the next frame is drawn.
pub fn next_frame(due: Callback<()>) {
    let once = Closure::once_into_js(move |_: f64| due.emit(()));
    let _ = window().request_animation_frame(once.unchecked_ref());
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

/// Hears of every change of the fragment that the reader makes.
#[must_use]
pub fn on_fragment(changed: Callback<String>) -> Listener {
    listen(window().into(), "hashchange", move |_| changed.emit(fragment()))
}

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
            typing: within("input:not([type=checkbox]), textarea, dialog") || (!command && within("select")),
            presses: within("button, a, summary, input"),
            event: event.clone(),
        });
    })
}

/// Calls back once a frame, with the time in milliseconds, until this is dropped.
pub struct Frames {
    running: Rc<RefCell<Option<i32>>>,
}

type Frame = Closure<dyn FnMut(f64)>;

impl Frames {
    /// Starts at the next frame.
    #[must_use]
    pub fn start(mut each: impl FnMut(f64) + 'static) -> Frames {
        let running = Rc::new(RefCell::new(None));
        let frame: Rc<RefCell<Option<Frame>>> = Rc::new(RefCell::new(None));
        let (again, still) = (frame.clone(), running.clone());
        *frame.borrow_mut() = Some(Closure::new(move |now| {
            each(now);
            if still.borrow().is_some() {
                *still.borrow_mut() = request(&again);
            } else {
                // The last frame: nothing keeps the closure alive any more.
                again.borrow_mut().take();
            }
        }));
        *running.borrow_mut() = request(&frame);
        Frames { running }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // One more frame comes, finds that nobody waits, and frees itself.
        self.running.borrow_mut().take();
    }
}

fn request(frame: &RefCell<Option<Frame>>) -> Option<i32> {
    let frame = frame.try_borrow().ok()?;
    window().request_animation_frame(frame.as_ref()?.as_ref().unchecked_ref()).ok()
}

/// Puts `text` on the clipboard and says whether that was allowed.
pub fn copy(text: &str, done: Callback<bool>) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        done.emit(false);
        return;
    }
    let (yes, no) = (done.clone(), done);
    then(&clipboard.write_text(text), move |_| yes.emit(true), move |_| no.emit(false));
}

/// Reads the text of the file that the reader picked in this field, if it has at most `most` bytes.
pub fn read_picked(field: &NodeRef, most: usize, done: Callback<Option<String>>) {
    let Some(field) = field.cast::<HtmlInputElement>() else { return };
    let Some(file) = field.files().and_then(|files| files.get(0)) else { return };
    read(&file, most, done);
    // The same file can be picked again.
    field.set_value("");
}

/// Reads the text of the first of the files that the reader drops on the page, if it has at most `most` bytes.
#[must_use]
pub fn on_drop(most: usize, done: Callback<Option<String>>) -> [Listener; 2] {
    let dropped = listen_first(window().into(), "drop", move |event| {
        let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            event.prevent_default();
            read(&file, most, done.clone());
        }
    });
    [listen_first(window().into(), "dragover", |event| event.prevent_default()), dropped]
}

fn read(file: &File, most: usize, done: Callback<Option<String>>) {
    if file.size() > most as f64 {
        done.emit(None);
        return;
    }
    let failed = done.clone();
    then(&file.text(), move |text| done.emit(text.as_string()), move |_| failed.emit(None));
}

/// Calls a promise's own `then`: whatever the promise gives, one of the two is called.
fn then(promise: &JsValue, yes: impl FnOnce(JsValue) + 'static, no: impl FnOnce(JsValue) + 'static) {
    // Boxed, so that all of them are one type: each type of its own costs the page a kilobyte.
    let once = |does: Box<dyn FnOnce(JsValue)>| Closure::once_into_js(does);
    let method = js_sys::Reflect::get(promise, &"then".into()).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
        let _ = method.call2(promise, &once(Box::new(yes)), &once(Box::new(no)));
    }
}

/// Opens a dialog over the page; the browser keeps the focus in it.
pub fn show_dialog(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>()
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the focus goes back to where it was before.
pub fn close_dialog(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Whether the event's target is `element` itself, as it is for a click beside an open dialog.
#[must_use]
pub fn is_target(event: &Event, element: &NodeRef) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()) == element.cast::<Element>()
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

/// A seed for a new run, from the browser's own randomness; never used inside a run.
#[must_use]
pub fn random_seed() -> u64 {
    let mut bytes = [0; 4];
    #[cfg(target_arch = "wasm32")]
    let _ = getrandom::fill(&mut bytes);
    #[cfg(not(target_arch = "wasm32"))]
    bytes.copy_from_slice(&7_u32.to_le_bytes());
    u64::from(u32::from_le_bytes(bytes))
}

fn window() -> web_sys::Window {
    web_sys::window().unwrap_or_else(|| unreachable!("the page runs in a window"))
}
