//! Reads a history. An error names the line and the problem.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::limits::{MAX_HISTORY_BYTES, MAX_HISTORY_DEPTH, MAX_HISTORY_OPERATIONS};
use lightcone_judges::Datum;
use lightcone_judges::{Call, Disorder, Recorded};

/// An error in a text, with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdnError {
    /// The line, counted from 1; 0 for the whole text.
    pub line: u32,
    /// What is wrong with that line.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is longer than [`MAX_HISTORY_BYTES`].
    TooLong,
    /// There are more than [`MAX_HISTORY_OPERATIONS`] operations.
    TooMany,
    /// Brackets are nested deeper than [`MAX_HISTORY_DEPTH`].
    TooDeep,
    /// The text ends inside a form.
    Ends {
        /// The form, which began at this line: "a map".
        inside: &'static str,
    },
    /// A form is not of the expected kind.
    Expected {
        /// What was expected: "a map".
        what: &'static str,
        /// The form in its place, shortened if it is long.
        word: String,
    },
    /// The map lacks a key.
    Missing {
        /// The missing key: ":process".
        key: &'static str,
    },
    /// A process asks while it waits, or is answered while it does not wait.
    Disorder {
        /// The number of the process.
        process: u32,
        /// Which of the two it did.
        disorder: Disorder,
    },
}

impl fmt::Display for EdnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "Line {}: ", self.line)?;
        }
        match &self.problem {
            Problem::TooLong => {
                write!(f, "This text is longer than the limit of {} MiB.", MAX_HISTORY_BYTES >> 20)
            }
            Problem::TooMany => {
                write!(f, "There are more operations than the limit of {MAX_HISTORY_OPERATIONS}.")
            }
            Problem::TooDeep => write!(f, "More than {MAX_HISTORY_DEPTH} brackets stand in each other."),
            Problem::Ends { inside } => write!(f, "The text ends inside {inside} that begins here."),
            Problem::Expected { what, word } => write!(f, "`{word}` is where {what} should be."),
            Problem::Missing { key } => write!(f, "This operation has no `{key}`."),
            Problem::Disorder { process, disorder: Disorder::AsksWhileWaiting } => {
                write!(f, "Process {process} asks while it waits for an answer.")
            }
            Problem::Disorder { process, disorder: Disorder::AnsweredWithoutAsking } => {
                write!(f, "Process {process} is answered while it waits for nothing.")
            }
        }
    }
}

impl core::error::Error for EdnError {}

/// Reads a history.
///
/// # Errors
/// The text is no history, or too long.
pub fn read(text: &str) -> Result<Recorded, EdnError> {
    if text.len() > MAX_HISTORY_BYTES {
        return Err(EdnError { line: 0, problem: Problem::TooLong });
    }
    let mut reader = Reader { rest: text, line: 1 };
    let mut history = Recorded::default();
    let mut vector = None;
    loop {
        reader.pass_over(0)?;
        let line = reader.line;
        match (reader.peek(), vector) {
            (Some('[' | '('), None) => {
                reader.next();
                vector = Some(line);
            }
            (Some(']' | ')'), Some(_)) => {
                reader.next();
                vector = None;
            }
            (None, Some(line)) => return Err(EdnError { line, problem: Problem::Ends { inside: "a vector" } }),
            (None, None) => return Ok(history),
            _ => {
                let form = reader.form(0)?;
                add(&mut history, form).map_err(|problem| EdnError { line, problem })?;
            }
        }
    }
}

/// Adds what a process did.
fn add(history: &mut Recorded, form: Datum) -> Result<(), Problem> {
    let Datum::Map(mut pairs) = form else { return Err(expected("a map", &form)) };
    let mut value = |key: &str| {
        let found = pairs.iter_mut().find(|(each, _)| matches!(each, Datum::Keyword(word) if word == key));
        found.map(|(_, value)| core::mem::replace(value, Datum::Nil))
    };
    let process = match value("process").ok_or(Problem::Missing { key: ":process" })? {
        Datum::Integer(number) => {
            u32::try_from(number).map_err(|_| expected("a process's number", &Datum::Integer(number)))?
        }
        // A line about the system, not a client: `:nemesis`.
        Datum::Keyword(_) => return Ok(()),
        other => return Err(expected("a process's number", &other)),
    };
    let sort = value("type").ok_or(Problem::Missing { key: ":type" })?;
    let Datum::Keyword(word) = &sort else { return Err(expected(":invoke, :ok, :fail or :info", &sort)) };
    let done = match word.as_str() {
        "invoke" => {
            let function = match value("f").ok_or(Problem::Missing { key: ":f" })? {
                Datum::Keyword(word) => word,
                Datum::Symbol(word) if !word.starts_with('\\') => word,
                other => return Err(expected("what is asked, such as :read,", &other)),
            };
            if history.entries().len() == MAX_HISTORY_OPERATIONS {
                return Err(Problem::TooMany);
            }
            history.call(process, Call { function, value: value("value").unwrap_or(Datum::Nil) })
        }
        "ok" => history.answer(process, value("value").unwrap_or(Datum::Nil)),
        "fail" => history.fail(process),
        "info" => history.give_up(process),
        _ => return Err(expected(":invoke, :ok, :fail or :info", &sort)),
    };
    done.map(|_| ()).map_err(|disorder| Problem::Disorder { process, disorder })
}

