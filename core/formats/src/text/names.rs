//! The names in a run: lanes, kinds of message, timers, commands. What has no name is written by its number.

use super::error::{Problem, quoted, wanted};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::id::{MessageId, NodeId, TimerId};
use lightcone_engine::operation::{KEY_NAMES, Key};
use lightcone_engine::protocol::{Kind, Lane, Specification};
use lightcone_engine::run::Scenario;

/// The names in a run.
pub(super) struct Names {
    pub(super) specification: &'static Specification,
    kinds: &'static [Kind],
    timers: Vec<&'static str>,
    lanes: Vec<Lane>,
}

/// A name, or a number if it has none.
pub(super) enum Word<'a> {
    Known(&'a str),
    Numbered(&'static str, u8),
}

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Known(word) => f.write_str(word),
            Word::Numbered(prefix, number) => write!(f, "{prefix}{number}"),
        }
    }
}

const LANE: &str = "lane";
const KIND: &str = "kind";
const TIMER: &str = "timer";
const COMMAND: &str = "command";

impl Names {
    pub(super) fn of(scenario: &Scenario) -> Names {
        let protocol = scenario.protocol;
        Names {
            specification: protocol.specification(),
            kinds: protocol.kinds(),
            timers: protocol.timers(),
            lanes: scenario.lanes(),
        }
    }

    pub(super) fn lanes(&self) -> u8 {
        self.lanes.len() as u8
    }

    pub(super) fn lane(&self, node: NodeId) -> Word<'_> {
        word(self.lanes.get(node.index()).map(|lane| &*lane.name), LANE, node.0)
    }

    pub(super) fn kind(&self, kind: u8) -> Word<'_> {
        word(self.kinds.get(usize::from(kind)).map(|kind| kind.name), KIND, kind)
    }

    pub(super) fn timer(&self, timer: u8) -> Word<'_> {
        word(self.timers.get(usize::from(timer)).copied(), TIMER, timer)
    }

    pub(super) fn command(&self, verb: u8) -> Word<'_> {
        word(self.specification.commands.get(usize::from(verb)).map(|command| command.id), COMMAND, verb)
    }

    pub(super) fn read_lane(&self, word: &str) -> Result<NodeId, Problem> {
        find("lane", self.lanes.iter().map(|lane| &*lane.name), LANE, word).map(NodeId)
    }

    pub(super) fn read_kind(&self, word: &str) -> Result<u8, Problem> {
        find("kind of message", self.kinds.iter().map(|kind| kind.name), KIND, word)
    }

    pub(super) fn read_timer(&self, word: &str) -> Result<u8, Problem> {
        find("timer", self.timers.iter().copied(), TIMER, word)
    }

    /// The command of this name. `also` are other words that are allowed here, for the error.
    pub(super) fn read_command(&self, also: &'static [&'static str], word: &str) -> Result<u8, Problem> {
        let commands = self.specification.commands.iter().map(|command| command.id);
        let verb = find("operation", commands.chain(also.iter().copied()), COMMAND, word)?;
        Ok(verb)
    }

    /// A link: `S5>S3`.
    pub(super) fn read_link(&self, link: &str) -> Result<(NodeId, NodeId), Problem> {
        let wrong = || Problem::Expected { what: wanted::LINK, word: quoted(link) };
        let (from, to) = link.split_once('>').ok_or_else(wrong)?;
        Ok((self.read_lane(from)?, self.read_lane(to)?))
    }

    /// A message of a link: `Vote#1`, with `.2` for a copy.
    pub(super) fn read_message(&self, (from, to): (NodeId, NodeId), name: &str) -> Result<MessageId, Problem> {
        let wrong = || Problem::Expected { what: wanted::MESSAGE, word: quoted(name) };
        let (kind, which) = name.split_once('#').ok_or_else(wrong)?;
        let (ordinal, copy) = which.split_once('.').unwrap_or((which, "0"));
        let copy = match copy {
            "link" => MessageId::LINK_COPY,
            number => read_u8(number).ok_or_else(wrong)?,
        };
        let kind = self.read_kind(kind)?;
        Ok(MessageId { from, to, kind, ordinal: ordinal.parse().map_err(|_| wrong())?, copy })
    }

    /// A timer of a node: `Election#3`.
    pub(super) fn read_timer_of(&self, node: NodeId, name: &str) -> Result<TimerId, Problem> {
        let wrong = || Problem::Expected { what: wanted::TIMER, word: quoted(name) };
        let (kind, ordinal) = name.split_once('#').ok_or_else(wrong)?;
        let kind = self.read_timer(kind)?;
        Ok(TimerId { node, kind, ordinal: ordinal.parse().map_err(|_| wrong())? })
    }
}

/// A key by its letter, or `k9`.
pub(super) fn read_key(word: &str) -> Result<Key, Problem> {
    find("key", KEY_NAMES.iter().copied(), "k", word).map(Key)
}

/// Words separated by commas.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut list = String::new();
    for word in words {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(word);
    }
    list
}

fn word<'a>(known: Option<&'a str>, prefix: &'static str, number: u8) -> Word<'a> {
    known.map_or(Word::Numbered(prefix, number), Word::Known)
}

/// The place of `word` among `words`, or the number after `prefix`.
fn find<'a>(
    what: &'static str,
    words: impl Iterator<Item = &'a str> + Clone,
    prefix: &str,
    word: &str,
) -> Result<u8, Problem> {
    let place = words.clone().position(|each| each == word).map(|place| place as u8);
    let number = || read_u8(word.strip_prefix(prefix)?);
    place.or_else(number).ok_or_else(|| Problem::Unknown { what, word: quoted(word), possible: listed(words) })
}

/// Digits only: no sign.
fn read_u8(word: &str) -> Option<u8> {
    if word.starts_with('+') { None } else { word.parse().ok() }
}
