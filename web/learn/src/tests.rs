//! Lessons that say what is not so, and the lessons that there are.

use crate::fault::Fault;
use crate::lesson::{Known, Lesson};
use crate::{compile, draw, glossary, page, read, root};
use lightcone_content::challenges;
use lightcone_content::lessons::of_run;
use lightcone_web::state::{asking, known};

const FILE: &str = "x.md";

/// A lesson with these lines after its first paragraph, which ends on line 3; what is wrong with it.
fn faults(lines: &str) -> Vec<String> {
    let text = format!("# 2.1 A title\n\nAbout.\n{lines}");
    let known =
        Known { terms: vec!["majority".to_owned()], lessons: vec![("1.2".to_owned(), "1.2-two-winners".to_owned())] };
    let faults = Lesson::read(FILE, &text, &known).err().unwrap_or_default();
    faults.iter().map(Fault::to_string).collect()
}

/// A block of a scene, whose first line is line 5.
fn scene(lines: &str) -> String {
    format!("```scene\n{lines}\n```\n")
}

/// Holds a lesson to one fault in that line, which says these words.
fn one(lines: &str, line: usize, says: &[&str]) {
    let faults = faults(lines);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with(&format!("{FILE}:{line}: ")), "{}", faults[0]);
    for word in says {
        assert!(faults[0].contains(word), "{word}: {}", faults[0]);
    }
}

#[test]
fn a_scene_that_is_so_has_no_fault() {
    let lines = "run raft/election\nat 81.569\nfrom 50 to 160\nselect S4-S3-Vote-1\nlight past\nholds election-safety";
    assert_eq!(faults(&scene(lines)), Vec::<String>::new());
}

#[test]
fn a_run_that_is_not_there_names_those_that_are() {
    one(&scene("run raft/elektion"), 5, &["no run `raft/elektion`", "raft/election", "raft/split-vote"]);
    one(&scene("run raftt/election"), 5, &["no run `raftt/election`", "raft", "paxos"]);
}

#[test]
fn a_message_that_is_not_there_names_those_that_are() {
    one(&scene("run raft/election\nselect S1-S3-Vote-7"), 6, &["no message `S1-S3-Vote-7`", "S1-S3-Vote-1"]);
}

#[test]
fn a_node_that_is_not_there_names_those_that_are() {
    one(&scene("run raft/election\nselect S9"), 6, &["no node or message `S9`", "S1, S2, S3"]);
    one(&scene("run raft/election\nselect S9@60"), 6, &["no node `S9`", "S5"]);
}

#[test]
fn an_event_that_is_not_there_names_those_of_its_node() {
    one(&scene("run raft/election\nselect S3@61"), 6, &["no event `S3@61`", "S3@60", "S3@81.569"]);
}

#[test]
fn a_property_that_is_not_there_names_those_that_are() {
    one(&scene("run raft/election\nholds election-savety"), 6, &["election-savety", "election-safety"]);
}

#[test]
fn a_promise_that_does_not_hold_is_no_promise() {
    let lines = "run raft/votes-twice-in-a-term\nholds election-safety";
    one(&scene(lines), 6, &["`holds election-safety` is not true", "54.499"]);
    one(&scene("run raft/election\nbreaks election-safety"), 6, &["is not true", "nothing breaks"]);
    one(&scene("run raft/votes-twice-in-a-term\nbreaks election-safety at 55 ms"), 6, &["is not true", "54.499"]);
}

#[test]
fn a_moment_is_in_the_run() {
    one(&scene("run raft/election\nat 999"), 6, &["ends at 240 ms"]);
    one(&scene("run raft/election\nat soon"), 6, &["`soon` is no time"]);
    one(&scene("run raft/election\nfrom 90 to 50"), 6, &["not after 90"]);
    one(&scene("run raft/election\nfrom 90"), 6, &["from MS to MS"]);
}

#[test]
fn a_comparison_is_one_that_the_protocol_has() {
    one(&scene("run raft/election\ncompare run:nothing"), 6, &["no comparison `run:nothing`", "run:split-vote"]);
    assert!(faults(&scene("run raft/election\ncompare votes-twice-in-a-term")).is_empty());
}

