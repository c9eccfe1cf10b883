//! Measuring the core's speed, and the page's.

use crate::run::{Result, cargo, output, printed, program, root, run};
use crate::server::Server;
use crate::{build, parts, tools, wasm};

const READ: &str = "The messages above say what is wrong.";

/// The folder of a page that names the parts of its frames in the browser's timeline.
const DIST: &str = "dist-bench";

/// Runs the native benches (`core/benches/speed.rs`), the same work in wasm under node (`core/tests/speed.rs`), the
/// frames of a drag, and the search. `page` means only the page's frames, `frames` those without a browser, `search` only the
/// search, and `pressed` the search in the page; other arguments go to the native benches.
pub fn command(arguments: &[String]) -> Result {
    if let [name] = arguments {
        match name.as_str() {
            "page" => return page(),
            "pressed" => return pressed(),
            "search" => return search(),
            "frames" => return frames(),
            _ => {}
        }
    }
    tools::rust()?;
    println!("Measuring natively (about 1 minute to build when cold).");
    run(cargo("bench -p lightcone-tests --bench speed --").args(arguments), READ)?;
    println!("Measuring in wasm under node (about 1 minute to build when cold).");
    let mut speed = wasm::under_node("--release -p lightcone-tests --test speed")?;
    run(speed.args(["--", "speed", "--nocapture"]), READ)?;
    frames()?;
    search()
}

/// Measures the frames of a drag without a browser, natively (`figure/benches/frames.rs`).
fn frames() -> Result {
    tools::rust()?;
    println!("Measuring the frames of a drag natively (about 1 minute to build when cold).");
    run(&mut cargo("bench -p lightcone-figure --bench frames"), READ)
}

/// Compares the search with another checker (`bench/`), and then measures it for each flaw of each protocol, natively
/// (`core/benches/search.rs`) and in wasm under node.
fn search() -> Result {
    tools::rust()?;
    println!("Measuring the search beside stateright's (about 2 minutes to build when cold).");
    run(&mut cargo("bench -p lightcone-bench --bench beside_stateright"), READ)?;
    println!("Searching with every flaw, natively and in wasm under node (about 5 minutes).");
    let native = printed(&mut cargo("bench -p lightcone-tests --bench search"), READ)?;
    let mut wasm = wasm::under_node("--release -p lightcone-tests --test speed")?;
    let wasm = printed(wasm.args(["--", "search", "--nocapture"]), READ)?;
    print!("{}", side_by_side(&native, &wasm));
    Ok(())
}

/// The native rows, each with the time of the same search in wasm, and the ratio of the two.
fn side_by_side(native: &str, wasm: &str) -> String {
    let mut table = String::new();
    let mut sums = (0.0, 0.0);
    for row in native.lines() {
        let Some((name, here)) = measured(row) else {
            table += &format!(
                "{row}{}\n",
                if row.starts_with("protocol") { "                  wasm,ms  ratio" } else { "" }
            );
            continue;
        };
        let there = wasm.lines().filter_map(measured).find(|(other, _)| *other == name).map(|(_, there)| there);
        let Some(there) = there else { continue };
        sums = (sums.0 + here, sums.1 + there);
        table += &format!("{row:<119} {there:>9.1} {:>6.2}\n", there / here);
    }
    table + &format!("All together: wasm takes {:.2} times as long.\n", sums.1 / sums.0)
}

/// Protocol and flaw of a row, and the milliseconds of its whole search.
fn measured(row: &str) -> Option<([&str; 2], f64)> {
    let words: Vec<&str> = row.split_whitespace().collect();
    let [protocol, flaw, _, _, _, _, all, _] = words[..] else { return None };
    Some(([protocol, flaw], all.parse().ok()?))
}

/// Presses "Break it from here" for every flaw in Chromium (`e2e/bench-search.mjs`).
fn pressed() -> Result {
    println!("Pressing the button for every flaw in Chromium (about five minutes).");
    let protocols: Vec<String> = parts::protocols()?.into_iter().map(|(_, protocol)| protocol).collect();
    in_browser("e2e/bench-search.mjs", "", &protocols.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Drags, pans and zooms long runs in Chromium (`e2e/bench.mjs`), each opened by its link.
fn page() -> Result {
    let links = output(&mut cargo("run --quiet --release -p lightcone-tests --example long --locked"));
    let links = links.ok_or("the example `long` of lightcone-tests gives no links.")?;
    println!("Measuring frames in Chromium (about a minute).");
    in_browser("e2e/bench.mjs", "bench", &links.lines().collect::<Vec<_>>())
}

/// Builds the page with these features, serves it, and runs a script of node with Chromium.
fn in_browser(script: &str, feature: &str, arguments: &[&str]) -> Result {
    tools::node()?;
    tools::end_to_end()?;
    let browser = tools::browser()?;
    build::release_with(DIST, feature)?;
    let server = Server::open(root().join(DIST), "/", 0..1)?;
    let mut node = program("node");
    node.env("CHROMIUM", browser).env("LIGHTCONE_URL", server.address()?);
    std::thread::spawn(move || server.serve());
    run(node.arg(script).args(arguments), READ)
}
