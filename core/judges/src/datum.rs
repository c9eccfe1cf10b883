//! A value of a recorded history, before anybody says what it means.

use alloc::string::{String, ToString};
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
    /// A vector, list or set.
    List(Vec<Datum>),
    /// A map: its keys with their values, in the order of the text.
    Map(Vec<(Datum, Datum)>),
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
            Datum::Keyword(word) | Datum::Text(word) | Datum::Symbol(word) => word.clone(),
            other => other.to_string(),
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
                        each => f.write_char(each)?,
                    }
                }
                f.write_char('"')
            }
            Datum::List(all) => {
                f.write_char('[')?;
                for (place, each) in all.iter().enumerate() {
                    write!(f, "{}{each}", if place == 0 { "" } else { " " })?;
                }
                f.write_char(']')
            }
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
