//! The folders and files of the crate are floors.

#[path = "../../tests/floors.rs"]
mod floors;

use floors::{Tree, none};
use std::path::Path;

/// What may be used by what: the lowest first.
const FLOORS: [&str; 13] = [
    "form", "json", "event", "library", "convert", "expect", "links", "write", "grade", "gallery", "judge", "draw",
    "check",
];

#[test]
fn arrows_point_down_and_circles_are_small() {
    let tree = Tree::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    none(&tree.climbs(&FLOORS), "arrows point down only");
    none(
        &tree.circles(2).into_iter().map(|circle| circle.join(", ")).collect::<Vec<_>>(),
        "no circle has more than two files",
    );
}
