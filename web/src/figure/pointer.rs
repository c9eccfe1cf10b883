//! What a pointer does to the figure. Pointer moves are collected here; what the hand holds is worked out again
//! once a frame until it lets go.

use super::FigureProps;
use super::component::{Figure, Hold, Msg};
use super::hand::{Held, Pull, Release, TAKES_AFTER};
use super::lookup::index_of;
use super::press::{Pinch, Press, can_take};
use crate::browser;
use crate::state::run::{Action, Selection, Tool, Window};
use crate::state::session::Preview;
use lightcone_engine::{MessageId, Time, resimulate};
use lightcone_figure::plane::geometry::{Point, Spot, pinched, within};
use lightcone_figure::scene::{Scene, Target};
use std::rc::Rc;
use yew::prelude::*;

/// How near a head a mouse, and a finger, must be to take it.
const REACH: f64 = 12.0;
const REACH_OF_A_FINGER: f64 = 22.0;
/// A finger that rests this long takes what is under it.
const LONG_PRESS_MILLIS: i32 = 350;
/// This near the edge, a held message takes the window with it.
const EDGE: f64 = 28.0;

impl Figure {
    fn place(&self, event: &MouseEvent) -> Option<Point> {
        browser::place_in(event, &self.picture).map(|(x, y)| Point { x, y })
    }

    pub(super) fn down(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        let (Some(at), Some(scene)) = (self.place(event), self.laid_out.scene.clone()) else { return false };
        if self.hold.is_some() || event.button() != 0 {
            return false;
        }
        if !event.is_primary() {
            // A second finger: neither of the two takes or presses anything.
            self.let_go(context);
            self.press = Press::Pinching(None);
            return false;
        }
        let finger = event.pointer_type() == "touch";
        // The axis stays where it is while lanes are scrolled past it.
        let aside = browser::place_in(event, &self.frame_box).map_or(0.0, |(x, _)| x);
        let on_axis = scene.frame.narrow && aside < scene.frame.across.0;
        let seen = if on_axis { Point { x: aside, ..at } } else { at };
        let target =
            scene.target(context.props().state.tool_in_use(), seen, if finger { REACH_OF_A_FINGER } else { REACH });
        self.press = Press::Down { target, at, finger };
        if finger && matches!(target, Target::Head(_)) && can_take(context.props()) {
            self.waiting.long_press = browser::later(LONG_PRESS_MILLIS, context.link().callback(|()| Msg::Rested));
        } else if !finger {
            browser::capture(event, &self.picture);
        }
        if let Target::Axis(time) = target {
            self.press = Press::Scrubbing;
            browser::capture(event, &self.picture);
            context.props().dispatch.emit(Action::Look(time));
        }
        false
    }

    pub(super) fn moved(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        let (Some(at), Some(scene)) = (self.place(event), self.laid_out.scene.clone()) else { return false };
        if !event.is_primary() {
            return false;
        }
        let spot = scene.frame.spot(at);
        let down = !matches!(self.press, Press::Up | Press::Clicked(_));
        if down && event.buttons() == 0 {
            // The button went up where the page could not hear it.
            return self.let_go(context);
        }
        match self.press {
            Press::Up | Press::Clicked(_) => return self.hovered(context.props().state.tool_in_use(), &scene, at),
            Press::Down { target, at: from, finger } => {
                if (at.x - from.x).hypot(at.y - from.y) <= TAKES_AFTER {
                    return false;
                }
                self.waiting.long_press = None;
                return match target {
                    // A finger that moves before it has rested scrolls the page.
                    _ if finger => self.let_go(context),
                    Target::Head(id) if can_take(context.props()) => {
                        self.take(context, id, scene.frame.spot(from), false);
                        self.follow(context, at, event);
                        true
                    }
                    _ => {
                        let window = context.props().state.window;
                        self.press = Press::Panning { at: scene.frame.spot(from).along, window };
                        false
                    }
                };
            }
            Press::Holding => self.follow(context, at, event),
            Press::Pinching(_) => {}
            Press::Scrubbing => context.props().dispatch.emit(Action::Look(scene.frame.time(spot.along))),
            Press::Panning { at, window } => {
                let by = ((at - spot.along) / scene.frame.scale()).round() as i64;
                context.props().dispatch.emit(Action::Show(shifted(window, by)));
            }
        }
        false
    }

    fn hovered(&mut self, tool: Tool, scene: &Scene, at: Point) -> bool {
        let over = match scene.target(tool, at, REACH) {
            Target::Head(id) | Target::Line(id) => Some(id),
            _ => None,
        };
        let new = self.hover != over;
        self.hover = over;
        new
    }

