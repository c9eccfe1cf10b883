//! `lightcone`: what the page does, for scripts. Replays a run, says which promises hold, searches for a run that breaks
//! one; draws a run; judges a recorded history.
//!
//! What is asked for goes to the standard output, what is wrong with the question to the standard error. The exit code is
//! the answer: see [`Answer`].

#![forbid(unsafe_code)]

mod check;
mod draw;
mod json;
mod judge;
mod run;
mod words;

use std::io::{Read, Write};
use std::process::ExitCode;

/// What a command answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Every promise holds and nothing that breaks one was found; the history is explained.
    Holds = 0,
    /// A promise is broken or was found to break; the history cannot be explained.
    Broken = 1,
    /// What was asked cannot be done: the input cannot be read, or an argument is wrong.
    Unreadable = 2,
    /// A limit ended the search or the judging before anything was found.
    Undecided = 3,
}

fn main() -> ExitCode {
    let answer = answer().unwrap_or_else(|why| {
        // Nobody may be there to read it.
        _ = writeln!(std::io::stderr(), "lightcone: {why}");
        Answer::Unreadable
    });
    ExitCode::from(answer as u8)
}

fn answer() -> Result<Answer, String> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next().map_err(|error| error.to_string())? {
        None => return Err(format!("{}\n\n{}", "What shall it do?", words::HELP)),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => return Ok(say(words::HELP)),
        Some(lexopt::Arg::Long("version") | lexopt::Arg::Short('V')) => return Ok(say(words::VERSION)),
        Some(lexopt::Arg::Value(command)) => command,
        Some(other) => return Err(other.unexpected().to_string()),
    };
    match command.to_str() {
        Some("check") => check::command(arguments),
        Some("draw") => draw::command(arguments),
        Some("judge") => judge::command(arguments),
        Some("help") => Ok(say(words::HELP)),
        _ => Err(format!("there is no command `{}`; see `lightcone --help`", visible(&command.to_string_lossy()))),
    }
}

fn say(text: &str) -> Answer {
    print(&format!("{text}\n"));
    Answer::Holds
}

/// Writes to the standard output, to whose end nobody need read.
fn print(text: &str) {
    let mut output = std::io::stdout().lock();
    _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// A word of the question as it can be repeated: no longer than a line, and no character that moves a cursor.
fn visible(text: &str) -> String {
    let shown = text.chars().take(lightcone_judges::MAX_SHOWN);
    let mut shown: String =
        shown.map(|each| if lightcone_judges::is_unseen(each) { '\u{FFFD}' } else { each }).collect();
    if text.chars().count() > lightcone_judges::MAX_SHOWN {
        shown.push('…');
    }
    shown
}

/// What is in a file; `-` is the standard input.
fn content(file: &str, most_bytes: usize) -> Result<String, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("`{}` cannot be read: {why}", visible(file));
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
