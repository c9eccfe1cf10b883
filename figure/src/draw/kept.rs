//! A picture that stays: it is drawn again and again into a document, which hears only of what has changed.

use super::canvas::{Canvas, Kind, Part, Subject, Value};
use crate::plane::pen::{Short, short};
use std::cell::Cell;
use std::fmt::Write;
use std::rc::Rc;

/// What a picture is kept in: a tree of elements that can be changed at any place.
pub trait Document {
    /// An element of the document.
    type Node;

    /// Makes an element of SVG that is nowhere yet.
    fn make(&mut self, tag: &'static str) -> Self::Node;

    /// Gives an attribute its value.
    fn set(&mut self, node: &Self::Node, name: &'static str, value: &str);

    /// Takes an attribute away.
    fn unset(&mut self, node: &Self::Node, name: &'static str);

    /// Makes this the text of an element that has no elements in it.
    fn write(&mut self, node: &Self::Node, words: &str);

    /// Puts an element, new or not, before another in the same element; without one, at the end.
    fn put(&mut self, node: &Self::Node, within: &Self::Node, before: Option<&Self::Node>);

    /// Takes an element out of the document.
    fn remove(&mut self, node: &Self::Node);
}

/// The picture in an element of a document, as it was drawn last.
pub struct Kept<N> {
    within: N,
    number: u32,
    items: Vec<Item<N>>,
}

impl<N> Kept<N> {
    /// A picture in an element that is empty and that nobody else writes to. `number` is the figure's own in the page:
    /// patterns and what can be chosen have names with it.
    #[must_use]
    pub fn new(within: N, number: u32) -> Kept<N> {
        Kept { within, number, items: Vec::new() }
    }

    /// The element that the picture is in.
    #[must_use]
    pub fn within(&self) -> &N {
        &self.within
    }

    /// Makes the picture what `draw` draws.
    pub fn draw<D: Document<Node = N>>(&mut self, document: &mut D, draw: impl FnOnce(&mut dyn Canvas)) {
        let old = std::mem::take(&mut self.items);
        let mut pen = Pen {
            document,
            number: self.number,
            open: vec![Open::new(Holder::Picture, old)],
            key: None,
            written: String::new(),
        };
        draw(&mut pen);
        self.items = pen.all(&self.within);
    }
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

/// What is in an element, in order.
enum Item<N> {
    Element(Element<N>),
    /// Items that have one place together; a part, if it is kept.
    List(Option<Rc<dyn Part>>, Vec<Item<N>>),
    /// It is in the new picture already.
    Taken,
}

/// An element as it was drawn last.
struct Element<N> {
    node: N,
    tag: &'static str,
    key: Option<Box<str>>,
    names: &'static [&'static str],
    values: Vec<Written>,
    words: String,
    items: Vec<Item<N>>,
    /// Whether it is not yet where it belongs.
    astray: Cell<bool>,
}

/// The value of an attribute as it stands in the document.
#[derive(PartialEq)]
enum Written {
    Absent,
    Fixed(&'static str),
    Length(Short),
    Text(String),
    Own(&'static str),
    Fill(&'static str),
}

impl Written {
    fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Written::Absent, Value::Absent) => true,
            (Written::Length(old), Value::Length(new)) => *old == short(new),
            (Written::Text(old), Value::Text(new)) => old == new,
            (Written::Fixed(old), Value::Fixed(new))
            | (Written::Own(old), Value::Own(new))
            | (Written::Fill(old), Value::Fill(new)) => *old == new,
            _ => false,
        }
    }
}

impl From<Value<'_>> for Written {
    fn from(value: Value<'_>) -> Written {
        match value {
            Value::Absent => Written::Absent,
            Value::Fixed(fixed) => Written::Fixed(fixed),
            Value::Length(length) => Written::Length(short(length)),
            Value::Text(words) => Written::Text(words.to_owned()),
            Value::Own(name) => Written::Own(name),
            Value::Fill(name) => Written::Fill(name),
        }
    }
}

/// Something that is being drawn: what was in it, and what is in it so far.
struct Open<N> {
    holder: Holder<N>,
    old: Vec<Item<N>>,
    /// The first of the old items that was not passed yet.
    next: usize,
    new: Vec<Item<N>>,
    words: String,
    /// Whether something directly in it is not yet where it belongs.
    astray: bool,
}

enum Holder<N> {
    Picture,
    Element(Element<N>),
    List(Option<Rc<dyn Part>>),
}

impl<N> Open<N> {
    fn new(holder: Holder<N>, old: Vec<Item<N>>) -> Open<N> {
        let new = Vec::with_capacity(old.len());
        Open { holder, old, next: 0, new, words: String::new(), astray: false }
    }

    /// The next old item that fits, and whether it stood after all that was taken before. What has no key has its place.
    fn take(&mut self, anywhere: bool, fits: impl Fn(&Item<N>) -> bool) -> Option<(Item<N>, bool)> {
        let (passed, ahead) = self.old.split_at(self.next);
        let place = match ahead.iter().position(&fits) {
            Some(far) => self.next + far,
            None if anywhere => passed.iter().position(&fits)?,
            None => return None,
        };
        let in_order = place >= self.next;
        if in_order {
            self.next = place + 1;
        }
        Some((std::mem::replace(&mut self.old[place], Item::Taken), in_order))
    }
}

/// Draws over an old picture.
struct Pen<'a, D: Document> {
    document: &'a mut D,
    number: u32,
    /// What is open, the outermost first.
    open: Vec<Open<D::Node>>,
    /// The name of the element that is opened next.
    key: Option<Box<str>>,
    /// Room to write a value in.
    written: String,
}

impl<D: Document> Pen<'_, D> {
    /// Ends the picture; its elements are in order then.
    fn all(mut self, within: &D::Node) -> Vec<Item<D::Node>> {
        let Some(open) = self.open.pop() else { return Vec::new() };
        open.old.iter().for_each(|item| remove(self.document, item));
        if open.astray {
            arrange(self.document, within, &open.new, None);
        }
        open.new
    }

