//! The mini-map: the whole run in a strip, the figure's window as a frame, the cursor as a knob.
//!
//! Places along the strip are percentages, so that nothing is measured and nothing is scaled.

use crate::parts::memo::memo;
use crate::state::playback;
use crate::state::run::{Action, SHORTEST_WINDOW_MICROS, Window};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::protocol::{Cause, Source, Style, Weight};
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::{NodeId, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::shapes::tint;
use lightcone_figure::plane::geometry::within;
use lightcone_figure::read::history::order;
use yew::prelude::*;

/// More messages than these are thinned out.
const MOST_MESSAGES: usize = 400;
/// How near, in pixels, a pointer must be to an end of the frame to take it.
const REACH: f64 = 9.0;
/// The knob of the cursor stands above this line, in pixels below the strip's upper edge.
const KNOB: f64 = 4.0;

/// The inputs of [`MiniMap`].
#[derive(Properties, PartialEq)]
pub struct MiniMapProps {
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// The moment that the figure tells of.
    pub at: Time,
    /// Whether it is only a line with a tick for each event: for figures with little room.
    pub ticks: bool,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The part of the mini-map that a pointer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Cursor,
    Start,
    End,
    /// The frame, this long after its start.
    Frame(u64),
}

/// The mini-map.
#[component]
pub fn MiniMap(props: &MiniMapProps) -> Html {
    let strip = use_node_ref();
    let held = use_mut_ref(|| None::<Held>);
    let run = &props.run;
    let end = run.trace.horizon();
    let (from, to) = (percent(run.window.from, end), percent(run.window.to, end));
    let at = percent(props.at, end);
    let whole = run.window.from == Time::ZERO && run.window.to >= end;
    html! {
        <div
            class={if props.ticks { "mini ticks" } else { "mini" }}
            ref={strip.clone()}
            role="slider"
            tabindex="0"
            aria-label={words::CURSOR}
            aria-valuemin="0"
            aria-valuemax={(end.micros() / 1_000).to_string()}
            aria-valuenow={(run.cursor.micros() / 1_000).to_string()}
            aria-valuetext={format!("{} of {}", run.trace.moment(run.cursor), run.trace.moment(end))}
            onpointerdown={taking(props, &strip, &held)}
            onpointermove={moving(props, &strip, &held)}
            onpointerup={letting_go(&held)}
            onpointercancel={letting_go(&held)}
            onkeydown={keys(props)}
        >
            <svg aria-hidden="true">
                { memo(WholeRunProps { trace: props.trace.clone() }, if props.ticks { ticks } else { whole_run }) }
                if props.ticks {
                    <line class="mm-done" x1="0" x2={share(at)} y1="50%" y2="50%" />
                    <svg x={share(at)} y="50%" overflow="visible"><circle class="mm-knob" r="7" /></svg>
                } else {
                if !whole {
                    <rect class="mm-off" x="0" y="0" width={share(from)} height="100%" />
                    <rect class="mm-off" x={share(to)} y="0" width={share(100.0 - to)} height="100%" />
                }
                <rect class="mm-win" x={share(from)} y="0" width={share(to - from)} height="100%" rx="2" />
                <line class="mm-now" x1={share(at)} x2={share(at)} y1="-4" y2="100%" />
                <svg x={share(at)} y="0" overflow="visible"><path class="mm-knob" d="M-4.5 -8h9v6l-4.5 4.5l-4.5 -4.5z" /></svg>
                }
            </svg>
        </div>
    }
}

fn taking(
    props: &MiniMapProps,
    strip: &NodeRef,
    held: &std::rc::Rc<std::cell::RefCell<Option<Held>>>,
) -> Callback<PointerEvent> {
    let (run, dispatch, only_ticks) = (props.run.clone(), props.dispatch.clone(), props.ticks);
    let (strip, held) = (strip.clone(), held.clone());
    Callback::from(move |event: PointerEvent| {
        let Some((along, width)) = browser::along(&event, &strip).filter(|_| event.button() == 0) else { return };
        let knob = browser::place_in(&event, &strip).is_some_and(|(_, down)| down < KNOB);
        let hit = if only_ticks { Held::Cursor } else { hit(&run, along, width, knob) };
        held.replace(Some(hit));
        browser::capture(&event, &strip);
        if hit == Held::Cursor {
            dispatch.emit(Action::Look(time(along, run.trace.horizon())));
        }
    })
}

fn moving(
    props: &MiniMapProps,
    strip: &NodeRef,
    held: &std::rc::Rc<std::cell::RefCell<Option<Held>>>,
) -> Callback<PointerEvent> {
    let (run, dispatch) = (props.run.clone(), props.dispatch.clone());
    let (strip, held) = (strip.clone(), held.clone());
    Callback::from(move |event: PointerEvent| {
        let Some(held) = *held.borrow() else { return };
        let Some((along, _)) = browser::along(&event, &strip) else { return };
        dispatch.emit(dragged(run.window, held, time(along, run.trace.horizon())));
    })
}

fn letting_go(held: &std::rc::Rc<std::cell::RefCell<Option<Held>>>) -> Callback<PointerEvent> {
    let held = held.clone();
    Callback::from(move |_| {
        held.take();
    })
}

fn keys(props: &MiniMapProps) -> Callback<KeyboardEvent> {
    let (run, dispatch) = (props.run.clone(), props.dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => playback::previous_event(&run.trace, run.cursor),
            "ArrowRight" | "ArrowUp" => playback::next_event(&run.trace, run.cursor),
            "Home" => Some(Time::ZERO),
            "End" => Some(run.trace.horizon()),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            dispatch.emit(Action::Look(to));
        }
    })
}

