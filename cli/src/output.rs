//! What the program says, and how. A reader that has gone away (`check raft | head -1`) ends it quietly. What comes from
//! outside, such as a title or a wrong argument, is shown without control characters, and in an error not at full length.

use lightcone_judges::is_unseen;
use std::fmt::{Arguments, Write as _};
use std::io::{ErrorKind, Write};

/// The exit code of a program whose reader has gone away: that of one that the signal for it ends. It is no answer.
const NOBODY_READS: i32 = 141;
/// Characters of a word and of a line that an error repeats.
const LONGEST_WORD: usize = 160;
const LONGEST_LINE: usize = 1_000;

/// Writes a line to the standard output.
pub fn line(text: Arguments<'_>) {
    let text = escaped(&text.to_string()) + "\n";
    let mut output = std::io::stdout().lock();
    let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush()) else { return };
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(NOBODY_READS);
    }
    complain(&format!("the output cannot be written: {error}"));
    std::process::exit(crate::Answer::Unreadable as i32);
}

/// Writes why there is no answer to the standard error. Whether anybody reads it does not matter.
pub fn complain(why: &str) {
    let lines: Vec<String> = escaped(why).lines().map(shortened).collect();
    _ = writeln!(std::io::stderr(), "lightcone: {}", lines.join("\n"));
}

/// The text without what a terminal would obey: control characters, and those that turn the direction of writing.
fn escaped(text: &str) -> String {
    let obeyed = |letter: char| is_unseen(letter) && !matches!(letter, '\n' | '\t');
    if !text.contains(obeyed) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if obeyed(letter) {
            // Writing to a string does not fail.
            _ = write!(escaped, "{}", letter.escape_default());
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// A line whose long words, and whose end if it is long itself, are left out.
fn shortened(line: &str) -> String {
    let words: Vec<String> = line.split(' ').map(|word| cut(word, LONGEST_WORD)).collect();
    cut(&words.join(" "), LONGEST_LINE)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
    }
}
