//! The figure as a file of its own: as it is shown now, with the run's title, and its link inside.
//!
//! The figure in the page is copied with the rules of the page's style sheets that are about it. Their colours are
//! written out as they are in the theme shown, so that nothing outside the file decides how it looks; of the fonts,
//! which are not in it, the system's stand in.

use super::address::{self, Choice, escaped, file_name};
use super::png;
use crate::browser;
use crate::diagram::Snapshot;
use crate::library;
use lightcone_figure::plane::labels::{self, Look};
use lightcone_figure::plane::pen;
use lightcone_figure::read::words::TAKE;
use yew::Callback;

/// Paper around the figure.
const MARGIN: f64 = 24.0;
/// From one line of the title to the next, and its size against that of labels.
const LINE: f64 = 26.0;
const TITLE_SIZE: f64 = 20.0;
/// Pixels of a PNG for each of the page's.
const SHARPNESS: f64 = 2.0;

/// A picture that stands alone.
struct Picture {
    svg: String,
    width: f64,
    height: f64,
}

/// Saves the figure as SVG; says whether there was one.
pub(super) fn save_svg(run: &Snapshot, done: Callback<bool>) {
    let picture = picture(run, &link(run));
    if let Some(picture) = &picture {
        browser::download(&file_name(run.scenario(), ".svg"), "image/svg+xml", picture.svg.as_bytes());
    }
    done.emit(picture.is_some());
}

/// Saves the figure as PNG; says whether the browser could draw it.
pub(super) fn save_png(run: &Snapshot, done: Callback<bool>) {
    let link = link(run);
    let Some(Picture { svg, width, height }) = picture(run, &link) else { return done.emit(false) };
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

fn picture(run: &Snapshot, link: &str) -> Option<Picture> {
    let figure = browser::copy_figure("main svg.fig", TAKE)?;
    let rules = resolved(&figure.rules, value);
    let (title, note) = library::caption_of(run);
    Some(whole(&figure.svg, (figure.width, figure.height), &rules, [&title, &note, link]))
}

/// The value of a variable of the page's style. Ink is printed on white paper.
fn value(name: &str) -> String {
    let white = name == "--paper" && browser::style_value("color-scheme") != "dark";
    if white { "#fff".to_owned() } else { browser::style_value(name) }
}

/// The file: title, paper, and the figure.
fn whole(figure: &str, (wide, high): (f64, f64), rules: &str, [title, note, link]: [&str; 3]) -> Picture {
    let lines = lines(title, wide);
    let top = MARGIN + LINE * lines.len() as f64;
    let (width, height) = (wide + 2.0 * MARGIN, top + high + MARGIN);
    let (across, down) = (pen::text(width), pen::text(height));
    let [said, note, link, rules] = [title, note, link, rules].map(escaped);
    let mut svg = [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"",
        &across,
        "\" height=\"",
        &down,
        "\" viewBox=\"0 0 ",
        &across,
        " ",
        &down,
        "\"><title>",
        &said,
        "</title><desc>",
        &note,
        " ",
        &link,
        "</desc><metadata><dc:source xmlns:dc=\"http://purl.org/dc/elements/1.1/\">",
        &link,
        "</dc:source></metadata><style>",
        &rules,
        "</style><rect class=\"sheet\" width=\"100%\" height=\"100%\"/>",
    ]
    .concat();
    let mut base = MARGIN - 10.0;
    for line in &lines {
        base += LINE;
        let line = ["<text class=\"title\" x=\"24\" y=\"", &pen::text(base), "\">", &escaped(line), "</text>"];
        svg.push_str(&line.concat());
    }
    svg.push_str(&["<g transform=\"translate(24 ", &pen::text(top), ")\">", figure, "</g></svg>"].concat());
    Picture { svg, width, height }
}

/// The title in lines that fit.
fn lines(title: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split(' ') {
        let longer = lines.last().map(|line| [line, " ", word].concat());
        match longer.filter(|line| labels::width(line, Look::Strong) * TITLE_SIZE / 12.0 <= room) {
            Some(line) => *lines.last_mut().unwrap_or(&mut String::new()) = line,
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Rules with the values of their variables written out, and those of the sheet around the figure.
fn resolved(rules: &str, value: impl Fn(&str) -> String) -> String {
    const SHEET: &str = ".sheet{fill:var(--paper)}.title{font:600 20px var(--serif);fill:var(--ink)}";
    let mut written = String::new();
    for part in [SHEET, rules].concat().split('(') {
        match part.split_once(')') {
            Some((name, after)) if written.ends_with("var(") => {
                written.truncate(written.len() - "var(".len());
                written.push_str(value(name).trim());
                written.push_str(after);
            }
            _ => written.push_str(part),
        }
        written.push('(');
    }
    // One more than there were.
    written.pop();
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_written_out() {
        let value = |name: &str| if name == "--ink" { " #000".to_owned() } else { "x".to_owned() };
        let rules = resolved(".fig .g{fill:var(--ink);stroke:rgb(1,2,3);color:var(--paper)}", value);
        assert!(rules.ends_with(".fig .g{fill:#000;stroke:rgb(1,2,3);color:x}") && !rules.contains("var("), "{rules}");
    }

    #[test]
    fn long_titles_have_several_lines() {
        let title = "Figure 8: a majority is not enough";
        assert_eq!(lines(title, 1000.0), [title]);
        let narrow = lines(title, 200.0);
        assert!(narrow.len() > 1);
        assert_eq!(narrow.join(" "), title);
    }

    #[test]
    fn a_picture_says_what_it_is_and_where_it_comes_from() {
        let texts = ["a < b", "c & d", "x/#/y?a=1&b=2"];
        let Picture { svg, height, .. } = whole("<svg/>", (300.0, 100.0), ".fig>.g{}", texts);
        assert!(svg.contains("<title>a &lt; b</title><desc>c &amp; d x/#/y?a=1&amp;b=2</desc>"));
        assert!(svg.contains("<style>") && svg.contains(".fig&gt;.g{}") && svg.ends_with("<svg/></g></svg>"));
        assert_eq!(height, 24.0 + 26.0 + 100.0 + 24.0);
    }
}
