//! Vector clocks as JSON: an object with a count for each host. Other JSON is none, so a whole reader of JSON would only be
//! weight.

use std::iter::Peekable;
use std::str::Chars;

/// The counts of a clock, by host; none if the text is no object of whole numbers.
pub(crate) fn read(text: &str) -> Option<Vec<(String, u32)>> {
    let mut letters = text.trim().chars().peekable();
    let mut counts = Vec::new();
    take(&mut letters, '{')?;
    if take(&mut letters, '}').is_none() {
        loop {
            let host = string(&mut letters)?;
            take(&mut letters, ':')?;
            counts.push((host, number(&mut letters)?));
            if take(&mut letters, ',').is_none() {
                take(&mut letters, '}')?;
                break;
            }
        }
    }
    letters.next().is_none().then_some(counts)
}

fn take(letters: &mut Peekable<Chars<'_>>, sign: char) -> Option<()> {
    while letters.next_if(char::is_ascii_whitespace).is_some() {}
    letters.next_if_eq(&sign).map(|_| ())
}

fn number(letters: &mut Peekable<Chars<'_>>) -> Option<u32> {
    while letters.next_if(char::is_ascii_whitespace).is_some() {}
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    let number = digits.parse().ok()?;
    while letters.next_if(char::is_ascii_whitespace).is_some() {}
    Some(number)
}

fn string(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    take(letters, '"')?;
    let mut text = String::new();
    loop {
        text.push(match letters.next()? {
            '"' => return Some(text),
            '\\' => match letters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits: String = letters.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                sign @ ('"' | '\\' | '/') => sign,
                _ => return None,
            },
            letter => letter,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_an_object_of_whole_numbers_and_nothing_else() {
        let one = |host: &str, count| Some(vec![(String::from(host), count)]);
        assert_eq!(read(r#" { "a b" : 12 } "#), one("a b", 12));
        assert_eq!(read(r#"{"\u0061\"\/":0}"#), one("a\"/", 0));
        assert_eq!(read("{}"), Some(Vec::new()));
        assert_eq!(read(r#"{"a":1, "b":2}"#).map(|counts| counts.len()), Some(2));
        for bad in
            ["", "{", "[1]", r#"{"a":}"#, r#"{"a":-1}"#, r#"{"a":1.5}"#, r#"{"a":1,}"#, r#"{"a":1} x"#, r#"{a:1}"#]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(r#"{"a":99999999999}"#), None, "more than a count can be");
    }
}
