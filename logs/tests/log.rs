//! Logs from elsewhere: what they tell of is drawn as it happened, and what is wrong with them is told by line.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::run::causality::VectorClocks;
use lightcone_engine::run::trace::{Fate, Recording};
use lightcone_engine::{EventIndex, NodeId, Time, Trace, simulate};
use lightcone_formats::export::shiviz;
use lightcone_logs::{Execution, Faults, Problem, is_log, read};

const AFTER: &str = r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

/// A log in which each line is an event: `alice {"alice":1} Asks bob`.
fn log(lines: &str) -> String {
    format!("(?<host>\\S+) (?<clock>{{.*}}) (?<event>.*)\n{lines}")
}

fn only(text: &str) -> Execution {
    let log = read(text).unwrap_or_else(|faults| panic!("{faults:?}"));
    let [one] = <[Execution; 1]>::try_from(log.executions).expect("one execution");
    one
}

fn recording(text: &str) -> Recording {
    only(text).read.unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn faults(lines: &str) -> Faults {
    only(&log(lines)).read.expect_err("something is wrong")
}

fn told(lines: &str) -> Vec<String> {
    faults(lines).told.iter().map(ToString::to_string).collect()
}

/// The messages of a log: from, to, and the lines of both ends.
fn messages(trace: &Trace) -> Vec<(String, String, u32, u32)> {
    let line = |event: EventIndex| trace.line(event).expect("it was recorded").0;
    let all = trace.messages.iter().map(|message| {
        let Fate::Delivered(received) = message.fate else { panic!("a recorded message arrives") };
        (trace.name(message.id.from), trace.name(message.id.to), line(message.sent_by), line(received))
    });
    all.collect()
}

fn pair(from: &str, to: &str, sent: u32, received: u32) -> (String, String, u32, u32) {
    (from.to_owned(), to.to_owned(), sent, received)
}

#[test]
fn messages_follow_from_the_clocks() {
    let text = log(concat!(
        "alice {\"alice\":1} Asks bob\n",
        "carol {\"carol\":1} Wakes\n",
        "bob {\"bob\":1, \"alice\":1} Hears alice\n",
        "bob {\"bob\":2, \"alice\":1} Asks carol\n",
        "carol {\"carol\":2, \"bob\":2, \"alice\":1} Hears bob\n",
    ));
    let trace = Trace::recorded(&recording(&text));
    assert_eq!(messages(&trace), [pair("alice", "bob", 2, 4), pair("bob", "carol", 5, 6)], "not from alice to carol");
    let names: Vec<&str> = trace.lanes().iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["alice", "carol", "bob"], "lanes stand as the log names them first");
    let steps: Vec<String> = trace.events.iter().map(|event| trace.moment(event.at)).collect();
    assert_eq!(steps, ["step 1", "step 1", "step 2", "step 3", "step 4"]);
    let (line, text) = trace.line(EventIndex(0)).expect("it was recorded");
    assert_eq!((line, &**text), (2, "Asks bob"));
    assert!(trace.is_recorded() && trace.verdicts.is_empty());
}

#[test]
fn an_event_may_hear_of_several_others_at_once() {
    let text = log(concat!(
        "a {\"a\":1} Votes\n",
        "b {\"b\":1} Votes\n",
        "c {\"c\":1, \"a\":1, \"b\":1} Counts both votes\n",
        "a {\"a\":2} Goes on\n",
    ));
    let trace = Trace::recorded(&recording(&text));
    assert_eq!(messages(&trace), [pair("a", "c", 2, 4), pair("b", "c", 3, 4)]);
    let clocks = VectorClocks::of(&trace);
    let last = (0..).map(EventIndex).zip(&trace.events).find(|(_, event)| event.node == Some(NodeId(2)));
    let (counts, _) = last.expect("c counts");
    assert_eq!(clocks.at(counts), [1, 1, 1], "both are in its past");
}

#[test]
fn a_log_of_hosts_that_never_talk_has_lanes_and_no_messages() {
    let trace = Trace::recorded(&recording(&log("a {\"a\":1} Lives\nb {\"b\":1} Lives, too\n")));
    assert!(trace.messages.is_empty());
    assert_eq!(trace.horizon(), Time::from_millis(2));
}