    /// Remembers where the hand is until the next frame is drawn.
    fn follow(&mut self, context: &Context<Self>, at: Point, event: &PointerEvent) {
        let asked = self.wanted.replace((at, pull(event))).is_some();
        if !asked {
            browser::next_frame(context.link().callback(|()| Msg::Frame));
        }
    }

    fn take(&mut self, context: &Context<Self>, id: MessageId, pointer: Spot, finger: bool) {
        let trace = &context.props().state.trace;
        let Some(scene) = self.laid_out.scene.clone() else { return };
        let Some(held) = Held::take(trace, id, &scene.frame, pointer) else { return };
        self.press = Press::Holding;
        self.grasping.set(finger);
        self.hover = None;
        let _ = index_of(&mut self.laid_out.before, trace);
        let hold = Hold { held, release: Release::Nothing, trace: trace.clone(), finger };
        self.answer(context, hold);
    }

    pub(super) fn rested(&mut self, context: &Context<Self>) -> bool {
        let (Press::Down { target: Target::Head(id), at, .. }, Some(scene)) = (self.press, self.laid_out.scene.clone())
        else {
            return false;
        };
        if !can_take(context.props()) {
            return false;
        }
        self.take(context, id, scene.frame.spot(at), true);
        true
    }

    /// Works the run out again for where the hand is: once a frame.
    pub(super) fn frame(&mut self, context: &Context<Self>) -> bool {
        let (Some((at, how)), Some(scene)) = (self.wanted.take(), self.laid_out.scene.clone()) else { return false };
        let Some(hold) = self.hold.clone() else { return false };
        let pointer = scene.frame.spot(at);
        let held = hold.held.pulled(&scene.frame, pointer, how);
        self.answer(context, Hold { held, ..hold });
        self.scroll(context, &scene, pointer);
        true
    }

    fn answer(&mut self, context: &Context<Self>, mut hold: Hold) {
        let release = hold.held.release();
        if release != hold.release {
            let before = &hold.held.before;
            hold.trace = match release {
                Release::Nothing => before.clone(),
                release => {
                    let scenario = release.scenario(&before.scenario);
                    Rc::new(browser::timed("simulate", || resimulate(before, &scenario)))
                }
            };
            hold.release = release;
        }
        let Held { id, at, off, .. } = hold.held;
        let (trace, before) = (hold.trace.clone(), hold.held.unmoved().clone());
        context.props().on_preview.emit(Some(Preview { held: id, trace, before, arrives: at, dropped: off }));
        self.hold = Some(hold);
    }

    /// Near the edge, the window goes along.
    fn scroll(&mut self, context: &Context<Self>, scene: &Scene, pointer: Spot) {
        let frame = &scene.frame;
        let stuck = self.hold.as_ref().is_none_or(|hold| hold.held.off || hold.held.stop.is_some());
        if stuck {
            return;
        }
        let way = if pointer.along > frame.along.1 - EDGE {
            1.0
        } else if pointer.along < frame.along.0 + EDGE {
            -1.0
        } else {
            return;
        };
        let by = (way * 6.0 / frame.scale()) as i64;
        context.props().dispatch.emit(Action::Show(shifted(context.props().state.window, by)));
    }

    /// The window moved under the hand: what it holds goes along, as long as the hand stays at the edge.
    pub(super) fn follow_window(&mut self, context: &Context<Self>, old: Window) {
        let window = context.props().state.window;
        let zoomed = window.to.since(window.from) != old.to.since(old.from);
        let by = if zoomed { 0.0 } else { window.from.micros() as f64 - old.from.micros() as f64 };
        let (Some(hold), Some(scene), true) = (self.hold.clone(), self.laid_out.scene.clone(), by != 0.0) else {
            return;
        };
        let frame = scene.frame.over(window);
        let held = hold.held.scrolled(&frame, by);
        let pointer = frame.point(held.pointer);
        let how = Pull { twice: held.twice, ..Pull::default() };
        self.answer(context, Hold { held, ..hold });
        if self.wanted.replace((pointer, how)).is_none() {
            browser::next_frame(context.link().callback(|()| Msg::Frame));
        }
    }

