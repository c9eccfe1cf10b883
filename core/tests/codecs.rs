//! Law 6: encoders and decoders are inverse, and bad input gives an error with a sentence. `declared/round_trip.rs` tests
//! this for every scenario of every protocol.

use lightcone_engine::limits::{
    MAX_EDITS, MAX_HORIZON, MAX_LINK_BYTES, MAX_NOTE_BYTES, MAX_TEXT_BYTES, MAX_TEXT_ERRORS, MAX_TITLE_BYTES,
};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, AnyProtocol, Handling};
use lightcone_engine::{Action, Edit, MessageId, NodeId, NodeSet, RequestId, Scenario, Time, TimerId, Trace, simulate};
use lightcone_formats::link::LinkError;
use lightcone_formats::text::Problem;
use lightcone_formats::{link, text};
use lightcone_protocols::{PROTOCOLS, by_id};
use lightcone_tests::common::{any_scenario, for_seeds};
use lightcone_tests::count::share;

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every edit there is, at the ends of its numbers.
fn extreme_edits() -> Vec<Edit> {
    let ends = [0, 30, 31, 255];
    let times = [Time::ZERO, Time::from_micros(1), Time::from_micros(99_900), MAX_HORIZON];
    let nodes = [NodeId(0), NodeId(15)];
    let mut edits = Vec::new();
    for (&kind, &at) in ends.iter().zip(&times) {
        for (from, to, ordinal) in [(nodes[0], nodes[1], 1), (nodes[1], nodes[0], u16::MAX), (nodes[1], nodes[1], 0)] {
            for copy in [0, 1, 254, MessageId::LINK_COPY] {
                let message = MessageId { from, to, kind, ordinal, copy };
                edits.push(Edit::Deliver { message, at });
                edits.push(Edit::Drop { message });
                edits.push(Edit::CrashDuring { handling: Handling::Message(message), after_effects: ordinal });
                if copy != 0 && copy != MessageId::LINK_COPY {
                    edits.push(Edit::Duplicate { copy: message, at });
                }
            }
            let timer = TimerId { node: to, kind, ordinal };
            edits.push(Edit::Fire { timer, at });
            edits.push(Edit::CrashDuring { handling: Handling::Timer(timer), after_effects: 0 });
            let request = RequestId { node: from, ordinal };
            edits.push(Edit::CrashDuring { handling: Handling::Request(request), after_effects: u16::MAX });
        }
    }
    let operations = [0, 14, 15, 255].map(Key).into_iter().flat_map(|key| {
        let (least, most) = (i32::MIN, i32::MAX);
        [
            Operation::Read { key },
            Operation::Write { key, value: least },
            Operation::Add { key, amount: most },
            Operation::CompareAndSet { key, expected: most, value: least },
            Operation::Command { verb: key.0, argument: 0 },
            Operation::Command { verb: key.0, argument: 255 },
        ]
    });
    let mut actions: Vec<Action> = operations.map(|operation| Action::Request { node: nodes[1], operation }).collect();
    for node in nodes {
        actions.extend([
            Action::Crash(node),
            Action::Restart(node),
            Action::Pause(node),
            Action::Resume(node),
            Action::LoseDisk(node),
            Action::SetClock { node, jump_micros: -60_000_000, drift_ppm: 500_000 },
            Action::SetClock { node, jump_micros: 59_999_999, drift_ppm: -500_000 },
        ]);
    }
    let sets = [NodeSet::EMPTY, NodeSet(0b1010), NodeSet(u16::MAX), NodeSet::first(4)];
    for (from, to) in sets.iter().flat_map(|&from| sets.map(|to| (from, to))) {
        for one_way in [false, true] {
            actions.extend([Action::Cut { from, to, one_way }, Action::Heal { from, to, one_way }]);
        }
    }
    for (place, action) in actions.into_iter().enumerate() {
        edits.push(Edit::At { at: times[place % 4], action });
    }
    edits
}

