//! The page's folders are floors: arrows point down only.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../../tests/floors.rs"]
mod floors;

use floors::{Tree, none};
use std::path::Path;

/// The lowest first.
const FLOORS: [&str; 9] = ["words", "browser", "state", "parts", "search", "figure", "panels", "share", "pages"];

fn tree() -> Tree {
    Tree::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn no_arrow_runs_up() {
    none(&tree().climbs(&FLOORS), "arrows point down only");
}

/// A folder's first page declares what its files share, and hands on what they make of it.
#[test]
fn no_circle_is_larger_than_two_files() {
    let circles: Vec<String> = tree().without_first_pages().circles(2).iter().map(|circle| circle.join(", ")).collect();
    none(&circles, "files of a circle cannot be read one after another");
}

#[test]
fn what_the_page_knows_needs_no_browser() {
    for module in ["state", "words"] {
        let browser = tree().users_of("browser").into_iter().filter(|user| user.starts_with(module));
        none(&browser.collect::<Vec<_>>(), "pure: no browser");
    }
}
