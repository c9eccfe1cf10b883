//! What opens a run: links, files, addresses; and the address of a run.

use super::address::{Address, Route};
use super::gallery::{HERO, blank, recognise, unnamed};
use super::options::Look;
use super::run::State;
use super::{known, texts};
use crate::words;
use lightcone_content::gallery::Exhibit;
use lightcone_engine::Scenario;
use lightcone_figure::read::sentences;
use lightcone_formats::link;
use lightcone_formats::link::{Changed, Decoded, LinkError};
use lightcone_formats::text::TextError;

/// Why something cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadLink {
    /// The address names nothing.
    NoSuchPlace,
    /// The gallery has no such run.
    NoSuchExhibit,
    /// The link is bad.
    Link(LinkError),
    /// The file is bad.
    Text(TextError),
    /// The file cannot be read at all.
    File,
    /// The link is an answer or the work on a question, and none to this one: why.
    Answer(String),
}

impl BadLink {
    /// The error as a heading.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            BadLink::NoSuchPlace => words::NO_SUCH_PLACE,
            BadLink::NoSuchExhibit => words::NO_SUCH_RUN,
            BadLink::Link(LinkError::Cut { .. } | LinkError::Damaged) => words::LINK_DAMAGED,
            BadLink::Link(LinkError::TooLong) => words::LINK_TOO_LONG,
            BadLink::Link(LinkError::TooNew { .. } | LinkError::NewerProtocol { .. }) => words::LINK_NEWER,
            BadLink::Link(LinkError::UnknownProtocol { .. }) => words::LINK_UNKNOWN,
            BadLink::Link(LinkError::Invalid(_) | LinkError::Asks(_)) => words::LINK_INVALID,
            BadLink::Text(_) | BadLink::File => words::FILE_BAD,
            BadLink::Answer(_) => words::NO_ANSWER,
        }
    }

    /// The error in a sentence or two.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            BadLink::NoSuchPlace => words::NO_SUCH_PLACE_MORE.to_owned(),
            BadLink::NoSuchExhibit => words::NO_SUCH_RUN_MORE.to_owned(),
            BadLink::Link(error) => beyond(
                &error.to_string(),
                &["This link is damaged. ", "This link is from a newer Lightcone: ", "This link cannot be run. "],
            ),
            BadLink::Text(error) => error.to_string(),
            BadLink::File => words::FILE_UNREADABLE.to_owned(),
            BadLink::Answer(why) => why.clone(),
        }
    }

    /// Whether a newer page may be able to open it.
    #[must_use]
    pub fn newer(&self) -> bool {
        use LinkError::{NewerProtocol, TooNew, UnknownProtocol};
        matches!(self, BadLink::Link(TooNew { .. } | NewerProtocol { .. } | UnknownProtocol { .. }))
    }

    /// The part of a cut link that can be read.
    #[must_use]
    pub fn readable(&self) -> Option<&Scenario> {
        match self {
            BadLink::Link(LinkError::Cut { readable }) => readable.as_deref(),
            _ => None,
        }
    }
}

/// A sentence without the beginning that its heading says already.
fn beyond(sentence: &str, said: &[&str]) -> String {
    let rest = said.iter().find_map(|said| sentence.strip_prefix(said)).unwrap_or(sentence);
    sentences::sentence(rest)
}

/// The address of an exhibit.
#[must_use]
pub fn exhibit_route(exhibit: &Exhibit) -> Route {
    Route::Exhibit { protocol: exhibit.protocol.into(), slug: exhibit.slug.into() }
}

/// The address of a run: the gallery's or the protocol's while nothing is changed.
#[must_use]
pub fn route(scenario: &Scenario) -> Route {
    let scenario = &unnamed(scenario);
    let protocol = scenario.protocol.specification().id;
    if blank(protocol).as_ref() == Some(scenario) {
        return Route::Protocol { protocol: protocol.into() };
    }
    match recognise(scenario).filter(|exhibit| exhibit.scenario == *scenario) {
        Some(exhibit) => exhibit_route(&exhibit),
        None => Route::Run { link: encode(scenario) },
    }
}

/// The address of a run in the whole page, looking at the same. `page`: that page's address without its fragment.
#[must_use]
pub fn looked_at(run: &State, page: &str) -> String {
    let address = Address { route: route(run.scenario()), look: Look::of(run), embed: None };
    format!("{page}#{}", address.fragment())
}

/// The state in which a run is opened: a run of the gallery shows what its file says.
#[must_use]
pub fn opened(scenario: &Scenario) -> State {
    let state = State::new(scenario);
    match recognise(scenario).and_then(|exhibit| exhibit.opening()) {
        Some(opening) => Look::from(opening).show(state),
        None => state,
    }
}

/// The link form of a scenario, without its title and note if the gallery has the same.
#[must_use]
pub fn encode(scenario: &Scenario) -> String {
    link::encode(&unnamed(scenario))
}