/// The part under a pointer: an end of the frame, the frame itself if it can be moved, else the cursor. At the knob, the
/// cursor comes before an end of the frame that it stands over.
fn hit(run: &Snapshot, along: f64, width: f64, knob: bool) -> Held {
    let end = run.trace.horizon();
    let distance = |to: Time| (along - percent(to, end) / 100.0).abs() * width;
    let Window { from, to } = run.window;
    let at = time(along, end);
    let whole = from == Time::ZERO && to >= end;
    let over_an_end = distance(from) < REACH || distance(to) < REACH;
    if distance(run.cursor) < REACH && (knob || !over_an_end) {
        Held::Cursor
    } else if distance(from) < REACH {
        Held::Start
    } else if distance(to) < REACH {
        Held::End
    } else if !whole && at > from && at < to {
        Held::Frame(at.since(from))
    } else {
        Held::Cursor
    }
}

/// The action of dragging to `at`. A frame that is held at its middle keeps its width.
fn dragged(window: Window, held: Held, at: Time) -> Action {
    let Window { from, to } = window;
    match held {
        Held::Cursor => Action::Look(at),
        Held::Start => {
            let latest = to.micros().saturating_sub(SHORTEST_WINDOW_MICROS);
            Action::Show(Window { from: at.min(Time::from_micros(latest)), to })
        }
        Held::End => Action::Show(Window { from, to: at.max(from.after(SHORTEST_WINDOW_MICROS)) }),
        Held::Frame(grip) => {
            let start = Time::from_micros(at.micros().saturating_sub(grip));
            Action::Show(Window { from: start, to: start.after(to.since(from)) })
        }
    }
}

fn time(along: f64, end: Time) -> Time {
    Time::from_micros((within(along, 0.0, 1.0) * end.micros() as f64) as u64)
}

fn percent(at: Time, end: Time) -> f64 {
    100.0 * at.micros() as f64 / end.micros().max(1) as f64
}

