//! A search at work: in slices, the same in a worker and in the page. A worker lives for one search; whoever wants it to stop
//! ends it. A page that may not start workers, or whose worker never says a word, searches itself, a little at a time.

use crate::browser::{self, Later, Worker};
use crate::state::search_request::{Report, Request};
use lightcone_engine::simulate;
use lightcone_search::{Reductions, Search, Target};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use yew::Callback;

/// A slice in the page: no frame is missed for it.
const PAGE_MILLIS: f64 = 6.0;
/// A slice in a worker: what it says between two of them comes twenty times a second.
const WORKER_MILLIS: f64 = 50.0;
/// Choices between two looks at the clock: less than a millisecond.
const CHOICES: u32 = 24;

/// Searches to the end and posts what there is to say: the worker's whole life.
pub fn work(request: &str) {
    let Some(mut work) = Work::begin(request) else {
        browser::post("");
        return;
    };
    while work.goes_on_for(WORKER_MILLIS) {
        browser::post(&work.says());
    }
    browser::post(&work.says());
}

struct Work {
    search: Search,
    began: f64,
    said: f64,
}

impl Work {
    /// None if the request cannot be read.
    fn begin(request: &str) -> Option<Work> {
        let Request { origin, from, bounds, .. } = Request::read(request)?;
        if from.is_some_and(|from| from.index() >= simulate(&origin).events.len()) {
            return None;
        }
        let began = browser::now();
        let search = Search::new(&origin, from, Target::AnyBreach, bounds, Reductions::ALL);
        Some(Work { search, began, said: began })
    }

    /// One slice; a shorter one if it finds its first run, which is not to wait. Returns whether there is more to do.
    fn goes_on_for(&mut self, millis: f64) -> bool {
        let (start, had) = (browser::now(), self.search.has_found());
        while self.search.advance(CHOICES) {
            // A clock that was set back ends the slice, too.
            if self.search.has_found() != had || !(0.0..millis).contains(&(browser::now() - start)) {
                return true;
            }
        }
        false
    }

    fn says(&mut self) -> String {
        self.said = browser::now();
        Report::of(&self.search, (self.said - self.began) as u32).text()
    }
}

/// A search that goes on until this is dropped.
pub struct Engine {
    _worker: Option<Worker>,
    here: RefCell<Option<Rc<Here>>>,
}

impl Engine {
    /// Starts. What it says is heard as it was written; a text that cannot be read means that it stopped by itself.
    pub fn start(request: String, heard: Callback<String>) -> Rc<Engine> {
        Rc::new_cyclic(|engine: &Weak<Engine>| {
            let spoke = Cell::new(false);
            let (engine, text, hears) = (engine.clone(), request.clone(), heard.clone());
            let worker = Worker::start(&request, move |said: String| {
                if !said.is_empty() || spoke.get() {
                    spoke.set(true);
                    hears.emit(said);
                } else if let Some(engine) = engine.upgrade() {
                    engine.here.replace(Some(Here::begin(&text, hears.clone())));
                }
            });
            let here = worker.is_none().then(|| Here::begin(&request, heard));
            Engine { _worker: worker, here: RefCell::new(here) }
        })
    }
}

/// A search in the page itself.
struct Here {
    work: RefCell<Option<Work>>,
    next: RefCell<Option<Later>>,
    heard: Callback<String>,
}

impl Here {
    fn begin(request: &str, heard: Callback<String>) -> Rc<Here> {
        let here = Rc::new(Here { work: RefCell::new(Work::begin(request)), next: RefCell::new(None), heard });
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
        if !goes_on || !(0.0..WORKER_MILLIS).contains(&(browser::now() - work.said)) {
            self.heard.emit(work.says());
        }
        if goes_on {
            self.rest();
        }
    }
}
