//! Questions, work on them and answers, as the page opens them.

use super::super::links::{self, BadLink};
use super::super::page::{Arrival, Page, PageAction, Said};
use super::super::run::Action;
use crate::state::asking;
use lightcone_content::challenges::{self, Posed};
use lightcone_engine::Edit;
use lightcone_engine::protocol::Action as Act;
use lightcone_engine::run::question::{Attempt, Kind, Reply};
use lightcone_engine::run::simulate;
use lightcone_formats::link;
use lightcone_formats::text::question_hash;

const BLOCK: &str = "/challenge/2pc/leave-both-in-doubt";

fn posed(slug: &str) -> Posed {
    let file = challenges::ALL.iter().find(|file| file.slug == slug).expect("there is such a challenge");
    Posed::read(file, lightcone_protocols::PROTOCOLS).expect("it is read")
}

fn at(fragment: &str) -> Page {
    Page::at(fragment, Arrival::Link)
}

fn go(page: &Page, fragment: &str) -> Page {
    page.after(PageAction::Arrive(fragment.to_owned(), Arrival::Link))
}

fn refused(page: &Page) -> Option<&str> {
    page.asked.as_ref()?.refused.as_deref()
}

/// Makes all moves of a solution.
fn solved(page: &Page, solution: &Attempt) -> Page {
    let mut next = solution.scenario.clone();
    let run = page.run.as_ref().expect("a run");
    (next.title, next.note) = (run.scenario().title.clone(), run.scenario().note.clone());
    page.after(PageAction::Run(Action::Configure(Box::new(next))))
}

fn answer(posed: &Posed) -> String {
    format!("/run/{}", link::encode_answer(question_hash(&posed.question), &posed.solution))
}

#[test]
fn every_challenge_opens_at_its_address_and_takes_its_solution() {
    for file in challenges::ALL {
        let place = asking::place(file);
        let page = at(&place);
        assert_eq!(page.fragment().as_deref(), Some(&*place));
        let posed = Posed::read(file, lightcone_protocols::PROTOCOLS).expect("it is read");
        let page = solved(&page, &posed.solution);
        assert_eq!(refused(&page), None, "{place}");
        let run = page.run.as_ref().expect("a run");
        let is_solved = asking::QUESTIONS.is_solved;
        assert!(is_solved(&posed.question, &run.trace, posed.solution.reply), "{place}");
        assert!(!is_solved(&posed.question, &simulate(&posed.question.scenario), Reply::default()), "{place}");
    }
}

#[test]
fn the_address_has_the_readers_work_behind_the_question() {
    let posed = posed("leave-both-in-doubt");
    let page = solved(&at(BLOCK), &posed.solution);
    let fragment = page.fragment().expect("a place");
    assert!(fragment.starts_with(&format!("{BLOCK}/")));
    let again = at(&fragment);
    assert_eq!(again.run.as_ref().map(|run| run.trace.digest), page.run.as_ref().map(|run| run.trace.digest));
    assert_eq!(again.fragment(), Some(fragment));
    let link = format!("/run/{}", link::encode_question(&posed.question));
    let page = solved(&at(&link), &posed.solution);
    let fragment = page.fragment().expect("a place");
    assert!(fragment.starts_with(&format!("{link}/")));
    assert_eq!(
        at(&fragment).run.as_ref().map(|run| run.scenario().clone()),
        page.run.as_ref().map(|run| run.scenario().clone())
    );
}

#[test]
fn a_tool_that_is_not_allowed_is_refused_and_the_run_stays() {
    let page = at(BLOCK);
    let trace = page.run.as_ref().expect("a run").trace.clone();
    let drop = Edit::Drop { message: trace.messages[0].id };
    let after = page.after(PageAction::Run(Action::Make(drop)));
    assert_eq!(refused(&after), Some("This question does not let you lose messages."));
    assert_eq!(after.run.as_ref().map(|run| run.trace.digest), Some(trace.digest));
    for action in [Action::RunLonger, Action::Edit(Some("".into()))] {
        assert!(refused(&page.after(PageAction::Run(action))).is_some());
    }
    // The next thing that is done takes the sentence away.
    let crash =
        |at| Edit::At { at: lightcone_engine::Time::from_millis(at), action: Act::Crash(lightcone_engine::NodeId(0)) };
    let next = after.after(PageAction::Run(Action::Make(crash(68))));
    assert_eq!(refused(&next), None);
    let second = next.after(PageAction::Run(Action::Make(crash(90))));
    assert!(refused(&second).is_some_and(|why| why.starts_with("That would be 2 moves, and the question gives 1.")));
}

