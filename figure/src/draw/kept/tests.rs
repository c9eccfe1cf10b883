//! Pictures that stay, drawn again and again.

use super::*;
use crate::draw::canvas::{part, place};
use crate::draw::shapes::{group, line, path, rect, words_at};
use crate::plane::geometry::Point;
use crate::plane::labels::Anchor;

/// A document that counts what it is told.
#[derive(Default)]
struct Told {
    nodes: Vec<Node>,
    told: Vec<String>,
}

#[derive(Default)]
struct Node {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
    words: String,
    within: Option<usize>,
    children: Vec<usize>,
}

impl Told {
    fn take_out(&mut self, node: usize) {
        if let Some(within) = self.nodes[node].within.take() {
            self.nodes[within].children.retain(|child| *child != node);
        }
    }

    fn text(&self, node: usize) -> String {
        let Node { tag, attributes, words, children, .. } = &self.nodes[node];
        let mut attributes: Vec<_> = attributes.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
        attributes.sort();
        let content: String = children.iter().map(|child| self.text(*child)).collect();
        format!("<{tag}{}>{words}{content}</>", attributes.concat())
    }
}

impl Document for Told {
    type Node = usize;

    fn make(&mut self, tag: &'static str) -> usize {
        self.told.push(format!("make {tag}"));
        self.nodes.push(Node { tag, ..Node::default() });
        self.nodes.len() - 1
    }

    fn set(&mut self, node: &usize, name: &'static str, value: &str) {
        self.unset(node, name);
        self.told.pop();
        self.told.push(format!("set {name}={value}"));
        self.nodes[*node].attributes.push((name, value.to_owned()));
    }

    fn unset(&mut self, node: &usize, name: &'static str) {
        self.told.push(format!("unset {name}"));
        self.nodes[*node].attributes.retain(|(old, _)| *old != name);
    }

    fn write(&mut self, node: &usize, words: &str) {
        assert!(self.nodes[*node].children.is_empty(), "text would take the place of elements");
        self.told.push(format!("write {words}"));
        self.nodes[*node].words = words.to_owned();
    }

    fn put(&mut self, node: &usize, within: &usize, before: Option<&usize>) {
        self.told.push("put".to_owned());
        self.take_out(*node);
        let children = &mut self.nodes[*within].children;
        let place = before.map_or(children.len(), |before| {
            children.iter().position(|child| child == before).expect("it stands in the same element")
        });
        children.insert(place, *node);
        self.nodes[*node].within = Some(*within);
    }

    fn remove(&mut self, node: &usize) {
        self.told.push("remove".to_owned());
        assert!(self.nodes[*node].within.is_some(), "what is removed is there");
        self.take_out(*node);
    }
}

/// A picture that was drawn again and again.
struct Pictures {
    document: Told,
    kept: Kept<usize>,
}

impl Pictures {
    fn new() -> Pictures {
        let mut document = Told::default();
        let within = document.make("g");
        Pictures { document, kept: Kept::new(within, 3) }
    }

    /// What the document is told by one more picture. It is then as if nothing else had ever been drawn.
    fn draw(&mut self, draw: impl Fn(&mut dyn Canvas)) -> Vec<String> {
        self.document.told.clear();
        self.kept.draw(&mut self.document, &draw);
        assert_eq!(self.document.text(0), anew(draw));
        self.document.told.clone()
    }
}

fn anew(draw: impl Fn(&mut dyn Canvas)) -> String {
    let mut document = Told::default();
    let within = document.make("g");
    Kept::new(within, 3).draw(&mut document, draw);
    document.text(0)
}

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

#[test]
fn only_what_changed_is_told() {
    let drawing = |y: f64, words: &'static str| {
        move |out: &mut dyn Canvas| {
            group(out, "moves", |out| {
                line(out, "way", (at(1.0, y), at(0.0, 0.0)));
                words_at(out, "el", at(1.0, 2.0), Anchor::Middle, words);
            });
        }
    };
    let mut pictures = Pictures::new();
    assert_eq!(pictures.draw(drawing(2.25, "vote")).iter().filter(|told| told.starts_with("make")).count(), 3);
    assert_eq!(pictures.draw(drawing(2.25, "vote")), Vec::<String>::new());
    // Less than the tenth of a pixel is nothing.
    assert_eq!(pictures.draw(drawing(2.29, "vote")), Vec::<String>::new());
    assert_eq!(pictures.draw(drawing(4.0, "vote")), ["set y1=4"]);
    assert_eq!(pictures.draw(drawing(4.0, "no vote")), ["write no vote"]);
}

#[test]
fn an_attribute_that_is_left_out_is_taken_away() {
    let drawing = |class: &'static str| move |out: &mut dyn Canvas| path(out, class, "M0 0");
    let mut pictures = Pictures::new();
    pictures.draw(drawing("x"));
    assert_eq!(pictures.draw(drawing("")), ["unset class"]);
    assert_eq!(pictures.draw(drawing("x")), ["set class=x"]);
}

