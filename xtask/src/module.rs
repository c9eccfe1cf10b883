//! Building the API for JavaScript: a folder that npm can install.

use crate::run::{Result, cargo, program, root, run, target};
use crate::smaller;
use crate::tools;
use crate::wasm;
use std::path::Path;

/// What stands in the folder as it stands here.
const COPIED: [&str; 2] = ["package.json", "node.js"];
const BROKEN: &str = "The messages above say where.";

/// Builds the module for release into a folder of the repository. `feature` is one more feature of its crate, or empty.
pub fn release(folder: &Path, feature: &str) -> Result {
    tools::rust()?;
    tools::wasm_runner()?;
    println!("Building the module for JavaScript into {} (about 1 minute cold).", folder.display());
    let mut build = cargo("build --release --locked -p lightcone-module --features");
    run(build.arg(feature).args(["--target", wasm::TARGET]), BROKEN)?;
    let built = target().join(wasm::TARGET).join("release/lightcone.wasm");
    let mut bindgen = program("wasm-bindgen");
    bindgen.args(["--target", "web", "--out-name", "lightcone", "--out-dir"]).arg(folder).arg(built);
    run(&mut bindgen, BROKEN)?;
    let bytes = folder.join("lightcone_bg.wasm");
    let written = std::fs::read(&bytes).map_err(|error| format!("{}: {error}.", bytes.display()))?;
    std::fs::write(&bytes, smaller::module(&written)?).map_err(|error| format!("{}: {error}.", bytes.display()))?;
    for name in COPIED {
        let from = root().join("api/module").join(name);
        std::fs::copy(&from, folder.join(name)).map_err(|error| format!("{}: {error}.", from.display()))?;
    }
    Ok(())
}
