//! Posters: an embedded run of the gallery as the page shows it first, as a piece of HTML. The page's style sheets give it its
//! colours, so one file is right in both themes, in print and in the reader's own colours.
//!
//! Header and bar are the page's own panels, written as text. The figure is drawn like a file's, for the boxes that frames usually
//! leave for it, without what only a pointer or a screen reader finds in a live one.

use futures::executor::block_on;
use lightcone_content::gallery::Exhibit;
use lightcone_engine::NodeSet;
use lightcone_engine::hash::hash64;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::canvas::Value;
use lightcone_figure::draw::layers::hint;
use lightcone_figure::draw::shapes::group;
use lightcone_figure::draw::{Parting, Shown};
use lightcone_figure::plane::geometry::{AXIS_NARROW, Stands, revealed};
use lightcone_figure::plane::pen::text;
use lightcone_figure::read::changes;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::views::same_views;
use lightcone_figure::scene::{Scene, Viewport, opening};
use lightcone_figure::svg::still;
use lightcone_web::pages::explorer::Explorer;
use lightcone_web::pages::shown::ExplorerProps;
use lightcone_web::state::gallery;
use lightcone_web::state::links;
use lightcone_web::state::options::Embed;
use lightcone_web::state::run::State;
use lightcone_web::state::signs::Known;
use lightcone_web::state::snapshot::Snapshot;
use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;
use yew::{Callback, ServerRenderer};

/// A box for a figure: its name in the poster's file, its size in pixels, and whether time runs down in it. They are what frames
/// of 800 by 460, 390 by 460 and 390 by 844 pixels leave. `www/boot.js` chooses.
const BOXES: [(&str, (f64, f64), bool); 3] =
    [("wide", (760.0, 356.0), false), ("narrow", (390.0, 356.0), true), ("tall", (390.0, 740.0), true)];

/// What stands above the figure in a narrow box if there are two runs: their names, in two lines, and the verdict.
const NAMES_OF_TWO: f64 = 96.0;

/// Writes the posters of all runs of the gallery: `posters-<hash>/<protocol>/<run>-<box>.html`. The hash is that of all posters, so
/// that what a cache keeps belongs together.
///
/// # Errors
/// A file that cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let all: Vec<_> = gallery::exhibits().iter().map(|exhibit| (exhibit.protocol, posters(exhibit))).collect();
    let folder = folder.join(format!("posters-{:016x}", hash64(&all)));
    for (protocol, posters) in all {
        let folder = folder.join(protocol);
        fs::create_dir_all(&folder)?;
        for (name, poster) in posters {
            fs::write(folder.join(name), poster)?;
        }
    }
    Ok(())
}

/// The posters of a run, by the names of their files.
fn posters(exhibit: &Exhibit) -> Vec<(String, String)> {
    let state = links::opened(&exhibit.scenario);
    let around = around(exhibit);
    let figures = |size: (f64, f64), narrow| match &state.beside {
        Some(beside) if narrow => pair(&state, &beside.below, (size.0, size.1 - NAMES_OF_TWO), narrow),
        Some(beside) => pair(&state, &beside.below, size, narrow),
        None => vec![figure(&state, &Place::ALONE, size, narrow)],
    };
    let named = BOXES.iter().map(|(name, size, narrow)| {
        let mut pieces = around.split(FIGURE);
        let mut poster = pieces.next().unwrap_or_default().to_owned();
        figures(*size, *narrow).iter().zip(pieces).for_each(|(figure, after)| poster += &[figure, after].concat());
        (format!("{}-{name}.html", exhibit.slug), poster)
    });
    named.collect()
}

/// Stands for a figure in what is around it.
const FIGURE: &str = "\u{fffc}";

/// The embedded run without its figures: they are empty boxes in the page's own text, since no browser has measured them.
fn around(exhibit: &Exhibit) -> String {
    let scenario = exhibit.scenario.clone();
    let page = ServerRenderer::<Explorer>::with_props(move || ExplorerProps {
        run: Snapshot(Rc::new(links::opened(&scenario))),
        notice: None,
        asked: None,
        embed: Some(Embed { poster: true, ..Embed::default() }),
        known: Known::default(),
        act: Callback::noop(),
    });
    let page = block_on(page.hydratable(false).render());
    // What stands here has no run: nothing vouches for it.
    let digest =
        page.split_once(" data-digest=\"").and_then(|(before, after)| Some((before, after.split_once('"')?.1)));
    let page = digest.map_or(page.clone(), |(before, after)| [before, after].concat());
    page.replace(EMPTY, &[" tabindex=\"0\" class=\"figure-box\">", FIGURE, "</div>"].concat())
}

/// A figure's box that no browser has measured, from its class on.
const EMPTY: &str = " class=\"figure-box\"></div>";

/// Where a figure stands, and what it shares with the other one, if there are two.
struct Place {
    stands: Stands,
    parting: Option<Parting>,
    alike: NodeSet,
}

impl Place {
    const ALONE: Place = Place { stands: Stands::Alone, parting: None, alike: NodeSet::EMPTY };
}

/// The two figures of a comparison.
fn pair(above: &State, below: &State, size: (f64, f64), narrow: bool) -> Vec<String> {
    let parts = changes::first_difference(&above.trace, &below.trace);
    let alike = same_views(&above.trace, &below.trace);
    let both = [(above, Stands::Above), (below, Stands::Below)].into_iter().enumerate();
    let figures = both.map(|(place, (state, stands))| {
        let parting = parts.map(|at| Parting { at, repeats: place == 1 });
        let alike = alike.iter().map(|nodes| nodes[place]).collect();
        figure(state, &Place { stands, parting, alike }, size, narrow)
    });
    figures.collect()
}

