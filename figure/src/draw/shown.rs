//! A whole figure: a scene at a moment, with what is selected in it, and the ghost of the run before the last move.

use super::axis::{self, Axis};
use super::canvas::{Canvas, Value, part, place};
use super::crowd::{self, is_crowded};
use super::lane_heads::{Choosing, LaneHeads, lane_heads};
use super::layers::{self, Labels};
use super::overlay::{self, Lit, Parting};
use super::shapes::open_group;
use crate::by_pointer::ByPointer;
use crate::plane::geometry::{Frame, Stands, spot};
use crate::plane::pen::text;
use crate::scene::Scene;
use crate::scene::ghost::Ghost;
use crate::view::{Light, Selection};
use lightcone_engine::{NodeSet, Time, Trace};
use std::rc::Rc;

/// A scene as it is shown.
#[derive(Clone)]
pub struct Shown {
    /// The scene of the run.
    pub scene: ByPointer<Scene>,
    /// The moment that the figure tells of.
    pub moment: Time,
    /// What is selected.
    pub selection: Selection,
    /// What of the run is lit around it.
    pub light: Light,
    /// The ghost of the run before, drawn behind it.
    pub old: Option<Old>,
    /// Whether the future is the answer to what the reader does or has just done: then nothing is pale.
    pub answers: bool,
    /// The lanes that the reader chooses between, if they choose.
    pub choosing: Option<Choosing>,
    /// Where it parts from the other run of a comparison.
    pub parting: Option<Parting>,
    /// The lanes whose nodes see the same in the other run of a comparison.
    pub alike: NodeSet,
}

/// The ghost of an older run behind a figure.
#[derive(Clone)]
pub struct Old {
    /// What the older run had and this one lacks.
    pub ghost: Rc<Ghost>,
    /// The two runs: another pair is another ghost, which fades by its own clock.
    pub name: String,
    /// Whether it fades by itself.
    pub leaves: bool,
}

impl Shown {
    /// A scene at a moment, with nothing selected, and nothing in the reader's hand.
    #[must_use]
    pub fn still(scene: ByPointer<Scene>, moment: Time) -> Shown {
        let (selection, light) = (Selection::Nothing, Light::Off);
        Shown {
            scene,
            moment,
            selection,
            light,
            old: None,
            answers: false,
            choosing: None,
            parting: None,
            alike: NodeSet::EMPTY,
        }
    }

    /// Draws the figure. `beside`: the axis is not in it but beside it. `over` is drawn over all that time passes in.
    pub fn draw(&self, beside: bool, out: &mut dyn Canvas, over: impl FnOnce(&mut dyn Canvas)) {
        let frame = &self.scene.frame;
        layers::patterns(out);
        place(out, |out| {
            if !beside {
                self.axis(out);
            }
        });
        clipped(out, frame, |out| {
            self.layers(out);
            over(out);
        });
        let selected = match self.selection {
            Selection::Lane(node) => Some(node),
            _ => None,
        };
        let at = last_change(&self.scene.index.trace, self.moment);
        let (scene, choosing, alike) = (self.scene.clone(), self.choosing, self.alike);
        part(out, LaneHeads { scene, at, selected, choosing, alike }, lane_heads);
        place(out, |out| {
            if let Some(old) = self.old.as_ref().filter(|_| frame.stands != Stands::Below) {
                open_group(out, old.class());
                axis::fork_label(out, &self.scene, self.fork(), self.moment);
                out.close();
            }
        });
        place(out, |out| {
            if let Some(parting) = self.parting.filter(|_| frame.stands != Stands::Below) {
                axis::part_label(out, &self.scene, parting.at, self.moment, self.fork());
            }
        });
        place(out, |out| {
            if !beside {
                self.flag(out);
            }
        });
    }

    /// Draws what time passes in, without axis and lane heads.
    pub fn draw_bare(&self, out: &mut dyn Canvas) {
        layers::patterns(out);
        clipped(out, &self.scene.frame, |out| self.layers(out));
    }

    /// Draws the axis and the cursor's flag, for a column of their own that lanes are scrolled past.
    pub fn draw_axis(&self, out: &mut dyn Canvas) {
        self.axis(out);
        place(out, |out| self.flag(out));
    }

    /// The instant at which the older run and this one part; none if it is out of sight.
    fn fork(&self) -> Option<Time> {
        self.old.as_ref().and_then(|old| old.ghost.fork).map(|fork| fork.1)
    }

