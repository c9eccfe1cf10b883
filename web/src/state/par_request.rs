//! What the page asks of the search for the fewest moves, and what that reports, as plain text, because both cross the border to a worker.

use super::known;
use super::links;
use lightcone_engine::Scenario;
use lightcone_engine::run::question::{Attempt, Question, Reply};
use lightcone_formats::link;
use lightcone_search::par::{Move, Par, ParSearch};

/// The word with which such a request begins: a search for a run that breaks begins with a number.
const WORD: &str = "par";
/// Runs that are tried at most: some seconds.
pub const MOST_RUNS: u64 = 60_000;

/// Whether a request is of this kind.
#[must_use]
pub fn is_par(request: &str) -> bool {
    request.starts_with(WORD)
}

/// The protocol without which a request cannot be read, if it has not arrived.
#[must_use]
pub fn missing(request: &str) -> Option<&'static str> {
    links::missing_of_link(request.split(' ').nth(1)?)
}

/// A search from where the reader stands: the links of the question, and of the run.
#[must_use]
pub fn text(question: &Question, here: &Scenario) -> String {
    format!("{WORD} {} {}", link::encode_question(question), link::encode(here))
}

/// The search that a request asks for; none if it cannot be read.
#[must_use]
pub fn read(request: &str) -> Option<ParSearch> {
    let mut words = request.strip_prefix(WORD)?.split_whitespace();
    let question = link::decode(words.next()?, known::protocols()).ok()?.question().ok()??;
    let scenario = link::decode(words.next()?, known::protocols()).ok()?.scenario;
    Some(ParSearch::new(&question, &Attempt { scenario, reply: Reply::default() }, MOST_RUNS))
}

/// What is known of the fewest moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParReport {
    /// Whether the search is over.
    pub over: bool,
    /// Runs that were tried.
    pub tried: usize,
    /// The fewest moves from there.
    pub par: Par,
    /// The run after the first of them; the same run if an event is to be selected.
    pub first: Option<Scenario>,
    /// The place of the event that is to be selected.
    pub pick: Option<u32>,
}

impl ParReport {
    /// What a search says now.
    #[must_use]
    pub fn of(search: &ParSearch, over: bool) -> String {
        let (name, number) = match search.par() {
            Par::Is(moves) => ("is", moves),
            Par::Unsolved => ("unsolved", 0),
            Par::MoreThan(moves) => ("more", moves),
            Par::Unknown => ("unknown", 0),
        };
        let mut text = format!("{} {} {name} {number}", u8::from(over), search.tried());
        if let Some(first) = search.solution().and_then(|way| way.first()) {
            let after = search.after(&[*first]);
            text += &format!(" {}", link::encode(&after.scenario));
            if let Move::Pick(handling) = first {
                let place = lightcone_engine::simulate(&after.scenario).handling(*handling);
                place.into_iter().for_each(|place| text += &format!(" {}", place.0));
            }
        }
        text
    }

    /// Reads a report; none if it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<ParReport> {
        let mut words = text.split(' ');
        let over = words.next()? == "1";
        let tried = words.next()?.parse().ok()?;
        let (name, number) = (words.next()?, words.next()?.parse().ok()?);
        let par = match name {
            "is" => Par::Is(number),
            "unsolved" => Par::Unsolved,
            "more" => Par::MoreThan(number),
            "unknown" => Par::Unknown,
            _ => return None,
        };
        let first = words.next().and_then(|code| Some(link::decode(code, known::protocols()).ok()?.scenario));
        let pick = words.next().and_then(|place| place.parse().ok());
        Some(ParReport { over, tried, par, first, pick })
    }
}
