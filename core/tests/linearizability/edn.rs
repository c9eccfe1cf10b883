//! Histories as text: written histories are read back, Jepsen's forms are understood, and damage is explained.

use super::sorts::{OneLog, OneQueue, Store, draw, said};
use fastrand::Rng;
use lightcone_engine::limits::{MAX_CHECKED_CONFIGURATIONS, MAX_HISTORY_OPERATIONS};
use lightcone_formats::edn::{EdnError, Problem, read, write};
use lightcone_judges::Datum;
use lightcone_judges::{Completion, Consistency, ObjectType, Verdict};
use lightcone_tests::count::share;

const JEPSEN: &str = r#"
; A test of etcd, as Jepsen writes it.
{:type :invoke, :f :write, :value 3, :process 0, :time 3291, :index 0}
{:process :nemesis, :type :info, :f :start, :value nil}
{:process 1, :type :invoke, :f :read, :value nil}
{:type :ok, :f :write, :value 3, :process 0, :time 9e3, :index 1}
#jepsen.history.Op{:process 1, :type :ok, :f :read, :value 3, :error [:odd "a \"quoted\" }"]}
{:process 2, :type :invoke :f :cas :value [3 4]} {:process 2, :type :info, :f :cas, :value [3 4], :error :timeout}
{:process 0, :type :invoke, :f :cas, :value [1 2], :set #{1 2}, #_ :gone #_ (1 2) :at #inst "2024-01-01", :ratio 1/2}
{:process 0, :type :fail, :f :cas, :value [1 2], :exception {:via [{:type clojure.lang.ExceptionInfo}], :c \)}}
{:process 1 :type :invoke :f read :value nil}
{:process 1 :type :ok :f read :value 4N}
"#;

#[test]
fn jepsens_lines_are_understood() {
    let history = read(JEPSEN).expect("it is a history");
    assert_eq!(history.entries().len(), 5);
    assert_eq!(history.entries()[1].completion, Completion::Answered { at: 3, answer: Datum::Integer(3) });
    assert_eq!(history.entries()[2].completion, Completion::Unknown { at: Some(5) });
    assert_eq!(history.entries()[3].completion, Completion::Failed { at: 7 });
    let register = ObjectType::by_name("compare-and-set").expect("the table has it");
    let verdict = register.judge(&history, Consistency::Linearizable, MAX_CHECKED_CONFIGURATIONS);
    assert_eq!(verdict, Ok(Verdict::Explained { order: vec![0, 1, 2, 4] }));
    // The whole may be one vector.
    assert_eq!(read(&format!("[{JEPSEN}]")), Ok(history));
    assert_eq!(read(" ;nothing").expect("nothing is a history").entries(), []);
}

