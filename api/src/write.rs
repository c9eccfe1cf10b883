//! A run as a text for other tools.

use crate::convert;
use crate::form::{Code, Error, Scenario, TextForm};
use crate::library::Library;
use lightcone_engine::limits::MAX_MERMAID_MESSAGES;
use lightcone_engine::{Time, Trace, simulate};
use lightcone_formats::{edn, export, history, text};
use lightcone_judges::recorded;

/// The run of a scenario in another form.
///
/// # Errors
/// What of the scenario cannot be run; or the form cannot hold a run that is so long.
pub fn write(library: &Library, scenario: &Scenario, form: TextForm) -> Result<String, Error> {
    written(&simulate(&convert::to_scenario(library, scenario)?), form)
}

/// The same of a run.
///
/// # Errors
/// The form cannot hold a run that is so long.
pub fn written(trace: &Trace, form: TextForm) -> Result<String, Error> {
    Ok(match form {
        TextForm::Scenario => text::encode(&trace.scenario),
        TextForm::Test => export::test(trace),
        TextForm::Mermaid => export::mermaid(trace).map_err(|long| {
            let messages = long.messages;
            let why = format!(
                "The run has {messages} messages, and a diagram of more than {MAX_MERMAID_MESSAGES} is unreadable."
            );
            Error::new(Code::TooLong, why)
        })?,
        TextForm::Shiviz => export::shiviz(trace),
        TextForm::Edn => edn::write(&recorded(&history::of_trace(trace).history)),
        TextForm::Text => export::events(trace, Time::ZERO, trace.horizon()),
    })
}
