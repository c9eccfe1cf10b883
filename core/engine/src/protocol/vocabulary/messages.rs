//! Messages.

/// Declares the messages: makes the enum, its kinds and its labels. Each variant is a kind, and its name is part of every
/// published link. At most 32.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// messages! {
///     /// What travels.
///     Message {
///         /// May I lead this term?
///         RequestVote {
///             /// The term in which the sender stands.
///             term: u32,
///         } = Permission, "Vote request", "Vote request, term {term}";
///         /// Yes or no.
///         Vote {
///             /// The voter's term.
///             term: u32,
///             /// Whether it is a yes.
///             granted: bool,
///         } = Permission reply, "Vote", |f| match granted {
///             true => write!(f, "Vote, term {term}"),
///             false => write!(f, "No vote, term {term}"),
///         };
///         /// Accept this value.
///         Accept(value: i32) = Value, "Accept", "Accept {value}";
///         /// I am here.
///         Beat = Beat, "Heartbeat";
///     }
/// }
/// ```
///
/// After `=` come the message's purpose (a [`Style`](crate::protocol::Style)), `reply` if it answers another message, the
/// kind's name in the figure, and the full label. The label is a text with fields in braces, or `|f|` and code that writes
/// it, where fields are references. Without a full label, the kind's name is the label. `Accept(value: i32)` is a variant
/// with one unnamed field, which the label calls `value`.
#[macro_export]
macro_rules! messages {
    ($(#[$doc:meta])* $Message:ident { $(
        $(#[$about:meta])* $Name:ident
        $({ $( $(#[$note:meta])* $field:ident: $type:ty ),* $(,)? })?
        $(( $($part:ident: $part_type:ty),* ))?
        = $Style:ident $($reply:ident)?, $short:literal $(, $label:literal)? $(, |$f:ident| $write:expr)?;
    )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $Message { $(
            $(#[$about])*
            $Name $({ $( $(#[$note])* $field: $type ),* })? $(( $($part_type),* ))?
        ),+ }

        impl $crate::protocol::Message for $Message {
            const KINDS: &'static [$crate::protocol::Kind] = &[$( $crate::protocol::Kind {
                name: stringify!($Name),
                label: $short,
                style: $crate::protocol::Style::$Style,
                reply: $crate::messages!(@reply $($reply)?),
            } ),+];

            fn kind(&self) -> u8 {
                enum Place { $($Name),+ }
                match self { $( $Message::$Name { .. } => Place::$Name as u8 ),+ }
            }
        }

        const _: () = assert!(
            <$Message as $crate::protocol::Message>::KINDS.len() <= 32,
            "a protocol has at most 32 kinds of message"
        );

        impl core::fmt::Display for $Message {
            #[allow(unused_variables)]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self { $(
                    $Message::$Name $({ $($field),* })? $(( $($part),* ))? => {
                        $crate::messages!(@label f, $short $(, $label)? $(, |$f| $write)?)
                    }
                ),+ }
            }
        }
    };

    (@reply) => { false };
    (@reply reply) => { true };

    (@label $out:ident, $short:literal) => { $out.write_str($short) };
    (@label $out:ident, $short:literal, $label:literal) => { write!($out, $label) };
    (@label $out:ident, $short:literal, |$f:ident| $write:expr) => {{ let $f = $out; $write }};
}
