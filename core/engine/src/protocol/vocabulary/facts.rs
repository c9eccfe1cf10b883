//! What happens, for figure and judge alike.

/// Declares what happens in a run: an enum whose values `out.happened(..)` takes, with the mark and phrase that the lane
/// shows. A kind's name, by which a search looks for it, is the variant's.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// facts! {
///     /// What happens.
///     Fact {
///         /// A node has given a stamp.
///         Stamped {
///             /// Its counter then.
///             counter: u32,
///             /// Which node.
///             node: u8,
///         } = Applied, "({}, {})", counter, node;
///         /// A proposer proposes a value, its own or one that it found.
///         Proposes {
///             /// Which value.
///             value: i32,
///             /// The ballot in which it was found.
///             of: Option<u32>,
///         } => match of {
///             Some(ballot) => (Mark::Elected, phrase!("proposes {} of ballot {}", value, ballot)),
///             None => (Mark::Elected, phrase!("proposes {}", value)),
///         };
///         /// A message was delivered: nothing to see, but judges ask.
///         Heard {
///             /// From whom.
///             from: NodeId,
///         };
///     }
/// }
/// # assert_eq!(Fact::Heard { from: NodeId(1) }.shown(), None);
/// ```
///
/// After `=`: a [`Mark`](crate::protocol::Mark), a text and what fills its blanks, as in [`phrase!`](crate::phrase!). After
/// `=>`: an expression of a mark and a phrase. Without either, the lane shows nothing. Fields are references in both. A fact
/// counts as one effect of its handler, with or without a mark: a crash may come before or after it.
#[macro_export]
macro_rules! facts {
    ($(#[$doc:meta])* $Fact:ident { $(
        $(#[$about:meta])* $Name:ident
        $({ $( $(#[$note:meta])* $field:ident: $type:ty ),* $(,)? })?
        $(= $Mark:ident, $text:literal $(, $number:expr)*)? $(=> $shown:expr)?;
    )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $Fact { $( $(#[$about])* $Name $({ $( $(#[$note])* $field: $type ),* })? ),+ }

        impl $crate::protocol::Fact for $Fact {
            const NAMES: &'static [&'static str] = &[$( stringify!($Name) ),+];

            fn kind(&self) -> u8 {
                enum Place { $($Name),+ }
                match self { $( $Fact::$Name { .. } => Place::$Name as u8 ),+ }
            }

            #[allow(unused_variables)]
            fn shown(&self) -> Option<($crate::protocol::Mark, $crate::phrase::Phrase)> {
                match self { $(
                    $Fact::$Name $({ $($field),* })? => {
                        $crate::facts!(@shown $($Mark, $text $(, $number)*)? $(=> $shown)?)
                    }
                ),+ }
            }
        }
    };

    (@shown) => { None };
    (@shown $Mark:ident, $text:literal $(, $number:expr)*) => {
        Some(($crate::protocol::Mark::$Mark, $crate::phrase!($text $(, $number)*)))
    };
    (@shown => $shown:expr) => { Some($shown) };
}