#[test]
fn every_edit_comes_back_at_the_ends_of_its_numbers() {
    for family in PROTOCOLS {
        let mut scenario = Scenario::new(*family);
        scenario.moves = extreme_edits();
        scenario.horizon = MAX_HORIZON;
        assert_eq!(scenario.check(), Ok(()));
        assert_eq!(text::decode(&text::encode(&scenario), lightcone_protocols::PROTOCOLS).as_ref(), Ok(&scenario));
        assert_eq!(link::decode(&link::encode(&scenario), lightcone_protocols::PROTOCOLS).unwrap().scenario, scenario);
        for edit in &scenario.moves {
            assert!(text::encode(&scenario).contains(&text::encode_edit(&scenario, edit)));
        }
    }
}

#[test]
fn the_largest_scenario_fits_into_both_forms() {
    for family in PROTOCOLS {
        let mut scenario = Scenario::new(*family);
        let longest = extreme_edits().into_iter().max_by_key(|edit| text::encode_edit(&scenario, edit).len()).unwrap();
        scenario.moves = vec![longest; MAX_EDITS];
        scenario.title = "t".repeat(MAX_TITLE_BYTES);
        scenario.note = "\n".repeat(MAX_NOTE_BYTES);
        let (written, shared) = (text::encode(&scenario), link::encode(&scenario));
        assert!(written.len() <= MAX_TEXT_BYTES && shared.len() <= MAX_LINK_BYTES / 3);
        assert_eq!(text::decode(&written, lightcone_protocols::PROTOCOLS).as_ref(), Ok(&scenario));
        assert_eq!(link::decode(&shared, lightcone_protocols::PROTOCOLS).unwrap().scenario, scenario);
        scenario.moves.push(longest);
        let error = text::decode(&text::encode(&scenario), lightcone_protocols::PROTOCOLS).unwrap_err();
        assert!(error.to_string().contains("The number of edits is 1001; it must be from 0 to 1000."), "{error}");
    }
}

/// What a reader's moves look like: messages of the run moved by tenths of a millisecond, now and then something else.
fn realistic_moves(trace: &Trace, count: usize, rng: &mut fastrand::Rng) -> Vec<Edit> {
    let mut moves = Vec::new();
    while moves.len() < count {
        let message = rng.choice(&trace.messages).expect("the run has messages");
        let tenths = |time: Time| Time::from_micros(time.micros() / 100 * 100);
        let at = tenths(message.sent).after(rng.u64(1..1_000) * 100);
        moves.push(match rng.u8(..10) {
            0..6 => Edit::Deliver { message: message.id, at },
            6 => Edit::Drop { message: message.id },
            7 => Edit::Duplicate { copy: MessageId { copy: 1, ..message.id }, at },
            8 => match rng.choice(&trace.timers) {
                Some(timer) => Edit::Fire { timer: timer.id, at },
                None => continue,
            },
            _ => {
                let node = message.id.from;
                Edit::At { at, action: if rng.bool() { Action::Crash(node) } else { Action::Restart(node) } }
            }
        });
    }
    moves
}

/// A run of the protocol with a workload of three requests.
fn busy(family: &'static dyn AnyProtocol, rng: &mut fastrand::Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.seed = rng.u64(2..1_000);
    let lanes = scenario.lanes();
    let client = lanes.iter().position(|lane| !lane.accepts.is_empty()).expect("something can be asked");
    for place in 1..=3 {
        let operation = match lanes[client].accepts[0] {
            Accepts::Command(verb) => Operation::Command { verb, argument: 0 },
            _ => Operation::Write { key: Key(0), value: place },
        };
        let action = Action::Request { node: NodeId(client as u8), operation };
        scenario.script.push(Edit::At { at: Time::from_millis(rng.u64(1..500)), action });
    }
    scenario
}

/// A link holds one byte for the node that a command names. No protocol takes it for a lane unseen.
#[test]
fn a_command_from_a_link_may_name_a_node_that_there_is_not() {
    for &family in PROTOCOLS {
        let mut scenario = Scenario::new(family);
        let lanes = scenario.lanes();
        for (node, lane) in (0..).map(NodeId).zip(&lanes) {
            for form in lane.accepts {
                let &Accepts::Command(verb) = form else { continue };
                for argument in [0, lanes.len() as u8 - 1, lanes.len() as u8, 15, 16, 17, 64, 255] {
                    let action = Action::Request { node, operation: Operation::Command { verb, argument } };
                    scenario.script.push(Edit::At { at: Time::from_millis(500), action });
                }
            }
        }
        let shared = link::decode(&link::encode(&scenario), PROTOCOLS).expect("it is well formed").scenario;
        assert_eq!(simulate(&shared).digest, simulate(&scenario).digest, "{}", family.specification().id);
    }
}

