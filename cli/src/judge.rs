//! `judge`: whether a recorded history is linearizable, or sequentially consistent.

use crate::json::Json;
use crate::{Answer, content, print, visible};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_formats::edn::{self, Located, Spot};
use lightcone_judges::{
    Consistency, Datum, Judgement, MAX_TRIED, Question, SPECIFICATIONS, Specification, Unplaced, Verdict, shortened,
};
use std::fmt::Write;

/// What is asked.
struct Asked {
    file: String,
    specification: &'static Specification,
    consistency: Consistency,
    begins: Option<Datum>,
    json: bool,
}

/// Does what the arguments ask for.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let asked = read(arguments)?;
    let file = visible(&asked.file);
    let content = content(&asked.file, lightcone_engine::limits::MAX_HISTORY_BYTES)?;
    let located = edn::locate(&content).map_err(|error| format!("{file}: {error}"))?;
    drop(content);
    let question = Question { consistency: asked.consistency, limit: MAX_TRIED, begins: asked.begins.as_ref() };
    let judgement = asked.specification.answer(&located.history, &question).map_err(|unfit| match unfit.operation {
        Some(place) => format!("{file}: {}: {unfit}", line(located.spots[place as usize].called)),
        None => unfit.to_string(),
    })?;
    let told = Told { asked: &asked, located: &located, judgement: &judgement };
    print(&if asked.json { format!("{}\n", told.json()) } else { told.text() });
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
    while let Some(argument) = arguments.next().map_err(wrong)? {
        match argument {
            Arg::Value(value) if file.is_none() => file = Some(value.string().map_err(wrong)?),
            Arg::Long("as") => name = arguments.value().and_then(ValueExt::string).map_err(wrong)?,
            Arg::Long("sequential") => consistency = Consistency::Sequential,
            Arg::Long("initial") => {
                let text = arguments.value().and_then(ValueExt::string).map_err(wrong)?;
                begins = Some(edn::value(&text).map_err(|error| format!("--initial: {error}"))?);
            }
            Arg::Long("format") => {
                let format = arguments.value().and_then(ValueExt::string).map_err(wrong)?;
                json = match format.as_str() {
                    "json" => true,
                    "text" => false,
                    _ => return Err(format!("there is no format `{}`, only text and json", visible(&format))),
                };
            }
            _ => return Err(argument.unexpected().to_string()),
        }
    }
    let specification = Specification::by_name(&name).ok_or_else(|| {
        let names: Vec<&str> = SPECIFICATIONS.iter().map(|specification| specification.name).collect();
        format!("nothing here is called `{}`, only {}", visible(&name), names.join(", "))
    })?;
    Ok(Asked { file: file.ok_or("judge which file?")?, specification, consistency, begins, json })
}

/// Where something stood: `line 3, :index 2, :time 100`.
fn line(spot: Spot) -> String {
    let mut text = format!("line {}", spot.line);
    let more = [(":index", spot.index), (":time", spot.time)];
    for (key, value) in more.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        // A string takes everything.
        _ = write!(text, ", {key} {value}");
    }
    text
}

