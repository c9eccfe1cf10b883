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
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// What knows the signs of a figure. It arrives with what stands around the figure; until then nothing is explained.
pub struct Signs {
    /// The sign at a point.
    pub at: fn(&Shown, Point) -> Option<Found>,
    /// The signs of what is selected.
    pub of: fn(&Shown, Selection) -> Vec<Found>,
    /// What there is to say of a sign.
    pub told: fn(&Shown, Found) -> Told,
    /// The note about a sign.
    pub note: fn(&Told, Callback<()>) -> Html,
}

/// What knows the signs.
pub const SIGNS: Signs = Signs {
    at: Shown::sign_at,
    of: Shown::signs_of,
    told: |shown, found| Told { name: found.sign.name(), said: shown.told(&found), found },
    note: sign_note,
};

thread_local! {
    static HERE: Cell<Option<&'static Signs>> = const { Cell::new(FIRST) };
}

#[cfg(feature = "parts")]
const FIRST: Option<&Signs> = None;
#[cfg(not(feature = "parts"))]
const FIRST: Option<&Signs> = Some(&SIGNS);

/// What knows the signs has arrived.
pub fn explain_by(signs: &'static Signs) {
    HERE.set(Some(signs));
}

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
        let Some((signs, shown)) = self.figure(props) else { return false };
        let mut found = (signs.of)(&shown, selection);
        if let (true, Selection::Event(event)) = (found.is_empty(), selection)
            && let Cause::Deliver(message) = trace.event(event).cause
        {
            // An arrival has no sign of its own.
            found = (signs.of)(&shown, Selection::Message(message));
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
    pub(super) fn explain(&self, props: &FigureProps, found: Option<Found>, asked: bool) -> bool {
        if let Some((explain, (signs, shown))) = props.on_sign.as_ref().zip(self.figure(props))
            && (found.is_some() || props.sign.is_some())
        {
            explain.emit((found.map(|found| Rc::new((signs.told)(&shown, found))), asked));
        }
        false
    }

    fn sign_at(&self, props: &FigureProps, at: Point) -> Option<Found> {
        let (signs, shown) = self.figure(props)?;
        (signs.at)(&shown, at)
    }

    /// The figure as it is shown, and what knows its signs, if it explains them.
    fn figure(&self, props: &FigureProps) -> Option<(&'static Signs, Shown)> {
        let scene = self.laid_out.scene.as_ref().filter(|_| props.on_sign.is_some())?;
        Some((HERE.get()?, self.shown(props, scene)))
    }

    /// The note beside the sign. On a narrow screen the sheet has it.
    pub(super) fn draw_sign(&self, context: &Context<Self>, frame: &Frame) -> Html {
        let told = context.props().sign.as_ref().filter(|_| self.menu.is_none());
        let Some((told, signs)) = told.zip(HERE.get()) else { return Html::default() };
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
                    { (signs.note)(told, context.link().callback(|()| Msg::Understood)) }
                </div>
            </foreignObject>
        </> }
    }
}
