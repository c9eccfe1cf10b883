//! A run as a text, in five forms.

use crate::words;
use lightcone_engine::Trace;
use lightcone_formats::export::TooLong;
use lightcone_formats::{export, text};

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The scenario alone.
    Scenario,
    /// The scenario, and what the run shows.
    Test,
    /// The same as a test in Rust.
    Rust,
    /// A sequence diagram.
    Mermaid,
    /// A log with vector clocks.
    ShiViz,
}

/// The forms and their names.
pub(super) const FORMS: [(Form, &str); 5] = [
    (Form::Scenario, words::FORM_SCENARIO),
    (Form::Test, words::FORM_TEST),
    (Form::Rust, words::FORM_RUST),
    (Form::Mermaid, words::FORM_MERMAID),
    (Form::ShiViz, words::FORM_SHIVIZ),
];

/// A diagram of more characters is drawn only where Mermaid is told so.
const MERMAID_DRAWS: usize = 50_000;

impl Form {
    /// The run in this form; `bare` leaves the reader's moves out of a scenario.
    pub(super) fn write(self, trace: &Trace, bare: bool) -> Result<String, TooLong> {
        Ok(match self {
            Form::Scenario if bare => text::encode(&trace.scenario.without_moves()),
            Form::Scenario => text::encode(&trace.scenario),
            Form::Test => export::test(trace),
            Form::Rust => export::rust_test(trace),
            Form::Mermaid => export::mermaid(trace)?,
            Form::ShiViz => export::shiviz(trace),
        })
    }

    /// The use of a text of so many characters.
    pub(super) fn hint(self, length: usize) -> &'static str {
        match self {
            Form::Scenario => words::TEXT_HINT,
            Form::Test => words::TEST_HINT,
            Form::Rust => words::RUST_HINT,
            Form::Mermaid if length > MERMAID_DRAWS => words::MERMAID_LONG_HINT,
            Form::Mermaid => words::MERMAID_HINT,
            Form::ShiViz => words::SHIVIZ_HINT,
        }
    }

    /// How the names of such files end.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Form::Scenario => ".scenario",
            Form::Test => "-test.scenario",
            Form::Rust => "-test.rs",
            Form::Mermaid => ".mmd",
            Form::ShiViz => ".log",
        }
    }
}