    fn axis(&self, out: &mut dyn Canvas) {
        if self.scene.frame.stands == Stands::Below {
            return;
        }
        let parting = self.parting.map(|parting| parting.at);
        part(out, Axis { scene: self.scene.clone(), flag: self.moment, fork: self.fork(), part: parting }, axis::axis);
    }

    fn flag(&self, out: &mut dyn Canvas) {
        // In a run with numbered steps, the number says where the cursor is; of two figures, the upper one.
        if !self.scene.steps && self.scene.frame.stands != Stands::Below {
            axis::cursor_flag(out, &self.scene, self.moment);
        }
    }

    /// The layers, lowest first.
    fn layers(&self, out: &mut dyn Canvas) {
        let (scene, moment) = (&self.scene, self.moment);
        let held = scene.held.is_some();
        let lit = match (self.selection, self.light) {
            (Selection::Event(event), light) if !held && light != Light::Off => Some((event, light)),
            _ => None,
        };
        part(out, scene.clone(), layers::ground);
        overlay::fuses(out, scene, moment);
        place(out, |out| self.ghost(out));
        place(out, |out| overlay::cursor_line(out, &scene.frame, moment));
        open_group(out, if lit.is_some() { "unlit" } else { "" });
        part(out, scene.clone(), layers::arrows);
        out.close();
        place(out, |out| {
            if let Some((event, light)) = lit {
                part(out, Lit { scene: scene.clone(), event, light }, overlay::lit);
            }
        });
        part(out, scene.clone(), layers::lanes);
        place(out, |out| {
            if let Some(view) = &scene.clients {
                let crowded = out.gathers() && is_crowded(scene);
                part(out, view.clone(), if crowded { layers::clients_together } else { layers::clients });
            }
        });
        part(out, scene.clone(), layers::moves);
        part(out, scene.clone(), layers::marks);
        place(out, |out| {
            if out.gathers() && (is_crowded(scene) || !scene.draws(self.selection)) {
                crowd::chosen(out, scene, self.selection);
            }
        });
        place(out, |out| {
            if !self.answers {
                overlay::veil(out, &scene.frame, moment);
                overlay::happened(out, scene, moment);
            }
        });
        place(out, |out| {
            if let Some(parting) = self.parting {
                overlay::parting(out, &scene.frame, parting);
            }
        });
        place(out, |out| overlay::chosen(out, scene, self.selection));
        place(out, |out| {
            if !held {
                overlay::flying(out, scene, moment);
            }
        });
        part(out, Labels { scene: scene.clone(), later: self.later() }, layers::labels);
    }

    fn ghost(&self, out: &mut dyn Canvas) {
        let Some(old) = &self.old else { return };
        out.key(&old.name);
        open_group(out, old.class());
        overlay::ghost(out, &self.scene.frame, &old.ghost);
        out.close();
    }

    /// While the future is the answer, nothing is pale. What the upper run says already is.
    fn later(&self) -> Vec<bool> {
        let scene = &self.scene;
        let mut pale = if self.answers { vec![false; scene.labels.len()] } else { layers::later(scene, self.moment) };
        if let Some(Parting { at, .. }) = self.parting.filter(|parting| parting.repeats) {
            let later = layers::later(scene, at);
            pale.iter_mut().zip(later).for_each(|(pale, later)| *pale |= !later);
        }
        pale
    }
}

impl Old {
    fn class(&self) -> &'static str {
        if self.leaves { "ghost leaving" } else { "ghost" }
    }
}

/// The part of the figure in which time passes, cut off at its edges.
fn clipped(out: &mut dyn Canvas, frame: &Frame, draw: impl FnOnce(&mut dyn Canvas)) {
    let (x, y, w, h) =
        frame.rect(spot(frame.along.0, frame.across.0 - 40.0), spot(frame.along.1 + 6.0, frame.across.1 + 8.0));
    let view = [x, y, w, h].map(text).join(" ");
    let [x, y, w, h] = [x, y, w, h].map(Value::Length);
    let values = [Value::Fixed("clip"), x, y, w, h, Value::Text(&view)];
    out.open("svg", &["class", "x", "y", "width", "height", "viewBox"], &values);
    draw(out);
    out.close();
}

/// The last event by a moment: until the next one nothing changes in a lane's head.
fn last_change(trace: &Trace, moment: Time) -> Time {
    trace.last_event_by(moment).map_or(Time::ZERO, |event| trace.event(event).at)
}
