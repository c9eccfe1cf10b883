//! The figure as a component: what it shows, and what a pointer or a key does to it.
//!
//! It keeps no run of its own. It keeps where the pointer is, what is in the hand, and what it has laid
//! out, so that only what changed is laid out and drawn again.

use super::arrows::Arrow;
use super::draw::{self, Shown};
use super::geometry::{Point, Spot};
use super::ghost::{Ghost, ghost};
use super::grip::InHand;
use super::hand::{Held, Outcome, Pull, TAKES_AFTER};
use super::heads::Heads;
use super::index::Index;
use super::keys::{self, Answer, Key};
use super::overlay;
use super::scene::{Scene, Target, View};
use super::{FigureProps, Preview, tap, words};
use crate::browser::{self, Later, Listener, Size, Sizes};
use crate::same::Same;
use crate::store::{Action, Selection, Tool, Window};
use lightcone::{MessageId, Time, Trace, resimulate};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// A box narrower than this has time running down; so has any box in a window narrower than the next.
const NARROW_BOX: f64 = 560.0;
const NARROW_WINDOW: f64 = 720.0;
/// How near a head a mouse, and a finger, must be to take it.
const REACH: f64 = 12.0;
const REACH_OF_A_FINGER: f64 = 22.0;
/// A finger that rests this long takes what is under it.
const LONG_PRESS_MILLIS: i32 = 350;
/// While keys move a message, no more than one announcement in this time.
const ANNOUNCE_MILLIS: i32 = 300;
/// This near the edge, a held message takes the window with it.
const EDGE: f64 = 28.0;

/// The figure.
pub struct Figure {
    number: u32,
    frame_box: NodeRef,
    picture: NodeRef,
    size: Option<Size>,
    press: Press,
    hold: Option<Hold>,
    /// Where the hand went since the last frame, if a frame is awaited.
    wanted: Option<(Point, Pull)>,
    hover: Option<MessageId>,
    laid_out: LaidOut,
    speaks: bool,
    spoken: String,
    /// Whether a finger holds a message: the page must not scroll.
    grasping: Rc<Cell<bool>>,
    waiting: Waiting,
}

/// What a pointer is doing.
#[derive(Clone, Copy, Debug)]
enum Press {
    /// Nothing.
    Up,
    /// It is down and has not moved.
    Down { target: Target, at: Point, finger: bool },
    /// It holds a message.
    Holding,
    /// It moves the cursor along the axis.
    Scrubbing,
    /// It moves the window.
    Panning { at: f64, window: Window },
}

/// A message in the hand, and its answer.
#[derive(Clone)]
struct Hold {
    held: Held,
    /// What letting go would do, and the run if it did.
    outcome: Outcome,
    trace: Rc<Trace>,
    finger: bool,
}

/// What has been worked out for the run and the view at hand.
#[derive(Default)]
struct LaidOut {
    index: Option<Rc<Index>>,
    before: Option<Rc<Index>>,
    view: Option<View>,
    scene: Option<Rc<Scene>>,
    ghost: Option<Rc<Ghost>>,
}

/// What the browser calls back; dropped with the figure.
#[derive(Default)]
struct Waiting {
    sizes: Option<Sizes>,
    listeners: Vec<Listener>,
    long_press: Option<Later>,
    announcement: Option<Later>,
}

/// What can happen to a figure.
pub enum Msg {
    /// Its box has this size.
    Sized(Size),
    /// A pointer went down.
    Down(PointerEvent),
    /// A pointer moved.
    Moved(PointerEvent),
    /// A pointer went up.
    Up(PointerEvent),
    /// A pointer was taken away.
    Cancelled,
    /// A pointer left.
    Left,
    /// A finger has rested long enough.
    Rested,
    /// A frame is about to be drawn.
    Frame,
    /// A key was pressed.
    Key(KeyboardEvent),
    /// An element was clicked without a pointer.
    Clicked(MouseEvent),
    /// The wheel zooms.
    Zoomed(browser::Turn),
    /// It is time to say what keys did.
    Say,
}

