//! What a text says: its run, which lines cannot be read, and which lines are new.

use crate::state::known;
use lightcone_engine::limits::MAX_TEXT_ERRORS;
use lightcone_engine::{Edit, Scenario};
use lightcone_formats::text::{self, TextError};

/// What a text says.
#[derive(Clone, PartialEq)]
pub struct Reading {
    /// The run; none if the first lines do not say what it is about.
    pub scenario: Option<Scenario>,
    /// The lines that cannot be read, in order.
    pub errors: Vec<TextError>,
}

/// A line of a text, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<'a> {
    /// Its number, counted from 1.
    pub number: u32,
    /// The line as it stands.
    pub line: &'a str,
    /// Its section, as a place in [`SECTIONS`]; 0 for settings.
    pub section: usize,
    /// What it is.
    pub sort: Sort,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The first line of its section.
    Head,
    /// A line that says something of the run.
    Read,
    /// A comment, nothing at all, or a line that cannot be read.
    LeftOut,
}

/// The sections of a text, after the word that begins them.
pub const SECTIONS: [&str; 7] = ["", "script", "moves", "challenge", "answer", "search", "expect"];
/// The place of the section with the run's own requests and faults.
pub const SCRIPT: usize = 1;
/// The place of the section with the reader's moves.
pub const MOVES: usize = 2;

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Reading {
        match text::read(text, known::protocols()) {
            Ok(read) => Reading { scenario: Some(read.scenario), errors: read.errors },
            Err(error) => Reading { scenario: None, errors: vec![error] },
        }
    }

    /// What is wrong with a line.
    #[must_use]
    pub fn error(&self, number: u32) -> Option<&TextError> {
        self.errors.iter().find(|error| error.line == number)
    }

    /// The lines of the text that was read.
    #[must_use]
    pub fn placed<'a>(&self, text: &'a str) -> Vec<Placed<'a>> {
        let full = self.errors.last().filter(|_| self.errors.len() == MAX_TEXT_ERRORS);
        let end = full.map_or(u32::MAX, |last| last.line);
        let mut section = 0;
        let placed = (1..).zip(text.lines()).map(|(number, line)| {
            let bare = line.split(" #").next().unwrap_or_default().trim();
            let begins = SECTIONS.iter().position(|word| !bare.is_empty() && *word == bare);
            let sort = match begins {
                Some(place) if place > section && number < end => {
                    section = place;
                    Sort::Head
                }
                _ if bare.is_empty() || bare.starts_with('#') || number >= end => Sort::LeftOut,
                _ if self.error(number).is_some() => Sort::LeftOut,
                _ => Sort::Read,
            };
            Placed { number, line, section, sort }
        });
        placed.collect()
    }

    /// The edits that the text describes, with the numbers of their lines.
    #[must_use]
    pub fn edits(&self, text: &str) -> Vec<(u32, Edit)> {
        let Some(scenario) = &self.scenario else { return Vec::new() };
        let (mut script, mut moves) = (scenario.script.iter(), scenario.moves.iter());
        let read = self.placed(text).into_iter().filter(|placed| placed.sort == Sort::Read);
        read.filter_map(|placed| {
            let edits = match placed.section {
                SCRIPT => &mut script,
                MOVES => &mut moves,
                _ => return None,
            };
            edits.next().map(|edit| (placed.number, *edit))
        })
        .collect()
    }
}

/// For each line of `text` whether the reader wrote it: `base` has no such line, or has it less often.
#[must_use]
pub fn changed(base: &str, text: &str) -> Vec<bool> {
    let mut known: Vec<&str> = base.lines().map(str::trim).collect();
    let is_new = |line: &str| {
        let line = line.trim();
        let old = known.iter().position(|each| *each == line);
        // Most lines stand where they stood: what is looked for next is at the front.
        old.map(|place| known.remove(place)).is_none() && !line.is_empty()
    };
    text.lines().map(is_new).collect()
}
