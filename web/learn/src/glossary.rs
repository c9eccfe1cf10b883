//! The glossary: a Markdown file with a heading for each term, two sentences, and the run that shows it:
//!
//! ```text
//! ## Split vote
//! run raft/split-vote
//! Two candidates stand in one term, and neither gets a majority. The term ends without a leader.
//! ```
//!
//! A line `properties leader-elected, …` names properties of protocols that belong to the term. Every property belongs to one.

use crate::fault::{Fault, no_such};
use crate::scene::run;
use crate::text::slug;
use lightcone_web::state::gallery;

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
    /// The properties that belong to it, by their names in files.
    pub properties: Vec<String>,
    /// What these are called in the figure, where that is another name than the term.
    pub called: Vec<&'static str>,
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
    let of_terms: Vec<&String> = entries.iter().flat_map(|entry| &entry.properties).collect();
    for id in ids() {
        match of_terms.iter().filter(|other| **other == id).count() {
            1 => {}
            0 => {
                faults.push(fault(file, 0, format!("no term has the property `{id}`: say `properties {id}` below one")))
            }
            many => faults.push(fault(file, 0, format!("{many} terms have the property `{id}`"))),
        }
    }
    entries.sort_by(|one, other| one.id.cmp(&other.id));
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// The properties of all protocols: their names in files and for people, each pair once.
fn properties() -> Vec<(&'static str, &'static str)> {
    let all = gallery::exhibits();
    let specifications = all.iter().map(|exhibit| exhibit.scenario.protocol.specification());
    let mut named: Vec<_> = specifications.flat_map(|own| own.properties.iter().map(|it| (it.id, it.name))).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// Their names in files, each once.
fn ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = properties().into_iter().map(|(id, _)| id).collect();
    ids.dedup();
    ids
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
    let named = lines.iter().position(|line| line.starts_with("properties "));
    let own = named.map_or("", |at| &lines[at]["properties ".len()..]);
    let own: Vec<String> = own.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
    let there = ids();
    if let Some(id) = own.iter().find(|id| !there.contains(&id.as_str())) {
        let there = there.into_iter().map(String::from);
        return Err((named.unwrap_or_default(), no_such("property", id, "the protocols have", there)));
    }
    let is_text = |at: usize, line: &str| at > 0 && at != place && Some(at) != named && !line.trim().is_empty();
    let rest = lines.iter().enumerate().filter(|(at, line)| is_text(*at, line));
    let text = rest.map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
    let sentences = text.matches(". ").count() + usize::from(text.ends_with('.'));
    if sentences != 2 {
        return Err((0, format!("`{term}` has two sentences, not {sentences}")));
    }
    let is_own = |(id, title): &(&str, &str)| own.iter().any(|other| other == id) && *title != term;
    let called = properties().into_iter().filter(is_own).map(|(_, title)| title).collect();
    Ok(Entry { id: slug(&term), term, text, run: name, title, properties: own, called })
}
