//! Writes what is published of the form: a JSON Schema for each object that stands alone or comes from outside
//! (`api/schema/*.json`), and the TypeScript types (`api/module/types.d.ts`). Both come from the types in `api/src/form`.
#![forbid(unsafe_code)]

use lightcone_api::form;
use schemars::{JsonSchema, schema_for};
use std::any::TypeId;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use ts_rs::{Config, TS, TypeVisitor};

/// A file's name in `api/`, and what stands in it.
type File = (&'static str, String);

fn main() -> std::io::Result<()> {
    for (name, text) in files() {
        let path = folder().join(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file, as it should be.
fn files() -> Vec<File> {
    let mut types = Types::default();
    let schemas = vec![
        types.add::<form::Scenario>("schema/scenario.json"),
        types.add::<form::Trace>("schema/trace.json"),
        types.add::<form::Checked>("schema/checked.json"),
        types.add::<form::History>("schema/history.json"),
        types.add::<form::Judgement>("schema/judgement.json"),
        types.add::<form::Protocols>("schema/protocols.json"),
        types.add::<form::Question>("schema/question.json"),
        types.add::<form::Grades>("schema/grades.json"),
        types.add::<form::Bounds>("schema/bounds.json"),
        types.add::<form::Error>("schema/error.json"),
        types.add::<form::Call>("schema/call.json"),
        types.add::<form::Said>("schema/said.json"),
    ];
    types.visit::<form::Progress>();
    types.visit::<form::HandedIn>();
    types.visit::<form::TextForm>();
    types.visit::<form::SimulateOptions>();
    types.visit::<form::JudgeOptions>();
    types.visit::<form::DrawOptions>();
    let types = ("module/types.d.ts", types.text());
    schemas.into_iter().chain([types]).collect()
}

/// TypeScript types by name, each with all that it is made of.
#[derive(Default)]
struct Types {
    seen: Vec<TypeId>,
    declared: BTreeMap<String, String>,
}

impl Types {
    /// Adds a type, and gives the file of its schema.
    fn add<T: TS + JsonSchema + 'static>(&mut self, file: &'static str) -> File {
        self.visit::<T>();
        let schema = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema is JSON");
        (file, schema + "\n")
    }

    fn text(&self) -> String {
        const HEAD: &str = "// The form of Lightcone's objects. `cargo run -p lightcone-types` writes this file.\n";
        let declared = self.declared.values().map(|text| format!("\n{text}\n"));
        HEAD.to_owned() + &declared.collect::<String>()
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        // What JavaScript has itself is not declared. Numbers of 64 bits are small enough for a double, or written as text.
        let config = Config::new().with_large_int("number");
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.declared.insert(T::ident(&config), laid_out(&format!("{docs}export {}", T::decl(&config))));
        }
        T::visit_dependencies(self);
    }
}

/// A declaration with a line for each field and each brace.
fn laid_out(declared: &str) -> String {
    let lines = declared.replace("{ \n", "{\n").replace("{ \"", "{\n\"").replace(", }", ",\n}");
    let mut depth = 0_usize;
    let line = |line: &str| {
        let line = line.trim();
        depth -= usize::from(line.starts_with('}'));
        // The lines of a comment stand under its first star.
        let indent = "  ".repeat(depth) + if line.starts_with('*') { " " } else { "" };
        depth += usize::from(line.ends_with('{'));
        indent + line
    };
    lines.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_published_is_what_the_types_say() {
    let stale = |(name, text): &File| fs::read_to_string(folder().join(name)).ok().as_ref() != Some(text);
    let stale: Vec<&str> = files().iter().filter(|file| stale(file)).map(|file| file.0).collect();
    assert!(stale.is_empty(), "`cargo run -p lightcone-types` writes {stale:?} anew");
}
