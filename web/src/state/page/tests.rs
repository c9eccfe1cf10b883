//! What happens to the page as a whole: arrivals, links, notices, history.

use super::*;
use crate::state::run::Selection;
use lightcone_engine::{Edit, NodeId, Time};

const FIRST: &str = "/lamport/figure";

fn opened() -> Page {
    Page::at(FIRST, Arrival::Link)
}

fn moved(page: &Page) -> Page {
    let message = page.run.as_ref().expect("a run").trace.messages[0].id;
    page.after(PageAction::Run(Action::Make(Edit::Drop { message })))
}

fn digest(page: &Page) -> u64 {
    page.run.as_ref().expect("a run").trace.digest
}

#[test]
fn an_exhibit_opens_by_its_address_and_keeps_it() {
    let page = opened();
    assert_eq!(page.screen, Screen::Run);
    assert_eq!(page.route().expect("a place").fragment(), FIRST);
}

#[test]
fn a_run_with_moves_opens_again_by_its_address() {
    let page = moved(&opened());
    let fragment = page.route().expect("a place").fragment();
    assert_ne!(fragment, FIRST);
    assert_eq!(digest(&Page::at(&fragment, Arrival::Link)), digest(&page));
}

#[test]
fn undo_goes_back_to_the_gallerys_address() {
    let page = moved(&opened()).after(PageAction::Run(Action::Undo));
    assert_eq!(page.route().expect("a place").fragment(), FIRST);
}

#[test]
fn a_bad_link_never_replaces_the_readers_work() {
    let page = moved(&opened());
    for fragment in ["/run/", "/run/xyz", "/raft/no-such-run", "/what"] {
        let after = page.after(PageAction::Arrive(fragment.into(), Arrival::Link));
        assert!(matches!(after.notice, Some(Said::Bad(_))), "{fragment}");
        assert_eq!((after.screen, digest(&after)), (Screen::Run, digest(&page)), "{fragment}");
        let dismissed = after.after(PageAction::Dismiss);
        assert_eq!((dismissed.notice.is_none(), dismissed.screen), (true, Screen::Run));
    }
}

#[test]
fn a_bad_link_to_begin_with_is_a_page_of_its_own() {
    let page = Page::at("/run/xyz", Arrival::Link);
    assert_eq!((page.screen, page.run.is_none(), page.route()), (Screen::Notice, true, None));
    assert_eq!(page.after(PageAction::Dismiss).screen, Screen::Home);
}

#[test]
fn an_address_may_say_where_to_look() {
    let page = Page::at("/lamport/figure?at=30&from=10&to=60&select=n1", Arrival::Link);
    let run = page.run.as_ref().expect("a run");
    assert_eq!((run.cursor, run.selection), (Time::from_millis(30), Selection::Lane(NodeId(1))));
    assert_eq!((run.window.from, run.window.to), (Time::from_millis(10), Time::from_millis(60)));
}

#[test]
fn a_run_that_the_gallery_shows_beside_another_opens_so_and_may_be_shown_alone() {
    const RUN: &str = "/test-and-set/cannot-tell-crash";
    let beside = |page: &Page| page.run.as_ref().and_then(|run| run.beside.as_ref().map(|beside| beside.name()));
    let page = Page::at(RUN, Arrival::Link);
    assert_eq!(beside(&page).as_deref(), Some("run:cannot-tell-cut"));
    assert_eq!(page.fragment().as_deref(), Some(RUN), "it opens so by itself");
    let alone = page.after(PageAction::Run(Action::Beside(Vec::new())));
    let fragment = alone.fragment().expect("an address");
    assert_eq!((beside(&alone), fragment.as_str()), (None, "/test-and-set/cannot-tell-crash?beside=no"));
    assert_eq!(beside(&Page::at(&fragment, Arrival::Link)), None);
    let flawed = Page::at("/test-and-set/cannot-tell-crash?beside=silence-is-consent", Arrival::Link);
    assert_eq!(beside(&flawed).as_deref(), Some("silence-is-consent"));
}