    /// The element of the last picture that is at this place, or a new one.
    fn enter(&mut self, tag: &'static str, names: &'static [&'static str]) -> Element<D::Node> {
        let key = self.key.take();
        let fits = |item: &Item<D::Node>| matches!(item, Item::Element(old) if old.tag == tag && old.key == key && old.names == names);
        let taken = self.open.last_mut().and_then(|around| around.take(key.is_some(), fits));
        if let Some((Item::Element(element), in_order)) = taken {
            element.astray.set(!in_order);
            return element;
        }
        let values = names.iter().map(|_| Written::Absent).collect();
        let node = self.document.make(tag);
        Element { node, tag, key, names, values, words: String::new(), items: Vec::new(), astray: Cell::new(true) }
    }

    fn update(&mut self, element: &mut Element<D::Node>, place: usize, value: Value<'_>) {
        let old = &mut element.values[place];
        if old.is(value) {
            return;
        }
        let name = element.names[place];
        self.written.clear();
        // Writing to a string does not fail.
        let _ = match value {
            Value::Absent => {
                self.document.unset(&element.node, name);
                Ok(())
            }
            Value::Fixed(words) | Value::Text(words) => {
                self.document.set(&element.node, name, words);
                Ok(())
            }
            Value::Length(length) => write!(self.written, "{}", short(length)),
            Value::Own(own) => write!(self.written, "{own}-{}", self.number),
            Value::Fill(own) => write!(self.written, "url(#{own}-{})", self.number),
        };
        if !self.written.is_empty() {
            self.document.set(&element.node, name, &self.written);
        }
        match (old, value) {
            (Written::Text(old), Value::Text(new)) => new.clone_into(old),
            (old, value) => *old = value.into(),
        }
    }

    fn into(&mut self, mut element: Element<D::Node>) {
        let old = std::mem::take(&mut element.items);
        self.open.push(Open::new(Holder::Element(element), old));
    }

    fn push(&mut self, item: Item<D::Node>, astray: bool) {
        if let Some(around) = self.open.last_mut() {
            around.astray |= astray;
            around.new.push(item);
        }
    }

    fn begin_list(&mut self, part: Option<Rc<dyn Part>>, old: Vec<Item<D::Node>>) {
        self.open.push(Open::new(Holder::List(part), old));
    }
}

impl<D: Document> Canvas for Pen<'_, D> {
    fn open(&mut self, tag: &'static str, attributes: &'static [&'static str], values: &[Value<'_>]) {
        let mut element = self.enter(tag, attributes);
        for (place, value) in values.iter().enumerate() {
            self.update(&mut element, place, *value);
        }
        self.into(element);
    }

