//! The text is the state: what forms write, what undo takes back, what the caret is offered.

use super::complete::complete;
use super::lines::{add, put, retimed, rewritten, said, without};
use super::reading::{Reading, changed};
use super::*;
use crate::state::links;
use crate::state::run::{Action, Selection, Spot};
use lightcone_engine::{Edit, Time};

const RAFT: &str = "lightcone 1\nprotocol raft 1\nset servers 3\nseed 2\nhorizon 300 ms\n";

fn run(text: &str) -> State {
    links::opened(&links::read_file(text).expect("it can be read"))
}

fn write(run: &State, text: &str, spot: Option<Spot>) -> State {
    run.after(Action::Write(text.into(), spot))
}

fn line(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

#[test]
fn a_form_changes_its_own_line_and_no_other() {
    let text = put(RAFT, "title", &line("title Two leaders"));
    assert_eq!(text, RAFT.replace("raft 1\n", "raft 1\ntitle Two leaders\n"));
    assert_eq!(said(&text, "title"), "Two leaders");
    let notes = put(&text, "note", &["note One.".to_owned(), "note Two.".to_owned()]);
    assert_eq!(said(&notes, "note"), "One.\nTwo.");
    assert_eq!(put(&notes, "note", &[]), text);
    assert_eq!(put(RAFT, "set servers", &line("set servers 5")), RAFT.replace("servers 3", "servers 5"));
    assert_eq!(put(RAFT, "flaw", &line("flaw vote-not-persisted")), format!("{RAFT}flaw vote-not-persisted\n"));
    // `set servers` is not `set server`.
    assert_eq!(said(RAFT, "set server"), "");
}

#[test]
fn requests_and_faults_stand_in_order_of_time() {
    let one = add(RAFT, "at 50 ms crash S1");
    assert_eq!(one, format!("{RAFT}script\n  at 50 ms crash S1\n"));
    let two = add(&one, "at 20 ms pause S2");
    assert_eq!(two, format!("{RAFT}script\n  at 20 ms pause S2\n  at 50 ms crash S1\n"));
    assert_eq!(add(&two, "at 70 ms restart S1"), format!("{two}  at 70 ms restart S1\n"));
    assert_eq!(retimed(&two, 7, Time::from_micros(21_500)), two.replace("at 20 ms", "at 21.5 ms"));
    assert_eq!(without(&two, 7), one);
    let edits = Reading::of(&two).edits(&two);
    assert!(matches!(edits[..], [(7, Edit::At { .. }), (8, Edit::At { .. })]), "{edits:?}");
}

#[test]
fn a_wrong_line_is_left_out_and_the_rest_is_the_run() {
    let right = add(RAFT, "at 50 ms crash S1");
    let before = run(RAFT);
    let after = write(&before, &format!("{right}  at 60 ms pause S4\n"), Some(Spot::Line(7)));
    assert_eq!(*after.scenario(), links::read_file(&right).expect("it can be read"));
    let errors = Reading::of(&text_of(&after)).errors;
    assert_eq!((errors.len(), errors[0].line, errors[0].problem.word()), (1, 8, Some("S4")));
    // A text that is about nothing never replaces the run.
    for nothing in ["", "hello", "lightcone 1\nprotocol", "lightcone 1\nprotocol paxi 1\n"] {
        let kept = write(&after, nothing, None);
        assert_eq!((kept.trace.digest, &*text_of(&kept)), (after.trace.digest, nothing));
        assert_eq!(text_of(&kept.after(Action::Undo)), text_of(&after));
    }
}

#[test]
fn writing_in_one_place_is_one_step_back() {
    let start = run(RAFT).after(Action::Edit(Some(RAFT.into())));
    let typed = ["h", "ho", "hor"]
        .iter()
        .fold(start.clone(), |run, word| write(&run, &format!("{RAFT}{word}\n"), Some(Spot::Line(5))));
    assert_eq!(typed.past.len(), 1);
    let on = write(&typed, &format!("{RAFT}hor\nx\n"), Some(Spot::Line(6)));
    assert_eq!((on.past.len(), &*text_of(&on.after(Action::Undo))), (2, format!("{RAFT}hor\n").as_str()));
    let back = on.after(Action::Undo).after(Action::Undo);
    assert_eq!((text_of(&back), back.trace.digest), (text_of(&start), start.trace.digest));
    let again = back.after(Action::Redo).after(Action::Redo);
    assert_eq!(text_of(&again), text_of(&on));
    // After undo, going on in the same line is a new step.
    assert_eq!(write(&back, RAFT, Some(Spot::Line(5))).past.len(), 1);
}

#[test]
fn closing_the_editor_keeps_what_cannot_be_read() {
    let wrong = format!("{RAFT}nonsense\n# a comment\n");
    let closed = write(&run(RAFT), &wrong, None).after(Action::Edit(None));
    assert_eq!(&*text_of(&closed), wrong);
}

#[test]
fn a_move_in_the_figure_is_written_and_leaves_other_lines_where_they_are() {
    let text = "lightcone 1\nprotocol raft 1\n# three are enough\nset servers 3\nseed 2\nhorizon 300 ms\n\
                latency 8..14 ms\nscript\n  at 20 ms pause S9\n  at 50 ms crash S1\n  # and then\nexpect\n  holds\n";
    let before = write(&run(RAFT), text, None);
    let message = before.trace.messages[0].id;
    let after = before.after(Action::Make(Edit::Drop { message }));
    let name = lightcone_formats::text::encode_edit(after.scenario(), &Edit::Drop { message });
    assert_eq!(&*text_of(&after), text.replace("expect\n", &format!("moves\n  {name}\nexpect\n")));
    assert_eq!(Reading::of(&text_of(&after)).scenario.as_ref(), Some(after.scenario()));
    assert_eq!(rewritten(text, before.scenario()), text);
}

#[test]
fn a_run_of_the_gallery_is_edited_under_its_title_and_keeps_its_address() {
    let exhibit = gallery::find("raft", "figure-8").expect("the gallery has it");
    let opened = links::opened(&exhibit.scenario);
    let text = text_of(&opened);
    assert_eq!((said(&text, "title"), said(&text, "note")), (exhibit.title.clone(), exhibit.note.clone()));
    let after = write(&opened, &text, None);
    assert_eq!(links::route(after.scenario()), links::exhibit_route(&exhibit));
    let longer = write(&after, &put(&text, "horizon", &line("horizon 999 ms")), None);
    assert_eq!(longer.scenario().title, exhibit.title);
    let (shared, _) = links::decode(&links::encode(longer.scenario())).expect("it is a link");
    assert_eq!(shared, *longer.scenario());
}

#[test]
fn settings_of_the_form_keep_lines_with_their_nodes() {
    let text = add(&add(RAFT, "at 30 ms request c1 write x 1"), "at 50 ms crash S3");
    let before = write(&run(RAFT), &text, None);
    let mut more = before.scenario().clone();
    more.settings.parameters[0] = 5;
    let text = configured(&text, before.scenario(), more);
    assert!(text.contains("at 30 ms request c1 write x 1"), "{text}");
    assert!(Reading::of(&text).errors.is_empty(), "{text}");
}

#[test]
fn what_the_reader_changed_is_known_line_by_line() {
    assert_eq!(changed("a\nb\nb\n", "a\nb\nc\nb\nb\n\n"), [false, false, true, false, true, false]);
}

#[test]
fn the_caret_is_offered_what_the_run_has_in_order_of_time() {
    let run = run("lightcone 1\nprotocol raft 1\nset servers 3\nseed 2\nhorizon 900 ms\n");
    let at = |line: &str| {
        let text = format!("{}script\n  {line}", text_of(&run));
        let offered = complete(&text, text.len(), &run.trace, run.cursor);
        offered.map_or_else(Vec::new, |offered| offered.items)
    };
    let words = |line: &str| at(line).into_iter().map(|item| item.word).collect::<Vec<_>>();
    assert_eq!(words("d"), ["deliver", "drop"]);
    assert_eq!(words("at 5 ms pause S"), ["S1", "S2", "S3"]);
    assert_eq!(words("at 5 ms request c1 w"), ["write x 1"]);
    assert_eq!(words("at "), [format!("{} ms", run.cursor)], "the moment of the cursor");
    let first = &run.trace.messages[0];
    let link = &words("deliver ")[0];
    let messages = at(&format!("deliver {link} "));
    assert_eq!(messages[0].lights, Some((Selection::Message(first.id), first.arrives)));
    let name = &messages[0].word;
    assert_eq!(words(&format!("deliver {link} {name} ")), ["at"]);
    assert_eq!(words(&format!("copy {link} {}", &name[..3]))[0], format!("{name}.1"));
    let armed = run.trace.timers.iter().filter(|timer| timer.id.node == lightcone_engine::NodeId(0));
    let lit = |item: super::complete::Item| item.lights.map(|(selection, _)| selection);
    let timers: Vec<_> = at("fire S1 ").into_iter().filter_map(lit).collect();
    assert_eq!(timers, armed.map(|timer| Selection::Timer(timer.id)).collect::<Vec<_>>());
    // Nothing is offered for a finished word, in a comment, or in the middle of a word.
    assert!(words("deliver").is_empty() && words("# del").is_empty() && words("nonsense ").is_empty());
    let settings = format!("{RAFT}flaw ");
    let flaws = complete(&settings, settings.len(), &run.trace, run.cursor).expect("there are flaws");
    assert!(!flaws.items[0].more.is_empty());
    let middle = complete("lightcone 1\nprotocol raft 1", 24, &run.trace, run.cursor);
    assert_eq!(middle, None);
}
