//! What reads and writes the text form of runs. In a page that comes in parts it arrives with what stands around a run: files are opened
//! and texts are edited only then.

use super::edit::lines::rewritten;
use super::edit::reading::Reading;
use lightcone_engine::Scenario;
use lightcone_engine::protocol::Protocols;
use lightcone_formats::text::{TextError, decode};
use lightcone_logs::{is_history, is_log};
use std::cell::Cell;

/// What reads and writes texts.
pub struct Texts {
    /// The run of a file.
    pub decode: fn(&str, &Protocols) -> Result<Scenario, TextError>,
    /// The run of a text that is edited, as far as it can be read; none if its first lines do not say what it is about.
    pub recover: fn(&str) -> Option<Scenario>,
    /// Whether a text was recorded elsewhere, and says no scenario.
    pub is_log: fn(&str) -> bool,
    /// A text with its lines changed so that it is of this run.
    pub rewritten: fn(&str, &Scenario) -> String,
}

/// All of it.
pub const TEXTS: Texts = Texts {
    decode,
    recover: |text| Reading::of(text).scenario,
    is_log: |text| is_log(text) || is_history(text),
    rewritten,
};

thread_local! {
    static HERE: Cell<Option<&'static Texts>> = const { Cell::new(FIRST) };
}

#[cfg(feature = "parts")]
const FIRST: Option<&Texts> = None;
#[cfg(not(feature = "parts"))]
const FIRST: Option<&Texts> = Some(&TEXTS);

/// What reads and writes texts has arrived.
pub fn arrived(texts: &'static Texts) {
    HERE.set(Some(texts));
}

/// What reads and writes texts, if it is here.
#[must_use]
pub fn here() -> Option<&'static Texts> {
    HERE.get()
}