thread_local! {
    /// Figures made so far: patterns need names of their own in the page.
    static FIGURES: Cell<u32> = const { Cell::new(0) };
}

impl Component for Figure {
    type Message = Msg;
    type Properties = FigureProps;

    fn create(_: &Context<Self>) -> Figure {
        Figure {
            number: FIGURES.with(|made| made.replace(made.get() + 1)),
            frame_box: NodeRef::default(),
            picture: NodeRef::default(),
            size: None,
            press: Press::Up,
            hold: None,
            wanted: None,
            hover: None,
            laid_out: LaidOut::default(),
            speaks: false,
            spoken: String::new(),
            grasping: Rc::new(Cell::new(false)),
            waiting: Waiting::default(),
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let link = context.link();
        if first {
            self.waiting.sizes = browser::on_size(&self.frame_box, link.callback(Msg::Sized));
        }
        if context.props().interactive && self.waiting.listeners.is_empty() {
            self.waiting.listeners.extend(browser::on_zoom(&self.picture, link.callback(Msg::Zoomed)));
            self.waiting.listeners.extend(browser::on_touch_move(&self.picture, self.grasping.clone()));
        }
    }

    fn changed(&mut self, context: &Context<Self>, old: &FigureProps) -> bool {
        let props = context.props();
        if self.hold.is_some() && !Rc::ptr_eq(&props.state.trace, &old.state.trace) {
            // Another run was opened under the hand.
            self.let_go(context, false);
        }
        self.follow_window(context, old.state.window);
        self.lay_out(props);
        if self.speaks {
            self.speaks = false;
            self.waiting.announcement = browser::later(ANNOUNCE_MILLIS, context.link().callback(|()| Msg::Say));
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let props = context.props();
        let draws = match message {
            Msg::Sized(size) => {
                let new = self.size != Some(size);
                self.size = Some(size);
                new
            }
            Msg::Down(event) => self.down(context, &event),
            Msg::Moved(event) => self.moved(context, &event),
            Msg::Up(event) => self.up(context, &event),
            Msg::Cancelled => self.let_go(context, false),
            Msg::Left => self.hover.take().is_some(),
            Msg::Rested => self.rested(context),
            Msg::Frame => self.frame(context),
            Msg::Key(event) => self.key(context, &event),
            Msg::Clicked(event) => self.clicked(props, &event),
            Msg::Zoomed(turn) => self.zoomed(props, &turn),
            Msg::Say => {
                self.spoken = self.announcement(props);
                true
            }
        };
        if draws {
            self.lay_out(context.props());
        }
        draws
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let content = self.laid_out.scene.as_ref().map(|scene| self.draw(context, scene));
        let said = words::summary(&props.state.trace);
        if !props.interactive {
            return html! {
                <div class="figure-box" ref={self.frame_box.clone()} role="img" aria-label={said}>{ content }</div>
            };
        }
        let link = context.link();
        html! {
            <>
                <div
                    class={classes!("figure-box", "live", tool_class(props.state.tool), self.hold.is_some().then_some("holding"))}
                    ref={self.frame_box.clone()}
                    tabindex="0"
                    role="application"
                    aria-roledescription={words::ROLE}
                    aria-label={said}
                    aria-description={words::KEYS}
                    aria-activedescendant={self.active(props)}
                    onkeydown={link.callback(Msg::Key)}
                >{ content }</div>
                <p class="vh" aria-live="polite">{ &self.spoken }</p>
            </>
        }
    }
}

fn tool_class(tool: Tool) -> Option<&'static str> {
    match tool {
        Tool::Move => None,
        Tool::Crash | Tool::Pause | Tool::Request => Some("on-lanes"),
        Tool::Cut => Some("between-lanes"),
    }
}

// What is shown.
impl Figure {
    /// The run that is shown: the answer to what is in the hand, or the page's.
    fn trace(&self, props: &FigureProps) -> Rc<Trace> {
        self.hold.as_ref().map_or_else(|| props.state.trace.clone(), |hold| hold.trace.clone())
    }

