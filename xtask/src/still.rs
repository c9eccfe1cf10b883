//! What of the page is drawn when it is built: the first page, and the posters of embedded runs. `web/still` draws them.

use crate::parts::{files, made, read};
use crate::run::{Result, cargo, run};
use std::fs;
use std::path::Path;

const ADVICE: &str = "What stands in the page before its program cannot be drawn.";

/// Puts what is drawn into the folder of the built page, and tells its script where it is.
pub fn write(dist: &Path) -> Result {
    println!("Drawing the first page and the posters of embedded runs.");
    run(cargo("run --quiet --locked -p lightcone-still --").arg(dist), ADVICE)?;
    let files = files(dist)?;
    let named = |start: &str| files.iter().find(|name| name.starts_with(start)).ok_or(ADVICE);
    let (contents, posters) = (named("contents-")?, named("posters-")?);
    let path = dist.join("index.html");
    let tells = format!("<script data-contents=\"./{contents}\" data-posters=\"./{posters}/\" ");
    made(fs::write(&path, read(&path)?.replacen("<script ", &tells, 1)), &path)
}
