//! Atoms of goals as lines:
//!
//! ```text
//! property atomicity breaks      or `holds`, `comes` (by the end), `misses` (does not); `any` for any promise
//! at-end P1 in-doubt             or `ever`, `before 40 ms`; `any` for any lane; `not` before it all
//! ever happens split-vote        a goal of the protocol
//! ever N3 delivered N1.1         a mark, and words of its text, if any: `received`, `appended`, `committed`, `aborted`,
//!                                `delivered`, `applied`, `elected`, `turning`
//! request c1#2 unanswered        or `answered` and `ok`, `nothing`, `refused` or a value
//! order N3 delivered N1.1 | delivered N2.1   `any` for any lane
//! because S1 vote                the reader selects an event that is a reason
//! ```

use super::error::{Problem, quoted, wanted};
use super::names::Names;
use super::words::{Words, unknown};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::Invalid;
use lightcone_engine::run::Scenario;
use lightcone_engine::run::goal::{Atom, Becomes, Sign, State, What, When};

/// The most bytes of what a mark says, or of a belief's name.
const MOST_BYTES: usize = 120;
/// What becomes of a promise, in the order of [`BECOMES`].
const BECOMES: [(Becomes, &str); 4] =
    [(Becomes::Breaks, "breaks"), (Becomes::Holds, "holds"), (Becomes::Comes, "comes"), (Becomes::Misses, "misses")];
const FIRST: [&str; 8] = ["property", "request", "order", "because", "not", "ever", "at-end", "before"];
const ANY: &str = "any";

/// Reads an atom: what stands after `goal`.
///
/// # Errors
/// What is wrong with it.
pub fn read_atom(line: &str, scenario: &Scenario) -> Result<Atom, Problem> {
    let (names, words) = (&Names::of(scenario), &mut Words::of(line));
    let atom = match words.clone().one_of("goal", &FIRST)? {
        0 => property(words, names)?,
        1 => request(words, names)?,
        2 => order(words, names)?,
        3 => {
            words.next("")?;
            let node = names.read_lane(words.next("a lane")?)?;
            Atom::Because { node, belief: bounded(words.next("a belief")?)? }
        }
        _ => seen(words, names, scenario)?,
    };
    words.end()?;
    Ok(atom)
}

/// An atom as a line: what stands after `goal`.
#[must_use]
pub fn encode_atom(atom: &Atom, scenario: &Scenario) -> String {
    let names = &Names::of(scenario);
    match atom {
        Atom::Property { property, becomes } => {
            let known = property.and_then(|place| names.specification.properties.get(usize::from(place)));
            format!("property {} {}", known.map_or(ANY, |property| property.id), BECOMES[*becomes as usize].1)
        }
        Atom::Seen { what, when, not } => {
            let not = if *not { "not " } else { "" };
            let when = match when {
                When::Ever => "ever".into(),
                When::AtEnd => "at-end".into(),
                When::Before(time) => format!("before {time} ms"),
            };
            format!("{not}{when} {}", written(what, names, scenario))
        }
        Atom::Request { request, answer } => {
            let request = names.request(*request);
            match answer {
                Some(answer) => format!("request {request} answered {answer}"),
                None => format!("request {request} unanswered"),
            }
        }
        Atom::Order { node, first, later } => {
            let lane = node.map_or_else(|| ANY.into(), |node| format!("{}", names.lane(node)));
            format!("order {lane} {} | {}", signed(first), signed(later))
        }
        Atom::Because { node, belief } => format!("because {} {belief}", names.lane(*node)),
    }
}

fn written(what: &What, names: &Names, scenario: &Scenario) -> String {
    let lane = |node: &Option<NodeId>| node.map_or_else(|| ANY.into(), |node| format!("{}", names.lane(node)));
    match what {
        What::Happens(goal) => {
            let known = scenario.protocol.goal(*goal).map_or("?", |(id, _)| id);
            format!("happens {known}")
        }
        What::State { node, state } => format!("{} {}", lane(node), state.id()),
        What::Marked { node, sign } => format!("{} {}", lane(node), signed(sign)),
    }
}

