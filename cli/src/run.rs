//! Finds the run that an argument names: a file, a link, a protocol or a run of the gallery.

use crate::content;
use crate::output::complain;
use lightcone_api::{Checking, Expects, convert, json, path_in};
use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::limits::MAX_JSON_BYTES;
use lightcone_formats::text::TextError;
use lightcone_formats::{link, text};
use lightcone_protocols::PROTOCOLS;

/// A run that an argument names.
pub struct Meant {
    /// The run, with the start and the bounds of a search in it.
    pub small: Small,
    /// What its file expects of it.
    pub expected: Vec<Expects>,
}

/// The run that `what` names.
pub fn meant(what: &str) -> Result<Meant, String> {
    if let Some(path) = path_in(what) {
        let Some(code) = path.strip_prefix("run/") else { return named(path) };
        let decoded = link::decode(code, PROTOCOLS).map_err(|error| error.to_string())?;
        if decoded.changed.is_some() {
            complain("the protocol has changed since this link was made; the run may end differently");
        }
        return Ok(Meant { small: Checking::usual(ALL, decoded.scenario), expected: Vec::new() });
    }
    if is_file(what) {
        return of_text(&content(what, MAX_JSON_BYTES)?, what);
    }
    named(what)
}

/// Whether a file is meant, or `-` for the standard input: no link, and nothing that would be sought by name.
pub fn is_file(what: &str) -> bool {
    path_in(what).is_none() && (std::path::Path::new(what).exists() || what == "-")
}

/// A scenario's text form with all its sections, or its form as JSON.
///
/// # Errors
/// Every line that cannot be read, each after the name of its file.
pub fn of_text(content: &str, name: &str) -> Result<Meant, String> {
    if content.trim_start().starts_with('{') {
        let form = json::read(content).and_then(|form| convert::to_scenario(ALL, &form));
        let scenario = form.map_err(|error| format!("{name}: {error}"))?;
        return Ok(Meant { small: Checking::usual(ALL, scenario), expected: Vec::new() });
    }
    let read = text::read(content, PROTOCOLS).map_err(|error| listed(name, vec![error]))?;
    let (small, wrong) = Small::of_lines(read.scenario, &read.search);
    let mut errors = [read.errors, wrong].concat();
    let says_how_far = small != Small::usual(small.scenario.clone());
    let small = if says_how_far { small } else { Checking::usual(ALL, small.scenario) };
    let mut expected = Vec::new();
    for (number, line) in read.expected {
        match Expects::read(line, &small.scenario) {
            Ok(line) => expected.push(line),
            Err(problem) => errors.push(problem.at(number)),
        }
    }
    if errors.is_empty() { Ok(Meant { small, expected }) } else { Err(listed(name, errors)) }
}

fn listed(name: &str, mut errors: Vec<TextError>) -> String {
    errors.sort_by_key(|error| error.line);
    let lines: Vec<String> = errors.iter().map(|error| format!("{name}: {error}")).collect();
    lines.join("\n")
}

/// The options of an address: what it says after the `?`.
pub fn options_in(what: &str) -> Option<&str> {
    Some(fragment(what)?.split_once('?')?.1)
}

/// What an address says after `#/`, without what a text around it leaves behind it.
fn fragment(what: &str) -> Option<&str> {
    Some(link::pasted(what.split_once("#/")?.1))
}

fn named(what: &str) -> Result<Meant, String> {
    let (protocol, slug) = what.split_once('/').map_or((what, None), |(protocol, slug)| (protocol, Some(slug)));
    let Some(family) = lightcone_protocols::by_id(protocol) else {
        let names: Vec<&str> = PROTOCOLS.iter().map(|family| family.specification().id).collect();
        return Err(format!("`{what}` is no file, no link and no run; the protocols are {}", names.join(", ")));
    };
    let Some(slug) = slug else { return Ok(Meant { small: Small::of(ALL, family, None), expected: Vec::new() }) };
    let own = || ALL.iter().flat_map(|shelf| shelf.runs).filter(|file| file.protocol == protocol);
    let Some(file) = own().find(|file| file.slug == slug) else {
        let names: Vec<String> = own().map(|file| format!("  {protocol}/{}", file.slug)).collect();
        let title = family.specification().title;
        return Err(format!("there is no run `{slug}` of {title} in the gallery. Its runs are:\n{}", names.join("\n")));
    };
    of_text(file.text, what)
}
