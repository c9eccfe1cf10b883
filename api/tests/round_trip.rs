//! The form loses nothing: what is written is read back, for every run of the gallery and for random scenarios.

mod common;

use common::{CHALLENGES, LIBRARY, each_run};
use lightcone_api::form::{Bounds, Checked, DrawOptions, History, JudgeOptions, Judgement, Protocols, Scenario};
use lightcone_api::form::{SimulateOptions, Trace};
use lightcone_api::{
    check, convert, decode_link, encode_link, format, json, judge, judge_text, parse, protocols, question, simulate,
};
use lightcone_engine as engine;
use lightcone_formats::{edn, history};
use lightcone_judges::recorded;
use lightcone_tests::common as random;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Writes an object as JSON and reads it back.
#[track_caller]
fn through_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(object: &T) {
    let text = json::write(object);
    assert_eq!(&json::read::<T>(&text).expect("it was written"), object);
}

#[track_caller]
fn scenario_survives(scenario: &engine::Scenario) {
    let form = convert::scenario(scenario);
    let back = json::read::<Scenario>(&json::write(&form)).expect("it was written");
    assert_eq!(back, form);
    assert_eq!(&convert::to_scenario(LIBRARY, &back).expect("it means the same"), scenario);
}

#[test]
fn every_run_of_the_gallery_survives_each_form() {
    each_run(|name, scenario, file| {
        scenario_survives(scenario);
        let form = convert::scenario(scenario);
        assert_eq!(parse(LIBRARY, file.text).expect("its file is read"), form, "{name}");
        let text = format(LIBRARY, &form).expect("it is written");
        assert_eq!(parse(LIBRARY, &text).expect("it was written"), form, "{name}");
        let link = encode_link(LIBRARY, &form).expect("it is written");
        assert_eq!(decode_link(LIBRARY, &link).expect("it was written"), form, "{name}");
        assert_eq!(decode_link(LIBRARY, name).expect("it has this name"), form, "{name}");
    });
}

#[test]
fn random_scenarios_survive() {
    random::for_seeds(40, |family, rng| {
        let scenario = random::any_scenario(family, rng);
        scenario_survives(&scenario);
    });
}

#[test]
fn any_seed_and_any_time_survives() {
    let mut scenario = engine::Scenario::new(lightcone_content::shelf::ALL[0].protocol);
    for seed in [0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX] {
        scenario.seed = seed;
        scenario_survives(&scenario);
    }
    for micros in [1, 999, 1_000, 1_001, 326_401, 123_456_789, 599_999_999, 600_000_000] {
        scenario.horizon = engine::Time::from_micros(micros);
        scenario_survives(&scenario);
    }
}

#[test]
fn the_run_of_a_form_is_the_run_of_the_scenario() {
    each_run(|name, scenario, _| {
        let trace = engine::simulate(scenario);
        let form = simulate(LIBRARY, &convert::scenario(scenario), &SimulateOptions::default()).expect("it runs");
        assert_eq!(form.digest, format!("{:016x}", trace.digest), "{name}");
        assert_eq!((form.events.len(), form.messages.len()), (trace.events.len(), trace.messages.len()), "{name}");
        through_json::<Trace>(&form);
        let judged =
            judge(&form.history, &JudgeOptions { object: Some("key-value".into()), ..JudgeOptions::default() });
        // Operations of other protocols than key-value stores are no history of one.
        judged.iter().for_each(through_json::<Judgement>);
    });
}

#[test]
fn names_in_a_run_are_names_in_an_edit() {
    each_run(|name, scenario, _| {
        let run = simulate(LIBRARY, &convert::scenario(scenario), &SimulateOptions::default()).expect("it runs");
        let mut moved = run.scenario.clone();
        let (message, timer) = (run.messages.last(), run.timers.last());
        moved.moves.extend(message.map(|message| lightcone_api::form::Edit::Drop { message: message.name.clone() }));
        moved
            .moves
            .extend(timer.map(|timer| lightcone_api::form::Edit::Fire { timer: timer.name.clone(), at: timer.due }));
        let added = moved.moves.len() - run.scenario.moves.len();
        if moved.script.len() + moved.moves.len() <= engine::limits::MAX_EDITS {
            let core = common::core(&moved);
            let trace = engine::simulate(&core);
            for edit in &core.moves[core.moves.len() - added..] {
                let named = match edit {
                    engine::Edit::Drop { message } => trace.message(*message).is_some(),
                    engine::Edit::Fire { timer, .. } => trace.timer(*timer).is_some(),
                    _ => false,
                };
                assert!(named, "{name}: {edit:?}");
            }
        }
    });
}

