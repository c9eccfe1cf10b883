//! What travels. Every message says the epoch of its sender, or of what it answers.

use crate::parts::broadcast::Item;
use lightcone_engine::prelude::*;

/// Messages by number, each with the epoch in which it got the number.
pub type Log = SortedMap<u32, (u32, Item)>;

messages! {
    /// What travels. The first part of each between nodes is the epoch of its sender, or of what it answers.
    Message {
        /// Number this.
        Submit(epoch: u32, item: Item) = Client, "Submission", "Submit {item}, epoch {epoch}";
        /// This is the message with this number.
        Numbered(epoch: u32, number: u32, item: Item) = Value, "Numbered message", "{number}: {item}, epoch {epoch}";
        /// I have stored all up to this number.
        Stored(epoch: u32, number: u32) = Value reply, "Acknowledgement", "Stored up to {number}, epoch {epoch}";
        /// A majority has stored all up to this number.
        Stable(epoch: u32, number: u32) = Decision, "Stability notice", "Stable up to {number}, epoch {epoch}";
        /// I miss this number.
        Missing(epoch: u32, number: u32) = Client, "Retransmission request", "Where is {number}? Epoch {epoch}";
        /// Follow me into this epoch.
        Lead(epoch: u32) = Permission, "Call to follow", "Follow me into epoch {epoch}";
        /// I do, and this is up to where I have delivered, and what I have stored.
        Follow(epoch: u32, delivered: u32, log: Log) = Permission reply, "Promise to follow",
            |f| write!(f, "I follow, epoch {epoch}; stored {}, delivered {delivered}", log.len());
        /// The operator's order with this number: become the sequencer.
        Promote(number: u16) = Client, "Order", "Become the sequencer, order {number}";
        /// The order with this number is carried out, or not.
        Promoted(number: u16, done: bool) = Client reply, "Answer",
            |f| write!(f, "{}, order {number}", if *done { "I am the sequencer" } else { "I am not the sequencer" });
    }
}

impl Message {
    /// None of the operator's.
    pub(super) fn epoch(&self) -> Option<u32> {
        match *self {
            Message::Submit(epoch, _) | Message::Numbered(epoch, ..) | Message::Stored(epoch, _) => Some(epoch),
            Message::Stable(epoch, _)
            | Message::Missing(epoch, _)
            | Message::Follow(epoch, ..)
            | Message::Lead(epoch) => Some(epoch),
            Message::Promote(_) | Message::Promoted(..) => None,
        }
    }
}
