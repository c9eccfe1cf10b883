//! A value of a recorded history, before anybody says what it means.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

/// A form of EDN, as far as histories need it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datum {
    /// `nil`
    Nil,
    /// `true`, `false`
    Boolean(bool),
    /// `-3`
    Integer(i64),
    /// `:x`, without the colon.
    Keyword(String),
    /// `"x"`, without the quotes.
    Text(String),
    /// Anything else without brackets, as it stands: `read`, `1.5`, `\a`.
    Symbol(String),
    /// A vector or list.
    List(Vec<Datum>),
    /// A set, in order: two with the same elements are equal.
    Set(Vec<Datum>),
    /// A map, in the order of its keys.
    Map(Vec<(Datum, Datum)>),
    /// A form behind its tag: `#inst "2024-01-01"`.
    Tagged(String, Box<Datum>),
}

impl Datum {
    /// Both elements of a vector of two.
    #[must_use]
    pub fn pair(&self) -> Option<(&Datum, &Datum)> {
        match self {
            Datum::List(both) => match both.as_slice() {
                [first, second] => Some((first, second)),
                _ => None,
            },
            _ => None,
        }
    }

    /// How it names something: `x` for `:x` and `"x"`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Datum::Text(word) if word.chars().any(is_unseen) => shortened(self),
            Datum::Keyword(word) | Datum::Text(word) | Datum::Symbol(word) => shortened(word),
            other => shortened(other),
        }
    }

    /// How many forms it is made of.
    #[must_use]
    pub fn forms(&self) -> usize {
        1 + match self {
            Datum::List(all) | Datum::Set(all) => all.iter().map(Datum::forms).sum(),
            Datum::Map(all) => all.iter().map(|(key, value)| key.forms() + value.forms()).sum(),
            Datum::Tagged(_, form) => form.forms(),
            _ => 0,
        }
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Datum::Nil => f.write_str("nil"),
            Datum::Boolean(truth) => write!(f, "{truth}"),
            Datum::Integer(number) => write!(f, "{number}"),
            Datum::Keyword(word) => write!(f, ":{word}"),
            Datum::Symbol(word) => f.write_str(word),
            Datum::Text(text) => {
                f.write_char('"')?;
                for each in text.chars() {
                    match each {
                        '"' | '\\' => write!(f, "\\{each}")?,
                        '\n' => f.write_str("\\n")?,
                        '\t' => f.write_str("\\t")?,
                        '\r' => f.write_str("\\r")?,
                        each if is_unseen(each) => write!(f, "\\u{:04X}", u32::from(each))?,
                        each => f.write_char(each)?,
                    }
                }
                f.write_char('"')
            }
            Datum::List(all) => several(f, "[", all, "]"),
            Datum::Set(all) => several(f, "#{", all, "}"),
            Datum::Tagged(tag, form) => write!(f, "#{tag} {form}"),
            Datum::Map(all) => {
                f.write_char('{')?;
                for (place, (key, value)) in all.iter().enumerate() {
                    write!(f, "{}{key} {value}", if place == 0 { "" } else { ", " })?;
                }
                f.write_char('}')
            }
        }
    }
}

/// Each with a space between, in brackets.
pub(crate) fn several(f: &mut fmt::Formatter<'_>, open: &str, all: &[impl fmt::Display], close: &str) -> fmt::Result {
    f.write_str(open)?;
    for (place, each) in all.iter().enumerate() {
        write!(f, "{}{each}", if place == 0 { "" } else { " " })?;
    }
    f.write_str(close)
}

/// Whether a terminal would obey a character, or nobody would see it: control characters, those that turn the direction of
/// writing, and marks of byte order.
#[must_use]
pub fn is_unseen(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Characters of a value that a sentence repeats.
pub const MAX_SHOWN: usize = 120;

/// As it is written, but no longer than a sentence can bear.
#[must_use]
pub fn shortened(what: &(impl fmt::Display + ?Sized)) -> String {
    let mut short = Short { text: String::new(), room: MAX_SHOWN };
    if write!(short, "{what}").is_err() {
        short.text.push('…');
    }
    short.text
}

/// Takes so many characters, and then no more.
struct Short {
    text: String,
    room: usize,
}

impl Write for Short {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for each in more.chars() {
            self.room = self.room.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(each);
        }
        Ok(())
    }
}
