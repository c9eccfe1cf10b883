//! The names in a run: lanes, kinds of message, timers, commands. What has no name is written by its number.

use super::error::{Problem, quoted, wanted};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::id::{MessageId, NodeId, RequestId, TimerId};
use lightcone_engine::operation::{KEY_NAMES, Key};
use lightcone_engine::protocol::{Kind, Lane, Specification};
use lightcone_engine::run::Scenario;

/// The names in a run: those that the text form writes, which every other form of names uses, too.
pub struct Names {
    pub(super) specification: &'static Specification,
    kinds: &'static [Kind],
    timers: Vec<&'static str>,
    lanes: Vec<Lane>,
}

/// A name, or a number if it has none.
pub enum Word<'a> {
    /// The name.
    Known(&'a str),
    /// What has no name: what it is, and its number.
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
    /// The names in the run of a scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Names {
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

    /// A lane: `S1`.
    #[must_use]
    pub fn lane(&self, node: NodeId) -> Word<'_> {
        word(self.lanes.get(node.index()).map(|lane| &*lane.name), LANE, node.0)
    }

    /// A kind of message: `Vote`.
    #[must_use]
    pub fn kind(&self, kind: u8) -> Word<'_> {
        word(self.kinds.get(usize::from(kind)).map(|kind| kind.name), KIND, kind)
    }

    /// A timer: `Election`.
    #[must_use]
    pub fn timer(&self, timer: u8) -> Word<'_> {
        word(self.timers.get(usize::from(timer)).copied(), TIMER, timer)
    }

    /// One of the protocol's commands: `transfer-to`.
    #[must_use]
    pub fn command(&self, verb: u8) -> Word<'_> {
        word(self.specification.commands.get(usize::from(verb)).map(|command| command.id), COMMAND, verb)
    }

    /// A message of a link: `S5>S3 Vote#1`, with `.2` for a copy.
    #[must_use]
    pub fn message(&self, message: MessageId) -> String {
        let (from, to) = (self.lane(message.from), self.lane(message.to));
        let name = format!("{from}>{to} {}#{}", self.kind(message.kind), message.ordinal);
        match message.copy {
            0 => name,
            MessageId::LINK_COPY => name + ".link",
            copy => format!("{name}.{copy}"),
        }
    }

    /// A timer of a node: `S2 Election#3`.
    #[must_use]
    pub fn timer_of(&self, timer: TimerId) -> String {
        format!("{} {}#{}", self.lane(timer.node), self.timer(timer.kind), timer.ordinal)
    }

    /// A request of a client: `c1#2`.
    #[must_use]
    pub fn request(&self, request: RequestId) -> String {
        format!("{}#{}", self.lane(request.node), request.ordinal)
    }

    /// The lane of this name.
    ///
    /// # Errors
    /// The run has no such lane.
    pub fn read_lane(&self, word: &str) -> Result<NodeId, Problem> {
        find("lane", self.lanes.iter().map(|lane| &*lane.name), LANE, word).map(NodeId)
    }

    pub(super) fn read_kind(&self, word: &str) -> Result<u8, Problem> {
        find("kind of message", self.kinds.iter().map(|kind| kind.name), KIND, word)
    }

    pub(super) fn read_timer(&self, word: &str) -> Result<u8, Problem> {
        find("timer", self.timers.iter().copied(), TIMER, word)
    }

    /// The command of this name. `also` are other words that are allowed here, for the error.
    ///
    /// # Errors
    /// The protocol has no such command.
    pub fn read_command(&self, also: &'static [&'static str], word: &str) -> Result<u8, Problem> {
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

    /// A request of a client: `c1#2`.
    ///
    /// # Errors
    /// The word is no such name.
    pub fn read_request(&self, word: &str) -> Result<RequestId, Problem> {
        let wrong = || Problem::Expected { what: wanted::REQUEST, word: quoted(word) };
        let (lane, ordinal) = word.split_once('#').ok_or_else(wrong)?;
        let ordinal = ordinal.parse().map_err(|_| wrong())?;
        Ok(RequestId { node: self.read_lane(lane)?, ordinal })
    }
}

/// A key by its letter, or `k9`.
///
/// # Errors
/// It is neither.
pub fn read_key(word: &str) -> Result<Key, Problem> {
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
