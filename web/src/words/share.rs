//! Texts of Share: the link, the embedded figure, pictures and texts of a run.

use super::{count, grouped};

/// The dialog that shares a run.
pub const SHARE_THIS_RUN: &str = "Share this run";
/// The way to share a run as a link.
pub const SHARE_LINK: &str = "Link";
/// In another page.
pub const SHARE_EMBED: &str = "Embed";
/// As a file to print.
pub const SHARE_PICTURE: &str = "Picture";
/// As a file to read.
pub const SHARE_TEXT: &str = "Text";
/// Copies what is shown.
pub const COPY: &str = "Copy";
/// Said once it is copied.
pub const COPIED: &str = "Copied";
/// The clipboard is not allowed.
pub const COPY_YOURSELF: &str = "This page may not use the clipboard. The text is selected: copy it with the keyboard.";
/// Closes a dialog.
pub const CLOSE: &str = "Close";
/// Turns a solution into a question.
pub const WITHOUT_MOVES: &str = "Leave out my moves, ask the reader to find them";
/// Said to those who hear the page once a text is copied.
pub const COPIED_SAID: &str = "The text is copied.";
/// What a picture holds.
pub const PICTURE_HINT: &str = "The figure as it stands now, under its title. The link to the run is inside the file.";
/// Saves the picture as lines.
pub const DOWNLOAD_SVG: &str = "Download SVG";
/// Saves the picture as pixels.
pub const DOWNLOAD_PNG: &str = "Download PNG";
/// Saves a text.
pub const DOWNLOAD: &str = "Download";
/// A picture could not be made.
pub const NO_PICTURE: &str = "This browser cannot draw the picture. The link and the texts still work.";
/// A form of text.
pub const FORM_SCENARIO: &str = "Scenario";
/// A form of text.
pub const FORM_TEST: &str = "Test";
/// A form of text.
pub const FORM_RUST: &str = "Rust";
/// A form of text.
pub const FORM_MERMAID: &str = "Mermaid";
/// A form of text.
pub const FORM_SHIVIZ: &str = "ShiViz log";
/// What the text form is for.
pub const TEXT_HINT: &str = "The scenario as a file: for tests, for keeping, for reading. “Open a file” reads it back.";
/// What the test is for.
pub const TEST_HINT: &str = "The scenario, and what this run shows. As a file of the gallery it is a test.";
/// What the test in Rust is for.
pub const RUST_HINT: &str =
    "A test that stands on its own: the scenario, what it breaks, and that the run is the same to the last event.";
/// What Mermaid is for.
pub const MERMAID_HINT: &str =
    "A sequence diagram for Markdown and wikis. Its arrows are level: each stands where its message arrives.";
/// What to mind of a long diagram.
pub const MERMAID_LONG_HINT: &str =
    "A sequence diagram of more than 50,000 characters: Mermaid draws it only if its maxTextSize allows that.";
/// What ShiViz is for.
pub const SHIVIZ_HINT: &str =
    "For ShiViz, with the run’s own vector clocks. Leave its field for a regular expression empty.";

/// The length of a link in plain words.
#[must_use]
pub fn link_length(characters: usize, moves: usize) -> String {
    let characters = count(characters, "character", "characters");
    match moves {
        0 => format!("{characters}: the scenario, nothing about you."),
        moves => format!("{characters}: the scenario and your {}, nothing about you.", super::moves(moves)),
    }
}

/// The choice to open a run at a moment, with what is selected.
#[must_use]
pub fn open_at(at: lightcone_engine::Time, selected: Option<&str>) -> String {
    let selected = selected.map_or_else(String::new, |name| format!(", {name} selected"));
    format!("Open at {} ms{selected}", lightcone_figure::read::sentences::moment(at))
}

/// An event that is selected.
#[must_use]
pub fn an_event_of(node: &str) -> String {
    format!("an event of {node}")
}

/// A timer that is selected.
#[must_use]
pub fn a_timer_of(node: &str) -> String {
    format!("a timer of {node}")
}

/// A run that is too long for a Mermaid diagram, and what still works.
#[must_use]
pub fn too_long_for_mermaid(messages: usize) -> String {
    let most = grouped(lightcone_engine::limits::MAX_MERMAID_MESSAGES);
    let messages = grouped(messages);
    format!("This run has {messages} messages, a Mermaid diagram at most {most}. The other forms hold any run.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_length_is_said_in_plain_words() {
        assert_eq!(link_length(37, 2), "37 characters: the scenario and your two moves, nothing about you.");
        assert_eq!(link_length(12, 0), "12 characters: the scenario, nothing about you.");
        assert_eq!(link_length(90, 12), "90 characters: the scenario and your 12 moves, nothing about you.");
    }
}
