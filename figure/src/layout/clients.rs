//! The clients' view below the lanes, as lines and boxes.

use super::lanes::{operation_path, visible};
use crate::plane::geometry::{Frame, HALF_OPERATION_ROW, Point, Rect, spot};
use crate::plane::pen::Pen;
use crate::read::clients::{ClientsView, Explained};
use lightcone_engine::{NodeId, Time};

/// The clients' view as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The rows' clients, and the middle of each row.
    pub rows: Vec<(NodeId, f64)>,
    /// Whether some order explains every answer.
    pub explained: Explained,
    /// The line between the lanes and the view.
    pub hairline: (Point, Point),
    /// Operations in the window.
    pub boxes: Vec<Drawing>,
    /// Path data of the arrow from the earlier operation to the one that cannot be placed, and the area of its last
    /// stretch.
    pub before: Option<(String, Rect)>,
}

/// An operation as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Which: its place in the view.
    pub place: usize,
    /// Path data of its outline; open while the operation is unanswered.
    pub path: String,
    /// The box's area.
    pub area: Rect,
    /// The place at which the operation took effect.
    pub bar: Option<(Point, Point)>,
    /// Whether it cannot be placed.
    pub wrong: bool,
    /// Whether it fills most of its row: what it says stands in it.
    pub fills: bool,
    /// Whether it was done before what cannot be placed.
    pub before: bool,
}

/// Lays the view out below the lanes; nothing if the frame has no room for it.
#[must_use]
pub fn lay_out(view: &ClientsView, frame: &Frame, horizon: Time) -> Option<Drawn> {
    if frame.clients == 0 {
        return None;
    }
    let rows: Vec<(NodeId, f64)> = view.clients.iter().enumerate().map(|(at, node)| (*node, frame.row(at))).collect();
    let across = |node: NodeId| rows.iter().find(|row| row.0 == node).map(|row| row.1);
    let after = view.operations.iter().find_map(|each| each.after);
    let boxes = view.operations.iter().enumerate().filter_map(|(place, each)| {
        let middle = across(each.id.node)?;
        let (start, end) = (frame.near(each.asked.0), each.answered.map(|(at, ..)| frame.near(at)));
        let (a, b) = visible(frame, start, end.unwrap_or(frame.near(horizon)).max(start + 1.0))?;
        let (near, far) = (middle - HALF_OPERATION_ROW, middle + HALF_OPERATION_ROW);
        let bar =
            each.effect.map(|at| frame.near(at)).map(|at| (frame.point(spot(at, near)), frame.point(spot(at, far))));
        let (wrong, before) = (each.wrong.is_some(), after == Some(each.id));
        let path = operation_path(frame, (near, far), start, end, horizon);
        let fills = !wrong && (b - a) * 3.0 > (frame.along.1 - frame.along.0) * 2.0;
        Some(Drawing { place, path, area: frame.rect(spot(a, near), spot(b, far)), bar, wrong, fills, before })
    });
    let line = frame.lanes_end + 4.0;
    Some(Drawn {
        boxes: boxes.collect(),
        before: arrow(view, frame, across),
        hairline: (frame.point(spot(frame.along.0, line)), frame.point(spot(frame.along.1, line))),
        explained: view.explained,
        rows,
    })
}

/// The arrow from the end of the earlier operation, over to the row of the one that cannot be placed, and on to its box.
fn arrow(view: &ClientsView, frame: &Frame, across: impl Fn(NodeId) -> Option<f64>) -> Option<(String, Rect)> {
    let wrong = view.operations.iter().find(|each| each.after.is_some())?;
    let first = view.operations.iter().find(|each| Some(each.id) == wrong.after)?;
    let (from, to) = (across(first.id.node)?, across(wrong.id.node)?);
    let (leaves, arrives) = (frame.near(first.answered?.0), frame.near(wrong.asked.0) - 2.0);
    let edge = from + HALF_OPERATION_ROW * if to < from { -1.0 } else { 1.0 };
    let pen = Pen::new(frame);
    let pen = if from.total_cmp(&to).is_eq() { pen } else { pen.from(spot(leaves, edge)).to(spot(leaves, to)) };
    let pen = pen.from(spot(leaves, to)).to(spot(arrives, to));
    let pen = pen.stroke(spot(arrives, to), &[(-5.0, -3.5), (0.0, 0.0), (-5.0, 3.5)]);
    Some((pen.data(), frame.rect(spot(leaves, to - 3.0), spot(arrives, to + 3.0))))
}
