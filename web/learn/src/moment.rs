//! Times in a lesson's text. `80 ms` is a moment of the run that the text tells of: something happens then, and the figure has it on
//! its axis. `80 milliseconds` is a length, or a moment that no run has, and nothing is held against it.
//!
//! In a link a time belongs to what the link leads to: `[70 ms](show:c1@70)` is that event's, `[80.5 ms](show:N1-c1-Yes-1)` the
//! sending or the arrival of that message, `[190 ms](run:2pc/happy)` that run's. Times may share the unit: `at 240 and 245 ms`.

use crate::scene::{self, Scene};
use lightcone_engine::id::EventIndex;
use lightcone_engine::{NodeId, Time, Trace};
use lightcone_web::state::links;
use lightcone_web::state::options::Place;

/// How many moments a fault names.
const NEAR: usize = 4;
/// What stands between times that share a unit.
const BETWEEN: [&str; 3] = [" and ", " to ", " or "];

/// A stretch of a text, and where a time in it belongs.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Their line in the file.
    pub line: usize,
    /// What the link leads to in which they stand. Without one they tell of the scene's run.
    pub link: Option<String>,
}

/// The times in a paragraph that are not so: each with its line, and what is near. `scene` is the one that the paragraph tells of.
#[must_use]
pub fn wrong(pieces: &[Piece], scene: Option<&Scene>) -> Vec<(usize, String)> {
    let wrong = times(pieces).into_iter().filter_map(|(time, piece)| Some((piece.line, fault(time, piece, scene)?)));
    wrong.collect()
}

/// The times that are said, each with the piece in which its number stands.
fn times(pieces: &[Piece]) -> Vec<(Time, &Piece)> {
    let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let at = |offset: usize| {
        let mut end = 0;
        pieces.iter().find(|piece| {
            end += piece.text.len();
            offset < end
        })
    };
    let mut found = Vec::new();
    for (unit, _) in whole.match_indices(" ms") {
        if whole[unit + " ms".len()..].starts_with(char::is_alphanumeric) {
            continue;
        }
        let mut before = &whole[..unit];
        while let Some((rest, time)) = last_number(before) {
            found.extend(at(rest.len()).map(|piece| (time, piece)));
            let Some(more) = BETWEEN.iter().find_map(|between| rest.strip_suffix(between)) else { break };
            before = more;
        }
    }
    found
}

/// The number with which a text ends, and what stands before it.
fn last_number(text: &str) -> Option<(&str, Time)> {
    let rest = text.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let time = Time::from_text(&text[rest.len()..])?;
    (!rest.ends_with(char::is_alphanumeric)).then_some((rest, time))
}

/// What is wrong with a time; none if it is so.
fn fault(time: Time, piece: &Piece, scene: Option<&Scene>) -> Option<String> {
    let own = scene.map(|scene| scene.state().trace);
    let (trace, moments) = match piece.link.as_deref().and_then(|link| link.split_once(':')) {
        Some(("run", name)) => (links::opened(&scene::run(name).ok()?.scenario).trace, None),
        Some(("show", name)) => {
            let trace = own?;
            let place = scene::place(name, &trace).ok()?.0;
            let moments = of_place(place, &trace);
            (trace, Some(moments))
        }
        _ => match own {
            Some(trace) => (trace, None),
            None => return Some(format!("`{time} ms` is a moment of a run, and no scene stands above it")),
        },
    };
    let all = trace.events.iter().map(|event| {
        let node = event.node.map_or_else(String::new, |node| trace.name(node) + "@");
        (event.at, format!("{node}{}", event.at))
    });
    let of_link = moments.is_some();
    let mut near: Vec<(Time, String)> =
        moments.map_or_else(|| all.collect(), |moments| moments.into_iter().map(|at| (at, at.to_string())).collect());
    if near.iter().any(|(at, _)| *at == time) {
        return None;
    }
    near.sort_by_key(|(at, _)| at.since(time).max(time.since(*at)));
    near.dedup();
    let near: Vec<String> = near.into_iter().take(NEAR).map(|(_, name)| name).collect();
    let near = near.join(", ");
    Some(if of_link {
        format!("`{time} ms` is not when the link’s place is: {near}")
    } else {
        format!("nothing happens at `{time} ms`; near it: {near}; a length is written `{time} milliseconds`")
    })
}

/// When there is something at a place.
fn of_place(place: Place, trace: &Trace) -> Vec<Time> {
    match place {
        Place::Event(event) => vec![trace.event(EventIndex(event)).at],
        Place::Message(message) => {
            let message = &trace.messages[message as usize];
            vec![message.sent, message.arrives]
        }
        Place::Lane(lane) => {
            let on_lane = trace.events.iter().filter(|event| event.node == Some(NodeId(lane)));
            on_lane.map(|event| event.at).collect()
        }
        // No link of a lesson leads to a timer.
        Place::Timer(_) => Vec::new(),
    }
}
