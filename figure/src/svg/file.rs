//! A figure as a file of its own: title, background, figure, verdicts, moves and link, with the style inside. Fonts are inside
//! if whoever writes the file has them; else the system's fonts replace those of the page.

use super::style::{Theme, rules};
use super::text::{escaped, written};
use crate::draw::Shown;
use crate::draw::canvas::Value;
use crate::plane::labels::{self, Look};
use crate::plane::pen::text;
use crate::read::summary::Line;

/// Paper around the figure.
const MARGIN: f64 = 24.0;
/// The distance from one line of the title to the next, and the title's size relative to that of labels.
const LINE: f64 = 26.0;
const TITLE_SIZE: f64 = 20.0;
/// Rules of the sheet around the figure.
const SHEET: &str = ".sheet{fill:var(--paper)}.title{font:600 20px var(--serif);fill:var(--ink)}\
    .said{font:400 12px var(--sans);fill:var(--ink-2)}.said.bad{fill:var(--bad-ink);font-weight:600}.said.link{fill:var(--ink-3)}";
/// The distance from one line below the figure to the next.
const SAID: f64 = 20.0;

/// The texts of a file, besides the figure.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Above the figure.
    pub title: &'a str,
    /// The run's note.
    pub note: &'a str,
    /// The link that opens the run.
    pub link: &'a str,
    /// Below the figure: verdicts and moves.
    pub summary: &'a [Line],
    /// Rules for the fonts of the texts, with the fonts in them; may be empty.
    pub faces: &'a str,
}

/// A figure that stands alone.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The whole file.
    pub svg: String,
    /// The figure's width, in pixels.
    pub width: f64,
    /// The figure's height, in pixels.
    pub height: f64,
}

/// The file of a figure, in the style of these sheets.
#[must_use]
pub fn drawing(shown: &Shown, about: About<'_>, sheets: &str, theme: Theme) -> Drawing {
    let frame = &shown.scene.frame;
    let view = ["0 0", &text(frame.width), &text(frame.height)].join(" ");
    let class = if frame.narrow { "fig down" } else { "fig" };
    let size = [Value::Length(frame.width), Value::Length(frame.height)];
    let figure = written(|out| {
        out.open(
            "svg",
            &["class", "viewBox", "width", "height"],
            &[Value::Fixed(class), Value::Text(&view), size[0], size[1]],
        );
        shown.draw(false, out, |_| {});
        out.close();
    });
    around(&figure, (frame.width, frame.height), &rules(sheets, theme, SHEET), about)
}

fn around(figure: &str, (wide, high): (f64, f64), rules: &str, about: About<'_>) -> Drawing {
    let lines = lines(about.title, wide, TITLE_SIZE);
    let top = MARGIN + LINE * lines.len() as f64;
    let below = below(about, wide);
    let (width, height) = (wide + 2.0 * MARGIN, top + high + SAID * below.len() as f64 + MARGIN);
    let (across, down) = (text(width), text(height));
    let [said, note, link, rules] = [about.title, about.note, about.link, rules].map(escaped);
    let size = format!("width=\"{across}\" height=\"{down}\" viewBox=\"0 0 {across} {down}\"");
    let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" {size}><title>{said}</title>");
    let description = [note.as_str(), link.as_str()].into_iter().filter(|part| !part.is_empty());
    svg.push_str(&["<desc>", &description.collect::<Vec<_>>().join(" "), "</desc>"].concat());
    let source = "<metadata><dc:source xmlns:dc=\"http://purl.org/dc/elements/1.1/\">";
    svg.push_str(&[source, &link, "</dc:source></metadata><style>", about.faces, &rules, "</style>"].concat());
    svg.push_str("<rect class=\"sheet\" width=\"100%\" height=\"100%\"/>");
    let mut base = MARGIN - 10.0;
    for line in &lines {
        base += LINE;
        svg.push_str(&["<text class=\"title\" x=\"24\" y=\"", &text(base), "\">", &escaped(line), "</text>"].concat());
    }
    svg.push_str(&["<g transform=\"translate(24 ", &text(top), ")\">", figure, "</g>"].concat());
    let mut base = top + high;
    for (class, line) in &below {
        base += SAID;
        let line = [&text(base), "\">", &escaped(line), "</text>"].concat();
        svg.push_str(&["<text class=\"", class, "\" x=\"24\" y=\"", &line].concat());
    }
    svg.push_str("</svg>");
    Drawing { svg, width, height }
}

