//! Judging a history: whether some order of its operations explains every answer.

use crate::convert::{self, Spots, datum, to_datum, whole};
use crate::form::{Code, Consistency, Error, FORM, History, JudgeOptions, Judged, Judgement, Note, Reported, Spot};
use lightcone_engine::limits::MAX_AWAITED_CONFIGURATIONS;
use lightcone_formats::edn;
use lightcone_judges::{self as judges, OBJECT_TYPES, ObjectType, Question, Recorded, Unplaced, Verdict};

/// Judges a history.
///
/// # Errors
/// The history cannot be, or an operation is none of the type of object.
pub fn judge(history: &History, options: &JudgeOptions) -> Result<Judgement, Error> {
    let object = object(options)?;
    let (history, spots) = convert::to_history(history)?;
    Located { history, spots, notes: Vec::new() }.judged(object, options)
}

/// Judges a history that Jepsen wrote: `history.edn`, `history.txt` or log.
///
/// # Errors
/// The text is no history, or an operation is none of the type of object.
pub fn judge_text(text: &str, options: &JudgeOptions) -> Result<Judgement, Error> {
    let object = object(options)?;
    let located = edn::locate(text)?;
    let spot =
        |spot: edn::Spot| Spot { line: Some(spot.line), event: None, index: whole(spot.index), time: whole(spot.time) };
    let spots = located.spots.iter().map(|spots| (spot(spots.called), spots.over.map(spot)));
    let note = |remark: &edn::Remark| Note { line: line(remark.line()), text: remark.to_string() };
    let notes = located.remarks.iter().map(note).collect();
    Located { spots: spots.collect(), history: located.history, notes }.judged(object, options)
}

fn object(options: &JudgeOptions) -> Result<&'static ObjectType, Error> {
    let name = options.object.as_deref().unwrap_or("register");
    ObjectType::by_name(name).ok_or_else(|| {
        let names: Vec<&str> = OBJECT_TYPES.iter().map(|object| object.name).collect();
        let name = lightcone_formats::text::quoted(name);
        let message = format!("`{name}` is no kind of object; the kinds are {}.", names.join(", "));
        Error::new(Code::UnknownName, message)
    })
}

fn line(line: u32) -> Option<u32> {
    Some(line).filter(|line| *line > 0)
}

/// A history, and where its operations stand.
struct Located {
    history: Recorded,
    spots: Spots,
    notes: Vec<Note>,
}

impl Located {
    fn judged(mut self, object: &ObjectType, options: &JudgeOptions) -> Result<Judgement, Error> {
        let (consistency, said) = match options.sequential {
            false => (judges::Consistency::Linearizable, Consistency::Linearizable),
            true => (judges::Consistency::Sequential, Consistency::Sequential),
        };
        let begins = options.initial.as_ref().map(to_datum).transpose().map_err(|error| error.inside("initial"))?;
        let question = Question { consistency, limit: MAX_AWAITED_CONFIGURATIONS, begins: begins.as_ref() };
        let judgement = object.examine(&self.history, &question).map_err(|unfit| self.unfit(&unfit))?;
        for remark in &judgement.remarks {
            let (asked, over) = &self.spots[remark.operation as usize];
            let spot = over.as_ref().unwrap_or(asked);
            self.notes.push(Note { line: spot.line, text: format!("{}: {}", place(spot), remark.text) });
        }
        let mut told = Judgement {
            lightcone: FORM,
            object: object.name.into(),
            consistency: said,
            holds: None,
            operations: self.history.entries().len() as u32,
            notes: std::mem::take(&mut self.notes),
            order: None,
            states: None,
            sentence: None,
            claim: None,
            reason: None,
            operation: None,
            because: None,
            holds_if_initial: judgement.if_it_began.as_ref().map(datum),
            furthest: None,
        };
        match &judgement.verdict {
            Verdict::Explained { order } => {
                told.holds = Some(true);
                told.order = Some(self.operations(order));
            }
            Verdict::Undecided { configurations } => told.states = Some(*configurations as u32),
            Verdict::Unexplained(unplaced) => self.explain(&mut told, unplaced),
        }
        Ok(told)
    }

    fn explain(&self, told: &mut Judgement, unplaced: &Unplaced) {
        told.holds = Some(false);
        told.sentence = Some(unplaced.sentence());
        told.claim = Some(unplaced.claim.clone());
        told.reason = unplaced.reason.as_ref().map(|reason| reason.text.clone());
        told.operation = Some(self.operation(unplaced.operation));
        told.because = unplaced.because().map(|operation| self.operation(operation));
        told.furthest = Some(self.operations(&unplaced.furthest));
    }

    fn operations(&self, places: &[u32]) -> Vec<Judged> {
        places.iter().map(|place| self.operation(*place)).collect()
    }

    fn operation(&self, place: u32) -> Judged {
        let entry = &self.history.entries()[place as usize];
        let (asked, answered) = self.spots[place as usize].clone();
        Judged {
            process: entry.process,
            f: entry.operation.function.clone(),
            value: datum(&entry.operation.value),
            ended: match entry.answer() {
                Some(_) => Reported::Ok,
                None if entry.failed() => Reported::Fail,
                None => Reported::Info,
            },
            answer: entry.answer().map(datum).unwrap_or_default(),
            asked,
            answered,
        }
    }

    fn unfit(&self, unfit: &judges::Unfit) -> Error {
        let asked = unfit.operation.map(|operation| &self.spots[operation as usize].0);
        let at = asked.map(|spot| place(spot) + ": ").unwrap_or_default();
        Error { code: Code::Unfit, line: asked.and_then(|spot| spot.line), message: format!("{at}{unfit}") }
    }
}

/// A place in a history, in words: `Line 3, :index 2, :time 100`.
#[must_use]
pub fn place(spot: &Spot) -> String {
    let fields = [(":index", spot.index), (":time", spot.time)];
    let fields = fields.into_iter().filter_map(|(key, value)| Some(format!(", {key} {}", value?.0)));
    let place = match (spot.line, spot.event) {
        (Some(line), _) => format!("Line {line}"),
        (None, Some(event)) => format!("Event {event}"),
        (None, None) => "Somewhere".to_owned(),
    };
    place + &fields.collect::<String>()
}