/// The protocols that an address needs and that have not arrived. The page of signs shows all; of the first page, only the figure
/// needs one.
#[must_use]
pub fn missing(route: &Route) -> Vec<&'static str> {
    let of = |id: &str| known::missing_of(|card| card.id == id);
    match route {
        Route::Home => of(HERO.0).into_iter().collect(),
        Route::Signs => known::missing(),
        Route::Protocol { protocol } | Route::Exhibit { protocol, .. } | Route::Challenge { protocol, .. } => {
            of(protocol).into_iter().collect()
        }
        Route::Run { link } => missing_of_link(worked(link).0).into_iter().collect(),
        Route::Elsewhere | Route::Log => Vec::new(),
    }
}

/// The protocol without which a link cannot be read, if it has not arrived.
#[must_use]
pub fn missing_of_link(link: &str) -> Option<&'static str> {
    match link::decode(link, known::protocols()) {
        Err(LinkError::UnknownProtocol { number }) => known::missing_of(|card| card.number == number),
        _ => None,
    }
}

/// The protocol without which a scenario file cannot be read, if it has not arrived.
#[must_use]
pub fn missing_of_text(text: &str) -> Option<&'static str> {
    let error = (texts::here()?.decode)(text, known::protocols()).err()?;
    let word = error.problem.word()?;
    known::missing_of(|card| card.id == word)
}

/// Reads a link; says if the protocol has changed since.
///
/// # Errors
/// Why it cannot be opened.
pub fn decode(link: &str) -> Result<(Scenario, Option<Changed>), BadLink> {
    decoded(link).map(|decoded| (decoded.scenario, decoded.changed))
}

/// The same with what the link asks.
///
/// # Errors
/// Why it cannot be opened.
pub fn decoded(link: &str) -> Result<Decoded, BadLink> {
    link::decode(link, known::protocols()).map_err(BadLink::Link)
}

/// A link, and the reader's work on its question behind it, which may be empty.
#[must_use]
pub fn worked(link: &str) -> (&str, &str) {
    link.split_once('/').unwrap_or((link, ""))
}

/// Reads a scenario file.
///
/// # Errors
/// Why it cannot be opened.
pub fn read_file(text: &str) -> Result<Scenario, BadLink> {
    // The page asks for nothing before this has arrived.
    let texts = texts::here().ok_or(BadLink::File)?;
    (texts.decode)(text, known::protocols()).map_err(BadLink::Text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery::{caption, exhibits, find};
    use lightcone_engine::protocol::Edit;

    #[test]
    fn every_exhibit_is_found_by_its_address_and_recognised() {
        for exhibit in exhibits().iter() {
            assert_eq!(find(exhibit.protocol, exhibit.slug).as_ref(), Some(exhibit));
            assert_eq!(recognise(&exhibit.scenario).as_ref(), Some(exhibit));
            assert_eq!(route(&exhibit.scenario), exhibit_route(exhibit));
        }
    }

    #[test]
    fn an_exhibit_with_moves_keeps_its_title_and_gets_a_link() {
        let exhibit = exhibits()[0].clone();
        let mut scenario = exhibit.scenario.clone();
        let trace = lightcone_engine::simulate(&scenario);
        scenario.moves.push(Edit::Drop { message: trace.messages[0].id });
        assert_eq!(caption(&scenario).0, exhibit.title);
        let Route::Run { link } = route(&scenario) else { panic!("a run with moves has a link") };
        assert_eq!(decode(&link), Ok((scenario, None)));
    }

    #[test]
    fn an_exhibit_under_another_title_has_a_link_that_keeps_it() {
        let exhibit = exhibits()[0].clone();
        let named = crate::state::gallery::named(&exhibit.scenario);
        assert_eq!((&named.title, &named.note), (&exhibit.title, &exhibit.note));
        assert_eq!(route(&named), exhibit_route(&exhibit));
        let other = Scenario { title: "Another title".into(), ..named };
        let Route::Run { link } = route(&other) else { panic!("it is not the gallery's") };
        assert_eq!(decode(&link), Ok((other, None)));
    }

    #[test]
    fn an_exhibit_with_other_settings_keeps_its_title_and_says_so() {
        let exhibit = find("raft", "figure-8").expect("the gallery has it");
        let (title, note) = caption(&exhibit.without_flaws());
        assert_eq!((title, note.as_str()), (exhibit.title, words::OTHER_SETTINGS));
    }

    #[test]
    fn each_kind_of_bad_link_says_something_else() {
        let cut = LinkError::Cut { readable: None };
        let newer = LinkError::TooNew { format: 9 };
        let unknown = LinkError::UnknownProtocol { number: 200 };
        let bad = [cut, newer, unknown, LinkError::Damaged, LinkError::TooLong].map(BadLink::Link);
        for (place, one) in bad.iter().enumerate() {
            let said = |bad: &BadLink| (bad.title(), bad.sentence());
            assert!(bad[..place].iter().all(|other| said(other) != said(one)), "{one:?}");
            assert!(one.sentence().ends_with('.'));
        }
    }
}
