//! Measuring the core's speed, and the page's.

use crate::run::{Outcome, cargo, output, program, root, run};
use crate::server::Server;
use crate::{build, tools, wasm};

const READ: &str = "The messages above say what is wrong.";

/// The folder of the page that names the parts of its frames.
const DIST: &str = "dist-bench";

/// Native benches (`core/benches/`), then the same work in wasm under node (`core/tests/speed.rs`).
/// `page` stands for the page's frames; other arguments go to the native benches.
pub fn command(arguments: &[String]) -> Outcome {
    if let [name] = arguments
        && name == "page"
    {
        return page();
    }
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

/// Drags, pans and zooms long runs in Chromium (`e2e/bench.mjs`), each opened by its link.
fn page() -> Outcome {
    tools::node()?;
    tools::end_to_end()?;
    let browser = tools::browser()?;
    build::release_with(DIST, &["--features", "bench"])?;
    let links = output(&mut cargo("run --quiet --release -p lightcone-core --example long --locked"));
    let links = links.ok_or("the example `long` of lightcone-core gives no links.")?;
    let server = Server::open(root().join(DIST), "/", 0..1)?;
    let mut node = program("node");
    node.env("CHROMIUM", browser).env("LIGHTCONE_URL", server.address()?);
    std::thread::spawn(move || server.serve());
    println!("Measuring frames in Chromium (about a minute).");
    run(node.arg("e2e/bench.mjs").args(links.lines()), READ)
}
