//! Reads the text form, line by line. Every bound is checked before a value is used.

use super::error::{FORMAT, Problem, TextError, quoted, wanted};
use super::names::{Names, read_key};
use super::words::{Words, unknown};
use alloc::vec::Vec;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::limits::{MAX_EDITS, MAX_EXPECTATIONS, MAX_TERMS, MAX_TEXT_BYTES, MAX_TEXT_ERRORS};
use lightcone_engine::model::{Faults, Timing};
use lightcone_engine::operation::{Operation, Value};
use lightcone_engine::protocol::{Action, Edit, Handling, Invalid, Protocols, by_id};
use lightcone_engine::protocol::{Argument, Parameter, Unit};
use lightcone_engine::run::Scenario;
use lightcone_engine::time::Time;

/// A line that is not blank or a comment, with its number.
pub type Numbered<'a> = (u32, &'a str);

const WHOLE: &str = "a whole number";
const SECTIONS: [&str; 6] = ["script", "moves", "challenge", "answer", "search", "expect"];
/// Words that begin a line of settings.
const SETTINGS: [&str; 14] = [
    "title",
    "note",
    "terms",
    "set",
    "flaw",
    "seed",
    "horizon",
    "latency",
    "loss",
    "duplication",
    "links",
    "timing",
    "faults",
    "script",
];
/// Words that begin an edit.
const EDITS: [&str; 6] = ["at", "deliver", "drop", "copy", "fire", "crash"];
/// Words that begin an action.
const ACTIONS: [&str; 9] = ["crash", "restart", "pause", "resume", "lose-disk", "cut", "heal", "clock", "request"];
/// Words that begin an operation, besides the protocol's commands.
const OPERATIONS: [&str; 4] = ["read", "write", "add", "cas"];

/// The content of a text: every line that can be read.
pub struct Read<'a> {
    /// What the text describes; every part is inside its bounds.
    pub scenario: Scenario,
    /// The words of the field by which the run is found, from the line `terms`; in no link. At most [`MAX_TERMS`].
    pub terms: Vec<&'a str>,
    /// The lines of the section `challenge`.
    pub challenge: Vec<Numbered<'a>>,
    /// The lines of the section `answer`.
    pub answer: Vec<Numbered<'a>>,
    /// The lines of the section `search`.
    pub search: Vec<Numbered<'a>>,
    /// The lines of the section `expect`.
    pub expected: Vec<Numbered<'a>>,
    /// The lines that cannot be read, in order; they are left out of all the rest.
    pub errors: Vec<TextError>,
}

impl<'a> Read<'a> {
    /// This content if no line was left out.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn whole(mut self) -> Result<Read<'a>, TextError> {
        if self.errors.is_empty() { Ok(self) } else { Err(self.errors.swap_remove(0)) }
    }

    /// Notes that a line cannot be read. Says whether there may be more such lines.
    fn leave_out(&mut self, number: u32, problem: Problem) -> bool {
        let full = self.errors.len() + 1 == MAX_TEXT_ERRORS;
        self.errors.push(if full { Problem::TooMany } else { problem }.at(number));
        !full
    }
}

/// Reads a scenario, and the lines that come after it. A line that cannot be read is left out.
///
/// # Errors
/// The text is too long, or its first two lines do not say what it is about.
pub fn read<'a>(text: &'a str, protocols: &Protocols) -> Result<Read<'a>, TextError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Problem::TooLong.at(0));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines()).map(|(number, line)| (number, line.trim_start()));
    let mut lines = lines.by_ref().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (number, line) = lines.next().ok_or_else(|| Problem::NotAScenario.at(0))?;
    header(line).map_err(|problem| problem.at(number))?;
    let (number, line) = lines.next().ok_or(Problem::Missing { what: "the protocol" }.at(number + 1))?;
    let scenario = protocol(line, protocols).map_err(|problem| problem.at(number))?;
    let (challenge, answer) = (Vec::new(), Vec::new());
    let (terms, search, expected, errors) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let read = Read { scenario, terms, challenge, answer, search, expected, errors };
    let mut reader = Reader { read, section: 0, said: Vec::new(), names: None };
    for (number, line) in lines {
        if let Err(problem) = reader.line(number, line)
            && !reader.read.leave_out(number, problem)
        {
            break;
        }
    }
    Ok(reader.read)
}

