//! The text form of scenarios, for files, tests and people. It has one fact a line, and names instead of numbers.
//! [`decode`]`(`[`encode`]`(s)) == s` for every valid scenario, also for edits of things that the run does not have.
//!
//! ```text
//! lightcone 1
//! protocol lamport 1
//! title Two clients           optional, and so are most lines below
//! note What to look at.       several lines join
//! terms happened before, logical clock   words of the field by which the run is found; not part of the scenario
//! set nodes 3                 parameters that are not at their default
//! flaw client-forgets-maximum
//! seed 7
//! horizon 600 ms
//! latency 8..14 ms
//! loss 20 per mille           likewise `duplication`
//! links fifo                  likewise `links reliable`
//! timing partially-synchronous from 100 ms within 20 ms
//! faults crash-stop
//! script
//!   at 10 ms request c1 write-at N1
//!   at 20 ms cut N1 | N2      both ways; `N1 > N2` one way; `heal` likewise; `all` for every lane
//!   at 30 ms clock N2 jump -3 ms drift 1000 ppm
//! moves
//!   deliver c1>N1 Write#1 at 52.5 ms
//!   copy c1>N1 Write#1.1 at 60 ms
//!   fire N1 Election#3 at 290 ms
//!   crash during message c1>N1 Write#1 after 2
//! ```
//!
//! `#` with a space before it starts a comment, except in titles and notes. A name that the run
//! does not have is written by its number: `lane9`, `kind9`, `timer9`, `command9`.

mod error;
mod goal;
mod names;
mod question;
mod read;
mod words;
mod write;

pub use error::{FORMAT, Problem, TextError, quoted, wanted};
pub use goal::{encode_atom, read_atom};
pub use names::{Names, Word, read_key};
pub use question::{
    decode_question, encode_challenge, encode_question, encode_reply, question_hash, read_answer, read_challenge,
};
pub use read::{Numbered, Read, read};
pub use words::{Words, unknown};

use alloc::string::{String, ToString};
use lightcone_engine::protocol::{Edit, Protocols};
use lightcone_engine::run::Scenario;

/// The text form of `scenario`, which [`decode`] reads back if [`Scenario::check`] has nothing against it.
#[must_use]
pub fn encode(scenario: &Scenario) -> String {
    write::Written { scenario, names: Names::of(scenario) }.to_string()
}

/// The line of one edit: `deliver S5>S3 Vote#1 at 326.4 ms`.
#[must_use]
pub fn encode_edit(scenario: &Scenario, edit: &Edit) -> String {
    write::Line { edit, names: &Names::of(scenario) }.to_string()
}

/// The line of one knob: `set no-op off`; empty if the protocol has no knob at this place.
#[must_use]
pub fn encode_knob(scenario: &Scenario, place: usize) -> String {
    let parameter = scenario.protocol.specification().parameters.get(place);
    let value = scenario.settings.number(place);
    parameter.map_or_else(String::new, |parameter| write::Knob { parameter, value }.to_string().trim_end().into())
}

/// Reads the text form of a scenario of one of these protocols. The line `terms` and the sections `challenge`,
/// `answer`, `search` and `expect` are skipped: they are not part of the scenario.
///
/// # Errors
/// The first line that cannot be read, and what is wrong with it.
pub fn decode(text: &str, protocols: &Protocols) -> Result<Scenario, TextError> {
    read(text, protocols)?.whole().map(|read| read.scenario)
}
