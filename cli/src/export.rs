//! `export`: a run for other tools.

use crate::Answer;
use crate::draw::{svg, write};
use crate::run::meant;
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::form::TextForm;
use lightcone_api::{convert, json};
use lightcone_engine::{Scenario, Trace, simulate};

/// What a run can be written as.
const FORMATS: [&str; 8] = ["mermaid", "shiviz", "edn", "json", "svg", "text", "scenario", "test"];

/// Runs `export` with its arguments.
pub fn command(mut arguments: Parser) -> Result<Answer, String> {
    let (mut what, mut format, mut file, mut states) = (None, None, None, false);
    let mut read = || -> Result<(), lexopt::Error> {
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Value(value) if what.is_none() => what = Some(value.string()?),
                // `check` and `judge` call it --format: for `judge`, --as is the type of object.
                Arg::Long("as" | "format") => format = Some(arguments.value()?.string()?),
                Arg::Long("states") => states = true,
                Arg::Short('o') | Arg::Long("output") => file = Some(arguments.value()?.string()?),
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(())
    };
    read().map_err(|error| error.to_string())?;
    let what = what.ok_or("export what? A file, a link, a protocol or a run of the gallery")?;
    let format = format.ok_or_else(|| format!("which format? Give --as and one of {}", FORMATS.join(", ")))?;
    if !FORMATS.contains(&&*format) {
        return Err(format!("there is no format `{format}`, only {}", FORMATS.join(", ")));
    }
    let scenario = meant(&what)?.small.scenario;
    scenario.check().map_err(|invalid| invalid.to_string())?;
    if states && format != "json" {
        return Err("only json has states".into());
    }
    let written = written(&what, &scenario, &simulate(&scenario), &format, states)?;
    write(&written, file.as_deref())
}

fn written(what: &str, scenario: &Scenario, trace: &Trace, format: &str, states: bool) -> Result<String, String> {
    let form = match format {
        "json" => return Ok(json::write(&convert::trace(trace, states))),
        "svg" => return svg(what, scenario),
        "mermaid" => TextForm::Mermaid,
        "shiviz" => TextForm::Shiviz,
        "edn" => TextForm::Edn,
        "scenario" => TextForm::Scenario,
        "test" => TextForm::Test,
        _ => TextForm::Text,
    };
    lightcone_api::written(trace, form).map_err(|error| error.message)
}
