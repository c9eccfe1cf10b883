//! Editing a run as its text. The text is the one state: forms and figure change its lines, and the run is what its lines
//! say. A line that cannot be read stays in the text and is left out of the run.

pub mod complete;
pub mod lines;
pub mod reading;

use super::gallery;
use super::run::State;
use lightcone_engine::Scenario;
use lightcone_formats::text;
use std::rc::Rc;

/// The text of a run that is edited: as it was written, or else in its usual form.
#[must_use]
pub fn text_of(run: &State) -> Rc<str> {
    run.draft.clone().unwrap_or_else(|| text::encode(&gallery::named(run.scenario())).into())
}

/// The text after settings were changed in a form. A run's lines stay with their nodes, by name.
#[must_use]
pub fn configured(text: &str, before: &Scenario, after: Scenario) -> String {
    let Scenario { title, note, .. } = gallery::named(before);
    lines::rewritten(text, &super::rename::renamed(before, Scenario { title, note, ..after }))
}

#[cfg(test)]
mod tests;