#[test]
fn states_are_there_on_demand() {
    let form = common::run("raft/election");
    let run = simulate(LIBRARY, &form, &SimulateOptions { states: true, until: None }).expect("it runs");
    assert!(run.events.iter().all(|event| event.state.is_some() == event.node.is_some()));
    let of_servers = run.events.iter().filter(|event| event.node.as_ref().is_some_and(|node| node.starts_with('S')));
    let states: Vec<_> = of_servers.filter_map(|event| event.state.as_ref()).collect();
    assert!(!states.is_empty() && states.iter().all(|state| state.up && !state.facts.is_empty()));
    through_json(&run);
    let short = simulate(LIBRARY, &form, &SimulateOptions { until: Some(run.events[20].at), states: false });
    let short = short.expect("it runs");
    assert_eq!(short.scenario.horizon, run.events[20].at);
    assert!(short.events.len() < run.events.len() && short.events.iter().all(|event| event.state.is_none()));
    assert!(
        short.events.iter().zip(&run.events).all(|(a, b)| (a.at, &a.cause) == (b.at, &b.cause)),
        "it is the same run"
    );
}

#[test]
fn what_is_checked_is_said_in_json() {
    let raft = "lightcone 1\nprotocol raft 1\nset servers 3\nset clients 0\nflaw vote-not-persisted\n";
    let form = parse(LIBRARY, raft).expect("it is a scenario");
    let mut reports = 0;
    let bounds = Bounds { expect: vec!["holds".into()], ..Bounds::default() };
    let checked = check(LIBRARY, &form, &bounds, |_| reports += 1, || false).expect("it is checked");
    through_json::<Checked>(&checked);
    assert!(reports > 0 && checked.expected[0].met);
    let search = checked.search.expect("it searched");
    let found = search.found.expect("the flaw is found");
    assert_eq!((found.events, found.breaks.as_slice()), (8, &["election-safety".to_owned()][..]));
    let stopped = check(LIBRARY, &form, &Bounds::default(), |_| {}, || true).expect("it is checked");
    assert_eq!(stopped.search.expect("it began").ending, lightcone_api::form::SearchEnding::Stopped);
}

#[test]
fn a_history_means_the_same_as_text_and_as_an_object() {
    each_run(|name, scenario, _| {
        let history = recorded(&history::of_trace(&engine::simulate(scenario)).history);
        let form = convert::history(&history);
        through_json::<History>(&form);
        assert_eq!(convert::to_history(&form).expect("it was written").0, history, "{name}");
        let options = JudgeOptions { object: Some("key-value".into()), ..JudgeOptions::default() };
        let both = (judge(&form, &options), judge_text(&edn::write(&history), &options));
        match both {
            (Ok(object), Ok(text)) => assert_eq!(
                (object.holds, object.sentence, object.operations),
                (text.holds, text.sentence, text.operations),
                "{name}"
            ),
            (Err(_), Err(_)) => {}
            (object, text) => panic!("{name}: {object:?} and {text:?}"),
        }
    });
}

#[test]
fn any_value_of_a_history_survives() {
    let text = "{:process 0 :type :invoke :f :write :value [nil true -3 9007199254740993 :x \"x\" sym #{1 2} {:a 1} #inst \"t\" 1.5]}";
    let located = edn::locate(text).expect("it is a history");
    let form = convert::history(&located.history);
    through_json(&form);
    let (back, _) = convert::to_history(&form).expect("it was written");
    assert_eq!(back.entries()[0].operation, located.history.entries()[0].operation);
}

#[test]
fn all_that_there_is_can_be_named() {
    let all = protocols(LIBRARY, CHALLENGES);
    through_json::<Protocols>(&all);
    for protocol in &all.protocols {
        let empty = decode_link(LIBRARY, &protocol.id).expect("a protocol has an empty run");
        assert_eq!(empty.settings.len(), protocol.settings.len());
        for challenge in &protocol.challenges {
            let asked = question(LIBRARY, CHALLENGES, &challenge.name).expect("it can be read");
            through_json(&asked);
            assert_eq!((&asked.scenario.protocol, &asked.scenario.title), (&protocol.id, &challenge.title));
            assert_eq!(question(LIBRARY, CHALLENGES, &asked.link).map(|again| again.hash).as_ref(), Ok(&asked.hash));
        }
        for run in &protocol.runs {
            assert_eq!(common::run(&run.name).protocol, protocol.id);
        }
    }
}

#[test]
fn a_figure_is_drawn_as_the_page_opens_it() {
    let form = common::run("raft/election");
    let wide = lightcone_api::draw(LIBRARY, &form, &DrawOptions::default()).expect("it is drawn");
    assert!(wide.starts_with("<svg ") && wide.contains("width=\"1072\""), "{}", &wide[..200]);
    let down = DrawOptions { width: Some(390), height: Some(500), ..DrawOptions::default() };
    let down = lightcone_api::draw(LIBRARY, &form, &down).expect("it is drawn");
    assert!(down.contains("class=\"fig down\""));
}
