//! Panels share two style sheets. A class with which a selector begins (`.why{…}`, `.why p{…}`) dresses every element of that
//! name, so that two panels that choose one name by accident change each other. Names that are shared on purpose stand here.

#![expect(clippy::disallowed_types, reason = "a test adds nothing to what the page weighs")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The first part of the first sheet is of the whole page: its names are everybody's.
const SHARED_PART: &str = "/* masthead */";

/// Names that several files use and that mean the same in each.
const SHARED: &[&str] = &[
    // Parts of the margin, wherever a note stands.
    "facts",
    "fold",
    "log",
    "margin",
    "note",
    "sheet",
    "subj",
    "time",
    // Commands and how they stand.
    "cmds",
    "commands",
    "field",
    "forms",
    "hint",
    "offer",
    "opt",
    "roomy",
    "tells",
    // The heads of pages, and where the figure stands.
    "figure-box",
    "logo",
    "sign",
    "sp",
    "stage",
    "title",
    "wrap",
    // A recorded log is looked at in the frame of a run, and plays as a run does.
    "about",
    "clock",
    "ctl",
    "explorer",
    "foot",
    "in",
    "modes",
    "page",
    "speed",
    "strip",
    "transport",
    // The explorer keeps the room of what stands around a run until that comes.
    "soon",
    "verdict-line",
    "verdicts",
];

/// The classes with which selectors of the sheet begin, after its first part, also where that depends on the window.
fn alone(sheet: &str) -> BTreeSet<&str> {
    let (shared, own) = sheet.split_once(SHARED_PART).expect("the sheet has this head");
    let everybodys = selectors(shared).collect::<BTreeSet<_>>();
    selectors(own).filter(|class| !everybodys.contains(class)).collect()
}

/// The classes with which selectors begin, if nothing else limits where: `.why`, `.why:hover`, `.why p`, but not `.note.why`.
fn selectors(css: &str) -> impl Iterator<Item = &str> {
    let heads = css.split(['{', '}', ';']).map(|head| head.rsplit("*/").next().unwrap_or(head));
    let each = heads.flat_map(|head| head.split(',')).map(str::trim);
    each.filter_map(|selector| {
        let rest = selector.strip_prefix('.')?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        (!name.is_empty() && !after.starts_with(['.', '['])).then_some(name)
    })
}

/// The names in the attributes `class` of a source.
fn used(source: &str) -> impl Iterator<Item = &str> {
    let attributes = source.split("class=").skip(1).map(|rest| match rest.strip_prefix('{') {
        Some(code) => &code[..code.find(['}', '>']).unwrap_or(code.len())],
        // A text alone.
        None => rest.strip_prefix('"').and_then(|text| Some(&rest[..text.find('"')? + 2])).unwrap_or_default(),
    });
    // Every second part lies between quotes.
    let texts = attributes.flat_map(|attribute| attribute.split('"').skip(1).step_by(2));
    texts.flat_map(str::split_whitespace)
}

/// A panel is a file, or a folder in a folder: `panels/sheet.rs`, `panels/edit`.
fn panel(file: &str) -> &str {
    file.match_indices('/').nth(1).map_or(file, |(end, _)| &file[..end])
}

/// The panels that use each class.
fn uses(folder: &Path, prefix: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let name = [prefix, &path.file_name().expect("it has a name").to_string_lossy()].concat();
        if path.is_dir() {
            uses(&path, &[&name, "/"].concat(), found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("a source is a text");
            for class in used(&source) {
                found.entry(class.to_owned()).or_default().insert(panel(&name).to_owned());
            }
        }
    }
}

#[test]
fn no_two_panels_share_a_class_by_accident() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sheets = ["../www/first.css", "../www/app.css"];
    let sheet = sheets.map(|sheet| fs::read_to_string(here.join(sheet)).expect("the sheet is a text")).concat();
    let mut found = BTreeMap::new();
    uses(&here.join("src"), "", &mut found);
    let users = |class: &str| found.get(class).map_or(0, BTreeSet::len);
    let alone = alone(&sheet);
    assert!(alone.len() > 50 && alone.iter().filter(|class| users(class) > 0).count() > 50, "both are read");
    let several = alone.iter().copied().filter(|class| users(class) > 1);
    let accidents: Vec<String> = several
        .filter(|class| !SHARED.contains(class))
        .map(|class| format!(".{class} of {}", found[class].iter().cloned().collect::<Vec<_>>().join(", ")))
        .collect();
    assert!(
        accidents.is_empty(),
        "rename it, write the panel before it, or list it as shared:\n{}",
        accidents.join("\n")
    );
    let idle: Vec<_> = SHARED.iter().filter(|class| !alone.contains(*class) || users(class) < 2).collect();
    assert!(idle.is_empty(), "no longer shared: {idle:?}");
}

#[test]
fn a_name_is_read_wherever_it_stands() {
    let css = "/* why */.why:hover,.fig .b{x:y}@media screen{.only{x:y}.two.three{x:y}p.four{x:y}}";
    assert_eq!(selectors(css).collect::<Vec<_>>(), ["why", "fig", "only"]);
    let source =
        r#"<p class="a b" id="no"> class={classes!("c", on.then_some("d"))} class={ if x { "e" } } class={name}"#;
    assert_eq!(used(source).collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
    assert_eq!(["panels/sheet.rs", "panels/edit/mod.rs"].map(panel), ["panels/sheet.rs", "panels/edit"]);
}
