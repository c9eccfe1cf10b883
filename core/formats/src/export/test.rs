//! A run as a test: its scenario and what the run shows, in the form of the gallery's files
//! ([`lightcone_content::gallery`]).

use crate::text;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;
use lightcone_engine::protocol::When;
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::Verdict;

/// The scenario with an `expect` section that holds the run's verdicts and its digest.
#[must_use]
pub fn test(trace: &Trace) -> String {
    let mut file = text::encode(&trace.scenario);
    let properties = trace.specification().properties;
    let first = trace.first_violation();
    file.push_str("expect\n");
    match first {
        Some((property, event, _)) => {
            let _ = writeln!(file, "  breaks {} at {} ms", properties[property].id, trace.event(event).at);
        }
        // `holds` says that nothing breaks. Of a run that was cut off nobody knows.
        None if trace.stopped().is_some() => {}
        None => file.push_str("  holds\n"),
    }
    for (property, verdict) in properties.iter().zip(&trace.verdicts) {
        let word = match (property.when, verdict) {
            // Without a violation, `holds` says this already.
            (When::Always, Verdict::Holds { .. }) if first.is_some() => "holds",
            (When::Always, _)
            | (When::ByTheEnd, Verdict::Untested { .. } | Verdict::NotPromised { .. } | Verdict::CannotTell { .. }) => {
                continue;
            }
            (When::ByTheEnd, Verdict::Holds { .. }) => "reaches",
            (When::ByTheEnd, _) => "misses",
        };
        let _ = writeln!(file, "  {word} {}", property.id);
    }
    let _ = writeln!(file, "  digest {:016x}", trace.digest);
    file
}

/// The same test in Rust, for any crate that depends on these three crates.
#[must_use]
pub fn rust_test(trace: &Trace) -> String {
    let first = trace.first_violation().map(|(place, ..)| trace.specification().properties[place].id);
    let (name, broken) = match first {
        Some(id) => (format!("breaks_{}", id.replace('-', "_")), format!("Some(\"{id}\")")),
        None if trace.stopped().is_some() => ("nothing_breaks_before_the_limit".to_string(), "None".to_string()),
        None => ("holds".to_string(), "None".to_string()),
    };
    let text = text::encode(&trace.scenario);
    let mut fence = String::from("#");
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    format!(
        "use lightcone_engine::simulate;\nuse lightcone_formats::text;\nuse lightcone_protocols::PROTOCOLS;\n\n\
         #[test]\n\
         fn {name}() {{\n    \
         let Ok(scenario) = text::decode(SCENARIO, PROTOCOLS) else {{ panic!(\"it cannot be read\") }};\n    \
         let trace = simulate(&scenario);\n    \
         let first = trace.first_violation();\n    \
         let broken = first.map(|(place, ..)| trace.specification().properties[place].id);\n    \
         assert_eq!(broken, {broken});\n    \
         assert_eq!(trace.digest, 0x{:016x});\n\
         }}\n\n\
         const SCENARIO: &str = r{fence}\"{text}\"{fence};\n",
        trace.digest
    )
}
