//! `judge`: whether a recorded history is linearizable, or sequentially consistent.

use crate::{Answer, content};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_engine::limits::{MAX_AWAITED_CONFIGURATIONS, MAX_HISTORY_BYTES};
use lightcone_formats::edn::{self, Located, Spot};
use lightcone_formats::json::{list, object, quoted};
use lightcone_judges::{
    Consistency, Datum, Judgement, OBJECT_TYPES, ObjectType, Question, Unplaced, Verdict, shortened,
};

/// What the arguments ask for.
struct Asked {
    file: String,
    object: &'static ObjectType,
    consistency: Consistency,
    begins: Option<Datum>,
    json: bool,
}

/// Runs `judge` with its arguments.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let asked = read(arguments)?;
    let file = &asked.file;
    let content = content(file, MAX_HISTORY_BYTES)?;
    let located = edn::locate(&content).map_err(|error| format!("{file}: {error}"))?;
    drop(content);
    let (consistency, begins) = (asked.consistency, asked.begins.as_ref());
    let question = Question { consistency, limit: MAX_AWAITED_CONFIGURATIONS, begins };
    let judgement = asked.object.examine(&located.history, &question).map_err(|unfit| match unfit.operation {
        Some(place) => format!("{file}: {}: {unfit}", spot(located.spots[place as usize].called)),
        None => unfit.to_string(),
    })?;
    let told = Told { asked: &asked, located: &located, judgement: &judgement };
    if asked.json {
        println!("{}", told.json());
    } else {
        told.print();
    }
    Ok(match &judgement.verdict {
        Verdict::Explained { .. } => Answer::Holds,
        Verdict::Unexplained(_) => Answer::Broken,
        Verdict::Undecided { .. } => Answer::Undecided,
    })
}

fn read(mut arguments: Parser) -> Result<Asked, String> {
    let (mut file, mut name, mut consistency) = (None, "register".to_owned(), Consistency::Linearizable);
    let (mut begins, mut json) = (None, false);
    let wrong = |error: lexopt::Error| error.to_string();
    let value = |arguments: &mut Parser| arguments.value().and_then(ValueExt::string).map_err(wrong);
    while let Some(argument) = arguments.next().map_err(wrong)? {
        match argument {
            Arg::Value(value) if file.is_none() => file = Some(value.string().map_err(wrong)?),
            Arg::Long("as") => name = value(&mut arguments)?,
            Arg::Long("sequential") => consistency = Consistency::Sequential,
            Arg::Long("initial") => {
                begins = Some(edn::value(&value(&mut arguments)?).map_err(|error| format!("--initial: {error}"))?);
            }
            Arg::Long("format") => {
                let format = value(&mut arguments)?;
                json = match format.as_str() {
                    "json" => true,
                    "text" => false,
                    _ => return Err(format!("there is no format `{format}`, only text and json")),
                };
            }
            _ => return Err(argument.unexpected().to_string()),
        }
    }
    let file = file.ok_or("judge which file?")?;
    let object = ObjectType::by_name(&name).ok_or_else(|| {
        let names: Vec<&str> = OBJECT_TYPES.iter().map(|object| object.name).collect();
        format!("`{name}` is no kind of object; the kinds are {}", names.join(", "))
    })?;
    Ok(Asked { file, object, consistency, begins, json })
}

/// A place in the file: `line 3, :index 2, :time 100`.
fn spot(spot: Spot) -> String {
    let fields = [(":index", spot.index), (":time", spot.time)];
    let fields = fields.into_iter().filter_map(|(key, value)| Some(format!(", {key} {}", value?)));
    format!("line {}{}", spot.line, fields.collect::<String>())
}

fn json_spot(spot: Spot) -> String {
    let number = |value: Option<i64>| value.map(|value| value.to_string());
    object(&[("line", Some(spot.line.to_string())), ("index", number(spot.index)), ("time", number(spot.time))])
}

/// A judged history, to be printed.
struct Told<'a> {
    asked: &'a Asked,
    located: &'a Located,
    judgement: &'a Judgement,
}

