//! Rules of style that a test can check.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the core, each in a folder of `core/`.
const CORE: [&str; 6] = [
    "core/content/src",
    "core/engine/src",
    "core/formats/src",
    "core/judges/src",
    "core/protocols/src",
    "core/search/src",
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut waiting = vec![top.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is text");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// Lines of code that `is_bad` finds, with their places; comments and unit tests left out.
fn lines(folder: &str, is_bad: impl Fn(&str) -> bool) -> Vec<String> {
    let mut bad = Vec::new();
    for (path, text) in sources(folder) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            if is_bad(line) {
                bad.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    bad
}

/// The same of all crates of the core.
fn core_lines(is_bad: impl Fn(&str) -> bool + Copy) -> Vec<String> {
    CORE.iter().flat_map(|folder| lines(folder, is_bad)).collect()
}

fn none(bad: &[String], what: &str) {
    assert!(bad.is_empty(), "{what}:\n{}", bad.join("\n"));
}

#[test]
fn nothing_that_decides_a_run_depends_on_floats_hash_order_clocks_or_std() {
    let words = ["f32", "f64", "HashMap", "HashSet", "std::", "SystemTime", "Instant::"];
    let has_word = |line: &str, word: &str| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        line.match_indices(word).any(|(at, _)| edge(line[..at].chars().next_back()))
    };
    none(&core_lines(|line: &str| words.iter().any(|word| has_word(line, word))), "the core stays deterministic");
}

#[test]
fn nothing_in_the_core_unwraps_without_a_sentence() {
    none(&core_lines(|line| line.contains(".unwrap()")), "say with expect why it cannot fail");
    let short = |line: &str| {
        let said = line.split(".expect(\"").nth(1).and_then(|rest| rest.split('"').next());
        line.contains(".expect(") && said.is_none_or(|said| said.split(' ').count() < 4)
    };
    none(&core_lines(short), "an expect is a sentence");
}

#[test]
fn every_library_forbids_unsafe_code() {
    for (path, text) in
        CORE.iter().chain(&["api/src", "figure/src", "logs/src", "web/src"]).flat_map(|folder| sources(folder))
    {
        if path.ends_with("src/lib.rs") {
            assert!(text.contains("#![forbid(unsafe_code)]"), "{}", path.display());
        }
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let mute: Vec<String> = CORE
        .iter()
        .chain(&["api/src", "cli/src", "figure/src", "logs/src", "web/src", "xtask/src"])
        .flat_map(|folder| sources(folder))
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    none(&mute, "a file opens with a //! line");
}

#[test]
fn no_file_is_longer_than_a_subject() {
    let long: Vec<String> = CORE
        .iter()
        .chain(&["api/src", "cli/src", "figure/src", "logs/src", "web/src", "xtask/src"])
        .flat_map(|folder| sources(folder))
        .filter(|(_, text)| text.lines().count() > 600)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    none(&long, "split by subject");
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let words = ["todo!(", "unimplemented!(", "dbg!(", "println!("];
    none(&core_lines(|line| words.iter().any(|word| line.contains(word))), "finish it");
}

#[test]
fn only_the_search_makes_happen_what_is_not_pending() {
    let opens = |line: &str| line.contains(".drive()");
    let shut = CORE.iter().filter(|folder| !["core/engine/src", "core/search/src"].contains(folder));
    let bad: Vec<String> = shut
        .chain(&["api/src", "cli/src", "figure/src", "logs/src", "web/src"])
        .flat_map(|folder| lines(folder, opens))
        .collect();
    none(&bad, "runs are shown by taking what is pending");
}
