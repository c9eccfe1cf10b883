//! Writes SVG path data from spots. Numbers become text in this file only.

use crate::plane::geometry::{Frame, Line, Point, Spot, spot};
use std::fmt::{self, Write as _};

/// Path data in the making.
pub struct Pen<'a> {
    frame: &'a Frame,
    data: String,
}

impl<'a> Pen<'a> {
    /// An empty path.
    #[must_use]
    pub fn new(frame: &'a Frame) -> Pen<'a> {
        Pen { frame, data: String::new() }
    }

    /// Lifts the pen to a spot.
    #[must_use]
    pub fn from(mut self, spot: Spot) -> Pen<'a> {
        self.write('M', spot);
        self
    }

    /// Draws a straight line to a spot.
    #[must_use]
    pub fn to(mut self, spot: Spot) -> Pen<'a> {
        self.write('L', spot);
        self
    }

    /// Draws a line that leaves one spot and comes to another in the direction of time.
    #[must_use]
    pub fn bend(mut self, from: Spot, to: Spot) -> Pen<'a> {
        let middle = f64::midpoint(from.along, to.along);
        for (letter, at) in [('C', spot(middle, from.across)), (' ', spot(middle, to.across)), (' ', to)] {
            self.write(letter, at);
        }
        self
    }

    /// Draws back to where the pen was set down.
    #[must_use]
    pub fn close(mut self) -> Pen<'a> {
        self.data.push('z');
        self
    }

    /// Draws a polygon around a spot, its corners given as steps along and across.
    #[must_use]
    pub fn around(self, at: Spot, corners: &[(f64, f64)]) -> Pen<'a> {
        self.stroke(at, corners).close()
    }

    /// Draws an open line near a spot, its points given as steps along and across.
    #[must_use]
    pub fn stroke(mut self, at: Spot, points: &[(f64, f64)]) -> Pen<'a> {
        for (place, (along, across)) in points.iter().enumerate() {
            let there = spot(at.along + along, at.across + across);
            self = if place == 0 { self.from(there) } else { self.to(there) };
        }
        self
    }

    /// Draws a circle around a spot; the radius is in pixels.
    #[must_use]
    pub fn circle(mut self, at: Spot, radius: f64) -> Pen<'a> {
        let Point { x, y } = self.frame.point(at);
        self.point('M', Point { x: x - radius, y });
        for across in [2.0, -2.0] {
            self.data.push('a');
            self.length(radius);
            self.data.push(' ');
            self.length(radius);
            self.data.push_str(" 0 1 0 ");
            self.length(radius * across);
            self.data.push_str(" 0");
        }
        self.data.push('z');
        self
    }

    /// A cross of this reach.
    #[must_use]
    pub fn cross(self, at: Spot, reach: f64) -> Pen<'a> {
        self.stroke(at, &[(-reach, -reach), (reach, reach)]).stroke(at, &[(reach, -reach), (-reach, reach)])
    }

    /// Draws a short line across a lane.
    pub fn tick(&mut self, at: Spot, half: f64) {
        self.write('M', spot(at.along, at.across - half));
        self.data.push(if self.frame.narrow { 'h' } else { 'v' });
        self.length(2.0 * half);
    }

    /// The path data.
    #[must_use]
    pub fn data(self) -> String {
        self.data
    }

    fn write(&mut self, letter: char, spot: Spot) {
        self.point(letter, self.frame.point(spot));
    }

    fn point(&mut self, letter: char, Point { x, y }: Point) {
        self.data.push(letter);
        self.length(x);
        self.data.push(' ');
        self.length(y);
    }

    fn length(&mut self, length: f64) {
        short(length).spell(|letter| self.data.push(letter));
    }
}

/// A length in pixels as attributes want it: with one decimal at most.
///
/// Written by way of whole tenths: the general way to write a float takes more room than all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short(i64);

/// A length in pixels, ready to be written.
#[must_use]
pub fn short(number: f64) -> Short {
    Short((number * 10.0).round() as i64)
}

impl Short {
    /// Hands out the letters of a length, one by one: most of a figure is lengths, and formatting is slow.
    fn spell(self, mut out: impl FnMut(char)) {
        // Twenty digits are enough for any number of tenths.
        let (mut digits, mut rest, mut first) = ([0_u8; 20], self.0.unsigned_abs(), 20);
        while rest > 0 || first > 18 {
            first -= 1;
            digits[first] = (rest % 10) as u8;
            rest /= 10;
        }
        if self.0 < 0 {
            out('-');
        }
        let letter = |digit: u8| char::from(b'0' + digit);
        digits[first..19].iter().for_each(|digit| out(letter(*digit)));
        if digits[19] != 0 {
            out('.');
            out(letter(digits[19]));
        }
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = Ok(());
        self.spell(|letter| written = written.and_then(|()| f.write_char(letter)));
        written
    }
}

/// Path data of straight lines, each by itself.
#[must_use]
pub fn straight(lines: impl IntoIterator<Item = Line>) -> String {
    let mut data = String::new();
    for (a, b) in lines {
        for (letter, length) in [('M', a.x), (' ', a.y), ('L', b.x), (' ', b.y)] {
            data.push(letter);
            short(length).spell(|letter| data.push(letter));
        }
    }
    data
}

/// The same as text.
#[must_use]
pub fn text(number: f64) -> String {
    short(number).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_decimal_at_most() {
        let texts = [0.0, 12.0, 12.34, 12.36, -0.5, -0.04, -7.0, 9e15].map(text);
        assert_eq!(texts, ["0", "12", "12.3", "12.4", "-0.5", "0", "-7", "9000000000000000"]);
    }
}
