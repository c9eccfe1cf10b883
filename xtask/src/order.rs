//! An order of texts in which like stands beside like.

use std::collections::VecDeque;

/// So many bytes are compared at a time.
const PIECE: usize = 5;
/// What more texts than these have says nothing of any.
const COMMON: usize = 60;
/// How far back counts, in bytes: nearly as far as compression looks.
const BEHIND: usize = 30_000;

/// The texts' places in an order in which each shares as many pieces as can be with those shortly before it: the longest first, then
/// always the one that shares most for its length.
pub fn alike(texts: &[&[u8]]) -> Vec<usize> {
    let mut order = Order::of(texts);
    let mut left: Vec<usize> = (0..texts.len()).collect();
    let mut next = left.iter().copied().max_by_key(|text| (texts[*text].len(), usize::MAX - text));
    let mut behind = VecDeque::new();
    let (mut length, mut chosen) = (0, Vec::new());
    while let Some(text) = next {
        left.retain(|other| *other != text);
        chosen.push(text);
        behind.push_back(text);
        length += texts[text].len();
        order.enter(text);
        while length > BEHIND && behind.len() > 1 {
            let Some(gone) = behind.pop_front() else { break };
            length -= texts[gone].len();
            order.leave(gone);
        }
        next = left.iter().copied().max_by_key(|text| (order.likeness(*text), usize::MAX - text));
    }
    chosen
}

/// Which texts have which pieces in common, and what is shortly before.
struct Order {
    /// The pieces of each text that others have, too, by number.
    pieces: Vec<Vec<usize>>,
    /// The texts that have each piece.
    having: Vec<Vec<usize>>,
    /// How many texts shortly before have each piece.
    present: Vec<usize>,
    /// How many of its pieces are shortly before.
    score: Vec<u64>,
    /// How much a score of each text is divided by: its length, less than in proportion.
    weight: Vec<u64>,
}

impl Order {
    fn of(texts: &[&[u8]]) -> Order {
        let mut all: Vec<(&[u8], usize)> = Vec::new();
        let mut weight = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            let mut own: Vec<&[u8]> = text.windows(PIECE).collect();
            own.sort();
            own.dedup();
            // The length to three quarters, times sixteen.
            let length = own.len() as u64 + 8;
            weight.push((length.pow(3) << 16).isqrt().isqrt().max(1));
            all.extend(own.into_iter().map(|piece| (piece, place)));
        }
        all.sort();
        let mut pieces = vec![Vec::new(); texts.len()];
        let mut having = Vec::new();
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            if (2..=COMMON).contains(&same.len()) {
                let texts: Vec<usize> = same.iter().map(|(_, text)| *text).collect();
                texts.iter().for_each(|text| pieces[*text].push(having.len()));
                having.push(texts);
            }
        }
        Order { present: vec![0; having.len()], score: vec![0; texts.len()], pieces, having, weight }
    }

    fn enter(&mut self, text: usize) {
        for piece in &self.pieces[text] {
            self.present[*piece] += 1;
            if self.present[*piece] == 1 {
                self.having[*piece].iter().for_each(|other| self.score[*other] += 1);
            }
        }
    }

    fn leave(&mut self, text: usize) {
        for piece in &self.pieces[text] {
            self.present[*piece] -= 1;
            if self.present[*piece] == 0 {
                self.having[*piece].iter().for_each(|other| self.score[*other] -= 1);
            }
        }
    }

    fn likeness(&self, text: usize) -> u64 {
        (self.score[text] << 20) / self.weight[text]
    }
}
