//! Texts as addresses and HTML have them.

/// Words as an address has them.
#[must_use]
pub fn slug(words: &str) -> String {
    let letters = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    let plain: String = words.replace('’', "").chars().map(letters).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

/// A text with nothing in it that HTML would take for its own.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
