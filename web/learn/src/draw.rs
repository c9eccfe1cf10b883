//! Scenes as pictures: for readers without JavaScript, and for paper.

use crate::scene::Scene;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Shown;
use lightcone_figure::read::index::Index;
use lightcone_figure::scene::{Scene as Figure, Viewport};
use lightcone_figure::svg::{About, SHEETS, Theme, drawing};
use lightcone_web::state::run::State;
use lightcone_web::state::{gallery, links};
use std::rc::Rc;

/// The width of a picture, in pixels: what the text beside it leaves.
const WIDTH: f64 = 720.0;

/// The pictures of a scene, with their endings: light and dark, and those of the run beside it.
#[must_use]
pub fn pictures(scene: &Scene) -> Vec<(String, String)> {
    let state = scene.state();
    let below = state.beside.as_ref().map(|beside| beside.below.as_ref().clone());
    let both = [(Some(&state), ""), (below.as_ref(), "-below")];
    let both = both.into_iter().filter_map(|(state, ending)| Some((state?, ending)));
    let themes = [(Theme::Light, ""), (Theme::Dark, "-dark")];
    let all = both.flat_map(|(state, which)| {
        themes.map(|(theme, ending)| ([which, ending, ".svg"].concat(), picture(state, theme)))
    });
    all.collect()
}

/// The picture of a run of the gallery as it opens, for a page without the program; none if there is no such run.
#[must_use]
pub fn run(protocol: &str, slug: &str) -> Option<String> {
    let exhibit = gallery::find(protocol, slug)?;
    Some(picture(&links::opened(&exhibit.scenario), Theme::Light))
}

/// Whether another run stands below the scene's.
#[must_use]
pub fn is_pair(scene: &Scene) -> bool {
    scene.state().beside.is_some()
}

fn picture(state: &State, theme: Theme) -> String {
    let index = Rc::new(Index::of(state.trace.clone()));
    let view = Viewport {
        window: state.window,
        steps: state.steps,
        light: state.light,
        chosen: vec![state.selection],
        ..Viewport::whole(&index, (WIDTH, 0.0), false)
    };
    let figure = ByPointer(Rc::new(Figure::new(index, &view)));
    let shown = Shown { selection: state.selection, light: state.light, ..Shown::still(figure, state.cursor) };
    let about = About { title: "", note: "", link: "", summary: &[], faces: "" };
    drawing(&shown, about, SHEETS, theme).svg
}
