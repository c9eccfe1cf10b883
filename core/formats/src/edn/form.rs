//! Reads forms of EDN, and knows the line and column.
//!
//! It is written by hand because `clojure-reader`, the reader without `std` that is kept up, bounds neither the depth nor the
//! number of forms, and refuses what Jepsen writes: `##NaN`, `12N`, `"\u001b"`, a set with a value twice.

use super::error::{EdnError, Problem};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use lightcone_engine::limits::{MAX_HISTORY_DEPTH, MAX_HISTORY_FORMS};
use lightcone_judges::{Datum, is_unseen, shortened};

/// Reads one value that stands alone.
///
/// # Errors
/// The text has no value, or more than one.
pub fn value(text: &str) -> Result<Datum, EdnError> {
    let mut reader = Reader::of(text);
    let read = reader.form(0).and_then(|form| {
        reader.pass_over(0)?;
        match reader.peek() {
            None => Ok(form),
            Some(each) => Err(reader.here().wrong(Problem::Expected { what: "the end", word: each.to_string() })),
        }
    });
    read.map_err(|wrong| wrong.told(text))
}

/// A place in the text. Its column is counted only for an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub line: u32,
    line_begins: usize,
    at: usize,
}

/// An error whose column is not counted yet.
#[derive(Debug)]
pub(super) struct Wrong(pub Mark, pub Problem);

impl Mark {
    pub(super) fn wrong(self, problem: Problem) -> Wrong {
        Wrong(self, problem)
    }
}

impl Wrong {
    pub(super) fn told(self, text: &str) -> EdnError {
        let Wrong(Mark { line, line_begins, at }, problem) = self;
        let before = text.get(line_begins..at).unwrap_or_default();
        EdnError { line, column: before.chars().count() as u32 + 1, problem }
    }
}

/// The error that a form is not of the expected kind.
pub(super) fn expected(what: &'static str, found: &Datum) -> Problem {
    let word = match found {
        Datum::Map(_) => "{…}".to_string(),
        Datum::List(_) => "[…]".to_string(),
        Datum::Set(_) => "#{…}".to_string(),
        found => shortened(found),
    };
    Problem::Expected { what, word }
}

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_begins: usize,
    /// The number of forms that were read and may be kept.
    pub forms: usize,
}

/// Whether a character ends a word.
fn ends_word(each: char) -> bool {
    each.is_whitespace() || matches!(each, ',' | ';' | '"' | '(' | ')' | '[' | ']' | '{' | '}')
}

impl<'a> Reader<'a> {
    /// Reads a text. A mark of byte order at its beginning is skipped.
    pub(super) fn of(text: &'a str) -> Reader<'a> {
        let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Reader { text, at, line: 1, line_begins: at, forms: 0 }
    }

    /// Reads a part of the same text.
    pub(super) fn part(&self, from: usize, to: usize) -> Reader<'a> {
        Reader { text: &self.text[..to], at: from, ..*self }
    }

    /// The rest of this line, and the place where it begins.
    pub(super) fn whole_line(&mut self) -> Option<(usize, &'a str)> {
        let (from, rest) = (self.at, self.rest());
        let line = rest.split('\n').next().filter(|_| !rest.is_empty())?;
        Some((from, line))
    }

    /// Goes to the next line; this one has `length` bytes left.
    pub(super) fn next_line(&mut self, length: usize) {
        self.at += length;
        self.next();
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        if next == '\n' {
            self.line += 1;
            self.line_begins = self.at;
        }
        Some(next)
    }

    pub(super) fn here(&self) -> Mark {
        Mark { line: self.line, line_begins: self.line_begins, at: self.at }
    }

