//! Where the files about a protocol are.

use lightcone_content::shelf::{self, ALL};
use std::path::{Path, PathBuf};

/// The folder of a protocol's `runs`, `searches` or `schedules`.
///
/// # Panics
/// If no shelf has the protocol.
#[must_use]
pub fn folder(what: &str, protocol: &str) -> PathBuf {
    let shelf = shelf::of(ALL, protocol).expect("every protocol has a shelf");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content").join(what).join(shelf.chapter).join(protocol)
}