/// A figure as it is first seen in a box of this size.
fn figure(state: &State, place: &Place, size: (f64, f64), narrow: bool) -> String {
    let index = Rc::new(Index::of(state.trace.clone()));
    let mut view = Viewport {
        window: state.window,
        steps: state.steps,
        light: state.light,
        chosen: vec![state.selection],
        hint: place.stands != Stands::Below,
        stands: place.stands,
        ..Viewport::whole(&index, size, narrow)
    };
    let mut scene = Scene::new(index.clone(), &view);
    if let Some(window) = opening(&index, &scene.frame, state.cursor).filter(|_| narrow && is_whole(state)) {
        view.window = state.clone().shown(window, state.cursor, state.selection).window;
        scene = Scene::after(index, &view, Some(&scene));
    }
    let shown = Shown {
        selection: state.selection,
        light: state.light,
        answers: state.answers,
        parting: place.parting,
        alike: place.alike,
        ..Shown::still(ByPointer(Rc::new(scene)), state.cursor)
    };
    drawn(&shown, size)
}

/// How far the box is scrolled, to the right and down, so that the lane that the cursor's event is on can be seen: none if it can anyway.
fn scrolled(shown: &Shown, (wide, high): (f64, f64)) -> Option<String> {
    let (frame, trace) = (&shown.scene.frame, &shown.scene.index.trace);
    let node = trace.event(trace.last_event_by(shown.moment)?).node?;
    let to = match frame.narrow {
        true => (revealed(frame, node, 0.0, wide), 0.0),
        false => (0.0, revealed(frame, node, 0.0, high)),
    };
    (to != (0.0, 0.0)).then(|| [text(to.0.floor()), text(to.1.floor())].join(","))
}

/// The figure's elements. If lanes are scrolled past the axis, it is a picture beside them.
fn drawn(shown: &Shown, (wide, high): (f64, f64)) -> String {
    let frame = &shown.scene.frame;
    let beside = frame.narrow && frame.width > wide + 0.5;
    let class = match (frame.narrow, beside || frame.height > high + 0.5) {
        (true, true) => "fig down",
        (true, false) => "fig down fits",
        (false, true) => "fig",
        (false, false) => "fig fits",
    };
    let view = ["0 0", &text(frame.width), &text(frame.height)].join(" ");
    let scrolled = scrolled(shown, (wide, high));
    still(|out| {
        if beside {
            let size = [Value::Fixed("rail"), Value::Length(AXIS_NARROW), Value::Length(frame.height)];
            out.open("svg", &["class", "width", "height"], &size);
            group(out, "fig", |out| shown.draw_axis(out));
            out.close();
        }
        let size = [Value::Length(frame.width), Value::Length(frame.height)];
        let scrolled = scrolled.as_deref().map_or(Value::Absent, Value::Text);
        let values = [Value::Fixed(class), Value::Text(&view), Value::Fixed("xMinYMin"), size[0], size[1], scrolled];
        out.open("svg", &["class", "viewBox", "preserveAspectRatio", "width", "height", "data-scrolled"], &values);
        shown.draw(beside, out, |out| hint(out, &shown.scene, shown.moment));
        out.close();
    })
}

/// Whether the run opens with the stretch that the page chooses: a narrow figure shows less of it.
fn is_whole(state: &State) -> bool {
    state.window == state.stretch(state.steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_figure::read::words;
    use lightcone_figure::svg::escaped;

    /// In bytes, before it is compressed. Compressed they are at most a fifth of this; `e2e/size.mjs` has that budget.
    const MOST: usize = 52_000;

    #[test]
    fn every_run_of_the_gallery_has_a_small_poster_for_each_box_that_is_the_same_every_time() {
        for exhibit in gallery::exhibits().iter() {
            let name = [exhibit.protocol, "/", exhibit.slug].concat();
            let posters = posters(exhibit);
            assert_eq!(posters.len(), BOXES.len(), "{name}");
            assert_eq!(posters, self::posters(exhibit), "{name}");
            for (file, poster) in &posters {
                assert!(file.starts_with(exhibit.slug) && poster.len() < MOST, "{file}: {} bytes", poster.len());
                assert!(poster.starts_with("<div class=\"embed\">"), "{file}: www/boot.js knows a poster by this");
                let (boxes, figures) =
                    (poster.matches("figure-box").count(), poster.matches("<svg class=\"fig").count());
                let two = if exhibit.beside().is_some() { 2 } else { 1 };
                assert_eq!((boxes, figures), (two, two), "{file}");
                assert!(poster.contains(&*escaped(&exhibit.title)), "{file}");
            }
        }
    }

    #[test]
    fn a_poster_is_the_page_and_nothing_that_only_the_program_knows() {
        let exhibit = gallery::find("raft", "election").expect("the gallery has it");
        for (file, poster) in posters(&exhibit) {
            let said = words::summary(&links::opened(&exhibit.scenario).trace);
            assert!(
                poster
                    .contains(&format!("role=\"img\" aria-label=\"{said}\" tabindex=\"0\" class=\"figure-box\"><svg")),
                "{file}"
            );
            assert!(poster.contains("href=\"#/raft/election\"") && poster.contains("class=\"ef\""), "{file}");
            for not in [" style=", "data-digest", "class=\"hit\"", "<title>", FIGURE, "<!--"] {
                assert!(!poster.contains(not), "{file} has {not}");
            }
        }
    }
}
