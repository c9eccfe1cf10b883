//! The ground of labels in squares, so that few things are asked whether they meet an area.

use super::geometry::within;
use super::labels::Area;
use std::ops::Range;

/// A list, and the squares of the ground that its items touch, so that few are asked.
pub(super) struct Spread<T> {
    pub(super) all: Vec<T>,
    columns: usize,
    /// Where the links of each square begin in `links`, from 1; 0 if it has none.
    cells: Vec<u32>,
    /// A place of the list, and the next link of the same square.
    links: Vec<(u32, u32)>,
}

/// The side of such a square.
const CELL: f64 = 32.0;

/// Small squares of the ground that lie as a whole in what is taken, a bit each: it rejects most places at once.
pub(super) struct Mask {
    /// Words of a row.
    words: usize,
    bits: Vec<u64>,
}

/// The side of such a square.
const SMALL: f64 = 4.0;

impl<T> Spread<T> {
    pub(super) fn over(bounds: &Area) -> Spread<T> {
        let count = |length: f64| (within(length / CELL, 0.0, 400.0) as usize) + 1;
        let columns = count(bounds.right);
        Spread { all: Vec::new(), columns, cells: vec![0; columns * count(bounds.bottom)], links: Vec::new() }
    }

    pub(super) fn add(&mut self, item: T, area: &Area) {
        let place = self.all.len() as u32;
        self.all.push(item);
        let (across, down) = self.touched(area);
        for row in down {
            for cell in &mut self.cells[row * self.columns..][across.clone()] {
                self.links.push((place, *cell));
                *cell = self.links.len() as u32;
            }
        }
    }

    /// Whether this is so of an item near an area. Some are asked more than once.
    pub(super) fn near(&self, area: &Area, mut so: impl FnMut(u32, &T) -> bool) -> bool {
        let (across, mut down) = self.touched(area);
        down.any(|row| {
            self.cells[row * self.columns..][across.clone()].iter().any(|cell| {
                let mut next = *cell;
                while next != 0 {
                    let (place, link) = self.links[next as usize - 1];
                    if so(place, &self.all[place as usize]) {
                        return true;
                    }
                    next = link;
                }
                false
            })
        })
    }

    /// How many items near an area this is so of.
    pub(super) fn count(&self, area: &Area, mut so: impl FnMut(&T) -> bool) -> usize {
        let mut found: Vec<u32> = Vec::new();
        self.near(area, |place, item| {
            if so(item) && !found.contains(&place) {
                found.push(place);
            }
            false
        });
        found.len()
    }

    /// The columns and the rows of the squares that an area touches. A place beyond the ground counts as its edge.
    fn touched(&self, area: &Area) -> (Range<usize>, Range<usize>) {
        // A number below zero becomes zero.
        let cell = |length: f64, count: usize| ((length / CELL) as usize).min(count - 1);
        let rows = self.cells.len() / self.columns;
        let across = cell(area.left, self.columns)..cell(area.right, self.columns) + 1;
        (across, cell(area.top, rows)..cell(area.bottom, rows) + 1)
    }
}

impl Mask {
    pub(super) fn over(bounds: &Area) -> Mask {
        let count = |length: f64| within(length / SMALL, 0.0, 3_200.0) as usize + 1;
        let words = count(bounds.right).div_ceil(64);
        Mask { words, bits: vec![0; words * count(bounds.bottom)] }
    }

    /// An area is taken.
    pub(super) fn fill(&mut self, area: &Area) {
        let squares = |from: f64, to: f64| ((from / SMALL).ceil() as usize, (to / SMALL) as usize);
        let ((left, right), (top, bottom)) = (squares(area.left, area.right), squares(area.top, area.bottom));
        let (last, bottom) = (right.div_ceil(64).min(self.words), bottom.min(self.bits.len() / self.words));
        for place in left / 64..last {
            let bits = span(left, right, place);
            (top..bottom).for_each(|row| self.bits[row * self.words + place] |= bits);
        }
    }

    /// Whether an area meets one that is taken. If not, it may still meet one.
    pub(super) fn meets(&self, area: &Area) -> bool {
        let squares = |from: f64, to: f64| ((from / SMALL) as usize, (to / SMALL).ceil() as usize);
        let ((left, right), (top, bottom)) = (squares(area.left, area.right), squares(area.top, area.bottom));
        let (last, bottom) = (right.div_ceil(64).min(self.words), bottom.min(self.bits.len() / self.words));
        (left / 64..last).any(|place| {
            let bits = span(left, right, place);
            (top..bottom).any(|row| self.bits[row * self.words + place] & bits != 0)
        })
    }
}

/// The bits of a word that are in a stretch of a row of bits.
fn span(from: usize, to: usize, word: usize) -> u64 {
    let below = |bit: usize| match bit.saturating_sub(word * 64) {
        64.. => u64::MAX,
        bits => (1 << bits) - 1,
    };
    below(to) & !below(from)
}
