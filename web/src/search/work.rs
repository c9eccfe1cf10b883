//! A search at work. Its stages are dealt among a few workers; each share runs in slices, in a worker or in the page. A worker
//! lives for one share of one search; to stop the search is to end its workers. If the page may not start workers, or one
//! never answers, the page searches itself, a little at a time.

use crate::browser::{self, Later, Worker};
use crate::state::par_request::is_par;
use crate::state::search_request::{Report, Request, Round};
use lightcone_content::widening::Widening;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use yew::Callback;

/// A slice in the page: no frame is missed for it.
const PAGE_MILLIS: f64 = 6.0;
/// A slice in a worker: what it says between two of them comes twenty times a second.
const WORKER_MILLIS: f64 = 50.0;
/// Choices between two looks at the clock: less than a millisecond.
const CHOICES: u32 = 24;

/// A search at work, slice by slice.
pub trait Slices {
    /// One slice of so many milliseconds; a shorter one if there is something to say. Whether there is more to do.
    fn goes_on_for(&mut self, millis: f64) -> bool;
    /// What there is to say now, as text.
    fn says(&mut self) -> String;
    /// When it last said something.
    fn said(&self) -> f64;
}

/// Begins to work on a request; none if it cannot be read.
pub type Begin = fn(&str) -> Option<Box<dyn Slices>>;

thread_local! {
    /// The search is a part of the page that may arrive late.
    static BEGIN: Cell<Option<Begin>> = const { Cell::new(FIRST) };
    /// So is what looks for the fewest moves.
    static PAR: Cell<Option<Begin>> = const { Cell::new(PAR_FIRST) };
}

#[cfg(feature = "parts")]
const FIRST: Option<Begin> = None;
#[cfg(feature = "parts")]
const PAR_FIRST: Option<Begin> = None;
#[cfg(not(feature = "parts"))]
const PAR_FIRST: Option<Begin> = Some(super::par::begin);
#[cfg(not(feature = "parts"))]
const FIRST: Option<Begin> = Some(begin);

/// The search has arrived.
pub fn begin_with(begin: Begin) {
    BEGIN.set(Some(begin));
}

/// What looks for the fewest moves has arrived.
pub fn par_with(begin: Begin) {
    PAR.set(Some(begin));
}

fn begun(request: &str) -> Option<Box<dyn Slices>> {
    let slot = if is_par(request) { &PAR } else { &BEGIN };
    slot.with(Cell::get).and_then(|begin| begin(request))
}

/// Searches to the end and posts what there is to say: the worker's whole life. Whoever calls it has fetched what it needs.
pub fn work(request: &str) {
    let Some(mut work) = begun(request) else {
        browser::post("");
        return;
    };
    while work.goes_on_for(WORKER_MILLIS) {
        browser::post(&work.says());
    }
    browser::post(&work.says());
}

/// Begins to work on a request; none if it cannot be read.
#[must_use]
pub fn begin(request: &str) -> Option<Box<dyn Slices>> {
    Some(Box::new(Work::begin(request)?))
}

struct Work {
    widening: Widening,
    over: bool,
    began: f64,
    said: f64,
}

impl Work {
    /// None if the request cannot be read.
    fn begin(request: &str) -> Option<Work> {
        let (stages, hurried) = Request::read(request)?;
        let began = browser::now();
        Some(Work { widening: Widening::new(stages, hurried), over: false, began, said: began })
    }

    fn has_found(&self) -> bool {
        self.widening.search().is_some_and(|search| search.has_found())
    }
}

impl Slices for Work {
    /// A shorter slice if it finds its first run, which is not to wait, or if a stage has had its turn, of which the last is to
    /// be said.
    fn goes_on_for(&mut self, millis: f64) -> bool {
        self.widening.turn();
        let (start, had) = (browser::now(), self.has_found());
        while self.widening.advance(CHOICES) {
            let said = self.has_found() != had || self.widening.is_due();
            // A clock that was set back ends the slice, too.
            if said || !(0.0..millis).contains(&(browser::now() - start)) {
                return true;
            }
        }
        self.over = true;
        false
    }

    fn says(&mut self) -> String {
        self.said = browser::now();
        let Some(search) = self.widening.search() else { return String::new() };
        let round = if self.widening.is_hurried() { Round::Second } else { Round::First };
        let report = Report::of(search, (self.said - self.began) as u32);
        Report { stage: self.widening.now() as u8, round, over: self.over, ..report }.text()
    }

    fn said(&self) -> f64 {
        self.said
    }
}

/// What is at work for a search, until this is dropped: a worker for each share.
#[derive(Default)]
pub struct Engine {
    shares: Vec<(Option<String>, Option<Rc<Strand>>)>,
}

impl Engine {
    /// Goes on with these shares of a search, or with none. A share that is the same as before goes on; one that is not begins
    /// again. What each says is heard as it was written; a text that cannot be read means that it stopped by itself. Returns
    /// whether it begins.
    pub fn go_on_with(&mut self, shares: Vec<Option<String>>, heard: &Callback<(usize, String)>) -> bool {
        let begins = self.shares.iter().all(|(_, strand)| strand.is_none());
        self.shares.resize_with(shares.len(), Default::default);
        for (share, (text, (before, strand))) in shares.into_iter().zip(&mut self.shares).enumerate() {
            if text != *before {
                let heard = heard.reform(move |said| (share, said));
                *strand = text.clone().map(|text| Strand::start(text, heard));
                *before = text;
            }
        }
        begins && !self.shares.is_empty()
    }
}

/// A share at work.
struct Strand {
    _worker: Option<Worker>,
    here: RefCell<Option<Rc<Here>>>,
}

impl Strand {
    fn start(request: String, heard: Callback<String>) -> Rc<Strand> {
        Rc::new_cyclic(|strand: &Weak<Strand>| {
            let spoke = Cell::new(false);
            let (strand, text, hears) = (strand.clone(), request.clone(), heard.clone());
            let worker = Worker::start(&request, move |said: String| {
                if !said.is_empty() || spoke.get() {
                    spoke.set(true);
                    hears.emit(said);
                } else if let Some(strand) = strand.upgrade() {
                    strand.here.replace(Some(Here::begin(&text, hears.clone())));
                }
            });
            let here = worker.is_none().then(|| Here::begin(&request, heard));
            Strand { _worker: worker, here: RefCell::new(here) }
        })
    }
}

/// A search in the page itself.
struct Here {
    work: RefCell<Option<Box<dyn Slices>>>,
    next: RefCell<Option<Later>>,
    heard: Callback<String>,
}

impl Here {
    fn begin(request: &str, heard: Callback<String>) -> Rc<Here> {
        let here = Rc::new(Here { work: RefCell::new(begun(request)), next: RefCell::new(None), heard });
        here.rest();
        here
    }

    /// Lets the page do what it has to, and goes on.
    fn rest(self: &Rc<Here>) {
        let here = Rc::downgrade(self);
        let goes_on = Callback::from(move |()| here.upgrade().iter().for_each(Here::go_on));
        self.next.replace(browser::later(0, goes_on));
    }

    fn go_on(self: &Rc<Here>) {
        let mut work = self.work.borrow_mut();
        let Some(work) = work.as_mut() else { return self.heard.emit(String::new()) };
        let goes_on = work.goes_on_for(PAGE_MILLIS);
        if !goes_on || !(0.0..WORKER_MILLIS).contains(&(browser::now() - work.said())) {
            self.heard.emit(work.says());
        }
        if goes_on {
            self.rest();
        }
    }
}
