//! Elements of SVG that the page writes itself: a figure has many, and few change from one frame to the next.

use super::base::window;
use lightcone_figure::draw::Canvas;
use lightcone_figure::draw::kept::{self, Kept};
use web_sys::{Element, Node};
use yew::NodeRef;

const SVG: &str = "http://www.w3.org/2000/svg";

/// What is drawn in an element of the page. The element has nothing else in it.
#[derive(Default)]
pub struct Picture(Option<Kept<Element>>);

impl Picture {
    /// Makes it what `draw` draws, in the element that `node` is now. `number` is the figure's own in the page.
    pub fn draw(&mut self, node: &NodeRef, number: u32, draw: impl FnOnce(&mut dyn Canvas)) {
        let (Some(mut document), Some(element)) = (Document::here(), node.cast::<Element>()) else { return };
        let same = self.0.take().filter(|kept| *kept.within() == element);
        self.0.insert(same.unwrap_or_else(|| Kept::new(element, number))).draw(&mut document, draw);
    }
}

/// What `draw` draws, as elements that are nowhere yet.
pub fn drawn(number: u32, draw: impl FnOnce(&mut dyn Canvas)) -> Vec<Node> {
    let Some(mut document) = Document::here() else { return Vec::new() };
    let around = kept::Document::make(&mut document, "g");
    Kept::new(around.clone(), number).draw(&mut document, draw);
    let nodes = around.child_nodes();
    (0..nodes.length()).filter_map(|place| nodes.get(place)).collect()
}

/// The page's document.
struct Document(web_sys::Document);

impl Document {
    fn here() -> Option<Document> {
        window().document().map(Document)
    }
}

impl kept::Document for Document {
    type Node = Element;

    fn make(&mut self, tag: &'static str) -> Element {
        self.0.create_element_ns(Some(SVG), tag).unwrap_or_else(|_| unreachable!("`{tag}` is a name"))
    }

    fn set(&mut self, node: &Element, name: &'static str, value: &str) {
        let _ = node.set_attribute(name, value);
    }

    fn unset(&mut self, node: &Element, name: &'static str) {
        let _ = node.remove_attribute(name);
    }

    fn write(&mut self, node: &Element, words: &str) {
        node.set_text_content(Some(words));
    }

    fn put(&mut self, node: &Element, within: &Element, before: Option<&Element>) {
        let _ = within.insert_before(node, before.map(AsRef::as_ref));
    }

    fn remove(&mut self, node: &Element) {
        node.remove();
    }
}