#[test]
fn what_has_a_name_is_the_same_wherever_it_goes() {
    let drawing = |names: &'static [&'static str]| {
        move |out: &mut dyn Canvas| {
            for name in names {
                out.open_subject("m", Subject { kind: Kind::Message, name, said: name });
                rect(out, "", (0.0, 0.0, 1.0, 1.0));
                out.close();
            }
        }
    };
    let mut pictures = Pictures::new();
    pictures.draw(drawing(&["a", "b", "c", "d"]));
    assert_eq!(pictures.draw(drawing(&["a", "c", "d"])), ["remove"]);
    assert_eq!(pictures.draw(drawing(&["c", "d", "a"])), ["put"]);
    let told = pictures.draw(drawing(&["c", "b", "d", "a"]));
    assert!(told.contains(&"set id=figure-3-message-b".to_owned()), "{told:?}");
    assert_eq!(told.iter().filter(|told| *told == "put").count(), 2, "the new one and what is in it: {told:?}");
}

#[test]
fn what_may_be_there_moves_nothing_after_it() {
    let drawing = |ghosts: u32| {
        move |out: &mut dyn Canvas| {
            place(out, |out| (0..ghosts).for_each(|each| line(out, "ghost", (at(f64::from(each), 0.0), at(1.0, 1.0)))));
            place(out, |_| {});
            line(out, "cursor", (at(0.0, 0.0), at(0.0, 9.0)));
            place(out, |out| (0..ghosts).for_each(|_| rect(out, "veil", (0.0, 0.0, 1.0, 1.0))));
        }
    };
    let mut pictures = Pictures::new();
    pictures.draw(drawing(0));
    let told = pictures.draw(drawing(2));
    assert_eq!(told.iter().filter(|told| *told == "put").count(), 4, "{told:?}");
    assert_eq!(pictures.draw(drawing(1)), ["remove", "remove"]);
    assert_eq!(pictures.draw(drawing(0)), ["remove", "remove"]);
}

#[test]
fn a_part_that_is_made_of_the_same_is_not_drawn() {
    fn drawn(places: &[f64], out: &mut dyn Canvas) {
        places.iter().for_each(|x| line(out, "way", (at(*x, 0.0), at(0.0, 0.0))));
    }
    fn twice(_: &u8, out: &mut dyn Canvas) {
        (0..2).for_each(|_| line(out, "once", (at(0.0, 0.0), at(1.0, 1.0))));
    }
    fn once(_: &u8, out: &mut dyn Canvas) {
        line(out, "once", (at(0.0, 0.0), at(1.0, 1.0)));
    }
    let mut pictures = Pictures::new();
    let drawing = |places: Vec<f64>| {
        move |out: &mut dyn Canvas| {
            part(out, places.clone(), |places, out| drawn(places, out));
            part(out, 1u8, once);
        }
    };
    pictures.draw(drawing(vec![1.0, 2.0]));
    assert_eq!(pictures.draw(drawing(vec![1.0, 2.0])), Vec::<String>::new());
    assert_eq!(pictures.draw(drawing(vec![1.0, 3.0])), ["set x1=3"]);
    let longer = pictures.draw(drawing(vec![1.0, 3.0, 4.0]));
    assert_eq!(longer.iter().filter(|told| !told.starts_with("set")).count(), 2, "{longer:?}");
    // What draws is a part of what it is made of.
    assert!(!pictures.draw(|out| part(out, 1u8, twice)).is_empty());
}

#[test]
fn a_run_under_the_hand_is_drawn_as_if_it_were_alone() {
    use crate::by_pointer::ByPointer;
    use crate::draw::Shown;
    use crate::gallery;
    use crate::read::index::Index;
    use crate::scene::{Scene, Viewport};
    use crate::view::Selection;
    use lightcone_engine::{Edit, resimulate, simulate};

    let before = simulate(&gallery::exhibits().first().expect("the gallery has runs").scenario);
    let mut pictures = Pictures::new();
    let mut told = Vec::new();
    let longest = before.messages.iter().max_by_key(|message| message.arrives.since(message.sent)).expect("messages");
    for (narrow, late) in [(false, 0), (false, 1_000), (false, 9_000), (true, 9_000), (true, 30_000), (false, 0)] {
        let mut scenario = (*before.scenario).clone();
        scenario.moves.push(Edit::Deliver { message: longest.id, at: longest.arrives.after(late) });
        let trace = resimulate(&before, &scenario);
        let index = Rc::new(Index::of(Rc::new(trace)));
        let scene = Scene::new(index.clone(), &Viewport::whole(&index, (1200.0, 700.0), narrow));
        let moment = longest.arrives;
        let shown =
            Shown { selection: Selection::Message(longest.id), ..Shown::still(ByPointer(Rc::new(scene)), moment) };
        told.push(pictures.draw(|out| shown.draw(false, out, |_| {})).len());
    }
    assert!(told[1] < told[0] / 2, "most of a run stays as it is: {told:?}");
}