    /// The moment that the figure tells of.
    fn moment(&self, props: &FigureProps) -> Time {
        match &self.hold {
            Some(hold) => hold.held.at.min(hold.trace.horizon()),
            None => props.state.cursor,
        }
    }

    /// Lays out what changed since the last time.
    fn lay_out(&mut self, props: &FigureProps) {
        let Some(size) = self.size.filter(|size| size.width > 0.0) else { return };
        let narrow = size.width < NARROW_BOX || size.window < NARROW_WINDOW;
        let trace = self.trace(props);
        let index = kept(&mut self.laid_out.index, &trace);
        let mut chosen = vec![props.state.selection];
        chosen.extend(self.hover.map(Selection::Message));
        chosen.extend(self.hold.as_ref().map(|hold| Selection::Message(hold.held.id)));
        let window = props.state.window;
        let view = View {
            size: (size.width, size.height),
            narrow,
            window,
            chosen,
            hint: self.hold.is_none() && invites(props),
        };
        let same = self.laid_out.scene.as_ref().is_some_and(|scene| Rc::ptr_eq(&scene.index, &index));
        if !same || self.laid_out.view.as_ref() != Some(&view) {
            let choices = self.laid_out.scene.as_ref().map_or_else(BTreeMap::new, |scene| scene.choices());
            self.laid_out.scene = Some(Rc::new(Scene::new(index, &view, &choices)));
            self.laid_out.view = Some(view);
        }
        self.lay_out_ghost(props, &trace);
    }

    fn lay_out_ghost(&mut self, props: &FigureProps, trace: &Rc<Trace>) {
        let held = self.hold.as_ref().map(|hold| hold.held.id);
        let before = match &self.hold {
            Some(hold) => Some(hold.held.before.clone()),
            None => props.state.ghost.clone(),
        };
        let before = before.filter(|before| !Rc::ptr_eq(before, trace));
        let (Some(before), Some(scene)) = (before, self.laid_out.scene.clone()) else {
            self.laid_out.ghost = None;
            return;
        };
        let old = kept(&mut self.laid_out.before, &before);
        self.laid_out.ghost = Some(Rc::new(ghost(&old, &scene.index, &scene.frame, held)));
    }

    fn draw(&self, context: &Context<Self>, scene: &Rc<Scene>) -> Html {
        let props = context.props();
        let frame = &scene.frame;
        let (width, height) = (frame.width.to_string(), frame.height.to_string());
        let moment = self.moment(props);
        let selected = match props.state.selection {
            Selection::Lane(node) => Some(node),
            _ => None,
        };
        let link = props.interactive.then(|| context.link());
        html! {
            <svg
                class={classes!("fig", frame.narrow.then_some("down"))}
                ref={self.picture.clone()}
                {width} {height}
                onpointerdown={link.map(|link| link.callback(Msg::Down))}
                onpointermove={link.map(|link| link.callback(Msg::Moved))}
                onpointerup={link.map(|link| link.callback(Msg::Up))}
                onpointercancel={link.map(|link| link.callback(|_: PointerEvent| Msg::Cancelled))}
                onpointerleave={link.map(|link| link.callback(|_: PointerEvent| Msg::Left))}
                onclick={link.map(|link| link.callback(Msg::Clicked))}
            >
                { draw::patterns(self.number) }
                <draw::Axis scene={Shown(scene.clone())} number={self.number} />
                { draw::clipped(frame, self.layers(props, scene, moment)) }
                <Heads scene={Shown(scene.clone())} trace={Same(scene.index.trace.clone())} at={moment} {selected} />
                if let Some(ghost) = &self.laid_out.ghost { <g class={self.ghost_class()}>{ overlay::fork_label(frame, ghost) }</g> }
                { overlay::cursor_flag(frame, moment) }
            </svg>
        }
    }

