//! The command line and the API say the same, of every run of the gallery.

mod common;

use common::{answers, lightcone};
use lightcone_api::form::{Bounds, Checked, Scenario, SimulateOptions, Trace};
use lightcone_api::{check, decode_link, json, simulate};
use lightcone_content::shelf::ALL;

/// Every run of the gallery: its name, and the lines that its file expects.
fn gallery() -> impl Iterator<Item = (String, Vec<String>)> {
    ALL.iter().flat_map(|shelf| shelf.runs).map(|file| {
        let expected = file.text.lines().skip_while(|line| *line != "expect").skip(1);
        let lines = expected.map(str::trim).filter(|line| !line.is_empty());
        (format!("{}/{}", file.protocol, file.slug), lines.map(str::to_owned).collect())
    })
}

#[test]
fn check_prints_what_the_api_gives() {
    for (name, expect) in gallery() {
        let output = lightcone(&["check", &name, "--no-search", "--format", "json"], "");
        let said = String::from_utf8(output.stdout).expect("it is text");
        let bounds = Bounds { search: Some(false), expect, ..Bounds::default() };
        let scenario = decode_link(ALL, &name).expect("the gallery has it");
        let checked = check(ALL, &scenario, &bounds, |_| {}, || false).expect("it is checked");
        assert_eq!(said, json::write(&checked) + "\n", "{name}");
        assert_eq!(json::read::<Checked>(&said).expect("it was written"), checked, "{name}");
        assert!(checked.expected.iter().all(|each| each.met), "{name}: {:?}", checked.expected);
        let as_text = lightcone(&["check", &name, "--no-search"], "");
        assert_eq!(output.status.code(), as_text.status.code(), "{name}: one answer in both formats");
    }
}

#[test]
fn export_prints_what_the_api_gives() {
    for (name, _) in gallery() {
        let said = answers(&["export", &name, "--as", "json"], "", 0);
        let scenario = decode_link(ALL, &name).expect("the gallery has it");
        let trace = simulate(ALL, &scenario, &SimulateOptions::default()).expect("it runs");
        assert_eq!(said, json::write(&trace) + "\n", "{name}");
    }
}

#[test]
fn a_search_is_the_same_in_both() {
    let raft = "lightcone 1\nprotocol raft 1\nset servers 3\nset clients 0\nflaw vote-not-persisted\n";
    let said = answers(&["check", "-", "--format", "json"], raft, 1);
    let scenario = lightcone_api::parse(ALL, raft).expect("it is a scenario");
    let checked = check(ALL, &scenario, &Bounds::default(), |_| {}, || false).expect("it is checked");
    assert_eq!(said, json::write(&checked) + "\n");
    let found = checked.search.and_then(|search| search.found).expect("the flaw is found");
    assert_eq!(found.breaks, ["election-safety"]);
    answers(&["check", &found.link, "--no-search"], "", 1);
    let cut = answers(&["check", "raft", "--states", "50", "--format", "json"], "", 3);
    assert!(cut.contains("\"ending\": \"full\""), "{cut}");
}

#[test]
fn what_is_printed_can_be_checked_again() {
    let trace: Trace =
        json::read(&answers(&["export", "raft/figure-8", "--format", "json", "--states"], "", 0)).expect("JSON");
    assert!(trace.events.iter().all(|event| event.state.is_some() == event.node.is_some()));
    let scenario = json::write(&trace.scenario);
    let again: Checked =
        json::read(&answers(&["check", "-", "--no-search", "--format", "json"], &scenario, 1)).expect("JSON");
    assert_eq!((again.digest, again.scenario), (trace.digest, trace.scenario));
    let text = answers(&["export", "-", "--as", "scenario"], &scenario, 0);
    assert!(text.starts_with("lightcone 1\nprotocol raft 1\n"), "{text}");
}

#[test]
fn json_that_is_no_scenario_says_where() {
    let raft = json::write(&decode_link(ALL, "raft/election").expect("the gallery has it"));
    let said = answers(&["check", "-"], &raft.replace("\"seed\"", "\"sead\""), 2);
    assert!(said.contains("-: `sead`: Unknown field `sead`"), "{said}");
    assert!(answers(&["check", "-"], "{\"lightcone\": 1,\n", 2).contains("Line 2, column 0: This is not JSON."));
    assert!(json::read::<Scenario>("{\"lightcone\":9}").is_err_and(|error| error.message.contains("version 9")));
    assert!(answers(&["export", "raft", "--as", "svg", "--states"], "", 2).contains("only json has states"));
}
