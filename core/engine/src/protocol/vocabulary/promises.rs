//! What a protocol promises, by itself or with others.

use crate::protocol::{Property, When};

/// Declares what is promised: makes the enum `Promise` and `Promise::ALL`. [`Findings`](crate::protocol::Findings) take its
/// values: `findings.breaks(Promise::ClockCondition, || ..)`. At most 32.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// promises! {
///     NoDuplication: Always = "no-duplication", "No duplication",
///         "No node delivers an item twice.", "Hadzilacos & Toueg 1994";
///     EverybodyDelivers: ByTheEnd = "everybody-delivers", "Everybody delivers",
///         "What one node delivers, all deliver.", "Hadzilacos & Toueg 1994";
/// }
/// ```
///
/// A judge that several protocols share declares its promises beside it. A protocol with promises of its own besides begins
/// with `from broadcast::Promise;` (several lists with commas): they come first, in this order. The shared judge finds its
/// place: `findings.within::<P>(Promise::ALL, |findings| ..)`.
#[macro_export]
macro_rules! promises {
    (from $($Shared:ty),+; $($own:tt)*) => { $crate::promises!(@list [$($Shared),+] $($own)*); };

    (@list [$($Shared:ty),*]
        $( $Promise:ident: $When:ident = $id:literal, $name:literal, $sentence:literal, $source:literal; )+
    ) => {
        /// What a run is judged by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Promise { $( #[doc = $sentence] $Promise ),+ }

        impl Promise {
            const SHARED: usize = 0 $(+ <$Shared>::ALL.len())*;
            const OWN: &'static [$crate::protocol::Property] = &[$( $crate::protocol::Property {
                id: $id,
                name: $name,
                when: $crate::protocol::When::$When,
                sentence: $sentence,
                source: $source,
            } ),+];

            /// The promises as a specification lists them: shared ones first.
            pub const ALL: &'static [$crate::protocol::Property] =
                &$crate::protocol::vocabulary::joined::<{ Promise::SHARED + Promise::OWN.len() }>(
                    &[$(<$Shared>::ALL,)* Promise::OWN]
                );
        }

        impl From<Promise> for u8 {
            fn from(promise: Promise) -> u8 {
                Promise::SHARED as u8 + promise as u8
            }
        }
    };

    ($($own:tt)+) => { $crate::promises!(@list [] $($own)+); };
}

/// Several lists of promises as one, which has `N`.
#[must_use]
pub const fn joined<const N: usize>(lists: &[&[Property]]) -> [Property; N] {
    const NONE: Property = Property { id: "", name: "", when: When::Always, sentence: "", source: "" };
    assert!(N <= 32, "a protocol promises at most 32 things");
    let mut all = [NONE; N];
    let (mut list, mut place) = (0, 0);
    while list < lists.len() {
        let mut own = 0;
        while own < lists[list].len() {
            all[place] = lists[list][own];
            (own, place) = (own + 1, place + 1);
        }
        list += 1;
    }
    all
}