    fn open_subject(&mut self, class: &'static str, subject: Subject<'_>) {
        const MESSAGE: &[&str] = &["class", "aria-label", "id", "role", "tabindex", "data-message"];
        const EVENT: &[&str] = &["class", "aria-label", "id", "role", "tabindex", "data-event"];
        self.key(subject.name);
        let mut element = self.enter("g", if subject.kind == Kind::Message { MESSAGE } else { EVENT });
        self.update(&mut element, 0, if class.is_empty() { Value::Absent } else { Value::Fixed(class) });
        self.update(&mut element, 1, Value::Text(subject.said));
        // The rest follows from its name.
        if element.values[2] == Written::Absent {
            let id = name_in_page(self.number, subject.kind, subject.name);
            let rest = [Value::Text(&id), Value::Fixed("button"), Value::Fixed("-1"), Value::Text(subject.name)];
            (2..).zip(rest).for_each(|(place, value)| self.update(&mut element, place, value));
        }
        self.into(element);
    }

    fn key(&mut self, key: &str) {
        self.key = Some(key.into());
    }

    fn text(&mut self, words: &str) {
        if let Some(open) = self.open.last_mut() {
            open.words.push_str(words);
        }
    }

    fn close(&mut self) {
        let Some(Open { holder: Holder::Element(mut element), old, new, words, astray, .. }) = self.open.pop() else {
            return;
        };
        old.iter().for_each(|item| remove(self.document, item));
        if element.words != words {
            self.document.write(&element.node, &words);
            element.words = words;
        }
        if astray {
            arrange(self.document, &element.node, &new, None);
        }
        element.items = new;
        let astray = element.astray.get();
        self.push(Item::Element(element), astray);
    }

    fn begin(&mut self) {
        let list = |item: &Item<D::Node>| matches!(item, Item::List(None, _));
        let old = self.open.last_mut().and_then(|around| around.take(false, list));
        let items = if let Some((Item::List(_, items), _)) = old { items } else { Vec::new() };
        self.begin_list(None, items);
    }

    fn end(&mut self) {
        let Some(Open { holder: Holder::List(part), old, new, astray, .. }) = self.open.pop() else { return };
        old.iter().for_each(|item| remove(self.document, item));
        self.push(Item::List(part, new), astray);
    }

    fn gathers(&self) -> bool {
        true
    }

    fn part(&mut self, part: Rc<dyn Part>) {
        let list = |item: &Item<D::Node>| matches!(item, Item::List(Some(_), _));
        match self.open.last_mut().and_then(|around| around.take(false, list)) {
            Some((Item::List(Some(old), items), _)) if part.is(&*old) => {
                self.push(Item::List(Some(old), items), false);
            }
            old => {
                let items = if let Some((Item::List(_, items), _)) = old { items } else { Vec::new() };
                self.begin_list(Some(part.clone()), items);
                part.draw(self);
                self.end();
            }
        }
    }
}

/// Takes what was left of an old picture out of the document.
fn remove<D: Document>(document: &mut D, item: &Item<D::Node>) {
    match item {
        Item::Element(element) => document.remove(&element.node),
        Item::List(_, items) => items.iter().for_each(|item| remove(document, item)),
        Item::Taken => {}
    }
}

/// Puts what is new or has moved where it belongs, and gives the first element of all, or else `before`.
fn arrange<'a, D: Document>(
    document: &mut D,
    within: &D::Node,
    items: &'a [Item<D::Node>],
    before: Option<&'a D::Node>,
) -> Option<&'a D::Node> {
    let mut before = before;
    for item in items.iter().rev() {
        match item {
            Item::Element(element) => {
                if element.astray.take() {
                    document.put(&element.node, within, before);
                }
                before = Some(&element.node);
            }
            Item::List(_, items) => before = arrange(document, within, items, before),
            Item::Taken => {}
        }
    }
    before
}

#[cfg(test)]
mod tests;
