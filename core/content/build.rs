//! Makes the shelves: for each chapter its protocols, and the files in `runs/` and `searches/` about them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let top = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let chapters = entries(&top.join("runs"));
    let searches = entries(&top.join("searches"));
    assert_eq!(
        chapters.iter().map(|it| name(it)).collect::<Vec<_>>(),
        searches.iter().map(|it| name(it)).collect::<Vec<_>>()
    );
    let shelves = chapters.iter().zip(&searches).map(|(runs, searches)| shelf(runs, searches));
    write(&out.join("shelves.rs"), &shelves.collect::<String>());
}

/// The shelf of a chapter, whose folder is called like its module.
fn shelf(of_runs: &Path, of_searches: &Path) -> String {
    let chapter = name(of_runs);
    format!(
        "/// The shelf of this chapter.\npub static {}: Shelf = Shelf {{\n    chapter: {chapter:?},\n    protocols: lightcone_protocols::{chapter}::PROTOCOLS,\n    runs: {},\n    searches: {},\n}};\n",
        chapter.to_uppercase(),
        runs(of_runs),
        searches(of_searches)
    )
}

/// The gallery's list: by protocol, then by the place that each file states.
fn runs(folder: &Path) -> String {
    let mut list = String::from("&[\n");
    for protocol in entries(folder) {
        let files = entries(&protocol);
        let mut files: Vec<(u16, PathBuf)> = files.into_iter().map(|file| (place(&file), file)).collect();
        files.sort();
        for pair in files.windows(2) {
            assert!(pair[0].0 != pair[1].0, "{} and {} have one place", pair[0].1.display(), pair[1].1.display());
        }
        for (_, file) in files {
            let (protocol, slug) = (name(&protocol), name(&file));
            // Writing to a string does not fail.
            _ = writeln!(list, "    File {{ protocol: {protocol:?}, slug: {slug:?}, text: include_str!({file:?}) }},");
        }
    }
    list + "]"
}

/// The list of searches: by protocol, the file for any flaw first.
fn searches(folder: &Path) -> String {
    let mut list = String::from("&[\n");
    for protocol in entries(folder) {
        let mut files = entries(&protocol);
        files.sort_by_key(|file| name(file) != "any");
        for file in files {
            let (protocol, flaw) = (name(&protocol), name(&file));
            _ = writeln!(list, "    ({protocol:?}, {flaw:?}, include_str!({file:?})),");
        }
    }
    list + "]"
}

/// The names in a folder. A change in the folder makes the build list them again.
fn entries(folder: &Path) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    paths
}

/// The place that a file states, on a line of its own.
fn place(file: &Path) -> u16 {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let place = text.lines().find_map(|line| line.trim().strip_prefix("place ")?.parse().ok());
    place.unwrap_or_else(|| panic!("{}: say `place` and a number among what is expected", file.display()))
}

fn name(path: &Path) -> &str {
    path.file_stem().and_then(|name| name.to_str()).expect("names of files are plain text")
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("cargo sets {name}: {error}"))
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
