//! The search for the fewest moves, at work slice by slice.

use super::work::Slices;
use crate::browser;
use crate::state::par_request::{self, ParReport};
use lightcone_search::par::ParSearch;

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