#[test]
fn every_run_that_is_exported_is_read_again_with_the_same_clocks() {
    for exhibit in gallery(ALL) {
        let run = simulate(&exhibit.scenario);
        let text = shiviz(&run);
        assert!(is_log(&text), "{}", exhibit.slug);
        let trace = Trace::recorded(&recording(&text));
        let clocks = |trace: &Trace| {
            let clocks = VectorClocks::of(trace);
            let named = |event: EventIndex| {
                let counts = trace.lanes().iter().zip(clocks.at(event)).filter(|(_, count)| **count > 0);
                let mut counts: Vec<(String, u32)> = counts.map(|(lane, count)| (lane.name.clone(), *count)).collect();
                counts.sort();
                Some((trace.name(trace.event(event).node?), counts))
            };
            let mut all: Vec<_> = (0..trace.events.len() as u32).map(EventIndex).filter_map(named).collect();
            all.sort();
            all
        };
        assert_eq!(clocks(&trace), clocks(&run), "{} {}", exhibit.protocol, exhibit.slug);
        assert_eq!(shiviz(&trace).lines().count(), text.lines().count(), "and can be exported once more");
    }
}

#[test]
fn the_usual_forms_need_no_expression() {
    let after = "alice {\"alice\":1}\nAsks\nbob {\"alice\":1, \"bob\":1}\nHears\n";
    let before = "Asks\nalice {\"alice\":1}\nHears\nbob {\"alice\":1, \"bob\":1}\n";
    for text in [
        after.to_owned(),
        before.to_owned(),
        format!("{AFTER}\n\n{after}"),
        format!("\u{feff}\n{AFTER}\r\n{}", after.replace('\n', "\r\n")),
    ] {
        assert!(is_log(&text), "{text}");
        let found = recording(&text);
        let said: Vec<&str> = found.events.iter().map(|event| &*event.text).collect();
        assert_eq!(said, ["Asks", "Hears"], "{text}");
    }
    assert!(!is_log("protocol raft\nseed 3\n") && !is_log("{:process 0, :type :invoke, :f :read}") && !is_log(""));
}

#[test]
fn executions_are_parted_and_named_by_the_second_line() {
    let text = format!(
        "{AFTER}\n^=== (?<trace>.*) ===$\n=== one ===\na {{\"a\":1}}\nFirst\n=== two ===\nb {{\"b\":2}}\nWrong\n=== none ===\n"
    );
    let log = read(&text).expect("the expressions can be read");
    let labels: Vec<(&str, bool)> = log.executions.iter().map(|one| (one.label.as_str(), one.read.is_ok())).collect();
    assert_eq!(labels, [("one", true), ("two", false)], "an execution that is wrong hides no other");
    let faults = log.executions[1].read.as_ref().expect_err("b begins with 2");
    assert_eq!(faults.told[0].line, 7, "lines count from the beginning of the log");
}

#[test]
fn what_is_wrong_with_clocks_is_told_by_line() {
    assert_eq!(told("a {\"a\":1} x\na {\"a\":1} y\n"), ["Line 3: this is event 1 of a, and so is line 2."]);
    assert_eq!(
        told("a {\"a\":1} x\na {\"a\":3} y\n"),
        ["Line 3: a counts 3, and 1 on line 2 before: nothing lies between."]
    );
    assert_eq!(told("a {\"a\":4} x\n"), ["Line 2: a begins with event 4: its events are counted from 1."]);
    assert_eq!(told("a {\"b\":1} x\nb {\"b\":1} y\n"), ["Line 2: the clock of a does not count a itself."]);
    assert_eq!(
        told("b {\"b\":1} x\na {\"a\":1, \"b\":1} y\na {\"a\":2} z\n"),
        ["Line 4: a knows 0 events of b, and knew 1 on line 3: a clock does not go back."]
    );
    assert_eq!(
        told("a {\"a\":1, \"b\":7} x\nb {\"b\":1} y\n"),
        ["Line 2: a knows event 7 of b, and no line tells of that."]
    );
    assert_eq!(told("a {\"a\":1, \"z\":1} x\n"), ["Line 2: a knows event 1 of z, and no line tells of that."]);
    assert_eq!(
        told("c {\"c\":1} w\nb {\"b\":1, \"c\":1} x\na {\"a\":1, \"b\":1} y\n"),
        ["Line 4: this comes after line 3, where 1 event of c were known; here 0."]
    );
    assert_eq!(told("a {\"a\":x} y\n"), ["Line 2: the clock is no JSON object of counts: {\"a\":x}."]);
}