#[test]
fn links_are_short() {
    for &family in PROTOCOLS {
        let mut longest = [0; 2];
        for seed in 0..100 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let mut scenario = busy(family, &mut rng);
            let trace = simulate(&scenario);
            for (place, (edits, most)) in [(20, 160), (100, 700)].into_iter().enumerate() {
                scenario.moves = realistic_moves(&trace, edits - scenario.script.len(), &mut rng);
                let shared = link::encode(&scenario);
                assert!(shared.len() <= most, "{edits} edits take {} characters: {shared}", shared.len());
                longest[place] = longest[place].max(shared.len());
            }
        }
        let [few, many] = longest;
        println!(
            "{}: the longest link of 20 edits has {few} characters, of 100 edits {many}.",
            family.specification().id
        );
        let plain = link::encode(&Scenario::new(family));
        assert!(plain.len() <= 12, "a run with everything at its default takes {} characters", plain.len());
    }
}

#[test]
fn a_link_cut_anywhere_says_that_its_end_is_missing_and_what_can_be_read() {
    for_seeds(share(20), |family, rng| {
        let scenario = any_scenario(family, rng);
        let whole = link::encode(&scenario);
        let mut before = 0;
        for end in 0..whole.len() {
            match link::decode(&whole[..end], lightcone_protocols::PROTOCOLS) {
                Err(LinkError::Cut { readable }) => {
                    let moves = readable.as_ref().map_or(&[][..], |readable| &readable.moves);
                    assert!(scenario.moves.starts_with(moves) && moves.len() >= before);
                    before = moves.len();
                }
                other => panic!("{end} of {}: {other:?}", whole.len()),
            }
        }
        assert_eq!(before, scenario.moves.len(), "without its checksum all moves are still there");
    });
}

#[test]
fn a_link_with_any_character_changed_is_refused() {
    for_seeds(share(5), |family, rng| {
        let whole = link::encode(&any_scenario(family, rng));
        for place in 0..whole.len() {
            let others = ALPHABET.chars().chain(['=', '%', '.', 'é']).filter(|each| !whole[place..].starts_with(*each));
            for other in others {
                let changed = format!("{}{other}{}", &whole[..place], &whole[place + 1..]);
                assert!(link::decode(&changed, lightcone_protocols::PROTOCOLS).is_err(), "{changed}");
            }
        }
    });
}

#[test]
fn a_link_with_a_character_more_less_or_swapped_is_refused() {
    for_seeds(share(30), |family, rng| {
        let whole = link::encode(&any_scenario(family, rng));
        for place in 0..whole.len() {
            let extra = ALPHABET.as_bytes()[rng.usize(..64)] as char;
            assert!(
                link::decode(&format!("{}{extra}{}", &whole[..place], &whole[place..]), lightcone_protocols::PROTOCOLS)
                    .is_err()
            );
            assert!(
                link::decode(&format!("{}{}", &whole[..place], &whole[place + 1..]), lightcone_protocols::PROTOCOLS)
                    .is_err()
            );
            let mut swapped = whole.clone().into_bytes();
            swapped.swap(place, (place + 1) % whole.len());
            if swapped != whole.as_bytes() {
                assert!(link::decode(std::str::from_utf8(&swapped).unwrap(), lightcone_protocols::PROTOCOLS).is_err());
            }
        }
        assert_eq!(link::decode(&format!("{whole}A"), lightcone_protocols::PROTOCOLS), Err(LinkError::Damaged));
    });
}

