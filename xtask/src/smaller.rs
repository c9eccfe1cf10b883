//! Writes a module and the glue around it anew, so that they are smaller when the host compresses them. What they do stays.
//!
//! A host's compression finds what was said within the last 32 kilobytes. So functions stand beside those that they are like
//! (`order`), and the names that module and glue know each other by are short. Types that nothing uses and sections that only tools read
//! go.

use crate::order;
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, ImportSection, Module, TypeSection};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionSectionReader, Imports, Parser, Payload, TypeRef, TypeSectionReader,
};

/// What stands after the name of what the glue gives.
const FUNCTION: &str = ": function";

/// The module, smaller.
pub fn module(module: &[u8]) -> Result<Vec<u8>, String> {
    written(module, BTreeMap::new())
}

/// A module and its glue, smaller. The glue is the script `name`; what the module takes from it gets short names in both.
pub fn with_glue(module: &[u8], name: &str, glue: &str) -> Result<(Vec<u8>, String), String> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::ImportSection(section) = payload.map_err(said)? else { continue };
        for import in section.into_imports() {
            let import = import.map_err(said)?;
            if import.module == name && glue.contains(&format!("{}{FUNCTION}", import.name)) {
                names.insert(import.name.to_owned(), short(names.len()));
            }
        }
    }
    Ok((written(module, names.clone())?, rewritten(glue, &names)))
}

/// The glue without comments and indentation, with short names.
fn rewritten(glue: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    let mut in_comment = false;
    for line in glue.lines().map(str::trim) {
        in_comment |= line.starts_with("/**");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            let named = line.split_once(FUNCTION).and_then(|(name, rest)| Some((names.get(name)?, rest)));
            match named {
                Some((name, rest)) => text.extend([name, FUNCTION, rest]),
                None => text.push_str(line),
            }
            text.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    text
}

/// The name with this number: letters.
fn short(number: usize) -> String {
    let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
    [letter(number / 676), letter(number / 26), letter(number)].into_iter().collect()
}

/// What is written is put in order once more: functions name each other by their places, so what is alike shows better once like stands
/// beside like (1 % of the program).
fn written(module: &[u8], names: BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    ordered(&ordered(module, names)?, BTreeMap::new())
}

fn ordered(module: &[u8], names: BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    let mut imports = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(said)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports += u32::from(matches!(import.map_err(said)?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = order::alike(&bodies);
    let mut places = vec![0; order.len()];
    for (place, function) in (0..).zip(&order) {
        places[*function] = place;
    }
    let mut writer = Writer { imports, order, places, names, used: BTreeSet::new(), types: None };
    // Once to see which types it uses: a chunk comes with those of the whole program.
    writer.parse_core_module(&mut Module::new(), Parser::new(0), module).map_err(said)?;
    writer.types = Some(writer.used.iter().copied().zip(0..).collect());
    let mut written = Module::new();
    writer.parse_core_module(&mut written, Parser::new(0), module).map_err(said)?;
    Ok(written.finish())
}

struct Writer {
    /// How many functions come from outside: they are the first.
    imports: u32,
    /// The functions of the module in their new order, and the place of each.
    order: Vec<usize>,
    places: Vec<u32>,
    /// New names for what comes from the glue.
    names: BTreeMap<String, String>,
    /// The types that were met.
    used: BTreeSet<u32>,
    /// New places of types; others go. None if all stay.
    types: Option<BTreeMap<u32, u32>>,
}

type Done<T = ()> = Result<T, Error>;

impl Reencode for Writer {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Done<u32> {
        Ok(match function.checked_sub(self.imports) {
            Some(own) => self.imports + self.places[own as usize],
            None => function,
        })
    }

    fn type_index(&mut self, place: u32) -> Done<u32> {
        self.used.insert(place);
        Ok(self.types.as_ref().map_or(place, |types| types[&place]))
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Done {
        for (place, group) in (0..).zip(section) {
            if self.types.as_ref().is_none_or(|types| types.contains_key(&place)) {
                self.parse_recursive_type_group(types.ty(), group?)?;
            }
        }
        Ok(())
    }

    fn parse_imports(&mut self, section: &mut ImportSection, imports: Imports<'_>) -> Done {
        match imports {
            Imports::Single(place, mut import) => {
                let name = self.names.get(import.name).cloned();
                import.name = name.as_deref().unwrap_or(import.name);
                utils::parse_imports(self, section, Imports::Single(place, import))
            }
            others => utils::parse_imports(self, section, others),
        }
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, section: FunctionSectionReader<'_>) -> Done {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function in &self.order.clone() {
            functions.function(self.type_index(types[*function])?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Done {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Done {
        Ok(())
    }
}

fn said(error: impl std::fmt::Display) -> String {
    format!("A module of the page cannot be read: {error}.")
}
