//! Writes JSON: objects and arrays, as few as are needed, by hand.

use std::fmt::Write;

/// A value.
#[derive(Clone, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Truth(bool),
    /// A whole number.
    Number(i128),
    /// A text.
    Text(String),
    /// `[…]`
    All(Vec<Json>),
    /// `{…}`, in this order.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// A text.
    pub fn text(text: impl ToString) -> Json {
        Json::Text(text.to_string())
    }

    /// A whole number, or nothing.
    pub fn number(number: Option<impl Into<i128>>) -> Json {
        number.map_or(Json::Null, |number| Json::Number(number.into()))
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Truth(truth) => write!(f, "{truth}"),
            Json::Number(number) => write!(f, "{number}"),
            Json::Text(text) => quoted(f, text),
            Json::All(all) => {
                f.write_char('[')?;
                for (place, each) in all.iter().enumerate() {
                    write!(f, "{}{each}", if place == 0 { "" } else { ", " })?;
                }
                f.write_char(']')
            }
            Json::Object(all) => {
                f.write_char('{')?;
                for (place, (key, value)) in all.iter().enumerate() {
                    write!(f, "{}\"{key}\": {value}", if place == 0 { "" } else { ", " })?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quoted(f: &mut std::fmt::Formatter<'_>, text: &str) -> std::fmt::Result {
    f.write_char('"')?;
    for each in text.chars() {
        match each {
            '"' | '\\' => write!(f, "\\{each}")?,
            each if lightcone_judges::is_unseen(each) && (each as u32) < 0x1_0000 => {
                write!(f, "\\u{:04x}", each as u32)?
            }
            each => f.write_char(each)?,
        }
    }
    f.write_char('"')
}
