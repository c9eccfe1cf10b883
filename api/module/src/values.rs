//! JavaScript's values: what comes in, what goes out, what is thrown.

use crate::wrong;
use js_sys::{Array, Function, JSON, Reflect};
use lightcone_api::form::{Code, Error};
use lightcone_api::json;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// A value that is thrown: an `Error` with `code`, `line` and `message`, or what the host itself threw.
pub struct Thrown(pub JsValue);

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> JsValue {
        thrown.0
    }
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Thrown {
        let thrown = js_sys::Error::new(&error.message);
        let code = plain(&error.code).unwrap_or_else(|thrown| thrown.0);
        // A new object takes new fields.
        _ = Reflect::set(&thrown, &"code".into(), &code);
        if let Some(line) = error.line {
            _ = Reflect::set(&thrown, &"line".into(), &line.into());
        }
        Thrown(thrown.into())
    }
}

/// An object of the form as a plain object.
pub fn plain(value: &impl Serialize) -> Result<JsValue, Thrown> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| Thrown(error.into()))
}

/// An object of the form, read as JSON: what has no JSON is refused, and the bounds are those of a file.
pub fn object<T: DeserializeOwned>(value: &JsValue) -> Result<T, Thrown> {
    Ok(json::read_written(&written(value)?)?)
}

/// Options; all as by default if they are not given.
pub fn given<T: DeserializeOwned + Default>(value: &JsValue) -> Result<T, Thrown> {
    if is_nothing(value) { Ok(T::default()) } else { Ok(json::read_written(&written(value)?)?) }
}

fn written(value: &JsValue) -> Result<String, Thrown> {
    let text = JSON::stringify(value).map_err(|why| {
        let why = why.dyn_into::<js_sys::Error>().map(|error| String::from(error.message())).unwrap_or_default();
        let why = why.lines().next().unwrap_or_default();
        wrong(&["This object cannot be written as JSON: ", why, ". Nothing of it is used."].concat())
    })?;
    // What has no JSON at all, such as a function, gives nothing.
    text.as_string().ok_or_else(|| wrong("An object is needed here."))
}

/// A text.
pub fn text(value: &JsValue) -> Result<String, Thrown> {
    value.as_string().ok_or_else(|| wrong("A text is needed here."))
}

/// A list, which is not longer than it may be.
pub fn list(value: &JsValue, most: usize) -> Result<Vec<JsValue>, Thrown> {
    let list = value.dyn_ref::<Array>().ok_or_else(|| wrong("A list is needed here."))?;
    if list.length() as usize > most {
        return Err(Error::new(
            Code::TooLong,
            std::format!("This list is too long and was not used. A list may have {most} items."),
        )
        .into());
    }
    Ok(list.iter().collect())
}

/// A function, or none.
pub fn function(value: &JsValue) -> Result<Option<Function>, Thrown> {
    if is_nothing(value) {
        return Ok(None);
    }
    value.dyn_ref().cloned().map(Some).ok_or_else(|| wrong("What is called with the progress must be a function."))
}

/// Throws a signal's reason if it is aborted.
pub fn aborted(signal: &JsValue) -> Result<(), Thrown> {
    if is_nothing(signal) {
        return Ok(());
    }
    let field = |name: &str| Reflect::get(signal, &name.into());
    let aborted = field("aborted").map_err(|_| wrong("The signal must be an AbortSignal."))?;
    if aborted.is_truthy() { Err(Thrown(field("reason").unwrap_or(JsValue::UNDEFINED))) } else { Ok(()) }
}

/// Whether an argument is left out.
pub fn is_nothing(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}
