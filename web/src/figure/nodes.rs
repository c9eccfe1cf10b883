//! Makes the page's nodes of what a figure is drawn with.

use crate::parts::memo::memo;
use lightcone_figure::draw::Canvas;
use lightcone_figure::draw::canvas::{Kind, Part, Subject, Value};
use lightcone_figure::plane::pen::short;
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VList, VNode, VTag, VText};

/// What `draw` draws, as nodes. `number` is the figure's own in the page: patterns and what can be chosen have names with it.
pub fn nodes(number: u32, draw: impl FnOnce(&mut dyn Canvas)) -> Html {
    let mut nodes = Nodes::new(number);
    draw(&mut nodes);
    nodes.all()
}

/// What `draw` draws, as nodes that are never drawn again: no part of it is kept by itself.
pub fn still(number: u32, draw: impl FnOnce(&mut dyn Canvas)) -> Html {
    let mut nodes = Nodes { still: true, ..Nodes::new(number) };
    draw(&mut nodes);
    nodes.all()
}

/// The name in the page of a thing in a figure.
#[must_use]
pub fn name_in_page(number: u32, kind: Kind, name: &str) -> String {
    let kind = match kind {
        Kind::Message => "message",
        Kind::Event => "event",
    };
    format!("figure-{number}-{kind}-{name}")
}

/// A part of a figure, drawn again when it is another one.
struct OwnPart {
    part: Rc<dyn Part>,
    number: u32,
}

impl PartialEq for OwnPart {
    fn eq(&self, other: &OwnPart) -> bool {
        self.number == other.number && self.part.is(&*other.part)
    }
}

/// Elements and lists that are open, the outermost first.
struct Nodes {
    number: u32,
    open: Vec<Open>,
    /// Whether parts are drawn where they stand.
    still: bool,
    /// Room to write a number in.
    written: String,
}

/// An element that is open; a list, if it has no tag.
#[derive(Default)]
struct Open {
    tag: Option<VTag>,
    children: Vec<VNode>,
}

impl Nodes {
    fn new(number: u32) -> Nodes {
        Nodes { number, open: vec![Open::default()], still: false, written: String::new() }
    }

    fn all(mut self) -> Html {
        VList::with_children(self.open.pop().unwrap_or_default().children, None).into()
    }

    fn push(&mut self, node: VNode) {
        if let Some(around) = self.open.last_mut() {
            around.children.push(node);
        }
    }

    fn value(&mut self, value: Value<'_>) -> Option<AttrValue> {
        self.written.clear();
        // Writing to a string does not fail.
        let _ = match value {
            Value::Absent => return None,
            Value::Fixed(fixed) => return Some(AttrValue::Static(fixed)),
            Value::Text(words) => return Some(AttrValue::Rc(words.into())),
            Value::Length(length) => write!(self.written, "{}", short(length)),
            Value::Own(name) => write!(self.written, "{name}-{}", self.number),
            Value::Fill(name) => write!(self.written, "url(#{name}-{})", self.number),
        };
        Some(AttrValue::Rc(self.written.as_str().into()))
    }
}

impl Canvas for Nodes {
    fn open(&mut self, tag: &'static str, attributes: &'static [&'static str], values: &[Value<'_>]) {
        let values = values.iter().map(|value| self.value(*value).map(AttributeOrProperty::Attribute)).collect();
        let mut tag = VTag::new(tag);
        tag.set_attributes(Attributes::Dynamic { keys: attributes, values });
        self.open.push(Open { tag: Some(tag), children: Vec::new() });
    }

    fn open_subject(&mut self, class: &'static str, subject: Subject<'_>) {
        const MESSAGE: &[&str] = &["class", "id", "role", "aria-label", "tabindex", "data-message"];
        const EVENT: &[&str] = &["class", "id", "role", "aria-label", "tabindex", "data-event"];
        let id = name_in_page(self.number, subject.kind, subject.name);
        let class = if class.is_empty() { Value::Absent } else { Value::Fixed(class) };
        let attributes = if subject.kind == Kind::Message { MESSAGE } else { EVENT };
        let (said, name) = (Value::Text(subject.said), Value::Text(subject.name));
        let values = [class, Value::Text(&id), Value::Fixed("button"), said, Value::Fixed("-1"), name];
        self.open("g", attributes, &values);
        self.key(subject.name);
    }

    fn key(&mut self, key: &str) {
        if let Some(tag) = self.open.last_mut().and_then(|open| open.tag.as_mut()) {
            tag.key = Some(Key::from(key));
        }
    }

    fn text(&mut self, words: &str) {
        self.push(VText::new(AttrValue::Rc(words.into())).into());
    }

    fn close(&mut self) {
        let Some(Open { tag: Some(mut tag), children }) = self.open.pop() else { return };
        if !children.is_empty() {
            tag.add_children(children);
        }
        self.push(tag.into());
    }

    fn begin(&mut self) {
        self.open.push(Open::default());
    }

    fn end(&mut self) {
        if let Some(list) = self.open.pop() {
            self.push(VList::with_children(list.children, None).into());
        }
    }

    fn part(&mut self, part: Rc<dyn Part>) {
        if self.still {
            return part.draw(self);
        }
        let part = OwnPart { part, number: self.number };
        self.push(memo(part, |own| nodes(own.number, |out| own.part.draw(out))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_figure::draw::shapes::{group, hatched, line, words_at};
    use lightcone_figure::plane::geometry::Point;
    use lightcone_figure::plane::labels::Anchor;
    use lightcone_figure::svg::written;

    /// The nodes as text; lists and keys are no part of it.
    fn text_of(node: &VNode) -> String {
        match node {
            VNode::VTag(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\""));
                let content = tag.children().map(text_of).unwrap_or_default();
                let (name, attributes) = (tag.tag(), attributes.collect::<String>());
                if content.is_empty() {
                    format!("<{name}{attributes}/>")
                } else {
                    format!("<{name}{attributes}>{content}</{name}>")
                }
            }
            VNode::VList(list) => list.iter().map(text_of).collect(),
            VNode::VText(text) => text.text.to_string(),
            _ => String::new(),
        }
    }

    fn drawing(out: &mut dyn Canvas) {
        let at = Point { x: 1.0, y: 2.25 };
        group(out, "moves", |out| {
            out.begin();
            line(out, "way", (at, Point::default()));
            out.end();
            words_at(out, "el", at, Anchor::Middle, "vote");
        });
    }

    #[test]
    fn the_pages_nodes_are_the_elements_of_a_file() {
        assert_eq!(text_of(&nodes(3, drawing)), written(drawing));
        assert!(written(drawing).contains("<line class=\"way\" x1=\"1\" y1=\"2.3\""));
    }

    #[test]
    fn what_can_be_chosen_and_patterns_have_the_figures_number() {
        let node = nodes(3, |out| {
            hatched(out, "M0 0", "hatch");
            let subject = Subject { kind: Kind::Message, name: "S1-S2-Vote-1", said: "A vote." };
            out.open_subject("m k-ballot", subject);
            out.close();
        });
        let VNode::VList(list) = &node else { panic!("elements are a list") };
        let keys: Vec<_> = list.iter().map(|each| each.key().map(ToString::to_string)).collect();
        assert_eq!(keys, [None, Some("S1-S2-Vote-1".to_owned())]);
        let text = text_of(&node);
        assert!(text.contains("fill=\"url(#hatch-3)\"") && text.contains("id=\"figure-3-message-S1-S2-Vote-1\""));
        assert!(text.contains("data-message=\"S1-S2-Vote-1\"") && text.contains("aria-label=\"A vote.\""), "{text}");
    }
}