#[test]
fn an_answer_is_shown_with_its_question_where_that_is_known() {
    let posed = posed("leave-both-in-doubt");
    let page = at(&answer(&posed));
    let asked = page.asked.as_ref().expect("it is an answer");
    assert!(asked.posed.is_some() && asked.answer_shown(page.run.as_ref().expect("a run").scenario()).is_some());
    assert_eq!(page.fragment(), Some(answer(&posed)));
    // A question that somebody has made is known while it is open.
    let mut own = posed.clone();
    own.question.challenge.budget = 2;
    let alone = at(&answer(&own));
    assert!(alone.asked.as_ref().is_some_and(|asked| asked.posed.is_none()));
    let question = at(&format!("/run/{}", link::encode_question(&own.question)));
    assert!(go(&question, &answer(&own)).asked.as_ref().is_some_and(|asked| asked.posed.is_some()));
    // Who goes on with an answer answers the question.
    let crash =
        Edit::At { at: lightcone_engine::Time::from_millis(70), action: Act::Crash(lightcone_engine::NodeId(0)) };
    let own = page.after(PageAction::Run(Action::Reset)).after(PageAction::Run(Action::Make(crash)));
    assert!(own.fragment().is_some_and(|fragment| fragment.starts_with(BLOCK)));
}

#[test]
fn a_bad_link_takes_nothing_away_and_says_which_it_is() {
    let posed = posed("leave-both-in-doubt");
    let work = solved(&at(BLOCK), &posed.solution);
    let other = super::asked::posed("two-orders");
    let mut damaged = answer(&posed);
    damaged.replace_range(20..21, if &damaged[20..21] == "A" { "B" } else { "A" });
    let mut older = posed.clone();
    older.solution.scenario.version = 0;
    let bad = |page: &Page| match &page.notice {
        Some(Said::Bad(bad)) => (bad.title(), bad.sentence()),
        _ => panic!("it says nothing"),
    };
    let mut said = Vec::new();
    for link in [damaged, answer(&other), format!("{BLOCK}/AQ")] {
        let page = go(&work, &link);
        assert_eq!(
            page.run.as_ref().map(|run| run.trace.digest),
            work.run.as_ref().map(|run| run.trace.digest),
            "{link}"
        );
        assert!(page.asked.as_ref().is_some_and(|asked| asked.posed.is_some()), "{link}");
        said.push(bad(&page).0);
    }
    assert_eq!(said[1], BadLink::Answer(String::new()).title());
    assert_ne!(said[0], said[1]);
}

#[test]
fn a_question_is_left_as_a_run_and_by_any_other_address() {
    let page = at(BLOCK);
    let left = page.after(PageAction::Leave);
    assert!(left.asked.is_none() && left.run.is_some());
    assert!(left.fragment().is_some_and(|fragment| fragment.starts_with("/run/")));
    assert!(go(&page, "/raft/election").asked.is_none());
    assert!(go(&page, "/signs").asked.is_some(), "the run is still open there");
    assert_eq!(links::missing(&super::super::address::Route::of(BLOCK)), Vec::<&str>::new());
}

#[test]
fn what_is_foretold_is_no_move() {
    let posed = posed("what-c1-cannot-tell");
    assert_eq!(posed.question.challenge.kind, Kind::Predict);
    let page = at("/challenge/test-and-set/what-c1-cannot-tell").after(PageAction::Reply(posed.solution.reply));
    let run = page.run.as_ref().expect("a run");
    let attempt = page.asked.as_ref().expect("a question").attempt(run.scenario());
    assert_eq!(attempt.reply, posed.solution.reply);
    assert!((asking::QUESTIONS.is_solved)(&posed.question, &run.trace, attempt.reply));
}
