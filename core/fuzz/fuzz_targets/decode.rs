//! Any bytes, taken as a link, as the body of a link, and as a text: an error, or a valid scenario that comes back.
//!
//! From `core/`, with a nightly compiler and cargo-fuzz: `cargo +nightly fuzz run decode`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lightcone_engine::Scenario;
use lightcone_formats::{link, text};

fuzz_target!(|bytes: &[u8]| {
    // A body of its own, so that the checksum does not hide what is behind it.
    if let Ok(decoded) = link::decode(&link::seal(link::FORMAT, bytes)) {
        comes_back(&decoded.scenario);
    }
    let Ok(typed) = core::str::from_utf8(bytes) else { return };
    if let Ok(decoded) = link::decode(typed) {
        comes_back(&decoded.scenario);
    }
    match text::decode(typed) {
        Ok(scenario) => comes_back(&scenario),
        Err(error) => assert!(error.to_string().len() < 1_000),
    }
});

fn comes_back(scenario: &Scenario) {
    assert_eq!(scenario.check(), Ok(()));
    assert_eq!(text::decode(&text::encode(scenario)).as_ref(), Ok(scenario));
    assert_eq!(link::decode(&link::encode(scenario)).map(|decoded| decoded.scenario).as_ref(), Ok(scenario));
}
