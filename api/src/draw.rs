//! The figure of a run as SVG text.

use crate::convert;
use crate::form::{Code, DrawOptions, Error, Scenario, Theme};
use crate::library::Library;
use lightcone_content::gallery::{Exhibit, same_ground};
use lightcone_content::shelf;
use lightcone_engine::{Time, Trace, simulate};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Shown;
use lightcone_figure::plane::geometry::NARROW_BOX;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::summary;
use lightcone_figure::scene::{Scene, Viewport};
use lightcone_figure::svg::{self, About, SHEETS, drawing};
use lightcone_figure::view::{SHORTEST_WINDOW_MICROS, Window};
use lightcone_formats::link;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The default width of a figure, and the range of widths, in pixels.
const WIDTH: u32 = 1_024;
const WIDTHS: RangeInclusive<u32> = 300..=4_000;
/// The height of a figure in which time runs down, and the range of heights, in pixels.
const HEIGHT_DOWN: u32 = 640;
const HEIGHTS: RangeInclusive<u32> = 200..=4_000;

/// The figure of a run, as an SVG file that stands alone. Without a stretch of time it shows what the page opens with.
///
/// # Errors
/// What of the scenario cannot be run, or what of the options cannot be drawn.
pub fn draw(library: &Library, scenario: &Scenario, options: &DrawOptions) -> Result<String, Error> {
    let scenario = convert::to_scenario(library, scenario)?;
    run(library, &scenario, options)
}

/// The figure of a scenario of the core.
///
/// # Errors
/// What of the options cannot be drawn.
pub fn run(library: &Library, scenario: &lightcone_engine::Scenario, options: &DrawOptions) -> Result<String, Error> {
    let shelf = shelf::of(library, scenario.protocol.specification().id);
    let mut runs = shelf.into_iter().flat_map(|shelf| shelf.gallery());
    let known = runs.find(|exhibit| same_ground(&exhibit.scenario, scenario));
    let link = format!("#/run/{}", link::encode(scenario));
    picture(Rc::new(simulate(scenario)), known.as_ref(), &link, options)
}

/// The figure of a run that is there, whether it was simulated or recorded elsewhere. `known` is the gallery's run that it is.
///
/// # Errors
/// What of the options cannot be drawn.
pub fn picture(trace: Rc<Trace>, known: Option<&Exhibit>, link: &str, options: &DrawOptions) -> Result<String, Error> {
    let width = within(options.width.unwrap_or(WIDTH), &WIDTHS, "wide")?;
    let height = within(options.height.unwrap_or(HEIGHT_DOWN), &HEIGHTS, "high")?;
    let (window, moment) = look(&trace, known, options)?;
    let index = Rc::new(Index::of(trace.clone()));
    let narrow = width < NARROW_BOX;
    let view = Viewport { window, ..Viewport::whole(&index, (width, if narrow { height } else { 0.0 }), narrow) };
    let scene = ByPointer(Rc::new(Scene::new(index, &view)));
    let shown = Shown::still(scene, moment);
    let (title, note) = caption(&trace, known);
    let summary = summary::lines(&shown.scene.index.trace);
    let theme = match options.theme {
        None | Some(Theme::Light) => svg::Theme::Light,
        Some(Theme::Dark) => svg::Theme::Dark,
    };
    Ok(drawing(&shown, About { title, note, link, summary: &summary, faces: "" }, SHEETS, theme).svg)
}

fn within(pixels: u32, range: &RangeInclusive<u32>, how: &str) -> Result<f64, Error> {
    let (least, most) = (range.start(), range.end());
    let fits = range.contains(&pixels).then_some(f64::from(pixels));
    let message = || format!("A figure is {least} to {most} pixels {how}, not {pixels}.");
    fits.ok_or_else(|| Error::new(Code::OutOfBounds, message()))
}

/// The stretch of time and the moment that are drawn: those that are asked for, or else as the run's figure opens.
fn look(trace: &Trace, known: Option<&Exhibit>, options: &DrawOptions) -> Result<(Window, Time), Error> {
    let end = trace.horizon();
    let time = |millis: Option<_>| millis.map(convert::time).transpose();
    let (from, to, at) = (time(options.from)?, time(options.to)?, time(options.at)?);
    let nothing = |why: String| Error::new(Code::NothingToShow, format!("Nothing is drawn: {why}."));
    if let Some(late) = [from, to, at].into_iter().flatten().find(|moment| *moment > end) {
        return Err(nothing(format!("the run ends at {end} ms, before {late} ms")));
    }
    let opening = known.and_then(Exhibit::opening).filter(|_| [from, to, at].iter().all(Option::is_none));
    if let Some(opening) = opening {
        return Ok((Window { from: opening.from, to: opening.to }, opening.at));
    }
    if from.is_none() && to.is_none() {
        // What is shorter than any figure is shown whole.
        return Ok((Window { from: Time::ZERO, to: end }.within(end), at.unwrap_or(end)));
    }
    let window = Window { from: from.unwrap_or(Time::ZERO), to: to.unwrap_or(end) };
    if window.to < window.from.after(SHORTEST_WINDOW_MICROS) {
        let least = SHORTEST_WINDOW_MICROS / 1_000;
        let (from, to) = (window.from, window.to);
        return Err(nothing(format!("from {from} to {to} ms is too short, and a figure shows {least} ms or more")));
    }
    Ok((window, at.unwrap_or(end)))
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
