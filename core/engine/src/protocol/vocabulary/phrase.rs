//! Phrases, and what fills their blanks.

use crate::id::NodeId;
use crate::operation::Key;

/// Makes a [`Phrase`](crate::phrase::Phrase) of a text and the values that fill its blanks, in order.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// # let (term, key, node) = (3_u32, Key(0), NodeId(1));
/// assert_eq!(phrase!("term {} has passed", term).show(|_| String::new()), "term 3 has passed");
/// assert_eq!(phrase!("{key} locked by {node}", key, node).show(|_| "P1".into()), "x locked by P1");
/// assert_eq!(phrase!("it has its quorum"), Phrase::plain("it has its quorum"));
/// ```
///
/// The compiler checks that there are as many blanks as values, and at most four.
#[macro_export]
macro_rules! phrase {
    ($text:literal $(, $number:expr)* $(,)?) => {{
        const {
            assert!($crate::protocol::vocabulary::blanks($text) == 0 $(+ { _ = stringify!($number); 1 })*, "one number a blank");
        }
        $crate::phrase::Phrase::with($text, &[$( $crate::protocol::vocabulary::Blank::blank(&$number) ),*])
    }};
}

/// A value that can fill the blank of a phrase.
pub trait Blank {
    /// The number that stands for the value.
    fn blank(&self) -> i32;
}

macro_rules! numbers {
    ($($type:ty),*) => { $( impl Blank for $type {
        fn blank(&self) -> i32 {
            *self as i32
        }
    } )* };
}

numbers!(u8, u16, u32, i32, usize);

/// Shown by its name where the text says `{node}`.
impl Blank for NodeId {
    fn blank(&self) -> i32 {
        self.0.into()
    }
}

/// Shown by its letter where the text says `{key}`.
impl Blank for Key {
    fn blank(&self) -> i32 {
        self.0.into()
    }
}

impl<T: Blank> Blank for &T {
    fn blank(&self) -> i32 {
        (*self).blank()
    }
}

/// The number of blanks in a text.
#[must_use]
pub const fn blanks(text: &str) -> usize {
    let text = text.as_bytes();
    let (mut count, mut place) = (0, 0);
    while place < text.len() {
        if text[place] == b'{' {
            count += 1;
        }
        place += 1;
    }
    assert!(count <= 4, "a phrase has at most four blanks");
    count
}
