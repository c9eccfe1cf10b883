//! Lane heads: name, role and epoch of each node at a moment, and a fact or two.

use super::canvas::{Canvas, place};
use super::shapes::{open_group, path, rounded, tint, unheard, words_at};
use crate::by_pointer::ByPointer;
use crate::layout::clients::Drawn;
use crate::plane::geometry::{Frame, HEADS, Point, Stands};
use crate::plane::labels::{Anchor, Look, width};
use crate::plane::pen::text;
use crate::read::clients::Explained;
use crate::read::index::Index;
use crate::read::words;
use crate::scene::Scene;
use lightcone_engine::protocol::Inspection;
use lightcone_engine::run::World;
use lightcone_engine::{EventIndex, NodeId, NodeSet, Time, Trace};

/// The inputs of [`lane_heads`].
#[derive(PartialEq)]
pub struct LaneHeads {
    /// The scene beside them.
    pub scene: ByPointer<Scene>,
    /// The moment they tell of.
    pub at: Time,
    /// The lane that is selected.
    pub selected: Option<NodeId>,
    /// The lanes that the reader chooses between, if they choose.
    pub choosing: Option<Choosing>,
    /// The lanes whose nodes see the same in the other run of a comparison.
    pub alike: NodeSet,
}

/// What a reader who cuts links has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choosing {
    /// The lanes that are cut off.
    pub chosen: NodeSet,
    /// The lanes on the other side.
    pub rest: NodeSet,
    /// The lanes with a box beside their names.
    pub boxes: NodeSet,
}

impl Choosing {
    /// What becomes of a lane, in its head; none while nobody is chosen.
    fn fact(self, node: NodeId) -> Option<&'static str> {
        match (self.chosen.contains(node), self.rest.contains(node)) {
            _ if self.chosen.is_empty() => None,
            (true, _) => Some(words::CUT_OFF),
            (false, true) => None,
            (false, false) => Some(words::STAYS_CONNECTED),
        }
    }
}

/// A lane's head in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneHead {
    /// The node's name.
    pub name: String,
    /// The name of the node's role.
    pub role: String,
    /// The epoch: its number, and the text of its chip.
    pub epoch: Option<(u32, String)>,
    /// A fact or two.
    pub fact: String,
}

/// The column of lane heads; a row, where time runs down.
pub fn lane_heads(made_of: &LaneHeads, out: &mut dyn Canvas) {
    let scene = &made_of.scene;
    let trace = &scene.index.trace;
    let facts = facts(trace, trace.last_event_by(made_of.at));
    let frame = &scene.frame;
    unheard(out, "heads", |out| {
        place(out, |out| {
            for node in frame.wide() {
                let fact = facts.get(node.index()).cloned().unwrap_or_default();
                let chosen = made_of.choosing.and_then(|choosing| choosing.fact(node)).map(str::to_owned);
                let mut head = head(&scene.index, node, made_of.at, chosen.unwrap_or(fact));
                if made_of.alike.contains(node) {
                    head.role = format!("= {}", head.role);
                }
                let boxed = made_of.choosing.filter(|choosing| choosing.boxes.contains(node));
                let selected = made_of.selected == Some(node);
                out.key(&head.name);
                open_group(out, if selected { "lh on" } else { "lh" });
                if selected {
                    ring(out, frame, node);
                }
                if frame.narrow {
                    column(out, frame, node, &head, boxed.is_some())
                } else if frame.stands == Stands::Alone {
                    row(out, frame, node, &head)
                } else {
                    line(out, frame, node, &head)
                }
                if let Some(choosing) = boxed {
                    tick_box(out, box_at(frame, node, &head), choosing.chosen.contains(node));
                }
                out.close();
            }
        });
        place(out, |out| frame.groups.iter().for_each(|group| idle(out, frame, *group)));
        if let Some(view) = &scene.clients {
            clients(out, trace, view);
        }
    });
}

