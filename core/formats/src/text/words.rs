//! Reads the words of a line.

use super::error::{Problem, quoted, wanted};
use super::names::{Names, listed};
use core::str::SplitWhitespace;
use lightcone_engine::id::{MessageId, TimerId};
use lightcone_engine::time::Time;

/// The words of a line, one after the other.
#[derive(Clone)]
pub struct Words<'a>(SplitWhitespace<'a>);

impl<'a> Words<'a> {
    /// The words of a line.
    #[must_use]
    pub fn of(line: &'a str) -> Words<'a> {
        Words(line.split_whitespace())
    }

    /// The next word, or the error that `what` is missing.
    pub fn next(&mut self, what: &'static str) -> Result<&'a str, Problem> {
        self.0.next().ok_or(Problem::Missing { what })
    }

    /// Checks that no word follows.
    pub fn end(&mut self) -> Result<(), Problem> {
        self.0.next().map_or(Ok(()), |word| Err(Problem::Surplus { word: quoted(word) }))
    }

    /// The place of the next word among `words`.
    pub fn one_of(&mut self, what: &'static str, words: &[&'static str]) -> Result<usize, Problem> {
        let word = self.next(what)?;
        words.iter().position(|each| *each == word).ok_or_else(|| unknown(what, word, words.iter().copied()))
    }

    /// A time: `326.4 ms`.
    pub fn millis(&mut self) -> Result<Time, Problem> {
        let word = self.next(wanted::TIME)?;
        let time = Time::from_text(word).ok_or_else(|| Problem::Expected { what: wanted::TIME, word: quoted(word) })?;
        self.word("ms", "`ms`")?;
        Ok(time)
    }

    /// `at 326.4 ms`.
    pub fn at_millis(&mut self) -> Result<Time, Problem> {
        self.word("at", "`at`")?;
        self.millis()
    }

    /// A time that may be negative, in microseconds.
    pub fn signed_millis(&mut self) -> Result<i32, Problem> {
        let word = self.next(wanted::TIME)?;
        let (sign, length) = word.strip_prefix('-').map_or((1, word), |length| (-1, length));
        let micros = Time::from_text(length).and_then(|time| i64::try_from(time.micros()).ok());
        let micros = micros.and_then(|micros| i32::try_from(sign * micros).ok());
        self.word("ms", "`ms`")?;
        micros.ok_or_else(|| Problem::Expected { what: "a time up to 60000 ms, either way", word: quoted(word) })
    }

    /// A number, or the error that the word is not `what`.
    pub fn number<T: core::str::FromStr>(&mut self, what: &'static str) -> Result<T, Problem> {
        let word = self.next(what)?;
        word.parse().map_err(|_| Problem::Expected { what, word: quoted(word) })
    }

    /// The word `expected`, which messages call `what`.
    pub fn word(&mut self, expected: &str, what: &'static str) -> Result<(), Problem> {
        let word = self.next(what)?;
        if word == expected { Ok(()) } else { Err(Problem::Expected { what, word: quoted(word) }) }
    }

    /// `S5>S3 Vote#1`.
    pub fn message(&mut self, names: &Names) -> Result<MessageId, Problem> {
        let link = names.read_link(self.next(wanted::LINK)?)?;
        names.read_message(link, self.next(wanted::MESSAGE)?)
    }

    /// `S2 Election#3`.
    pub fn timer(&mut self, names: &Names) -> Result<TimerId, Problem> {
        let node = names.read_lane(self.next("a lane")?)?;
        names.read_timer_of(node, self.next(wanted::TIMER)?)
    }
}

/// The error that `word` names nothing, with the words that would.
pub fn unknown(what: &'static str, word: &str, possible: impl Iterator<Item = &'static str>) -> Problem {
    Problem::Unknown { what, word: quoted(word), possible: listed(possible) }
}
