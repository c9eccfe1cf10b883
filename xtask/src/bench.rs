//! Measuring the core's speed.

use crate::run::{Outcome, cargo, root, run};
use crate::{tools, wasm};

const READ: &str = "The messages above say what is wrong.";

/// Native benches (`core/benches/`), then the same work in wasm under node (`core/tests/speed.rs`).
/// Arguments go to the native benches.
pub fn command(arguments: &[String]) -> Outcome {
    tools::rust()?;
    if root().join("core/benches").is_dir() {
        println!("Measuring natively (about 1 minute to build when cold).");
        run(cargo("bench -p lightcone-core --bench * --").args(arguments), READ)?;
    }
    if root().join("core/tests/speed.rs").is_file() {
        println!("Measuring in wasm under node (about 1 minute to build when cold).");
        let mut speed = wasm::under_node("--release -p lightcone-core --test speed")?;
        run(speed.args(["--", "--nocapture"]), READ)?;
    }
    Ok(())
}
