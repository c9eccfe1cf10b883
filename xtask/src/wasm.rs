//! Runs tests in wasm, under node and in a browser, with wasm-bindgen's test runner.

use crate::run::{Result, cargo, target};
use crate::tools;
use std::path::Path;
use std::process::Command;

/// The page's target.
pub const TARGET: &str = "wasm32-unknown-unknown";

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// `cargo test` with these arguments, in wasm under node.
pub fn under_node(arguments: &str) -> Result<Command> {
    tools::node()?;
    cargo_test(arguments)
}

/// `cargo test` with these arguments, in wasm in the browser.
pub fn in_browser(arguments: &str) -> Result<Command> {
    let (driver, browser) = (tools::driver()?, tools::browser()?);
    let settings = target().join("tools/webdriver.json");
    write(&settings, &capabilities(&browser))?;
    let mut command = cargo_test(arguments)?;
    command
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    Ok(command)
}

fn cargo_test(arguments: &str) -> Result<Command> {
    tools::wasm_runner()?;
    let mut command = cargo("test --target");
    command
        .arg(TARGET)
        .args(arguments.split_whitespace())
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    Ok(command)
}

/// The browser's settings for its driver, as JSON. A string that Rust quotes is also a JSON string, unless it has
/// unprintable characters.
fn capabilities(browser: &Path) -> String {
    let browser = browser.to_string_lossy();
    format!("{{\"goog:chromeOptions\": {{\"binary\": {browser:?}, \"args\": {FLAGS:?}}}}}\n")
}

fn write(path: &Path, text: &str) -> Result {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}
