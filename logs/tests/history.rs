//! Histories from elsewhere: a lane for each process, a box for each operation, and the judge's verdict.

use lightcone_engine::Trace;
use lightcone_engine::protocol::Weight;
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_logs::{history, is_history, is_log};

const STALE: &str = "\
{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 0, :type :invoke, :f :write, :value 2}
{:process 0, :type :ok, :f :write, :value 2}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
";

fn fault(text: &str, object: Option<&str>, begins: Option<&str>) -> String {
    let faults = history(text, object, begins).expect_err("something is wrong");
    faults.told[0].to_string()
}

#[test]
fn a_stale_read_is_drawn_where_it_shows() {
    assert!(is_history(STALE) && !is_log(STALE));
    let found = history(STALE, None, None).expect("it is a history");
    assert_eq!(
        (found.object, found.why.as_str()),
        ("register", "read x = 1 must be 2: the write of 2 was done before it began.")
    );
    let trace = Trace::recorded(&found.recording);
    let names: Vec<&str> = trace.lanes().iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["p0", "p1"]);
    assert!(trace.lanes().iter().all(|lane| lane.client) && trace.messages.is_empty());
    assert!(trace.statuses.iter().all(|change| change.status.is_some_and(|status| status.weight == Weight::Client)));
    let (property, event, breach) = trace.first_violation().expect("it is stale");
    assert_eq!((property, trace.line(event).map(|(line, text)| (line, text.to_string()))), (0, Some((6, "1".into()))));
    assert_eq!(breach.events.first().and_then(|event| trace.line(*event)).map(|(line, _)| line), Some(4));
    let replies = |deed: &&Deed| matches!(deed, Deed::Replied(..));
    assert_eq!(trace.deeds.iter().filter(replies).count(), 3, "every operation is answered");
}

#[test]
fn the_type_of_object_is_the_first_that_fits_or_the_one_that_is_named() {
    let found = |text: &str, object| history(text, object, None).expect("it is a history");
    assert_eq!(found(STALE, Some("compare-and-set")).object, "compare-and-set");
    let queue = "0 :invoke :enqueue 1\n0 :ok :enqueue 1\n1 :invoke :dequeue nil\n1 :ok :dequeue 1\n";
    let found = found(queue, None);
    assert_eq!((found.object, found.why.as_str()), ("queue", ""));
    assert_eq!(found.recording.judged, Some(Verdict::Holds { since: None }));
    let unfit = fault(queue, Some("lock"), None);
    assert!(unfit.starts_with("Line 1: `:enqueue 1") && unfit.contains("nothing that a lock does"), "{unfit}");
}

#[test]
fn a_history_may_begin_with_a_value() {
    let read = "{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :ok, :f :read, :value 7}\n";
    let found = history(read, None, None).expect("it is a history");
    assert!(found.why.ends_with("If it began with 7, it would be linearizable."), "{}", found.why);
    assert_eq!(history(read, None, Some("7")).expect("it is a history").why, "");
    assert!(fault(read, None, Some("{")).starts_with("It cannot begin so"));
}

#[test]
fn an_operation_without_an_answer_stays_open_and_a_failed_one_ends() {
    let text = "0 :invoke :write 1\n1 :invoke :write 2\n0 :info :write 1\n1 :fail :write 2\n";
    let trace = Trace::recorded(&history(text, None, None).expect("it is a history").recording);
    let said: Vec<String> = trace
        .deeds
        .iter()
        .filter_map(|deed| match deed {
            Deed::Recorded { text, .. } => Some(text.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(said, ["write 1", "write 2", "no answer", "failed"]);
    assert_eq!(trace.deeds.iter().filter(|deed| matches!(deed, Deed::Replied(..))).count(), 1);
}

#[test]
fn what_is_wrong_with_a_history_is_told_by_line() {
    assert!(
        fault("{:process 0, :type :invoke, :f :read}\n{:process 0, :type :invoke, :f :read}\n", None, None)
            .starts_with("Line 2: ")
    );
    let many: String = (0..17).map(|process| format!("{process} :invoke :write 1\n{process} :ok :write 1\n")).collect();
    assert_eq!(fault(&many, None, None), "Line 33: there are more than 16 hosts or processes.");
}

#[test]
fn what_no_type_of_object_does_is_drawn_and_not_judged() {
    let text = "0 :invoke :zap 1\n0 :ok :zap 1\n";
    let found = history(text, None, None).expect("it can be drawn");
    assert_eq!((found.object, found.recording.events.len()), ("", 2));
    assert!(found.why.contains("nothing that a register does"), "{}", found.why);
    assert!(matches!(found.recording.judged, Some(Verdict::CannotTell { .. })));
}
