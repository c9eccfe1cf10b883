//! Measuring the core's speed.

use crate::run::{Outcome, cargo, root, run};
use crate::tools;

/// Native benches (`core/benches/`), then the same work in wasm under node (`core/tests/speed.rs`).
/// Arguments go to the native benches.
pub fn command(arguments: &[String]) -> Outcome {
    tools::rust()?;
    if root().join("core/benches").is_dir() {
        println!("Measuring natively (about 1 minute to build when cold).");
        let mut native = cargo("bench -p lightcone-core");
        run(native.arg("--").args(arguments), "See above.")?;
    }
    if root().join("core/tests/speed.rs").is_file() {
        tools::node()?;
        tools::wasm_runner()?;
        println!("Measuring in wasm under node (about 1 minute to build when cold).");
        let mut wasm =
            cargo("test --release -p lightcone-core --target wasm32-unknown-unknown --test speed");
        wasm.args(["--", "--nocapture"])
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                "wasm-bindgen-test-runner",
            )
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        run(&mut wasm, "See above.")?;
    }
    Ok(())
}
