//! Writes what is drawn as SVG.

use crate::draw::Canvas;
use crate::draw::canvas::{Part, Subject, Value};
use crate::plane::pen::short;
use std::fmt::Write;
use std::rc::Rc;

/// Draws with `draw`, and gives the elements as SVG text, without an element around them.
#[must_use]
pub fn written(draw: impl FnOnce(&mut dyn Canvas)) -> String {
    let mut text = Text::default();
    draw(&mut text);
    text.svg
}

/// The same for a picture that nobody chooses in and that is told in one sentence: without what only a pointer meets, and without
/// what each thing is.
#[must_use]
pub fn still(draw: impl FnOnce(&mut dyn Canvas)) -> String {
    let mut text = Text { still: true, ..Text::default() };
    draw(&mut text);
    text.svg
}

/// Text as XML has it, within elements and attributes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// An SVG in the making.
#[derive(Default)]
struct Text {
    svg: String,
    /// Elements that are open, the outermost first.
    open: Vec<&'static str>,
    /// Whether the last element that was opened is still without content.
    bare: bool,
    /// Whether nothing in it can be chosen.
    still: bool,
}

impl Text {
    fn content(&mut self) {
        if std::mem::take(&mut self.bare) {
            self.svg.push('>');
        }
    }

    fn attribute(&mut self, name: &str, value: Value<'_>) {
        // Writing to a string does not fail.
        let _ = match value {
            Value::Absent => Ok(()),
            Value::Fixed(fixed) => write!(self.svg, " {name}=\"{fixed}\""),
            Value::Length(length) => write!(self.svg, " {name}=\"{}\"", short(length)),
            Value::Text(words) => write!(self.svg, " {name}=\"{}\"", escaped(words)),
            Value::Own(own) => write!(self.svg, " {name}=\"{own}\""),
            Value::Fill(own) => write!(self.svg, " {name}=\"url(#{own})\""),
        };
    }
}

impl Canvas for Text {
    fn open(&mut self, tag: &'static str, attributes: &'static [&'static str], values: &[Value<'_>]) {
        if self.still && values.first() == Some(&Value::Fixed("hit")) {
            return self.open.push("");
        }
        self.content();
        self.svg.push('<');
        self.svg.push_str(tag);
        for (name, value) in attributes.iter().zip(values) {
            self.attribute(name, *value);
        }
        self.open.push(tag);
        self.bare = true;
    }

    /// A file cannot be chosen in; what a thing is, is its title.
    fn open_subject(&mut self, class: &'static str, subject: Subject<'_>) {
        self.open("g", &["class"], &[if class.is_empty() { Value::Absent } else { Value::Fixed(class) }]);
        if self.still {
            return;
        }
        self.open("title", &[], &[]);
        self.text(subject.said);
        self.close();
    }

    fn key(&mut self, _: &str) {}

    fn text(&mut self, words: &str) {
        self.content();
        self.svg.push_str(&escaped(words));
    }

    fn close(&mut self) {
        let Some(tag) = self.open.pop().filter(|tag| !tag.is_empty()) else { return };
        if std::mem::take(&mut self.bare) {
            self.svg.push_str("/>");
        } else {
            let _ = write!(self.svg, "</{tag}>");
        }
    }

    fn begin(&mut self) {}

    fn end(&mut self) {}

    fn part(&mut self, part: Rc<dyn Part>) {
        part.draw(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::shapes::{group, line, words_at};
    use crate::draw::thumbnail::thumbnail;
    use crate::gallery;
    use crate::plane::geometry::Point;
    use crate::plane::labels::Anchor;
    use lightcone_engine::simulate;

    #[test]
    fn elements_are_closed_and_texts_are_escaped() {
        let at = Point { x: 1.0, y: 2.25 };
        let svg = written(|out| {
            group(out, "", |out| words_at(out, "el", at, Anchor::End, "a < b & \"c\""));
            line(out, "way", (at, Point::default()));
        });
        assert_eq!(
            svg,
            "<g><text class=\"el\" x=\"1\" y=\"2.3\" text-anchor=\"end\">a &lt; b &amp; &quot;c&quot;</text></g>\
             <line class=\"way\" x1=\"1\" y1=\"2.3\" x2=\"0\" y2=\"0\"/>"
        );
    }

    #[test]
    fn every_run_of_the_gallery_has_a_thumbnail() {
        for exhibit in gallery::exhibits() {
            let svg = written(|out| {
                thumbnail(
                    &simulate(&exhibit.scenario),
                    exhibit.opening().map(|opening| (opening.from, opening.to)),
                    out,
                )
            });
            assert!(svg.starts_with("<svg class=\"thumb\"") && svg.ends_with("</svg>"), "{}", exhibit.slug);
            assert!(svg.contains("class=\"lane"), "{}", exhibit.slug);
        }
    }
}
