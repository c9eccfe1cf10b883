//! Reads the lines that Jepsen writes for people: `0 :invoke :write 3`, alone or at the end of a line of its log.

use super::error::{Problem, Remark};
use super::form::{Reader, Wrong, expected};
use super::read::{Reading, Step};
use lightcone_judges::Datum;

/// Whether a text is made of such lines, which is so if it does not begin with a form.
pub(super) fn are(text: &str) -> bool {
    let mut rest = text.chars().filter(|each| !each.is_whitespace());
    match rest.next() {
        Some('{' | '(' | '#' | ';' | ',') | None => false,
        // A vector of maps, or the time in a log: `[2024-03-01 …`.
        Some('[') => !matches!(rest.next(), Some('{' | '#' | ';' | ']' | ',') | None),
        Some(_) => true,
    }
}

/// Reads every line.
pub(super) fn read(reader: &mut Reader<'_>, found: &mut Reading) -> Result<(), Wrong> {
    let begins = reader.here();
    let mut passed = 0;
    while let Some((from, line)) = reader.whole_line() {
        match operation(line) {
            Some(parts) => {
                let step = step(reader, from, line.len(), &parts)?;
                if let Some(step) = step {
                    found.add(step, reader.here())?;
                }
            }
            None => passed += u32::from(!line.trim().is_empty()),
        }
        reader.next_line(line.len());
    }
    if found.is_empty() && passed > 0 {
        return Err(begins.wrong(Problem::NoHistory));
    }
    if passed > 0 {
        found.remarks.push(Remark::PassedOver { lines: passed });
    }
    Ok(())
}

/// The process and the type of a line, and the byte at which the rest begins.
struct Parts<'a> {
    process: &'a str,
    sort: &'a str,
    rest: usize,
}

fn operation(line: &str) -> Option<Parts<'_>> {
    let mut before = "";
    let mut at = 0;
    while let Some(start) = line[at..].find(|each: char| !each.is_whitespace()) {
        let from = at + start;
        let length = line[from..].find(char::is_whitespace).unwrap_or(line.len() - from);
        let word = &line[from..from + length];
        at = from + length;
        let process = before.bytes().all(|each| each.is_ascii_digit()) || before.starts_with(':');
        if matches!(word, ":invoke" | ":ok" | ":fail" | ":info")
            && !before.is_empty()
            && (process || before == "nemesis")
        {
            return Some(Parts { process: before, sort: &word[1..], rest: at });
        }
        before = word;
    }
    None
}

/// What a client did according to a line; none if it was no client.
fn step(reader: &Reader<'_>, from: usize, length: usize, parts: &Parts<'_>) -> Result<Option<Step>, Wrong> {
    if !parts.process.starts_with(|each: char| each.is_ascii_digit()) {
        return Ok(None);
    }
    let word = || expected("a process's number", &Datum::Symbol(parts.process.into()));
    let process = parts.process.parse().map_err(|_| reader.here().wrong(word()))?;
    let mut rest = reader.part(from + parts.rest, from + length);
    let (mut function, mut value) = (None, None);
    // Behind what did not happen, or may have, stands why.
    if matches!(parts.sort, "invoke" | "ok") {
        rest.pass_over(0)?;
        if rest.peek().is_some() {
            function = Some(rest.form(0)?);
            rest.pass_over(0)?;
        }
        if rest.peek().is_some() {
            value = Some(rest.form(0)?);
        }
    }
    let sort = Datum::Keyword(parts.sort.into());
    Ok(Some(Step { process, sort, function, value, index: None, time: None }))
}
