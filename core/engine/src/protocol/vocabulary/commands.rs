//! What can be asked of a lane in the protocol's own words.

/// Declares the protocol's own operations: makes the enum `Command` of what is asked, with its argument, `Command::of`,
/// `Command::ALL`, and the enum `Verb` of their numbers for [`Accepts::Command`](crate::protocol::Accepts::Command).
///
/// ```
/// # use lightcone_engine::prelude::*;
/// commands! {
///     /// Hand leadership to this server.
///     TransferTo(Node) = "transfer-to", "Hand leadership to";
///     /// Propose this value.
///     Propose(Number) = "propose", "Propose";
///     /// Become the sequencer.
///     Promote = "promote", "Make it the sequencer";
/// }
/// # let operation = Operation::Command { verb: 0, argument: 2 };
/// match Command::of(operation) {
///     Some(Command::TransferTo(node)) => assert_eq!(node, NodeId(2)),
///     Some(Command::Propose(_) | Command::Promote) | None => unreachable!(),
/// }
/// const LEADERS: &[Accepts] = &[Verb::TransferTo.accepted(), Accepts::Read];
/// ```
#[macro_export]
macro_rules! commands {
    ($( $(#[$about:meta])* $Command:ident $(($Argument:ident))? = $id:literal, $name:literal; )+) => {
        /// What can be asked, with what it is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command { $( $(#[$about])* $Command $(($crate::commands!(@type $Argument)))? ),+ }

        /// The numbers of what can be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(dead_code)]
        pub enum Verb { $( $(#[$about])* $Command ),+ }

        impl Verb {
            /// Says that a lane takes such commands.
            #[must_use]
            #[allow(dead_code)]
            pub const fn accepted(self) -> $crate::protocol::Accepts {
                $crate::protocol::Accepts::Command(self as u8)
            }
        }

        impl Command {
            /// The commands as a specification lists them.
            pub const ALL: &'static [$crate::protocol::Command] = &[$( $crate::protocol::Command {
                id: $id,
                name: $name,
                argument: $crate::commands!(@argument $($Argument)?),
            } ),+];

            /// What an operation asks; none if it is a read or a write, or no such command.
            #[must_use]
            pub fn of(operation: $crate::operation::Operation) -> Option<Command> {
                let $crate::operation::Operation::Command { verb, argument } = operation else { return None };
                // Not every command has an argument.
                let _ = argument;
                $( if verb == Verb::$Command as u8 {
                    return Some(Command::$Command $(($crate::commands!(@read $Argument argument)))?);
                } )+
                None
            }
        }
    };

    (@argument) => { $crate::protocol::Argument::Nothing };
    (@argument Node) => { $crate::protocol::Argument::Node };
    (@argument Number) => { $crate::protocol::Argument::Number };
    (@type Node) => { $crate::id::NodeId };
    (@type Number) => { u8 };
    (@read Node $argument:ident) => { $crate::id::NodeId($argument) };
    (@read Number $argument:ident) => { $argument };
}
