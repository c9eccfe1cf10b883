//! The lessons of the built page: `web/learn` makes them out of the Markdown files under `core/content/lessons`.

use crate::run::{Result, cargo, run};
use std::path::Path;

/// Writes the folder `learn/` of the built page.
pub fn write(dist: &Path) -> Result {
    println!("Holding the lessons against their runs.");
    run(cargo("run --quiet --locked -p lightcone-learn --").arg(dist), "A lesson says what is not so: see above.")
}
