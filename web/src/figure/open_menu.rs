//! What keys do, and how a list beside the selection is opened, walked through and closed.

use super::FigureProps;
use super::component::{Figure, Msg};
use super::context_menu::{self, Body, ContextMenu, Heard};
use super::keys::{self, Answer, Key};
use super::press::{self, Press, tell};
use crate::browser;
use crate::state::run::{Action, Selection, Tool};
use lightcone_engine::Time;
use lightcone_figure::plane::geometry::{Point, spot};
use lightcone_figure::scene::{Scene, Target};
use yew::prelude::*;

/// How near a pointer must be to an arrow to open its list.
const REACH: f64 = 12.0;

impl Figure {
    /// Opens a list beside a point.
    pub(super) fn open_menu(&mut self, menu: ContextMenu, at: Point) -> bool {
        self.menu = Some((menu, at));
        self.focuses = true;
        true
    }

    pub(super) fn close_menu(&mut self) -> bool {
        let open = self.menu.take().is_some();
        if open {
            browser::focus(&self.frame_box);
        }
        open
    }

    /// The other button of the mouse, or a key for this on the keyboard.
    pub(super) fn context_menu(&mut self, props: &FigureProps, event: &MouseEvent) -> bool {
        event.prevent_default();
        if !matches!(self.press, Press::Up | Press::Down { .. }) {
            return false;
        }
        let (Some(scene), Some((x, y))) = (self.laid_out.scene.clone(), browser::place_in(event, &self.picture)) else {
            return false;
        };
        self.press = Press::Up;
        self.waiting.long_press = None;
        let at = Point { x, y };
        let mut look = None;
        let selection = match scene.target(Tool::Move, at, REACH) {
            Target::Head(id) | Target::Line(id) => Selection::Message(id),
            Target::Event(event) => Selection::Event(event),
            Target::Lane(node, time) => {
                look = Some(time);
                Selection::Lane(node)
            }
            Target::LaneHead(node) => Selection::Lane(node),
            _ => return self.close_menu(),
        };
        self.menu_for(props, &scene, selection, Some((at, look)))
    }

    /// The menu for what is selected; with nothing selected, for the last event by the cursor.
    pub(super) fn menu_for_selection(&mut self, props: &FigureProps) -> bool {
        let Some(scene) = self.laid_out.scene.clone() else { return false };
        let last = || props.state.trace.last_event_by(props.state.cursor).map(Selection::Event);
        let selection = match props.state.selection {
            Selection::Nothing => last(),
            selection => Some(selection),
        };
        selection.is_some_and(|selection| self.menu_for(props, &scene, selection, None))
    }

    /// `at`: where it was asked for, and the moment there, to which the cursor goes.
    fn menu_for(
        &mut self,
        props: &FigureProps,
        scene: &Scene,
        selection: Selection,
        at: Option<(Point, Option<Time>)>,
    ) -> bool {
        let mut state = (*props.state.0).clone();
        let select = (selection != state.selection).then_some(Action::Select(selection));
        let look = at.and_then(|(_, time)| time).map(Action::Look);
        for action in select.into_iter().chain(look) {
            state = state.after(action.clone());
            props.dispatch.emit(action);
        }
        let at = at.map_or_else(|| self.anchor(props, scene, selection), |(at, _)| at);
        context_menu::of(&scene.index, &state)
            .filter(|menu| !menu.is_empty())
            .is_some_and(|menu| self.open_menu(menu, at))
    }

    /// The place of what is selected.
    pub(super) fn anchor(&self, props: &FigureProps, scene: &Scene, selection: Selection) -> Point {
        let frame = &scene.frame;
        let on_lane = |node, at| frame.point(spot(frame.near(at), frame.lane(node)));
        let found = match selection {
            Selection::Message(id) => scene.arrows.iter().find(|arrow| arrow.id == id).map(|arrow| arrow.grip),
            Selection::Event(event) => {
                let here = props.state.trace.event(event);
                here.node.map(|node| on_lane(node, here.at))
            }
            Selection::Lane(node) => Some(on_lane(node, props.state.cursor)),
            Selection::Timer(_) | Selection::Nothing => None,
        };
        found.unwrap_or_default()
    }