#[test]
fn an_address_may_show_a_run_beside_itself_and_follows_what_becomes_of_that() {
    const BESIDE: &str = "/quorum/r-plus-w-but-stale?beside=abd:1";
    let beside = |page: &Page| page.run.as_ref().and_then(|run| run.beside.clone());
    let page = Page::at(BESIDE, Arrival::Link);
    assert!(beside(&page).is_some());
    assert_eq!(page.fragment().as_deref(), Some(BESIDE));
    let again = page.after(PageAction::Arrive(BESIDE.into(), Arrival::Link));
    assert!(Rc::ptr_eq(&beside(&again).expect("two runs").below.trace, &beside(&page).expect("two runs").below.trace));
    let moved = moved(&page).fragment().expect("a place");
    assert!(moved.starts_with("/run/") && moved.ends_with("?beside=abd:1"), "{moved}");
    assert!(beside(&Page::at(&moved, Arrival::Link)).is_some());
    let alone = page.after(PageAction::Arrive("/quorum/r-plus-w-but-stale".into(), Arrival::Link));
    assert!(beside(&alone).is_none());
    let closed = page.after(PageAction::Run(Action::Beside(Vec::new())));
    assert_eq!(closed.fragment().as_deref(), Some("/quorum/r-plus-w-but-stale"));
}

#[test]
fn an_embedded_page_leaves_its_address_alone() {
    let page = Page::at("/embed/lamport/figure", Arrival::Link);
    assert_eq!((page.screen, page.route()), (Screen::Run, None));
    assert_eq!(moved(&page).route(), None);
}

#[test]
fn coming_back_keeps_undo() {
    let page = moved(&opened());
    let fragment = page.route().expect("a place").fragment();
    let back =
        page.after(PageAction::Arrive("/".into(), Arrival::Link)).after(PageAction::Arrive(fragment, Arrival::Link));
    assert_eq!(back.run.expect("a run").past.len(), 1);
}

#[test]
fn undo_is_about_the_run_that_is_open() {
    let other = moved(&opened()).after(PageAction::Arrive("/lamport/ordered-but-concurrent".into(), Arrival::Link));
    assert!(other.run.as_ref().is_some_and(|run| run.past.is_empty()));
}

#[test]
fn a_move_after_a_bad_link_lets_the_address_follow_the_run_again() {
    let refused = opened().after(PageAction::Arrive("/run/xyz".into(), Arrival::Link));
    assert!(refused.notice.is_some());
    assert!(moved(&refused).notice.is_none());
}

#[test]
fn opening_a_file_can_be_undone() {
    let page = moved(&opened());
    let scenario = gallery::find("lamport", "ordered-but-concurrent").expect("the gallery has it").scenario;
    let other = page.after(PageAction::Open(Box::new(scenario)));
    assert_ne!(digest(&other), digest(&page));
    assert_eq!(digest(&other.after(PageAction::Run(Action::Undo))), digest(&page));
}

/// The browser's history while the reader is at this page: fragments, and what each entry knows of the one before it.
struct History {
    page: Page,
    entries: Vec<(String, Option<String>)>,
    at: usize,
}

impl History {
    fn open(fragment: &str) -> History {
        History { page: Page::at(fragment, Arrival::Link), entries: vec![(fragment.to_owned(), None)], at: 0 }
    }

    fn act(&mut self, action: Action) {
        let before = self.entries[self.at].1.clone();
        if matches!(action, Action::Undo) && self.page.undoes_by_going_back(before.as_deref()) {
            return self.go(-1);
        }
        self.page = self.page.after(PageAction::Run(action));
        self.follow();
    }

    fn follow(&mut self) {
        match self.page.entry(&self.entries[self.at].0) {
            Some(Entry::New(fragment)) => {
                let (before, known) = &mut self.entries[self.at];
                known.get_or_insert_default();
                let before = before.clone();
                self.entries.truncate(self.at + 1);
                self.entries.push((fragment, Some(before)));
                self.at += 1;
            }
            Some(Entry::Same(fragment)) => self.entries[self.at].0 = fragment,
            None => {}
        }
    }

    fn go(&mut self, by: isize) {
        self.at = self.at.checked_add_signed(by).expect("there is such an entry");
        let (fragment, before) = self.entries[self.at].clone();
        self.page = self.page.after(PageAction::Arrive(fragment, Arrival::by(before.as_deref())));
        self.follow();
    }

    fn load_again(&mut self) {
        let (fragment, before) = self.entries[self.at].clone();
        self.page = Page::at(&fragment, Arrival::by(before.as_deref()));
    }