/// What is told of a history.
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

    /// What is odd: the lines, and what about them.
    fn remarks(&self) -> Vec<(u32, String)> {
        let of_text = self.located.remarks.iter().map(|remark| (remark.line(), remark.to_string()));
        let of_judge = self.judgement.remarks.iter().map(|odd| {
            let spots = &self.located.spots[odd.operation as usize];
            let line = spots.over.unwrap_or(spots.called).line;
            (line, format!("Line {line}: {}", odd.text))
        });
        of_text.chain(of_judge).collect()
    }

    fn text(&self) -> String {
        let (name, is) = (self.asked.specification.name, self.consistent());
        let mut text: String = self.remarks().iter().map(|(_, remark)| format!("Note: {remark}\n")).collect();
        _ = write!(text, "{} operations on a {name}: ", self.located.history.entries().len());
        match &self.judgement.verdict {
            Verdict::Explained { .. } => _ = writeln!(text, "{is}."),
            Verdict::Unexplained(unplaced) => {
                _ = writeln!(text, "not {is}.");
                self.explain(unplaced, &mut text);
            }
            Verdict::Undecided { configurations } => {
                _ = writeln!(text, "cannot tell after {configurations} states.");
            }
        }
        text
    }

    /// What cannot be placed, why, and the longest order that explains the rest up to there.
    fn explain(&self, unplaced: &Unplaced, text: &mut String) {
        _ = writeln!(text, "{}.", unplaced.sentence());
        if let Some(begins) = &self.judgement.if_it_began {
            let begins = shortened(begins);
            _ = writeln!(
                text,
                "The register may have begun with {begins}: with --initial '{begins}' it is {}.",
                self.consistent()
            );
        }
        _ = writeln!(text, "  cannot be placed: {}", self.located_operation(unplaced.operation));
        if let Some(because) = unplaced.reason.as_ref().and_then(|reason| reason.because) {
            _ = writeln!(text, "  because of: {}", self.located_operation(because));
        }
        _ = writeln!(text, "  the longest order that can: {} operations", unplaced.furthest.len());
        const LAST: usize = 12;
        let skipped = unplaced.furthest.len().saturating_sub(LAST);
        if skipped > 0 {
            _ = writeln!(text, "    … {skipped} before");
        }
        for &place in &unplaced.furthest[skipped..] {
            _ = writeln!(text, "    {}", self.operation(place));
        }
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
        let over = spots.over.map(|over| format!("; answered: {}", line(over))).unwrap_or_default();
        format!("{} (asked: {}{over})", self.operation(place), line(spots.called))
    }

    fn json(&self) -> Json {
        let verdict = &self.judgement.verdict;
        let holds = match verdict {
            Verdict::Explained { .. } => Json::Truth(true),
            Verdict::Unexplained(_) => Json::Truth(false),
            Verdict::Undecided { .. } => Json::Null,
        };
        let remarks = self.remarks().into_iter().map(|(line, text)| {
            Json::Object(vec![
                ("line", if line > 0 { Json::Number(line.into()) } else { Json::Null }),
                ("text", Json::Text(text)),
            ])
        });
        let mut all = vec![
            ("file", Json::text(&self.asked.file)),
            ("specification", Json::text(self.asked.specification.name)),
            ("consistency", Json::text(self.consistent())),
            ("holds", holds),
            ("operations", Json::Number(self.located.history.entries().len() as i128)),
            ("notes", Json::All(remarks.collect())),
        ];
        let places = |order: &[u32]| Json::All(order.iter().map(|place| self.json_operation(*place)).collect());
        match verdict {
            Verdict::Explained { order } => all.push(("order", places(order))),
            Verdict::Undecided { configurations } => all.push(("states", Json::Number(*configurations as i128))),
            Verdict::Unexplained(unplaced) => {
                let because = unplaced.reason.as_ref().and_then(|reason| reason.because);
                all.extend([
                    ("sentence", Json::text(unplaced.sentence())),
                    ("claim", Json::text(&unplaced.claim)),
                    ("reason", unplaced.reason.as_ref().map_or(Json::Null, |reason| Json::text(&reason.text))),
                    ("operation", self.json_operation(unplaced.operation)),
                    ("because", because.map_or(Json::Null, |place| self.json_operation(place))),
                    ("holds_if_initial", self.judgement.if_it_began.as_ref().map_or(Json::Null, Json::text)),
                    ("furthest", places(&unplaced.furthest)),
                ]);
            }
        }
        Json::Object(all)
    }

    fn json_operation(&self, place: u32) -> Json {
        let entry = &self.located.history.entries()[place as usize];
        let spots = &self.located.spots[place as usize];
        let spot = |spot: Spot| {
            Json::Object(vec![
                ("line", Json::Number(spot.line.into())),
                ("index", Json::number(spot.index)),
                ("time", Json::number(spot.time)),
            ])
        };
        let became = match entry.answer() {
            Some(_) => "ok",
            None if entry.failed() => "fail",
            None => "info",
        };
        Json::Object(vec![
            ("process", Json::Number(entry.process.into())),
            ("f", Json::text(&entry.operation.function)),
            ("value", Json::text(&entry.operation.value)),
            ("type", Json::text(became)),
            ("answer", entry.answer().map_or(Json::Null, Json::text)),
            ("asked", spot(spots.called)),
            ("answered", spots.over.map_or(Json::Null, spot)),
        ])
    }
}
