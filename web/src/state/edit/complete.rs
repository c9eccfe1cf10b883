//! Completes a word of a run's text with what exists in the run, in order of time. The reader of the text says what is
//! wanted where the caret stands: it is asked to read the text up to there, with a word that it cannot know.

use crate::state::arrival::free_copy;
use crate::state::ask;
use crate::state::known;
use crate::state::run::Selection;
use lightcone_engine::limits::MAX_TEXT_ERRORS;
use lightcone_engine::{Action, Edit, NodeId, Time, Trace};
use lightcone_figure::read::sentences::{moment, operation, sentence};
use lightcone_formats::text::{self, Problem, wanted};

/// What may stand at the caret.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The byte of the text at which the word begins that is completed.
    pub from: usize,
    /// The possible words; what is in the run is in order of time.
    pub items: Vec<Item>,
}

/// A possible word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// What is written.
    pub word: String,
    /// What it is, in words.
    pub more: String,
    /// When it is, in words.
    pub when: String,
    /// What it is in the figure, and the moment at which that is.
    pub lights: Option<(Selection, Time)>,
}

/// A word that no text has.
const MARK: &str = "\u{fffc}";
/// Items that are shown.
const MOST: usize = 100;

/// What may stand where the caret stands, a byte of the text; none if that is free, or in the middle of a word.
#[must_use]
pub fn complete(text: &str, caret: usize, trace: &Trace, cursor: Time) -> Option<Completion> {
    let (before, after) = text.split_at_checked(caret)?;
    if after.starts_with(|next: char| !next.is_whitespace()) {
        return None;
    }
    let from = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let typed = &before[from..];
    let line = before[..from].rsplit('\n').next().unwrap_or_default().trim();
    let asked = Asked { trace, cursor, line, scenario: &trace.scenario };
    let items = asked.answers(&wanted_at(&before[..from])?);
    let fits = |item: &Item| item.word.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed));
    let items: Vec<Item> = items.into_iter().filter(fits).take(MOST).collect();
    let done = items.len() == 1 && items[0].word.len() == typed.len();
    (!items.is_empty() && !done).then_some(Completion { from, items })
}

/// What the reader of texts says of a word that it cannot know, after all this.
fn wanted_at(before: &str) -> Option<Problem> {
    let marked = format!("{before}{MARK}");
    let problem = match text::read(&marked, known::protocols()) {
        Ok(read) if read.errors.len() < MAX_TEXT_ERRORS => read.errors.into_iter().last()?.problem,
        Ok(_) => return None,
        Err(error) => error.problem,
    };
    (problem.word() == Some(MARK)).then_some(problem)
}

struct Asked<'a> {
    trace: &'a Trace,
    scenario: &'a lightcone_engine::Scenario,
    cursor: Time,
    /// The line before the word.
    line: &'a str,
}

