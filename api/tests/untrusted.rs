//! Whatever comes in, there is an answer or a typed error: never a panic, and no more work than the limits allow.

mod common;

use common::{CHALLENGES, LIBRARY, each_run, run};
use fastrand::Rng;
use lightcone_api::form::{Bounds, Code, Error, GradeWord, HandedIn, History, JudgeOptions, Scenario, SimulateOptions};
use lightcone_api::grade::MOST_ANSWERS;
use lightcone_api::{
    check, convert, decode_link, encode_link, grade, json, judge, judge_text, parse, question, simulate,
};
use lightcone_engine::limits::{MAX_EDITS, MAX_JSON_BYTES, MAX_JSON_DEPTH};

/// Reads a text as each object that comes from outside, and uses what can be read.
fn use_it(text: &str) {
    said(json::read::<Scenario>(text).and_then(|form| convert::to_scenario(LIBRARY, &form)));
    said(json::read::<History>(text).and_then(|form| judge(&form, &JudgeOptions::default())));
    said(json::read::<Bounds>(text).map(|_| ()));
    said(json::read::<JudgeOptions>(text).map(|_| ()));
}

/// An error says something, in a sentence.
fn said<T>(result: Result<T, Error>) {
    if let Err(error) = result {
        assert!(error.message.len() > 10 && error.message.ends_with('.'), "{error:?}");
        assert!(error.message.len() < 4_000, "{error:?}");
    }
}

/// The first error that a JSON text of a scenario leads to.
fn wrong(text: &str) -> Error {
    json::read::<Scenario>(text).and_then(|form| convert::to_scenario(LIBRARY, &form)).expect_err(text)
}

#[test]
fn random_json_is_refused_with_a_sentence() {
    for seed in 0..3_000 {
        use_it(&any_json(&mut Rng::with_seed(seed), 0));
    }
}

#[test]
fn random_letters_are_refused_with_a_sentence() {
    let letters: Vec<char> = "{}[]\",:0123456789.eE+-truefalsn \\u\u{202e}é\n".chars().collect();
    for seed in 0..3_000 {
        let rng = &mut Rng::with_seed(seed);
        let text: String = (0..rng.usize(..60)).map(|_| letters[rng.usize(..letters.len())]).collect();
        use_it(&text);
        said(parse(LIBRARY, &text));
        said(decode_link(LIBRARY, &text));
        said(judge_text(&text, &JudgeOptions::default()));
    }
}

#[test]
fn a_scenario_that_is_cut_off_or_changed_is_refused_or_runs() {
    each_run(|_, scenario, _| {
        let text = json::write(&convert::scenario(scenario));
        let rng = &mut Rng::with_seed(scenario.seed ^ text.len() as u64);
        for _ in 0..20 {
            let cut: String = text.chars().take(rng.usize(..text.chars().count())).collect();
            assert_eq!(json::read::<Scenario>(&cut).expect_err("its end is missing").code, Code::NotJson);
        }
        for _ in 0..60 {
            use_it(&changed(&text, rng));
        }
    });
}

#[test]
fn a_scenario_with_a_value_of_another_type_is_refused_or_means_something() {
    let forms: Vec<String> = ["raft/figure-8", "2pc/in-doubt", "lamport/figure"]
        .iter()
        .filter_map(|name| Some(json::write(&decode_link(LIBRARY, name).ok()?)))
        .collect();
    assert!(!forms.is_empty());
    for seed in 0..1_000 {
        let rng = &mut Rng::with_seed(seed);
        let mut tree: serde_json::Value =
            serde_json::from_str(rng.choice(&forms).expect("there are forms")).expect("JSON");
        for _ in 0..rng.usize(1..4) {
            replace(&mut tree, rng);
        }
        let text = tree.to_string();
        let form = json::read::<Scenario>(&text);
        if let Ok(form) = &form {
            said(simulate(LIBRARY, form, &SimulateOptions::default()).map(|run| run.digest));
        }
        said(form);
    }
}

