//! The expressions of a log: written for JavaScript, read here.

use lightcone_engine::limits::MAX_LOG_EXPRESSION_BYTES;
use regex_lite::{Regex, RegexBuilder};

/// The two usual forms: the event before its clock, as ShiViz takes it by itself and as runs are exported, and after it.
pub(crate) const USUAL: [&str; 2] =
    [r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})", r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)"];

/// Reads an expression. Lines begin at `^` and end at `$`.
///
/// # Errors
/// Why it is none, in words of the library: "look-around is not supported".
pub(crate) fn compile(expression: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(&rewritten(expression));
    builder.multi_line(true).size_limit(MAX_LOG_EXPRESSION_BYTES).build().map_err(|error| error.to_string())
}

/// JavaScript takes a bracket that counts nothing as itself, and has no sets inside of sets.
fn rewritten(expression: &str) -> String {
    let mut written = String::new();
    let mut rest = expression;
    let mut in_set = false;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match (letter, in_set) {
            ('\\', _) => {
                let escaped = after.chars().next().map_or(0, char::len_utf8);
                written.push_str(&rest[..1 + escaped]);
                rest = &after[escaped..];
                continue;
            }
            ('[', false) => in_set = true,
            (']', true) => in_set = false,
            ('[' | '&' | '~', true) => written.push('\\'),
            ('{', false) if !counts(after) => written.push('\\'),
            _ => {}
        }
        written.push(letter);
        rest = after;
    }
    written
}

/// Whether a bracket opens a count: `{2}`, `{2,}` or `{2,3}`.
fn counts(after: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((inside, _)) = after.split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_read_as_javascript_reads_them() {
        assert_eq!(rewritten(r"(?<clock>{.*})"), r"(?<clock>\{.*})");
        assert_eq!(rewritten(r"a{2,3}b{2}c{x}\{"), r"a{2,3}b{2}c\{x}\{");
        assert_eq!(rewritten(r"[^{[&]"), r"[^{\[\&]");
        for usual in USUAL {
            compile(usual).expect("the usual forms can be read");
        }
        assert!(compile(r"(?=x)").is_err() && compile(r"(a)\1").is_err() && compile("(").is_err());
        assert!(compile("(x{1000}){1000}").is_err(), "it would be too large");
    }
}