impl Asked<'_> {
    fn answers(&self, problem: &Problem) -> Vec<Item> {
        match problem {
            Problem::Unknown { what: "operation", .. } => self.operations(),
            Problem::Unknown { possible, .. } => possible.split(", ").map(|word| self.named(word)).collect(),
            Problem::Expected { what, .. } => match *what {
                wanted::LINK => self.links(),
                wanted::MESSAGE => self.messages(),
                wanted::TIMER => self.timers(),
                wanted::REQUEST => self.requests(),
                wanted::TIME => vec![Item { word: format!("{} ms", self.cursor), ..Item::default() }],
                what => {
                    let literal = what.strip_prefix('`').and_then(|what| what.strip_suffix('`'));
                    literal.map(|word| Item { word: word.into(), ..Item::default() }).into_iter().collect()
                }
            },
            _ => Vec::new(),
        }
    }

    /// A word of the format, or the name of a knob, a flaw or a node.
    fn named(&self, word: &str) -> Item {
        let specification = self.trace.specification();
        let knob = specification.parameters.iter().find(|each| each.id == word).map(|each| each.name);
        let flaw = specification.flaws.iter().find(|each| each.id == word).map(|each| each.sentence);
        let lights = self.lane(word).map(|node| (Selection::Lane(node), self.cursor));
        Item { word: word.into(), more: knob.or(flaw).unwrap_or_default().into(), lights, ..Item::default() }
    }

    /// The lane of this name.
    fn lane(&self, name: &str) -> Option<NodeId> {
        let place = self.trace.lanes().iter().position(|lane| lane.name == name)?;
        Some(NodeId(u8::try_from(place).ok()?))
    }

    /// The word before the one that is completed.
    fn last(&self) -> &str {
        self.line.split_whitespace().last().unwrap_or_default()
    }

    /// A word of the line that this edit would have.
    fn word(&self, edit: Edit, place: usize) -> String {
        text::encode_edit(self.scenario, &edit).split(' ').nth(place).unwrap_or_default().into()
    }

    fn links(&self) -> Vec<Item> {
        let (mut items, mut seen) = (Vec::new(), Vec::new());
        for message in &self.trace.messages {
            let link = (message.id.from, message.id.to);
            if !seen.contains(&link) {
                seen.push(link);
                let word = self.word(Edit::Drop { message: message.id }, 1);
                let lights = Some((Selection::Message(message.id), message.sent));
                items.push(Item { word, when: format!("{} ms", moment(message.sent)), lights, ..Item::default() });
            }
        }
        items
    }

    fn messages(&self) -> Vec<Item> {
        let copies = self.line.starts_with("copy");
        let Some((from, to)) = self.last().split_once('>') else { return Vec::new() };
        let link = (self.lane(from), self.lane(to));
        let all = self.trace.messages.iter();
        let of_link = all.filter(|it| (Some(it.id.from), Some(it.id.to)) == link);
        let items = of_link.filter_map(|it| {
            let named = if copies { free_copy(self.trace, it.id)? } else { it.id };
            Some(Item {
                word: self.word(Edit::Drop { message: named }, 2),
                more: it.payload.label(),
                when: format!("{} → {} ms", moment(it.sent), moment(it.arrives)),
                lights: Some((Selection::Message(it.id), it.arrives)),
            })
        });
        items.take(MOST * 4).collect()
    }

    fn timers(&self) -> Vec<Item> {
        let node = self.lane(self.last());
        let timers = self.trace.timers.iter().filter(|timer| Some(timer.id.node) == node);
        let items = timers.map(|timer| Item {
            word: self.word(Edit::Fire { timer: timer.id, at: timer.due }, 2),
            when: format!("{} → {} ms", moment(timer.armed), moment(timer.due)),
            lights: Some((Selection::Timer(timer.id), timer.due)),
            ..Item::default()
        });
        items.take(MOST * 4).collect()
    }

    fn requests(&self) -> Vec<Item> {
        let asked = self.trace.events.iter().filter_map(|event| Some((event.at, event.asked?)));
        let items = asked.map(|(at, (id, asked))| Item {
            word: format!("{}#{}", self.trace.name(id.node), id.ordinal),
            more: operation(self.trace, asked),
            when: format!("{} ms", moment(at)),
            lights: Some((Selection::Lane(id.node), at)),
        });
        items.collect()
    }

    /// What the lane that is named before can be asked for.
    fn operations(&self) -> Vec<Item> {
        let Some(node) = self.lane(self.last()) else { return Vec::new() };
        let asked = ask::operations(self.trace, node).into_iter();
        asked
            .map(|asked| {
                let edit = Edit::At { at: Time::ZERO, action: Action::Request { node, operation: asked } };
                let line = text::encode_edit(self.scenario, &edit);
                let word = line.splitn(6, ' ').last().unwrap_or_default().to_owned();
                Item { word, more: sentence(&operation(self.trace, asked)), ..Item::default() }
            })
            .collect()
    }
}
