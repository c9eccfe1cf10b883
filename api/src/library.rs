//! The protocols that somebody has.

use crate::form::{Code, Error};
use lightcone_engine::protocol::AnyProtocol;
use lightcone_formats::text;

pub use lightcone_content::shelf::Library;

/// Every protocol of these shelves.
pub fn protocols_of(library: &Library) -> Vec<&'static dyn AnyProtocol> {
    library.iter().map(|shelf| shelf.protocol).collect()
}

/// The protocol of this name.
///
/// # Errors
/// No shelf has it.
pub fn protocol(library: &Library, id: &str) -> Result<&'static dyn AnyProtocol, Error> {
    let all = protocols_of(library);
    all.iter().find(|protocol| protocol.specification().id == id).copied().ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|protocol| protocol.specification().id).collect();
        let message = format!("There is no protocol `{}`. There are {}.", text::quoted(id), names.join(", "));
        Error::new(Code::UnknownProtocol, message)
    })
}