/// Reads one line after the other.
struct Reader<'a> {
    read: Read<'a>,
    /// The number of the section: 0 for settings, then as in [`SECTIONS`].
    section: usize,
    /// The words of settings, allowed once, that have come already.
    said: Vec<&'a str>,
    names: Option<Names>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, number: u32, line: &'a str) -> Result<(), Problem> {
        let bare = uncommented(line);
        if let Some(place) = SECTIONS.iter().position(|word| *word == bare) {
            if place < self.section {
                return Err(Problem::OutOfPlace { word: quoted(bare) });
            }
            self.section = place + 1;
            return Ok(());
        }
        let read = &mut self.read;
        match self.section {
            0 => self.setting(line),
            1 | 2 => {
                let names = self.names.get_or_insert_with(|| Names::of(&read.scenario));
                keep(edit(bare, names)?, self.section == 1, &mut read.scenario)
            }
            // Its last sentence is taken as it stands.
            3 => listed(&mut read.challenge, (number, line.trim_end())),
            4 => listed(&mut read.answer, (number, bare)),
            5 => listed(&mut read.search, (number, bare)),
            _ => listed(&mut read.expected, (number, bare)),
        }
    }

    /// A line that is wrong changes nothing: a later one may say the same right.
    fn setting(&mut self, line: &'a str) -> Result<(), Problem> {
        let mut next = self.read.scenario.clone();
        let (said, terms) = (self.said.len(), self.read.terms.len());
        let result = setting(line, &mut self.said, &mut next, &mut self.read.terms).and_then(|()| Ok(next.check()?));
        match result {
            Ok(()) => self.read.scenario = next,
            Err(_) => {
                self.said.truncate(said);
                self.read.terms.truncate(terms);
            }
        }
        result
    }
}

/// Keeps a line for those who read its section.
fn listed<'a>(lines: &mut Vec<Numbered<'a>>, line: Numbered<'a>) -> Result<(), Problem> {
    let (count, most) = (lines.len() as u64 + 1, MAX_EXPECTATIONS as u64);
    if count > most {
        return Err(Invalid::range("number of lines", count, 0, most).into());
    }
    lines.push(line);
    Ok(())
}

/// The line without the comment at its end.
fn uncommented(line: &str) -> &str {
    line.split_once(" #").map_or(line, |(before, _)| before).trim_end()
}

fn header(line: &str) -> Result<(), Problem> {
    let mut words = Words::of(uncommented(line));
    if words.next("").ok() != Some("lightcone") {
        return Err(Problem::NotAScenario);
    }
    let version = words.number::<u32>("a format version")?;
    if version == 0 {
        return Err(Problem::NotAScenario);
    }
    if version > FORMAT {
        return Err(Problem::TooNew { version });
    }
    words.end()
}

fn protocol(line: &str, protocols: &Protocols) -> Result<Scenario, Problem> {
    let mut words = Words::of(uncommented(line));
    words.word("protocol", "`protocol` and its name")?;
    let id = words.next("a protocol's name")?;
    let ids = protocols.iter().map(|protocol| protocol.specification().id);
    let family = by_id(protocols, id).ok_or_else(|| unknown("protocol", id, ids))?;
    let version = words.number::<u8>("the protocol's version")?;
    let here = family.specification().version;
    if version > here {
        return Err(Problem::NewerProtocol { version, here });
    }
    words.end()?;
    Ok(Scenario { version, ..Scenario::new(family) })
}

fn keep(edit: Edit, script: bool, scenario: &mut Scenario) -> Result<(), Problem> {
    edit.check()?;
    let edits = scenario.script.len() + scenario.moves.len() + 1;
    if edits > MAX_EDITS {
        return Err(Invalid::range("number of edits", edits as u64, 0, MAX_EDITS as u64).into());
    }
    if script {
        scenario.script.push(edit)
    } else {
        scenario.moves.push(edit)
    }
    Ok(())
}

/// Reads one line before the script. `said` are the words, allowed once, that have come already.
fn setting<'a>(
    line: &'a str,
    said: &mut Vec<&'a str>,
    scenario: &mut Scenario,
    terms: &mut Vec<&'a str>,
) -> Result<(), Problem> {
    let mut words = Words::of(uncommented(line));
    let first = words.next("a word")?;
    // Title and note are taken as they stand, with their spaces.
    let verbatim = line[first.len()..].strip_prefix(' ').unwrap_or(&line[first.len()..]);
    let once = match first {
        "note" => {
            if said.contains(&"note") {
                scenario.note.push('\n');
            } else {
                said.push("note");
            }
            scenario.note.push_str(verbatim);
            return Ok(());
        }
        "set" | "flaw" | "links" => words.clone().next("a name")?,
        word => word,
    };
    if said.contains(&once) {
        return Err(Problem::Twice { word: quoted(once) });
    }
    said.push(once);
    match first {
        "title" => {
            scenario.title = verbatim.into();
            return Ok(());
        }
        "terms" => {
            terms.extend(uncommented(verbatim).split(',').map(str::trim).filter(|term| !term.is_empty()));
            let (count, most) = (terms.len() as u64, MAX_TERMS as u64);
            return if count > most { Err(Invalid::range("number of terms", count, 0, most).into()) } else { Ok(()) };
        }
        "set" => parameter(&mut words, scenario)?,
        "flaw" => flaw(words.next("a flaw")?, scenario)?,
        "seed" => scenario.seed = words.number("a whole number up to 18446744073709551615")?,
        "horizon" => scenario.horizon = words.millis()?,
        "latency" | "loss" | "duplication" | "links" | "timing" | "faults" => model(first, &mut words, scenario)?,
        word if EDITS.contains(&word) => return Err(Problem::OutOfPlace { word: word.into() }),
        word => {
            return Err(unknown("setting", word, SETTINGS.iter().copied()));
        }
    }
    words.end()
}

