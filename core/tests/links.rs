//! Published links are read for ever: `links/corpus.txt` holds some of each format and protocol version,
//! with the text each stands for and the digest of its run.

use ::lightcone_protocols;
use lightcone_engine::{Scenario, simulate};
use lightcone_formats::{link, text};
use std::collections::BTreeSet;

struct Entry {
    link: &'static str,
    digest: u64,
    text: String,
}

fn corpus() -> Vec<Entry> {
    let file = include_str!("links/corpus.txt");
    let (_, entries) = file.split_once("\n\n").expect("the file begins with what it is");
    let entries = entries.split("\n\n").map(|entry| {
        let mut lines = entry.lines();
        let mut after = |word: &str| lines.next().and_then(|line| line.strip_prefix(word)).expect("link, then digest");
        let (link, digest) = (after("link "), after("digest "));
        let text = lines.map(|line| format!("{line}\n")).collect();
        Entry { link, digest: u64::from_str_radix(digest, 16).expect("a digest is hexadecimal"), text }
    });
    entries.collect()
}

#[test]
fn every_published_link_means_what_it_meant() {
    for entry in corpus() {
        let decoded = link::decode(entry.link).unwrap_or_else(|error| panic!("{}: {error}", entry.link));
        let expected = text::decode(&entry.text).unwrap_or_else(|error| panic!("{}: {error}", entry.link));
        assert_eq!(decoded.scenario, expected, "{}", entry.link);
    }
}

#[test]
fn every_published_link_runs_as_it_ran_unless_it_says_that_its_protocol_has_changed() {
    for entry in corpus() {
        let decoded = link::decode(entry.link).expect("tested above");
        let digest = simulate(&decoded.scenario).digest;
        assert!(
            digest == entry.digest || decoded.changed.is_some(),
            "{}: {digest:016x}: a run that changes needs a new behaviour version of its protocol",
            entry.link
        );
    }
}

#[test]
fn links_of_this_version_are_still_written_the_same() {
    for entry in corpus() {
        let decoded = link::decode(entry.link).expect("tested above");
        if decoded.changed.is_none() && link::FORMAT == 1 {
            assert_eq!(link::encode(&decoded.scenario), entry.link);
        }
    }
}

/// What a link can carry: kinds of edit, changed parameters and flaws, as the first words of the text's lines.
fn words(scenario: &Scenario) -> BTreeSet<String> {
    let text = text::encode(scenario);
    let edit = |line: &str| {
        let mut words = line.split(' ');
        match (words.next(), words.nth(1)) {
            // After the time comes what happens: the node it happens to, or a one-way link, comes later.
            (Some("at"), _) => {
                let one_way = if line.contains(" > ") { " one way" } else { "" };
                let what = line.split(" ms ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                format!("{what}{one_way}")
            }
            (Some("crash"), Some(handling)) => format!("crash during {handling}"),
            (first, _) => first.unwrap_or_default().to_owned(),
        }
    };
    let setting = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    text.lines().map(|line| line.strip_prefix("  ").map_or_else(|| setting(line), edit)).collect()
}

#[test]
fn the_published_links_of_a_protocol_carry_every_kind_of_edit_every_parameter_and_every_flaw() {
    let edits = "deliver drop copy fire crash restart pause resume lose-disk cut heal clock request";
    let edits = edits.split(' ').map(str::to_owned).chain(
        ["cut one way", "heal one way", "crash during message", "crash during timer", "crash during request"]
            .map(str::to_owned),
    );
    let edits: BTreeSet<String> = edits.collect();
    for family in registry::PROTOCOLS {
        let specification = family.specification();
        let mut carried = BTreeSet::new();
        for entry in corpus() {
            let scenario = link::decode(entry.link).expect("tested above").scenario;
            if scenario.protocol == specification.number {
                carried.append(&mut words(&scenario));
            }
        }
        if carried.is_empty() {
            continue; // Nothing of it is published yet.
        }
        let parameters = specification.parameters.iter().map(|it| format!("set {}", it.id));
        let flaws = specification.flaws.iter().map(|it| format!("flaw {}", it.id));
        let needed: BTreeSet<String> = edits.iter().cloned().chain(parameters).chain(flaws).collect();
        let missing: Vec<_> = needed.difference(&carried).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", specification.id);
    }
}
