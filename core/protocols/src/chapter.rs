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

/// The place of the card with this name.
#[must_use]
pub const fn place(cards: &[Card], id: &str) -> Option<usize> {
    let mut place = 0;
    while place < cards.len() {
        if is(cards[place].id, id) {
            return Some(place);
        }
        place += 1;
    }
    None
}

const fn is(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut same = 0;
    while same < one.len() && same < other.len() && one[same] == other[same] {
        same += 1;
    }
    same == one.len() && same == other.len()
}

/// Lists the protocols of a chapter, in the order in which they are shown: makes `CHAPTER`, what can be said without them,
/// `PROTOCOLS`, which has them, and `protocol`, which has one.
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

        /// The chapter's protocol of this name, for names that are known when this is compiled.
        #[must_use]
        pub const fn protocol(id: &str) -> &'static dyn lightcone_engine::protocol::AnyProtocol {
            PROTOCOLS[$crate::chapter::place(CHAPTER.cards, id).expect("a protocol of the chapter")]
        }
    };
}
pub(crate) use chapter;
