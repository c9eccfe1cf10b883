//! `grade`: a class's answers as a table or as files, and what is said of each.

mod common;

use common::{answers, lightcone};
use lightcone_content::challenges::{ALL, Posed};
use lightcone_engine::run::question::Attempt;
use lightcone_engine::{Action, Edit, NodeId, Time};
use lightcone_formats::{link, text};
use lightcone_protocols::PROTOCOLS;

const NAME: &str = "2pc/leave-both-in-doubt";

fn posed() -> Posed {
    let file = ALL.iter().find(|file| file.slug == "leave-both-in-doubt");
    Posed::read(file.expect("there is this challenge"), PROTOCOLS).expect("it can be read")
}

fn crashing(node: u8, millis: u64) -> String {
    let Posed { question, mut solution, .. } = posed();
    let action = Action::Crash(NodeId(node));
    solution.scenario.moves = Vec::from([Edit::At { at: Time::from_millis(millis), action }]);
    address(&question, &solution)
}

fn address(question: &lightcone_engine::run::question::Question, attempt: &Attempt) -> String {
    format!("https://example.org/#/run/{}", link::encode_answer(text::question_hash(question), attempt))
}

fn right() -> String {
    let Posed { question, solution, .. } = posed();
    address(&question, &solution)
}

#[test]
fn a_table_says_who_solved_it_and_what_is_wrong() {
    let damaged = right().replace("#/run/A", "#/run/B");
    let table = format!(
        "name,link\nAnna,{}\n\"Berg, Bo\",{}\nCilla,{damaged}\nDavid,#/run/{}\nEva , {} \nonly a name\n",
        right(),
        crashing(0, 1),
        link::encode(&posed().question.scenario),
        right(),
    );
    let said = answers(&["grade", NAME, "-"], &table, 1);
    for line in [
        "Block it with one crash (par 1)",
        "Anna         solved, 1 move, at par",
        "Berg, Bo     unsolved, 1 move",
        "    not so: P1 is in doubt at the end",
        "    This link is damaged. Part of it was changed or lost.",
        "    This link is not an answer. It shows a run or asks a question.",
        "Eva          solved, 1 move, at par, the same as Anna",
        "    Line 7 of `-` needs a name and a link.",
        "2 of 6 solved",
    ] {
        assert!(said.lines().any(|each| each == line), "{line}\n{said}");
    }
    assert!(said.contains("in the nearest solution at "), "{said}");
    let json = lightcone(&["grade", NAME, "-", "--format", "json"], &table);
    assert_eq!(json.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    let results: Vec<&str> = json["answers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|each| each["result"].as_str().expect("a text"))
        .collect();
    assert_eq!(results, ["solved", "unsolved", "no-answer", "no-answer", "solved", "no-answer"]);
    assert_eq!(json["answers"][4]["sameAs"], "Anna");
    assert_eq!(json["par"], 1);
}

#[test]
fn the_exit_code_is_for_scripts() {
    answers(&["grade", NAME, "-"], &format!("Anna,{}\n", right()), 0);
    answers(&["grade", NAME, "-"], &format!("Anna,{}\n", crashing(0, 1)), 1);
    assert!(answers(&["grade", "2pc/nothing", "-"], "", 2).contains("  2pc/leave-both-in-doubt"));
    assert!(answers(&["grade"], "", 2).contains("grade what?"));
    assert!(answers(&["grade", NAME, "no-such-file"], "", 2).contains("cannot be read"));
    let run = format!("#/run/{}", link::encode(&posed().question.scenario));
    assert!(answers(&["grade", &run, "-"], "", 2).contains("asks nothing"));
}

#[test]
fn a_question_alone_is_told_with_its_par_and_its_link() {
    let said = answers(&["grade", NAME], "", 0);
    assert!(said.contains("Par 1: 5 ways"), "{said}");
    let asks = said.lines().last().expect("a link").to_owned();
    let graded = answers(&["grade", &asks, "-"], &format!("Anna,{}\n", right()), 0);
    assert!(graded.contains("Anna  solved, 1 move, at par"), "{graded}");
}

#[test]
fn a_folder_has_a_file_for_each_answer() {
    let folder = std::env::temp_dir().join(format!("lightcone-grade-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let Posed { question, solution, .. } = posed();
    std::fs::write(folder.join("anna.txt"), right() + "\n").expect("it is written");
    std::fs::write(folder.join("bo.scenario"), text::encode(&solution.scenario)).expect("it is written");
    std::fs::write(folder.join("cilla.scenario"), text::encode(&question.scenario)).expect("it is written");
    let said = answers(&["grade", NAME, &folder.to_string_lossy()], "", 1);
    std::fs::remove_dir_all(&folder).expect("it can be removed");
    for line in
        ["anna   solved, 1 move, at par", "bo     solved, 1 move, at par, the same as anna", "cilla  unsolved, 0 moves"]
    {
        assert!(said.lines().any(|each| each == line), "{line}\n{said}");
    }
}

#[test]
fn two_hundred_answers_are_graded_at_once() {
    let table: String = (0..200).map(|each| format!("s{each},{}\n", crashing(2, 1 + each))).collect();
    let said = answers(&["grade", NAME, "-"], &table, 1);
    assert!(said.contains(" of 200 solved"), "{said}");
}
