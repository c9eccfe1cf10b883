//! Any bytes, taken as a link, as the body of a link, and as a text: an error, or a valid scenario that comes back.
//!
//! From `core/`, with a nightly compiler and cargo-fuzz: `cargo +nightly fuzz run decode`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lightcone_engine::Scenario;
use lightcone_formats::{link, text};

fuzz_target!(|bytes: &[u8]| {
    // A body of its own, so that the checksum does not hide what is behind it.
    if let Ok(decoded) = link::decode(&link::seal(link::FORMAT, bytes), lightcone_protocols::PROTOCOLS) {
        comes_back(&decoded.scenario);
    }
    if let Ok(decoded) = link::decode(&link::seal(link::ASKING, bytes), lightcone_protocols::PROTOCOLS) {
        comes_back(&decoded.scenario);
        _ = (decoded.question(), decoded.answer());
    }
    let Ok(typed) = core::str::from_utf8(bytes) else { return };
    if let Ok(decoded) = link::decode(typed, lightcone_protocols::PROTOCOLS) {
        comes_back(&decoded.scenario);
    }
    match text::decode(typed, lightcone_protocols::PROTOCOLS) {
        Ok(scenario) => comes_back(&scenario),
        Err(error) => assert!(error.to_string().len() < 1_000),
    }
});

fn comes_back(scenario: &Scenario) {
    assert_eq!(scenario.check(), Ok(()));
    assert_eq!(text::decode(&text::encode(scenario), lightcone_protocols::PROTOCOLS).as_ref(), Ok(scenario));
    assert_eq!(link::decode(&link::encode(scenario), lightcone_protocols::PROTOCOLS).map(|decoded| decoded.scenario).as_ref(), Ok(scenario));
}