    /// Drops the first message that is there.
    fn step(&mut self) {
        let run = self.page.run.as_ref().expect("a run");
        let whole = |message: &&lightcone_engine::run::trace::Message| {
            message.fate != lightcone_engine::run::trace::Fate::Dropped
        };
        let message = run.trace.messages.iter().find(whole).expect("a message is left").id;
        self.act(Action::Make(Edit::Drop { message }));
    }

    fn moves(&self) -> usize {
        self.page.run.as_ref().map_or(0, |run| run.scenario().moves.len())
    }
}

#[test]
fn back_and_forward_step_through_moves_and_so_do_undo_and_redo() {
    let mut history = History::open("/raft/election");
    (0..3).for_each(|_| history.step());
    assert_eq!((history.moves(), history.entries.len(), history.at), (3, 4, 3));
    history.go(-2);
    assert_eq!((history.moves(), history.page.run.as_ref().map(|run| run.future.len())), (1, Some(2)));
    history.go(1);
    history.act(Action::Undo);
    assert_eq!((history.moves(), history.at, history.entries.len()), (1, 1, 4), "undo is the way back");
    history.act(Action::Redo);
    history.act(Action::Redo);
    assert_eq!((history.moves(), history.at), (3, 3));
    history.act(Action::Undo);
    history.step();
    assert_eq!((history.moves(), history.at, history.entries.len()), (3, 3, 4));
}

#[test]
fn undo_outlives_the_page() {
    let mut history = History::open("/raft/election");
    history.step();
    history.step();
    history.load_again();
    assert_eq!((history.moves(), history.page.run.as_ref().map(|run| run.can_undo())), (2, Some(true)));
    history.act(Action::Undo);
    assert_eq!(history.moves(), 1);
    history.step();
    history.act(Action::Undo);
    history.act(Action::Undo);
    assert_eq!((history.moves(), history.at), (0, 0));
    assert!(history.page.run.as_ref().is_some_and(|run| !run.can_undo()));
}

#[test]
fn more_steps_than_a_browser_keeps_are_undone_all_the_same() {
    let mut history = History::open("/raft/election");
    let run = |history: &History| history.page.run.clone().expect("a run");
    for seed in 0..MOST_ENTRIES as u64 + 20 {
        let scenario = Scenario { seed: 1_000 + seed, ..run(&history).scenario().clone() };
        history.act(Action::Configure(Box::new(scenario)));
    }
    assert_eq!((history.at, run(&history).past.len()), (MOST_ENTRIES, MOST_ENTRIES + 20));
    while run(&history).can_undo() {
        history.act(Action::Undo);
    }
    assert_eq!((history.at, history.page.route()), (0, Some(Route::of("/raft/election"))));
}

#[test]
fn a_link_to_a_run_opens_it_anew_although_undo_leads_there() {
    let moved = moved(&opened());
    let again = moved.after(PageAction::Arrive("/".into(), Arrival::Link));
    let again = again.after(PageAction::Arrive("/raft/election".into(), Arrival::Link));
    assert!(again.run.is_some_and(|run| run.future.is_empty()));
}

/// A file that needs a chapter is read once the chapter is there.
#[test]
fn what_is_open_stays_while_a_chapter_is_on_its_way_and_if_it_does_not_arrive() {
    let waits =
        || Box::new(Waits { protocols: vec!["lamport"], questions: false, then: Then::Read("not a file".into()) });
    let nothing = Page { screen: Screen::Waiting, ..Page::default() };
    for page in [Page::at("/", Arrival::Link), opened(), Page::at("/log", Arrival::Link), nothing] {
        let waiting = page.after(PageAction::Await(waits()));
        assert_eq!(waiting.screen, page.screen);
        let failed = waiting.after(PageAction::Come(false));
        assert_eq!(failed.notice, Some(Said::Missing(true)));
        let alone = page.screen == Screen::Waiting;
        assert_eq!(
            failed.screen,
            if alone { Screen::Notice } else { page.screen },
            "alone, the notice is all there is"
        );
        let again = failed.after(PageAction::Again);
        assert_eq!((again.screen, again.notice), (page.screen, None));
    }
}

#[test]
fn whoever_has_read_that_there_is_no_run_is_on_the_first_page() {
    let refused = Page::at("/run/xyz", Arrival::Link);
    assert_eq!(refused.screen, Screen::Notice);
    let read = refused.after(PageAction::Dismiss);
    assert_eq!((read.screen, read.notice, read.waits), (Screen::Home, None, None));
}
