//! Each gallery run has the digest its file states: natively, in wasm under node, and in a browser.

use lightcone_content::gallery::Expectation;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::simulate;

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_run_has_its_digest() {
    let mut compared = 0;
    for exhibit in gallery(ALL) {
        let digest = simulate(&exhibit.scenario).digest;
        for expectation in &exhibit.expectations {
            if let Expectation::Digest(stated) = expectation {
                assert_eq!(digest, *stated, "{}/{}", exhibit.protocol, exhibit.slug);
                compared += 1;
            }
        }
    }
    assert!(compared > 0, "the gallery states digests");
}
