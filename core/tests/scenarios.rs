//! Every run of the gallery shows what its file says it shows.

use lightcone_content::gallery::{Exhibit, Expectation, FILES, gallery, recognise};
use lightcone_engine::protocol::When;
use lightcone_engine::run::trace::{Outcome, Verdict};
use lightcone_engine::{Scenario, Trace, simulate};
use lightcone_formats::text;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_file_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut there = BTreeSet::new();
    for protocol in std::fs::read_dir(folder).unwrap() {
        let protocol = protocol.unwrap().path();
        for file in std::fs::read_dir(&protocol).unwrap() {
            let file = file.unwrap().path();
            assert_eq!(file.extension().unwrap(), "scenario", "{}", file.display());
            let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            there.insert((name(&protocol), name(&file)));
        }
    }
    let listed: BTreeSet<_> = FILES.iter().map(|file| (file.protocol.to_owned(), file.slug.to_owned())).collect();
    assert_eq!(listed, there, "gallery.rs lists the files of scenarios/");
    assert_eq!(listed.len(), FILES.len(), "each once");
}

#[test]
fn every_file_can_be_read_and_is_written_as_it_stands() {
    for file in FILES {
        let exhibit = file.read().unwrap_or_else(|error| panic!("{}/{}: {error}", file.protocol, file.slug));
        let family = exhibit.scenario.family().unwrap();
        assert_eq!(family.specification().id, file.protocol, "{}: in the folder of its protocol", file.slug);
        assert_eq!(family.specification().version, exhibit.scenario.version, "{}: of today's version", file.slug);
        assert!(!exhibit.title.is_empty() && !exhibit.note.is_empty(), "{}: has a title and a note", file.slug);
        let whole = Scenario { title: exhibit.title, note: exhibit.note, ..exhibit.scenario };
        let (before, _) = file.text.split_once("expect\n").expect("a file ends with what it expects");
        let said: Vec<&str> = before.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        assert_eq!(
            said.join("\n") + "\n",
            text::encode(&whole),
            "{}: in the form in which texts are written",
            file.slug
        );
    }
}

#[test]
fn every_run_shows_what_its_file_says() {
    for exhibit in gallery() {
        let trace = simulate(&exhibit.scenario);
        let digests = exhibit.expectations.iter().filter(|each| matches!(each, Expectation::Digest(_)));
        assert_eq!(
            digests.count(),
            1,
            "{}: one digest; `cargo run -p lightcone-core --example bless` writes it",
            exhibit.slug
        );
        assert!(exhibit.expectations.len() > 1, "{}: expects more than a digest", exhibit.slug);
        for expectation in &exhibit.expectations {
            if let Err(why) = meets(&exhibit, &trace, expectation) {
                panic!("{}/{}: {expectation:?}: {why}", exhibit.protocol, exhibit.slug);
            }
        }
    }
}

#[test]
fn every_edit_of_a_script_does_something() {
    for exhibit in gallery() {
        let trace = simulate(&exhibit.scenario);
        for edit in &exhibit.scenario.script {
            let line = text::encode_edit(&exhibit.scenario, edit);
            if let Outcome::Unused(why) = trace.outcome(edit) {
                panic!("{}: {line}: {why}", exhibit.slug);
            }
        }
    }
}

#[test]
fn every_run_is_recognised_with_and_without_moves() {
    for exhibit in gallery() {
        assert_eq!(recognise(&exhibit.scenario), Some(exhibit.slug));
        let mut moved = exhibit.scenario.clone();
        moved.moves = moved.script.clone();
        moved.title = "Mine".into();
        assert_eq!(recognise(&moved), Some(exhibit.slug));
        moved.seed += 1;
        assert_eq!(recognise(&moved), None);
    }
}

#[test]
fn every_flaw_is_caught_by_a_run_that_holds_without_it() {
    for family in lightcone_protocols::PROTOCOLS {
        let specification = family.specification();
        let own: Vec<Exhibit> = gallery().into_iter().filter(|each| each.protocol == specification.id).collect();
        for (place, flaw) in specification.flaws.iter().enumerate() {
            let caught = own.iter().any(|exhibit| {
                exhibit.scenario.settings.flaws.has(place as u8)
                    && exhibit.expectations.iter().any(|each| matches!(each, Expectation::Breaks { .. }))
                    && exhibit.expectations.contains(&Expectation::WithoutFlawHolds)
            });
            assert!(caught, "{}: no run shows the flaw {}", specification.id, flaw.id);
        }
    }
}

fn meets(exhibit: &Exhibit, trace: &Trace, expectation: &Expectation) -> Result<(), String> {
    let holds = |property: usize| matches!(trace.verdicts[property], Verdict::Holds { .. });
    let is = |ok: bool, property: usize| if ok { Ok(()) } else { Err(format!("{:?}", trace.verdicts[property])) };
    match *expectation {
        Expectation::Holds => all_hold(trace),
        Expectation::HoldsOne { property } | Expectation::Reaches { property } => is(holds(property), property),
        Expectation::Misses { property } => is(!holds(property), property),
        Expectation::Breaks { property, at } => {
            let (first, event, _) = trace.first_violation().ok_or("nothing breaks")?;
            let when = trace.event(event).at;
            if first != property || at.is_some_and(|at| at != when) {
                let id = trace.specification().properties[first].id;
                return Err(format!("{id} breaks first, at {when} ms"));
            }
            Ok(())
        }
        Expectation::WithoutFlawHolds => all_hold(&simulate(&exhibit.without_flaws())),
        Expectation::Opens(opening) => {
            let shown = |event: &lightcone_engine::run::trace::Event| (opening.from..=opening.to).contains(&event.at);
            let inside = opening.to <= trace.horizon() && trace.events.iter().any(shown);
            if inside { Ok(()) } else { Err("nothing happens there".into()) }
        }
        Expectation::Digest(digest) if digest == trace.digest => Ok(()),
        Expectation::Digest(_) => {
            Err(format!("it is {:016x}; `cargo run -p lightcone-core --example bless` writes it", trace.digest))
        }
    }
}

fn all_hold(trace: &Trace) -> Result<(), String> {
    let properties = trace.specification().properties.iter().zip(&trace.verdicts);
    for (property, verdict) in properties.filter(|(property, _)| property.when == When::Always) {
        if let Verdict::Broken { event, breach } = verdict {
            return Err(format!("{} breaks at {} ms: {}", property.id, trace.event(*event).at, breach.sentence));
        }
    }
    Ok(())
}