/// The lines below the figure, each with its class: the summary's, then the link's.
fn below(about: About<'_>, room: f64) -> Vec<(&'static str, String)> {
    let said = about.summary.iter().map(|line| (if line.broken { "said bad" } else { "said" }, line.text.as_str()));
    let all = said.chain(Some(("said link", about.link)).filter(|(_, link)| !link.is_empty()));
    all.flat_map(|(class, text)| lines(text, room, 12.0).into_iter().map(move |line| (class, line))).collect()
}

/// A text of this size in lines that fit.
fn lines(title: &str, room: f64, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split(' ') {
        let longer = lines.last().map(|line| [line, " ", word].concat());
        match longer.filter(|line| labels::width(line, Look::Strong) * size / 12.0 <= room) {
            Some(line) => *lines.last_mut().unwrap_or(&mut String::new()) = line,
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::style::SHEETS;
    use super::*;
    use crate::by_pointer::ByPointer;
    use crate::draw::Parting;
    use crate::gallery;
    use crate::plane::geometry::Stands;
    use crate::read::index::Index;
    use crate::scene::{Scene, Viewport};
    use lightcone_engine::{Time, simulate};
    use std::rc::Rc;

    const ABOUT: About<'_> = About { title: "a < b", note: "c & d", link: "x/#/y?a=1&b=2", summary: &[], faces: "" };

    #[test]
    fn long_titles_have_several_lines() {
        let title = "Figure 8: a majority is not enough";
        assert_eq!(lines(title, 1000.0, TITLE_SIZE), [title]);
        let narrow = lines(title, 200.0, TITLE_SIZE);
        assert!(narrow.len() > 1);
        assert_eq!(narrow.join(" "), title);
    }

    #[test]
    fn a_file_says_what_it_is_and_where_it_comes_from() {
        let Drawing { svg, height, .. } = around("<svg/>", (300.0, 100.0), ".fig>.g{}", ABOUT);
        assert!(svg.contains("<title>a &lt; b</title><desc>c &amp; d x/#/y?a=1&amp;b=2</desc>"));
        assert!(
            svg.contains("<style>")
                && svg.contains(".fig&gt;.g{}")
                && svg.contains("<svg/></g>")
                && svg.ends_with("x/#/y?a=1&amp;b=2</text></svg>")
        );
        assert_eq!(height, 24.0 + 26.0 + 100.0 + 20.0 + 24.0);
    }

    #[test]
    fn every_run_of_the_gallery_is_drawn_in_both_themes_and_both_ways() {
        for exhibit in gallery::exhibits() {
            let index = Rc::new(Index::of(Rc::new(simulate(&exhibit.scenario))));
            for (size, narrow, theme) in [((900.0, 0.0), false, Theme::Light), ((390.0, 600.0), true, Theme::Dark)] {
                let scene = Scene::new(index.clone(), &Viewport::whole(&index, size, narrow));
                let arrows = scene.arrows.len();
                let shown = Shown::still(ByPointer(Rc::new(scene)), index.trace.horizon());
                let Drawing { svg, width, .. } = drawing(&shown, ABOUT, SHEETS, theme);
                let read = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{}: {error}", exhibit.slug));
                assert_eq!(read.root_element().tag_name().name(), "svg", "{}", exhibit.slug);
                assert!(read.descendants().any(|element| element.ancestors().count() > 5), "{}", exhibit.slug);
                assert!(svg.matches("class=\"m k-").count() >= arrows, "{}", exhibit.slug);
                assert!(!svg.contains("var(") && !svg.contains("tabindex"), "{}", exhibit.slug);
                assert!(width >= size.0);
            }
        }
    }

    /// Of two figures, the upper one has the axis and its words; what the lower one repeats is pale.
    #[test]
    fn two_figures_have_one_axis_and_the_lower_one_is_pale_where_it_repeats() {
        let scenario = &gallery::find("raft", "election").expect("the gallery has it").scenario;
        let index = Rc::new(Index::of(Rc::new(simulate(scenario))));
        let at = Time::from_millis(100);
        let [above, below] = [Stands::Above, Stands::Below].map(|stands| {
            let view = Viewport { stands, ..Viewport::whole(&index, (900.0, 500.0), false) };
            let scene = ByPointer(Rc::new(Scene::new(index.clone(), &view)));
            let parting = Some(Parting { at, repeats: stands == Stands::Below });
            let shown = Shown { parting, ..Shown::still(scene, Time::from_millis(180)) };
            written(|out| shown.draw(false, out, |_| {}))
        });
        for (one, has) in [(&above, true), (&below, false)] {
            assert_eq!(one.contains("class=\"axis\""), has);
            assert_eq!(one.contains("they part"), has);
            assert_eq!(one.contains("class=\"repeats\""), !has);
            assert!(one.contains("class=\"part\""));
        }
    }
}