pub(super) fn parameter(words: &mut Words<'_>, scenario: &mut Scenario) -> Result<(), Problem> {
    let specification = scenario.protocol.specification();
    let name = words.next("a parameter")?;
    let ids = specification.parameters.iter().map(|parameter| parameter.id);
    let place = ids.clone().position(|id| id == name).ok_or_else(|| unknown("parameter", name, ids))?;
    let parameter = &specification.parameters[place];
    let value = value_of(parameter, words)?;
    if value < parameter.least || value > parameter.most {
        return Err(parameter.invalid(value).into());
    }
    scenario.settings.parameters[place] = value;
    Ok(())
}

fn value_of(parameter: &Parameter, words: &mut Words<'_>) -> Result<u32, Problem> {
    let choices: &[&str] = match parameter.unit {
        Unit::Count => return words.number(WHOLE),
        Unit::Millis => {
            let value = words.number("a whole number of ms")?;
            words.word("ms", "`ms`")?;
            return Ok(value);
        }
        Unit::Switch => &["off", "on"],
        Unit::Choice(choices) => choices,
    };
    let word = words.next("a word")?;
    let place = choices.iter().position(|choice| *choice == word).map(|place| place as u32);
    place.or_else(|| word.parse().ok()).ok_or_else(|| unknown("choice", word, choices.iter().copied()))
}

fn flaw(name: &str, scenario: &mut Scenario) -> Result<(), Problem> {
    let specification = scenario.protocol.specification();
    let ids = specification.flaws.iter().map(|flaw| flaw.id);
    let place = ids.clone().position(|id| id == name).ok_or_else(|| unknown("flaw", name, ids))?;
    scenario.settings.flaws = scenario.settings.flaws.with(place as u8);
    Ok(())
}

fn model(first: &str, words: &mut Words<'_>, scenario: &mut Scenario) -> Result<(), Problem> {
    let model = &mut scenario.model;
    match first {
        "latency" => {
            let range = words.next("a range like `8..14 ms`")?;
            let wrong = || Problem::Expected { what: "a range like `8..14 ms`", word: quoted(range) };
            let (least, most) = range.split_once("..").ok_or_else(wrong)?;
            model.links.latency_micros =
                (Time::from_text(least).ok_or_else(wrong)?.micros(), Time::from_text(most).ok_or_else(wrong)?.micros());
            words.word("ms", "`ms`")
        }
        "loss" => {
            model.links.loss_per_mille = words.number(WHOLE)?;
            words.word("per", "`per mille`")?;
            words.word("mille", "`mille`")
        }
        "duplication" => {
            model.links.duplication_per_mille = words.number(WHOLE)?;
            words.word("per", "`per mille`")?;
            words.word("mille", "`mille`")
        }
        "links" => match words.one_of("promise about links", &["fifo", "reliable"])? {
            0 => assign(&mut model.links.fifo, true),
            _ => assign(&mut model.links.reliable, true),
        },
        "timing" => timing(words).and_then(|timing| assign(&mut model.timing, timing)),
        _ => match words.one_of("fault model", &["crash-stop", "crash-recovery"])? {
            0 => assign(&mut model.faults, Faults::CrashStop),
            _ => assign(&mut model.faults, Faults::CrashRecovery),
        },
    }
}

fn assign<T>(place: &mut T, value: T) -> Result<(), Problem> {
    *place = value;
    Ok(())
}

fn timing(words: &mut Words<'_>) -> Result<Timing, Problem> {
    match words.one_of("timing", &["asynchronous", "synchronous", "partially-synchronous"])? {
        0 => Ok(Timing::Asynchronous),
        1 => Ok(Timing::Synchronous { bound_micros: words.millis()?.micros() }),
        _ => {
            words.word("from", "`from`")?;
            let stable_from = words.millis()?;
            words.word("within", "`within`")?;
            Ok(Timing::PartiallySynchronous { stable_from, bound_micros: words.millis()?.micros() })
        }
    }
}

