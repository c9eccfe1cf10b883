//! Every check and test, as named steps in the order in which they run.

use crate::build;
use crate::module;
use crate::run::{Result, cargo, output, program, root, run, target};
use crate::server::Server;
use crate::tools;
use crate::wasm;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The folder of the tested page. It is not the folder that is being served.
const DIST: &str = "dist-test";
/// The ending of an end-to-end test file's name.
const TEST_FILE: &str = ".test.mjs";
/// The crates of the core.
const CORE: [&str; 6] = ["engine", "judges", "search", "formats", "protocols", "content"];
const READ: &str = "The messages above say what is wrong.";

struct Step {
    name: &'static str,
    /// What the step does, and how long it takes on two cores when nothing is built yet.
    about: &'static str,
    run: fn(&[String]) -> Result,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the formatting (a second)", run: fmt },
    Step {
        name: "clippy",
        about: "lints, natively and for wasm, and the core's documentation (90 seconds cold)",
        run: clippy,
    },
    Step { name: "native", about: "unit, property and golden tests, natively (2 minutes cold)", run: native },
    Step { name: "bare", about: "the core for a machine without an operating system (5 seconds cold)", run: bare },
    Step {
        name: "golden",
        about: "the golden digests in wasm, under node and in Chromium (20 seconds cold)",
        run: golden,
    },
    Step { name: "web", about: "the page's tests in Chromium (30 seconds cold)", run: web },
    Step { name: "build", about: "the page for release (40 seconds cold)", run: page },
    Step { name: "size", about: "the size budget (a second)", run: size },
    Step {
        name: "api",
        about: "the API from JavaScript, under node and in Chromium, and its size (1 minute cold)",
        run: api,
    },
    Step {
        name: "deny",
        about: "the dependencies' licences, sources and advisories (1 minute the first time)",
        run: deny,
    },
    Step { name: "e2e", about: "the page from end to end in Chromium (three minutes)", run: e2e },
];

/// The steps' names, for the help text.
pub fn list() -> String {
    let lines = STEPS.iter().map(|step| format!("  {:8}{}", step.name, step.about));
    lines.collect::<Vec<_>>().join("\n")
}

