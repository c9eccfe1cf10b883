//! What the tests share: every run of the gallery, with what its file says.
#![allow(dead_code)] // Each test file uses its own part of this.

use lightcone_api::form::Scenario;
use lightcone_api::{Library, convert};
use lightcone_content::gallery::File;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::Protocols;
use lightcone_formats::text;

/// Everything that there is.
pub const LIBRARY: &Library = ALL;

/// Everything that is asked.
pub const CHALLENGES: &[File] = lightcone_content::challenges::ALL;

/// Calls `test` with the name, the scenario and the file of every run of the gallery.
pub fn each_run(test: impl Fn(&str, &lightcone_engine::Scenario, &File)) {
    for shelf in ALL {
        let protocols: &Protocols = &[shelf.protocol];
        for file in shelf.runs {
            let name = format!("{}/{}", file.protocol, file.slug);
            let scenario = text::decode(file.text, protocols).expect("a test of the gallery reads every file");
            test(&name, &scenario, file);
        }
    }
}

/// The form of a run of the gallery.
pub fn run(name: &str) -> Scenario {
    lightcone_api::decode_link(LIBRARY, name).expect("the gallery has it")
}

/// The scenario that a form means.
pub fn core(form: &Scenario) -> lightcone_engine::Scenario {
    convert::to_scenario(LIBRARY, form).expect("it can be run")
}
