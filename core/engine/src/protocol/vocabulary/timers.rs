//! Timers.

/// Declares the timers: makes the enum `Timer`. A timer's name in files is the name of its variant. At most 16. A protocol
/// without timers says `type Timer = NoTimer` and has no `on_timer`.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// timers! {
///     /// A follower or candidate: for a leader.
///     Election;
///     /// A client: for an answer.
///     Retry;
/// }
/// ```
#[macro_export]
macro_rules! timers {
    ($( $(#[$about:meta])* $Timer:ident; )+) => {
        /// What nodes wait for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Timer { $( $(#[$about])* $Timer ),+ }

        impl $crate::protocol::Timer for Timer {
            const ALL: &'static [(Timer, &'static str)] = &[$( (Timer::$Timer, stringify!($Timer)) ),+];
        }
    };
}

/// The timers of a protocol that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoTimer {}

impl crate::protocol::Timer for NoTimer {
    const ALL: &'static [(NoTimer, &'static str)] = &[];
}
