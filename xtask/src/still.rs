//! What of the page is drawn when it is built: the posters of embedded runs. `web/still` draws them.

use crate::parts::{files, made, read};
use crate::run::{Result, cargo, run};
use std::fs;
use std::path::Path;

/// Puts the posters into the folder of the built page, and tells its script where they are.
pub fn write(dist: &Path) -> Result {
    println!("Drawing the posters of embedded runs.");
    let advice = "The posters cannot be drawn.";
    run(cargo("run --quiet --locked -p lightcone-still --").arg(dist), advice)?;
    let posters = files(dist)?.into_iter().find(|name| name.starts_with("posters-")).ok_or(advice)?;
    let path = dist.join("index.html");
    let index = read(&path)?.replacen("<script ", &format!("<script data-posters=\"./{posters}/\" "), 1);
    made(fs::write(&path, index), &path)
}