#[test]
fn a_circle_is_told_with_all_its_lines() {
    let said = told("a {\"a\":1, \"b\":1} x\nb {\"b\":1, \"a\":1} y\n");
    assert_eq!(said, ["Line 2: this comes before and after line 3: the clocks go in a circle."]);
    let three =
        told("a {\"a\":1, \"c\":1, \"b\":1} x\nb {\"b\":1, \"a\":1, \"c\":1} y\nc {\"c\":1, \"b\":1, \"a\":1} z\n");
    assert!(three.iter().any(|said| said.contains("circle")), "{three:?}");
}

#[test]
fn all_faults_are_told_a_few_of_each_kind() {
    let lines: String = (0..20).map(|_| "a {\"a\":1} x\n").collect();
    let found = faults(&format!("b {{\"b\":2}} y\n{lines}"));
    assert_eq!((found.told.len(), found.more), (6, 14));
    assert!(found.told.is_sorted_by_key(|fault| fault.line), "by line, whatever their kind");
    assert!(matches!(found.told[0].problem, Problem::Skips { .. }));
}

#[test]
fn lines_that_are_no_event_are_named_and_hide_nothing() {
    let found = only(&log("a {\"a\":1} x\n\nat java.lang.Thread\na {\"a\":2} y\nand more\n"));
    assert_eq!(found.left_out, [4, 6]);
    assert_eq!(found.read.expect("the rest is a log").events.len(), 2);
    let none = told("nothing\nat all\n");
    assert_eq!(none, ["The regular expression matches no event."]);
}

#[test]
fn an_expression_that_cannot_be_read_says_why() {
    let why = |first: &str| {
        let faults = read(&format!("{first}\na {{\"a\":1}} x\n")).expect_err("it cannot be read");
        faults.told[0].to_string()
    };
    assert_eq!(why("(?<host>\\S+) (?<clock>{.*})"), "Line 1: the regular expression has no group (?<event>…).");
    assert!(why("(?<host>\\S+(").starts_with("Line 1: the regular expression cannot be read: "));
    assert!(why("(?<host>(?=x)) (?<clock>) (?<event>)").contains("cannot be read"));
    assert!(read("hello").is_err_and(|faults| faults.told[0].line == 0));
}

#[test]
fn an_expression_that_would_keep_others_busy_for_ever_is_read_in_time() {
    let hostile = "(?<host>(a+)+b)(?<clock>x)(?<event>y)";
    let found = only(&format!("{hostile}\n{}\n", "a".repeat(20_000)));
    assert!(found.read.is_err());
    let large = read("(?<host>(x{900}){900})(?<clock>)(?<event>)\nx\n");
    assert!(large.is_err_and(|faults| matches!(faults.told[0].problem, Problem::Expression { .. })));
}

#[test]
fn what_is_too_much_is_told_and_nothing_else() {
    let many: String = (1..=5_001).map(|count| format!("a {{\"a\":{count}}} x\n")).collect();
    assert_eq!(told(&many), ["Line 5002: an execution has more than 5000 events."]);
    let hosts: String = (0..17).map(|host| format!("h{host} {{\"h{host}\":1}} x\n")).collect();
    assert_eq!(told(&hosts), ["Line 18: there are more than 16 hosts or processes."]);
    let long = read(&"x".repeat(5 * 1_024 * 1_024)).expect_err("it is too long");
    assert_eq!(long.told[0].to_string(), "The log has more than 4 MiB.");
}
