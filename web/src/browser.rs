//! Every direct call of a browser interface. The rest of the page is Rust that could run anywhere.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, Event, EventTarget, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent,
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
        let within = |selector: &str| on.as_ref().is_some_and(|on| on.closest(selector).ok().flatten().is_some());
        pressed.emit(Press {
            key: keyboard.key(),
            command: keyboard.ctrl_key() || keyboard.meta_key(),
            shift: keyboard.shift_key(),
            typing: within("input, textarea, select, dialog"),
            presses: within("button, a, summary"),
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
    // The same file can be picked again.
    let text = file.text();
    let fits = file.size() <= most as f64;
    field.set_value("");
    if !fits {
        done.emit(None);
        return;
    }
    let failed = done.clone();
    then(&text, move |text| done.emit(text.as_string()), move |_| failed.emit(None));
}

/// Calls a promise's own `then`: whatever the promise gives, one of the two is called.
fn then(promise: &JsValue, yes: impl FnOnce(JsValue) + 'static, no: impl FnOnce(JsValue) + 'static) {
    let method = js_sys::Reflect::get(promise, &"then".into()).ok();
    if let Some(method) = method.and_then(|method| method.dyn_into::<js_sys::Function>().ok()) {
        let _ = method.call2(promise, &Closure::once_into_js(yes), &Closure::once_into_js(no));
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

/// Clicks `element`.
pub fn click(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        element.click();
    }
}

/// Selects all text of a field.
pub fn select_all(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlInputElement>() {
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
