//! Writes what the searches of `core/content/searches/` come to into their files: `cargo run -p lightcone-tests --example bless_searches`.
//!
//! After that `git diff` shows which searches changed. Each of them needs a reason.

use lightcone_content::Expected;
use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_protocols::PROTOCOLS;
use lightcone_search::{Ending, Reductions};
use lightcone_tests::files::folder;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    for family in PROTOCOLS {
        let specification = family.specification();
        let folder = folder("searches", specification.id);
        let mut lines: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        for flaw in [None].into_iter().chain((0..specification.flaws.len() as u8).map(Some)) {
            let id = flaw.map_or("any", |flaw| specification.flaws[usize::from(flaw)].id);
            let own = folder.join(format!("{id}.scenario"));
            let file = if own.exists() { own } else { folder.join("any.scenario") };
            match expected(*family, flaw) {
                Ok(expected) => lines.entry(file).or_default().push(expected.text(specification)),
                Err(ending) => println!("{} {id}: {ending:?}", specification.id),
            }
        }
        for (file, lines) in lines {
            let before = fs::read_to_string(&file)?;
            let kept = before.split_once("\nexpect\n").map_or(before.trim_end(), |(kept, _)| kept);
            let after = format!("{kept}\nexpect\n{}\n", lines.join("\n"));
            if after != before {
                println!("{}", file.display());
                fs::write(file, after)?;
            }
        }
    }
    Ok(())
}

fn expected(family: &'static dyn AnyProtocol, flaw: Option<u8>) -> Result<Expected, Ending> {
    let mut search = Small::of(ALL, family, flaw).search(Reductions::ALL);
    let ending = search.run();
    let states = search.progress().states;
    match (flaw, ending, search.found()) {
        (None, Ending::Exhausted, None) => Ok(Expected::States(states)),
        (Some(flaw), Ending::Shortest, Some(found)) => Ok(Expected::Shortest { flaw, events: found.events, states }),
        _ => Err(ending),
    }
}
