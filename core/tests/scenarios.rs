//! Every run of the gallery shows what its file says it shows.

use lightcone_content::gallery::{Exhibit, Expectation};
use lightcone_content::shelf::{ALL, gallery, recognise};
use lightcone_engine::run::trace::Outcome;
use lightcone_engine::{Scenario, simulate};
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;

#[test]
fn the_runs_of_a_protocol_have_places_from_one_without_gaps() {
    for protocol in lightcone_protocols::PROTOCOLS {
        let id = protocol.specification().id;
        let own = gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == id);
        let place = |exhibit: Exhibit| {
            exhibit
                .expectations
                .iter()
                .find_map(|each| if let Expectation::Place(place) = each { Some(*place) } else { None })
        };
        let places: Vec<u16> = own.filter_map(place).collect();
        assert!(!places.is_empty(), "{id} has runs");
        assert_eq!(places, (1..=places.len() as u16).collect::<Vec<_>>(), "{id}");
    }
    assert_eq!(
        gallery(ALL).len(),
        ALL.iter().map(|shelf| shelf.runs.len()).sum::<usize>(),
        "every file is of a protocol that is here"
    );
}

#[test]
fn every_file_can_be_read_and_is_written_as_it_stands() {
    for file in ALL.iter().flat_map(|shelf| shelf.runs) {
        let exhibit = file.read(PROTOCOLS).unwrap_or_else(|error| panic!("{}/{}: {error}", file.protocol, file.slug));
        let family = exhibit.scenario.protocol;
        assert_eq!(family.specification().id, file.protocol, "{}: in the folder of its protocol", file.slug);
        assert_eq!(family.specification().version, exhibit.scenario.version, "{}: of today's version", file.slug);
        assert!(!exhibit.title.is_empty() && !exhibit.note.is_empty(), "{}: has a title and a note", file.slug);
        assert!(!exhibit.terms.is_empty(), "{}: has the field's terms", file.slug);
        let whole = Scenario { title: exhibit.title, note: exhibit.note, ..exhibit.scenario };
        let (before, _) = file.text.split_once("expect\n").expect("a file ends with what it expects");
        let beside = |line: &&str| line.starts_with("terms ") || line.trim_start().starts_with('#');
        let said: Vec<&str> = before.lines().filter(|line| !beside(line)).collect();
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
    for exhibit in gallery(ALL) {
        let trace = simulate(&exhibit.scenario);
        let digests = exhibit.expectations.iter().filter(|each| matches!(each, Expectation::Digest(_)));
        assert_eq!(
            digests.count(),
            1,
            "{}: one digest; `cargo run -p lightcone-tests --example bless` writes it",
            exhibit.slug
        );
        assert!(exhibit.expectations.len() > 2, "{}: expects more than a place and a digest", exhibit.slug);
        for expectation in &exhibit.expectations {
            if let Err(why) = expectation.check(&trace) {
                panic!("{}/{}: {expectation:?}: {why}", exhibit.protocol, exhibit.slug);
            }
        }
    }
}

#[test]
fn every_edit_of_a_script_does_something() {
    for exhibit in gallery(ALL) {
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
    for exhibit in gallery(ALL) {
        assert_eq!(recognise(ALL, &exhibit.scenario), Some(exhibit.slug));
        let mut moved = exhibit.scenario.clone();
        moved.moves = moved.script.clone();
        moved.title = "Mine".into();
        assert_eq!(recognise(ALL, &moved), Some(exhibit.slug));
        moved.seed += 1;
        assert_eq!(recognise(ALL, &moved), None);
    }
}

#[test]
fn every_flaw_is_caught_by_a_run_that_holds_without_it() {
    for family in lightcone_protocols::PROTOCOLS {
        let specification = family.specification();
        let own: Vec<Exhibit> = gallery(ALL).into_iter().filter(|each| each.protocol == specification.id).collect();
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
