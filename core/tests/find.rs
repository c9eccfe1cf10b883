//! The field's words find the runs that show what they name, and each find says why.

use lightcone_content::find::{Find, Place, Subject, find};
use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::limits::MAX_TERMS;
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;
use std::slice;

/// A word of the field, and runs that must be found by it.
const WORDS: &[(&str, &[&str])] = &[
    ("partition", &["raft/old-leader-returns", "paxos/quorums-do-not-meet", "quorum/sloppy-quorum-misses"]),
    ("network partition", &["raft/disruptive-server"]),
    ("split brain", &["sequencer/epoch-ignored", "paxos/quorums-do-not-meet", "raft/votes-twice-in-a-term"]),
    ("split brain", &["test-and-set/split-brain", "test-and-set/cannot-tell-cut"]),
    ("indistinguishable", &["test-and-set/cannot-tell-crash", "test-and-set/cannot-tell-cut"]),
    ("deadlock", &["2pc/deadlock-ends-by-time-out"]),
    ("livelock", &["paxos/dueling-proposers", "paxos/no-back-off-no-end", "raft/flaky-link-repeated-elections"]),
    ("two leaders", &["raft/vote-not-persisted", "raft/votes-twice-in-a-term", "raft/old-leader-returns"]),
    ("liveness", &["paxos/no-back-off-no-end", "2pc/coordinator-crashes-in-doubt", "raft/majority-lost"]),
    ("vector clock", &["lamport/ordered-but-concurrent"]),
    ("2pc", &["2pc/happy", "2pc/coordinator-recovers"]),
    ("two-phase commit", &["2pc/happy"]),
    ("stale read", &["raft/stale-read-from-deposed-leader", "quorum/r-plus-w-but-stale"]),
    ("split vote", &["raft/split-vote"]),
    ("election", &["raft/election", "raft/split-vote"]),
    ("timeout", &["raft/one-heartbeat-late", "2pc/prepare-times-out", "2pc/deadlock-ends-by-time-out"]),
    ("time-out", &["2pc/deadlock-ends-by-time-out"]),
    ("in doubt", &["2pc/coordinator-crashes-in-doubt", "2pc/in-doubt-answers-abort"]),
    ("quorum", &["quorum/r-plus-w-but-stale", "paxos/quorums-do-not-meet", "raft/majority-lost"]),
    ("total order", &["sequencer/one-leader", "lamport/figure"]),
    ("duplicate", &["raft/duplicate-after-leader-crash", "raft/duplicate-without-sessions"]),
    ("crash", &["2pc/participant-crashes-after-yes", "sequencer/leader-crashes", "paxos/minority-crashes"]),
    ("linearizability", &["quorum/r-plus-w-but-stale", "raft/stale-read-from-deposed-leader"]),
    ("Linearizable", &["quorum/write-back-skipped"]),
    ("election safety", &["raft/votes-twice-in-a-term", "raft/vote-not-persisted", "raft/vote-cleared-on-step-down"]),
    ("causal order", &["causal-broadcast/answer-before-question", "causal-broadcast/answer-held-back"]),
    ("hold-back queue", &["causal-broadcast/overtaken-message", "sequencer/asks-for-what-it-misses"]),
    ("reliable broadcast", &["causal-broadcast/sender-crashes-midway-reliable"]),
    ("mutual exclusion", &["lamport-tob/takes-turns", "lamport-tob/holder-crashes"]),
    ("total order broadcast", &["lamport-tob/all-up", "lamport-tob/one-node-down", "sequencer/one-leader"]),
    ("raft partition", &["raft/old-leader-returns"]),
];

fn name(find: &Find<'_>) -> String {
    match find.subject {
        Subject::Protocol(own) => own.id.to_owned(),
        Subject::Run(exhibit) => format!("{}/{}", exhibit.protocol, exhibit.slug),
    }
}

#[test]
fn the_fields_words_find_the_runs_that_show_what_they_name() {
    let gallery = gallery(ALL);
    for (words, runs) in WORDS {
        let found: Vec<String> = find(PROTOCOLS, &gallery, words).iter().map(name).collect();
        for run in *runs {
            assert!(found.contains(&(*run).to_owned()), "{words} finds {run}, not only {found:?}");
        }
        let alone = |exhibit: &&Exhibit| !find(&[], slice::from_ref(*exhibit), words).is_empty();
        let alone: Vec<&Exhibit> = gallery.iter().filter(alone).collect();
        let together = find(&[], &gallery, words);
        assert_eq!(together.len(), alone.len(), "{words}: whether a run is found does not depend on the others");
    }
}

#[test]
fn every_term_of_a_run_finds_it_and_is_named_as_the_reason() {
    let gallery = gallery(ALL);
    for exhibit in &gallery {
        for term in &exhibit.terms {
            let found = find(&[], slice::from_ref(exhibit), term);
            let own = found.first().unwrap_or_else(|| panic!("{term} finds {}", exhibit.slug));
            assert!(own.reasons.iter().any(|reason| reason.place == Place::Term && reason.text == *term), "{term}");
        }
    }
}

#[test]
fn a_find_says_why_and_the_strongest_come_first() {
    let gallery = gallery(ALL);
    for (words, place, text) in [
        ("split brain", Place::Term, "split brain"),
        ("election safety", Place::Breaks, "Election safety"),
        ("log matching", Place::Property, "Log matching"),
        ("pre-vote", Place::Knob, "Pre-vote"),
        ("saved before it is sent", Place::Flaw, "A vote is not saved before it is sent."),
    ] {
        let found = find(PROTOCOLS, &gallery, words);
        let mut reasons = found.iter().flat_map(|find| &find.reasons);
        assert!(reasons.any(|it| it.place == place && it.text == text), "{words}");
    }
    // The protocols that promise it come after the runs that break it.
    assert!(find(PROTOCOLS, &gallery, "election safety").is_sorted_by_key(|find| find.reasons[0].place));
    assert_eq!(name(&find(PROTOCOLS, &gallery, "raft")[0]), "raft");
    assert_eq!(name(&find(PROTOCOLS, &gallery, "split vote")[0]), "raft/split-vote");
}

#[test]
fn what_nobody_says_finds_nothing_and_nothing_finds_nothing() {
    let gallery = gallery(ALL);
    for words in ["", "  ", "no such words", "-", "raft deadlock"] {
        assert_eq!(find(PROTOCOLS, &gallery, words).len(), 0, "{words}");
    }
}

#[test]
fn terms_are_in_no_scenario_and_in_no_link() {
    let plain = "lightcone 1\nprotocol lamport 1\ntitle Mine\nseed 1\n";
    let termed = plain.replace("seed", "terms logical clock, causality # the field's words\nseed");
    let read = text::read(&termed, PROTOCOLS).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.terms, ["logical clock", "causality"]);
    assert_eq!(Ok(read.scenario), text::decode(plain, PROTOCOLS));
    let many = plain.replace("seed", &format!("terms {}\nseed", "x, ".repeat(MAX_TERMS + 1)));
    let error = text::decode(&many, PROTOCOLS).expect_err("too many");
    assert_eq!(error.to_string(), "Line 4: The number of terms is 21; it must be from 0 to 20.");
}
