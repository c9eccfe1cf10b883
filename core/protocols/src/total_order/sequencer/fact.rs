//! What happens, for figure and judge.

use crate::parts::broadcast::Item;
use lightcone_engine::prelude::*;

facts! {
    /// What happens.
    Fact {
        /// A node broadcasts a message.
        Broadcast {
            /// Which.
            item: Item,
        } = Received, "broadcasts {node}.{}", item.0.node, item.0.ordinal;
        /// A node delivers a message.
        Delivered {
            /// Its number.
            number: u32,
            /// Which.
            item: Item,
        } = Delivered, "{}: {node}.{}", number, item.0.node, item.0.ordinal;
        /// The operator promotes a node.
        Promoted {
            /// Into which epoch.
            epoch: u32,
        } = Turning, "promoted, epoch {}", epoch;
        /// It has a majority, and numbers from now on.
        Leads {
            /// In which epoch.
            epoch: u32,
        } = Elected, "sequencer, epoch {}", epoch;
    }
}
