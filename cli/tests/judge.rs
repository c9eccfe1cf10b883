//! `judge` on histories that people have: each stands for a kind that once was read wrongly, or judged too late.

mod common;

use common::{answers, lightcone};
use lightcone_api::form::{Consistency, Datum, Judgement, Reported, Spot, Whole};
use lightcone_api::json;
use lightcone_judges::is_unseen;
use std::fmt::Write;

/// What `judge` says, if this is its exit code.
#[track_caller]
fn says(arguments: &[&str], input: &str, code: i32) -> String {
    answers(&[&["judge"], arguments].concat(), input, code)
}

#[test]
fn each_case_has_its_right_answer() {
    for (arguments, code, parts) in [
        (&["h09-failed-cas-nil.edn", "--as", "compare-and-set"][..], 0, &["3 operations", ": linearizable."][..]),
        (&["h10-big-values.edn"], 0, &[": linearizable."]),
        (&["h16-jepsen-txt.txt"], 0, &["2 operations on a register: linearizable."]),
        (&["info-lines.log", "--as", "compare-and-set"], 0, &["5 operations", ": linearizable."]),
        (
            &["h23-ok-different-value.edn"],
            0,
            &["Note: Line 2: `:write 3` of process 0 was answered with 4", ": linearizable."],
        ),
        (
            &["h25-time-not-in-order.edn"],
            1,
            &[
                "Note: Line 5: `:time` jumps back from 400 to 200",
                "(asked: line 5, :time 200; answered: line 6, :time 250)",
            ],
        ),
        (
            &["h26-initial-zero.edn"],
            1,
            &["0 was never written", "The register may have begun with 0: with --initial '0'"],
        ),
        (&["h26-initial-zero.edn", "--initial", "0"], 0, &[": linearizable."]),
        (&["h28-nan.edn"], 0, &["1 operations on a register: linearizable."]),
        (
            &["h39-fail-but-seen.edn"],
            1,
            &[
                "read x = 3 must be nothing: the write of 3 by process 0 had failed.",
                "cannot be placed: process 1: :read nil -> 3 (asked: line 3; answered: line 4)",
                "because of: process 0: :write 3 -> failed (asked: line 1; answered: line 2)",
            ],
        ),
        (&["h41-never-written-after-20.edn"], 1, &["not linearizable", "999 was never written", "line 42"]),
        (&["h41-never-written-after-20.edn", "--sequential"], 1, &["not sequentially", "999 was never written"]),
        (&["h54-appends-12.edn", "--as", "log"], 0, &["13 operations on a log: linearizable."]),
        (&["h58-sixty-operations.edn", "--as", "compare-and-set"], 0, &[": linearizable."]),
        (&["h58-sixty-operations.edn", "--as", "compare-and-set", "--sequential"], 0, &[": sequentially consistent."]),
        (
            &["h59-same-as-r-plus-w.edn"],
            1,
            &["read x = 1 must be 2: the read of 2 was done before it began.", "because of: process 2: :read nil -> 2"],
        ),
        (&["h60-bom.edn"], 0, &[": linearizable."]),
        (&["queue-of-unknown-ends.edn", "--as", "queue"], 0, &["100 operations on a queue: linearizable."]),
        (&["p18-same-history.edn"], 1, &["not linearizable", "the write of 1 was done before it began"]),
    ] {
        let said = says(arguments, "", code);
        for part in parts {
            assert!(said.contains(part), "{arguments:?} says {said}");
        }
    }
}

/// What `judge` says as JSON, if this is its exit code.
#[track_caller]
fn judged(arguments: &[&str], input: &str, code: i32) -> Judgement {
    let said = says(&[arguments, &["--format", "json"]].concat(), input, code);
    assert!(!said.contains(|each| is_unseen(each) && each != '\n'), "no character that a terminal obeys: {said:?}");
    json::read(&said).unwrap_or_else(|error| panic!("{error} in {said}"))
}