#[test]
fn each_limit_is_named() {
    let too_long = format!("{{\"lightcone\":1,\"protocol\":\"raft\",\"note\":\"{}\"}}", "x".repeat(MAX_JSON_BYTES));
    assert_eq!(wrong(&too_long).code, Code::TooLong);
    let lists = |depth: usize| format!("{{\"lightcone\":1,\"protocol\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(wrong(&lists(MAX_JSON_DEPTH as usize)).code, Code::TooDeep);
    assert_eq!(wrong(&lists(100_000)).code, Code::TooDeep);
    assert_eq!(wrong(&lists(MAX_JSON_DEPTH as usize - 1)).code, Code::WrongForm);
    let mut many = run("raft/election");
    many.moves = vec![lightcone_api::form::Edit::Drop { message: "S1>S2 Vote#1".into() }; MAX_EDITS + 1];
    let error = convert::to_scenario(LIBRARY, &many).expect_err("there are too many");
    assert_eq!((error.code, error.message.contains("1000")), (Code::OutOfBounds, true), "{error}");
    let bounds = Bounds { expect: vec!["holds".into(); 101], ..Bounds::default() };
    let error = check(LIBRARY, &run("lamport/figure"), &bounds, |_| {}, || false).expect_err("there are too many");
    assert_eq!(error.code, Code::OutOfBounds);
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    let raft = "{\"lightcone\":1,\"protocol\":\"raft\"";
    for (text, code, line, part) in [
        ("{".to_owned(), Code::NotJson, Some(1), "Line 1, column 1: This is not JSON."),
        (format!("{raft},\n\"protocol\":\"raft\"}}"), Code::SaidTwice, Some(2), "`protocol` is said twice."),
        ("{\"lightcone\":2,\"protocol\":\"raft\",\"new\":1}".into(), Code::TooNew, None, "version 2 of the form"),
        ("{\"protocol\":\"raft\"}".into(), Code::WrongForm, None, "Missing field `lightcone`"),
        (format!("{raft},\"sead\":1}}"), Code::WrongForm, None, "Unknown field `sead`"),
        (format!("{raft},\"seed\":-1}}"), Code::WrongForm, None, "`seed`: "),
        (format!("{raft},\"horizon\":0.0001}}"), Code::WrongForm, None, "three decimals"),
        (format!("{raft},\"horizon\":-1}}"), Code::OutOfBounds, None, "`horizon`: The time is -1 ms"),
        (format!("{raft},\"behaviour\":99}}"), Code::NewerProtocol, None, "needs version 99"),
        ("{\"lightcone\":1,\"protocol\":\"rift\"}".into(), Code::UnknownProtocol, None, "no protocol `rift`"),
        (format!("{raft},\"flaws\":[\"none\"]}}"), Code::UnknownName, None, "`none` is no flaw"),
        (format!("{raft},\"settings\":{{\"severs\":3}}}}"), Code::UnknownName, None, "`severs` is no parameter"),
        (format!("{raft},\"settings\":{{\"servers\":99}}}}"), Code::OutOfBounds, None, "`settings.servers`: "),
        (format!("{raft},\"settings\":{{\"servers\":\"x\"}}}}"), Code::WrongForm, None, "must be a whole number"),
        (
            format!("{raft},\"script\":[{{\"edit\":\"crash\",\"at\":1,\"node\":\"S9\"}}]}}"),
            Code::UnknownName,
            None,
            "`script[0]`: `S9` is no lane",
        ),
        (
            format!("{raft},\"moves\":[{{\"edit\":\"drop\",\"message\":\"S1>S2\"}}]}}"),
            Code::MissingWord,
            None,
            "`moves[0]`: ",
        ),
        (format!("{raft},\"moves\":[{{\"edit\":\"jump\"}}]}}"), Code::WrongForm, None, "`moves[0]"),
    ] {
        let error = wrong(&text);
        assert_eq!((error.code, error.line), (code, line), "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_field_that_is_null_is_left_out() {
    let form = json::read::<Scenario>("{\"lightcone\":1,\"protocol\":\"raft\",\"title\":null,\"seed\":5.0}")
        .expect("it is read");
    assert_eq!((form.title.as_str(), form.seed.0), ("", 5));
}

/// JSON with anything in it, some of it names that the form has.
fn any_json(rng: &mut Rng, depth: u32) -> String {
    let names = [
        "lightcone",
        "protocol",
        "raft",
        "seed",
        "script",
        "moves",
        "edit",
        "at",
        "model",
        "events",
        "process",
        "type",
        "f",
        "value",
        "x",
    ];
    let word = |rng: &mut Rng| format!("\"{}\"", names[rng.usize(..names.len())]);
    match rng.u8(..if depth > 6 { 6 } else { 9 }) {
        0 => "null".into(),
        1 => rng.bool().to_string(),
        2 => rng.i64(..).to_string(),
        3 => format!("{:e}", f64::from_bits(rng.u64(..))).replace("NaN", "0").replace("inf", "1e999"),
        4 => rng.u8(..4).to_string(),
        5 => word(rng),
        6 => format!("[{}]", (0..rng.usize(..5)).map(|_| any_json(rng, depth + 1)).collect::<Vec<_>>().join(",")),
        _ => {
            let fields = (0..rng.usize(..6)).map(|_| format!("{}:{}", word(rng), any_json(rng, depth + 1)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
    }
}

/// The text with some of its characters changed, left out, or doubled.
fn changed(text: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let others: Vec<char> = "{}[]\",:0-9.eéxS#>\u{0}".chars().collect();
    for _ in 0..rng.usize(1..6) {
        let place = rng.usize(..letters.len());
        match rng.u8(..4) {
            0 => letters[place] = others[rng.usize(..others.len())],
            1 => _ = letters.remove(place),
            2 => letters.insert(place, letters[place]),
            _ => letters.swap(place, place.saturating_sub(1)),
        }
    }
    letters.into_iter().collect()
}

/// Puts something else in the place of one value of a tree.
fn replace(tree: &mut serde_json::Value, rng: &mut Rng) {
    use serde_json::Value;
    let inside = match tree {
        Value::Array(list) if !list.is_empty() && rng.u8(..5) > 0 => {
            let place = rng.usize(..list.len());
            list.get_mut(place)
        }
        Value::Object(fields) if !fields.is_empty() && rng.u8(..8) > 0 => {
            let place = rng.usize(..fields.len());
            fields.values_mut().nth(place)
        }
        _ => None,
    };
    match inside {
        Some(value) => replace(value, rng),
        None => {
            let text = any_json(rng, 5);
            *tree = serde_json::from_str(&text).unwrap_or(Value::Null);
        }
    }
}

#[test]
fn a_question_and_its_answers_may_be_anything() {
    let read = |what: &str| question(LIBRARY, CHALLENGES, what);
    assert_eq!(read("2pc/nothing").map_err(|error| error.code), Err(Code::NoQuestion));
    let run = encode_link(LIBRARY, &run("raft/election")).expect("a run has a link");
    assert_eq!(read(&run).map_err(|error| error.code), Err(Code::NoQuestion));
    let asked = read("2pc/leave-both-in-doubt").expect("it is a challenge");
    let letters: Vec<char> = "#/run/1ABCabc_-. lightcone\nprotocol 2pc\nmoves drop\u{202e}é".chars().collect();
    let mut answers = Vec::new();
    for seed in 0..500 {
        let rng = &mut Rng::with_seed(seed);
        let any: String = (0..rng.usize(..50)).map(|_| letters[rng.usize(..letters.len())]).collect();
        said(read(&any));
        let cut = &asked.link[..rng.usize(..asked.link.len())];
        said(read(cut));
        answers.push(HandedIn { name: seed.to_string(), answer: if seed % 2 == 0 { any } else { cut.into() } });
    }
    let graded = grade(LIBRARY, CHALLENGES, &asked.link, &answers).expect("it is a question");
    assert_eq!(graded.answers.len(), answers.len());
    assert!(graded.answers.iter().all(|each| each.result == GradeWord::NoAnswer && each.why.len() == 1));
    let many = vec![answers[0].clone(); MOST_ANSWERS + 1];
    assert_eq!(grade(LIBRARY, CHALLENGES, &asked.link, &many).map_err(|error| error.code), Err(Code::OutOfBounds));
}