/// The count of neighbouring threads.
fn idle(out: &mut dyn Canvas, frame: &Frame, (middle, lanes): (f64, usize)) {
    let (at, anchor) = if frame.narrow {
        (Point { x: middle, y: 33.0 }, Anchor::Middle)
    } else {
        (Point { x: 0.0, y: middle + 4.0 }, Anchor::Start)
    };
    let said = if frame.narrow { lanes.to_string() } else { words::idle(lanes) };
    words_at(out, "lh-fact", at, anchor, &said);
}

/// The head of the clients' view, and its rows' clients.
fn clients(out: &mut dyn Canvas, trace: &Trace, view: &Drawn) {
    let top = view.rows.first().map_or(0.0, |row| row.1);
    let (class, verdict) = match view.explained {
        Explained::Yes => ("lh-fact", words::LINEARIZABLE),
        Explained::No => ("lh-fact bad-t", words::NOT_LINEARIZABLE),
        Explained::NothingAnswered => ("lh-fact", words::NOTHING_ANSWERED),
        Explained::CannotTell => ("lh-fact", words::CANNOT_TELL),
    };
    words_at(out, "lh-name", Point { x: 0.0, y: top - 4.0 }, Anchor::Start, words::CLIENTS_VIEW);
    words_at(out, class, Point { x: 0.0, y: top + 14.0 }, Anchor::Start, verdict);
    for (node, across) in &view.rows {
        words_at(out, "lh-fact", Point { x: HEADS - 8.0, y: across + 4.0 }, Anchor::End, &trace.name(*node));
    }
}

/// The texts of a lane's head at a moment.
#[must_use]
pub fn head(index: &Index, node: NodeId, at: Time, fact: String) -> LaneHead {
    let trace = &index.trace;
    let name = trace.name(node);
    let Some(history) = index.lane(node) else { return LaneHead { name, ..LaneHead::default() } };
    let chip = |epoch: u32| (epoch != 0).then(|| (epoch, format!("{} {epoch}", trace.specification().epoch_word)));
    match history.span_at(at).and_then(|span| span.status) {
        Some(status) => {
            let role = if history.is_paused(at) { words::PAUSED } else { status.role };
            LaneHead { name, role: role.to_owned(), epoch: chip(status.epoch), fact }
        }
        None => {
            let since = history.down_since(at);
            let last = since.and_then(|since| history.span_at(Time::from_micros(since.micros().saturating_sub(1))));
            let epoch = last.and_then(|span| span.status).and_then(|status| chip(status.epoch));
            let fact = since.map(words::since).unwrap_or_default();
            LaneHead { name, role: words::STOPPED.to_owned(), epoch, fact }
        }
    }
}

/// One or two facts of each node after an event.
fn facts(trace: &Trace, until: Option<EventIndex>) -> Vec<String> {
    let Some(until) = until else { return Vec::new() };
    let world = trace.world_at(until);
    (0..trace.lanes().len() as u8).map(|node| fact(&world, NodeId(node))).collect()
}

fn fact(world: &World, node: NodeId) -> String {
    let mut view = Inspection::default();
    if let Some(state) = world.state(node) {
        state.inspect(&mut view);
    }
    view.summary
}

/// Name and role on the lane, chip and fact under it.
fn row(out: &mut dyn Canvas, frame: &Frame, node: NodeId, head: &LaneHead) {
    let lane = frame.lane(node);
    let after_name = name_width(head) + 12.0;
    let bare = head.epoch.is_none() && head.fact.is_empty();
    let base = if bare { lane + 5.0 } else { lane - 4.0 };
    words_at(out, "lh-name", Point { x: 0.0, y: base }, Anchor::Start, &head.name);
    words_at(out, "lh-role", Point { x: after_name, y: base }, Anchor::Start, &head.role);
    let mut after_chip = 0.0;
    if let Some((epoch, words)) = &head.epoch {
        let wide = width(words, Look::Plain) * 11.0 / 12.0 + 14.0;
        after_chip = wide + 8.0;
        chip(out, *epoch, words, (0.0, lane + 5.0, wide));
    }
    let room = HEADS - 16.0 - after_chip;
    let fact = if width(&head.fact, Look::Plain) <= room { head.fact.as_str() } else { "" };
    words_at(out, "lh-fact", Point { x: after_chip, y: lane + 17.0 }, Anchor::Start, fact);
}

const BOX: f64 = 18.0;

