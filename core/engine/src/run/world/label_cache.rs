//! How one part looks under labels, kept beside it: a search looks at the same parts under the same labels all the time,
//! and to look this up anywhere else costs a twentieth of its speed.

use crate::hash::Labels;
use alloc::vec::Vec;
use core::cell::RefCell;

/// More than three nodes can be sorted and looked at in, and few enough to be looked through.
const MOST: usize = 12;

/// Fingerprints of a part under labels: worked out once for each of the latest few.
#[derive(Default)]
pub struct LabelCache(RefCell<Vec<(Labels, u64)>>);

impl LabelCache {
    /// The fingerprint of the part under these labels. One that has no `number` may change, and is worked out each time.
    pub fn of(&self, number: u32, labels: Labels, work_out: impl FnOnce() -> u64) -> u64 {
        if number == 0 {
            return work_out();
        }
        let known = &mut *self.0.borrow_mut();
        if let Some((_, fingerprint)) = known.iter().find(|(under, _)| *under == labels) {
            return *fingerprint;
        }
        if known.len() >= MOST {
            known.remove(0);
        }
        let fingerprint = work_out();
        known.push((labels, fingerprint));
        fingerprint
    }
}

/// What changes looks otherwise.
impl Clone for LabelCache {
    fn clone(&self) -> LabelCache {
        LabelCache::default()
    }
}