#[test]
fn nothing_that_can_be_typed_or_pasted_makes_a_decoder_panic() {
    let mut rng = fastrand::Rng::with_seed(1);
    for round in 0..3_000 {
        let length = if round % 100 == 0 { MAX_LINK_BYTES + round } else { rng.usize(..200) };
        let bytes: Vec<u8> = (0..length).map(|_| rng.u8(..)).collect();
        let text = String::from_utf8_lossy(&bytes);
        assert!(link::decode(&text, lightcone_protocols::PROTOCOLS).is_err());
        assert!(text::decode(&text, lightcone_protocols::PROTOCOLS).is_err());
        let typed: String = (0..length).map(|_| ALPHABET.as_bytes()[rng.usize(..64)] as char).collect();
        assert!(link::decode(&typed, lightcone_protocols::PROTOCOLS).is_err());
        // Whatever a body says, what comes out is a valid scenario or an error.
        let body = [&[1, 1, rng.u8(..)], &bytes[..bytes.len().min(40_000)]].concat();
        if let Ok(decoded) = link::decode(&link::seal(link::FORMAT, &body), lightcone_protocols::PROTOCOLS) {
            assert_eq!(decoded.scenario.check(), Ok(()));
        }
        let record = [&[rng.u8(1..3), rng.u8(..)], &*body].concat();
        if let Ok(decoded) = link::decode(&link::seal(link::ASKING, &record), lightcone_protocols::PROTOCOLS) {
            _ = (decoded.question(), decoded.answer());
        }
    }
}

#[test]
fn whatever_a_question_or_an_answer_says_is_read_or_refused() {
    let words = "kind goal lesson tools moves par shows to set picks expects break-it property any breaks ever at-end before 9 ms N1 \
                 c1 leads happens stamped says request c1#1 answered ok order applied | because vote move crash not 0123456789abcdef";
    let words: Vec<&str> = words.split_whitespace().collect();
    let scenario = Scenario::new(lightcone_protocols::by_id("lamport").expect("it is here"));
    let body = text::encode(&scenario);
    for_seeds(share(400), |_, rng| {
        let section = if rng.bool() { "" } else { "answer\n" };
        let line = |rng: &mut fastrand::Rng| {
            let count = rng.usize(1..7);
            let all: Vec<&str> = (0..count).map(|_| words[rng.usize(..words.len())]).collect();
            format!("  {}\n", all.join(" "))
        };
        let lines: String = (0..rng.usize(1..6)).map(|_| line(rng)).collect();
        let given = format!("{body}challenge\n  goal ever any leads\n{section}{lines}");
        if let Ok((question, answer)) = text::decode_question(&given, lightcone_protocols::PROTOCOLS) {
            let trace = lightcone_engine::simulate(&answer.scenario);
            _ = question.is_solved(&trace, answer.reply);
            let again = text::decode_question(&text::encode_question(&question), lightcone_protocols::PROTOCOLS);
            assert_eq!(again.map(|it| it.0), Ok(question));
        }
    });
}

#[test]
fn a_text_with_lines_mixed_up_never_makes_a_decoder_panic() {
    for_seeds(share(300), |family, rng| {
        let written = text::encode(&any_scenario(family, rng));
        let other = text::encode(&any_scenario(family, rng));
        let mut lines: Vec<&str> = written.lines().chain(other.lines()).collect();
        let kept = rng.usize(1..=lines.len());
        rng.shuffle(&mut lines[2..]);
        let mut text = lines[..kept].join("\n");
        for _ in 0..rng.usize(..3) {
            let at = rng.usize(..=text.len());
            if text.is_char_boundary(at) {
                text.insert_str(
                    at,
                    rng.choice(["#", " ", "\n", ".", ">", "9999999999999999999999", "-", "ms"]).unwrap(),
                );
            }
        }
        match text::decode(&text, lightcone_protocols::PROTOCOLS) {
            Ok(scenario) => assert_eq!(scenario.check(), Ok(())),
            Err(error) => assert!(error.to_string().len() < 600, "{error}"),
        }
    });
}

