//! What a sign means: a note beside it on the first press, and whenever somebody asks.

use super::FigureProps;
use super::component::{Figure, Msg};
use crate::browser;
use crate::parts::sign_note::sign_note;
use crate::state::run::{Selection, Tool};
use crate::state::signs::Told;
use lightcone_engine::protocol::Cause;
use lightcone_figure::draw::Shown;
use lightcone_figure::draw::signs::{Found, Shape};
use lightcone_figure::plane::geometry::{Frame, Point, within};
use lightcone_figure::plane::pen::text;
use lightcone_figure::scene::Target;
use std::rc::Rc;
use yew::prelude::*;

/// A sign that is to be explained, or none any more; and whether the reader asked for it.
pub type Explain = Callback<(Option<Rc<Told>>, bool)>;

const WIDTH: f64 = 288.0;
const HEIGHT: f64 = 132.0;
/// The distance from the sign to its note, how far the note begins before it, and the ring around a point.
const AWAY: f64 = 20.0;
const BEFORE: f64 = 18.0;
const RING: f64 = 11.0;

impl Figure {
    /// A press: what lies there is explained, and the note about another sign closes.
    pub(super) fn explain_pressed(&self, props: &FigureProps, target: &Target, at: Point) {
        let plain = props.state.tool_in_use() == Tool::Move && !matches!(target, Target::Axis(_) | Target::LaneHead(_));
        let found = plain.then(|| self.sign_at(props, at)).flatten();
        self.explain(props, found, false);
    }

    /// The reader asks for the sign at a point, or else for one of what is selected.
    pub(super) fn explain_at(&mut self, props: &FigureProps, at: Point) -> bool {
        let Some(found) = self.sign_at(props, at) else {
            return self.explain_selected(props);
        };
        self.focuses = true;
        self.explain(props, Some(found), true)
    }

    /// The reader asks for the signs of what is selected, one after another; with nothing selected, of the last event.
    pub(super) fn explain_selected(&mut self, props: &FigureProps) -> bool {
        let trace = &props.state.trace;
        let selection = match props.state.selection {
            Selection::Nothing => trace.last_event_by(props.state.cursor).map_or(Selection::Nothing, Selection::Event),
            selection => selection,
        };
        let Some(shown) = self.figure(props) else { return false };
        let mut found = shown.signs_of(selection);
        if let (true, Selection::Event(event)) = (found.is_empty(), selection)
            && let Cause::Deliver(message) = trace.event(event).cause
        {
            // An arrival has no sign of its own.
            found = shown.signs_of(Selection::Message(message));
        }
        let open = props.sign.as_ref().map(|told| told.found.sign);
        let after = found.iter().rposition(|each| Some(each.sign) == open).map_or(0, |place| place + 1);
        self.focuses = !found.is_empty();
        let next = found.into_iter().cycle().nth(after);
        self.explain(props, next, true)
    }

    /// Takes the note back, and the focus to the figure.
    pub(super) fn explain_nothing(&self, props: &FigureProps) {
        self.explain(props, None, true);
        browser::focus(&self.frame_box);
    }

    /// Asks the page to explain a sign, or none any more.
    fn explain(&self, props: &FigureProps, found: Option<Found>, asked: bool) -> bool {
        if let Some((explain, shown)) = props.on_sign.as_ref().zip(self.figure(props))
            && (found.is_some() || props.sign.is_some())
        {
            let told = |found: Found| Told { name: found.sign.name(), said: shown.told(&found), found };
            explain.emit((found.map(|found| Rc::new(told(found))), asked));
        }
        false
    }

    fn sign_at(&self, props: &FigureProps, at: Point) -> Option<Found> {
        self.figure(props)?.sign_at(at)
    }

    /// The figure as it is shown, if it explains its signs.
    fn figure(&self, props: &FigureProps) -> Option<Shown> {
        let scene = self.laid_out.scene.as_ref().filter(|_| props.on_sign.is_some())?;
        Some(self.shown(props, scene))
    }

    /// The note beside the sign. On a narrow screen the sheet has it.
    pub(super) fn draw_sign(&self, context: &Context<Self>, frame: &Frame) -> Html {
        let told = context.props().sign.as_ref().filter(|_| self.menu.is_none());
        let Some(told) = told else { return Html::default() };
        let Point { x, y } = told.found.shape.middle();
        let (left, top) = (
            within(x - BEFORE, 4.0, (frame.width - WIDTH - 4.0).max(4.0)),
            if y + AWAY + HEIGHT < frame.height { y + AWAY } else { (y - AWAY - HEIGHT).max(4.0) },
        );
        let silent = Callback::from(|event: PointerEvent| event.stop_propagation());
        let quiet = Callback::from(|event: MouseEvent| event.stop_propagation());
        let on_key = Callback::from(|event: KeyboardEvent| {
            // The figure's other keys are not those of a note.
            if !matches!(event.key().as_str(), "Escape" | "i" | "I") {
                event.stop_propagation();
            }
        });
        html! { <>
            if matches!(told.found.shape, Shape::Spot(_)) {
                <circle class="sel" cx={text(x)} cy={text(y)} r={text(RING)} />
            }
            <foreignObject x={text(left)} y={text(top)} width={text(WIDTH)} height={text(HEIGHT)}>
                <div xmlns="http://www.w3.org/1999/xhtml" class="offer tells" ref={self.menu_list.clone()} role="note" aria-label={told.name} onpointerdown={silent.clone()} onpointermove={silent.clone()} onpointerup={silent} onclick={quiet} onkeydown={on_key}>
                    { sign_note(told, context.link().callback(|()| Msg::Understood)) }
                </div>
            </foreignObject>
        </> }
    }
}
