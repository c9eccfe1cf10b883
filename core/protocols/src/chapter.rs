//! What a chapter says of itself, and the macro that lists its protocols.

use lightcone_engine::protocol::Protocol;

/// A chapter of the curriculum: what can be said of it without the code of its protocols.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// Its name in file names: the folder of its protocols and of their runs. Empty while it has no protocol.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it is about, in one sentence.
    pub sentence: &'static str,
    /// Its protocols, in the order in which they are shown. Empty while there is none.
    pub cards: &'static [Card],
}

/// What identifies a protocol. A page that loads protocols when they are needed has the cards of all.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// Its number in links.
    pub number: u8,
    /// Its name in files and addresses.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

impl Card {
    /// The card of a protocol.
    #[must_use]
    pub const fn of<P: Protocol>() -> Card {
        let own = P::SPECIFICATION;
        Card { number: own.number, id: own.id, title: own.title }
    }
}

/// Lists the protocols of a chapter, in the order in which they are shown: makes `CHAPTER`, what can be said without them, and
/// `PROTOCOLS`, which has them.
macro_rules! chapter {
    ($id:literal, $title:literal, $sentence:literal; $($Protocol:ty),+ $(,)?) => {
        /// What can be said of the chapter without its protocols.
        pub const CHAPTER: $crate::Chapter = $crate::Chapter {
            id: $id,
            title: $title,
            sentence: $sentence,
            cards: &[$($crate::Card::of::<$Protocol>()),+],
        };

        /// The chapter's protocols.
        pub const PROTOCOLS: &lightcone_engine::protocol::Protocols =
            &[$(&lightcone_engine::protocol::Erased::<$Protocol>::new()),+];
    };
}
pub(crate) use chapter;
