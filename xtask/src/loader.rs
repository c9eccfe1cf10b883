//! The script that fetches the parts of the page's program, in the place of the one that `wasm-split` writes.

use crate::parts::{ADVICE, before};
use crate::run::Result;

/// What the main part imports the functions from that fetch the others: the file that `wasm-split` writes.
pub const NAME: &str = "__wasm_split.js";
/// The name of a section that carries a chunk.
pub const SECTION: &str = "chunk";

/// Each part with the chunks that it needs.
pub type Needs = Vec<(String, Vec<u16>)>;

/// What each part needs, as the script of `wasm-split` says it. That is known for its one version; what is not as expected is an error.
pub fn needs(script: &str) -> Result<Needs> {
    let unexpected = || format!("{NAME} does not say as expected what a part needs. {ADVICE}");
    let part = |text: &str| {
        let (name, rest) = text.split_once(" = ")?;
        let (_, rest) = rest.split_once("\n, [")?;
        let (list, _) = rest.split_once("]));")?;
        let chunks = list.split(", ").filter(|chunk| !chunk.is_empty());
        let chunks = chunks.map(|chunk| chunk.strip_prefix("__chunk_")?.parse().ok());
        Some((name.to_owned(), chunks.collect::<Option<_>>()?))
    };
    let parts = script.split("export const __wasm_split_load_").skip(1);
    parts.map(|text| part(text).ok_or_else(unexpected)).collect()
}

/// The chunks that at least half of the parts need.
pub fn shared(needs: &Needs) -> Vec<u16> {
    let mut chunks: Vec<u16> = needs.iter().flat_map(|(_, chunks)| chunks).copied().collect();
    chunks.sort();
    let needed = |chunk: &u16| needs.iter().filter(|(_, chunks)| chunks.contains(chunk)).count();
    chunks.dedup();
    chunks.retain(|chunk| needed(chunk) * 2 >= needs.len());
    chunks
}

/// The script: for each part a function that fetches it, which the main part calls. `files` are the files of the parts by name.
pub fn text(files: &[(String, String)]) -> String {
    let names: Vec<String> = files.iter().map(|(name, file)| format!("{name}:\"{file}\"")).collect();
    let parts = files.iter().filter(|(name, _)| name != "shared");
    let loads: String =
        parts.map(|(part, _)| format!("export const __wasm_split_load_{part} = load(\"{part}\");\n")).collect();
    let before = files.iter().filter_map(|(part, _)| Some(format!("{part}:\"{}\"", before(part)?)));
    let before: Vec<String> = before.collect();
    format!("const FILES = {{{}}};\nconst BEFORE = {{{}}};\n{SCRIPT}{loads}", names.join(","), before.join(","))
}

/// A file may come with any type; one that comes cut does not compile. What failed is fetched again when it is asked for again.
const SCRIPT: &str = r#"const once = new Map();
let initSync;
const imports = () => ({ __wasm_split: initSync() });

/** The glue has begun: it gives the function that gives the main part. */
export const begin = (main) => (initSync = main);

/** What was begun under this name, or begins now. */
function begun(name, begin) {
    if (!once.has(name)) once.set(name, begin().catch((error) => (once.delete(name), Promise.reject(error))));
    return once.get(name);
}

/** Fetches a file and starts what is in it: chunks that are not here yet, then the part itself. */
async function file(name) {
    const answer = await fetch(new URL(`./${FILES[name]}`, import.meta.url));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const module = await WebAssembly.compile(await answer.arrayBuffer());
    const chunks = WebAssembly.Module.customSections(module, "chunk");
    const start = (chunk) => begun(new DataView(chunk).getUint16(0, true), () => WebAssembly.instantiate(chunk.slice(2), imports()));
    await Promise.all(chunks.map(start));
    return () => WebAssembly.instantiate(module, imports());
}

async function start(part) {
    const before = BEFORE[part];
    const [own] = await Promise.all([file(part), begun("shared", () => file("shared")), before && begun(before, () => start(before))]);
    await own();
}

/** A function that starts a part and then calls back, with whether that went well. */
function load(part) {
    return async (callback, data) => {
        let success = true;
        await begun(part, () => start(part)).catch((error) => {
            console.error(error);
            success = false;
        });
        initSync().__indirect_function_table.get(callback)(data, success);
    };
}
"#;
