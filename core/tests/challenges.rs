//! The challenges: each is solved in as many moves as its par says, and not in fewer. Hints lead to a solution in par. What is
//! asked and answered comes back from texts and links, and what is no answer says why.

use lightcone_content::challenges::{ALL, Posed};
use lightcone_content::grade::{Grading, Mark, NoAnswer, likeness};
use lightcone_engine::protocol::Edit;
use lightcone_engine::run::goal::Atom;
use lightcone_engine::run::offer::offered;
use lightcone_engine::run::question::{Attempt, Challenge, Kind, Question, Refused, Reply, Tool};
use lightcone_engine::{Scenario, Time, simulate};
use lightcone_formats::link::{self, LinkError};
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;
use lightcone_search::Target;
use lightcone_search::par::{Hint, Move, Par, ParSearch, hint, tries};
use lightcone_tests::count::is_soak;

/// Challenges of which nobody has tried all shorter ways, and the moves of the shortest solution that is known.
const PAR_UNKNOWN: [(&str, u8); 1] = [("figure-8", 8)];

/// A challenge's hash, and links of its question and of its answer.
const HASH: &str = "71620ab3936cca13";
const QUESTION: &str = "ApsCAbgBa2luZCBzYXZlLWl0Cmxlc3NvbiA1LjEKZ29hbCBldmVyIGhhcHBlbnMgY29tbWl0dGVkCnRvb2xzIGtub2IKbW92ZXMgMQpwYXIgMQpzaG93cyBDb21taXQgbmVlZHMgZXZlcnkgeWVzLiBPbmx5IHdobyB2b3RlcyBjYW4gY2hhbmdlIGl0OiBubyB0aW1lLW91dCwgb3JkZXIgb3IgbnVtYmVyIG9mIG1lc3NhZ2VzIGRvZXMuCgMBcQIBAQICkBwNTGV0IGl0IGNvbW1pdDpUaGUgdHJhbnNhY3Rpb24gYWJvcnRzLiBUdXJuIG9uZSBrbm9iLCBzbyB0aGF0IGl0IGNvbW1pdHMuA-gwAjLoMQI86zAARmkHSA";
const ANSWER: &str = "AisCFHRvIDcxNjIwYWIzOTM2Y2NhMTMKAwERAQEBkBwD6DACMugxAjzrMABGZ7vN";

/// Runs that the proof of a par may take.
const MOST_RUNS: u64 = 2_000_000;

fn all() -> Vec<Posed> {
    let files = ALL.iter();
    let read = |file| Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    files.map(read).collect()
}

fn named(slug: &str) -> Posed {
    all().into_iter().find(|posed| posed.slug == slug).expect("there is this challenge")
}

fn untouched(question: &Question) -> Attempt {
    Attempt { scenario: question.scenario.clone(), reply: Reply::default() }
}

#[test]
fn every_challenge_is_written_as_it_stands() {
    for file in ALL.iter() {
        let posed = Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{}: {error}", file.slug));
        let section = |text: &str| {
            let (_, after) = text.split_once("challenge\n").expect("a file has a section `challenge`");
            after.split_once("answer\n").map_or(after, |(before, _)| before).to_owned()
        };
        let written = text::encode_question(&posed.question);
        assert_eq!(section(file.text), section(&written), "{}", file.slug);
        assert_eq!(text::decode_question(&written, PROTOCOLS).map(|it| it.0).as_ref(), Ok(&posed.question));
        let scenario = &posed.question.scenario;
        assert_eq!(scenario.protocol.specification().id, file.protocol, "{}: in the folder of its protocol", file.slug);
        assert!(!scenario.title.is_empty() && !scenario.note.is_empty(), "{}: says what to do", file.slug);
        assert!(!posed.question.challenge.shows.is_empty(), "{}: says what it shows", file.slug);
        assert!(!posed.question.challenge.lesson.is_empty(), "{}: belongs to a lesson", file.slug);
    }
}

#[test]
fn the_solution_of_every_challenge_solves_it_in_par() {
    for Posed { slug, question, solution, .. } in all() {
        let known =
            Question { challenge: Challenge { par: Some(0), ..question.challenge.clone() }, ..question.clone() };
        let (mark, _) = Grading::new(known, None).mark(&solution);
        let Mark::Solved { moves } = mark else { panic!("{slug}: {mark:?}") };
        match question.challenge.par {
            Some(par) => assert_eq!(moves, par, "{slug}"),
            None => assert!(PAR_UNKNOWN.contains(&(slug, moves)), "{slug}: `--example par` writes the par"),
        }
    }
}

