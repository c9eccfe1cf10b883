//! Published links are read for ever: `links/corpus.txt` holds some of each format and protocol version,
//! with the text each stands for and the digest of its run.

use lightcone::scenario::{link, text};
use lightcone::simulate;

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
