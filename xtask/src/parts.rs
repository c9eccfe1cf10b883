//! Takes the page's program apart: what only some readers need becomes files of their own, which are fetched when they are needed.
//!
//! Trunk compiles the program and calls `wasm-bindgen`. For a release it finds this program under that name: [`bindgen`] first has
//! `wasm-split` take the program apart at the functions that `web/parts` marks, then the real `wasm-bindgen` goes on with the main
//! part. When Trunk is done, [`finish`] puts the other parts beside it, under the name of the build.
//!
//! What several parts need comes from `wasm-split` in a file for each set of parts. They are many and tiny, so they travel together:
//! `shared`, which is fetched with the first part.

use crate::run::{Result, program, root, run, target};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program's name, as `wasm-bindgen` makes its files.
const NAME: &str = "lightcone-web";
/// What the main part imports the functions from that fetch the others.
const LOADER: &str = "__wasm_split.js";
const ADVICE: &str = "The page cannot be taken apart.";

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
    let glue = glue(dist)?;
    let build = glue.trim_start_matches(NAME).trim_start_matches('-').trim_end_matches(".js");
    let loader = read(&out.join(LOADER))?;
    let (mut chunks, mut names) = (Vec::new(), Vec::new());
    for file in files(&out)? {
        match file.strip_suffix(".wasm") {
            Some(name) if name.starts_with("chunk_") => chunks.push(file),
            Some(name) if name.starts_with("split_") => {
                let part = bare(&bytes(&out.join(&file))?)?;
                let path = dist.join(format!("{name}-{build}.wasm"));
                made(fs::write(&path, part), &path)?;
                names.push(name.to_owned());
            }
            _ => {}
        }
    }
    let path = dist.join(format!("shared-{build}.bin"));
    made(fs::write(&path, shared(&out, &chunks)?), &path)?;
    let path = dist.join(format!("parts-{build}.js"));
    made(fs::write(&path, rewritten(&loader, &glue, build, &chunks, &names)?), &path)?;
    let path = dist.join("index.html");
    made(fs::write(&path, told(&read(&path)?, build)?), &path)?;
    let path = dist.join(&glue);
    let text = read(&path)?;
    made(
        fs::write(&path, text.replace(&format!("from \"./{LOADER}\""), &format!("from \"./parts-{build}.js\""))),
        &path,
    )
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

/// The page's first file, which says what an address needs: for the script that starts the program, the file of each
/// protocol and of the first page; and that the loader comes with the glue.
fn told(index: &str, build: &str) -> Result<String> {
    let mut needs =
        vec![("shared".to_owned(), format!("shared-{build}.bin")), ("home".into(), format!("split_home-{build}.wasm"))];
    let file = |(_, protocol): (String, String)| {
        let part = protocol.replace('-', "_");
        (protocol, format!("split_shelf_{part}-{build}.wasm"))
    };
    needs.extend(protocols()?.into_iter().map(file));
    let needs: Vec<String> =
        needs.iter().map(|(name, file)| format!("&quot;{name}&quot;:&quot;./{file}&quot;")).collect();
    let script = "<script type=\"module\" ";
    let after = format!(
        "<link rel=\"modulepreload\" href=\"./parts-{build}.js\">{script}data-parts=\"{{{}}}\" ",
        needs.join(",")
    );
    match index.contains(script) {
        true => Ok(index.replacen(script, &after, 1)),
        false => Err(format!("index.html does not start the program as expected. {ADVICE}")),
    }
}

/// The glue's file name, which Trunk has given the build's hash.
fn glue(dist: &Path) -> Result<String> {
    let is_glue = |file: &String| file.starts_with(NAME) && file.ends_with(".js");
    files(dist)?.into_iter().find(is_glue).ok_or_else(|| format!("{} has no glue. {ADVICE}", dist.display()))
}

/// The shared files in one: each after its length, of four bytes, the lowest first.
fn shared(out: &Path, chunks: &[String]) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for chunk in chunks {
        let chunk = bare(&bytes(&out.join(chunk))?)?;
        all.extend((chunk.len() as u32).to_le_bytes());
        all.extend(chunk);
    }
    Ok(all)
}

/// The loader, which fetches what is shared once for all parts, and everything under the build's name. What `wasm-split` writes is
/// known for its one version; a line that is not as expected is an error.
fn rewritten(loader: &str, glue: &str, build: &str, chunks: &[String], names: &[String]) -> Result<String> {
    let mut text = loader.replace(&format!("\"./{NAME}.js\""), &format!("\"./{glue}\""));
    let before = |file: &str| {
        format!(
            "() => {{\n    const src = fetch(new URL(\"./{file}\", import.meta.url));\n    src.catch(() => {{}});\n    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}}\n"
        )
    };
    let mut take = |what: String, put: String| match text.contains(&what) {
        true => {
            text = text.replace(&what, &put);
            Ok(())
        }
        false => Err(format!("The loader of the parts does not say `{what}`. {ADVICE}")),
    };
    for chunk in chunks {
        take(format!("makeLoad({}, [])", before(chunk)), "shared".into())?;
    }
    for name in names {
        take(before(&format!("{name}.wasm")), format!("() => part(\"./{name}-{build}.wasm\")"))?;
    }
    Ok(format!("{text}\nconst SHARED = \"./shared-{build}.bin\";\n{OWN}"))
}

/// What the loader has of ours. The file may come with any type; a part that comes cut does not compile.
const OWN: &str = r#"async function bytes(file) {
    const answer = await fetch(new URL(file, import.meta.url));
    if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
    return answer.arrayBuffer();
}
function part(file) {
    const came = bytes(file);
    came.catch(() => {});
    return async (imports) => WebAssembly.instantiate(await came, imports);
}
let all;
function shared() {
    all ??= unpack().catch((error) => {
        all = undefined;
        throw error;
    });
    return all;
}
async function unpack() {
    const pack = await bytes(SHARED);
    const view = new DataView(pack);
    for (let at = 0; at < pack.byteLength; ) {
        const length = view.getUint32(at, true);
        await WebAssembly.instantiate(new Uint8Array(pack, at + 4, length), getSharedImports());
        at += 4 + length;
    }
}
"#;

/// A module without its custom sections: names and places that only tools read.
fn bare(module: &[u8]) -> Result<Vec<u8>> {
    let cut = || format!("A part ends in the middle of a section. {ADVICE}");
    let (head, mut rest) = module.split_at_checked(8).ok_or_else(cut)?;
    let mut bare = head.to_vec();
    while let [id, after @ ..] = rest {
        let (length, content) = length(after).ok_or_else(cut)?;
        let (_, next) = content.split_at_checked(length).ok_or_else(cut)?;
        if *id != 0 {
            bare.extend(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Ok(bare)
}

/// A number in groups of seven bits, the lowest first, and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
    }
    None
}

fn files(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{} cannot be listed: {error}.", folder.display()))?;
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn made(result: std::io::Result<()>, path: &Path) -> Result {
    result.map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}
