//! What is wrong with a lesson, and where.

use std::fmt;

/// Something in a lesson's file that cannot stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as it is named from the repository's top.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what could stand there instead.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// How many names a fault lists at most: more do not help anybody.
const MOST_NAMES: usize = 24;

/// "There is no … `name`", with those that there are: those that resemble it first.
#[must_use]
pub fn no_such(kind: &str, name: &str, among: &str, there: impl IntoIterator<Item = String>) -> String {
    let mut there: Vec<String> = there.into_iter().collect();
    there.sort_by_key(|other| std::cmp::Reverse(alike(other, name)));
    let more = there.len().saturating_sub(MOST_NAMES);
    there.truncate(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let there = if there.is_empty() { "nothing".to_owned() } else { there.join(", ") };
    format!("there is no {kind} `{name}`; {among}: {there}{more}")
}

/// How many letters two names share at their beginning.
fn alike(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
}
