//! Lane heads: name, role and epoch of each node at a moment, and a fact or two.

use super::clients::Drawn;
use super::draw::{tint, words_at};
use super::geometry::{Frame, Point};
use super::index::Index;
use super::labels::{Anchor, Look, width};
use super::pen::text;
use super::scene::Scene;
use super::words;
use crate::same::Same;
use lightcone_engine::protocol::Inspection;
use lightcone_engine::run::World;
use lightcone_engine::{EventIndex, NodeId, Time, Trace};
use yew::prelude::*;

/// What [`heads`] is given.
#[derive(PartialEq)]
pub struct HeadsProps {
    /// The scene beside them.
    pub scene: Same<Scene>,
    /// The moment they tell of.
    pub at: Time,
    /// The lane that is selected.
    pub selected: Option<NodeId>,
}

/// A lane's head in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The node's name.
    pub name: String,
    /// Its role's word.
    pub role: String,
    /// Its epoch: number and text of the chip.
    pub epoch: Option<(u32, String)>,
    /// A fact or two.
    pub fact: String,
}

/// The column of lane heads; a row, where time runs down.
pub fn heads(props: &HeadsProps) -> Html {
    let scene = &props.scene.0;
    let trace = &scene.index.trace;
    let facts = facts(trace, trace.last_event_by(props.at));
    let frame = &scene.frame;
    let heads = frame.wide().map(|node| {
        let fact = facts.get(node.index()).cloned().unwrap_or_default();
        let head = head(&scene.index, node, props.at, fact);
        let class = if props.selected == Some(node) { "lh on" } else { "lh" };
        let drawn = if frame.narrow { column(frame, node, &head) } else { row(frame, node, &head) };
        let ring = (props.selected == Some(node)).then(|| ring(frame, node));
        html! { <g {class} key={node.0}>{ ring }{ drawn }</g> }
    });
    html! { <g class="heads" aria-hidden="true">{ for heads }{ for frame.groups.iter().map(|group| idle(frame, *group)) }{ for scene.clients.as_ref().map(|view| clients(trace, view)) }</g> }
}

/// The count of neighbouring threads.
fn idle(frame: &Frame, (middle, lanes): (f64, usize)) -> Html {
    let (at, anchor) = if frame.narrow {
        (Point { x: middle, y: 33.0 }, Anchor::Middle)
    } else {
        (Point { x: 0.0, y: middle + 4.0 }, Anchor::Start)
    };
    let said = if frame.narrow { lanes.to_string() } else { words::idle(lanes) };
    words_at("lh-fact", at, anchor, &said)
}

/// The head of the clients' view, and its rows' clients.
fn clients(trace: &Trace, view: &Drawn) -> Html {
    let top = view.rows.first().map_or(0.0, |row| row.1);
    let (class, verdict) =
        if view.holds { ("lh-fact", words::LINEARIZABLE) } else { ("lh-fact bad-t", words::NOT_LINEARIZABLE) };
    let rows = view.rows.iter().map(|(node, across)| {
        let at = Point { x: super::geometry::HEADS - 8.0, y: across + 4.0 };
        words_at("lh-fact", at, Anchor::End, &trace.name(*node))
    });
    html! { <>
        { words_at("lh-name", Point { x: 0.0, y: top - 4.0 }, Anchor::Start, words::CLIENTS_VIEW) }
        { words_at(class, Point { x: 0.0, y: top + 14.0 }, Anchor::Start, verdict) }
        { for rows }
    </> }
}

/// What the head of a lane says at a moment.
#[must_use]
pub fn head(index: &Index, node: NodeId, at: Time, fact: String) -> Head {
    let trace = &index.trace;
    let name = trace.name(node);
    let Some(history) = index.lane(node) else { return Head { name, ..Head::default() } };
    let chip = |epoch: u32| (epoch != 0).then(|| (epoch, format!("{} {epoch}", trace.specification().epoch_word)));
    match history.span_at(at).and_then(|span| span.status) {
        Some(status) => {
            let role = if history.is_paused(at) { words::PAUSED } else { status.role };
            Head { name, role: role.to_owned(), epoch: chip(status.epoch), fact }
        }
        None => {
            let since = history.down_since(at);
            let last = since.and_then(|since| history.span_at(Time::from_micros(since.micros().saturating_sub(1))));
            let epoch = last.and_then(|span| span.status).and_then(|status| chip(status.epoch));
            let fact = since.map(words::since).unwrap_or_default();
            Head { name, role: words::STOPPED.to_owned(), epoch, fact }
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
fn row(frame: &Frame, node: NodeId, head: &Head) -> Html {
    let lane = frame.lane(node);
    let after_name = width(&head.name, Look::Strong) * 15.0 / 12.0 + 12.0;
    let bare = head.epoch.is_none() && head.fact.is_empty();
    let base = if bare { lane + 5.0 } else { lane - 4.0 };
    let mut after_chip = 0.0;
    let chip = head.epoch.as_ref().map(|(epoch, words)| {
        let wide = width(words, Look::Plain) * 11.0 / 12.0 + 14.0;
        after_chip = wide + 8.0;
        chip(*epoch, words, (0.0, lane + 5.0, wide))
    });
    let room = super::geometry::HEADS - 16.0 - after_chip;
    let fact = if width(&head.fact, Look::Plain) <= room { head.fact.as_str() } else { "" };
    html! { <>
        { words_at("lh-name", Point { x: 0.0, y: base }, Anchor::Start, &head.name) }
        { words_at("lh-role", Point { x: after_name, y: base }, Anchor::Start, &head.role) }
        { chip }
        { words_at("lh-fact", Point { x: after_chip, y: lane + 17.0 }, Anchor::Start, fact) }
    </> }
}

fn ring(frame: &Frame, node: NodeId) -> Html {
    let lane = frame.lane(node);
    let (x, y, wide, high) = if frame.narrow {
        (lane - frame.pitch / 2.0 + 2.0, 2.0, frame.pitch - 4.0, 58.0)
    } else {
        (-1.0, lane - 22.0, super::geometry::HEADS - 16.0, 44.0)
    };
    html! { <rect class="sel" x={text(x)} y={text(y)} width={text(wide)} height={text(high)} rx="4" /> }
}

/// Name, role and chip over the lane.
fn column(frame: &Frame, node: NodeId, head: &Head) -> Html {
    let x = frame.lane(node);
    // A client has no role; what it is about says more.
    let role = if head.role.is_empty() { head.fact.as_str() } else { head.role.as_str() };
    let fits = width(role, Look::Plain) * 13.0 / 12.0 <= frame.pitch - 4.0;
    let role = if fits { role } else { "" };
    let chip = head.epoch.as_ref().map(|(epoch, words)| {
        let wide = (width(words, Look::Plain) * 11.0 / 12.0 + 14.0).min(frame.pitch - 4.0);
        chip(*epoch, words, (x - wide / 2.0, 40.0, wide))
    });
    html! { <>
        { words_at("lh-name", Point { x, y: 17.0 }, Anchor::Middle, &head.name) }
        { words_at("lh-role", Point { x, y: 33.0 }, Anchor::Middle, role) }
        { chip }
    </> }
}

fn chip(epoch: u32, words: &str, (x, y, wide): (f64, f64, f64)) -> Html {
    html! { <>
        <rect class={tint(epoch)} x={text(x)} y={text(y)} width={text(wide)} height="17" rx="3" />
        { words_at("chip-t", Point { x: x + wide / 2.0, y: y + 12.0 }, Anchor::Middle, words) }
    </> }
}
