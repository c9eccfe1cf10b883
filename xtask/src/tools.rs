//! Installs the tools of the commands, if the right version is neither on the path nor in `target/tools`. Outside the
//! repository it changes only rustup's targets and Debian's browser.

use crate::run::{Result, cargo, find, output, program, read, root, run, target};
use std::env::consts::EXE_EXTENSION;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";
const CARGO_DENY: &str = "0.20.2";
const NODE: u32 = 20;
const ONLINE: &str = "It needs the network once; run the command again when it is there.";

/// Installs all that `serve` and `test` need.
pub fn everything() -> Result {
    rust()?;
    page_tools()?;
    wasm_runner()?;
    deny()?;
    node()?;
    end_to_end()?;
    let browser = browser()?;
    let driver = driver()?;
    println!("Everything is there. Browser: {}.", browser.display());
    println!("Its driver: {}.", driver.display());
    Ok(())
}

/// The compiler's targets and components named in `rust-toolchain.toml`, and all crates' sources.
pub fn rust() -> Result {
    add("target", &["wasm32-unknown-unknown", "thumbv7em-none-eabi"])?;
    add("component", &["rustfmt", "clippy"])?;
    run(&mut cargo("fetch --locked --quiet"), ONLINE)
}

fn add(kind: &str, names: &[&str]) -> Result {
    let Some(installed) = output(program("rustup").args([kind, "list", "--installed"])) else {
        println!("rustup is not here: the compiler is taken as it is.");
        return Ok(());
    };
    for name in names.iter().filter(|name| !installed.contains(**name)) {
        println!("Installing Rust's {kind} {name} (a few seconds).");
        run(program("rustup").args([kind, "add", name]), ONLINE)?;
    }
    Ok(())
}

/// Trunk, which builds the page, and the wasm-bindgen that belongs to the crate in Cargo.lock.
pub fn page_tools() -> Result {
    install("trunk", TRUNK, "trunk", "", "about 3 minutes on two cores")?;
    wasm_runner()?;
    install("wasm_split_cli_support", WASM_SPLIT, "wasm-split-cli", "build-binary", "about 1 minute on two cores")?;
    tidy();
    Ok(())
}

/// wasm-bindgen and its test runner.
pub fn wasm_runner() -> Result {
    let version = locked("wasm-bindgen")?;
    install("wasm-bindgen-cli", &version, "wasm-bindgen", "", "about 1 minute on two cores")
}

/// cargo-deny, which checks licences, sources and advisories.
pub fn deny() -> Result {
    install("cargo-deny", CARGO_DENY, "cargo-deny", "", "about 1 minute on two cores")?;
    tidy();
    Ok(())
}

/// Removes more than a gigabyte of intermediate files of the tools' builds. It is no error if there are none.
fn tidy() {
    std::fs::remove_dir_all(target().join("tools/build")).ok();
}

/// Installs a tool from crates.io unless this version is there. It is built without optimisation, which takes a third of
/// the time, and without default features, which are for the network only; with these `features`.
fn install(package: &str, version: &str, binary: &str, features: &str, time: &str) -> Result {
    let tools = target().join("tools");
    // What cargo has installed there, by its own list: not every tool tells its version.
    let list = std::fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
    if list.contains(&format!("\"{package} {version} "))
        && tools.join("bin").join(binary).with_extension(EXE_EXTENSION).exists()
    {
        return Ok(());
    }
    println!("Installing {package} {version} into target/tools ({time}, once).");
    let mut command = cargo("install --locked --no-default-features --force");
    // A terminal shows the progress; a log is spared some 300 lines.
    if !std::io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    command
        .args([package, "--version", version, "--features", features])
        .arg("--root")
        .arg(&tools)
        .arg("--target-dir")
        .arg(tools.join("build"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    run(&mut command, ONLINE)
}

/// The version of a crate in Cargo.lock.
fn locked(name: &str) -> Result<String> {
    let lock = read("Cargo.lock")?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    lock.split_once(&entry)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(version, _)| version.to_owned())
        .ok_or_else(|| format!("Cargo.lock names no {name}."))
}

/// Checks that Node is there and new enough.
pub fn node() -> Result {
    let version = output(program("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next();
    match major.and_then(|text| text.parse::<u32>().ok()) {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(format!(
            "Node {NODE} or newer is needed for the tests, with npm; found: {}. Install it and run the command again.",
            if version.is_empty() { "none" } else { &version }
        )),
    }
}

/// The npm packages of the end-to-end tests; npm runs only when the lock file has changed.
pub fn end_to_end() -> Result {
    let lock = read("e2e/package-lock.json")?;
    let stamp = root().join("e2e/node_modules/.installed-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the end-to-end tests' npm packages (about 10 seconds).");
    let mut npm = program("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(root().join("e2e"));
    run(&mut npm, ONLINE)?;
    std::fs::write(&stamp, lock).map_err(|error| format!("{}: {error}.", stamp.display()))
}

/// A Chromium or Chrome: `CHROMIUM`, or one on the path, or in a Mac's Applications, or Debian's, installed.
pub fn browser() -> Result<PathBuf> {
    if let Some(path) = named("CHROMIUM")? {
        return Ok(path);
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let applications = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let there = || {
        let application = applications.iter().map(PathBuf::from);
        find(&names).or_else(|| application.into_iter().find(|path| path.is_file()))
    };
    match there() {
        Some(path) => Ok(path),
        None => {
            debian("a browser", "CHROMIUM")?;
            there().ok_or_else(|| missing("a browser", "CHROMIUM"))
        }
    }
}

/// The browser's WebDriver: `CHROMEDRIVER`, or one on the path, or Debian's, installed.
pub fn driver() -> Result<PathBuf> {
    if let Some(path) = named("CHROMEDRIVER")? {
        return Ok(path);
    }
    match find(&["chromedriver"]) {
        Some(path) => Ok(path),
        None => {
            debian("chromedriver", "CHROMEDRIVER")?;
            find(&["chromedriver"]).ok_or_else(|| missing("chromedriver", "CHROMEDRIVER"))
        }
    }
}

fn named(variable: &str) -> Result<Option<PathBuf>> {
    match std::env::var_os(variable).map(PathBuf::from) {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(format!("{variable} names {}, which is not a file.", path.display())),
        None => Ok(None),
    }
}

fn debian(what: &str, variable: &str) -> Result {
    let root = output(program("id").arg("-u")).is_some_and(|id| id == "0");
    if !Path::new("/etc/debian_version").exists() || !root {
        return Err(missing(what, variable));
    }
    println!("Installing Debian's chromium and chromium-driver (1 to 3 minutes).");
    let mut update = program("apt-get");
    update.args(["update", "--quiet"]);
    run(&mut update, ONLINE)?;
    let mut install = program("apt-get");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(["chromium", "chromium-driver"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut install, ONLINE)
}

fn missing(what: &str, variable: &str) -> String {
    format!(
        "{what} is needed for the tests and was not found. On Debian: `sudo apt-get install chromium chromium-driver`. \
         On a Mac: install Chrome, and `brew install chromedriver`. Or set {variable} to the program's path."
    )
}