#[test]
fn what_is_written_is_read_again() {
    for seed in 0..share(2_000) {
        let rng = &mut Rng::with_seed(seed);
        for history in [said::<Store>(&draw::<Store>(20, rng)), said::<OneLog>(&draw::<OneLog>(20, rng))] {
            assert_eq!(read(&write(&history)), Ok(history), "history {seed}");
        }
    }
    let history = read(JEPSEN).expect("it is a history");
    assert_eq!(read(&write(&history)), Ok(history));
    let odd = r#"{:process 1 :type :invoke :f :f/g? :value [1.5 \( \newline "a\n\"\\é" {:a nil, "b" [-3 true]} :x/y sym ()]}"#;
    let history = read(odd).expect("it is a history");
    assert_eq!(read(&write(&history)), Ok(history));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let asks = "{:process 1 :type :invoke :f :read}";
    for (text, said) in [
        (format!("{asks}\n\n{asks}"), "Line 3, column 1: Process 1 asks while it waits for an answer."),
        ("\n{:process 4 :type :ok}".into(), "Line 2, column 1: Process 4 is answered while it waits for nothing."),
        ("{:type :ok}".into(), "Line 1, column 1: This operation has no `:process`."),
        ("{:process 4}".into(), "Line 1, column 1: This operation has no `:type`."),
        ("{:process 4 :type :invoke}".into(), "Line 1, column 1: This operation has no `:f`."),
        (
            "{:process 4 :type :okay}".into(),
            "Line 1, column 1: `:okay` is where :invoke, :ok, :fail or :info should be.",
        ),
        ("{:process -4 :type :ok}".into(), "Line 1, column 1: `-4` is where a process's number should be."),
        (
            "{:process 4 :type :invoke :f [1]}".into(),
            "Line 1, column 1: `[…]` is where what is asked, such as :read, should be.",
        ),
        (format!("{asks} )"), "Line 1, column 37: `)` is where a value should be."),
        ("{:process 1 :type :ok} 0".into(), "Line 1, column 1: Process 1 is answered while it waits for nothing."),
        ("\n{:process 1\n :type [1".into(), "Line 3, column 8: The text ends inside a vector that begins here."),
        ("\n{:process 1\n :type".into(), "Line 2, column 1: The text ends inside a map that begins here."),
        ("\n[".into(), "Line 2, column 1: The text ends inside a vector that begins here."),
        ("{:process \"1".into(), "Line 1, column 11: The text ends inside a text that begins here."),
        ("{:process 1 :type}".into(), "Line 1, column 1: `:type` is where a key with its value should be."),
        ("{: 1}".into(), "Line 1, column 2: `:` is where a word should be."),
        (format!("{{:process {}", "[".repeat(5_000)), "Line 1, column 43: More than 32 brackets stand in each other."),
        ("#a ".repeat(5_000), "Line 1, column 99: More than 32 brackets stand in each other."),
        ("#_ ".repeat(5_000), "Line 1, column 99: More than 32 brackets stand in each other."),
    ] {
        assert_eq!(read(&text).expect_err("something is wrong").to_string(), said, "{text:.60}");
    }
}

#[test]
fn a_history_that_is_too_long_is_refused() {
    let line = "{:process 1 :type :invoke :f :read}{:process 1 :type :info}\n";
    let most = line.repeat(MAX_HISTORY_OPERATIONS);
    assert_eq!(read(&most).map(|history| history.entries().len()), Ok(MAX_HISTORY_OPERATIONS));
    let error = read(&[&most, line].concat()).expect_err("it is one too many");
    let line = MAX_HISTORY_OPERATIONS as u32 + 1;
    assert_eq!(error, EdnError { line, column: 1, problem: Problem::TooMany });
    let spaces = " ".repeat(lightcone_engine::limits::MAX_HISTORY_BYTES + 1);
    assert_eq!(read(&spaces).expect_err("it is too long").to_string(), "This text is longer than the limit of 64 MiB.");
}

/// Every prefix, and thousands of texts with characters changed, taken out, or put in: an answer or an error, no panic;
/// and what can be read can be written and judged.
#[test]
fn damage_never_panics() {
    let mut rng = Rng::with_seed(7);
    let mut refused = 0;
    let mut survive = |text: &str| match read(text) {
        Ok(history) => {
            assert_eq!(read(&write(&history)), Ok(history.clone()), "{text}");
            for name in ["register", "key-value", "log"] {
                let object = ObjectType::by_name(name).expect("the table has it");
                if let Err(unfit) = object.judge(&history, Consistency::Linearizable, 1_000) {
                    assert!(!unfit.to_string().is_empty());
                }
            }
        }
        Err(error) => {
            refused += 1;
            assert!(error.line as usize <= text.lines().count() + 1 && !error.to_string().is_empty());
        }
    };
    let queue = write(&said::<OneQueue>(&draw::<OneQueue>(8, &mut rng)));
    for text in [JEPSEN, &queue] {
        (0..text.len()).filter(|end| text.is_char_boundary(*end)).for_each(|end| survive(&text[..end]));
        for _ in 0..share(4_000) {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..rng.usize(1..4) {
                let at = rng.usize(0..bytes.len());
                match rng.u8(0..3) {
                    0 => bytes[at] ^= 1 << rng.u8(0..7),
                    1 => _ = bytes.remove(at),
                    _ => bytes.insert(at, *b"{}[]()\"\\#_:;,\n 1-".get(rng.usize(0..17)).expect("there are 17")),
                }
            }
            survive(&String::from_utf8_lossy(&bytes));
        }
    }
    assert!(refused > share(4_000), "{refused}");
}