/// Runs `test`, `test --quick`, or `test` with names of steps. Arguments after `--` go to the last step's runner.
pub fn command(arguments: &[String]) -> Result {
    let cut = arguments.iter().position(|argument| argument == "--");
    let (names, rest) = match cut {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    if names.iter().any(|name| name == "--quick") {
        return quick(rest);
    }
    if names.is_empty() {
        return steps(STEPS.iter(), rest);
    }
    let known = |name: &String| STEPS.iter().any(|step| step.name == name);
    if let Some(name) = names.iter().find(|name| !known(name)) {
        return Err(format!("`test` has no step `{name}`. Its steps:\n{}", list()));
    }
    let chosen = STEPS.iter().filter(|step| names.iter().any(|name| name == step.name));
    steps(chosen, rest)
}

/// The inner loop: the core's tests, natively. With the name of a protocol, a chapter or a test, it runs only what is declared of
/// them and the claims of their papers: two programs, which link fast.
pub fn quick(rest: &[String]) -> Result {
    let Some((name, more)) = rest.split_first() else {
        return run(cargo("test").args(packages(CORE)).arg("-plightcone-tests"), READ);
    };
    run(cargo("test --quiet -plightcone-tests --test declared --").arg(name).args(more), READ)?;
    let mut papers = papers(name)?;
    if papers.is_empty() {
        papers.push(name.clone());
    }
    run(cargo("test --quiet -plightcone-tests --test papers --").args(papers).args(more), READ)
}

/// The modules in `core/tests/papers/` of a protocol or of a chapter's protocols: they are called as the protocols' modules.
fn papers(name: &str) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let chapters = root().join("core/protocols/src");
    for chapter in entries(&chapters)?.into_iter().filter(|entry| entry.is_dir()) {
        let is_chapter = chapter.file_name().is_some_and(|own| own == name);
        for protocol in entries(&chapter)? {
            let text =
                [protocol.clone(), protocol.join("mod.rs")].iter().find_map(|file| fs::read_to_string(file).ok());
            let is_asked = is_chapter || text.is_some_and(|text| text.contains(&format!("        id: \"{name}\",")));
            let module = protocol.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            all.extend(module.filter(|module| is_asked && module != "mod"));
        }
    }
    Ok(all)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// Tries all of which the test command tries an eighth, and then runs a simulated year of each protocol: `core/tests/count.rs`
/// and `core/examples/soak.rs`. The name of a protocol means only that one; whoever goes on `--from` a seed has had the first.
pub fn soak(arguments: &[String]) -> Result {
    tools::rust()?;
    let name = arguments.first().filter(|name| !name.starts_with("--"));
    if !arguments.iter().any(|argument| argument == "--from" || argument == "--flaw") {
        println!("Trying all of which the tests try an eighth (a few minutes, and 2 to build when cold).");
        let mut tests = cargo("test --profile soak --locked -p lightcone-tests --tests");
        if let Some(name) = name {
            tests.args(["--", name]);
        }
        run(tests.env("LIGHTCONE_SOAK", "1").env("LIGHTCONE_TIMES", "1"), READ)?;
    }
    println!("Running years of schedules. Ctrl-C stops it; a line now and then says how to go on from there.");
    let mut years = cargo("run --quiet --profile soak --locked -p lightcone-tests --example soak --");
    run(years.args(arguments), "The lines above say what broke, and how to see it again.")
}

fn steps<'a>(steps: impl Iterator<Item = &'a Step>, rest: &[String]) -> Result {
    let start = Instant::now();
    tools::rust()?;
    let mut steps = steps.peekable();
    while let Some(step) = steps.next() {
        let clock = Instant::now();
        println!("\n── {}: {}", step.name, step.about);
        let again = |error| format!("{error}\nOnly this step: cargo xtask test {}", step.name);
        let rest = if steps.peek().is_none() { rest } else { &[] };
        (step.run)(rest).map_err(again)?;
        // The last step's runner has the last word.
        if steps.peek().is_some() {
            println!(
                "   {} took {:.1} s, {:.0} s so far",
                step.name,
                clock.elapsed().as_secs_f32(),
                start.elapsed().as_secs_f32()
            );
        }
    }
    Ok(())
}

/// Arguments of cargo that choose crates.
fn packages<'a>(names: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = String> {
    names.into_iter().map(|name| format!("-plightcone-{name}"))
}

fn fmt(_: &[String]) -> Result {
    run(&mut cargo("fmt --all --check"), "`cargo fmt` sets it right.")
}

fn clippy(_: &[String]) -> Result {
    run(&mut cargo("clippy --quiet --workspace --all-targets --locked -- -D warnings"), READ)?;
    let mut wasm = cargo(
        "clippy --quiet -p lightcone-web -p lightcone-figure -p lightcone-module -p lightcone-tests --lib --bins --tests --locked",
    );
    wasm.args(packages(CORE)).args(["--target", wasm::TARGET, "--", "-D", "warnings"]);
    run(&mut wasm, READ)?;
    run(cargo("doc --quiet --no-deps --locked").args(packages(CORE)).env("RUSTDOCFLAGS", "-D warnings"), READ)
}

fn native(rest: &[String]) -> Result {
    run(cargo("test --workspace --locked").args(rest), READ)
}

fn bare(_: &[String]) -> Result {
    let mut build = cargo("build --locked --target thumbv7em-none-eabi");
    run(build.args(packages(CORE)), "The core must do without std.")
}

/// In release. The native run is a debug build, so the two together test the law "same digest in debug and release".
fn golden(_: &[String]) -> Result {
    let line = "--release -p lightcone-tests --locked --test golden";
    println!("Under node:");
    run(&mut wasm::under_node(line)?, READ)?;
    println!("In Chromium:");
    run(&mut wasm::in_browser(line)?, READ)
}

