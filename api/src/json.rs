//! JSON within bounds. A text is read as a tree first, of which every bound is checked, and the tree then as an object of the
//! form. So what is too long, too deep or of a newer version says so, whatever else is wrong with it.

use crate::form::{Code, Error, FORM};
use lightcone_engine::limits::{MAX_JSON_BYTES, MAX_JSON_DEPTH};
use lightcone_judges::is_unseen;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// Reads an object of the form, or options, from JSON. A field that is null is left out.
///
/// # Errors
/// The text is too long or too deep, is no JSON, is of a newer form, or is no such object.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let tree = tree(text).map_err(|(line, column, error)| match line {
        Some(line) => {
            Error { line: Some(line), message: format!("Line {line}, column {column}: {}", error.message), ..error }
        }
        None => error,
    })?;
    typed(tree)
}

/// Reads JSON that a program has written of an object: an error names no line, for nobody has seen lines.
///
/// # Errors
/// As [`read`].
pub fn read_written<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    typed(tree(text).map_err(|(_, _, error)| error)?)
}

/// An object of the form as JSON, two spaces for each level. No character in it is one that a terminal would obey.
#[must_use]
pub fn write(object: &impl serde::Serialize) -> String {
    let text =
        serde_json::to_string_pretty(object).expect("the types of the form have names as keys, and finite numbers");
    let mut safe = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        // Such characters stand inside texts only, where JSON has another way to write them.
        if letter != '\n' && is_unseen(letter) {
            safe.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            safe.push(letter);
        }
    }
    safe
}

fn typed<T: DeserializeOwned>(tree: Value) -> Result<T, Error> {
    if let Some(version) = tree.get("lightcone").and_then(Value::as_u64).filter(|version| *version != u64::from(FORM)) {
        let message = format!("This object has version {version} of the form; this program reads version {FORM}.");
        return Err(Error::new(Code::TooNew, message));
    }
    serde_path_to_error::deserialize(tree).map_err(|error| {
        let place = error.path().to_string();
        let why = capital(&error.inner().to_string());
        let error = Error::new(Code::WrongForm, format!("{why}. Nothing of this object is used."));
        if place == "." { error } else { error.inside(&place) }
    })
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The tree of a text, or line, column and error.
fn tree(text: &str) -> Result<Value, (Option<u32>, usize, Error)> {
    if text.len() > MAX_JSON_BYTES {
        let message =
            format!("This JSON is longer than the limit of {} KiB. Nothing of it is read.", MAX_JSON_BYTES / 1_024);
        return Err((None, 0, Error::new(Code::TooLong, message)));
    }
    let refused = Cell::new(None);
    let mut source = serde_json::Deserializer::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let tree = Bounded { depth: 0, refused: &refused }.deserialize(&mut source);
    let tree = tree.and_then(|tree| source.end().map(|()| tree));
    tree.map_err(|error| {
        let (code, why) = match refused.take() {
            Some(Refused::Deep) => {
                (Code::TooDeep, format!("More than {MAX_JSON_DEPTH} lists and objects stand in each other."))
            }
            Some(Refused::Twice(name)) => {
                (Code::SaidTwice, format!("`{}` is said twice.", lightcone_formats::text::quoted(&name)))
            }
            None => (Code::NotJson, "This is not JSON.".to_owned()),
        };
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        (line, error.column(), Error::new(code, why + " Nothing of this text is used."))
    })
}

/// Why a tree is not built.
enum Refused {
    Deep,
    Twice(String),
}

/// Builds a tree that is not too deep.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    depth: u32,
    refused: &'a Cell<Option<Refused>>,
}

impl<'a> Bounded<'a> {
    fn refuse<E: serde::de::Error>(self, why: Refused) -> E {
        self.refused.set(Some(why));
        E::custom("refused")
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Bounded<'a>, E> {
        let depth = self.depth + 1;
        if depth > MAX_JSON_DEPTH { Err(self.refuse(Refused::Deep)) } else { Ok(Bounded { depth, ..self }) }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(whole(number).map_or_else(|| number.into(), Value::from))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let value = fields.next_value_seed(inside)?;
            if object.contains_key(&name) {
                return Err(self.refuse(Refused::Twice(name)));
            }
            if !value.is_null() {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
    }
}

/// A whole number that is written like another: `5.0`, as some programs write 5.
fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() <= crate::form::MOST_EXACT as f64;
    exact.then_some(number as i64)
}
