//! Exports for other tools: their form, and that nothing in a run can break their lines. `e2e/tests/share.test.mjs` tests
//! that Mermaid's own parser accepts them.

/// What is exported is a test that runs.
#[path = "export/figure-8.rs"]
mod figure_8;

use lightcone_content::gallery::{Expectation, File};
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::run::causality::VectorClocks;
use lightcone_engine::run::trace::{Fate, Verdict};
use lightcone_engine::{EventIndex, Scenario, Trace, simulate};
use lightcone_formats::export::{mermaid, rust_test, shiviz, test};
use lightcone_protocols::PROTOCOLS;
use lightcone_tests::common::{any_scenario, for_seeds};
use lightcone_tests::count::share;
use std::path::Path;

fn for_all(check: impl Fn(&Trace)) {
    for_seeds(share(200), |family, rng| check(&simulate(&any_scenario(family, rng))));
}

/// The small run of the golden files.
fn figure() -> Trace {
    let exhibit = gallery(ALL).into_iter().find(|each| each.protocol == "lamport" && each.slug == "figure");
    simulate(&exhibit.expect("the gallery has this run").scenario)
}

/// Compares with a file of `tests/export/`; with BLESS set, writes it.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("export").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "BLESS=1 cargo test writes {name}");
}

#[test]
fn a_small_run_reads_as_it_always_did() {
    let trace = figure();
    golden("figure.mmd", &mermaid(&trace).unwrap());
    golden("figure.log", &shiviz(&trace));
    golden("figure.scenario", &test(&trace));
}

#[test]
fn a_run_that_breaks_a_promise_is_a_test_in_rust() {
    let exhibit = gallery(ALL).into_iter().find(|each| each.protocol == "raft" && each.slug == "figure-8");
    golden("figure-8.rs", &rust_test(&simulate(&exhibit.expect("the gallery has this run").scenario)));
}

#[test]
fn no_title_breaks_out_of_the_string_in_a_rust_test() {
    let trace = figure();
    let scenario = Scenario { title: "one \"# two \"## three".into(), ..(*trace.scenario).clone() };
    assert!(rust_test(&simulate(&scenario)).contains("r###\"lightcone"));
}

/// A name that Mermaid takes for a participant and for nothing else.
fn is_participant(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain && name.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// A text without anything of Mermaid's own but characters by number.
fn is_text(text: &str) -> bool {
    let numbers = text.split('#').skip(1);
    let numbered = numbers.map(|rest| rest.split_once(';').is_some_and(|(it, _)| it.parse::<u32>().is_ok()));
    let signs = text.matches('#').count() == text.matches(';').count();
    signs && numbered.into_iter().all(|it| it) && !text.contains(|it: char| it.is_control() || "%<>{}:\"+".contains(it))
}

#[test]
fn every_line_of_a_mermaid_diagram_is_one_of_three() {
    for_all(|trace| {
        let Ok(diagram) = mermaid(trace) else { return };
        let mut lines = diagram.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        let mut arrows = 0;
        for line in lines {
            let said = line.strip_prefix("  ").unwrap_or_else(|| panic!("{line}"));
            if let Some((name, title)) = said.strip_prefix("participant ").and_then(|rest| rest.split_once(" as ")) {
                assert!(is_participant(name) && is_text(title), "{line}");
                continue;
            }
            let (head, text) = said.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            assert!(is_text(text) && !text.is_empty(), "{line}");
            if let Some(over) = head.strip_prefix("note over ") {
                assert!(over.split(',').all(is_participant), "{line}");
                continue;
            }
            let ways = ["-->>", "->>", "--x", "-x", "--)", "-)"];
            let ends = ways.iter().find_map(|way| head.split_once(way)).unwrap_or_else(|| panic!("{line}"));
            assert!(is_participant(ends.0) && is_participant(ends.1), "{line}");
            arrows += 1;
        }
        assert_eq!(arrows, trace.messages.len(), "each message once");
    });
}

#[test]
fn lost_messages_end_in_a_cross() {
    for_all(|trace| {
        let Ok(diagram) = mermaid(trace) else { return };
        let under_way = trace.messages.iter().filter(|message| message.fate == Fate::InFlight).count();
        let arrived = trace.messages.iter().filter(|message| matches!(message.fate, Fate::Delivered(_))).count();
        let arrows =
            |head: &str| diagram.lines().filter(|line| line.split(": ").next().unwrap().contains(head)).count();
        assert_eq!((arrows("-)"), arrows("->>")), (under_way, arrived));
        assert_eq!(arrows("-x"), trace.messages.len() - under_way - arrived);
    });
}

#[test]
fn a_shiviz_log_has_two_lines_for_each_event_of_a_node_and_the_runs_own_clocks() {
    for_all(|trace| {
        let log = shiviz(trace);
        let clocks = VectorClocks::of(trace);
        let mut lines = log.split('\n');
        for (event, place) in trace.events.iter().zip(0..) {
            let Some(node) = event.node else { continue };
            let what = lines.next().expect("an event's first line");
            assert!(!what.is_empty() && !what.contains(char::is_control), "{what}");
            let clock = lines.next().expect("an event's second line");
            let (host, clock) = clock.split_once(' ').expect("host and clock");
            assert_eq!(host, trace.name(node));
            let known = clocks.at(EventIndex(place)).iter().zip(trace.lanes()).filter(|(count, _)| **count > 0);
            let said: Vec<String> = known.map(|(count, lane)| format!("\"{}\":{count}", lane.name)).collect();
            assert_eq!(clock, format!("{{{}}}", said.join(", ")));
        }
        assert_eq!((lines.next(), lines.next()), (Some(""), None), "nothing else");
    });
}

#[test]
fn a_run_written_as_a_test_is_read_by_the_gallery_and_passes() {
    for_all(|trace| {
        let text = test(trace);
        let file = File { protocol: trace.specification().id, slug: "mine", text: text.clone().leak() };
        let exhibit = file.read(PROTOCOLS).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let again = simulate(&exhibit.scenario);
        assert!(exhibit.expectations.contains(&Expectation::Digest(again.digest)), "{text}");
        let holds = |property: usize| matches!(again.verdicts[property], Verdict::Holds { .. });
        for expectation in exhibit.expectations {
            let met = match expectation {
                Expectation::Holds => again.first_violation().is_none(),
                Expectation::HoldsOne { property } | Expectation::Reaches { property } => holds(property),
                Expectation::Misses { property } => !holds(property),
                Expectation::Breaks { property, at } => again
                    .first_violation()
                    .is_some_and(|(first, event, _)| first == property && Some(again.event(event).at) == at),
                Expectation::Digest(digest) => digest == again.digest,
                Expectation::WithoutFlawHolds
                | Expectation::Opens(_)
                | Expectation::Place(_)
                | Expectation::Beside(_) => false,
            };
            assert!(met, "{expectation:?}\n{text}");
        }
    });
}

#[test]
fn a_run_with_too_many_messages_for_mermaid_says_so() {
    let mut trace = simulate(&Scenario::new(lightcone_protocols::by_id("raft").expect("raft is registered")));
    assert!(mermaid(&trace).is_ok());
    let message = trace.messages[0].clone();
    let messages = lightcone_engine::limits::MAX_MERMAID_MESSAGES + 1;
    trace.messages.resize(messages, message);
    assert_eq!(mermaid(&trace).map_err(|too_long| too_long.messages), Err(messages));
}