fn edit(line: &str, names: &Names) -> Result<Edit, Problem> {
    let words = &mut Words::of(line);
    let edit = match words.one_of("edit", &EDITS)? {
        0 => {
            let at = words.millis()?;
            Edit::At { at, action: action(words, names)? }
        }
        1 => Edit::Deliver { message: words.message(names)?, at: words.at_millis()? },
        2 => Edit::Drop { message: words.message(names)? },
        3 => Edit::Duplicate { copy: words.message(names)?, at: words.at_millis()? },
        4 => {
            let timer = words.timer(names)?;
            Edit::Fire { timer, at: words.at_millis()? }
        }
        _ => {
            words.word("during", "`during`")?;
            let handling = handling(words, names)?;
            words.word("after", "`after`")?;
            let after_effects = words.number("a number of effects")?;
            if words.clone().next("").is_ok() {
                words.word("effects", "`effects`")?;
            }
            Edit::CrashDuring { handling, after_effects }
        }
    };
    words.end()?;
    Ok(edit)
}

pub(super) fn handling(words: &mut Words<'_>, names: &Names) -> Result<Handling, Problem> {
    Ok(match words.one_of("thing to handle", &["message", "timer", "request"])? {
        0 => Handling::Message(words.message(names)?),
        1 => Handling::Timer(words.timer(names)?),
        _ => Handling::Request(names.read_request(words.next(wanted::REQUEST)?)?),
    })
}

fn action(words: &mut Words<'_>, names: &Names) -> Result<Action, Problem> {
    let place = words.one_of("action", &ACTIONS)?;
    if place == 5 || place == 6 {
        let (from, to, one_way) = sides(words, names)?;
        return Ok(if place == 5 { Action::Cut { from, to, one_way } } else { Action::Heal { from, to, one_way } });
    }
    let node = names.read_lane(words.next("a lane")?)?;
    Ok(match place {
        0 => Action::Crash(node),
        1 => Action::Restart(node),
        2 => Action::Pause(node),
        3 => Action::Resume(node),
        4 => Action::LoseDisk(node),
        7 => clock(node, words)?,
        _ => Action::Request { node, operation: operation(words, names)? },
    })
}

fn clock(node: NodeId, words: &mut Words<'_>) -> Result<Action, Problem> {
    let (mut jump_micros, mut drift_ppm) = (0, 0);
    while words.clone().next("").is_ok() {
        match words.one_of("change of a clock", &["jump", "drift"])? {
            0 => jump_micros = words.signed_millis()?,
            _ => {
                drift_ppm = words.number("a whole number of ppm")?;
                words.word("ppm", "`ppm`")?;
            }
        }
    }
    Ok(Action::SetClock { node, jump_micros, drift_ppm })
}

fn sides(words: &mut Words<'_>, names: &Names) -> Result<(NodeSet, NodeSet, bool), Problem> {
    let (mut from, mut to, mut one_way) = (NodeSet::EMPTY, NodeSet::EMPTY, None);
    let everyone = NodeSet::first(names.lanes());
    let mut all = false;
    while let Ok(word) = words.next("") {
        let side = if one_way.is_none() { &mut from } else { &mut to };
        match word {
            "|" | ">" if one_way.is_some() => return Err(Problem::Surplus { word: word.into() }),
            "|" => one_way = Some(false),
            ">" => one_way = Some(true),
            "all" => {
                *side = side.union(everyone);
                all = true;
            }
            _ => {
                let node = names.read_lane(word)?;
                Action::Crash(node).check()?;
                side.insert(node);
            }
        }
    }
    match one_way {
        Some(one_way) => Ok((from, to, one_way)),
        None if all && from == everyone => Ok((everyone, everyone, false)),
        None => Err(Problem::Missing { what: "`|` or `>` and the other side" }),
    }
}

fn operation(words: &mut Words<'_>, names: &Names) -> Result<Operation, Problem> {
    let word = words.next("an operation")?;
    let value = |words: &mut Words<'_>| words.number::<Value>("a whole number up to 2147483647, either way");
    Ok(match OPERATIONS.iter().position(|operation| *operation == word) {
        Some(0) => Operation::Read { key: read_key(words.next("a key")?)? },
        Some(1) => Operation::Write { key: read_key(words.next("a key")?)?, value: value(words)? },
        Some(2) => Operation::Add { key: read_key(words.next("a key")?)?, amount: value(words)? },
        Some(_) => {
            let key = read_key(words.next("a key")?)?;
            Operation::CompareAndSet { key, expected: value(words)?, value: value(words)? }
        }
        None => {
            let verb = names.read_command(&OPERATIONS, word)?;
            let command = names.specification.commands.get(usize::from(verb));
            let argument = match command.map(|command| command.argument) {
                Some(Argument::Node) => names.read_lane(words.next("a lane")?)?.0,
                Some(Argument::Nothing) if words.clone().next("").is_err() => 0,
                _ => words.number("a whole number up to 255")?,
            };
            Operation::Command { verb, argument }
        }
    })
}
