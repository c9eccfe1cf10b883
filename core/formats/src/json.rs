//! JSON, as far as it is written here: objects, arrays and texts. Each value is the text that stands for it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use lightcone_judges::is_unseen;

/// An object with the fields that there are.
#[must_use]
pub fn object(fields: &[(&str, Option<String>)]) -> String {
    let there = fields.iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", value.as_ref()?)));
    ["{", &there.collect::<Vec<String>>().join(","), "}"].concat()
}

/// An array, each item on a line of its own.
pub fn list(items: impl Iterator<Item = String>) -> String {
    ["[", &items.collect::<Vec<String>>().join(",\n"), "]"].concat()
}

/// A text in quotes. Characters that a terminal obeys are escaped.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            // Writing to a string does not fail.
            letter if is_unseen(letter) => _ = write!(quoted, "\\u{:04x}", letter as u32),
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(quoted("a \"b\"\\\n\u{7f}é"), "\"a \\\"b\\\"\\\\\\u000a\\u007fé\"");
    }
}