impl Told<'_> {
    fn consistent(&self) -> &'static str {
        match self.asked.consistency {
            Consistency::Linearizable => "linearizable",
            Consistency::Sequential => "sequentially consistent",
        }
    }

    /// What is odd: the line, if it is about one, and a sentence.
    fn notes(&self) -> impl Iterator<Item = (u32, String)> {
        let of_text = self.located.remarks.iter().map(|remark| (remark.line(), remark.to_string()));
        let of_answers = self.judgement.remarks.iter().map(|remark| {
            let spots = &self.located.spots[remark.operation as usize];
            let line = spots.over.unwrap_or(spots.called).line;
            (line, format!("Line {line}: {}", remark.text))
        });
        of_text.chain(of_answers)
    }

    fn print(&self) {
        self.notes().for_each(|(_, note)| println!("Note: {note}"));
        let (name, is) = (self.asked.object.name, self.consistent());
        let count = self.located.history.entries().len();
        match &self.judgement.verdict {
            Verdict::Explained { .. } => println!("{count} operations on a {name}: {is}."),
            Verdict::Unexplained(unplaced) => {
                println!("{count} operations on a {name}: not {is}.");
                self.explain(unplaced);
            }
            Verdict::Undecided { configurations } => {
                println!("{count} operations on a {name}: cannot tell after {configurations} states.");
            }
        }
    }

    /// Prints the operation that cannot be placed, the reason, and the longest order up to there.
    fn explain(&self, unplaced: &Unplaced) {
        println!("{}.", unplaced.sentence());
        if let Some(begins) = &self.judgement.if_it_began {
            let (begins, is) = (shortened(begins), self.consistent());
            println!("The register may have begun with {begins}: with --initial '{begins}' it is {is}.");
        }
        println!("  cannot be placed: {}", self.located_operation(unplaced.operation));
        if let Some(because) = unplaced.because() {
            println!("  because of: {}", self.located_operation(because));
        }
        println!("  the longest order that can: {} operations", unplaced.furthest.len());
        const LAST: usize = 12;
        let skipped = unplaced.furthest.len().saturating_sub(LAST);
        if skipped > 0 {
            println!("    … {skipped} before");
        }
        unplaced.furthest[skipped..].iter().for_each(|place| println!("    {}", self.operation(*place)));
    }

    fn operation(&self, place: u32) -> String {
        let entry = &self.located.history.entries()[place as usize];
        let answer = match entry.answer() {
            Some(answer) => shortened(answer),
            None if entry.failed() => "failed".to_owned(),
            None => "no answer".to_owned(),
        };
        format!("process {}: {} -> {answer}", entry.process, shortened(&entry.operation))
    }

    fn located_operation(&self, place: u32) -> String {
        let spots = &self.located.spots[place as usize];
        let over = spots.over.map(|over| format!("; answered: {}", spot(over))).unwrap_or_default();
        format!("{} (asked: {}{over})", self.operation(place), spot(spots.called))
    }

    /// The same as JSON. Fields that do not apply are left out, but `holds` is null if nobody can tell.
    fn json(&self) -> String {
        let holds = match &self.judgement.verdict {
            Verdict::Explained { .. } => "true",
            Verdict::Unexplained(_) => "false",
            Verdict::Undecided { .. } => "null",
        };
        let notes = self.notes().map(|(line, text)| {
            object(&[("line", (line > 0).then(|| line.to_string())), ("text", Some(quoted(&text)))])
        });
        let mut fields = vec![
            ("file", Some(quoted(&self.asked.file))),
            ("object", Some(quoted(self.asked.object.name))),
            ("consistency", Some(quoted(self.consistent()))),
            ("holds", Some(holds.to_owned())),
            ("operations", Some(self.located.history.entries().len().to_string())),
            ("notes", Some(list(notes))),
        ];
        let order = |order: &[u32]| Some(list(order.iter().map(|place| self.json_operation(*place))));
        match &self.judgement.verdict {
            Verdict::Explained { order: all } => fields.push(("order", order(all))),
            Verdict::Undecided { configurations } => fields.push(("states", Some(configurations.to_string()))),
            Verdict::Unexplained(unplaced) => fields.extend([
                ("sentence", Some(quoted(&unplaced.sentence()))),
                ("claim", Some(quoted(&unplaced.claim))),
                ("reason", unplaced.reason.as_ref().map(|reason| quoted(&reason.text))),
                ("operation", Some(self.json_operation(unplaced.operation))),
                ("because", unplaced.because().map(|place| self.json_operation(place))),
                ("holds_if_initial", self.judgement.if_it_began.as_ref().map(|begins| quoted(&begins.to_string()))),
                ("furthest", order(&unplaced.furthest)),
            ]),
        }
        object(&fields)
    }

    fn json_operation(&self, place: u32) -> String {
        let entry = &self.located.history.entries()[place as usize];
        let spots = &self.located.spots[place as usize];
        let ended = match entry.answer() {
            Some(_) => "ok",
            None if entry.failed() => "fail",
            None => "info",
        };
        object(&[
            ("process", Some(entry.process.to_string())),
            ("f", Some(quoted(&entry.operation.function))),
            ("value", Some(quoted(&entry.operation.value.to_string()))),
            ("type", Some(quoted(ended))),
            ("answer", entry.answer().map(|answer| quoted(&answer.to_string()))),
            ("asked", Some(json_spot(spots.called))),
            ("answered", spots.over.map(json_spot)),
        ])
    }
}
