//! Makes the lessons' pages out of Markdown, into the folder `learn/` of the built page, and the page for teachers out of the README, into
//! `guide/`. `cargo xtask build` calls it.
#![forbid(unsafe_code)]

mod draw;
mod element;
mod fault;
mod glossary;
mod guide;
mod lesson;
mod moment;
mod page;
mod scene;
#[cfg(test)]
mod tests;
mod text;

use fault::Fault;
use glossary::Entry;
use lesson::{Known, Lesson};
use lightcone_content::lessons::folder;
use page::Files;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The folder of the lessons, from the repository's top.
const FOLDER: &str = "core/content/lessons";
const GLOSSARY: &str = "glossary.md";

fn main() -> ExitCode {
    let Some(dist) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Name the folder of the built page.");
        return ExitCode::FAILURE;
    };
    let root = root();
    let (lessons, entries) = match read(&root) {
        Ok(read) => read,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            return ExitCode::FAILURE;
        }
    };
    match write(&root, &dist, &lessons, &entries) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The lessons cannot be written: {error}.");
            ExitCode::FAILURE
        }
    }
}

/// The repository's top.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads all lessons, in order, and the glossary.
fn read(root: &Path) -> Result<(Vec<Lesson>, Vec<Entry>), Vec<Fault>> {
    let unreadable = |error: io::Error| vec![Fault { file: FOLDER.into(), line: 1, what: error.to_string() }];
    let mut texts = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER)).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.ends_with(".md") {
            texts.push((name, fs::read_to_string(&path).map_err(unreadable)?));
        }
    }
    let glossary = texts.iter().position(|(name, _)| name == GLOSSARY).map(|place| texts.swap_remove(place).1);
    let entries = glossary::read(&[FOLDER, "/", GLOSSARY].concat(), &glossary.unwrap_or_default())?;
    compile(&texts, entries)
}

/// Holds every lesson against what it may lead to.
fn compile(texts: &[(String, String)], entries: Vec<Entry>) -> Result<(Vec<Lesson>, Vec<Entry>), Vec<Fault>> {
    let headings = texts.iter().filter_map(|(_, text)| lesson::heading(text));
    let known = Known {
        terms: entries.iter().map(|entry| entry.id.clone()).collect(),
        lessons: headings.map(|(number, title)| (number.clone(), folder(&[&number, " ", &title].concat()))).collect(),
    };
    let (mut lessons, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in texts {
        let file = [FOLDER, "/", name].concat();
        match Lesson::read(&file, text, &known) {
            Ok(lesson) if *name == [&lesson.folder, ".md"].concat() => lessons.push(lesson),
            Ok(lesson) => {
                faults.push(Fault {
                    file,
                    line: 1,
                    what: format!("by its title the file is called `{}.md`", lesson.folder),
                });
            }
            Err(own) => faults.extend(own),
        }
    }
    lessons.sort_by_key(Lesson::place);
    if faults.is_empty() { Ok((lessons, entries)) } else { Err(faults) }
}

fn write(root: &Path, dist: &Path, lessons: &[Lesson], entries: &[Entry]) -> io::Result<()> {
    let names: Vec<String> = fs::read_dir(dist)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    let named = |start: &str, end: &str| {
        let found = names.iter().find(|name| name.starts_with(start) && name.ends_with(end)).cloned();
        found.ok_or_else(|| io::Error::other(format!("the built page has no {start}…{end}")))
    };
    let files = Files { tokens: named("tokens", ".css")?, icon: named("icon", ".svg")? };
    let learn = dist.join("learn");
    fs::create_dir_all(learn.join("glossary"))?;
    // As they stand in the repository, with their comments: they show how a page of one's own is made.
    for name in ["learn.js", "learn.css"] {
        fs::copy(root.join("www").join(name), learn.join(name))?;
    }
    fs::write(learn.join("index.html"), page::contents(lessons, &files))?;
    fs::write(learn.join("glossary/index.html"), page::glossary(entries, lessons, &files))?;
    for lesson in lessons {
        let folder = learn.join(&lesson.folder);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), page::lesson(lesson, lessons, &files))?;
        for (place, scene) in lesson.scenes.iter().enumerate() {
            for (ending, picture) in draw::pictures(scene) {
                fs::write(folder.join(format!("{}{ending}", place + 1)), picture)?;
            }
        }
    }
    write_guide(root, dist, &files)
}

fn write_guide(root: &Path, dist: &Path, files: &Files) -> io::Result<()> {
    let guide = guide::guide(&fs::read_to_string(root.join("README.md"))?, files).map_err(io::Error::other)?;
    let folder = dist.join("guide");
    for (from, to) in guide::COPIED {
        fs::create_dir_all(folder.join(to))?;
        for entry in fs::read_dir(root.join(from))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(to).join(entry.file_name()))?;
        }
    }
    for (name, text) in guide.scripts {
        fs::write(folder.join(name), text)?;
    }
    fs::copy(root.join("www/guide.js"), folder.join("guide.js"))?;
    fs::write(folder.join("index.html"), guide.page)
}
