//! Questions and answers as links: format 2. A program that reads format 1 alone says of such a link that it is from a newer
//! Lightcone.
//!
//! The body is that of format 1 with a record before it: a byte for what it is ([`QUESTION`], [`ANSWER`]), the length of its text
//! in bytes, and the text, the lines of the section `challenge` or `answer` ([`crate::text`]) without indent. A link without a
//! question or an answer is of format 1, as ever.

use super::bytes::{Reader, Stop, push_varint};
use super::{ASKING, Decoded, LinkError, seal, write};
use crate::text::{Numbered, encode_challenge, encode_reply, read_answer, read_challenge};
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::limits::MAX_EXPECTATIONS;
use lightcone_engine::run::Scenario;
use lightcone_engine::run::question::{Attempt, Question};

const QUESTION: u8 = 1;
const ANSWER: u8 = 2;

/// What a link is, besides a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    /// Nothing else.
    #[default]
    Nothing,
    /// A question: the lines of its section, not yet read ([`Decoded::question`]).
    Question(String),
    /// An answer: the lines of its section, not yet read ([`Decoded::answer`]).
    Answer(String),
}

/// The link form of a question. Its title and note are in it.
#[must_use]
pub fn encode_question(question: &Question) -> String {
    let scenario = question.scenario.without_moves();
    record(QUESTION, &encode_challenge(&question.challenge, &scenario), &scenario)
}

/// The link form of an answer to the question with this hash ([`crate::text::question_hash`]). It has the run and the moves, so
/// that it opens without the question, and neither title nor note.
#[must_use]
pub fn encode_answer(hash: u64, attempt: &Attempt) -> String {
    let Attempt { scenario, reply } = attempt;
    let scenario = Scenario { title: String::new(), note: String::new(), ..scenario.clone() };
    record(ANSWER, &encode_reply(hash, *reply, &scenario), &scenario)
}

fn record(what: u8, text: &str, scenario: &Scenario) -> String {
    let mut bytes = Vec::from([what]);
    push_varint(&mut bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend(write::body(scenario));
    seal(ASKING, &bytes)
}

/// Reads the record; what is left is the body of a run.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Asks, Stop> {
    let what = reader.byte()?;
    let length: usize = reader.number()?;
    let text = core::str::from_utf8(reader.bytes(length)?).map_err(|_| Stop::Wrong)?;
    match what {
        QUESTION => Ok(Asks::Question(text.into())),
        ANSWER => Ok(Asks::Answer(text.into())),
        _ => Err(Stop::Wrong),
    }
}

impl Decoded {
    /// The question that the link is; none if it is something else.
    ///
    /// # Errors
    /// Its lines cannot be read, or a part of it is out of its bounds.
    pub fn question(&self) -> Result<Option<Question>, LinkError> {
        let Asks::Question(text) = &self.asks else { return Ok(None) };
        let challenge = read_challenge(&lines(text), &self.scenario).map_err(LinkError::Asks)?;
        let question = Question { scenario: self.scenario.without_moves(), challenge };
        question.check().map_err(LinkError::Invalid)?;
        Ok(Some(question))
    }

    /// The answer that the link is, and the hash of its question; none if it is something else.
    ///
    /// # Errors
    /// Its lines cannot be read.
    pub fn answer(&self) -> Result<Option<(u64, Attempt)>, LinkError> {
        let Asks::Answer(text) = &self.asks else { return Ok(None) };
        let (hash, attempt) = read_answer(&lines(text), self.scenario.clone()).map_err(LinkError::Asks)?;
        Ok(Some((hash.ok_or(LinkError::Damaged)?, attempt)))
    }
}

fn lines(text: &str) -> Vec<Numbered<'_>> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()).take(MAX_EXPECTATIONS).collect()
}
