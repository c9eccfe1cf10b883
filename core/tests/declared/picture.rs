//! What a reader sees of a protocol: labels, reasons, marks, the lanes' status, what lasts on them, the margin. A file holds
//! it as text, so that nothing of that changes unseen. `cargo run -p lightcone-tests --example bless` writes the file, and
//! `git diff` shows what a reader sees differently.

use crate::trials::Trials;
use lightcone_tests::picture::picture;
use std::fs;
use std::path::Path;

/// Adds the trial of a protocol.
pub fn declare(trials: &mut Trials) {
    let id = trials.family.specification().id;
    trials.add("picture", move || {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/pictures").join(id).with_extension("txt");
        let held = fs::read_to_string(&path).unwrap_or_default();
        let now = picture(id).expect("a protocol has a run in the gallery");
        let line = (1..).zip(now.lines().zip(held.lines())).find(|(_, (now, held))| now != held);
        if let Some((number, (now, held))) = line {
            panic!("{}:{number} says `{held}`, the run says `{now}`; the example bless writes it", path.display());
        }
        assert_eq!(now.lines().count(), held.lines().count(), "{}: the example bless writes it", path.display());
    });
}
