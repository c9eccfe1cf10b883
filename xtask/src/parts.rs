//! Takes the page's program apart: what only some readers need becomes files of their own, which are fetched when they are needed.
//!
//! Trunk compiles the program and calls `wasm-bindgen`. For a release it finds this program under that name: [`bindgen`] first has
//! `wasm-split` take the program apart at the functions that `web/parts` marks, then the real `wasm-bindgen` goes on with the main
//! part. When Trunk is done, [`finish`] puts the other parts beside it. Each file's name has the hash of what is in it, so a cache never
//! holds a file of another build for one of this. The loader knows the names of the parts, the glue that of the loader, `index.html`
//! those that are fetched first.
//!
//! What several parts need comes from `wasm-split` in a chunk for each set of parts. They are many and tiny. What at least half of the
//! parts need travels in one file, `shared`, which is fetched with the first part; any other chunk is in the file of each part that
//! needs it, so nobody fetches what only others need; except that some parts begin only when another is there, and use that one's chunks
//! ([`before`]). A file is a module that carries its chunks in sections of their own.

use crate::run::{Result, program, root, run, target};
use crate::smaller;
use crate::{loader, order};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_encoder::{CustomSection, Section};

/// The program's name, as `wasm-bindgen` makes its files.
const NAME: &str = "lightcone-web";
pub const ADVICE: &str = "The page cannot be taken apart.";

/// Where the program named `wasm-bindgen` is put.
pub fn folder() -> PathBuf {
    target().join("tools/parts")
}

/// Puts this program where Trunk finds it as `wasm-bindgen`.
pub fn stand_in() -> Result {
    let own = std::env::current_exe().map_err(|error| format!("This program does not know where it is: {error}."))?;
    let bin = folder().join("bin");
    made(fs::create_dir_all(&bin), &bin)?;
    let copy = bin.join("wasm-bindgen");
    // A new file: what may still run keeps the old one.
    fs::remove_file(&copy).ok();
    made(fs::copy(own, &copy).map(drop), &copy)
}

/// The same program, which finds this one as `wasm-bindgen`.
pub fn first_on_path(mut command: Command) -> Command {
    let before = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path);
    let before = before.map(OsString::from).unwrap_or_default();
    let folders: Vec<PathBuf> = std::iter::once(folder().join("bin")).chain(std::env::split_paths(&before)).collect();
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
    command
}

/// Whether this program was called as `wasm-bindgen`.
pub fn is_stand_in() -> bool {
    let name = std::env::args_os().next().map(PathBuf::from);
    name.and_then(|name| name.file_stem().map(|stem| stem == "wasm-bindgen")).unwrap_or(false)
}

/// What `wasm-bindgen` would do, with the main part alone.
pub fn bindgen(arguments: &[OsString]) -> Result {
    let is_wasm = |argument: &&OsString| Path::new(argument).extension().is_some_and(|end| end == "wasm");
    let mut bindgen = program("wasm-bindgen");
    let Some(input) = arguments.iter().find(is_wasm) else { return run(bindgen.args(arguments), ADVICE) };
    let out = folder().join("out");
    fs::remove_dir_all(&out).ok();
    made(fs::create_dir_all(&out), &out)?;
    run(program("wasm-split-cli").arg(input).arg(&out).args(["--out-name", NAME]), ADVICE)?;
    let main = out.join(NAME).with_extension("wasm");
    bindgen.args(arguments.iter().filter(|argument| *argument != input)).arg(main);
    // The other parts use what only the main part has.
    run(bindgen.args(["--keep-lld-exports", "--remove-name-section", "--remove-producers-section"]), ADVICE)
}

/// Puts the parts into the folder of the built page.
pub fn finish(dist: &Path) -> Result {
    let out = folder().join("out");
    let needs = loader::needs(&read(&out.join(loader::NAME))?)?;
    let shared = loader::shared(&needs);
    let mut files =
        vec![("shared".to_owned(), put(dist, "shared", "wasm", &with_chunks(EMPTY.to_vec(), &out, &shared)?)?)];
    for (part, chunks) in &needs {
        let has = before(part).and_then(|part| needs.iter().find(|(other, _)| other == part));
        let has = has.map_or(&[][..], |(_, chunks)| chunks);
        let own = chunks.iter().filter(|chunk| !shared.contains(chunk) && !has.contains(chunk));
        let module = with_chunks(smaller::module(&bytes(&out.join(format!("split_{part}.wasm")))?)?, &out, own)?;
        files.push((part.clone(), put(dist, &format!("split_{part}"), "wasm", &module)?));
    }
    let loader = put(dist, "parts", "js", loader::text(&files).as_bytes())?;
    let main = main_part(dist, &loader)?;
    let path = dist.join("index.html");
    let index = unhurried(&unhurried(&read(&path)?, "modulepreload")?, "preload")?;
    files.push(("loader".into(), loader));
    made(fs::write(&path, told(&index, &main, &files)?), &path)
}

/// The main part: its glue and its module, as Trunk has named them, and as they are named.
type Main = [(String, String); 2];