#[test]
fn json_has_everything_and_where_it_stands() {
    let told = judged(&["h25-time-not-in-order.edn"], "", 1);
    assert_eq!((&*told.object, told.consistency, told.holds), ("register", Consistency::Linearizable, Some(false)));
    assert_eq!(told.notes[0].line, Some(5));
    assert!(told.notes[0].text.starts_with("Line 5: "), "{told:?}");
    assert_eq!(told.claim.as_deref(), Some("read x = 1 must be 2"));
    assert_eq!(told.reason.as_deref(), Some("the write of 2 was done before it began"));
    let spot = |line, time| Spot { line: Some(line), event: None, index: None, time: Some(Whole(time)) };
    let stuck = told.operation.expect("it cannot be placed");
    assert_eq!((stuck.process, &*stuck.f, &stuck.value, stuck.ended), (1, "read", &Datum::Nothing, Reported::Ok));
    assert_eq!((stuck.answer, stuck.asked), (Datum::Integer(1), spot(5, 200)));
    assert_eq!(stuck.answered, Some(spot(6, 250)));
    let because = told.because.expect("it has a reason");
    assert_eq!((because.process, &*because.f, because.value), (0, "write", Datum::Integer(2)));
    assert!(told.furthest.is_some_and(|furthest| !furthest.is_empty()));
    let told = judged(&["h26-initial-zero.edn"], "", 1);
    assert_eq!(told.holds_if_initial, Some(Datum::Integer(0)));
    let told = judged(&["h60-bom.edn"], "", 0);
    assert_eq!((told.holds, told.order.map(|order| order[0].process)), (Some(true), Some(9)));
    let odd = r#"0 :invoke :write "a\"\u001b\u202e""#.to_owned() + "\n0 :ok :write nil";
    let told = judged(&["-"], &odd, 0);
    assert_eq!(told.order.expect("it holds")[0].value, Datum::Text("a\"\u{1b}\u{202e}".into()));
    says(&["-", "--format", "yaml"], &odd, 2);
}

