//! The search for the fewest moves, at work slice by slice.

use super::work::{Engine, Slices};
use crate::browser;
use crate::state::par_request::{self, ParReport};
use lightcone_search::par::ParSearch;
use yew::prelude::*;

/// Runs between two looks at the clock: some milliseconds.
const RUNS: u32 = 16;

/// Begins to work on a request; none if it cannot be read.
#[must_use]
pub fn begin(request: &str) -> Option<Box<dyn Slices>> {
    let search = par_request::read(request)?;
    Some(Box::new(Work { search, over: false, said: browser::now() }))
}

struct Work {
    search: ParSearch,
    over: bool,
    said: f64,
}

impl Slices for Work {
    fn goes_on_for(&mut self, millis: f64) -> bool {
        let start = browser::now();
        while self.search.advance(RUNS) {
            // A clock that was set back ends the slice, too.
            if !(0.0..millis).contains(&(browser::now() - start)) {
                return true;
            }
        }
        self.over = true;
        false
    }

    fn says(&mut self) -> String {
        self.said = browser::now();
        ParReport::of(&self.search, self.over)
    }

    fn said(&self) -> f64 {
        self.said
    }
}

/// How far the search for the fewest moves is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is asked.
    Idle,
    /// It goes on; so many runs were tried.
    Going(usize),
    /// It is over.
    Over(Box<ParReport>),
    /// It stopped by itself.
    Failed,
}

/// Keeps the search that this request asks for at work, beside the page where that can be.
#[hook]
pub fn use_par(request: Option<String>) -> Progress {
    let heard = use_state(|| None::<(String, Option<ParReport>)>);
    let engine = use_mut_ref(Engine::default);
    // What was said of another request says nothing of this one.
    let said = request.as_ref().and_then(|request| heard.as_ref().filter(|(of, _)| of == request));
    let progress = match (&request, said) {
        (None, _) => Progress::Idle,
        (Some(_), None) => Progress::Going(0),
        (Some(_), Some((_, None))) => Progress::Failed,
        (Some(_), Some((_, Some(report)))) if report.over => Progress::Over(Box::new(report.clone())),
        (Some(_), Some((_, Some(report)))) => Progress::Going(report.tried),
    };
    let setter = heard.setter();
    let going = request.filter(|_| matches!(progress, Progress::Going(_)));
    use_effect_with(going, move |going| {
        let of = going.clone().unwrap_or_default();
        let hears = Callback::from(move |(_, said): (usize, String)| {
            setter.set(Some((of.clone(), ParReport::read(&said))));
        });
        engine.borrow_mut().go_on_with(going.iter().cloned().map(Some).collect(), &hears);
    });
    progress
}
