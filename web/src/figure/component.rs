//! The figure as a component: what it shows, and what a pointer or a key does to it.
//!
//! It keeps no run of its own. It keeps where the pointer is, what is in the hand, and what it has laid
//! out, so that only what changed is laid out and drawn again.

use super::FigureProps;
use super::context_menu::ContextMenu;
use super::drag_layer::{self, DragLayer};
use super::hand::{Held, Pull, Release};
use super::longer::longer;
use super::lookup::{index_of, lane_of};
use super::press::{Press, can_take, choosing};
use super::rest;
use crate::browser::{self, Later, Listener, Picture, Size, Sizes};
use crate::state::run::{Action, Selection, Tool};
use crate::state::session::Preview;
use lightcone_engine::{MessageId, NodeSet, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::canvas::{Canvas, Kind, place};
use lightcone_figure::draw::kept::name_in_page;
use lightcone_figure::draw::layers::hint;
use lightcone_figure::draw::{Old, Shown};
use lightcone_figure::plane::geometry::{AXIS_NARROW, Frame, NARROW_BOX, Point, Stands, revealed};
use lightcone_figure::plane::pen::text;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::words;
use lightcone_figure::scene::ghost::{Ghost, ghost};
use lightcone_figure::scene::{self, Scene, Target, Viewport};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// In a narrower window, time runs down in any box. In pixels.
const NARROW_WINDOW: f64 = 720.0;
/// The animation of a ghost that fades.
const LEAVES: &str = "leave";
/// While keys move a message, no more than one announcement in this time.
const ANNOUNCE_MILLIS: i32 = 300;

/// A figure in the page, and what it keeps between two frames.
pub struct Figure {
    pub(super) number: u32,
    pub(super) frame_box: NodeRef,
    pub(super) picture: NodeRef,
    drawn: Drawn,
    pub(super) size: Option<Size>,
    pub(super) press: Press,
    pub(super) hold: Option<Hold>,
    /// The last place and pull of the hand, if a frame is awaited.
    pub(super) wanted: Option<(Point, Pull)>,
    pub(super) hover: Option<MessageId>,
    pub(super) laid_out: LaidOut,
    /// Whether idle lanes were opened.
    pub(super) opened: bool,
    pub(super) speaks: bool,
    pub(super) spoken: String,
    /// Whether a finger holds a message: the page must not scroll.
    pub(super) grasping: Rc<Cell<bool>>,
    pub(super) waiting: Waiting,
    /// What a reader did for which the rest of the figure is not here yet.
    pub(super) kept: Vec<Msg>,
    /// The open context menu and its place.
    pub(super) menu: Option<(ContextMenu, Point)>,
    pub(super) menu_list: NodeRef,
    pub(super) focuses: bool,
    /// Whether it is drawn for the first time: the lane that the cursor's event is on is to be seen.
    begins: bool,
}

/// What the figure draws itself, and the elements that it is drawn in.
#[derive(Default)]
struct Drawn {
    around: NodeRef,
    picture: Picture,
    /// The column of the axis, where it stands beside the figure.
    beside: NodeRef,
    axis: Picture,
}

/// A message in the hand, and its answer.
#[derive(Clone)]
pub(super) struct Hold {
    pub(super) held: Held,
    /// What letting go would do, and the run that would follow.
    pub(super) release: Release,
    pub(super) trace: Rc<Trace>,
    pub(super) finger: bool,
}

/// Everything that was laid out for the current run and viewport.
#[derive(Default)]
pub(super) struct LaidOut {
    pub(super) index: Option<Rc<Index>>,
    pub(super) before: Option<Rc<Index>>,
    pub(super) view: Option<Viewport>,
    pub(super) scene: Option<Rc<Scene>>,
    /// The ghost, and the scene and the older run that it belongs to.
    pub(super) ghost: Option<(Rc<Ghost>, Rc<Scene>, Rc<Index>)>,
    /// The two runs, by digest, whose ghost has faded.
    pub(super) faded: Option<(u64, u64)>,
}

/// The browser's callbacks; dropped with the figure.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) sizes: Option<Sizes>,
    pub(super) listeners: Vec<Listener>,
    pub(super) long_press: Option<Later>,
    pub(super) announcement: Option<Later>,
}

