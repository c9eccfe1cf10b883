//! What travels, and what happens.

use crate::parts::broadcast::Item;
use lightcone_engine::prelude::*;

/// A vector: one number for each node, in lane order. Empty where none is needed.
pub type Vector = PerNode<Vec<u16>>;

/// The vector as the field writes it: "2 · 0 · 1".
pub(super) fn shown(vector: &Vector) -> String {
    let numbers: Vec<String> = vector.iter().map(ToString::to_string).collect();
    numbers.join(" · ")
}

fn label(f: &mut fmt::Formatter<'_>, item: &Item, vector: &Vector, after: &str) -> fmt::Result {
    write!(f, "{item}{after}")?;
    if vector.is_empty() { Ok(()) } else { write!(f, ", {}", shown(vector)) }
}

messages! {
    /// What travels.
    Message {
        /// A message, from the node that broadcasts it.
        Data(item: Item, vector: Vector) = Value, "Message", |f| label(f, item, vector, "");
        /// The same, passed on by another. With uniform broadcast it says as well: I have it.
        Relay(item: Item, vector: Vector) = Value, "Relay", |f| label(f, item, vector, " passed on");
    }
}

impl Message {
    /// What it carries.
    pub(super) fn content(&self) -> (Item, &Vector) {
        match self {
            Message::Data(item, vector) | Message::Relay(item, vector) => (*item, vector),
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
        } = Received, "broadcasts {node}.{}", item.0.node, item.0.ordinal;
        /// A message comes to a node for the first time: nothing to see, but judges ask.
        Received {
            /// Which.
            item: Item,
        };
        /// A node delivers a message.
        Delivered {
            /// Which.
            item: Item,
        } = Delivered, "{node}.{}", item.0.node, item.0.ordinal;
    }
}