    /// Two fingers moved: time goes along and is stretched with them, and so do lanes, if there are more than fit.
    pub(super) fn pinched(&mut self, context: &Context<Self>, fingers: [(f64, f64); 2]) -> bool {
        let (Some(scene), None) = (&self.laid_out.scene, &self.hold) else { return false };
        let props = context.props();
        let scrolled = browser::scrolled(&self.frame_box);
        // Places of the box's own corner: the picture's goes along with what is scrolled.
        let to = fingers.map(|(x, y)| Point { x: x - scrolled.0, y: y - scrolled.1 });
        let Press::Pinching(Some(Pinch { from, window, scrolled: first })) = self.press else {
            self.let_go(context);
            self.press = Press::Pinching(Some(Pinch { from: to, window: props.state.window, scrolled }));
            return false;
        };
        let window = pinched(&scene.frame.over(window), from, to, props.state.trace.horizon());
        props.dispatch.emit(Action::Show(window));
        let middle = |[a, b]: [Point; 2]| (f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
        let (began, now) = (middle(from), middle(to));
        let by = if scene.frame.narrow { (began.0 - now.0, 0.0) } else { (0.0, began.1 - now.1) };
        browser::scroll_to(&self.frame_box, (first.0 + by.0, first.1 + by.1));
        false
    }

    pub(super) fn up(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        if !event.is_primary() {
            return false;
        }
        self.waiting.long_press = None;
        match self.press {
            Press::Holding => {
                // What the hand did since the last frame counts.
                self.frame(context);
                let hold = self.hold.clone();
                self.let_go(context);
                if let Some(mut hold) = hold {
                    hold.held.twice = pull(event).twice;
                    self.done(context, &hold);
                }
                true
            }
            Press::Down { target, .. } => {
                // The click that follows does it: a dialog opened now would catch that click.
                self.press = Press::Clicked(target);
                false
            }
            _ => self.let_go(context),
        }
    }

    fn done(&mut self, context: &Context<Self>, hold: &Hold) {
        let props = context.props();
        if let Some(action) = hold.held.release().action() {
            props.dispatch.emit(Action::Select(Selection::Message(hold.held.id)));
            props.dispatch.emit(action);
        }
    }

    /// The hand is empty again; whether it held something.
    pub(super) fn let_go(&mut self, context: &Context<Self>) -> bool {
        self.press = Press::Up;
        self.wanted = None;
        self.grasping.set(false);
        self.waiting.long_press = None;
        let held = self.hold.take().is_some();
        if held {
            context.props().on_preview.emit(None);
        }
        held
    }

    pub(super) fn zoomed(&self, props: &FigureProps, turn: &browser::Turn) -> bool {
        let Some(scene) = &self.laid_out.scene else { return false };
        let (x, y) = turn.at;
        let fixed = scene.frame.time(scene.frame.spot(Point { x, y }).along).micros() as f64;
        let Window { from, to } = props.state.window;
        let factor = within(turn.by / 400.0, -1.0, 1.0).exp2();
        let start = fixed - (fixed - from.micros() as f64) * factor;
        let width = to.since(from) as f64 * factor;
        let start = Time::from_micros(start.max(0.0) as u64);
        props.dispatch.emit(Action::Show(Window { from: start, to: start.after(width as u64) }));
        false
    }

    /// The click after a press; or an assistive technology presses an element, without a pointer.
    pub(super) fn clicked(&mut self, context: &Context<Self>, event: &MouseEvent) -> bool {
        let props = context.props();
        if let Press::Clicked(target) = self.press {
            self.press = Press::Up;
            let at = browser::place_in(event, &self.picture).unwrap_or_default();
            return self.late(context, Msg::Pressed(target, Point { x: at.0, y: at.1 }));
        }
        let Some(scene) = self.laid_out.scene.as_ref().filter(|_| event.detail() == 0) else { return false };
        if let Some(name) = browser::attribute(event, "data-message") {
            let arrow = scene.arrows.iter().find(|arrow| arrow.name == name);
            if let Some(arrow) = arrow {
                props.dispatch.emit(Action::Select(Selection::Message(arrow.id)));
            }
        } else if let Some(name) = browser::attribute(event, "data-event") {
            let mark = scene.marks.iter().find(|mark| mark.drawn.name == name);
            if let Some(mark) = mark {
                props.dispatch.emit(Action::Visit(mark.event));
            }
        }
        false
    }

    /// A key while the hand holds a message: Escape lets go of it.
    pub(super) fn key_while_held(&mut self, context: &Context<Self>, event: &KeyboardEvent) -> bool {
        if event.key() != "Escape" || event.ctrl_key() || event.meta_key() {
            return false;
        }
        event.prevent_default();
        self.let_go(context)
    }
}

/// How a hand with these keys pulls.
fn pull(event: &PointerEvent) -> Pull {
    Pull { fine: event.shift_key(), free: event.alt_key(), twice: event.ctrl_key() || event.meta_key() }
}

/// A window moved by so many microseconds.
fn shifted(window: Window, by: i64) -> Window {
    let width = window.to.since(window.from);
    let from = Time::from_micros(window.from.micros().saturating_add_signed(by));
    Window { from, to: from.after(width) }
}