/// The corner of a lane's box: at the end of its row, or left of its name.
fn box_at(frame: &Frame, node: NodeId, head: &LaneHead) -> Point {
    let lane = frame.lane(node);
    if frame.narrow {
        return Point { x: lane - (name_width(head) + BOX + BOX_GAP) / 2.0, y: 3.0 };
    }
    Point { x: HEADS - 20.0 - BOX, y: lane - 18.0 }
}

const BOX_GAP: f64 = 4.0;

fn tick_box(out: &mut dyn Canvas, at: Point, ticked: bool) {
    rounded(out, if ticked { "box on" } else { "box" }, (at.x, at.y, BOX, BOX), 3.0);
    if ticked {
        path(out, "box-tick", &format!("M{} {}l3.5 3.5 7-7", text(at.x + 4.0), text(at.y + 9.5)));
    }
}

fn name_width(head: &LaneHead) -> f64 {
    width(&head.name, Look::Strong) * 15.0 / 12.0
}

/// Everything in one line, as far as there is room: name, chip, role, fact.
fn line(out: &mut dyn Canvas, frame: &Frame, node: NodeId, head: &LaneHead) {
    let base = frame.lane(node) + 4.0;
    words_at(out, "lh-name", Point { x: 0.0, y: base }, Anchor::Start, &head.name);
    let mut next = width(&head.name, Look::Strong) * 15.0 / 12.0 + 12.0;
    if let Some((epoch, words)) = &head.epoch {
        let wide = width(words, Look::Plain) * 11.0 / 12.0 + 14.0;
        chip(out, *epoch, words, (next, base - 13.0, wide));
        next += wide + 8.0;
    }
    for (class, words, size) in [("lh-role", &head.role, 13.0), ("lh-fact", &head.fact, 12.0)] {
        let wide = width(words, Look::Plain) * size / 12.0;
        let fits = !words.is_empty() && next + wide <= HEADS - 12.0;
        words_at(out, class, Point { x: next, y: base }, Anchor::Start, if fits { words } else { "" });
        next += if fits { wide + 8.0 } else { 0.0 };
    }
}

fn ring(out: &mut dyn Canvas, frame: &Frame, node: NodeId) {
    let lane = frame.lane(node);
    let area = if frame.narrow {
        (lane - frame.pitch / 2.0 + 2.0, 2.0, frame.pitch - 4.0, 58.0)
    } else {
        (-1.0, lane - 22.0, HEADS - 16.0, 44.0)
    };
    rounded(out, "sel", area, 4.0);
}

/// Name, role and chip over the lane.
fn column(out: &mut dyn Canvas, frame: &Frame, node: NodeId, head: &LaneHead, boxed: bool) {
    let x = frame.lane(node);
    // A client has no role; what it is about says more.
    let role = if head.role.is_empty() { head.fact.as_str() } else { head.role.as_str() };
    // A long role is set smaller, and left out if that is not enough.
    let wide = width(role, Look::Plain);
    let (class, fits) = match frame.pitch - 4.0 {
        room if wide * 13.0 / 12.0 <= room => ("lh-role", true),
        room => ("lh-role less", wide * 11.0 / 12.0 <= room + 3.0),
    };
    let aside = if boxed { (BOX + BOX_GAP) / 2.0 } else { 0.0 };
    words_at(out, "lh-name", Point { x: x + aside, y: 17.0 }, Anchor::Middle, &head.name);
    words_at(out, class, Point { x, y: 33.0 }, Anchor::Middle, if fits { role } else { "" });
    if let Some((epoch, words)) = &head.epoch {
        let wide = (width(words, Look::Plain) * 11.0 / 12.0 + 14.0).min(frame.pitch - 4.0);
        chip(out, *epoch, words, (x - wide / 2.0, 40.0, wide));
    }
}

fn chip(out: &mut dyn Canvas, epoch: u32, words: &str, (x, y, wide): (f64, f64, f64)) {
    rounded(out, tint(epoch), (x, y, wide, 17.0), 3.0);
    words_at(out, "chip-t", Point { x: x + wide / 2.0, y: y + 12.0 }, Anchor::Middle, words);
}
