//! Where the form and the core become each other. Numbers of the core (places of knobs, flaws, kinds and lanes, microseconds)
//! become names and milliseconds here, and nowhere else.

mod edit;
mod error;
mod history;
mod scenario;
mod trace;
mod verdict;

pub use edit::{edit, to_edit};
pub use history::{Spots, datum, history, to_datum, to_history};
pub use scenario::{model, scenario, setting, to_scenario};
pub use trace::trace;
pub use verdict::{outcomes, verdicts};

pub(crate) use history::whole;
pub(crate) use scenario::{at, time};
