//! Messages, with and without their types.

use crate::hash::Hasher64;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use core::any::Any;
use core::fmt::{self, Debug, Display};
use core::hash::Hash;

/// A message. `Display` is its full label ("Vote request, term 2").
pub trait Message: Clone + Hash + Display + Debug + 'static {
    /// The kinds of message; at most 32.
    const KINDS: &'static [Kind];
    /// The message's kind, as an index into [`Message::KINDS`].
    fn kind(&self) -> u8;
}

/// What an author says about a kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in files and identities: `RequestVote`. Letters and digits; part of published links' meaning.
    pub name: &'static str,
    /// Its name in the figure: "Vote request".
    pub label: &'static str,
    /// How it is drawn.
    pub style: Style,
    /// Whether it answers another message: drawn with an open head.
    pub reply: bool,
}

/// What a message is for; decides its stroke. Protocols never choose a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Asks for or gives permission: votes, prepares, promises.
    Permission,
    /// Carries values: entries, accepts, writes between replicas.
    Value,
    /// Announces a decision: commit, abort, ordered delivery.
    Decision,
    /// Says only "I am here": heartbeats and their answers.
    Beat,
    /// Between a client and a server.
    Client,
}

/// A message without its type. All messages of a broadcast share it.
pub type Payload = Rc<dyn AnyMessage>;

/// A [`Message`] without its type.
pub trait AnyMessage {
    /// Index into the protocol's kinds.
    fn kind(&self) -> u8;
    /// Its full label.
    fn label(&self) -> String;
    /// Feeds its content to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// The message as [`Any`], to be cast back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<M: Message> AnyMessage for M {
    fn kind(&self) -> u8 {
        Message::kind(self)
    }
    fn label(&self) -> String {
        self.to_string()
    }
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.hash(hasher);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Shows the message's label.
impl fmt::Debug for dyn AnyMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}
