//! What a figure is drawn on. Drawing opens elements by name, in order. A page keeps them, a file writes them as text.

use std::any::Any;
use std::rc::Rc;

/// Takes the elements of a figure, in order.
pub trait Canvas {
    /// Opens an element. There is a value for each of the attributes.
    fn open(&mut self, tag: &'static str, attributes: &'static [&'static str], values: &[Value<'_>]);

    /// Opens the group of something that can be chosen in a page, and that has words for those who hear the figure.
    fn open_subject(&mut self, class: &'static str, subject: Subject<'_>);

    /// Names the element that is opened next among its neighbours: in the next picture it is the same one.
    fn key(&mut self, key: &str);

    /// Writes inside a text element, which has no elements in it.
    fn text(&mut self, words: &str);

    /// Closes the element that was opened last.
    fn close(&mut self);

    /// Begins a number of elements that have one place among their neighbours, however many they are.
    fn begin(&mut self);

    /// Ends what [`Canvas::begin`] began.
    fn end(&mut self);

    /// Whether many messages and events may be drawn together: then only what is chosen is an element of its own.
    fn gathers(&self) -> bool {
        false
    }

    /// Draws a part that is the same as in the last picture while what it is made of is equal.
    fn part(&mut self, part: Rc<dyn Part>);
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The attribute is left out.
    Absent,
    /// Always the same.
    Fixed(&'static str),
    /// A length in pixels.
    Length(f64),
    /// Any other text.
    Text(&'a str),
    /// A name that is this figure's alone.
    Own(&'static str),
    /// A reference to the element with that name, as the fill of an area.
    Fill(&'static str),
}

/// Something in a figure that can be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Whether it is a message or an event.
    pub kind: Kind,
    /// The name of its element, which is the same in every picture of the run.
    pub name: &'a str,
    /// The message or event in a sentence, for screen readers.
    pub said: &'a str,
}

/// The sort of thing that can be chosen in a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message, by its arrow.
    Message,
    /// An event, by its mark.
    Event,
}

/// A part of a figure, with what it is made of.
pub trait Part {
    /// Draws the part's elements.
    fn draw(&self, out: &mut dyn Canvas);
    /// Whether the other part draws the same.
    fn is(&self, other: &dyn Part) -> bool;
    /// The part with its own type, so that two parts can be compared.
    fn as_any(&self) -> &dyn Any;
}

struct Of<P> {
    made_of: P,
    draw: fn(&P, &mut dyn Canvas),
}

impl<P: PartialEq + 'static> Part for Of<P> {
    fn draw(&self, out: &mut dyn Canvas) {
        (self.draw)(&self.made_of, out);
    }

    fn is(&self, other: &dyn Part) -> bool {
        let other = other.as_any().downcast_ref::<Of<P>>();
        other.is_some_and(|other| std::ptr::fn_addr_eq(self.draw, other.draw) && self.made_of == other.made_of)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Draws a part that stays as it is while `made_of` is equal.
pub fn part<P: PartialEq + 'static>(out: &mut dyn Canvas, made_of: P, draw: fn(&P, &mut dyn Canvas)) {
    out.part(Rc::new(Of { made_of, draw }));
}

/// Draws elements that have one place among their neighbours, however many they are: none, too.
pub fn place(out: &mut dyn Canvas, draw: impl FnOnce(&mut dyn Canvas)) {
    out.begin();
    draw(out);
    out.end();
}
