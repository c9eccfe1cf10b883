//! What of the page is drawn when it is built: the contents of the first page. `web/still` draws them.

use crate::parts::{files, made, read};
use crate::run::{Result, cargo, run};
use std::fs;
use std::path::Path;

const ADVICE: &str = "The first page cannot be drawn.";

/// Puts what is drawn into the folder of the built page, and tells its script where it is.
pub fn write(dist: &Path) -> Result {
    println!("Drawing the contents of the first page.");
    run(cargo("run --quiet --locked -p lightcone-still --").arg(dist), ADVICE)?;
    let contents = files(dist)?.into_iter().find(|name| name.starts_with("contents-")).ok_or(ADVICE)?;
    let path = dist.join("index.html");
    let index = read(&path)?.replacen("<script ", &format!("<script data-contents=\"./{contents}\" "), 1);
    made(fs::write(&path, index), &path)
}
