//! Fingerprints of one part under labels, kept for the latest few.

use alloc::vec::Vec;
use lightcone_engine::hash::Labels;

/// More than three nodes can be sorted and looked at in, and few enough to be looked through.
const MOST: usize = 12;

/// How a part looks under labels: worked out once for each of the latest few.
#[derive(Default)]
pub struct LabelCache(Vec<(Labels, u64)>);

impl LabelCache {
    /// The fingerprint of the part under these labels.
    pub fn of(&mut self, labels: Labels, work_out: impl FnOnce() -> u64) -> u64 {
        if let Some((_, fingerprint)) = self.0.iter().find(|(under, _)| *under == labels) {
            return *fingerprint;
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        let fingerprint = work_out();
        self.0.push((labels, fingerprint));
        fingerprint
    }
}
