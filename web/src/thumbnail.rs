//! A small picture of a whole run, drawn from its scenario: lanes, epochs, messages, crashes, what breaks.

use crate::diagram::geometry::within;
use crate::diagram::history::{Cut, Operation, order};
use crate::diagram::lanes::neighbours;
use crate::diagram::pen::{short, text};
use crate::minimap::epoch_class;
use lightcone_content::gallery::{Exhibit, Opening};
use lightcone_engine::protocol::{Cause, Mark, Style, Weight};
use lightcone_engine::run::trace::{Deed, Fate, Message, Verdict};
use lightcone_engine::{Action, EventIndex, NodeId, Time, Trace, simulate};
use yew::prelude::*;

const WIDTH: f64 = 280.0;
const HEIGHT: f64 = 92.0;
/// Half of a band around a lane.
const BAND: f64 = 5.5;
/// Half of a cut's wedge, and the distance of its strokes.
const WEDGE: f64 = 5.5;
const HATCH: f64 = 5.0;
/// Half of a client's box.
const BOX: f64 = 4.0;
/// More messages than these leave out signs of life.
const MANY: usize = 60;

/// What [`thumbnail`] is given.
#[derive(PartialEq)]
pub struct ThumbnailProps {
    /// The run.
    pub exhibit: Exhibit,
}

/// The picture. The title beside it is its name.
pub fn thumbnail(props: &ThumbnailProps) -> Html {
    picture(&simulate(&props.exhibit.scenario), props.exhibit.opening())
}

fn picture(trace: &Trace, opening: Option<Opening>) -> Html {
    let scale = Scale::of(trace, opening);
    html! {
        <svg class="thumb" viewBox={format!("0 0 {} {}", short(WIDTH), short(HEIGHT))} aria-hidden="true">
            <g>{ for stretches(trace, &scale, true) }</g>
            <g>{ for Cut::of_all(trace).iter().flat_map(|cut| wedges(&scale, cut)) }</g>
            <g>{ for messages(trace, &scale) }</g>
            <g>{ for stretches(trace, &scale, false) }</g>
            <g>{ for Operation::of_all(trace).iter().filter_map(|each| client_box(trace, &scale, each)) }</g>
            <g>{ for marks(trace, &scale) }</g>
        </svg>
    }
}

/// Where times and lanes are. What the run opens with is shown; without that, all until its last event.
struct Scale {
    from: f64,
    width: f64,
    order: Vec<NodeId>,
}

impl Scale {
    fn of(trace: &Trace, opening: Option<Opening>) -> Scale {
        let last = trace.events.last().map_or(Time::ZERO, |event| event.at);
        let end = last.after(last.micros() / 24).min(trace.horizon());
        let (from, to) = opening.map_or((Time::ZERO, end), |opening| (opening.from, opening.to));
        Scale { from: from.micros() as f64, width: to.since(from).max(1) as f64, order: order(trace) }
    }

    fn x(&self, at: Time) -> f64 {
        // Far outside it does not matter how far.
        within(WIDTH * (at.micros() as f64 - self.from) / self.width, -WIDTH, 2.0 * WIDTH)
    }

    fn y(&self, node: NodeId) -> f64 {
        let room = HEIGHT - 4.0 * BAND;
        let place = self.order.iter().position(|each| *each == node).unwrap_or(0);
        2.0 * BAND + room * place as f64 / (self.order.len().max(2) - 1) as f64
    }
}