/// Writes the main part anew, which takes the others by this loader.
fn main_part(dist: &Path, loader: &str) -> Result<Main> {
    let is_glue = |file: &String| file.starts_with(NAME) && file.ends_with(".js");
    let glue =
        files(dist)?.into_iter().find(is_glue).ok_or_else(|| format!("{} has no glue. {ADVICE}", dist.display()))?;
    let module = glue.replace(".js", "_bg.wasm");
    let text =
        read(&dist.join(&glue))?.replace(&format!("from \"./{}\"", loader::NAME), &format!("from \"./{loader}\""));
    let (new, text) = smaller::with_glue(&bytes(&dist.join(&module))?, &format!("./{NAME}_bg.js"), &text)?;
    // The loader needs what the glue has, and cannot name it: names are made of what is in a file.
    let text = format!("import {{ begin }} from \"./{loader}\";\n{text}begin(initSync);\n");
    for old in [&glue, &module] {
        let path = dist.join(old);
        made(fs::remove_file(&path), &path)?;
    }
    let (named, new) = (put(dist, NAME, "js", text.as_bytes())?, put(dist, NAME, "wasm", &new)?);
    Ok([(glue, named), (module, new)])
}

/// The part that is there before this one begins: it has what both need.
pub fn before(part: &str) -> Option<&'static str> {
    // Whatever asks for these stands around a run, or waits for that.
    ["edit", "share", "host", "question"].contains(&part).then_some("around")
}

/// Writes a file under a name that has the hash of what is in it.
fn put(dist: &Path, stem: &str, end: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}-{:016x}.{end}", hash(content));
    let path = dist.join(&name);
    made(fs::write(&path, content), &path)?;
    Ok(name)
}

/// FNV-1a, 64 bits: `e2e/tests/load.test.mjs` works it out again.
fn hash(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every protocol after its chapter, as the folders of the gallery have them.
pub fn protocols() -> Result<Vec<(String, String)>> {
    let runs = root().join("core/content/runs");
    let mut all = Vec::new();
    for chapter in files(&runs)? {
        all.extend(files(&runs.join(&chapter))?.into_iter().map(|protocol| (chapter.clone(), protocol)));
    }
    Ok(all)
}

/// The page's first file without the link with which Trunk has the program fetched for every address: `boot.js` fetches it when it
/// is needed.
fn unhurried(index: &str, rel: &str) -> Result<String> {
    let link = format!("<link rel=\"{rel}\" href=\"./{NAME}-");
    let cut = index.split_once(&link).and_then(|(before, after)| Some([before, after.split_once('>')?.1].concat()));
    cut.ok_or_else(|| format!("index.html does not fetch the program as expected. {ADVICE}"))
}

/// The page's first file, which says what an address needs: for the script that starts the program, the main part, the file of each
/// protocol, of the first page and of what comes after a figure, and the loader that comes with the glue.
fn told(index: &str, main: &Main, files: &[(String, String)]) -> Result<String> {
    let mut needs: Vec<(String, String)> =
        ["shared", "loader", "home", "around", "bar", "question"].map(|name| (name.to_owned(), name.to_owned())).into();
    let part = |(_, protocol): (String, String)| (format!("shelf_{}", protocol.replace('-', "_")), protocol);
    needs.extend(protocols()?.into_iter().map(part).map(|(part, protocol)| (protocol, part)));
    let needs = needs.iter().map(|(name, part)| {
        let file = files.iter().find(|(other, _)| other == part).map(|(_, file)| file);
        let file = file.ok_or_else(|| format!("There is no part {part}. {ADVICE}"))?;
        Ok(format!("&quot;{name}&quot;:&quot;./{file}&quot;"))
    });
    let needs = needs.collect::<Result<Vec<String>>>()?;
    let script = "<script async ";
    if !index.contains(script) || !main.iter().all(|(old, _)| index.contains(old.as_str())) {
        return Err(format!("index.html does not start the program as expected. {ADVICE}"));
    }
    let index = index.replacen(script, &format!("{script}data-parts=\"{{{}}}\" ", needs.join(",")), 1);
    Ok(main.iter().fold(index, |index, (old, new)| index.replace(old.as_str(), new)))
}

/// A module that has nothing.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// A module that carries chunks, each in a section of its own, after its number. Like stands beside like.
fn with_chunks<'a>(mut module: Vec<u8>, out: &Path, chunks: impl IntoIterator<Item = &'a u16>) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for chunk in chunks {
        let content = smaller::module(&bytes(&out.join(format!("chunk_{chunk}.wasm")))?)?;
        all.push([&chunk.to_le_bytes(), &content[..]].concat());
    }
    for place in order::alike(&all.iter().map(Vec::as_slice).collect::<Vec<_>>()) {
        let data = all[place].as_slice().into();
        CustomSection { name: loader::SECTION.into(), data }.append_to(&mut module);
    }
    Ok(module)
}

/// The names in a folder, in order.
pub fn files(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{} cannot be listed: {error}.", folder.display()))?;
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Reads a file of the built page.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

/// What became of writing a file.
pub fn made(result: std::io::Result<()>, path: &Path) -> Result {
    result.map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}