/// What can happen to a figure.
pub enum Msg {
    /// The figure's box got this size.
    Sized(Size),
    /// A pointer went down.
    Down(PointerEvent),
    /// A pointer moved.
    Moved(PointerEvent),
    /// A pointer went up.
    Up(PointerEvent),
    /// A pointer was taken away.
    Cancelled(PointerEvent),
    /// Two fingers moved.
    Pinched([(f64, f64); 2]),
    /// A pointer left.
    Left,
    /// A finger has rested long enough.
    Rested,
    /// A frame is about to be drawn.
    Frame,
    /// A key was pressed.
    Key(KeyboardEvent),
    /// A target was pressed, at this point.
    Pressed(Target, Point),
    /// The rest of the figure has arrived.
    Here,
    /// An element was clicked without a pointer.
    Clicked(MouseEvent),
    /// The other button was pressed, or a long press.
    Context(MouseEvent),
    /// The entry at this place of the list was chosen.
    Chosen(usize),
    /// This was typed into the list's field.
    Typed(String),
    /// The wheel zooms.
    Zoomed(browser::Turn),
    /// What is said of a sign was read.
    Understood,
    /// The reader asks what the sign means that the open list is about.
    Explain,
    /// The time has come to announce what keys did.
    Say,
    /// The ghost has faded: the axis has its place back.
    Faded,
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
            drawn: Drawn::default(),
            size: None,
            press: Press::Up,
            hold: None,
            wanted: None,
            hover: None,
            laid_out: LaidOut::default(),
            opened: false,
            speaks: false,
            spoken: String::new(),
            grasping: Rc::new(Cell::new(false)),
            waiting: Waiting::default(),
            kept: Vec::new(),
            menu: None,
            menu_list: NodeRef::default(),
            focuses: false,
            begins: false,
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let link = context.link();
        browser::timed("drawing", || self.draw_picture(context.props()));
        let shown = self.menu.is_some() || context.props().sign.is_some();
        if shown && std::mem::take(&mut self.focuses) {
            browser::focus_next(&self.menu_list, 0);
        }
        if std::mem::take(&mut self.begins) {
            let state = &context.props().state;
            state.trace.last_event_by(state.cursor).iter().for_each(|event| self.reveal(Selection::Event(*event)));
        }
        if first {
            self.waiting.sizes = browser::on_size(&self.frame_box, link.callback(Msg::Sized));
            rest::when_here(link.callback(|()| Msg::Here));
        }
        if context.props().interactive && self.waiting.listeners.is_empty() {
            self.waiting.listeners.extend(browser::on_zoom(&self.picture, link.callback(Msg::Zoomed)));
            let fingers = link.callback(Msg::Pinched);
            self.waiting.listeners.extend(browser::on_fingers(&self.picture, self.grasping.clone(), fingers));
        }
    }

    fn changed(&mut self, context: &Context<Self>, old: &FigureProps) -> bool {
        let props = context.props();
        if self.hold.is_some() && !Rc::ptr_eq(&props.state.trace, &old.state.trace) {
            // Another run was opened under the hand.
            self.let_go(context);
        }
        if props.state.compares {
            self.laid_out.faded = None;
        }
        if !Rc::ptr_eq(&props.state.trace, &old.state.trace) {
            // What was offered was about the run as it was.
            self.menu = None;
        }
        if !Rc::ptr_eq(&props.state.trace, &old.state.trace) || props.state.window != old.state.window {
            // The sign is somewhere else.
            props.on_sign.iter().filter(|_| props.sign.is_some()).for_each(|sign| sign.emit((None, true)));
        }
        if let Some(told) = props.sign.as_ref().filter(|_| props.sign != old.sign) {
            self.spoken = [told.name, ". ", &told.said].concat();
        }
        self.follow_window(context, old.state.window);
        browser::timed("layout", || self.lay_out(props));
        if props.state.selection != old.state.selection {
            self.reveal(props.state.selection);
        }
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
                let (new, first) = (self.size != Some(size), self.size.is_none());
                self.size = Some(size);
                self.lay_out(props);
                if first {
                    self.open(props);
                }
                self.begins |= first;
                new
            }
            Msg::Down(event) => self.down(context, &event),
            Msg::Moved(event) => self.moved(context, &event),
            Msg::Up(event) => self.up(context, &event),
            Msg::Cancelled(event) => event.is_primary() && self.let_go(context),
            Msg::Pinched(fingers) => self.pinched(context, fingers),
            Msg::Left => self.hover.take().is_some(),
            Msg::Rested => self.rested(context),
            Msg::Frame => self.frame(context),
            Msg::Key(event) if self.hold.is_some() => self.key_while_held(context, &event),
            Msg::Clicked(event) => self.clicked(context, &event),
            Msg::Here => {
                self.catch_up(context);
                true
            }
            Msg::Zoomed(turn) => self.zoomed(props, &turn),
            Msg::Faded => {
                let gone = !props.state.compares && !self.tries(props);
                self.laid_out.faded = self.pair().filter(|_| gone);
                gone
            }
            message => self.late(context, message),
        };
        if draws {
            browser::timed("layout", || self.lay_out(context.props()));
        }
        draws
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let content = self.laid_out.scene.as_ref().map(|scene| self.draw(context, scene));
        let said = words::summary(&props.state.trace);
        let said = props.pair.as_ref().map_or_else(|| said.clone(), |pair| format!("{}: {said}", pair.name));
        if !props.interactive {
            return html! {
                <div class="figure-box" ref={self.frame_box.clone()} role="img" aria-label={said}>{ content }</div>
            };
        }
        let link = context.link();
        html! {
            <>
                <div
                    class={classes!("figure-box", "live", tool_class(props.state.tool_in_use()), self.hold.is_some().then_some("holding"))}
                    ref={self.frame_box.clone()}
                    tabindex="0"
                    role="application"
                    aria-roledescription={words::ROLE}
                    aria-label={said}
                    aria-description={rest::here().map(|rest| (rest.keys)(&props.state.trace))}
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
        Tool::Crash | Tool::Pause | Tool::Request | Tool::Cut => Some("on-lanes"),
    }
}