/// Lanes in their weights, or the tints behind them.
fn stretches(trace: &Trace, scale: &Scale, tints: bool) -> Vec<Html> {
    let mut drawn = Vec::new();
    for node in (0..trace.lanes().len() as u8).map(NodeId) {
        let own: Vec<_> = trace.statuses.iter().filter(|change| change.node == node).collect();
        for (place, change) in own.iter().enumerate() {
            let from = scale.x(trace.event(change.event).at);
            let to = own.get(place + 1).map_or(2.0 * WIDTH, |next| scale.x(trace.event(next.event).at));
            let y = scale.y(node);
            let epoch = change.status.map_or(0, |status| status.epoch);
            if tints && epoch > 0 {
                let (x, width, height) = (text(from), text(to - from), text(2.0 * BAND));
                drawn.push(html! { <rect class={epoch_class(epoch)} {x} y={text(y - BAND)} {width} {height} /> });
            }
            if !tints {
                let class = match change.status.map(|status| status.weight) {
                    None => "lane down",
                    Some(Weight::Follows) => "lane",
                    Some(Weight::Stands) => "lane candidate",
                    Some(Weight::Leads) => "lane leader",
                    Some(Weight::Client) => "lane client",
                };
                drawn.push(line(class, (from, y), (to, y)));
            }
        }
    }
    drawn
}

/// A cut: a wedge in each gap between lanes that it parts.
fn wedges(scale: &Scale, cut: &Cut) -> Vec<Html> {
    let (from, to) = (scale.x(cut.stretch.from), scale.x(cut.stretch.to));
    let drawn = neighbours(&scale.order, cut).into_iter().map(|(one, other)| {
        let y = f64::midpoint(scale.y(one), scale.y(other));
        let point = WEDGE.min((to - from) / 2.0);
        let (wide, high) = (to - from - 2.0 * point, 2.0 * WEDGE);
        let (p, w, back) = (short(point), short(WEDGE), short(-point));
        let edge = format!("M{}l{p} -{w}h{}l{p} {w}l{back} {w}h{}z", pair((from, y)), short(wide), short(-wide));
        let strokes = (0..(wide / HATCH) as u32).map(|place| {
            let x = from + point + f64::from(place) * HATCH + if cut.one_way { 0.0 } else { HATCH };
            let slant = if cut.one_way { HATCH } else { -HATCH };
            format!("M{}l{} {}", pair((x, y - WEDGE)), short(slant), short(high))
        });
        html! { <path class="wedge" d={edge + &strokes.collect::<String>()} /> }
    });
    drawn.collect()
}

/// What a client asked, from call to answer.
fn client_box(trace: &Trace, scale: &Scale, operation: &Operation) -> Option<Html> {
    let node = operation.id.node;
    trace.lanes().get(node.index()).filter(|lane| lane.client)?;
    let (from, y) = (scale.x(trace.event(operation.asked).at), scale.y(node) - BOX);
    let to = operation.answered.map_or(WIDTH, |(event, _)| scale.x(trace.event(event).at));
    let end = if operation.answered.is_some() { "z" } else { "" };
    let path = format!("M{}H{}v{}H{}{end}", pair((to, y)), short(from), short(2.0 * BOX), short(to));
    Some(html! { <path class="opb" d={path} /> })
}

fn messages(trace: &Trace, scale: &Scale) -> Vec<Html> {
    let few = trace.messages.len() <= MANY;
    let told = trace.messages.iter().filter(|message| few || trace.kind(message.id).style != Style::Beat);
    told.take(2 * MANY).map(|message| arrow(trace, scale, message)).collect()
}

fn arrow(trace: &Trace, scale: &Scale, message: &Message) -> Html {
    let kind = trace.kind(message.id);
    let class = match kind.style {
        Style::Permission => "m k-ballot",
        Style::Value => "m k-data",
        Style::Decision => "m k-decide",
        Style::Beat => "m k-beat",
        Style::Client => "m k-client",
    };
    let from = (scale.x(message.sent), scale.y(message.id.from));
    let full = (scale.x(message.arrives), scale.y(message.id.to));
    let part = match message.fate {
        Fate::Delivered(_) | Fate::ReachedStopped | Fate::CutAtArrival => 1.0,
        Fate::InFlight | Fate::LostByLink | Fate::Dropped | Fate::CutAtSending => 0.55,
    };
    let to = (from.0 + (full.0 - from.0) * part, from.1 + (full.1 - from.1) * part);
    let end = match message.fate {
        Fate::Delivered(_) => head(from, to, kind.reply),
        Fate::InFlight => Html::default(),
        _ => cross(to, 2.2, "x"),
    };
    html! { <g {class}>{ line("", from, to) }{ end }</g> }
}

