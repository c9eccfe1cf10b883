//! Frames and waiting in the reader's time; chance from outside a run.

use super::base::window;
use js_sys::{Function, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::Callback;

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

/// Calls back once, when the page has nothing else to do; where a browser cannot tell, a moment later.
pub fn when_idle(due: Callback<()>) {
    let once = Closure::once_into_js(move |_: JsValue| due.emit(()));
    let asked =
        Reflect::get(&window(), &"requestIdleCallback".into()).ok().and_then(|ask| ask.dyn_into::<Function>().ok());
    let _ = match asked {
        Some(ask) => ask.call1(&window(), &once).map(drop),
        None => {
            window().set_timeout_with_callback_and_timeout_and_arguments_0(once.unchecked_ref(), IDLE_MILLIS).map(drop)
        }
    };
}

/// What counts as a moment.
const IDLE_MILLIS: i32 = 1_000;

/// Calls back before the next frame is drawn.
pub fn next_frame(due: Callback<()>) {
    let once = Closure::once_into_js(move |_: f64| due.emit(()));
    let _ = window().request_animation_frame(once.unchecked_ref());
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
