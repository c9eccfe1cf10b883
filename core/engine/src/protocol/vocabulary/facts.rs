//! Facts, for figure and judges alike.

/// Declares the facts of a protocol: makes an enum whose values `out.happened(..)` takes, with the mark and the phrase on
/// the lane. A search looks for a fact by the name of its variant.
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
/// After `=` comes a [`Mark`](crate::protocol::Mark), a text and what fills its blanks, as in [`phrase!`](crate::phrase!).
/// After `=>` comes an expression of a mark and a phrase. Without either, the lane shows nothing. In both, fields are
/// references. A fact counts as one effect of its handler, with or without a mark: a crash may come before or after it.
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
