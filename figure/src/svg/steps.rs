//! Path data in steps from point to point. Signs that look alike are then alike as text wherever they stand, so that a file with many
//! of them is small once it is compressed.

use std::fmt::Write;

/// The same path in steps; none if it has more than straight lines between points with one decimal at most.
pub fn in_steps(data: &str) -> Option<String> {
    let mut steps = String::with_capacity(data.len());
    let (mut begun, mut at) = ((0, 0), None::<(i64, i64)>);
    let mut rest = data;
    while let Some(letter) = rest.chars().next() {
        let (numbers, after) = split(rest.get(letter.len_utf8()..)?);
        rest = after;
        if letter == 'z' {
            steps.push('z');
            at = Some(begun);
            continue;
        }
        let (x, y) = numbers.split_once(' ')?;
        let to = (tenths(x)?, tenths(y)?);
        let by = at.map_or(to, |at| (to.0 - at.0, to.1 - at.1));
        match (letter, at, by) {
            ('M', None, _) => pair(&mut steps, 'M', by),
            ('M', Some(_), _) => pair(&mut steps, 'm', by),
            ('L', Some(_), (_, 0)) => one(&mut steps, 'h', by.0),
            ('L', Some(_), (0, _)) => one(&mut steps, 'v', by.1),
            ('L', Some(_), _) => pair(&mut steps, 'l', by),
            _ => return None,
        }
        if letter == 'M' {
            begun = to;
        }
        at = Some(to);
    }
    Some(steps)
}

/// What stands before the next letter, and the rest from there.
fn split(data: &str) -> (&str, &str) {
    data.split_at(data.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(data.len()))
}

/// A number with one decimal at most, in tenths.
fn tenths(number: &str) -> Option<i64> {
    let (sign, digits) = number.strip_prefix('-').map_or((1, number), |digits| (-1, digits));
    let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
    let tenth: u8 = tenth.parse().ok().filter(|tenth| *tenth < 10)?;
    Some(sign * (whole.parse::<i64>().ok()?.checked_mul(10)? + i64::from(tenth)))
}

fn pair(steps: &mut String, letter: char, (x, y): (i64, i64)) {
    one(steps, letter, x);
    // A minus parts numbers as well as a space.
    if y >= 0 {
        steps.push(' ');
    }
    number(steps, y);
}

fn one(steps: &mut String, letter: char, length: i64) {
    steps.push(letter);
    number(steps, length);
}

fn number(steps: &mut String, tenths: i64) {
    let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if tenths < 0 {
        steps.push('-');
    }
    // Writing to a string does not fail.
    let _ = match (whole, tenth) {
        (whole, 0) => write!(steps, "{whole}"),
        (0, tenth) => write!(steps, ".{tenth}"),
        (whole, tenth) => write!(steps, "{whole}.{tenth}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_point_is_a_step_from_the_one_before() {
        let steps = |data| in_steps(data).expect("it has straight lines only");
        assert_eq!(steps("M1.5 2L4 2L4 -0.5L3.8 -0.4zM2 2L3 4.1"), "M1.5 2h2.5v-2.5l-.2 .1zm.5 0l1 2.1");
        assert_eq!(steps(""), "");
        // The same sign at two places.
        let [one, other] = [steps("M10 10L14 14L6 14z"), steps("M20.3 7L24.3 11L16.3 11z")];
        assert_eq!(one.trim_start_matches("M10 10"), other.trim_start_matches("M20.3 7"));
    }

    #[test]
    fn what_has_more_than_straight_lines_stays_as_it_is() {
        for data in ["M1 2a3 3 0 1 0 6 0z", "M1 2C3 4 5 6 7 8", "L1 2", "M1", "M1 2.25L3 4", "M1e3 2"] {
            assert_eq!(in_steps(data), None, "{data}");
        }
    }
}
