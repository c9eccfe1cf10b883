//! Which signs of the figure were explained, and the one that is explained now.

use lightcone_figure::draw::signs::Found;
use lightcone_figure::read::signs::Sign;

/// A sign of the figure with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The sign, and where it is.
    pub found: Found,
    /// Its name.
    pub name: &'static str,
    /// Its two sentences, with names and times.
    pub said: String,
}

/// The signs that were explained since the page was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known(u64);

impl Known {
    /// Whether this sign was explained.
    #[must_use]
    pub fn has(self, sign: Sign) -> bool {
        self.0 & bit(sign) != 0
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, sign: Sign) -> Known {
        Known(self.0 | bit(sign))
    }
}

fn bit(sign: Sign) -> u64 {
    // There are fewer signs than bits: a test sees to it.
    1 << sign as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_figure::read::signs::CHAPTERS;

    #[test]
    fn each_sign_is_known_by_itself() {
        let all = || CHAPTERS.iter().flat_map(|(_, signs)| signs.iter().copied());
        assert!(all().all(|sign| (sign as u32) < u64::BITS));
        for sign in all() {
            let known = Known::default().with(sign);
            assert!(all().all(|other| known.has(other) == (other == sign)));
        }
    }
}
