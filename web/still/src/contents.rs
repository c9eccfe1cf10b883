//! The first page: its contents as the page's own components draw them, and the picture of the run that it shows.

use futures::executor::block_on;
use lightcone_engine::hash::hash64;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Shown;
use lightcone_figure::draw::canvas::Value;
use lightcone_figure::draw::layers::hint;
use lightcone_figure::plane::pen::text;
use lightcone_figure::read::index::Index;
use lightcone_figure::scene::{Scene, Viewport, opening};
use lightcone_figure::svg::still;
use lightcone_web::pages::front::{First, FirstProps};
use lightcone_web::state::run::{Action, State};
use lightcone_web::state::{gallery, links};
use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;
use yew::LocalServerRenderer;

/// The boxes of the picture: the class that says when it is shown, its size in pixels, and whether time runs down in it. They are
/// what windows of 1440, 800 and 390 pixels leave for the figure.
const BOXES: [(&str, (f64, f64), bool); 3] =
    [("wide", (1312.0, 340.0), false), ("medium", (736.0, 340.0), false), ("narrow", (390.0, 420.0), true)];

/// Writes the first page: `contents-<hash>.html`.
///
/// # Errors
/// A file that cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let run = gallery::hero().ok_or_else(|| io::Error::other("the gallery lacks the run of the first page"))?;
    let state = links::opened(&run.scenario);
    let picture: String = BOXES.iter().map(|(when, size, narrow)| picture(when, &state, *size, *narrow)).collect();
    let page = LocalServerRenderer::<First>::with_props(FirstProps { picture: picture.into() });
    let page = block_on(page.hydratable(false).render());
    fs::write(folder.join(format!("contents-{:016x}.html", hash64(&page))), page)
}

/// A run as the live figure first shows it in a box of this size.
fn picture(when: &'static str, state: &State, size: (f64, f64), narrow: bool) -> String {
    let index = Rc::new(Index::of(state.trace.clone()));
    let view = |state: &State| Viewport {
        window: state.window,
        steps: state.steps,
        light: state.light,
        chosen: vec![state.selection],
        hint: true,
        ..Viewport::whole(&index, size, narrow)
    };
    let mut scene = Scene::new(index.clone(), &view(state));
    let whole = state.window == state.stretch(state.steps);
    if let Some(window) = opening(&index, &scene.frame, state.cursor).filter(|_| narrow && whole) {
        scene = Scene::after(index.clone(), &view(&state.after(Action::Show(window))), Some(&scene));
    }
    let shown = Shown::still(ByPointer(Rc::new(scene)), state.cursor);
    drawn(when, &Shown { selection: state.selection, light: state.light, ..shown })
}

fn drawn(when: &'static str, shown: &Shown) -> String {
    let frame = &shown.scene.frame;
    let class = [if frame.narrow { "fig down " } else { "fig " }, when].concat();
    let view = ["0 0", &text(frame.width), &text(frame.height)].join(" ");
    // In a window between two boxes it begins where the live figure does.
    let values = [Value::Text(&class), Value::Text(&view), Value::Fixed("xMinYMin")];
    still(|out| {
        out.open("svg", &["class", "viewBox", "preserveAspectRatio"], &values);
        shown.draw(false, out, |out| hint(out, &shown.scene, shown.moment));
        out.close();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_links_to_every_run_and_keeps_to_the_policy() {
        let folder = std::env::temp_dir().join(format!("lightcone-first-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        write(&folder).expect("files can be written there");
        let file = fs::read_dir(&folder).expect("it is there").next().expect("one file").expect("it is there").path();
        let page = fs::read_to_string(&file).expect("it is a text");
        fs::remove_dir_all(&folder).expect("it can be removed");
        for exhibit in gallery::exhibits().iter() {
            let link = format!("href=\"{}\"", links::exhibit_route(exhibit).href());
            assert!(page.contains(&link), "{link}");
        }
        assert!(!page.contains(" style=") && !page.contains("<script"), "the policy forbids what stands in the page");
        assert_eq!(page.matches("<svg class=\"fig").count(), BOXES.len());
        assert!(!page.contains("tabindex"), "nothing in a picture can be chosen");
    }
}