fn web(rest: &[String]) -> Result {
    run(wasm::in_browser("-p lightcone-web --locked --tests")?.args(rest), READ)
}

fn page(_: &[String]) -> Result {
    build::release(DIST)
}

fn size(_: &[String]) -> Result {
    tools::node()?;
    let advice = "The page must stay small; the table above shows what grew.";
    run(program("node").args(["e2e/size.mjs", DIST]), advice)
}

/// Builds the module, runs its tests with the command line beside it, and prints what it weighs.
fn api(rest: &[String]) -> Result {
    tools::node()?;
    tools::end_to_end()?;
    let browser = tools::browser()?;
    let (whole, bare) = (target().join("api"), target().join("api-bare"));
    module::release(&bare, "bare")?;
    module::release(&whole, "")?;
    run(&mut cargo("build --quiet --locked -p lightcone-cli"), READ)?;
    let mut node = program("node");
    node.env("CHROMIUM", browser).env("LIGHTCONE_API", &whole).env("LIGHTCONE_API_BARE", &bare);
    node.env("LIGHTCONE_CLI", target().join("debug").join("lightcone").with_extension(std::env::consts::EXE_EXTENSION));
    node.args(["--test", "--test-reporter=spec"]).args(rest).args(test_files("api/tests")?);
    run(&mut node, "The lines above marked ✖ say what failed.")
}

/// Advisories need the network. Without it, everything else is checked, and the output says so.
fn deny(_: &[String]) -> Result {
    tools::deny()?;
    let advice = "deny.toml has the rules, and the reason for each exception.";
    run(&mut cargo("deny --offline --log-level error check bans licenses sources"), advice)?;
    let mut fetch = cargo("deny --log-level off fetch db");
    // Without these settings git would ask for a name or wait for ever.
    fetch.env("GIT_TERMINAL_PROMPT", "0").env("GIT_HTTP_LOW_SPEED_LIMIT", "1000").env("GIT_HTTP_LOW_SPEED_TIME", "20");
    if output(&mut fetch).is_none() {
        println!("The advisory database cannot be fetched here: advisories are NOT checked in this run.");
        return Ok(());
    }
    run(&mut cargo("deny --offline --log-level error check advisories"), advice)
}

/// Serves the built page twice, at the top and under a path, and gives both addresses to node's test runner.
fn e2e(rest: &[String]) -> Result {
    tools::node()?;
    tools::end_to_end()?;
    let browser = tools::browser()?;
    page(&[])?;
    let mut node = program("node");
    node.current_dir(root().join("e2e")).env("CHROMIUM", browser);
    let places = [("LIGHTCONE_URL", "/"), ("LIGHTCONE_URL_IN_PATH", "/some/deep/path/")];
    for (name, base) in places {
        let server = Server::open(root().join(DIST), base, 0..1)?;
        node.env(name, server.address()?);
        std::thread::spawn(move || server.serve());
    }
    node.args(["--test", "--test-reporter=spec"]).args(rest);
    if !rest.iter().any(|argument| argument.ends_with(TEST_FILE)) {
        node.args(test_files("e2e/tests")?);
    }
    if rest.is_empty() {
        // Pictures of an earlier run would mislead. It is no error if there are none.
        fs::remove_dir_all(root().join("e2e/screenshots")).ok();
    }
    let advice = "The lines above marked ✖ say what failed; e2e/screenshots/failed-*.png show it.";
    run(&mut node, advice)
}

/// The test files of a folder, by name. Versions of node differ in what a folder or a pattern means.
fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let paths = entries(&root().join(folder))?.into_iter();
    let mut files: Vec<PathBuf> = paths.filter(|path| path.to_string_lossy().ends_with(TEST_FILE)).collect();
    files.sort();
    Ok(files)
}
