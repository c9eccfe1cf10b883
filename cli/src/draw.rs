//! `draw`: the figure of a run as an SVG file.

use crate::run::{is_file, meant, of_text, options_in};
use crate::{Answer, content};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::draw::{picture, run};
use lightcone_api::form::{DrawOptions, Millis, Theme};
use lightcone_content::shelf::ALL;
use lightcone_engine::limits::MAX_LOG_BYTES;
use lightcone_engine::{Scenario, Time, Trace};
use lightcone_logs::{Execution, Faults};
use std::rc::Rc;

/// The arguments of `draw`.
#[derive(Default)]
struct Question {
    what: Option<String>,
    file: Option<String>,
    width: Option<u32>,
    theme: Option<String>,
    from: Option<Time>,
    to: Option<Time>,
    at: Option<Time>,
    execution: Option<String>,
    object: Option<String>,
    begins: Option<String>,
}

/// Runs `draw` with its arguments.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let mut question = Question::read(arguments).map_err(|error| error.to_string())?;
    question.follow_link();
    let what = question.what.as_deref().ok_or("draw what? A file, a link, a protocol or a run of the gallery")?;
    let content = if is_file(what) { Some(content(what, MAX_LOG_BYTES)?) } else { None };
    if let Some(log) = content.as_deref().filter(|content| lightcone_logs::is_log(content)) {
        return write(&question.svg_of_log(what, log)?, question.file.as_deref());
    }
    if let Some(history) = content.as_deref().filter(|content| lightcone_logs::is_history(content)) {
        return write(&question.svg_of_history(what, history)?, question.file.as_deref());
    }
    let scenario = content.map_or_else(|| meant(what), |content| of_text(&content, what))?.small.scenario;
    scenario.check().map_err(|invalid| invalid.to_string())?;
    write(&question.svg(&scenario)?, question.file.as_deref())
}

/// The figure of a run without further wishes.
pub fn svg(what: &str, scenario: &Scenario) -> Result<String, String> {
    let mut question = Question { what: Some(what.to_owned()), ..Question::default() };
    question.follow_link();
    question.svg(scenario)
}

/// Writes a text to a file, or else to the standard output.
pub fn write(text: &str, file: Option<&str>) -> Result<Answer, String> {
    match file {
        Some(file) => std::fs::write(file, text).map_err(|error| format!("`{file}` cannot be written: {error}"))?,
        None => println!("{}", text.trim_end_matches('\n')),
    }
    Ok(Answer::Holds)
}

impl Question {
    fn read(mut arguments: Parser) -> Result<Question, lexopt::Error> {
        let mut question = Question::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Value(what) if question.what.is_none() => question.what = Some(what.string()?),
                Arg::Short('o') | Arg::Long("output") => question.file = Some(arguments.value()?.string()?),
                Arg::Long("width") => question.width = Some(arguments.value()?.parse()?),
                Arg::Long("theme") => question.theme = Some(arguments.value()?.string()?),
                Arg::Long("from") => question.from = Some(moment(&mut arguments)?),
                Arg::Long("to") => question.to = Some(moment(&mut arguments)?),
                Arg::Long("at") => question.at = Some(moment(&mut arguments)?),
                Arg::Long("as") => question.object = Some(arguments.value()?.string()?),
                Arg::Long("initial") => question.begins = Some(arguments.value()?.string()?),
                Arg::Long("execution") => question.execution = Some(arguments.value()?.string()?),
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(question)
    }

    /// A link says where to look, too; what is said beside it comes first.
    fn follow_link(&mut self) {
        let Some(options) = self.what.as_deref().and_then(options_in) else { return };
        let options: Vec<(&str, &str)> = options.split('&').filter_map(|option| option.split_once('=')).collect();
        let said = |name: &str| {
            let value = options.iter().find(|option| option.0 == name).map(|option| option.1);
            value.and_then(Time::from_text)
        };
        let [from, to, at] = ["from", "to", "at"].map(said);
        (self.from, self.to, self.at) = (self.from.or(from), self.to.or(to), self.at.or(at));
    }

    fn svg(&self, scenario: &Scenario) -> Result<String, String> {
        if self.execution.is_some() {
            return Err("only a recorded log has executions".into());
        }
        run(ALL, scenario, &self.options()?).map_err(|error| error.to_string())
    }

    /// The figure of a recorded log: of the execution that is asked for, or of the first.
    fn svg_of_log(&self, file: &str, text: &str) -> Result<String, String> {
        let listed = |faults| listed(file, &faults);
        let mut executions = lightcone_logs::read(text).map_err(listed)?.executions;
        let asked = |execution: &Execution| self.execution.as_ref().is_none_or(|name| *name == execution.label);
        let Some(place) = executions.iter().position(asked) else {
            let names: Vec<&str> = executions.iter().map(|execution| execution.label.as_str()).collect();
            return Err(format!("{file}: there is no such execution; they are {}", names.join(", ")));
        };
        let recording = executions.swap_remove(place).read.map_err(listed)?;
        self.picture(Trace::recorded(&recording))
    }

    /// The figure of a recorded history, judged as the type of object that is named.
    fn svg_of_history(&self, file: &str, text: &str) -> Result<String, String> {
        let history = lightcone_logs::history(text, self.object.as_deref(), self.begins.as_deref());
        let history = history.map_err(|faults| listed(file, &faults))?;
        self.picture(Trace::recorded(&history.recording))
    }

    fn picture(&self, trace: Trace) -> Result<String, String> {
        picture(Rc::new(trace), None, "", &self.options()?).map_err(|error| error.to_string())
    }

    fn options(&self) -> Result<DrawOptions, String> {
        let theme = match self.theme.as_deref() {
            None => None,
            Some("light") => Some(Theme::Light),
            Some("dark") => Some(Theme::Dark),
            Some(name) => return Err(format!("there is no theme `{name}`, only light and dark")),
        };
        let millis = |time: Option<Time>| time.map(|time| Millis(i64::try_from(time.micros()).unwrap_or(i64::MAX)));
        let (from, to, at) = (millis(self.from), millis(self.to), millis(self.at));
        Ok(DrawOptions { width: self.width, height: None, theme, from, to, at })
    }
}

/// What is wrong with a recorded log, each after the name of its file.
fn listed(file: &str, faults: &Faults) -> String {
    let more = (faults.more > 0).then(|| format!("and {} more of these kinds", faults.more));
    let told = faults.told.iter().map(ToString::to_string).chain(more);
    told.map(|said| format!("{file}: {said}")).collect::<Vec<_>>().join("\n")
}

fn moment(arguments: &mut Parser) -> Result<Time, lexopt::Error> {
    arguments.value()?.parse_with(|text| Time::from_text(text).ok_or("no time in ms"))
}
