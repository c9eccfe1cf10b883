//! Changes of a text's lines, as forms and the figure make them. Every other line stays as it was written.

use super::reading::{MOVES, Placed, Reading, SCRIPT, SECTIONS, Sort};
use lightcone_engine::{Scenario, Time};
use lightcone_formats::text;

/// What stands after these words in the settings, a line for each time that they are said.
#[must_use]
pub fn said(text: &str, words: &str) -> String {
    let placed = Reading::of(text).placed(text);
    let said = placed.iter().filter(|placed| placed.section == 0).filter_map(|placed| after(placed.line, words));
    said.collect::<Vec<_>>().join("\n")
}

/// The text with these lines of settings in place of those that begin with `words`; no lines take the setting out.
#[must_use]
pub fn put(text: &str, words: &str, new: &[String]) -> String {
    let placed = Reading::of(text).placed(text);
    let mut lines: Vec<&str> = text.lines().collect();
    let own = |placed: &&Placed<'_>| placed.section == 0 && after(placed.line, words).is_some();
    let old: Vec<usize> = placed.iter().filter(own).map(|placed| placed.number as usize - 1).collect();
    let at = old.first().copied().unwrap_or_else(|| place_of(&placed, words));
    old.iter().rev().for_each(|place| {
        lines.remove(*place);
    });
    new.iter().rev().for_each(|line| lines.insert(at, line));
    joined(&lines)
}

/// Where a setting stands that is said for the first time: title and note after the protocol, others at the end.
fn place_of(placed: &[Placed<'_>], words: &str) -> usize {
    let last = |word: &str| {
        let settings = placed.iter().filter(|placed| placed.section == 0);
        settings.filter(|placed| after(placed.line, word).is_some()).map(|placed| placed.number as usize).next_back()
    };
    let protocol = last("protocol").unwrap_or(0);
    match words {
        "title" => protocol,
        "note" => last("title").unwrap_or(protocol),
        _ => placed.iter().filter(|placed| placed.section == 0).count(),
    }
}

/// The text with one more line in its script, before those that are later.
#[must_use]
pub fn add(text: &str, line: &str) -> String {
    let placed = Reading::of(text).placed(text);
    let line = format!("  {line}");
    let mut lines: Vec<&str> = text.lines().collect();
    let script = || placed.iter().filter(|placed| placed.section == SCRIPT);
    if script().next().is_none() {
        let at = placed.iter().filter(|placed| placed.section < SCRIPT).count();
        lines.insert(at, &line);
        lines.insert(at, "script");
        return joined(&lines);
    }
    let later = |placed: &&Placed<'_>| time(placed.line).is_some_and(|at| time(&line).is_some_and(|own| at > own));
    let before = script().find(later).map(|placed| placed.number - 1);
    let at = before.or(script().next_back().map(|placed| placed.number)).unwrap_or(0) as usize;
    lines.insert(at, &line);
    joined(&lines)
}

/// The text without the line of this number.
#[must_use]
pub fn without(text: &str, number: u32) -> String {
    let kept: Vec<&str> = (1..).zip(text.lines()).filter(|(each, _)| *each != number).map(|(_, line)| line).collect();
    joined(&kept)
}

/// The text in which the line of this number begins with another time. A line without a time stays as it is.
#[must_use]
pub fn retimed(text: &str, number: u32, at: Time) -> String {
    let moved = (1..).zip(text.lines()).map(|(each, line)| match rest(line) {
        Some(rest) if each == number => format!("  at {at}{}", &rest[rest.find(' ').unwrap_or(rest.len())..]),
        _ => line.to_owned(),
    });
    joined(&moved.collect::<Vec<_>>())
}

/// The text of a run that was changed in the figure. Comments and lines that cannot be read stay behind the same number of
/// lines of their section.
#[must_use]
pub fn rewritten(draft: &str, scenario: &Scenario) -> String {
    let reading = Reading::of(draft);
    let whole = text::encode(scenario);
    if reading.scenario.is_none() {
        return whole;
    }
    let old = reading.placed(draft);
    let new = Reading { errors: Vec::new(), ..reading }.placed(&whole);
    let mut lines = Vec::new();
    for (section, head) in SECTIONS.iter().enumerate() {
        let mut fresh = new.iter().filter(|placed| placed.section == section && placed.sort == Sort::Read);
        let kept = old.iter().filter(|placed| placed.section == section && placed.sort != Sort::Head);
        let mut body = Vec::new();
        for placed in kept {
            // What a search or a test says is not part of the run.
            let stays = placed.sort == Sort::LeftOut || section > MOVES;
            body.extend(if stays { Some(placed.line) } else { fresh.next().map(|placed| placed.line) });
        }
        body.extend(fresh.map(|placed| placed.line));
        if section > 0 && !body.is_empty() {
            lines.push(*head);
        }
        lines.append(&mut body);
    }
    joined(&lines)
}

/// The time with which an edit begins.
fn time(line: &str) -> Option<Time> {
    Time::from_text(rest(line)?.split(' ').next()?)
}

fn rest(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("at ")
}

/// What stands in the line after these words; none if it begins with others.
fn after<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix(words)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

fn joined<T: AsRef<str>>(lines: &[T]) -> String {
    lines.iter().flat_map(|line| [line.as_ref(), "\n"]).collect()
}
