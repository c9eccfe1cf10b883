//! Lightcone for programs: scenarios, runs, verdicts, searches and histories as plain data, and what can be done with them.
//!
//! [`form`] is the one form that the command line prints as JSON and that the module for JavaScript takes and gives. The
//! functions below are pure: the same input gives the same output on every machine, nothing is kept, nothing is fetched. A
//! function that has to know names is handed the shelves of protocols that may be named ([`Library`]).
//!
//! | function | what it does |
//! |---|---|
//! | [`parse`], [`format`] | a scenario from its text, and back |
//! | [`decode_link`], [`encode_link`] | a scenario from a link or a name of the gallery, and back |
//! | [`json::read`], [`json::write`] | any object of the form from JSON, and back |
//! | [`simulate`] | the run of a scenario |
//! | [`check`] | its verdicts, and a search for a run that breaks a promise |
//! | [`judge`] | whether a history is linearizable |
//! | [`draw`] | the figure of a run as SVG |
//! | [`write()`] | a run as a text for other tools: a test, Mermaid, ShiViz, EDN |
//! | [`question`], [`grade`] | what a question asks, and what each answer to it is worth |
//! | [`protocols`] | what there is |
//!
//! An error is a [`form::Error`]: a code, a line and a sentence.
#![forbid(unsafe_code)]

pub mod convert;
pub mod draw;
pub mod form;
pub mod grade;
pub mod json;
pub mod judge;

mod check;
mod event;
mod expect;
mod gallery;
mod library;
mod links;
mod write;

pub use check::{Checking, check};
pub use draw::draw;
pub use event::event;
pub use expect::Expects;
pub use gallery::protocols;
pub use grade::{grade, question};
pub use judge::{judge, judge_text};
pub use library::Library;
pub use links::{decode_link, encode_link, named, path_in};
pub use write::{write, written};

use form::{Error, Scenario, SimulateOptions, Trace};
use library::protocols_of;
use lightcone_formats::text;

/// Reads the text form of a scenario. The line `terms` and the sections `search` and `expect` are skipped.
///
/// # Errors
/// The first line that cannot be read.
pub fn parse(library: &Library, text: &str) -> Result<Scenario, Error> {
    let scenario = text::decode(text, &protocols_of(library))?;
    Ok(convert::scenario(&scenario))
}

/// The text form of a scenario, which [`parse`] reads back.
///
/// # Errors
/// What of the scenario cannot be run.
pub fn format(library: &Library, scenario: &Scenario) -> Result<String, Error> {
    Ok(text::encode(&convert::to_scenario(library, scenario)?))
}

/// The run of a scenario.
///
/// # Errors
/// What of the scenario cannot be run.
pub fn simulate(library: &Library, scenario: &Scenario, options: &SimulateOptions) -> Result<Trace, Error> {
    let horizon = options.until.unwrap_or(scenario.horizon);
    let scenario = convert::to_scenario(library, &Scenario { horizon, ..scenario.clone() })?;
    Ok(convert::trace(&lightcone_engine::simulate(&scenario), options.states))
}
