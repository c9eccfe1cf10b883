//! Inputs that once got a wrong answer from `check`, with the right one. Each stands for a kind.

mod common;

use common::{answers, lightcone};
use lightcone_api::form::{Trace, VerdictWord};
use lightcone_api::json;
use std::process::{Command, Stdio};

fn case(name: &str) -> String {
    format!("{}/tests/cases/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What is said of a case that is only replayed.
#[track_caller]
fn replayed(name: &str, code: i32) -> String {
    answers(&["check", &case(name), "--no-search"], "", code)
}

#[test]
fn a_judge_that_reaches_its_limit_hands_over_to_the_one_of_whole_histories() {
    for name in ["p17-eight-unanswered.scenario", "p18-nine-unanswered.scenario"] {
        let said = replayed(name, 1);
        assert!(said.contains("BROKEN   Linearizable clients, at"), "{name}: {said}");
        assert!(said.contains("the write of 1 was done before it began."), "{name}: {said}");
    }
}

#[test]
fn a_run_that_meets_a_limit_tells_nothing_of_what_comes_after() {
    let said = replayed("p24-too-many-events.scenario", 3);
    assert!(said.contains("The run stops at 10036.96 ms: it has reached the limit of 50000 events."), "{said}");
    assert_eq!(said.matches("cannot tell").count(), 9, "{said}");
    assert!(!said.contains("holds"), "{said}");
}

#[test]
fn edits_without_effect_are_listed_with_the_reason() {
    let said = replayed("p37-edits-that-name-nothing.scenario", 0);
    assert!(said.contains("no effect  drop S1>S2 AppendEntries#99: The run no longer sends this message."), "{said}");
    assert!(said.contains("no effect  fire S1 Election#77 at 10 ms: The run no longer sets this timer."), "{said}");
    answers(&["check", &case("p37-edits-that-name-nothing.scenario"), "--no-search", "--strict"], "", 1);
    answers(&["check", "raft/election", "--no-search", "--strict"], "", 0);
}

const ELECTION: &str = "lightcone 1\nprotocol raft 1\nset servers 3\nset clients 0\nseed 1\nhorizon 200 ms\n\
                        script\n  fire S1 Election#1 at 10 ms\nexpect\n";

#[test]
fn what_a_file_expects_is_checked() {
    let check = |line: &str, code| answers(&["check", "-", "--no-search"], &format!("{ELECTION}  {line}\n"), code);
    assert!(check("holds", 0).contains("expected holds"));
    assert!(check("reaches leader-elected", 0).contains("expected reaches leader-elected"));
    let wrong = check("breaks election-safety", 1);
    assert!(wrong.contains("WRONG    breaks election-safety: nothing breaks"), "{wrong}");
    let wrong = check("misses leader-elected", 1);
    assert!(wrong.contains("WRONG    misses leader-elected: leader-elected holds"), "{wrong}");
    let wrong = check("digest 0123456789abcdef", 1);
    assert!(wrong.contains("WRONG    digest 0123456789abcdef: it is "), "{wrong}");
    assert!(check("is nice", 2).contains("Line 10: "));
    assert!(check("holds nothing-known", 2).contains("Line 10: "));
}

#[test]
fn what_a_file_expects_of_its_search_is_checked() {
    let file = format!("{}/../core/content/searches/order/lamport/any.scenario", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("a search of Lamport timestamps starts there");
    let said = answers(&["check", "-"], &text, 0);
    assert!(said.contains("expected states "), "{said}");
    let said = answers(&["check", "-"], &text.replace("states 541", "states 542"), 1);
    assert!(said.contains("WRONG    states 542"), "{said}");
}

#[test]
fn links_are_read_as_people_paste_them() {
    let decorations = ["", "?at=200", ".", ")", "\n", "?at=200).\n", ",", ">", "\"", "?"];
    for before in ["#/", "https://host/lightcone/#/", "(see https://host/#/embed/", "<#/"] {
        for behind in decorations {
            let said = answers(&["check", &format!("{before}raft/figure-8{behind}"), "--no-search"], "", 1);
            assert!(said.contains("BROKEN   Leader completeness"), "{said}");
        }
    }
    let found = answers(&["check", "raft", "--flaw", "vote-not-persisted"], "", 1);
    let link = found.lines().find(|line| line.starts_with("#/run/")).expect("it is a link");
    for behind in decorations {
        answers(&["check", &format!("https://host/{link}{behind}"), "--no-search"], "", 1);
    }
    answers(&["draw", "https://host/#/raft/figure-8?at=200)."], "", 0);
}

#[test]
fn an_unknown_run_of_a_protocol_lists_those_that_there_are() {
    for what in ["raft/figure-9", "#/raft/figure-9"] {
        let said = answers(&["check", what], "", 2);
        assert!(said.contains("there is no run `figure-9` of Raft") && said.contains("\n  raft/figure-8\n"), "{said}");
    }
    assert!(answers(&["check", "#/nowhere"], "", 2).contains("the protocols are lamport"));
}

#[test]
fn no_link_makes_it_panic() {
    let long = format!("#/run/{}\u{e9}", "A".repeat(65_536));
    for link in [&long, &format!("{long}AAA"), "#/run/\u{e9}", "#/run/", "#/", "#/run", "#/embed/"] {
        let said = answers(&["check", link], "", 2);
        assert!(said.starts_with("lightcone: ") && !said.contains("panicked"), "{said}");
        assert!(said.len() < 2_000, "it is not repeated whole: {} bytes", said.len());
    }
}

#[test]
fn what_is_repeated_is_shortened_and_obeys_nobody() {
    let said = answers(&["check", &format!("{}/\u{1b}[31mred\u{7}", "long".repeat(20_000))], "", 2);
    assert!(said.len() < 2_000 && !said.contains(['\u{1b}', '\u{7}']), "{said}");
    let said = answers(&["check", "a\u{1b}[31mb\u{202e}"], "", 2);
    assert!(said.contains("`a\\u{1b}[31mb\\u{202e}`"), "{said}");
    let said = answers(&["check", "-"], "lightcone 1\nprotocol raft 1\nset ser\u{1b}[2Jvers 3\n", 2);
    assert!(!said.contains('\u{1b}'), "{said}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let history = case("h59-same-as-r-plus-w.edn");
    for (arguments, code) in [
        (&["check", "raft/figure-8", "--no-search", "--events"][..], 141),
        (&["export", "raft", "--as", "text"], 141),
        (&["judge", &history], 141),
        (&["judge", &history, "--format", "json"], 141),
        (&["judge", "no-such-file"], 2),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lightcone"));
        // Nobody reads, from before the program starts.
        let (reader, writer) = std::io::pipe().expect("there are pipes");
        drop(reader);
        let output = command.args(arguments).stdin(Stdio::null()).stdout(writer).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.is_empty()), (Some(code), code == 141), "{arguments:?}: {said}");
    }
}

#[test]
fn a_stale_read_has_the_reason_that_judge_gives() {
    let reason = "read x = 1 must be 2: the write of 2 was done before it began";
    let said = answers(&["check", "quorum/r-plus-w-but-stale", "--no-search"], "", 1);
    let of_history = answers(&["judge", &case("h59-same-as-r-plus-w.edn")], "", 1);
    let after = |text: &str| {
        Some(text.split_once(" must be ")?.1.split_once(": ")?.1.split(['.', ',', ';']).next()?.to_owned())
    };
    assert_eq!(after(&said), after(&of_history), "{reason}: {said}{of_history}");
}

#[test]
fn what_can_never_come_true_may_do_so_when_a_node_comes_back() {
    let said = answers(&["check", "2pc", "--break", "every-participant-decides"], "", 1);
    assert!(said.contains("Every participant decides: only if P1 restarts. P1 cannot decide T1"), "{said}");
    assert!(!said.contains("never") && !said.contains("Nothing that can still happen"), "{said}");
    let of_case = replayed("p32-2pc-never-but-restart-helps.scenario", 0);
    assert!(of_case.contains("holds    Every participant decides"), "a restart helps: {of_case}");
}

#[test]
fn what_a_search_finds_replays_where_a_deadline_and_a_timer_are_one_moment() {
    let file = std::env::temp_dir().join(format!("lightcone-tie-{}.scenario", std::process::id()));
    let file = file.to_str().expect("the folder for temporary files has a name");
    let found = answers(&["check", &case("search-tie-of-deadline-and-timer.scenario"), "--save", file], "", 1);
    let again = answers(&["check", file, "--no-search"], "", 1);
    std::fs::remove_file(file).expect("the file was written");
    assert!(found.contains("Commit needs every yes: TM commits T1 without a yes from P2."), "{found}");
    assert!(again.contains("BROKEN   Commit needs every yes"), "{again}");
    assert!(!again.contains("no effect") && !again.contains("changed"), "{again}");
}

#[test]
fn what_was_not_put_to_the_test_does_not_hold() {
    let said = replayed("hears-a-leader.scenario", 0);
    assert!(said.contains("\u{2013}        Linearizable clients: nothing was asked"), "{said}");
    assert!(said.contains("\u{2013}        Every request is answered: nothing was asked"), "{said}");
    assert!(said.contains("holds    Election safety"), "{said}");
    for (protocol, promise, why) in [
        ("lamport", "Clock condition", "nothing was stamped"),
        ("paxos", "Agreement", "nothing was "),
        ("2pc", "Atomicity", "no transaction"),
        ("2pc", "Every participant decides", "no transaction"),
        ("quorum", "What is stored is kept", "nothing was stored"),
    ] {
        let run = format!("lightcone 1\nprotocol {protocol} 1\nhorizon 50 ms\n");
        let said = answers(&["check", "-", "--no-search"], &run, 0);
        assert!(said.contains(&format!("\u{2013}        {promise}: {why}")), "{protocol}: {said}");
    }
}

#[test]
fn a_client_that_has_crashed_waits_for_nothing() {
    let run = "lightcone 1\nprotocol quorum 1\nhorizon 300 ms\nscript\n  at 10 ms request c1 write x 1\n  at 11 ms crash c1\n";
    let said = answers(&["check", "-", "--no-search"], run, 0);
    assert!(said.contains("\u{2013}        Every request is answered: whoever asked has crashed"), "{said}");
    assert!(said.contains("\u{2013}        Linearizable clients: nothing was answered"), "{said}");
}

#[test]
fn a_node_that_never_heard_a_leader_does_not_say_so() {
    let said = answers(&["check", &case("hears-a-leader.scenario"), "--no-search", "--events"], "", 0);
    assert!(said.contains("ignores it: it may have heard a leader before it started"), "{said}");
}

#[test]
fn to_reach_what_was_asked_for_is_an_answer_of_yes() {
    answers(&["check", "raft", "--reach", "leader-elected"], "", 0);
    let said = answers(&["check", "raft", "--reach", "leader-elected", "--depth", "1"], "", 1);
    assert!(said.contains("Nothing found"), "{said}");
}

#[test]
fn a_run_is_written_for_other_tools() {
    for (format, part) in [
        ("mermaid", "sequenceDiagram\n  participant S1 as S1\n"),
        ("shiviz", "{\"S1\":1"),
        ("edn", "{:process "),
        ("json", "\"verdict\": \"broken\""),
        ("svg", "<svg xmlns"),
        ("text", "broken: leader-completeness, at"),
        ("scenario", "protocol raft 1\n"),
        ("test", "  breaks leader-completeness at"),
    ] {
        let said = answers(&["export", "raft/figure-8", "--as", format], "", 0);
        assert!(said.contains(part), "{format}: {said}");
    }
    let output = lightcone(&["export", "-", "--as", "json"], ELECTION.trim_end_matches("expect\n"));
    let said = String::from_utf8(output.stdout).expect("it is text");
    let trace: Trace = json::read(&said).expect("it is JSON");
    let linearizable =
        trace.verdicts.iter().find(|verdict| verdict.property == "linearizable").expect("it is promised");
    assert_eq!(linearizable.verdict, VerdictWord::Untested);
    assert_eq!(linearizable.why.as_deref(), Some("nothing was asked"));
}
