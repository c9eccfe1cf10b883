//! A small picture of a whole run, drawn from its scenario: lanes, epochs, messages, crashes, what breaks.

use crate::minimap::epoch_class;
use lightcone::gallery::Exhibit;
use lightcone::protocol::{Mark, Style, Weight};
use lightcone::trace::{Deed, Fate, Message, Verdict};
use lightcone::world::Cause;
use lightcone::{Action, EventIndex, NodeId, Time, Trace, simulate};
use yew::prelude::*;

const WIDTH: f64 = 280.0;
const HEIGHT: f64 = 92.0;
/// Half of a band around a lane.
const BAND: f64 = 5.5;
/// More messages than these leave out signs of life.
const MANY: usize = 60;

/// What [`Thumbnail`] is given.
#[derive(Properties, PartialEq)]
pub struct ThumbnailProps {
    /// The run.
    pub exhibit: Exhibit,
}

/// The picture. The title beside it is its name.
#[component]
pub fn Thumbnail(props: &ThumbnailProps) -> Html {
    let picture = use_memo(props.exhibit.clone(), |exhibit| picture(&simulate(&exhibit.scenario)));
    (*picture).clone()
}

fn picture(trace: &Trace) -> Html {
    let scale = Scale::of(trace);
    html! {
        <svg class="thumb" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} aria-hidden="true">
            <g>{ for stretches(trace, &scale, true) }</g>
            <g>{ for messages(trace, &scale) }</g>
            <g>{ for stretches(trace, &scale, false) }</g>
            <g>{ for marks(trace, &scale) }</g>
        </svg>
    }
}

/// Where times and lanes are. A run is shown until its last event.
struct Scale {
    end: f64,
    lanes: usize,
}

impl Scale {
    fn of(trace: &Trace) -> Scale {
        let last = trace.events.last().map_or(Time::ZERO, |event| event.at);
        let end = last.after(last.micros() / 24).min(trace.horizon());
        Scale { end: end.micros().max(1) as f64, lanes: trace.lanes().len().max(1) }
    }

    fn x(&self, at: Time) -> f64 {
        (WIDTH * at.micros() as f64 / self.end).min(WIDTH)
    }

    fn y(&self, node: NodeId) -> f64 {
        let room = HEIGHT - 4.0 * BAND;
        let pitch = if self.lanes > 1 { room / (self.lanes - 1) as f64 } else { 0.0 };
        2.0 * BAND + pitch * node.index() as f64
    }
}

/// Lanes in their weights, or the tints behind them.
fn stretches(trace: &Trace, scale: &Scale, tints: bool) -> Vec<Html> {
    let mut drawn = Vec::new();
    for node in (0..trace.lanes().len() as u8).map(NodeId) {
        let own: Vec<_> = trace.faces.iter().filter(|change| change.node == node).collect();
        for (place, change) in own.iter().enumerate() {
            let from = scale.x(trace.event(change.event).at);
            let to = own.get(place + 1).map_or(WIDTH, |next| scale.x(trace.event(next.event).at));
            let y = scale.y(node);
            let epoch = change.face.map_or(0, |face| face.epoch);
            if tints && epoch > 0 {
                let (width, height) = ((to - from).to_string(), (2.0 * BAND).to_string());
                drawn.push(html! { <rect class={epoch_class(epoch)} x={from.to_string()} y={(y - BAND).to_string()} {width} {height} /> });
            }
            if !tints {
                let class = match change.face.map(|face| face.weight) {
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
    let path = format!("M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}{shut}", left.0, left.1, to.0, to.1, right.0, right.1);
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
                    <path class="g elect" d={format!("M{:.1} {:.1}v-11l7 3l-7 3", at.0, at.1)} />
                }),
                Deed::Marked(Mark::Committed, _) => drawn.push(diamond(at)),
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

fn line(class: &'static str, from: (f64, f64), to: (f64, f64)) -> Html {
    let number = |value: f64| format!("{value:.1}");
    html! { <line {class} x1={number(from.0)} y1={number(from.1)} x2={number(to.0)} y2={number(to.1)} /> }
}

fn cross((x, y): (f64, f64), half: f64, class: &'static str) -> Html {
    let path = format!("M{:.1} {:.1}l{w} {w}m0 -{w}l-{w} {w}", x - half, y - half, w = 2.0 * half);
    html! { <path {class} d={path} /> }
}

fn diamond((x, y): (f64, f64)) -> Html {
    html! { <path class="g" d={format!("M{x:.1} {:.1}l3.5 3.5l-3.5 3.5l-3.5 -3.5z", y - 3.5)} /> }
}

fn octagon((x, y): (f64, f64)) -> Html {
    let body = format!("M{:.1} {:.1}h5l3.5 3.5v5l-3.5 3.5h-5l-3.5 -3.5v-5z", x - 2.5, y - 6.0);
    let sign = format!("M{:.1} {:.1}l4.4 4.4m0 -4.4l-4.4 4.4", x - 2.2, y - 2.2);
    html! { <g class="g violation"><path d={body} /><path class="vx" d={sign} /></g> }
}