    /// The layers, lowest first.
    fn layers(&self, props: &FigureProps, scene: &Rc<Scene>, moment: Time) -> Html {
        let (frame, shown, number) = (&scene.frame, Shown(scene.clone()), self.number);
        let held = self.hold.as_ref().map(|hold| hold.held.id);
        let ghost = self.laid_out.ghost.as_ref();
        html! { <>
            <draw::Ground scene={shown.clone()} {number} />
            { overlay::fuses(scene, moment) }
            if let Some(ghost) = ghost {
                <g key={self.ghost_key(props)} class={self.ghost_class()}>{ overlay::ghost(frame, ghost) }</g>
            }
            { overlay::cursor_line(frame, moment) }
            { overlay::chosen(scene, props.state.selection) }
            <draw::Arrows scene={shown.clone()} {number} {held} />
            <draw::Lanes scene={shown.clone()} {number} />
            <draw::Hand scene={shown.clone()} {number} {held} />
            <draw::Marks scene={shown.clone()} {number} />
            <draw::Labels scene={shown} {number} />
            if self.hold.is_none() {
                { overlay::veil(frame, moment) }
                { overlay::flying(scene, moment) }
                if let Some(id) = self.hover.filter(|_| props.state.tool == Tool::Move) { { overlay::invitation(scene, id) } }
            }
            { self.in_hand(scene) }
        </> }
    }

    fn in_hand(&self, scene: &Scene) -> Html {
        let (Some(hold), Some(before)) = (&self.hold, &self.laid_out.before) else {
            return html! {};
        };
        InHand { held: &hold.held, before, frame: &scene.frame, finger: hold.finger }.draw()
    }

    fn ghost_class(&self) -> &'static str {
        if self.hold.is_some() { "ghost" } else { "ghost leaving" }
    }

    /// Another ghost is another element: it fades by its own clock.
    fn ghost_key(&self, props: &FigureProps) -> String {
        let before = self.laid_out.before.as_ref().map_or(0, |before| before.trace.digest);
        let after = if self.hold.is_some() { 0 } else { props.state.trace.digest };
        format!("{before:x}-{after:x}")
    }

    /// The element that the keys are on.
    fn active(&self, props: &FigureProps) -> Option<String> {
        let scene = self.laid_out.scene.as_ref()?;
        match props.state.selection {
            Selection::Event(event) => {
                scene.marks.iter().any(|mark| mark.event == event).then(|| draw::event_id(self.number, event))
            }
            Selection::Message(id) => {
                let arrow: Option<&Arrow> = scene.arrows.iter().find(|arrow| arrow.id == id);
                arrow.map(|arrow| draw::message_id(self.number, &arrow.name))
            }
            _ => None,
        }
    }

    fn announcement(&self, props: &FigureProps) -> String {
        let Some(index) = &self.laid_out.index else { return String::new() };
        let before = props.state.ghost.as_deref();
        words::announcement(index, props.state.selection, props.state.cursor, before)
    }
}

/// The index of a trace: the one at hand if it is of this very trace.
fn kept(index: &mut Option<Rc<Index>>, trace: &Rc<Trace>) -> Rc<Index> {
    match index {
        Some(index) if Rc::ptr_eq(&index.trace, trace) => index.clone(),
        _ => index.insert(Rc::new(Index::of(trace.clone()))).clone(),
    }
}

/// Whether the reader has yet to do anything.
fn invites(props: &FigureProps) -> bool {
    props.interactive && props.state.past.is_empty()
}

// What a pointer does.
impl Figure {
    fn place(&self, event: &MouseEvent) -> Option<Point> {
        browser::place_in(event, &self.picture).map(|(x, y)| Point { x, y })
    }

