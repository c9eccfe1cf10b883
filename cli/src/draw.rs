//! `draw`: the figure of a run as an SVG file.

use crate::run::{is_file, meant, of_text, options_in};
use crate::{Answer, content};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_content::gallery::{Exhibit, same_ground};
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::limits::MAX_LOG_BYTES;
use lightcone_engine::{Scenario, Time, Trace, simulate};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Shown;
use lightcone_figure::plane::geometry::NARROW_BOX;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::summary;
use lightcone_figure::scene::{Scene, Viewport};
use lightcone_figure::svg::{About, SHEETS, Theme, drawing};
use lightcone_figure::view::{SHORTEST_WINDOW_MICROS, Window};
use lightcone_formats::link;
use lightcone_logs::{Execution, Faults};
use std::rc::Rc;

/// The default width of a figure, and the range of widths, in pixels.
const WIDTH: u32 = 1_024;
const WIDTHS: std::ops::RangeInclusive<u32> = 300..=4_000;
/// The height of a figure in which time runs down, in pixels.
const HEIGHT_DOWN: f64 = 640.0;

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
        let known = gallery(ALL).into_iter().find(|exhibit| same_ground(&exhibit.scenario, scenario));
        let trace = Rc::new(simulate(scenario));
        let link = format!("#/run/{}", link::encode(scenario));
        self.picture(trace, known.as_ref(), &link)
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
        self.picture(Rc::new(Trace::recorded(&recording)), None, "")
    }

    /// The figure of a recorded history, judged as the type of object that is named.
    fn svg_of_history(&self, file: &str, text: &str) -> Result<String, String> {
        let history = lightcone_logs::history(text, self.object.as_deref(), self.begins.as_deref());
        let history = history.map_err(|faults| listed(file, &faults))?;
        self.picture(Rc::new(Trace::recorded(&history.recording)), None, "")
    }

    fn picture(&self, trace: Rc<Trace>, known: Option<&Exhibit>, link: &str) -> Result<String, String> {
        let (width, theme) = (self.width()?, self.theme()?);
        let (window, moment) = self.look(&trace, known)?;
        let index = Rc::new(Index::of(trace.clone()));
        let narrow = width < NARROW_BOX;
        let height = if narrow { HEIGHT_DOWN } else { 0.0 };
        let view = Viewport { window, ..Viewport::whole(&index, (width, height), narrow) };
        let scene = ByPointer(Rc::new(Scene::new(index, &view)));
        let shown = Shown::still(scene, moment);
        let (title, note) = caption(&trace, known);
        Ok(drawing(
            &shown,
            About { title, note, link, summary: &summary::lines(&shown.scene.index.trace), faces: "" },
            SHEETS,
            theme,
        )
        .svg)
    }

    fn width(&self) -> Result<f64, String> {
        let width = self.width.unwrap_or(WIDTH);
        let (least, most) = (WIDTHS.start(), WIDTHS.end());
        let fits = WIDTHS.contains(&width).then_some(f64::from(width));
        fits.ok_or_else(|| format!("a figure is {least} to {most} pixels wide, not {width}"))
    }

    fn theme(&self) -> Result<Theme, String> {
        let Some(name) = &self.theme else { return Ok(Theme::default()) };
        Theme::named(name).ok_or_else(|| format!("there is no theme `{name}`, only light and dark"))
    }

    /// The stretch of time and the moment that are drawn: from the arguments, or else as the run's figure opens.
    fn look(&self, trace: &Trace, known: Option<&Exhibit>) -> Result<(Window, Time), String> {
        let end = trace.horizon();
        let said = [self.from, self.to, self.at];
        if let Some(late) = said.into_iter().flatten().find(|moment| *moment > end) {
            return Err(format!("the run ends at {end} ms, before {late} ms"));
        }
        let opening = known.and_then(Exhibit::opening).filter(|_| said.iter().all(Option::is_none));
        if let Some(opening) = opening {
            return Ok((Window { from: opening.from, to: opening.to }, opening.at));
        }
        if self.from.is_none() && self.to.is_none() {
            // What is shorter than any figure is shown whole.
            return Ok((Window { from: Time::ZERO, to: end }.within(end), self.at.unwrap_or(end)));
        }
        let window = Window { from: self.from.unwrap_or(Time::ZERO), to: self.to.unwrap_or(end) };
        if window.to < window.from.after(SHORTEST_WINDOW_MICROS) {
            let least = SHORTEST_WINDOW_MICROS / 1_000;
            return Err(format!(
                "from {} to {} ms is too short: a figure shows {least} ms or more",
                window.from, window.to
            ));
        }
        Ok((window, self.at.unwrap_or(end)))
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

/// Title and note of a run: its own, those of the gallery, or its protocol's.
fn caption<'a>(trace: &'a Trace, known: Option<&'a Exhibit>) -> (&'a str, &'a str) {
    let (own, specification) = (&trace.scenario, trace.specification());
    match known {
        _ if !own.title.is_empty() => (&own.title, &own.note),
        Some(exhibit) => (&exhibit.title, &exhibit.note),
        None => (specification.title, specification.summary),
    }
}