fn expected(what: &'static str, found: &Datum) -> Problem {
    let word = match found {
        Datum::Map(_) => "{…}".to_string(),
        Datum::List(_) => "[…]".to_string(),
        found => shortened(&found.to_string()),
    };
    Problem::Expected { what, word }
}

/// At most 40 characters.
fn shortened(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.into(),
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

/// Whether a character ends a word.
fn ends_word(each: char) -> bool {
    each.is_whitespace() || matches!(each, ',' | ';' | '"' | '(' | ')' | '[' | ']' | '{' | '}')
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        self.line += u32::from(next == '\n');
        Some(next)
    }

    fn wrong<T>(&self, problem: Problem) -> Result<T, EdnError> {
        Err(EdnError { line: self.line, problem })
    }

    /// Skips space, commas, comments, and `#_` with the form after it.
    fn pass_over(&mut self, depth: u32) -> Result<(), EdnError> {
        loop {
            match self.peek() {
                Some(each) if each.is_whitespace() || each == ',' => _ = self.next(),
                Some(';') => {
                    while self.peek().is_some_and(|each| each != '\n') {
                        self.next();
                    }
                }
                Some('#') if self.rest.starts_with("#_") => {
                    self.rest = &self.rest[2..];
                    self.form(depth + 1)?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// Reads one form with all that it contains.
    fn form(&mut self, depth: u32) -> Result<Datum, EdnError> {
        if depth > MAX_HISTORY_DEPTH {
            return self.wrong(Problem::TooDeep);
        }
        self.pass_over(depth)?;
        match self.peek() {
            Some('[') => self.list(']', depth).map(Datum::List),
            Some('(') => self.list(')', depth).map(Datum::List),
            Some('{') => self.map(depth),
            Some('"') => self.text().map(Datum::Text),
            Some('#') => self.tagged(depth),
            Some('\\') => Ok(self.character()),
            Some(each @ (')' | ']' | '}')) => self.wrong(Problem::Expected { what: "a value", word: each.to_string() }),
            Some(_) => self.word(),
            None => self.wrong(Problem::Ends { inside: "a form" }),
        }
    }

    /// Reads forms up to the closing bracket. The opening bracket is next.
    fn list(&mut self, end: char, depth: u32) -> Result<Vec<Datum>, EdnError> {
        let line = self.line;
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
                    return Err(EdnError { line, problem: Problem::Ends { inside } });
                }
            }
        }
    }

    fn map(&mut self, depth: u32) -> Result<Datum, EdnError> {
        let line = self.line;
        let mut all = self.list('}', depth)?.into_iter();
        let mut pairs = Vec::with_capacity(all.len() / 2);
        while let Some(key) = all.next() {
            let Some(value) = all.next() else {
                let problem = Problem::Expected { what: "a key with its value", word: shortened(&key.to_string()) };
                return Err(EdnError { line, problem });
            };
            pairs.push((key, value));
        }
        Ok(Datum::Map(pairs))
    }

    fn text(&mut self) -> Result<String, EdnError> {
        let line = self.line;
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => match self.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(each) => text.push(each),
                    None => {}
                },
                Some(each) => text.push(each),
                None => return Err(EdnError { line, problem: Problem::Ends { inside: "a text" } }),
            }
        }
    }

    /// `#{1 2}`, `#"text"`, or a form behind its tag: `#jepsen.history.Op{…}`, `#inst "…"`.
    fn tagged(&mut self, depth: u32) -> Result<Datum, EdnError> {
        self.next();
        match self.peek() {
            Some('{') => self.list('}', depth).map(Datum::List),
            Some('"') => self.text().map(Datum::Text),
            _ => {
                self.letters();
                self.form(depth + 1)
            }
        }
    }

    /// `\a`, `\newline`, and `\(`, as they stand.
    fn character(&mut self) -> Datum {
        let from = self.rest;
        self.next();
        self.next();
        self.letters();
        Datum::Symbol(from[..from.len() - self.rest.len()].into())
    }

    fn letters(&mut self) -> &'a str {
        let end = self.rest.find(ends_word).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn word(&mut self) -> Result<Datum, EdnError> {
        let word = self.letters();
        Ok(match word {
            "nil" => Datum::Nil,
            "true" => Datum::Boolean(true),
            "false" => Datum::Boolean(false),
            _ => match word.strip_prefix(':') {
                Some("") => return self.wrong(Problem::Expected { what: "a word", word: ":".into() }),
                Some(name) => Datum::Keyword(name.into()),
                // `12N` is an integer of any size.
                None => match word.strip_suffix('N').unwrap_or(word).parse() {
                    Ok(number) => Datum::Integer(number),
                    Err(_) => Datum::Symbol(word.into()),
                },
            },
        })
    }
}
