//! The figure as a file of its own: as it is shown now, with the run's title, and its link inside.

use super::address::{self, Choice, file_name};
use super::png;
use crate::browser;
use crate::figure::Showing;
use crate::state::gallery;
use crate::state::snapshot::Snapshot;
use lightcone_figure::svg::{About, Drawing, Theme, drawing};
use yew::Callback;

/// Pixels of a PNG for each of the page's.
const SHARPNESS: f64 = 2.0;

/// Saves the figure as SVG; says whether there was one.
pub(super) fn save_svg(run: &Snapshot, shows: &Showing, done: Callback<bool>) {
    let picture = picture(run, shows, &link(run));
    if let Some(picture) = &picture {
        browser::download(&file_name(run.scenario(), ".svg"), "image/svg+xml", picture.svg.as_bytes());
    }
    done.emit(picture.is_some());
}

/// Saves the figure as PNG; says whether the browser could draw it.
pub(super) fn save_png(run: &Snapshot, shows: &Showing, done: Callback<bool>) {
    let link = link(run);
    let Some(Drawing { svg, width, height }) = picture(run, shows, &link) else { return done.emit(false) };
    let name = file_name(run.scenario(), ".png");
    let drawn = Callback::from(move |drawn: Option<Vec<u8>>| {
        let could = drawn.is_some();
        if let Some(bytes) = drawn {
            browser::download(&name, "image/png", &png::with_note(bytes, "Comment", &link));
        }
        done.emit(could);
    });
    browser::draw_picture(&svg, (width * SHARPNESS, height * SHARPNESS), drawn);
}

/// The address at which the run is as the picture shows it.
fn link(run: &Snapshot) -> String {
    browser::address() + "#" + &address::fragment(run, &Choice { look: true, ..Choice::of(run) }, false)
}

/// The figure that is shown, in the colours that the page has.
fn picture(run: &Snapshot, shows: &Showing, link: &str) -> Option<Drawing> {
    let shown = shows.borrow().clone()?;
    let theme = if browser::is_dark() { Theme::Dark } else { Theme::Light };
    let (title, note) = gallery::caption_of(run);
    Some(drawing(&shown, About { title: &title, note: &note, link }, &browser::style(), theme))
}
