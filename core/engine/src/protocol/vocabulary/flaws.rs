//! Known wrong variants.

/// Declares the known wrong variants: makes the enum `Flaw`, `Flaw::ALL`, and `config.has(Flaw::..)` for the `Config` of
/// [`knobs!`](crate::knobs). At most 32.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// # knobs! {
/// #     /// Whether it asks before it stands.
/// #     pre_vote: Switch(off) = "pre-vote", "Pre-vote";
/// # }
/// flaws! {
///     VoteNotSaved = "vote-not-saved", "A vote is not saved before it is sent.";
///     PreVotesTwice = "pre-votes-twice", "A server answers yes to every pre-vote.", needs pre_vote 1;
/// }
/// ```
///
/// `needs` names knobs, each with the least value at which the flaw can show.
#[macro_export]
macro_rules! flaws {
    ($( $Flaw:ident = $id:literal, $sentence:literal $(, needs $knob:ident $least:literal)*; )+) => {
        /// Known wrong variants.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Flaw { $( #[doc = $sentence] $Flaw ),+ }

        impl Flaw {
            /// The flaws as a specification lists them.
            pub const ALL: &'static [$crate::protocol::Flaw] = &[$( $crate::protocol::Flaw {
                id: $id,
                sentence: $sentence,
                needs: &[$( (Knob::$knob as u8, $least) ),*],
            } ),+];
        }

        const _: () = assert!(Flaw::ALL.len() <= 32, "a protocol has at most 32 flaws");

        impl Config {
            /// Whether this run has the flaw.
            #[must_use]
            pub fn has(&self, flaw: Flaw) -> bool {
                self.flaws.has(flaw as u8)
            }
        }
    };
}
