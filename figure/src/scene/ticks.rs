//! Ticks for the messages that are left out of a crowded figure.

use crate::plane::geometry::{Frame, spot};
use crate::plane::pen::Pen;
use lightcone_engine::NodeId;
use lightcone_engine::run::trace::Message;
use std::rc::Rc;

/// Ticks in a stretch of a figure, on the lanes where messages arrive that are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The ticks' lanes, and their places along in tenths of a pixel.
    at: Vec<(NodeId, i32)>,
    /// Path data.
    pub path: String,
}

/// Messages that are left out: one tick a pixel.
pub(super) struct Thin<'a> {
    frame: &'a Frame,
    /// The last tick's pixel on each lane.
    last: Vec<i32>,
    stretches: Vec<Vec<(NodeId, i32)>>,
}

/// Stretches of the figure, each with a path of its ticks: where a run changes, few are written anew.
const STRETCHES: usize = 16;

impl Thin<'_> {
    pub(super) fn new(frame: &Frame) -> Thin<'_> {
        Thin { frame, last: vec![i32::MIN; frame.order.len()], stretches: vec![Vec::new(); STRETCHES] }
    }

    pub(super) fn note(&mut self, message: &Message) {
        let (start, end) = self.frame.along;
        let along = self.frame.near(message.arrives);
        let inside = along >= start && along <= end;
        let Some(last) = self.last.get_mut(message.id.to.index()).filter(|_| inside) else { return };
        if *last != along as i32 {
            *last = along as i32;
            let stretch = ((along - start) / (end - start) * STRETCHES as f64) as usize;
            self.stretches[stretch.min(STRETCHES - 1)].push((message.id.to, (along * 10.0).round() as i32));
        }
    }

    /// The ticks of all stretches; none if there is no tick. `before`: those of a scene in the same frame.
    pub(super) fn shared(self, before: &[Rc<Ticks>]) -> Vec<Rc<Ticks>> {
        if self.stretches.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        let mut old = before.iter();
        let frame = self.frame;
        let ticks = self.stretches.into_iter().map(|at| match old.next().filter(|old| old.at == at) {
            Some(old) => old.clone(),
            None => {
                let mut pen = Pen::new(frame);
                at.iter().for_each(|(node, along)| pen.tick(spot(f64::from(*along) / 10.0, frame.lane(*node)), TICK));
                Rc::new(Ticks { at, path: pen.data() })
            }
        });
        ticks.collect()
    }
}

/// Half a tick of a message that is left out.
const TICK: f64 = 5.0;