#[test]
fn words_blocks_and_lights_are_known() {
    one(&scene("run raft/election\nlook S1"), 6, &["no word `look`", "select"]);
    one(&scene("run raft/election\nlight blue"), 6, &["no light `blue`", "future"]);
    let scene = scene("run raft/election");
    one(&format!("{scene}\n```scen\nat 3\n```\n"), 8, &["no block `scen`", "scene"]);
}

#[test]
fn links_lead_somewhere() {
    let scene = scene("run raft/election");
    one(&format!("{scene}\nA [vote](show:S1-S3-Vote-9).\n"), 8, &["no message `S1-S3-Vote-9`"]);
    one(&format!("{scene}\nA [quorum](term:quorum).\n"), 8, &["no term `quorum`", "majority"]);
    one(&format!("{scene}\n[Next](lesson:1.9).\n"), 8, &["no lesson `1.9`", "1.2"]);
    one(&format!("{scene}\n[This](run:raft/x).\n"), 8, &["no run `raft/x`"]);
    one(&format!("{scene}\n[This](elsewhere).\n"), 8, &["leads nowhere"]);
    one(&format!("{scene}\n```predict Why?\n[It](term:quorum).\n```\n"), 9, &["no term `quorum`"]);
    one(&format!("{scene}\n```challenge\nrun raft/x\n```\n"), 9, &["no run `raft/x`"]);
    one(&format!("{scene}\n```challenge\nrun raft/election\nid raft/x\n```\n"), 10, &["no challenge `raft/x`"]);
    one(&format!("{scene}\n```challenge\n```\n"), 8, &["or `id` and a challenge"]);
}

#[test]
fn a_time_is_when_something_happens() {
    let scene = scene("run raft/election");
    let says = |text: &str| format!("{scene}\n{text}\n");
    // On line 8: the text after the block, which ends on line 6, and an empty line.
    for so in [
        "At 81.569 ms S3 leads.",
        "[At 60 ms](show:S3@60) S3 stands, and [at 81.569 ms](show:S4-S3-Vote-1) it leads.",
        "The votes come at [80.499](show:S2-S3-Vote-1) and [81.569 ms](show:S4-S3-Vote-1).",
        "At [63.808 ms](run:2pc/happy) another run goes on.",
        "It takes 21 milliseconds, and S3 has waited for 60 milliseconds.",
    ] {
        assert_eq!(faults(&says(so)), Vec::<String>::new(), "{so}");
    }
    one(&says("At 81.57 ms S3 leads."), 8, &["`81.57 ms`", "S3@81.569", "81.57 milliseconds"]);
    one(&says("From 60 to\n81.5 ms nobody leads."), 9, &["`81.5 ms`", "S3@81.569"]);
    one(&says("From 61 to 81.569 ms nobody leads."), 8, &["`61 ms`", "S3@60"]);
    one(&says("[At 81.569 ms](show:S3@60) S3 stands."), 8, &["not when the link’s place is: 60"]);
    one(&says("[At 9 ms](show:S4-S3-Vote-1) S4 votes."), 8, &["72.", "81.569"]);
    one(&says("At [81.569 ms](run:2pc/happy) another run goes on."), 8, &["nothing happens at `81.569 ms`"]);
    one(&says("```predict What is at 61 ms?\nNothing.\n```"), 8, &["`61 ms`"]);
    one(&says("```predict When?\nAt 60 ms.\nNot at 61 ms.\n```"), 10, &["`61 ms`"]);
    one(&format!("\nAt 60 ms.\n{scene}"), 5, &["no scene stands above it"]);
}

#[test]
fn a_lesson_has_a_number_a_scene_no_html_and_an_end() {
    let read = |text: &str| Lesson::read(FILE, text, &Known::default()).err().map(|it| it[0].to_string());
    assert!(read("# A title\n\nAbout.\n").is_some_and(|it| it.contains("x.md:1: a lesson begins with")));
    assert!(read("# 9.1 A title\n\nAbout.\n").is_some_and(|it| it.contains("chapters are 1 to 7")));
    one("", 1, &["it has no scene"]);
    one(&format!("{}\n<div>Bold</div>\n", scene("run raft/election")), 8, &["without HTML"]);
    one(&format!("{}\n{}\n", scene("run raft/election"), "word ".repeat(1001)), 1, &["at most 1000 words"]);
    one(&scene("at 3"), 4, &["first scene", "`run`"]);
}

