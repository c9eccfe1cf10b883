//! Finds what the first page lists by the field's words: runs by title, terms, protocol, flaws, what they show of properties, and
//! note; protocols by what they say of themselves. Each find says why.
//!
//! Letters and digits count, whatever stands between them: `split-brain` is `split brain`, and `timeout` is `time-out`. Words are
//! found by their beginnings, and without the `s` at their end.

use crate::expectation::Expectation;
use crate::gallery::Exhibit;
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::protocol::{Protocols, Specification};

/// Where a word was found, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The title: of the run, or of the protocol.
    Title,
    /// A term of the run.
    Term,
    /// The protocol of the run, by title or by name in addresses.
    Protocol,
    /// A property that breaks in the run.
    Breaks,
    /// A property that the run misses by its end.
    Misses,
    /// A property that the run reaches or is about; for a protocol, one that it promises.
    Property,
    /// A flaw: that is on in the run, or that the protocol can have.
    Flaw,
    /// A knob of the protocol.
    Knob,
    /// A sentence of the run's note, or the protocol's summary or source.
    Text,
}

/// A place that says what was sought, and what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// Where.
    pub place: Place,
    /// The text there.
    pub text: &'a str,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A protocol.
    Protocol(&'static Specification),
    /// A run of the gallery.
    Run(&'a Exhibit),
}

/// A find, with every place that says why, the strongest first.
#[derive(Clone, Debug)]
pub struct Find<'a> {
    /// What was found.
    pub subject: Subject<'a>,
    /// Why. Never empty.
    pub reasons: Vec<Reason<'a>>,
}

/// The protocols and the runs that are meant by these words. First those of which one place says all the words in a row, by
/// how strong that place is; then those that say every word somewhere. Nothing sought finds nothing.
#[must_use]
pub fn find<'a>(protocols: &Protocols, exhibits: &'a [Exhibit], sought: &str) -> Vec<Find<'a>> {
    let words: Vec<String> = sought.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    let whole = [plain(sought)];
    let mut found: Vec<(u8, Find<'a>)> = Vec::new();
    let mut look = |subject, places: &[Reason<'a>]| {
        let in_a_row: Vec<Reason<'a>> = places.iter().filter(|it| says(it.text, &whole[0])).copied().collect();
        let (scattered, reasons) = match in_a_row.is_empty() {
            true => (SCATTERED, each_somewhere(places, &words)),
            false => (0, in_a_row),
        };
        if let Some(first) = reasons.first() {
            found.push((scattered + first.place as u8, Find { subject, reasons }));
        }
    };
    if !words.is_empty() {
        for protocol in protocols {
            let specification = protocol.specification();
            look(Subject::Protocol(specification), &of_protocol(specification));
        }
        exhibits.iter().for_each(|exhibit| look(Subject::Run(exhibit), &of_run(exhibit)));
    }
    let mut sorted = Vec::new();
    for rank in 0..2 * SCATTERED {
        sorted.extend(found.extract_if(.., |(own, _)| *own == rank).map(|(_, find)| find));
    }
    sorted
}

/// More than there are places: the rank of what says the words in several of them.
const SCATTERED: u8 = Place::Text as u8 + 1;

/// The strongest place that says each word; none if a word is said nowhere.
fn each_somewhere<'a>(places: &[Reason<'a>], words: &[String]) -> Vec<Reason<'a>> {
    let mut missing: Vec<&String> = words.iter().collect();
    let mut reasons = Vec::new();
    for reason in places {
        let before = missing.len();
        missing.retain(|word| !says(reason.text, word));
        if missing.len() < before {
            reasons.push(*reason);
        }
    }
    if missing.is_empty() { reasons } else { Vec::new() }
}

/// What a protocol says of itself, the strongest places first.
fn of_protocol(own: &'static Specification) -> Vec<Reason<'static>> {
    let mut places = Vec::new();
    let mut say = |place, text| places.push(Reason { place, text });
    say(Place::Title, own.title);
    say(Place::Title, own.id);
    own.properties.iter().for_each(|property| say(Place::Property, property.name));
    own.flaws.iter().for_each(|flaw| say(Place::Flaw, flaw.sentence));
    own.parameters.iter().for_each(|knob| say(Place::Knob, knob.name));
    say(Place::Text, own.summary);
    say(Place::Text, own.source);
    places
}

/// What a run's file says of it, the strongest places first.
fn of_run(exhibit: &Exhibit) -> Vec<Reason<'_>> {
    let own = exhibit.scenario.protocol.specification();
    let mut places = Vec::new();
    let mut say = |place, text| places.push(Reason { place, text });
    say(Place::Title, &exhibit.title);
    exhibit.terms.iter().for_each(|term| say(Place::Term, term));
    say(Place::Protocol, own.title);
    say(Place::Protocol, own.id);
    for wanted in [Place::Breaks, Place::Misses, Place::Property] {
        for expectation in &exhibit.expectations {
            let (place, property) = match *expectation {
                Expectation::Breaks { property, .. } => (Place::Breaks, property),
                Expectation::Misses { property } => (Place::Misses, property),
                Expectation::Reaches { property } | Expectation::HoldsOne { property } => (Place::Property, property),
                _ => continue,
            };
            if place == wanted {
                say(place, own.properties[property].name);
            }
        }
    }
    for (place, flaw) in own.flaws.iter().enumerate() {
        if exhibit.scenario.settings.flaws.has(place as u8) {
            say(Place::Flaw, flaw.sentence);
        }
    }
    exhibit.note.split(['.', '?', '\n']).for_each(|sentence| say(Place::Text, sentence.trim()));
    places
}

/// A word or several as they are compared: letters and digits alone, small, without the `s` of a plural.
fn plain(words: &str) -> String {
    let mut plain: String = words.bytes().filter_map(letter).map(char::from).collect();
    if plain.len() > 3 && plain.ends_with('s') {
        plain.pop();
    }
    plain
}

/// The byte as it is compared; none if it is no letter or digit. The texts are English.
fn letter(byte: u8) -> Option<u8> {
    byte.is_ascii_alphanumeric().then(|| byte.to_ascii_lowercase())
}

/// Whether a word of the text begins like this, or several words in a row do.
fn says(text: &str, plain: &str) -> bool {
    let text = text.as_bytes();
    (0..text.len()).any(|place| {
        let begins = letter(text[place]).is_some() && (place == 0 || letter(text[place - 1]).is_none());
        let mut rest = text[place..].iter().filter_map(|byte| letter(*byte));
        begins && plain.bytes().all(|sought| rest.next() == Some(sought))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_whatever_stands_between_them() {
        for (text, sought) in [
            ("network partition", "partition"),
            ("Split brain", "split-brain"),
            ("Election time-out", "timeouts"),
            ("A lost update", "lost up"),
            ("Figure 8: a majority is not enough", "figure 8"),
        ] {
            assert!(says(text, &plain(sought)), "{sought} in {text}");
        }
        for (text, sought) in [("border", "order"), ("a vote split", "split vote"), ("", "x")] {
            assert!(!says(text, &plain(sought)), "{sought} in {text}");
        }
    }
}
