//! The manifests make the core's crates into floors; this test holds the files inside each crate to the same rule.

#[path = "../../tests/floors.rs"]
mod checker;

use checker::{Tree, none};
use std::path::Path;

/// The crates, and what of each may be used by what: the lowest first. A crate whose files need no order among folders
/// names none.
const CRATES: [(&str, &[&str]); 6] = [
    (
        "engine",
        &[
            "time",
            "limits",
            "id",
            "hash",
            "per_node",
            "sorted_map",
            "fingerprints",
            "operation",
            "phrase",
            "model",
            "draw",
            "protocol",
            "prelude",
            "run",
        ],
    ),
    ("judges", &[]),
    ("search", &[]),
    ("formats", &["text", "link", "edn", "history", "export"]),
    ("protocols", &["chapter", "parts", "order", "total_order", "replication", "commit", "consensus"]),
    (
        "content",
        &[
            "expectation",
            "short",
            "gallery",
            "challenges",
            "grade",
            "lessons",
            "shelf",
            "searches",
            "stages",
            "widening",
            "expected",
            "find",
        ],
    ),
];

fn tree(name: &str) -> Tree {
    Tree::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"))
}

#[test]
fn no_arrow_runs_up() {
    for (name, floors) in CRATES.iter().filter(|(_, floors)| !floors.is_empty()) {
        none(&tree(name).climbs(floors), &format!("{name}: arrows point down only"));
    }
}

#[test]
fn no_circle_is_larger_than_two_files() {
    let of_crate = |(name, _): &(&str, _)| {
        // A protocol's first page declares what its roles share.
        let tree = if *name == "protocols" { tree(name).without_first_pages() } else { tree(name) };
        let circles = tree.circles(2);
        circles.into_iter().map(move |circle| format!("{name}: {}", circle.join(", "))).collect::<Vec<_>>()
    };
    let circles: Vec<String> = CRATES.iter().flat_map(of_crate).collect();
    none(&circles, "files of a circle cannot be read one after another");
}