    pub(super) fn chosen(&mut self, props: &FigureProps, place: usize) -> bool {
        let Some((ContextMenu { body: Body::Entries(entries), .. }, at)) = self.menu.take() else { return false };
        let Some(entry) = entries.into_iter().nth(place) else { return false };
        self.speaks = true;
        entry.does.into_iter().for_each(|action| tell(props, action));
        match entry.asks {
            Some(menu) => self.open_menu(*menu, at),
            None => {
                browser::focus(&self.frame_box);
                true
            }
        }
    }

    pub(super) fn typed(&mut self, props: &FigureProps, typed: &str) -> bool {
        let Some((menu, at)) = self.menu.take() else { return false };
        match context_menu::typed(&props.state.trace, menu, typed) {
            Ok(action) => {
                self.speaks = true;
                props.dispatch.emit(action);
                browser::focus(&self.frame_box);
                true
            }
            Err(again) => self.open_menu(again, at),
        }
    }

    /// A key while a list is open: whether the list has used it.
    pub(super) fn menu_key(&mut self, event: &KeyboardEvent) -> bool {
        match event.key().as_str() {
            "Escape" => {
                self.close_menu();
            }
            "ArrowDown" => browser::focus_next(&self.menu_list, 1),
            "ArrowUp" => browser::focus_next(&self.menu_list, -1),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    pub(super) fn draw_menu(&self, context: &Context<Self>, scene: &Scene) -> Html {
        let Some((menu, at)) = &self.menu else { return html! {} };
        let link = context.link();
        let explain = context.props().on_sign.is_some().then(|| link.callback(|_: MouseEvent| Msg::Explain));
        let heard = Heard { chosen: link.callback(Msg::Chosen), typed: link.callback(Msg::Typed), explain };
        context_menu::draw(menu, &scene.index.trace, &scene.frame, *at, &self.menu_list, &heard)
    }

    /// A press on a target, by the tool in hand.
    pub(super) fn pressed(&mut self, props: &FigureProps, target: &Target, at: Point) -> bool {
        let open = self.menu.as_ref().map(|(menu, _)| menu.title.clone());
        self.close_menu();
        let scene = self.laid_out.scene.as_deref();
        let narrow = scene.is_some_and(|scene| scene.frame.narrow);
        // A head lies on the event at which its message arrives: a press selects what is nearer.
        let arrival = match *target {
            Target::Head(id) if props.state.tool_in_use() == Tool::Move => {
                scene.and_then(|scene| scene.arrival_at(id, at))
            }
            _ => None,
        };
        self.explain_pressed(props, target, at);
        match press::on_target(props, &arrival.map_or(*target, Target::Event), scene, narrow && props.whole) {
            // A second press where it was opened shuts it.
            Some(menu) if open.as_ref() != Some(&menu.title) => self.open_menu(menu, at),
            _ => true,
        }
    }

    /// A key of the figure's own: whether the figure is drawn again.
    pub(super) fn key(&mut self, props: &FigureProps, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() {
            return false;
        }
        if self.menu.is_some() {
            return self.menu_key(event);
        }
        let name = event.key();
        if name == "Escape" && props.sign.is_some() {
            event.prevent_default();
            self.explain_nothing(props);
            return false;
        }
        if matches!(name.as_str(), "i" | "I") && props.on_sign.is_some() {
            event.prevent_default();
            return self.explain_selected(props);
        }
        let keeps = name == "Enter" && props.state.choice().is_some();
        if matches!(name.as_str(), "Enter" | "ContextMenu") && !keeps && !event.default_prevented() {
            event.prevent_default();
            return self.menu_for_selection(props);
        }
        let key = Key { name: &name, shift: event.shift_key(), alt: event.alt_key() };
        let Some(answer) = self.laid_out.index.as_ref().and_then(|index| keys::answer(index, &props.state, key)) else {
            return false;
        };
        event.prevent_default();
        self.speaks = true;
        match answer {
            Answer::Does(actions) => actions.into_iter().for_each(|action| tell(props, action)),
            Answer::Asks(question) => {
                let Some(menu) = context_menu::asking(&props.state.trace, question) else { return false };
                let scene = self.laid_out.scene.clone();
                let at = scene.map(|scene| self.anchor(props, &scene, props.state.selection)).unwrap_or_default();
                return self.open_menu(menu, at);
            }
        }
        false
    }
}
