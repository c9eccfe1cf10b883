//! Reads which files of a crate use which. Reports every use that goes up a floor, and every circle of files. Each crate
//! with floors has a test that includes this file. Unit tests are left out: they may use any file.
#![allow(clippy::disallowed_types, reason = "a test adds nothing to what the page weighs")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a crate by their module paths, `plane::geometry`, and the files that each uses. The crate's own file has
/// the empty path.
pub struct Tree {
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Tree {
    /// Reads the sources below a folder.
    pub fn of(sources: &Path) -> Tree {
        let mut texts = BTreeMap::new();
        for path in files(sources) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let inside = path.strip_prefix(sources).expect("the file is below the folder").with_extension("");
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            let module = parts.join("::");
            let module = module.strip_suffix("::mod").unwrap_or(&module);
            if module.split("::").last() != Some("tests") && module != "main" {
                texts.insert(if module == "lib" { String::new() } else { module.to_owned() }, code(&text));
            }
        }
        Tree::from(&texts)
    }

    /// The same from texts without comments and tests.
    fn from(texts: &BTreeMap<String, String>) -> Tree {
        let known: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
        let uses = texts.iter().map(|(module, text)| {
            let named = paths(module, text, &known);
            let mut used: BTreeSet<String> = named.iter().filter_map(|path| file_of(path, &known)).collect();
            used.remove(module);
            (module.clone(), used)
        });
        Tree { uses: uses.collect() }
    }

    /// Where an arrow runs up: a file uses one of a later floor. `floors` are the crate's topmost modules, the lowest
    /// first; the crate's own file stands above all. A module without a floor is named, too.
    pub fn climbs(&self, floors: &[&str]) -> Vec<String> {
        let floor = |module: &str| match module.split("::").next() {
            Some("") | None => Some(floors.len()),
            Some(top) => floors.iter().position(|floor| *floor == top),
        };
        let mut found = Vec::new();
        for (module, used) in &self.uses {
            if floor(module).is_none() {
                found.push(format!("{module} is on no floor"));
            }
            let up = used.iter().filter(|other| floor(other) > floor(module));
            found.extend(up.map(|other| format!("{module} uses {other}")));
        }
        found
    }

    /// The files that use one of this topmost module.
    #[allow(dead_code, reason = "not every crate asks")]
    pub fn users_of(&self, top: &str) -> Vec<String> {
        let of_top = |used: &String| used.split("::").next() == Some(top);
        let users = self.uses.iter().filter(|(module, used)| !of_top(module) && used.iter().any(of_top));
        users.map(|(module, _)| module.clone()).collect()
    }

    /// Files of which each leads to each other, more than `most` at once.
    pub fn circles(&self, most: usize) -> Vec<Vec<String>> {
        let reach: BTreeMap<&str, BTreeSet<&str>> =
            self.uses.keys().map(|module| (module.as_str(), self.reach(module))).collect();
        let leads = |one: &str, other: &str| reach.get(one).is_some_and(|reach| reach.contains(other));
        let mut circles: Vec<Vec<String>> = Vec::new();
        for module in self.uses.keys().filter(|module| leads(module, module)) {
            if circles.iter().flatten().any(|each| each == module) {
                continue;
            }
            let circle = self.uses.keys().filter(|other| leads(module, other) && leads(other, module));
            circles.push(circle.cloned().collect());
        }
        circles.retain(|circle| circle.len() > most);
        circles
    }

    /// The tree without the arrows from a file to the first page of its own folder: what a folder's files share is declared
    /// there, and is no circle between them.
    #[allow(dead_code, reason = "not every crate has first pages")]
    pub fn without_first_pages(mut self) -> Tree {
        for (module, used) in &mut self.uses {
            if let Some((page, _)) = module.rsplit_once("::") {
                used.remove(page);
            }
        }
        self
    }

    /// All that a file uses, and what that uses, and so on.
    fn reach(&self, module: &str) -> BTreeSet<&str> {
        let (mut reach, mut waiting) = (BTreeSet::new(), vec![module]);
        while let Some(here) = waiting.pop() {
            for next in self.uses.get(here).into_iter().flatten() {
                if reach.insert(next.as_str()) {
                    waiting.push(next);
                }
            }
        }
        reach
    }
}

/// Fails with a list if there is one.
pub fn none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// A source without comments and unit tests, which stand last.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The file that a path leads into: the longest beginning of it that is one.
fn file_of(path: &str, known: &BTreeSet<&str>) -> Option<String> {
    let mut path = path;
    loop {
        if known.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// Every path in a text that begins within the crate, from the crate's top.
fn paths(module: &str, text: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for (at, word) in words(text) {
        let after = &text[at + word.len()..];
        let Some(rest) = after.strip_prefix("::") else { continue };
        if text[..at].ends_with("::") {
            continue;
        }
        let child = join(module, word);
        match word {
            "crate" => branches("", rest, &mut found),
            "self" => branches(module, rest, &mut found),
            "super" => above(module, rest, &mut found),
            _ if known.contains(child.as_str()) => branches(&child, rest, &mut found),
            _ => {}
        }
    }
    found
}

/// A path that begins with `super`, perhaps more than once.
fn above(module: &str, rest: &str, found: &mut Vec<String>) {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    match rest.strip_prefix("super::") {
        Some(rest) => above(parent, rest, found),
        None => branches(parent, rest, found),
    }
}

/// The paths that `rest` adds to one: a name, more names, or several in braces.
fn branches(path: &str, rest: &str, found: &mut Vec<String>) {
    let rest = rest.trim_start();
    if let Some(inside) = rest.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (at, letter) in inside.char_indices() {
            if depth == 0 && matches!(letter, ',' | '}') {
                branches(path, &inside[start..at], found);
                start = at + 1;
            }
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            if depth < 0 {
                return;
            }
        }
        return;
    }
    let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    if name.is_empty() || name == "self" {
        return found.push(path.to_owned());
    }
    match rest[name.len()..].strip_prefix("::") {
        Some(more) => branches(&join(path, &name), more, found),
        None => found.push(join(path, &name)),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}

/// The words of a text, with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_word)?;
        let length = text[start..].find(|letter| !is_word(letter)).unwrap_or(text.len() - start);
        rest = start + length;
        Some((start, &text[start..rest]))
    })
}

#[test]
fn the_checker_sees_arrows_and_circles() {
    let text = |module: &str, text: &str| (module.to_owned(), code(text));
    let tree = Tree::from(&BTreeMap::from([
        text("", "pub mod low; pub mod high;"),
        text("low", "pub mod one; pub mod two;\npub use one::Thing;"),
        text("low::one", "use super::two::{self, A, b::{C, D}}; // crate::high is a comment"),
        text("low::two", "use crate::{low::three::X, high::Y};\n#[cfg(test)]\nmod tests { use crate::low::one; }"),
        text("low::three", "fn f() { super::one::g(); std::mem::take(x); other::crate_like(); }"),
        text("high", "use crate::low::Thing;"),
    ]));
    assert_eq!(tree.uses["low::one"], BTreeSet::from(["low::two".to_owned()]));
    assert_eq!(tree.climbs(&["low", "high"]), ["low::two uses high"]);
    assert_eq!(tree.climbs(&["high"])[0], "low is on no floor");
    // Through the upper floor everything leads back to everything.
    let all = ["high", "low", "low::one", "low::three", "low::two"].map(str::to_owned);
    assert_eq!(tree.circles(2), [all.to_vec()]);
    assert!(tree.circles(5).is_empty());
}