#[test]
fn each_bad_link_has_its_own_sentence() {
    let mut scenario = Scenario::new(by_id("lamport").unwrap());
    let message = MessageId { from: NodeId(2), to: NodeId(0), kind: 0, ordinal: 1, copy: 0 };
    scenario.moves = (1..=7).map(|place| Edit::Deliver { message, at: Time::from_millis(place * 20) }).collect();
    let whole = link::encode(&scenario);
    let says = |link: &str| link::decode(link, lightcone_protocols::PROTOCOLS).unwrap_err().to_string();
    assert_eq!(says(""), "This link is damaged. Its end is missing.");
    assert_eq!(says(&whole[..8]), "This link is damaged. Its end is missing.");
    assert_eq!(
        says(&whole[..whole.len() - 12]),
        "This link is damaged. Its end is missing. The first five moves can be read."
    );
    let changed = whole.replacen(&whole[20..21], "~", 1);
    assert_eq!(says(&changed), "This link is damaged. Part of it was changed or lost.");
    assert_eq!(
        says(&link::seal(3, b"whatever comes then")),
        "This link is from a newer Lightcone: it has format 3, and this page knows 2."
    );
    assert_eq!(
        says(&link::seal(1, &[255, 1, 0, 0])),
        "This link names protocol 255, which is unknown here. The link may be from a newer Lightcone."
    );
    assert_eq!(
        says(&link::seal(1, &[1, 200, 0, 0])),
        "This link is from a newer Lightcone: it needs version 200 of Lamport timestamps, and this is version 1."
    );
    assert_eq!(
        says(&link::seal(1, &[1, 1, 1, 1, 0, 99, 0])),
        "This link cannot be run. `nodes` is 99; it must be from 1 to 8."
    );
    assert_eq!(says(&"A".repeat(MAX_LINK_BYTES + 1)), "This link is longer than the limit of 64 KiB.");
}

#[test]
fn a_link_from_before_a_change_of_behaviour_is_read_and_flagged() {
    let mut scenario = Scenario::new(by_id("lamport").unwrap());
    scenario.version = 0;
    let decoded = link::decode(&link::encode(&scenario), lightcone_protocols::PROTOCOLS).unwrap();
    assert_eq!(decoded.scenario, scenario);
    assert_eq!(
        decoded.changed.unwrap().to_string(),
        "Lamport timestamps has changed here since this link was made. The run may end differently."
    );
}

#[test]
fn each_bad_line_has_its_own_sentence() {
    let with = |line: &str| format!("lightcone 1\nprotocol lamport 1\n\n# a comment\n{line}\n");
    let cases = [
        ("seed x", "Line 5: `x` is where a whole number up to 18446744073709551615 should be."),
        ("seed", "Line 5: The line ends where a whole number up to 18446744073709551615 should be."),
        ("seed 1 2", "Line 5: `2` is too much: the line should end before it."),
        ("seed 1\nseed 2", "Line 6: `seed` is said twice."),
        ("set nodes 9", "Line 5: `nodes` is 9; it must be from 1 to 8."),
        ("set node 2", "Line 5: `node` is no parameter. Possible: nodes, clients."),
        ("flaw none", "Line 5: `none` is no flaw. Possible: receiver-ignores-maximum, client-forgets-maximum."),
        ("horizon 0 ms", "Line 5: The horizon in ms is 0; it must be from 1 to 600000."),
        ("horizon 1.2345 ms", "Line 5: `1.2345` is where a time in ms should be."),
        (
            "latency 9..8 ms",
            "Line 5: The latency must run from at least 0.1 ms to at most 600,000 ms, the shorter time first.",
        ),
        ("loss 1001 per mille", "Line 5: The loss in a thousand is 1001; it must be from 0 to 1000."),
        ("timing late", "Line 5: `late` is no timing. Possible: asynchronous, synchronous, partially-synchronous."),
        ("script\n  drop c1>N3 Write#1", "Line 6: `N3` is no lane. Possible: N1, N2, c1, c2."),
        ("script\n  drop c1>N1 Wrote#1", "Line 6: `Wrote` is no kind of message. Possible: Write, Stamp."),
        ("script\n  fire N1 Tick#1 at 3 ms", "Line 6: `Tick` is no timer: there is none here."),
        ("script\n  delay N1", "Line 6: `delay` is no edit. Possible: at, deliver, drop, copy, fire, crash."),
        (
            "script\n  at 5 ms request c1 cash",
            "Line 6: `cash` is no operation. Possible: write-at, read, write, add, cas.",
        ),
        ("script\n  at 5 ms cut N1 N2", "Line 6: The line ends where `|` or `>` and the other side should be."),
        ("script\n  drop c1>lane16 Write#1", "Line 6: Lane 16 is named, but no run has that many lanes."),
        (
            "moves\nscript",
            "Line 6: `script` is out of place. The order is: settings, `script`, `moves`, `challenge`, `answer`, `search`, `expect`.",
        ),
        (
            "drop c1>N1 Write#1",
            "Line 5: `drop` is out of place. The order is: settings, `script`, `moves`, `challenge`, `answer`, `search`, `expect`.",
        ),
    ];
    for (line, sentence) in cases {
        assert_eq!(text::decode(&with(line), lightcone_protocols::PROTOCOLS).unwrap_err().to_string(), sentence);
    }
    let says = |text: &str| text::decode(text, lightcone_protocols::PROTOCOLS).unwrap_err().to_string();
    assert_eq!(says(""), "This is not a scenario: it does not begin with `lightcone 1`.");
    assert_eq!(says("hello"), "Line 1: This is not a scenario: it does not begin with `lightcone 1`.");
    assert_eq!(says("lightcone 2"), "Line 1: This scenario has format 2; this program reads formats up to 1.");
    assert_eq!(
        says("lightcone 1\nprotocol lamport 9"),
        "Line 2: This scenario needs version 9 of the protocol; this program has version 1."
    );
    let names: Vec<&str> = PROTOCOLS.iter().map(|family| family.specification().id).collect();
    assert_eq!(
        says("lightcone 1\nprotocol paxi 1"),
        format!("Line 2: `paxi` is no protocol. Possible: {}.", names.join(", "))
    );
    assert_eq!(
        text::decode(&" ".repeat(MAX_TEXT_BYTES + 1), lightcone_protocols::PROTOCOLS).unwrap_err().problem,
        Problem::TooLong
    );
}