#[test]
fn a_history_may_come_as_json() {
    let event = |process: u32, what: &str, f: &str, value: &str| {
        format!(r#"{{"process":{process},"type":"{what}","f":"{f}","value":{value}}}"#)
    };
    let events = [
        event(0, "invoke", "write", "2"),
        event(0, "ok", "write", "2"),
        event(1, "invoke", "read", "null"),
        event(1, "ok", "read", "1"),
    ];
    let history = format!(r#"{{"lightcone":1,"events":[{}]}}"#, events.join(","));
    let told = judged(&["-"], &history, 1);
    assert_eq!(told.operation.expect("it cannot be placed").asked.event, Some(2));
    assert!(
        says(&["-"], &history, 1)
            .contains("cannot be placed: process 1: :read nil -> 1 (asked: event 2; answered: event 3)")
    );
    let said = says(&["-"], &history.replace("\"ok\"", "\"done\""), 2);
    assert!(said.contains("`events[1].type`: Unknown variant `done`"), "{said}");
}

#[test]
fn errors_say_where_and_let_no_character_through_to_the_terminal() {
    for (input, said) in [
        ("\n  {:process 1 :type :ok}", "-: Line 2, column 3: Process 1 is answered while it waits for nothing."),
        ("{:process 1 :type \u{1b}[31m}", "-: Line 1, column 19: The character U+001B can stand in a text only."),
        ("{:process \"\u{1b}[31m\" :type :ok}", r#"-: Line 1, column 1: `"\u001B[31m"` is where a process's number"#),
        ("hello\nworld", "-: Line 1, column 1: Nothing here is an operation"),
        ("0 :invoke :write [1", "-: Line 1, column 18: The text ends inside a vector that begins here."),
        ("1 :invoke :frob 3\n", "-: Line 1: `:frob 3` of process 1 is nothing that a register does."),
        (
            "{:process 1, :type :invoke, :f :read, :value [:x nil]}",
            "-: Line 1: `:read [:x nil]` of process 1 is nothing",
        ),
    ] {
        let all = says(&["-"], input, 2);
        assert!(all.contains(said) && !all.contains('\u{1b}'), "{all:?}");
    }
    let said = says(&["no-\u{1b}[31m-file"], "", 2);
    assert!(said.contains("cannot be read") && !said.contains('\u{1b}'), "{said:?}");
    let said = says(&["-", "--initial", "[1"], "", 2);
    assert!(said.contains("--initial: Line 1, column 1: The text ends inside a vector"), "{said}");
    let said = says(&["-", "--as", "counter", "--initial", ":x"], "", 2);
    assert!(said.contains("`:x` is nothing that a counter can begin with"), "{said}");
}

#[test]
fn a_large_operation_is_not_repeated() {
    let large = format!("{{:process 0 :type :invoke :f :frob :value \"{}\"}}", "x".repeat(60_000_000));
    let said = says(&["-"], &large, 2);
    assert!(said.len() < 400 && said.contains("xxx…"), "{} bytes", said.len());
    let large = format!("{{:process 0 :type :{}}}", "x".repeat(60_000_000));
    let said = says(&["-"], &large, 2);
    assert!(said.len() < 400 && said.contains("xxx…"), "{} bytes", said.len());
    // A read of it that cannot be.
    let wrong = format!("0 :invoke :read nil\n0 :ok :read \"{}\"\n", "y".repeat(1_000_000));
    let said = says(&["-"], &wrong, 1);
    assert!(said.len() < 2_000, "{} bytes", said.len());
}

#[test]
fn the_first_key_that_is_wrong_decides() {
    let mut text = String::new();
    for turn in 0..1_000 {
        let (key, process) = (turn % 10, turn % 10 * 10);
        for writer in 0..5 {
            _ = writeln!(
                text,
                "{{:process {}, :type :invoke, :f :write, :value [{key} {turn}{writer}]}}",
                process + writer
            );
        }
        for writer in 0..5 {
            _ = writeln!(
                text,
                "{{:process {}, :type :ok, :f :write, :value [{key} {turn}{writer}]}}",
                process + writer
            );
        }
        let found = if turn == 555 { 7 } else { turn * 10 + 2 };
        _ = writeln!(text, "{{:process {process}, :type :invoke, :f :read, :value [{key} nil]}}");
        _ = writeln!(text, "{{:process {process}, :type :ok, :f :read, :value [{key} {found}]}}");
    }
    let said = says(&["-", "--as", "key-value"], &text, 1);
    assert!(said.contains("7 was never written"), "{said}");
}

#[test]
fn sets_and_counters_are_judged() {
    let set =
        "0 :invoke :add 1\n0 :ok :add 1\n1 :invoke :add 2\n2 :invoke :read nil\n2 :ok :read #{1 2}\n1 :ok :add 2\n";
    assert!(says(&["-", "--as", "set"], set, 0).contains("3 operations on a set: linearizable."));
    let lost = format!("{set}2 :invoke :read nil\n2 :ok :read #{{1}}\n");
    let said = says(&["-", "--as", "set"], &lost, 1);
    assert!(said.contains("read = #{1} must be #{1 2}: the add of 2 was done before it began."), "{said}");
    let counter =
        "0 :invoke :add 3\n1 :invoke :read nil\n1 :ok :read 3\n0 :ok :add 3\n2 :invoke :read nil\n2 :ok :read 3\n";
    assert!(says(&["-", "--as", "counter"], counter, 0).contains("3 operations on a counter: linearizable."));
    let more = counter.replace("2 :ok :read 3", "2 :ok :read 4");
    let said = says(&["-", "--as", "counter"], &more, 1);
    assert!(said.contains("read = 4 must be 3: no more than 3 can have been added until then."), "{said}");
}

#[test]
fn no_bytes_make_it_panic() {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/info-lines.log")).expect("it is a case");
    for end in (0..text.len()).step_by(23) {
        for bytes in [&text[..end], &text[end..]] {
            let code = lightcone(&["judge", "-", "--as", "compare-and-set"], bytes).status.code();
            assert!(matches!(code, Some(0..=3)), "{code:?} of {}", String::from_utf8_lossy(bytes));
        }
    }
    assert_eq!(lightcone(&["judge", "-"], [0xFF, 0xFE, 0x00]).status.code(), Some(2));
}
