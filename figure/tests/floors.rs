//! The figure's folders are floors: arrows point down only.

#[path = "../../tests/floors.rs"]
mod floors;

use floors::{Tree, none};
use std::path::Path;

/// The lowest first.
const FLOORS: [&str; 8] = ["by_pointer", "view", "plane", "read", "layout", "scene", "draw", "svg"];

fn tree() -> Tree {
    Tree::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn no_arrow_runs_up() {
    let mut floors = FLOORS.to_vec();
    // Runs for tests.
    floors.push("gallery");
    none(&tree().climbs(&floors), "arrows point down only");
}

#[test]
fn no_circle_is_larger_than_two_files() {
    let circles: Vec<String> = tree().circles(2).iter().map(|circle| circle.join(", ")).collect();
    none(&circles, "files of a circle cannot be read one after another");
}

#[test]
fn no_browser_is_in_the_figure() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    let manifest = manifest.expect("the manifest is a text");
    for browser in ["yew", "web-sys", "js-sys", "wasm-bindgen"] {
        assert!(!manifest.contains(browser), "{browser}");
    }
}