/// Lines that no section can read.
const WRONG: [&str; 4] = ["nonsense", "at 5 ms crash S99", "deliver a>b c#1 at", "  seed"];

#[test]
fn a_line_that_cannot_be_read_is_left_out_and_nothing_else() {
    for_seeds(share(300), |family, rng| {
        let written = text::encode(&any_scenario(family, rng));
        let mut lines: Vec<&str> = written.lines().collect();
        let mut wrong = Vec::new();
        for _ in 0..rng.usize(1..5) {
            let at = rng.usize(2..=lines.len());
            lines.insert(at, rng.choice(WRONG).unwrap());
        }
        for (number, line) in (1..).zip(&lines) {
            if WRONG.contains(line) {
                wrong.push(number);
            }
        }
        let text = lines.join("\n");
        let read = text::read(&text, PROTOCOLS).unwrap();
        assert_eq!(text::encode(&read.scenario), written);
        let said: Vec<u32> = read.errors.iter().map(|error| error.line).collect();
        assert_eq!(said, wrong, "{text}");
        assert_eq!(text::decode(&text, PROTOCOLS), Err(read.errors[0].clone()));
    });
}

#[test]
fn a_setting_that_is_wrong_may_be_said_again() {
    let text =
        "lightcone 1\nprotocol lamport 1\nhorizon 0 ms\nset nodes 99\nset nodes 3\nhorizon 50 ms\nhorizon 60 ms\n";
    let read = text::read(text, PROTOCOLS).unwrap();
    assert_eq!(read.scenario.horizon, Time::from_millis(50));
    assert_eq!(read.scenario.settings.number(0), 3);
    let lines: Vec<String> = read.errors.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[2], "Line 7: `horizon` is said twice.");
}

#[test]
fn a_text_that_is_wrong_throughout_is_not_read_to_its_end() {
    let text = format!("lightcone 1\nprotocol lamport 1\nscript\n{}at 5 ms crash N1\n", "nonsense\n".repeat(200));
    let read = text::read(&text, PROTOCOLS).unwrap();
    assert_eq!(read.errors.len(), MAX_TEXT_ERRORS);
    let last = read.errors.last().unwrap();
    assert_eq!(last.to_string(), "Line 103: More than 99 lines cannot be read. The text is not read from here on.");
    assert!(read.scenario.script.is_empty());
}