/// Of three moves and more only a soak tries all.
#[test]
fn no_challenge_is_solved_in_fewer_moves_than_its_par() {
    for Posed { slug, question, .. } in all() {
        // Of what is not known one move is tried.
        let par = question.challenge.par.unwrap_or(2);
        let Some(fewer) = par.checked_sub(1).filter(|fewer| *fewer < 2 || is_soak()) else { continue };
        let mut search = ParSearch::of(&question, MOST_RUNS).to(fewer);
        let found = search.run();
        assert_eq!(found, Par::Unsolved, "{slug}: {:?}", search.solution());
    }
}

#[test]
fn every_move_that_is_tried_is_one_that_the_question_allows() {
    for Posed { slug, question, solution, .. } in all() {
        for start in [&question.scenario, &solution.scenario] {
            let trace = simulate(start);
            for each in tries(&question, &trace) {
                let mut scenario = question.scenario.clone();
                each.make(&mut scenario);
                let moves = question.moves_of(&scenario);
                let counts = !matches!(each, Move::Pick(_));
                assert_eq!(moves, Ok(u8::from(counts)), "{slug}: {each:?}");
                assert_eq!(scenario.check(), Ok(()), "{slug}: {each:?}");
            }
        }
    }
}

#[test]
fn hints_lead_to_a_solution_in_par() {
    for Posed { slug, question, .. } in all() {
        let par = question.challenge.par.unwrap_or(u8::MAX);
        if question.challenge.kind == Kind::Predict || par > if is_soak() { 3 } else { 1 } {
            continue;
        }
        let mut attempt = untouched(&question);
        for _ in 0..par {
            match hint(&question, &attempt, MOST_RUNS) {
                Hint::Do(Move::Pick(handling)) => attempt.reply.picked = Some(handling),
                Hint::Do(next) => next.make(&mut attempt.scenario),
                other => panic!("{slug}: {other:?}"),
            }
        }
        assert!(question.is_solved(&simulate(&attempt.scenario), attempt.reply), "{slug}");
    }
}

#[test]
fn a_hint_says_when_it_is_solved_and_when_to_go_back() {
    let Posed { question, solution, .. } = named("leave-both-in-doubt");
    assert_eq!(hint(&question, &solution, MOST_RUNS), Hint::Solved);
    let mut wrong = solution;
    wrong.scenario.moves =
        Vec::from([text::decode("lightcone 1\nprotocol 2pc 1\nmoves\n  at 1 ms crash P1\n", PROTOCOLS)
            .expect("it is a scenario")
            .moves[0]]);
    assert_eq!(hint(&question, &wrong, MOST_RUNS), Hint::Undo);
}

#[test]
fn a_search_that_may_try_little_says_how_far_it_came() {
    let question = named("lose-the-majority").question;
    assert_eq!(ParSearch::of(&question, 0).run(), Par::Unknown);
    assert_eq!(ParSearch::of(&question, 1).run(), Par::MoreThan(0));
    let mut search = ParSearch::of(&question, 2_000);
    assert_eq!(search.run(), Par::MoreThan(1));
    assert_eq!(search.tried(), 2_000);
    let mut sliced = ParSearch::of(&question, 2_000);
    while sliced.advance(7) {}
    assert_eq!((sliced.par(), sliced.tried()), (Par::MoreThan(1), 2_000));
}

#[test]
fn every_target_of_a_search_has_its_words_in_the_language_of_goals() {
    for family in PROTOCOLS {
        let scenario = Scenario::new(*family);
        let properties = 0..family.specification().properties.len() as u8;
        let promises =
            properties.flat_map(|place| [Target::Breach(place), Target::Reaches(place), Target::Never(place)]);
        let goals = family.goals().map(|(goal, ..)| Target::Happens(goal));
        for target in promises.chain(goals).chain([Target::AnyBreach]) {
            let line = text::encode_atom(&target.atom(), &scenario);
            let atom = text::read_atom(&line, &scenario).unwrap_or_else(|problem| panic!("{line}: {problem}"));
            assert_eq!(Target::of(&atom), Some(target), "{line}");
        }
    }
}