fn head(from: (f64, f64), to: (f64, f64), reply: bool) -> Html {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.1);
    let (ux, uy) = (dx / length, dy / length);
    let (long, half) = (5.5, 2.2);
    let base = (to.0 - ux * long, to.1 - uy * long);
    let (left, right) = ((base.0 - uy * half, base.1 + ux * half), (base.0 + uy * half, base.1 - ux * half));
    let shut = if reply { "" } else { "z" };
    let path =
        [("M", left), ("L", to), ("L", right)].map(|(letter, at)| format!("{letter}{}", pair(at))).concat() + shut;
    html! { <path class={if reply { "ho" } else { "hd" }} d={path} /> }
}

fn marks(trace: &Trace, scale: &Scale) -> Vec<Html> {
    let mut drawn = Vec::new();
    for (place, event) in trace.events.iter().enumerate() {
        let Some(node) = event.node else { continue };
        let at = (scale.x(event.at), scale.y(node));
        if matches!(event.cause, Cause::Act(Action::Crash(_))) {
            drawn.push(cross(at, 3.5, "g crash"));
        }
        for deed in trace.deeds(EventIndex(place as u32)) {
            match deed {
                Deed::Marked(Mark::Elected, _) => drawn.push(html! {
                    <path class="g elect" d={format!("M{}v-11l7 3l-7 3", pair(at))} />
                }),
                Deed::Marked(Mark::Appended, _) => drawn.push(square(at)),
                Deed::Marked(Mark::Committed, _) => drawn.push(diamond(at, "g")),
                Deed::Marked(Mark::Aborted, _) => drawn.push(diamond(at, "g open")),
                _ => {}
            }
        }
    }
    let broken = trace.verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Broken { event, .. } => Some(trace.event(*event)),
        _ => None,
    });
    for event in broken {
        let y = event.node.map_or(HEIGHT / 2.0, |node| scale.y(node));
        drawn.push(octagon((scale.x(event.at).min(WIDTH - 8.0), y)));
    }
    drawn
}

fn pair((x, y): (f64, f64)) -> String {
    format!("{} {}", short(x), short(y))
}

fn line(class: &'static str, from: (f64, f64), to: (f64, f64)) -> Html {
    html! { <line {class} x1={text(from.0)} y1={text(from.1)} x2={text(to.0)} y2={text(to.1)} /> }
}

fn cross((x, y): (f64, f64), half: f64, class: &'static str) -> Html {
    let path = format!("M{}l{w} {w}m0 -{w}l-{w} {w}", pair((x - half, y - half)), w = short(2.0 * half));
    html! { <path {class} d={path} /> }
}

fn square((x, y): (f64, f64)) -> Html {
    html! { <path class="g open" d={format!("M{}h5v5h-5z", pair((x - 2.5, y - 2.5)))} /> }
}

fn diamond((x, y): (f64, f64), class: &'static str) -> Html {
    html! { <path {class} d={format!("M{}l3.5 3.5l-3.5 3.5l-3.5 -3.5z", pair((x, y - 3.5)))} /> }
}

fn octagon((x, y): (f64, f64)) -> Html {
    let body = format!("M{}h5l3.5 3.5v5l-3.5 3.5h-5l-3.5 -3.5v-5z", pair((x - 2.5, y - 6.0)));
    let sign = format!("M{}l4.4 4.4m0 -4.4l-4.4 4.4", pair((x - 2.2, y - 2.2)));
    html! { <g class="g violation"><path d={body} /><path class="vx" d={sign} /></g> }
}
