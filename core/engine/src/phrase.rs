//! A sentence as a fixed text and up to four numbers. It is put together only when it is shown.

use crate::id::NodeId;
use crate::operation::Key;
use alloc::string::String;
use core::fmt::Write;

/// A text with blanks and the numbers that fill them.
///
/// `{}` takes the next number as it is, `{node}` as a node's name, `{key}` as a key's letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// The text with its blanks.
    pub text: &'static str,
    /// What fills them, in order.
    pub numbers: [i32; 4],
}

impl Phrase {
    /// A phrase without blanks.
    #[must_use]
    pub const fn plain(text: &'static str) -> Phrase {
        Phrase { text, numbers: [0; 4] }
    }

    /// A phrase with `numbers` in its blanks. A missing number is 0; numbers after the fourth are not shown.
    #[must_use]
    pub fn with(text: &'static str, numbers: &[i32]) -> Phrase {
        let mut phrase = Phrase::plain(text);
        for (slot, number) in phrase.numbers.iter_mut().zip(numbers) {
            *slot = *number;
        }
        phrase
    }

    /// The sentence; `name` gives a node's name.
    #[must_use]
    pub fn show(&self, name: impl Fn(NodeId) -> String) -> String {
        self.filled(&name)
    }

    fn filled(&self, name: &dyn Fn(NodeId) -> String) -> String {
        let mut shown = String::new();
        let mut numbers = self.numbers.iter().copied();
        let mut rest = self.text;
        while let Some((before, blank)) = rest.split_once('{') {
            shown.push_str(before);
            let (word, after) = blank.split_once('}').unwrap_or((blank, ""));
            let number = numbers.next().unwrap_or(0);
            match word {
                "node" => shown.push_str(&name(NodeId(number as u8))),
                "key" => drop(write!(shown, "{}", Key(number as u8))),
                _ => drop(write!(shown, "{number}")),
            }
            rest = after;
        }
        shown.push_str(rest);
        shown
    }
}