fn share(percent: f64) -> String {
    let hundredths = (within(percent, 0.0, 100.0) * 100.0).round() as u32;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[derive(PartialEq)]
struct WholeRunProps {
    trace: ByPointer<Trace>,
}

/// A line with a tick for each event.
fn ticks(props: &WholeRunProps) -> Html {
    let (end, middles) = (props.trace.horizon(), &Middles::of(&props.trace));
    html! {
        <g>
            <line class="mm-line" x1="0" x2="100%" y1="50%" y2="50%" />
            <svg class="mm-ticks" viewBox="0 0 10000 100" preserveAspectRatio="none">
                <path d={strokes_at(props.trace.events.iter().map(|event| percent(event.at, end)))} />
            </svg>
            <g>{ for moves(&props.trace, middles) }{ for violations(&props.trace, middles) }</g>
        </g>
    }
}

/// One path for all ticks, in hundredths of a percent: upright strokes at these places, which are in order.
fn strokes_at(percents: impl Iterator<Item = f64>) -> String {
    let (mut data, mut before) = (String::new(), None::<i32>);
    for place in percents.map(|percent| (within(percent, 0.0, 100.0) * 100.0).round() as i32) {
        match before {
            Some(before) if before == place => continue,
            Some(before) => data += &format!("m{}-28v28", place - before),
            None => data += &format!("M{place} 36v28"),
        }
        before = Some(place);
    }
    data
}

/// Everything that changes only with the run: drawn once a run.
fn whole_run(props: &WholeRunProps) -> Html {
    let (trace, middles) = (&*props.trace, &Middles::of(&props.trace));
    html! {
        <g>
            <g>{ for bands(trace, middles) }</g>
            <g class="mm-m">{ for messages(trace, middles).chunks(TOGETHER).map(|few| memo(few.to_vec(), strokes)) }</g>
            <g>{ for lanes(trace, middles) }</g>
            <g>{ for moves(trace, middles) }{ for violations(trace, middles) }</g>
        </g>
    }
}

/// The middles of lanes, in percent of the height.
struct Middles(Vec<f64>);

impl Middles {
    fn of(trace: &Trace) -> Middles {
        let order = order(trace);
        let mut middles = Middles(vec![0.0; order.len()]);
        for (place, node) in order.iter().enumerate() {
            middles.0[node.index()] = 100.0 * (place as f64 + 0.5) / order.len() as f64;
        }
        middles
    }

    fn lane(&self, node: NodeId) -> f64 {
        self.0.get(node.index()).copied().unwrap_or(50.0)
    }
}

/// Stretches of a lane in which it looks the same: start, end and status.
fn stretches(
    trace: &Trace,
) -> impl Iterator<Item = (NodeId, f64, f64, Option<lightcone_engine::protocol::LaneStatus>)> + '_ {
    let end = trace.horizon();
    (0..trace.lanes().len() as u8).map(NodeId).flat_map(move |node| {
        let own: Vec<_> = trace.statuses.iter().filter(|change| change.node == node).collect();
        let at = |change: &lightcone_engine::run::trace::StatusChange| percent(trace.event(change.event).at, end);
        let ends: Vec<f64> = own.iter().skip(1).map(|change| at(change)).chain([100.0]).collect();
        own.into_iter().zip(ends).map(|(change, to)| (node, at(change), to, change.status)).collect::<Vec<_>>()
    })
}

fn bands<'a>(trace: &'a Trace, middles: &'a Middles) -> impl Iterator<Item = Html> + 'a {
    let pitch = 100.0 / trace.lanes().len().max(1) as f64;
    stretches(trace).filter_map(move |(node, from, to, status)| {
        let epoch = status?.epoch;
        (epoch > 0).then(|| {
            let y = middles.lane(node) - pitch * 0.42;
            html! {
                <rect class={tint(epoch)} x={share(from)} y={share(y)} width={share(to - from)} height={share(pitch * 0.84)} />
            }
        })
    })
}

