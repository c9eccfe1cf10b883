//! A run as a text, in five forms.

use crate::state::gallery;
use crate::words;
use lightcone_engine::{Trace, resimulate};
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
        // A text stands alone: what the gallery says of the run is in it.
        let named = gallery::named(&trace.scenario);
        let with_name = || resimulate(trace, &named);
        Ok(match self {
            Form::Scenario if bare => text::encode(&named.without_moves()),
            Form::Scenario => text::encode(&named),
            Form::Test => export::test(&with_name()),
            Form::Rust => export::rust_test(&with_name()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_engine::simulate;

    #[test]
    fn a_run_of_the_gallery_keeps_title_and_note_as_a_text() {
        let exhibit = gallery::find("raft", "figure-8").expect("the gallery has it");
        let trace = simulate(&exhibit.scenario);
        for form in [Form::Scenario, Form::Test, Form::Rust] {
            let written = form.write(&trace, false).expect("it is no diagram");
            assert!(written.contains(&format!("title {}\n", exhibit.title)), "{written}");
            assert!(written.contains("\nnote "), "{written}");
        }
    }
}
