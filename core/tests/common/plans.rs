//! How the schedules of a protocol are drawn, and what must happen in them: the files of `core/content/schedules/<id>/`. A protocol
//! needs none. `any` is for the protocol as it is; a file that has the name of a flaw says how that flaw is caught; any other
//! is one more way to run it. A file is a scenario's text form: the knobs that it sets are fixed, all others are drawn, and
//! so is the moment of the end unless it says `horizon`. Its section `expect` says:
//!
//! ```text
//! expect
//!   runs 4000                      so many schedules, in a soak; the test command has fewer
//!   requests 24                    in each of them at most so many
//!   row replicas 5 read-quorum 2   knobs that belong together: each schedule takes one of the rows
//!   calm 2000 ms                   so long all is well at the end: what must be so by the end is judged then
//!   holds linearizable converged   these promises hold; without this line every one that must always hold
//!   happens elected 300            in all schedules together this happens at least so often ([`super::tally`]);
//!                                  in fewer schedules, in proportion
//!   dead Vote AppendReply          of these kinds some messages never matter any more (`declared/dead_messages.rs`)
//!   caught 3                       so many schedules catch the flaw; in the test command, one for eight
//!   around figure-8                those schedules are this run of the gallery, told a little differently
//! ```

use super::schedule::Recipe;
use super::tally::Happens;
use lightcone_engine::Time;
use lightcone_engine::protocol::{AnyProtocol, Specification, When};
use lightcone_formats::text;
use std::fs;
use std::path::PathBuf;

/// What a file says.
#[derive(Clone)]
pub struct Plan {
    /// The file's name.
    pub name: String,
    /// What schedules are made of.
    pub recipe: Recipe,
    /// How many there are.
    pub runs: u64,
    /// The promises that hold, one bit each.
    pub holds: u32,
    /// What must happen.
    pub happens: Vec<Happens>,
    /// Kinds of which some messages never matter any more.
    pub dead: Vec<String>,
    /// How many catch the flaw.
    pub caught: u64,
    /// The run of the gallery they are like.
    pub around: Option<String>,
}

fn folder(family: &dyn AnyProtocol) -> PathBuf {
    crate::files::folder("schedules", family.specification().id)
}

impl Plan {
    /// Every file of a protocol, or what it gets that has none.
    pub fn all(family: &dyn AnyProtocol) -> Vec<Plan> {
        let Ok(files) = fs::read_dir(folder(family)) else { return vec![Plan::usual(family)] };
        let mut files: Vec<PathBuf> = files.map(|file| file.expect("the folder can be listed").path()).collect();
        files.sort();
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file).expect("a file of schedules is text");
            let mut plan = Plan::read(family, &text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            plan.name = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            plan
        };
        files.iter().map(read).collect()
    }

    /// The file of this name, or else the one for the protocol as it is.
    pub fn of(family: &dyn AnyProtocol, name: &str) -> Plan {
        let all = Plan::all(family);
        let named = |name: &str| all.iter().find(|plan| plan.name == name);
        named(name).or_else(|| named("any")).cloned().unwrap_or_else(|| Plan::usual(family))
    }

    fn usual(family: &dyn AnyProtocol) -> Plan {
        let properties = family.specification().properties.iter().enumerate();
        let always = properties.filter(|(_, property)| property.when == When::Always);
        Plan {
            name: "any".into(),
            recipe: Recipe { requests: 16, ..Recipe::default() },
            runs: 4_000,
            holds: always.fold(0, |holds, (place, _)| holds | 1 << place),
            happens: Vec::new(),
            dead: Vec::new(),
            caught: 3,
            around: None,
        }
    }

    fn read(family: &dyn AnyProtocol, text: &str) -> Result<Plan, String> {
        let scenario = text::decode(text, lightcone_protocols::PROTOCOLS).map_err(|error| error.to_string())?;
        let mut plan = Plan::usual(family);
        let bare = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim());
        let mut expected = false;
        for line in bare.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["expect"] => expected = true,
                _ if expected => plan.line(family.specification(), &words)?,
                ["set", knob, ..] => {
                    let place = place(knob, family.specification().parameters.iter().map(|each| each.id))?;
                    plan.recipe.knobs.push((place, scenario.settings.parameters[place]));
                }
                ["horizon", ..] => plan.recipe.horizon = Some(scenario.horizon),
                _ => {}
            }
        }
        Ok(plan)
    }

    fn line(&mut self, specification: &Specification, words: &[&str]) -> Result<(), String> {
        match *words {
            ["runs", count] => self.runs = number(count)?,
            ["requests", count] => self.recipe.requests = number(count)? as u32,
            ["caught", count] => self.caught = number(count)?,
            ["calm", millis, "ms"] => self.recipe.calm = Some(Time::from_millis(number(millis)?)),
            ["around", slug] => self.around = Some(slug.into()),
            ["row", ref knobs @ ..] => {
                let (pairs, []) = knobs.as_chunks::<2>() else { return Err("a row is knobs with numbers".into()) };
                let knob = |[knob, value]: &[&str; 2]| {
                    let place = place(knob, specification.parameters.iter().map(|each| each.id))?;
                    Ok((place, number(value)? as u32))
                };
                self.recipe.rows.push(pairs.iter().map(knob).collect::<Result<_, String>>()?);
            }
            ["holds", ref names @ ..] => {
                let bit = |name: &&str| place(name, specification.properties.iter().map(|each| each.id));
                let bits: Result<Vec<usize>, String> = names.iter().map(bit).collect();
                self.holds = bits?.into_iter().fold(0, |holds, place| holds | 1 << place);
            }
            ["dead", ref kinds @ ..] => self.dead.extend(kinds.iter().map(|kind| (*kind).into())),
            ["happens", ref what @ ..] => self.happens.push(Happens::read(specification, what)?),
            _ => return Err(format!("`{}` says nothing here", words.join(" "))),
        }
        Ok(())
    }
}

/// The place of a name.
pub fn place<'a>(name: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Result<usize, String> {
    let all = || ids.clone().collect::<Vec<_>>().join(", ");
    ids.clone().position(|id| id == name).ok_or_else(|| format!("`{name}` is none of {}", all()))
}

/// A whole number.
pub fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("`{word}` is no whole number"))
}