    /// Skips space, commas, comments, and `#_` with the form after it.
    pub(super) fn pass_over(&mut self, depth: u32) -> Result<(), Wrong> {
        loop {
            match self.peek() {
                Some(each) if each.is_whitespace() || each == ',' => _ = self.next(),
                Some(';') => {
                    while self.peek().is_some_and(|each| each != '\n') {
                        self.next();
                    }
                }
                Some('#') if self.rest().starts_with("#_") => {
                    self.at += 2;
                    self.form(depth + 1)?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// Reads one form with all that it contains.
    pub(super) fn form(&mut self, depth: u32) -> Result<Datum, Wrong> {
        if depth > MAX_HISTORY_DEPTH {
            return Err(self.here().wrong(Problem::TooDeep));
        }
        self.pass_over(depth)?;
        self.forms += 1;
        if self.forms > MAX_HISTORY_FORMS {
            return Err(self.here().wrong(Problem::TooManyForms));
        }
        match self.peek() {
            Some('[') => self.list(']', depth).map(Datum::List),
            Some('(') => self.list(')', depth).map(Datum::List),
            Some('{') => self.map(depth, None),
            Some('"') => self.text().map(Datum::Text),
            Some('#') => self.tagged(depth),
            Some('\\') => self.character(),
            Some(each @ (')' | ']' | '}')) => {
                Err(self.here().wrong(Problem::Expected { what: "a value", word: each.to_string() }))
            }
            Some(_) => self.word(),
            None => Err(self.here().wrong(Problem::Ends { inside: "a form" })),
        }
    }

    /// Reads forms up to the closing bracket. The opening bracket is next.
    fn list(&mut self, end: char, depth: u32) -> Result<Vec<Datum>, Wrong> {
        let begins = self.here();
        self.next();
        let mut all = Vec::new();
        loop {
            self.pass_over(depth)?;
            match self.peek() {
                Some(each) if each == end => {
                    self.next();
                    return Ok(all);
                }
                Some(_) => all.push(self.form(depth + 1)?),
                None => {
                    let inside = if end == '}' { "a map" } else { "a vector" };
                    return Err(begins.wrong(Problem::Ends { inside }));
                }
            }
        }
    }

    /// Reads a map. Keys without a namespace get this one.
    fn map(&mut self, depth: u32, namespace: Option<&str>) -> Result<Datum, Wrong> {
        let begins = self.here();
        let mut all = self.list('}', depth)?.into_iter();
        let mut pairs = Vec::with_capacity(all.len() / 2);
        while let Some(key) = all.next() {
            let Some(value) = all.next() else {
                let problem = Problem::Expected { what: "a key with its value", word: shortened(&key) };
                return Err(begins.wrong(problem));
            };
            pairs.push((namespace.map_or_else(|| key.clone(), |space| named(space, &key)), value));
        }
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Datum::Map(pairs))
    }

    fn text(&mut self) -> Result<String, Wrong> {
        let begins = self.here();
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.extend(self.escaped()),
                Some(each) => text.push(each),
                None => return Err(begins.wrong(Problem::Ends { inside: "a text" })),
            }
        }
    }

    /// Reads what follows a backslash in a text.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'u' => {
                let code = self.rest().get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let Some(code) = code else { return Some('u') };
                self.at += 4;
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            each => each,
        })
    }

    /// `#{1 2}`, `##NaN`, `#"text"`, `#:space{:a 1}`, or a form behind its tag: `#jepsen.history.Op{…}`, `#inst "…"`.
    fn tagged(&mut self, depth: u32) -> Result<Datum, Wrong> {
        let begins = self.at;
        self.next();
        match self.peek() {
            Some('{') => {
                let mut all = self.list('}', depth)?;
                all.sort();
                all.dedup();
                Ok(Datum::Set(all))
            }
            Some('"') => self.text().map(Datum::Text),
            Some('#') => {
                self.letters()?;
                Ok(Datum::Symbol(self.text[begins..self.at].into()))
            }
            _ => {
                let tag = self.letters()?;
                match tag.strip_prefix(':') {
                    Some(space) if self.peek() == Some('{') => self.map(depth, Some(space.trim_start_matches(':'))),
                    _ => Ok(Datum::Tagged(tag.into(), Box::new(self.form(depth + 1)?))),
                }
            }
        }
    }

    /// `\a`, `\newline`, and `\(`, as they stand.
    fn character(&mut self) -> Result<Datum, Wrong> {
        let (begins, mark) = (self.at, self.here());
        self.next();
        if let Some(character) = self.next().filter(|each| is_unseen(*each)) {
            return Err(mark.wrong(Problem::Unseen { character }));
        }
        self.letters()?;
        Ok(Datum::Symbol(self.text[begins..self.at].into()))
    }

    fn letters(&mut self) -> Result<&'a str, Wrong> {
        let rest = self.rest();
        let end = rest.find(ends_word).unwrap_or(rest.len());
        let word = &rest[..end];
        if let Some(character) = word.chars().find(|each| is_unseen(*each)) {
            return Err(self.here().wrong(Problem::Unseen { character }));
        }
        self.at += end;
        Ok(word)
    }

    fn word(&mut self) -> Result<Datum, Wrong> {
        let begins = self.here();
        let word = self.letters()?;
        Ok(match word {
            "nil" => Datum::Nil,
            "true" => Datum::Boolean(true),
            "false" => Datum::Boolean(false),
            _ => match word.strip_prefix(':') {
                Some("") => return Err(begins.wrong(Problem::Expected { what: "a word", word: ":".into() })),
                Some(name) => Datum::Keyword(name.into()),
                None => number(word).unwrap_or_else(|| Datum::Symbol(word.into())),
            },
        })
    }
}

/// An integer: `12`, or `12N`, which may have any size. One that is too long stays as it is written.
fn number(word: &str) -> Option<Datum> {
    let digits = word.strip_suffix('N').unwrap_or(word);
    let all_digits = digits.strip_prefix(['-', '+']).unwrap_or(digits).bytes().all(|each| each.is_ascii_digit());
    match digits.parse() {
        Ok(number) => Some(Datum::Integer(number)),
        Err(_) if all_digits && digits.ends_with(|each: char| each.is_ascii_digit()) => {
            Some(Datum::Symbol(digits.trim_start_matches('+').into()))
        }
        Err(_) => None,
    }
}

/// A key in a namespace: `:a` in `s` is `:s/a`; `:_/a` is `:a` everywhere.
fn named(space: &str, key: &Datum) -> Datum {
    match key {
        Datum::Keyword(word) => match word.strip_prefix("_/") {
            Some(bare) if !bare.is_empty() => Datum::Keyword(bare.into()),
            _ if word.contains('/') => key.clone(),
            _ => Datum::Keyword(format!("{space}/{word}")),
        },
        other => other.clone(),
    }
}
