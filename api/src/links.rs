//! Links, and the names of the gallery's runs.

use crate::convert;
use crate::form::{Code, Error, Scenario};
use crate::library::{Library, protocol, protocols_of};
use lightcone_content::searches::Small;
use lightcone_content::shelf;
use lightcone_formats::link;

/// Reads a link: the whole address, what stands behind its `#`, or the code alone. `#/raft/election` is the gallery's run of this
/// name, `#/raft` the protocol's empty run; the names alone mean the same.
///
/// # Errors
/// The link is cut off, damaged, of a newer Lightcone, or names what is not there.
pub fn decode_link(library: &Library, address: &str) -> Result<Scenario, Error> {
    let path = path_in(address).unwrap_or_else(|| link::pasted(address));
    let scenario = match path.strip_prefix("run/") {
        Some(code) => link::decode(code, &protocols_of(library))?.scenario,
        None if path.contains('/') || protocol(library, path).is_ok() => named(library, path)?.scenario,
        None => link::decode(path, &protocols_of(library))?.scenario,
    };
    Ok(convert::scenario(&scenario))
}

/// The link to a run, from its `#` on. Title and note are in it.
///
/// # Errors
/// What of the scenario cannot be run.
pub fn encode_link(library: &Library, scenario: &Scenario) -> Result<String, Error> {
    Ok(["#/run/", &link::encode(&convert::to_scenario(library, scenario)?)].concat())
}

/// The place in an address: of `https://some.host/lightcone/#/raft/figure-8?at=200` it is `raft/figure-8`. None without `#/`.
#[must_use]
pub fn path_in(address: &str) -> Option<&str> {
    let fragment = link::pasted(address.split_once("#/")?.1);
    let path = fragment.split('?').next().unwrap_or_default();
    Some(path.strip_prefix("embed/").unwrap_or(path).trim_end_matches('/'))
}

/// The run that a name means, with the usual start and bounds of a search: `raft` or `raft/election`.
///
/// # Errors
/// There is no such protocol, or no such run.
pub fn named(library: &Library, name: &str) -> Result<Small, Error> {
    let (id, slug) = name.split_once('/').map_or((name, None), |(id, slug)| (id, Some(slug)));
    let family = protocol(library, id)?;
    let Some(slug) = slug else { return Ok(Small::of(library, family, None)) };
    let runs = shelf::of(library, id).map_or(&[][..], |shelf| shelf.runs);
    let mut own = runs.iter().filter(|file| file.protocol == id);
    let Some(file) = own.clone().find(|file| file.slug == slug) else {
        let names: Vec<String> = own.by_ref().map(|file| format!("{id}/{}", file.slug)).collect();
        let title = family.specification().title;
        let message = format!("There is no run `{slug}` of {title} in the gallery. There are {}.", names.join(", "));
        return Err(Error::new(Code::UnknownRun, message));
    };
    Ok(Small::read(file.text, &[family])?)
}
