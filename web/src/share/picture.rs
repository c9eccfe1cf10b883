//! The figure as a file of its own: as it is shown now, with the run's title, and its link inside.

use super::address::{self, Choice, file_name};
use super::png;
use crate::browser;
use crate::figure::Showing;
use crate::state::caption::caption_of;
use crate::state::snapshot::Snapshot;
use lightcone_figure::read::summary;
use lightcone_figure::svg::{About, Drawing, Theme, drawing};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// Pixels of a PNG for each of the page's.
const SHARPNESS: f64 = 2.0;

/// The fonts of a figure: family, file and weights.
const FONTS: [(&str, &str, &str); 2] = [
    ("Inter", "fonts/inter-latin-wght-normal.woff2", "100 900"),
    ("Source Serif 4", "fonts/source-serif-4-latin-wght-normal.woff2", "200 900"),
];

/// Saves the figure as SVG; says whether there was one.
pub(super) fn save_svg(run: &Snapshot, shows: &Showing, done: Callback<bool>) {
    with_picture(run, shows, move |name, picture, _| {
        if let Some(picture) = &picture {
            browser::download(&(name.to_owned() + ".svg"), "image/svg+xml", picture.svg.as_bytes());
        }
        done.emit(picture.is_some());
    });
}

/// Saves the figure as PNG; says whether the browser could draw it.
pub(super) fn save_png(run: &Snapshot, shows: &Showing, done: Callback<bool>) {
    with_picture(run, shows, move |name, picture, link| {
        let Some(Drawing { svg, width, height }) = picture else { return done.emit(false) };
        let (name, link, done) = (name.to_owned() + ".png", link.to_owned(), done.clone());
        let drawn = Callback::from(move |drawn: Option<Vec<u8>>| {
            let could = drawn.is_some();
            if let Some(bytes) = drawn {
                browser::download(&name, "image/png", &png::with_note(bytes, "Comment", &link));
            }
            done.emit(could);
        });
        browser::draw_picture(&svg, (width * SHARPNESS, height * SHARPNESS), drawn);
    });
}

/// The address at which the run is as the picture shows it.
fn link(run: &Snapshot) -> String {
    browser::address() + "#" + &address::fragment(run, &Choice { look: true, ..Choice::of(run) }, false)
}

/// Calls with the file's name without its ending, the figure in the colours that the page has, and its link, as soon as the
/// fonts are here. A font that does not come is left out.
fn with_picture(run: &Snapshot, shows: &Showing, then: impl Fn(&str, Option<Drawing>, &str) + 'static) {
    let (run, shown) = (run.clone(), shows.borrow().clone());
    let faces = Rc::new(RefCell::new(String::new()));
    let left = Rc::new(Cell::new(FONTS.len()));
    let arrived = Rc::new(move |faces: &str| {
        let (link, (title, note)) = (link(&run), caption_of(&run));
        let theme = if browser::is_dark() { Theme::Dark } else { Theme::Light };
        let summary = summary::lines(&run.trace);
        let about = About { title: &title, note: &note, link: &link, summary: &summary, faces };
        let picture = shown.as_ref().map(|shown| drawing(shown, about, &browser::style(), theme));
        then(&file_name(run.scenario(), ""), picture, &link);
    });
    for (family, file, weights) in FONTS {
        let (faces, left, arrived) = (faces.clone(), left.clone(), arrived.clone());
        let data = Callback::from(move |data: Option<String>| {
            if let Some(data) = data {
                let source = format!("url(data:font/woff2;base64,{data}) format(\"woff2\")");
                *faces.borrow_mut() +=
                    &format!("@font-face{{font-family:\"{family}\";src:{source};font-weight:{weights}}}");
            }
            left.set(left.get() - 1);
            if left.get() == 0 {
                arrived(&faces.borrow());
            }
        });
        browser::as_data(file, data);
    }
}