    fn down(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        let (Some(at), Some(scene)) = (self.place(event), self.laid_out.scene.clone()) else { return false };
        if event.button() != 0 || !event.is_primary() || self.hold.is_some() {
            return false;
        }
        let finger = event.pointer_type() == "touch";
        let target = scene.target(at, if finger { REACH_OF_A_FINGER } else { REACH });
        self.press = Press::Down { target, at, finger };
        if finger && matches!(target, Target::Head(_)) {
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

    fn moved(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        let (Some(at), Some(scene)) = (self.place(event), self.laid_out.scene.clone()) else { return false };
        let spot = scene.frame.spot(at);
        match self.press {
            Press::Up => return self.hovered(&scene, at),
            Press::Down { target, at: from, finger } => {
                if (at.x - from.x).hypot(at.y - from.y) <= TAKES_AFTER {
                    return false;
                }
                self.waiting.long_press = None;
                return match target {
                    // A finger that moves before it has rested scrolls the page.
                    _ if finger => self.let_go(context, false),
                    Target::Head(id) if context.props().state.tool == Tool::Move => {
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
            Press::Scrubbing => context.props().dispatch.emit(Action::Look(scene.frame.time(spot.along))),
            Press::Panning { at, window } => {
                let by = ((at - spot.along) / scene.frame.scale()).round() as i64;
                context.props().dispatch.emit(Action::Show(shifted(window, by)));
            }
        }
        false
    }

    fn hovered(&mut self, scene: &Scene, at: Point) -> bool {
        let over = match scene.target(at, REACH) {
            Target::Head(id) | Target::Line(id) => Some(id),
            _ => None,
        };
        let new = self.hover != over;
        self.hover = over;
        new
    }

    /// Remembers where the hand is until the next frame is drawn.
    fn follow(&mut self, context: &Context<Self>, at: Point, event: &PointerEvent) {
        let asked = self.wanted.replace((at, Pull { fine: event.shift_key(), free: event.alt_key() })).is_some();
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
        let _ = kept(&mut self.laid_out.before, trace);
        let hold = Hold { held, outcome: Outcome::Nothing, trace: trace.clone(), finger };
        self.answer(context, hold);
    }

    fn rested(&mut self, context: &Context<Self>) -> bool {
        let (Press::Down { target: Target::Head(id), at, .. }, Some(scene)) = (self.press, self.laid_out.scene.clone())
        else {
            return false;
        };
        if context.props().state.tool != Tool::Move {
            return false;
        }
        self.take(context, id, scene.frame.spot(at), true);
        true
    }

    /// Works the run out again for where the hand is: once a frame.
    fn frame(&mut self, context: &Context<Self>) -> bool {
        let (Some((at, how)), Some(scene)) = (self.wanted.take(), self.laid_out.scene.clone()) else { return false };
        let Some(hold) = self.hold.clone() else { return false };
        let pointer = scene.frame.spot(at);
        let held = hold.held.pulled(&scene.frame, pointer, how);
        self.answer(context, Hold { held, ..hold });
        self.scroll(context, &scene, pointer);
        true
    }

    fn answer(&mut self, context: &Context<Self>, mut hold: Hold) {
        let outcome = hold.held.outcome(false);
        if outcome != hold.outcome {
            let before = &hold.held.before;
            hold.trace = match outcome {
                Outcome::Nothing => before.clone(),
                outcome => Rc::new(resimulate(before, &outcome.scenario(&before.scenario))),
            };
            hold.outcome = outcome;
        }
        let Held { id, at, off, .. } = hold.held;
        let (trace, before) = (hold.trace.clone(), hold.held.before.clone());
        context.props().on_preview.emit(Some(Preview { held: id, trace, before, arrives: at, dropped: off }));
        self.hold = Some(hold);
    }

    /// Near the edge, the window goes along.
    fn scroll(&mut self, context: &Context<Self>, scene: &Scene, pointer: Spot) {
        let frame = &scene.frame;
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
    fn follow_window(&mut self, context: &Context<Self>, old: Window) {
        let window = context.props().state.window;
        let by = window.from.micros() as f64 - old.from.micros() as f64;
        let (Some(hold), Some(scene), true) = (self.hold.clone(), self.laid_out.scene.clone(), by != 0.0) else {
            return;
        };
        let frame = scene.frame.over(window);
        let held = hold.held.scrolled(&frame, by);
        let pointer = frame.point(held.pointer);
        self.answer(context, Hold { held, ..hold });
        if self.wanted.replace((pointer, Pull::default())).is_none() {
            browser::next_frame(context.link().callback(|()| Msg::Frame));
        }
    }

    fn up(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        self.waiting.long_press = None;
        match self.press {
            Press::Holding => {
                // What the hand did since the last frame counts.
                self.frame(context);
                self.let_go(context, true);
                let hold = self.hold.take();
                let twice = event.ctrl_key() || event.meta_key();
                if let Some(hold) = hold {
                    self.done(context, &hold, twice);
                }
                true
            }
            Press::Down { target, .. } => {
                self.press = Press::Up;
                tap::tap(context.props(), &target, self.laid_out.scene.as_deref());
                true
            }
            _ => self.let_go(context, false),
        }
    }

    fn done(&mut self, context: &Context<Self>, hold: &Hold, twice: bool) {
        let props = context.props();
        if let Some(action) = hold.held.outcome(twice).action() {
            props.dispatch.emit(Action::Select(Selection::Message(hold.held.id)));
            props.dispatch.emit(action);
        }
    }

    /// The hand is empty again. `keeps`: what it held is still needed, to be carried out.
    fn let_go(&mut self, context: &Context<Self>, keeps: bool) -> bool {
        self.press = Press::Up;
        self.wanted = None;
        self.grasping.set(false);
        self.waiting.long_press = None;
        let held = self.hold.is_some();
        if held {
            context.props().on_preview.emit(None);
        }
        if !keeps {
            self.hold = None;
        }
        held
    }

    fn zoomed(&self, props: &FigureProps, turn: &browser::Turn) -> bool {
        let Some(scene) = &self.laid_out.scene else { return false };
        let (x, y) = turn.at;
        let fixed = scene.frame.time(scene.frame.spot(Point { x, y }).along).micros() as f64;
        let Window { from, to } = props.state.window;
        let factor = (turn.by / 400.0).clamp(-1.0, 1.0).exp2();
        let start = fixed - (fixed - from.micros() as f64) * factor;
        let width = to.since(from) as f64 * factor;
        let start = Time::from_micros(start.max(0.0) as u64);
        props.dispatch.emit(Action::Show(Window { from: start, to: start.after(width as u64) }));
        false
    }

    /// An assistive technology presses an element: there is no pointer.
    fn clicked(&self, props: &FigureProps, event: &MouseEvent) -> bool {
        let Some(scene) = self.laid_out.scene.as_ref().filter(|_| event.detail() == 0) else { return false };
        if let Some(name) = browser::attribute(event, "data-message") {
            let arrow = scene.arrows.iter().find(|arrow| arrow.name == name);
            if let Some(arrow) = arrow {
                props.dispatch.emit(Action::Select(Selection::Message(arrow.id)));
            }
        } else if let Some(event) = browser::attribute(event, "data-event").and_then(|place| place.parse().ok()) {
            tap::look_at(props, &scene.index.trace, lightcone::EventIndex(event));
        }
        false
    }

    fn key(&mut self, context: &Context<Self>, event: &KeyboardEvent) -> bool {
        let props = context.props();
        if event.ctrl_key() || event.meta_key() {
            return false;
        }
        if self.hold.is_some() {
            if event.key() == "Escape" {
                event.prevent_default();
                return self.let_go(context, false);
            }
            return false;
        }
        let name = event.key();
        let key = Key { name: &name, shift: event.shift_key(), alt: event.alt_key() };
        let Some(answer) = self.laid_out.index.as_ref().and_then(|index| keys::answer(index, &props.state, key)) else {
            return false;
        };
        event.prevent_default();
        self.speaks = true;
        match answer {
            Answer::Does(actions) => actions.into_iter().for_each(|action| props.dispatch.emit(action)),
            Answer::Asks(node, at) => props.on_request.emit((node, at)),
        }
        false
    }
}

/// A window moved by so many microseconds.
fn shifted(window: Window, by: i64) -> Window {
    let width = window.to.since(window.from);
    let from = Time::from_micros(window.from.micros().saturating_add_signed(by));
    Window { from, to: from.after(width) }
}
