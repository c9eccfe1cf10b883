//! `lightcone`: the page's functions for scripts. It replays a run and says which promises hold, searches for a run that
//! breaks a promise, draws a run, writes it for other tools, judges a recorded history, and
//! grades answers to a question.
//!
//! Results go to the standard output, errors in the arguments or the input to the standard error. The exit code is the
//! answer: see [`Answer`].

#![forbid(unsafe_code)]

/// As that of the standard library, but for readers that go away and for control characters ([`output::line`]). It stands
/// before the modules, so that it is meant in all of them.
macro_rules! println {
    () => { crate::output::line(format_args!("")) };
    ($($text:tt)*) => { crate::output::line(format_args!($($text)*)) };
}

mod check;
mod draw;
mod export;
mod grade;
mod judge;
mod output;
mod replay;
mod run;
mod words;

use std::io::Read;
use std::process::ExitCode;

/// The answer of a command, which becomes the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Every promise is kept, and no run that breaks one was found; or what was asked for was found; or the history is
    /// explained; or every answer solves the question.
    Holds = 0,
    /// A promise is broken, or a run that breaks one was found, or an expectation is wrong; or what was asked for was not
    /// found; or the history cannot be explained; or an answer does not solve the question.
    Broken = 1,
    /// The input cannot be read, or an argument is wrong.
    Unreadable = 2,
    /// A limit ended the run, the search or the judging before it had an answer.
    Undecided = 3,
}

impl Answer {
    /// The answer to two questions: what is wrong counts before what is not known.
    pub fn and(self, other: Answer) -> Answer {
        match (self, other) {
            (Answer::Broken, _) | (_, Answer::Broken) => Answer::Broken,
            (Answer::Holds, other) => other,
            (this, _) => this,
        }
    }
}

fn main() -> ExitCode {
    let answer = answer().unwrap_or_else(|why| {
        output::complain(&why);
        Answer::Unreadable
    });
    ExitCode::from(answer as u8)
}

fn answer() -> Result<Answer, String> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next().map_err(|error| error.to_string())? {
        None => return Err(format!("{}\n\n{}", "No command is given.", words::HELP)),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => return Ok(say(words::HELP)),
        Some(lexopt::Arg::Long("version") | lexopt::Arg::Short('V')) => return Ok(say(words::VERSION)),
        Some(lexopt::Arg::Value(command)) => command,
        Some(other) => return Err(other.unexpected().to_string()),
    };
    match command.to_str() {
        Some("check") => check::command(arguments),
        Some("draw") => draw::command(arguments),
        Some("export") => export::command(arguments),
        Some("grade") => grade::command(arguments),
        Some("judge") => judge::command(arguments),
        Some("help") => Ok(say(words::HELP)),
        _ => Err(format!("`{}` is no command; see `lightcone --help`", command.to_string_lossy())),
    }
}

fn say(text: &str) -> Answer {
    println!("{text}");
    Answer::Holds
}

/// Whether a format's name is that of JSON, and not that of text for people.
fn format_named(name: &str) -> Result<bool, String> {
    match name {
        "json" => Ok(true),
        "text" => Ok(false),
        _ => Err(format!("there is no format `{name}`, only text and json")),
    }
}

/// The content of a file; `-` is the standard input.
fn content(file: &str, most_bytes: usize) -> Result<String, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("`{file}` cannot be read: {why}");
    let limit = most_bytes as u64 + 1;
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| cannot(&error))?;
    if bytes.len() > most_bytes {
        return Err(cannot(&format!("it has more than {most_bytes} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| cannot(&"it is not text"))
}
