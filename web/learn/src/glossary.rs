//! The glossary: a Markdown file with a heading for each term, two sentences, and the run that shows it:
//!
//! ```text
//! ## Split vote
//! run raft/split-vote
//! Two candidates stand in one term, and neither gets a majority. The term ends without a leader.
//! ```

use crate::fault::Fault;
use crate::scene::run;
use crate::text::slug;

/// A term.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in addresses.
    pub id: String,
    /// The term.
    pub term: String,
    /// Two sentences.
    pub text: String,
    /// The run that shows it: `raft/split-vote`.
    pub run: String,
    /// The run's title.
    pub title: String,
}

/// Reads the file, by the order of its terms.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(file: &str, text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    let (mut entries, mut faults): (Vec<Entry>, Vec<Fault>) = (Vec::new(), Vec::new());
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|place| lines[*place].starts_with("## ")).collect();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(lines.len());
        match entry(&lines[*start..end]) {
            Ok(entry) if entries.iter().all(|other| other.id != entry.id) => entries.push(entry),
            Ok(entry) => faults.push(fault(file, *start, format!("`{}` stands there twice", entry.term))),
            Err((line, what)) => faults.push(fault(file, start + line, what)),
        }
    }
    entries.sort_by(|one, other| one.id.cmp(&other.id));
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn fault(file: &str, line: usize, what: String) -> Fault {
    Fault { file: file.to_owned(), line: line + 1, what }
}

fn entry(lines: &[&str]) -> Result<Entry, (usize, String)> {
    let term = lines[0].trim_start_matches('#').trim().to_owned();
    let shown = lines.iter().position(|line| line.starts_with("run "));
    let place = shown.ok_or_else(|| (0, format!("say `run` and a run that shows `{term}`")))?;
    let name = lines[place]["run ".len()..].trim().to_owned();
    let title = run(&name).map_err(|what| (place, what))?.title;
    let rest = lines.iter().enumerate().filter(|(at, line)| *at > 0 && *at != place && !line.trim().is_empty());
    let text = rest.map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
    let sentences = text.matches(". ").count() + usize::from(text.ends_with('.'));
    if sentences != 2 {
        return Err((0, format!("`{term}` has two sentences, not {sentences}")));
    }
    Ok(Entry { id: slug(&term), term, text, run: name, title })
}
