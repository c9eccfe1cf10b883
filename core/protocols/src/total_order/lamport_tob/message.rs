//! What travels, and what happens.

use crate::order::lamport::Stamp;
use crate::parts::broadcast::Item;
use lightcone_engine::prelude::*;

messages! {
    /// What travels. The first part of each is its number on its link, the second is its timestamp.
    Message {
        /// This is broadcast.
        Data(number: u16, stamp: Stamp, item: Item) = Value, "Message", "{item} {stamp}, #{number}";
        /// I ask for the resource.
        Request(number: u16, stamp: Stamp, item: Item) = Permission, "Request", "Request {item} {stamp}, #{number}";
        /// I have heard of this.
        Acknowledge(number: u16, stamp: Stamp, item: Item) = Value reply, "Acknowledgement",
            "Acknowledge {item} {stamp}, #{number}";
        /// I have released the resource, for which I had asked with this.
        Release(number: u16, stamp: Stamp, item: Item) = Decision, "Release", "Release {item} {stamp}, #{number}";
    }
}

impl Message {
    /// Its number on its link, its timestamp, and what it is about.
    pub(super) fn parts(&self) -> (u16, Stamp, Item) {
        match *self {
            Message::Data(number, stamp, item)
            | Message::Request(number, stamp, item)
            | Message::Acknowledge(number, stamp, item)
            | Message::Release(number, stamp, item) => (number, stamp, item),
        }
    }
}

facts! {
    /// What happens.
    Fact {
        /// A node broadcasts a message.
        Broadcast {
            /// Which.
            item: Item,
            /// Its timestamp.
            stamp: Stamp,
        } = Received, "broadcasts {node}.{} ({}, {})", item.0.node, item.0.ordinal, stamp.counter, stamp.node;
        /// A node delivers a message.
        Delivered {
            /// Which.
            item: Item,
        } = Delivered, "{node}.{}", item.0.node, item.0.ordinal;
        /// A node asks for the resource.
        Asked {
            /// Its request.
            item: Item,
            /// With this timestamp.
            stamp: Stamp,
        } = Received, "asks: {node}.{} ({}, {})", item.0.node, item.0.ordinal, stamp.counter, stamp.node;
        /// A node gets the resource.
        Granted {
            /// The request for which it does.
            item: Item,
        } = Elected, "{node}.{} granted", item.0.node, item.0.ordinal;
        /// A node releases the resource.
        Released {
            /// The request for which it had it.
            item: Item,
        } = Turning, "releases";
    }
}