#[test]
fn what_is_offered_as_a_goal_is_true_and_can_be_written() {
    for exhibit in lightcone_content::shelf::gallery(lightcone_content::shelf::ALL) {
        let trace = simulate(&exhibit.scenario);
        let atoms = offered(&trace);
        assert!(!atoms.is_empty() && atoms.len() < 100, "{}: {}", exhibit.slug, atoms.len());
        for atom in atoms {
            assert!(atom.is_true(&trace, None), "{}: {}", exhibit.slug, atom.sentence(&trace));
            let line = text::encode_atom(&atom, &exhibit.scenario);
            assert_eq!(text::read_atom(&line, &exhibit.scenario), Ok(atom), "{}: {line}", exhibit.slug);
        }
    }
}

fn atom(line: &str) -> Result<Atom, String> {
    let family = lightcone_protocols::by_id("raft").expect("raft is here");
    text::read_atom(line, &Scenario::new(family)).map_err(|problem| problem.to_string())
}

#[test]
fn atoms_come_back_as_they_are_written() {
    let family = lightcone_protocols::by_id("raft").expect("raft is here");
    let lines = [
        "property any breaks",
        "property election-safety holds",
        "at-end S1 down",
        "not before 400 ms any leads",
        "ever any in-doubt",
        "ever happens split-vote",
        "ever S2 elected",
        "not ever any committed x = 1",
        "request c1#2 unanswered",
        "request c1#2 answered nothing",
        "request c1#2 answered -7",
        "order S3 applied x = 1 | applied x = 2",
        "order any elected | turning steps down",
        "because S1 vote",
    ];
    for line in lines {
        let atom = atom(line).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        assert_eq!(text::encode_atom(&atom, &Scenario::new(family)), line);
        let sentence = atom.sentence(&simulate(&Scenario::new(family)));
        assert!(sentence.starts_with(|first: char| first.is_uppercase()) && !sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn a_goal_that_cannot_be_read_says_why() {
    let wrong = [
        ("", "The line ends where goal should be."),
        ("property", "The line ends where a property should be."),
        ("property any", "The line ends where fate of a property should be."),
        ("ever S9 leads", "`S9` is no lane."),
        ("at-end happens nothing", "`nothing` is no goal."),
        ("at-end S1 elected", "`elected` is no state or mark."),
        ("before 4 S1 leads", "`S1` is where `ms` should be."),
        ("request c1#1 answered maybe", "`maybe` is where `ok`, `nothing`, `refused` or a value should be."),
        ("order S1 applied", "The line ends where mark should be."),
        ("because S1 vote too", "`too` is too much"),
    ];
    for (line, why) in wrong {
        let said = atom(line).expect_err(line);
        assert!(said.starts_with(why), "{line}: {said}");
    }
    let long = format!("ever S1 applied {}", "x".repeat(200));
    assert!(atom(&long).is_err());
    let head = "lightcone 1\nprotocol raft 1\nchallenge\n";
    let lines = |text: String| text::decode_question(&text, PROTOCOLS).expect_err("it is wrong").to_string();
    assert!(lines(format!("{head}  tools hammer\n")).starts_with("Line 4: `hammer` is no tool."));
    assert!(lines(format!("{head}  kind break-it\n  kind save-it\n")).starts_with("Line 5: `kind` is said twice."));
    assert!(lines(format!("{head}  moves 99\n")).starts_with("Line 4: "));
    assert!(lines(head.to_owned()).contains("a line `goal`"));
    assert!(lines(format!("{head}{}", "  goal ever any leads\n".repeat(13))).starts_with("Line 16: "));
}

#[test]
fn questions_and_answers_come_back_from_links() {
    for Posed { slug, question, solution, .. } in all() {
        let decoded = link::decode(&link::encode_question(&question), PROTOCOLS).expect("it is a link");
        assert_eq!(decoded.question().as_ref(), Ok(&Some(question.clone())), "{slug}");
        assert_eq!(decoded.answer(), Ok(None), "{slug}");
        let known = Challenge { par: Some(0), ..question.challenge.clone() };
        let grading = Grading::new(Question { challenge: known, ..question }, None);
        let code = link::encode_answer(grading.hash(), &solution);
        let read = grading.read(&code, PROTOCOLS).unwrap_or_else(|why| panic!("{slug}: {why}"));
        assert_eq!(likeness(&read), likeness(&solution), "{slug}");
        // A link of a run asks nothing.
        let run = link::decode(&link::encode(&solution.scenario), PROTOCOLS).expect("it is a link");
        assert_eq!(run.asks, link::Asks::Nothing, "{slug}");
    }
}

/// Once published, they are read for ever.
#[test]
fn a_question_and_an_answer_are_written_as_they_were() {
    let Posed { question, solution, .. } = named("let-it-commit");
    assert_eq!(format!("{:016x}", text::question_hash(&question)), HASH);
    assert_eq!(link::encode_question(&question), QUESTION);
    assert_eq!(link::encode_answer(text::question_hash(&question), &solution), ANSWER);
}

#[test]
fn what_is_no_answer_says_why() {
    let Posed { question, solution, .. } = named("leave-both-in-doubt");
    let mut grading = Grading::new(question.clone(), None);
    let code = link::encode_answer(grading.hash(), &solution);
    let why = |grading: &Grading, code: &str| grading.read(code, PROTOCOLS).expect_err("it is no answer");
    let damaged = code.replacen('A', "B", 3);
    assert_eq!(why(&grading, &damaged), NoAnswer::Link(LinkError::Damaged));
    assert!(matches!(why(&grading, &code[..code.len() - 6]), NoAnswer::Link(LinkError::Cut { .. })));
    assert_eq!(why(&grading, &link::encode(&solution.scenario)), NoAnswer::Plain);
    assert_eq!(why(&grading, &link::encode_question(&question)), NoAnswer::Plain);
    let other = named("abort-with-one-loss");
    let foreign = link::encode_answer(text::question_hash(&other.question), &other.solution);
    assert_eq!(why(&grading, &foreign), NoAnswer::Foreign);
    grading.question.scenario.version += 1;
    assert!(matches!(why(&grading, &code), NoAnswer::Older(_)));
}

#[test]
fn an_answer_keeps_to_the_rules_of_its_question() {
    let Posed { question, solution, .. } = named("leave-both-in-doubt");
    let grading = Grading::new(question, None);
    let mark = |change: &dyn Fn(&mut Attempt)| {
        let mut attempt = solution.clone();
        change(&mut attempt);
        grading.mark(&attempt).0
    };
    let refused = |refused| Mark::None(NoAnswer::Refused(refused));
    let crash = solution.scenario.moves[0];
    let Edit::At { at, action } = crash else { panic!("it is a crash") };
    let again = Edit::At { at: at.after(1_000), action };
    assert_eq!(mark(&|it| it.scenario.moves.push(again)), refused(Refused::TooMany { moves: 2, budget: 1 }));
    let message = simulate(&solution.scenario).messages[0].id;
    let drop = Edit::Drop { message };
    assert_eq!(mark(&|it| it.scenario.moves = Vec::from([drop])), refused(Refused::Tool(Some(Tool::Drop))));
    assert_eq!(mark(&|it| it.scenario.settings.parameters[0] += 1), refused(Refused::Tool(Some(Tool::Knob))));
    assert_eq!(mark(&|it| it.scenario.seed += 1), Mark::None(NoAnswer::Foreign));
    assert_eq!(mark(&|it| it.scenario.script.clear()), Mark::None(NoAnswer::Foreign));
    assert_eq!(mark(&|it| it.scenario.moves.clear()), Mark::Unsolved { moves: 0, unmet: Vec::from([0, 1]) });
    let early = Edit::At { at: Time::from_millis(1), action };
    assert!(matches!(mark(&|it| it.scenario.moves = Vec::from([early])), Mark::Unsolved { moves: 1, .. }));
    // A title is not a move.
    assert_eq!(mark(&|it| it.scenario.title = "Mine".into()), Mark::Solved { moves: 1 });
}

#[test]
fn the_hash_tells_questions_apart_and_not_their_words() {
    let mut hashes: Vec<u64> = all().iter().map(|posed| text::question_hash(&posed.question)).collect();
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
    let question = named("leave-both-in-doubt").question;
    let mut other = question.clone();
    (other.scenario.title, other.challenge.shows, other.challenge.par) = ("Other".into(), "Words.".into(), None);
    assert_eq!(text::question_hash(&other), text::question_hash(&question));
    other.challenge.budget += 1;
    assert_ne!(text::question_hash(&other), text::question_hash(&question));
}

/// To grade two hundred answers takes two hundred runs, and no search.
#[test]
fn to_grade_an_answer_takes_a_run() {
    let Posed { question, solution, .. } = named("depose-a-leader");
    let grading = Grading::new(question, Some(&solution));
    let events: usize = (0..200)
        .map(|_| {
            let (mark, trace) = grading.mark(&solution);
            assert_eq!(mark, Mark::Solved { moves: 1 });
            trace.map_or(0, |trace| trace.events.len())
        })
        .sum();
    assert!(events < 40_000, "{events} events are a fraction of a second's work");
}