// What is shown.
impl Figure {
    /// The run that is shown: the answer to what is in the hand, or the page's.
    fn trace(&self, props: &FigureProps) -> Rc<Trace> {
        match (&self.hold, self.twin(props)) {
            (Some(hold), _) => hold.trace.clone(),
            (None, Some(twin)) => twin.trace.clone(),
            (None, None) => props.state.answer().unwrap_or(&props.state.trace).clone(),
        }
    }

    /// What a message in the other figure's hand does to this run.
    fn twin<'a>(&self, props: &'a FigureProps) -> Option<&'a Preview> {
        props.pair.as_ref().filter(|_| self.hold.is_none()).and_then(|pair| pair.twin.as_ref())
    }

    /// The message in the hand, or the one that moves along with what the other figure's hand holds.
    fn held(&self, props: &FigureProps) -> Option<MessageId> {
        let twin = || self.twin(props).filter(|twin| !twin.dropped && twin.finds_it()).map(|twin| twin.held);
        self.hold.as_ref().map(|hold| hold.held.id).or_else(twin)
    }

    /// The moment that the figure tells of.
    fn moment(&self, props: &FigureProps) -> Time {
        match (&self.hold, self.twin(props)) {
            (Some(hold), _) => hold.held.at.min(hold.trace.horizon()),
            (None, Some(twin)) => twin.arrives.min(twin.trace.horizon()),
            (None, None) => props.state.cursor,
        }
    }

    /// Chooses where to look first, on a screen too narrow for the whole run.
    fn open(&self, props: &FigureProps) {
        let Some(scene) = self.laid_out.scene.as_ref().filter(|scene| scene.frame.narrow && props.interactive) else {
            return;
        };
        let untouched = props.state.window == props.state.stretch(props.state.steps);
        if let Some(window) = scene::opening(&scene.index, &scene.frame, props.state.cursor).filter(|_| untouched) {
            props.dispatch.emit(Action::Show(window));
        }
    }

    /// Lays out what changed since the last time.
    fn lay_out(&mut self, props: &FigureProps) {
        let Some(size) = self.size.filter(|size| size.width > 0.0) else { return };
        let narrow = size.width < NARROW_BOX || (size.window < NARROW_WINDOW && !props.embedded);
        let trace = self.trace(props);
        let index = index_of(&mut self.laid_out.index, &trace);
        let mut chosen = vec![props.state.selection];
        chosen.extend(self.hover.map(Selection::Message));
        let held = self.held(props);
        let tried = props.state.answer().map(|_| props.state.acts_at());
        let stands = props.pair.as_ref().map_or(Stands::Alone, |pair| pair.stands);
        let hint = held.is_none() && tried.is_none() && invites(props) && stands != Stands::Below;
        self.opened |= self.opens(props.state.selection, &index);
        // Lanes stay as they are under a hand.
        let before = self.laid_out.view.as_ref().filter(|_| held.is_some()).map(|view| view.idle);
        let idle = if self.opened { NodeSet::default() } else { before.unwrap_or(index.idle) };
        let window = props.state.window;
        let light = props.state.light;
        let steps = props.state.steps;
        let size = (size.width, size.height);
        let view = Viewport { size, narrow, window, steps, light, chosen, held, tried, hint, idle, stands };
        let same = self.laid_out.scene.as_ref().is_some_and(|scene| Rc::ptr_eq(&scene.index, &index));
        if !same || self.laid_out.view.as_ref() != Some(&view) {
            let scene = Scene::after(index, &view, self.laid_out.scene.as_deref());
            self.laid_out.scene = Some(Rc::new(scene));
            self.laid_out.view = Some(view);
        }
        self.lay_out_ghost(props, &trace);
    }

    /// Scrolls the box to the lane of what is selected, if there are more lanes than fit.
    fn reveal(&self, selection: Selection) {
        let (Some(scene), Some(size)) = (&self.laid_out.scene, self.size) else { return };
        let Some(node) = lane_of(&scene.index, selection) else { return };
        let (right, down) = browser::scrolled(&self.frame_box);
        let to = if scene.frame.narrow {
            (revealed(&scene.frame, node, right, size.width), down)
        } else {
            (right, revealed(&scene.frame, node, down, size.height))
        };
        browser::scroll_to(&self.frame_box, to);
    }

    /// Whether the reader looks at a lane that is a thread.
    fn opens(&self, selection: Selection, index: &Index) -> bool {
        let threads = self.laid_out.scene.as_ref().map(|scene| scene.frame.threads);
        lane_of(index, selection).zip(threads).is_some_and(|(node, threads)| threads.contains(node))
    }

    fn lay_out_ghost(&mut self, props: &FigureProps, trace: &Rc<Trace>) {
        let held = self.held(props);
        let before = match (&self.hold, self.twin(props)) {
            (Some(hold), _) => Some(hold.held.before.clone()),
            (None, Some(_)) => Some(props.state.trace.clone()),
            (None, None) if props.state.answer().is_some() => Some(props.state.trace.clone()),
            (None, None) => props.state.ghost.clone(),
        };
        let before = before.filter(|before| !Rc::ptr_eq(before, trace));
        let (Some(before), Some(scene)) = (before, self.laid_out.scene.clone()) else {
            self.laid_out.ghost = None;
            return;
        };
        let old = index_of(&mut self.laid_out.before, &before);
        let current = |(_, of, from): &(_, Rc<Scene>, Rc<Index>)| Rc::ptr_eq(of, &scene) && Rc::ptr_eq(from, &old);
        if self.laid_out.ghost.as_ref().is_some_and(current) {
            return;
        }
        self.laid_out.ghost = Some((Rc::new(ghost(&old, &scene, held)), scene, old));
    }

    fn draw(&self, context: &Context<Self>, scene: &Rc<Scene>) -> Html {
        let props = context.props();
        let frame = &scene.frame;
        let (width, height) = (text(frame.width), text(frame.height));
        let link = props.interactive.then(|| context.link());
        let faded = context
            .link()
            .batch_callback(|event: AnimationEvent| (event.animation_name() == LEAVES).then_some(Msg::Faded));
        html! { <>
            if self.beside(frame) { { self.column(frame) } }
            <svg
                class={classes!("fig", frame.narrow.then_some("down"))}
                ref={self.picture.clone()}
                viewBox={format!("0 0 {width} {height}")} {width} {height}
                onpointerdown={link.map(|link| link.callback(Msg::Down))}
                onpointermove={link.map(|link| link.callback(Msg::Moved))}
                onpointerup={link.map(|link| link.callback(Msg::Up))}
                onpointercancel={link.map(|link| link.callback(Msg::Cancelled))}
                onpointerleave={link.map(|link| link.callback(|_: PointerEvent| Msg::Left))}
                onclick={link.map(|link| link.callback(Msg::Clicked))}
                oncontextmenu={link.map(|link| link.callback(Msg::Context))}
                onanimationend={faded}
            >
                <g ref={self.drawn.around.clone()} />
                { longer(props, frame) }
                { rest::here().map(|rest| (rest.draw)(self, context, scene)).unwrap_or_default() }
            </svg>
        </> }
    }

    /// Draws what is shown, where something of it has changed.
    fn draw_picture(&mut self, props: &FigureProps) {
        let Some(scene) = self.laid_out.scene.clone() else { return };
        let shown = self.shown(props, &scene);
        let beside = self.beside(&scene.frame);
        let mut drawn = std::mem::take(&mut self.drawn);
        drawn.picture.draw(&drawn.around, self.number, |out| {
            shown.draw(beside, out, |out| self.under_hand(props, &scene, out));
        });
        drawn.axis.draw(&drawn.beside, self.number, |out| shown.draw_axis(out));
        self.drawn = drawn;
        if let Some(shows) = &props.shows {
            shows.replace(Some(shown));
        }
    }

    /// The scene as it is shown now.
    pub(super) fn shown(&self, props: &FigureProps, scene: &Rc<Scene>) -> Shown {
        let old = self.ghost().map(|ghost| Old {
            ghost: ghost.clone(),
            name: self.ghost_key(props),
            leaves: !self.tries(props),
        });
        Shown {
            scene: ByPointer(scene.clone()),
            moment: self.moment(props),
            selection: props.state.selection,
            light: props.state.light,
            old,
            answers: self.tries(props) || props.state.answers,
            choosing: choosing(props),
            parting: props.pair.as_ref().and_then(|pair| pair.parting),
            alike: props.pair.as_ref().map_or(NodeSet::EMPTY, |pair| pair.alike),
        }
    }

    /// Whether the run that is shown is an answer to what is not done yet.
    fn tries(&self, props: &FigureProps) -> bool {
        self.hold.is_some() || self.twin(props).is_some() || props.state.answer().is_some()
    }

    /// Whether lanes are scrolled past the axis: then it stands in a column of its own.
    fn beside(&self, frame: &Frame) -> bool {
        frame.narrow && self.size.is_some_and(|size| frame.width > size.width + 0.5)
    }

    /// The axis and the cursor's flag in a column of their own.
    fn column(&self, frame: &Frame) -> Html {
        let (width, height) = (text(AXIS_NARROW), text(frame.height));
        html! { <svg class="rail" {width} {height} aria-hidden="true"><g class="fig" ref={self.drawn.beside.clone()} /></svg> }
    }

    /// The thing that the pointer is over, or holds.
    fn under_hand(&self, props: &FigureProps, scene: &Scene, out: &mut dyn Canvas) {
        place(out, |out| hint(out, scene, self.moment(props)));
        place(out, |out| {
            let moves = self.hold.is_none() && can_take(props);
            if let Some(id) = self.hover.filter(|_| moves) {
                drag_layer::invitation(out, scene, id);
            }
        });
        if let (Some(hold), Some(before)) = (&self.hold, &self.laid_out.before) {
            DragLayer { held: &hold.held, before, frame: &scene.frame, finger: hold.finger }.draw(out);
        }
        if let (Some(id), Some(twin)) = (self.held(props), self.twin(props)) {
            let older = self.laid_out.before.as_ref().filter(|older| Rc::ptr_eq(&older.trace, &props.state.trace));
            drag_layer::echo(out, older.unwrap_or(&scene.index), &scene.frame, id, twin.arrives);
        }
    }

    fn ghost(&self) -> Option<&Rc<Ghost>> {
        self.laid_out
            .ghost
            .as_ref()
            .map(|(ghost, ..)| ghost)
            .filter(|_| self.laid_out.faded.is_none() || self.laid_out.faded != self.pair())
    }

    /// The older run and the one that is shown, by digest.
    fn pair(&self) -> Option<(u64, u64)> {
        let LaidOut { before, index, .. } = &self.laid_out;
        Some((before.as_ref()?.trace.digest, index.as_ref()?.trace.digest))
    }

    /// Another ghost is another element: it fades by its own clock.
    fn ghost_key(&self, props: &FigureProps) -> String {
        let before = self.laid_out.before.as_ref().map_or(0, |before| before.trace.digest);
        let after = if self.tries(props) { 0 } else { props.state.trace.digest };
        format!("{before:x}-{after:x}")
    }

    /// The element that the keys are on.
    fn active(&self, props: &FigureProps) -> Option<String> {
        let named = self.laid_out.scene.as_ref()?.named(props.state.selection)?;
        Some(name_in_page(self.number, if named.message { Kind::Message } else { Kind::Event }, &named.name))
    }
}

/// Whether the reader has yet to do anything.
fn invites(props: &FigureProps) -> bool {
    props.interactive && props.free && !props.state.can_undo() && !props.state.trace.is_recorded()
}