#[test]
fn a_lesson_is_called_as_its_title_says() {
    let text = "# 2.1 A title\n\nAbout.\n\n```scene\nrun raft/election\n```\n".to_owned();
    let faults = compile(&[("2.1-other.md".to_owned(), text)], Vec::new()).expect_err("it is called otherwise");
    assert!(faults[0].what.contains("`2.1-a-title.md`"), "{faults:?}");
}

#[test]
fn a_term_has_two_sentences_and_a_run() {
    let wrong = |text: &str| glossary::read(FILE, text).expect_err("it is wrong")[0].to_string();
    assert!(wrong("# G\n\n## Term\nA number.\n").contains("x.md:3: say `run`"));
    assert!(wrong("## Term\nrun raft/x\nA number. It counts.\n").contains("x.md:2: there is no run"));
    assert!(wrong("## Term\nrun raft/election\nA number.\n").contains("two sentences, not 1"));
}

#[test]
fn every_challenge_of_a_lesson_is_reached_from_it() {
    let (lessons, _) = read(&root()).expect("the lessons have no fault");
    for file in challenges::ALL {
        let posed = challenges::Posed::read(file, known::protocols()).expect("a test reads every challenge");
        let lesson = lessons.iter().find(|lesson| lesson.number == posed.question.challenge.lesson);
        let Some(lesson) = lesson else { continue };
        let href = format!("href=\"../../#{}\"", asking::place(file));
        assert!(lesson.body.contains(&href), "{} does not lead to {}/{}", lesson.number, file.protocol, file.slug);
    }
}

#[test]
fn every_property_belongs_to_one_term() {
    let wrong = |text: &str| {
        let faults = glossary::read(FILE, text).expect_err("it is wrong");
        faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()
    };
    let term =
        |name: &str, own: &str| format!("## {name}\nrun raft/election\nproperties {own}\nA number. It counts.\n");
    let misspelt = wrong(&term("Term", "election-savety"));
    assert!(
        misspelt.contains("x.md:3: there is no property `election-savety`") && misspelt.contains("election-safety")
    );
    assert!(wrong(&term("Term", "election-safety")).contains("no term has the property `log-matching`"));
    assert!(!wrong(&term("Term", "election-safety")).contains("`election-safety`"));
    let twice = wrong(&[term("Term", "election-safety"), term("Other", "log-matching, election-safety")].concat());
    assert!(twice.contains("2 terms have the property `election-safety`"));
}

#[test]
fn the_lessons_that_there_are_have_no_fault_and_keep_to_the_policy() {
    let (lessons, entries) = read(&root())
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()));
    let files = page::Files { tokens: "tokens.css".into(), icon: "icon.svg".into() };
    for lesson in &lessons {
        let page = page::lesson(lesson, &lessons, &files);
        assert_eq!(page, page::lesson(lesson, &lessons, &files), "the same every time");
        assert!(!page.contains(" style=") && !page.contains("<script>"), "the policy forbids it");
        assert_eq!(page.matches("<section").count(), page.matches("</section>").count(), "{}", lesson.folder);
        assert_eq!(page.matches("class=\"scene\"").count(), lesson.scenes.len());
        for heading in ["the-rule", "now-break-it", "what-it-cannot-do", "challenge", "the-paper"] {
            assert!(page.contains(&format!("<h2 id=\"{heading}\"")), "{} lacks {heading}", lesson.folder);
        }
        assert!(lesson.scenes.iter().all(|scene| draw::pictures(scene).len() >= 2));
        for scene in &lesson.scenes {
            let mut leading = of_run(scene.exhibit.protocol, scene.exhibit.slug);
            assert!(leading.any(|other| other.folder() == lesson.folder), "{} leads to {}", scene.run(), lesson.folder);
        }
    }
    let page = page::glossary(&entries, &lessons, &files);
    for entry in &entries {
        assert!(page.contains(&format!("id=\"{}\"", entry.id)), "{}", entry.term);
    }
    let contents = page::contents(&lessons, &files);
    assert_eq!(contents.matches("<h2>").count(), 7);
    assert!(lessons.iter().all(|lesson| contents.contains(&format!("href=\"{}/\"", lesson.folder))));
}
