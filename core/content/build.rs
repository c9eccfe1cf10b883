//! Makes the shelves: for each protocol the files in `runs/` and `searches/` about it. Makes the list of the challenges.

#[cfg(feature = "short")]
extern crate alloc;
#[cfg(feature = "short")]
#[path = "src/short.rs"]
mod short;

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
    let shelves: Vec<Shelf> = chapters.iter().flat_map(|chapter| entries(chapter).into_iter().map(Shelf::of)).collect();
    let text = shelves.iter().map(|shelf| shelf.text(&top)).collect::<String>();
    write(&out.join("shelves.rs"), &(text + &all(&shelves) + &each(&shelves)));
    write(&out.join("lessons.txt"), &lessons(&top.join("lessons")));
    write(&out.join("challenges.rs"), &challenges(&top.join("challenges")));
}

/// The lessons, two lines each: number and title, then the runs that its scenes name. `web/learn` holds them to more.
fn lessons(folder: &Path) -> String {
    let mut list = String::new();
    for file in entries(folder).iter().filter(|file| name(file) != "glossary") {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let heading = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let heading = heading.unwrap_or_else(|| panic!("{}: begin with a number and a title", file.display()));
        let mut runs: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("run ")).collect();
        runs.sort_unstable();
        runs.dedup();
        list += &format!("{heading}\n{}\n", runs.join(" "));
    }
    list
}

/// What is made for a protocol.
struct Shelf {
    chapter: String,
    protocol: String,
    /// The shelf's name in code, without its case.
    name: String,
    runs: PathBuf,
}

impl Shelf {
    fn of(runs: PathBuf) -> Shelf {
        let protocol = name(&runs).to_owned();
        let chapter = runs.parent().map(name).expect("a protocol is in a chapter").to_owned();
        Shelf { chapter, name: format!("shelf_{}", protocol.replace('-', "_")), protocol, runs }
    }

    fn text(&self, top: &Path) -> String {
        let Shelf { chapter, protocol, name, runs: of_runs } = self;
        let of_searches = top.join("searches").join(chapter).join(protocol);
        format!(
            "/// The shelf of this protocol.\npub static {}: Shelf = Shelf {{\n    chapter: {chapter:?},\n    id: {protocol:?},\n    protocol: lightcone_protocols::{chapter}::protocol({protocol:?}),\n    runs: {},\n    searches: {},\n}};\n",
            name.to_uppercase(),
            runs(protocol, of_runs),
            searches(&of_searches)
        )
    }
}

/// The list of all shelves, by folder.
fn all(shelves: &[Shelf]) -> String {
    let names: Vec<String> = shelves.iter().map(|shelf| format!("&{}", shelf.name.to_uppercase())).collect();
    format!("const BY_FOLDER: [&Shelf; {}] = [{}];\n", names.len(), names.join(", "))
}

/// The macro that says something of each shelf.
fn each(shelves: &[Shelf]) -> String {
    let rows =
        shelves.iter().map(|Shelf { name, protocol, .. }| format!("{name}, {}, {protocol:?};", name.to_uppercase()));
    let rows: Vec<String> = rows.collect();
    format!(
        "/// Hands each shelf to a macro: a name for code, the shelf, the protocol's name in addresses.\n#[macro_export]\nmacro_rules! each_shelf {{\n    ($then:ident) => {{ $then! {{ {} }} }};\n}}\n",
        rows.join(" ")
    )
}

/// The runs of a protocol, by the place that each file states.
fn runs(protocol: &str, folder: &Path) -> String {
    let files = entries(folder);
    let mut files: Vec<(u16, PathBuf)> = files.into_iter().map(|file| (place(&file), file)).collect();
    files.sort();
    for pair in files.windows(2) {
        assert!(pair[0].0 != pair[1].0, "{} and {} have one place", pair[0].1.display(), pair[1].1.display());
    }
    let mut list = String::from("&[\n");
    for (_, file) in files {
        let slug = name(&file);
        let text = text(&file);
        // Writing to a string does not fail.
        _ = writeln!(list, "    File {{ protocol: {protocol:?}, slug: {slug:?}, text: {text} }},");
    }
    list + "]"
}

/// What has the text of a file, as code.
#[cfg(not(feature = "short"))]
fn text(file: &Path) -> String {
    format!("include_str!({file:?})")
}

#[cfg(feature = "short")]
fn text(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let short = short::of(&text, lightcone_protocols::PROTOCOLS);
    format!("{:?}", short.unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

/// The starts of a protocol's searches, that for any flaw first.
fn searches(folder: &Path) -> String {
    let mut files = entries(folder);
    files.sort_by_key(|file| name(file) != "any");
    let mut list = String::from("&[\n");
    for file in files {
        let flaw = name(&file);
        _ = writeln!(list, "    ({flaw:?}, include_str!({file:?})),");
    }
    list + "]"
}

/// The list of the challenges, by lesson and then by name. It is no part of the shelves: a page that shows a run has no use for it.
fn challenges(folder: &Path) -> String {
    let mut files = Vec::new();
    for protocol in entries(folder) {
        files.extend(entries(&protocol).into_iter().map(|file| (lesson(&file), name(&protocol).to_owned(), file)));
    }
    files.sort();
    let mut list =
        String::from("/// The files of all challenges, by lesson and then by name.\npub static ALL: &[File] = &[\n");
    for (_, protocol, file) in files {
        let slug = name(&file);
        _ = writeln!(list, "    File {{ protocol: {protocol:?}, slug: {slug:?}, text: include_str!({file:?}) }},");
    }
    list + "];\n"
}

/// The number of the lesson that a challenge states: chapter and place.
fn lesson(file: &Path) -> (u16, u16) {
    let lesson = stated(file, "lesson").and_then(|lesson| {
        let (chapter, place) = lesson.split_once('.')?;
        Some((chapter.parse().ok()?, place.parse().ok()?))
    });
    lesson.unwrap_or_else(|| panic!("{}: say `lesson` and a number like 5.2", file.display()))
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
    let place = stated(file, "place").and_then(|place| place.parse().ok());
    place.unwrap_or_else(|| panic!("{}: say `place` and a number among what is expected", file.display()))
}

/// What a file states after this word, on a line of its own.
fn stated(file: &Path, word: &str) -> Option<String> {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().find_map(|line| Some(line.trim().strip_prefix(word)?.strip_prefix(' ')?.to_owned()))
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