fn property(words: &mut Words<'_>, names: &Names) -> Result<Atom, Problem> {
    words.next("")?;
    let name = words.next("a property")?;
    let ids = names.specification.properties.iter().map(|property| property.id);
    let place = ids.clone().position(|id| id == name);
    if place.is_none() && name != ANY {
        return Err(unknown("property", name, ids.chain([ANY])));
    }
    let becomes = BECOMES[words.one_of("fate of a property", &BECOMES.map(|each| each.1))?].0;
    Ok(Atom::Property { property: place.map(|place| place as u8), becomes })
}

fn request(words: &mut Words<'_>, names: &Names) -> Result<Atom, Problem> {
    words.next("")?;
    let request = names.read_request(words.next(wanted::REQUEST)?)?;
    let answer = match words.one_of("end of a request", &["unanswered", "answered"])? {
        0 => None,
        _ => Some(match words.next("an answer")? {
            "ok" => Answer::Done,
            "nothing" => Answer::Value(None),
            "refused" => Answer::Refused,
            word => {
                let wrong = Problem::Expected { what: "`ok`, `nothing`, `refused` or a value", word: quoted(word) };
                Answer::Value(Some(word.parse().map_err(|_| wrong)?))
            }
        }),
    };
    Ok(Atom::Request { request, answer })
}

fn order(words: &mut Words<'_>, names: &Names) -> Result<Atom, Problem> {
    words.next("")?;
    let word = words.next("a lane, or `any`")?;
    let node = if word == ANY { None } else { Some(names.read_lane(word)?) };
    let first = sign(words)?;
    let later = sign(words)?;
    Ok(Atom::Order { node, first, later })
}

fn signed(sign: &Sign) -> String {
    let gap = if sign.text.is_empty() { "" } else { " " };
    format!("{}{gap}{}", sign.id(), sign.text)
}

/// A mark, and the words up to the next `|` or the end.
fn sign(words: &mut Words<'_>) -> Result<Sign, Problem> {
    let mark = Sign::ALL[words.one_of("mark", &Sign::ALL.map(|each| each.1))?].0;
    let mut text = Vec::new();
    while let Some(word) = words.next("").ok().filter(|word| *word != "|") {
        text.push(word);
    }
    Ok(Sign { mark, text: bounded(&text.join(" "))? })
}

fn seen(words: &mut Words<'_>, names: &Names, scenario: &Scenario) -> Result<Atom, Problem> {
    let not = words.clone().next("")? == "not";
    if not {
        words.next("")?;
    }
    let when = match words.one_of("time", &["ever", "at-end", "before"])? {
        0 => When::Ever,
        1 => When::AtEnd,
        _ => When::Before(words.millis()?),
    };
    let first = words.next("a lane, `any` or `happens`")?;
    if first == "happens" {
        let id = words.next("a goal of the protocol")?;
        let goals = || scenario.protocol.goals();
        let place = goals().find(|(_, each, _)| *each == id).map(|(place, ..)| place);
        let place = place.ok_or_else(|| unknown("goal", id, goals().map(|(_, id, _)| id)))?;
        return Ok(Atom::Seen { what: What::Happens(place), when, not });
    }
    let node = if first == ANY { None } else { Some(names.read_lane(first)?) };
    let word = words.clone().next("a state or a mark")?;
    let what = match State::ALL.iter().find(|each| each.1 == word) {
        Some((state, ..)) => {
            words.next("")?;
            What::State { node, state: *state }
        }
        // A mark is set at a moment, and not at the end.
        None if when != When::AtEnd && Sign::ALL.iter().any(|each| each.1 == word) => {
            What::Marked { node, sign: sign(words)? }
        }
        None => {
            let possible = State::ALL.iter().map(|each| each.1).chain(Sign::ALL.iter().map(|each| each.1));
            return Err(unknown("state or mark", word, possible));
        }
    };
    Ok(Atom::Seen { what, when, not })
}

fn bounded(text: &str) -> Result<String, Problem> {
    if text.len() > MOST_BYTES {
        return Err(Invalid::range("length of a goal’s words in bytes", text.len() as u64, 1, MOST_BYTES as u64).into());
    }
    Ok(text.into())
}
