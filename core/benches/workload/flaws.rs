//! How long a search takes to break each protocol with each of its flaws, and to find nothing without any.

use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_search::{Ending, Reductions, Search};

/// Choices between two looks at the clock.
const SLICE: u32 = 256;

/// The columns of [`rows`].
pub const HEAD: &str =
    "protocol           flaw                              events    states  choices  first,ms    all,ms  ending";

/// One row a protocol and flaw, made when it is asked for: the length of the shortest run that breaks something, the
/// states, after how many choices and when the first such run was there, and when the search was over, by a clock of
/// milliseconds. Of two searches the faster one.
pub fn rows(clock: impl Fn() -> f64) -> impl Iterator<Item = String> {
    let flaws = |family: &'static dyn AnyProtocol| {
        let count = family.specification().flaws.len() as u8;
        std::iter::once(None).chain((0..count).map(Some)).map(move |flaw| (family, flaw))
    };
    lightcone_protocols::PROTOCOLS
        .iter()
        .flat_map(move |family| flaws(*family))
        .map(move |(family, flaw)| row(family, flaw, &clock))
}

/// One search to its end, and when the first find was there and when it was over.
fn timed(
    family: &'static dyn AnyProtocol,
    flaw: Option<u8>,
    clock: &impl Fn() -> f64,
) -> (Search, Option<(u64, f64)>, f64) {
    let start = clock();
    let mut search = Small::of(ALL, family, flaw).search(Reductions::ALL);
    let mut first = None;
    while search.advance(SLICE) {
        if first.is_none() && search.found().is_some() {
            first = Some((search.progress().tried, clock() - start));
        }
    }
    let all = clock() - start;
    (search, first, all)
}

fn row(family: &'static dyn AnyProtocol, flaw: Option<u8>, clock: &impl Fn() -> f64) -> String {
    // In wasm the first of two also waits for its code to be compiled; it counts only if it was the faster one all the same.
    let (one, other) = (timed(family, flaw, clock), timed(family, flaw, clock));
    let (search, first, all) = if one.2 < other.2 { one } else { other };
    let (found, progress) = (search.found(), search.progress());
    let ending = match progress.ending {
        Some(Ending::Shortest) => String::from("shortest"),
        Some(Ending::Found { tried_to }) => format!("found,tried-to-{tried_to}"),
        Some(Ending::Exhausted) => String::from("exhausted"),
        Some(Ending::Full { tried_to }) => format!("full,tried-to-{tried_to}"),
        None => String::from("goes-on"),
    };
    let specification = family.specification();
    let name = flaw.map_or("none", |flaw| specification.flaws[usize::from(flaw)].id);
    let events = found.map_or(String::from("-"), |found| found.events.to_string());
    let (choices, first) = match first {
        Some((choices, millis)) => (choices.to_string(), format!("{millis:.1}")),
        None => (String::from("-"), String::from("-")),
    };
    let states = progress.states;
    format!("{:<18} {name:<32} {events:>7} {states:>9} {choices:>8} {first:>9} {all:>9.1}  {ending}", specification.id)
}