/// Milliseconds with one decimal, so that the clock does not change its width.
#[must_use]
pub fn clock(at: Time) -> String {
    let tenths = (at.micros() + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn lanes<'a>(trace: &'a Trace, middles: &'a Middles) -> impl Iterator<Item = Html> + 'a {
    stretches(trace).map(move |(node, from, to, status)| {
        let y = share(middles.lane(node));
        let class = match status.map(|status| status.weight) {
            None => "ml-down",
            Some(Weight::Follows) => "ml-follower",
            Some(Weight::Stands) => "ml-candidate",
            Some(Weight::Leads) => "ml-leader",
            Some(Weight::Client) => "ml-client",
        };
        html! { <line {class} x1={share(from)} x2={share(to)} y1={y.clone()} y2={y} /> }
    })
}

/// A message's stroke: its class, its two ends across and down, in percent.
type Stroke = (&'static str, [f64; 4]);

/// So many messages are drawn again together, if one of them has changed.
const TOGETHER: usize = 32;

fn strokes(few: &Vec<Stroke>) -> Html {
    let lines = few.iter().map(|(class, [x1, y1, x2, y2])| {
        html! { <line class={*class} x1={share(*x1)} y1={share(*y1)} x2={share(*x2)} y2={share(*y2)} /> }
    });
    html! { <>{ for lines }</> }
}

fn messages(trace: &Trace, middles: &Middles) -> Vec<Stroke> {
    let end = trace.horizon();
    let few = trace.messages.len() <= MOST_MESSAGES;
    let told = |message: &&Message| few || trace.kind(message.id).style != Style::Beat;
    let every = trace.messages.iter().filter(told).count().div_ceil(MOST_MESSAGES).max(1);
    let strokes = trace.messages.iter().filter(told).step_by(every).map(|message| {
        let class = match trace.kind(message.id).style {
            Style::Permission => "k-ballot",
            Style::Value => "k-data",
            Style::Decision => "k-decide",
            Style::Beat => "k-beat",
            Style::Client => "k-client",
        };
        let (from, to) = (middles.lane(message.id.from), middles.lane(message.id.to));
        let (sent, arrives) = (percent(message.sent, end), percent(message.arrives, end));
        // What is lost ends half-way, and what leaves the run ends at its edge.
        let part = match message.fate {
            Fate::Delivered(_) | Fate::ReachedStopped | Fate::CutAtArrival => 1.0,
            Fate::InFlight => within((100.0 - sent) / (arrives - sent).max(0.001), 0.0, 1.0),
            Fate::LostByLink | Fate::Dropped | Fate::CutAtSending => 0.55,
        };
        (class, [sent, from, sent + (arrives - sent) * part, from + (to - from) * part])
    });
    strokes.collect()
}

fn moves<'a>(trace: &'a Trace, middles: &'a Middles) -> impl Iterator<Item = Html> + 'a {
    let end = trace.horizon();
    let messages = trace.messages.iter().filter(|message| message.source == Source::Hand);
    let messages = messages.map(|message| (message.arrives, message.id.to));
    let own = trace.events.iter().filter(|event| event.source == Source::Hand);
    let own = own.filter(|event| !matches!(event.cause, Cause::Deliver(_)));
    let own = own.filter_map(|event| {
        let about = match event.cause {
            Cause::Act(lightcone_engine::Action::Cut { from, .. } | lightcone_engine::Action::Heal { from, .. }) => {
                from.iter().last()
            }
            _ => event.node,
        };
        Some((event.at, about?))
    });
    messages.chain(own).map(move |(at, node)| {
        html! { <circle class="mm-hand" cx={share(percent(at, end))} cy={share(middles.lane(node))} r="3" /> }
    })
}

fn violations<'a>(trace: &'a Trace, middles: &'a Middles) -> impl Iterator<Item = Html> + 'a {
    let broken = trace.verdicts.iter().filter_map(|verdict| match verdict {
        lightcone_engine::run::trace::Verdict::Broken { event, .. } => Some(trace.event(*event)),
        _ => None,
    });
    broken.map(move |event| {
        let y = event.node.map_or(50.0, |node| middles.lane(node));
        html! {
            <svg x={share(percent(event.at, trace.horizon()))} y={share(y)} overflow="visible">
                <path class="mm-bad" d="M0 -4.5L4.5 0L0 4.5L-4.5 0z" />
            </svg>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Time = Time::from_millis;

    fn shown(action: Action) -> Window {
        match action {
            Action::Show(window) => window,
            _ => unreachable!("dragging a frame shows another window"),
        }
    }

    #[test]
    fn the_frame_keeps_its_width_when_its_middle_is_held() {
        let window = Window { from: MS(100), to: MS(200) };
        assert_eq!(shown(dragged(window, Held::Frame(50_000), MS(200))), Window { from: MS(150), to: MS(250) });
        assert_eq!(shown(dragged(window, Held::Frame(50_000), MS(10))), Window { from: MS(0), to: MS(100) });
    }

    #[test]
    fn an_end_of_the_frame_stops_short_of_the_other() {
        let window = Window { from: MS(100), to: MS(200) };
        assert_eq!(shown(dragged(window, Held::Start, MS(300))), Window { from: MS(195), to: MS(200) });
        assert_eq!(shown(dragged(window, Held::End, MS(0))), Window { from: MS(100), to: MS(105) });
    }

    #[test]
    fn moments_that_cannot_be_told_apart_have_one_tick() {
        assert_eq!(strokes_at([0.0, 0.001, 12.5, 12.504, 100.0].into_iter()), "M0 36v28m1250-28v28m8750-28v28");
        assert_eq!(strokes_at([].into_iter()), "");
    }

    #[test]
    fn a_place_along_the_strip_is_a_time_and_back() {
        assert_eq!(time(0.25, MS(600)), MS(150));
        assert_eq!(time(-1.0, MS(600)), MS(0));
        assert!((percent(MS(150), MS(600)) - 25.0).abs() < 1e-9);
    }
}
