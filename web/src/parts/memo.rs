//! A part of the page that is drawn again only when what it is given has changed.
//!
//! Parts without a state of their own are plain functions of their props. One component keeps what they
//! drew: a component for each would cost the page some kilobytes each.

use std::any::Any;
use std::rc::Rc;
use yew::prelude::*;

/// What `draw` draws of `props`; drawn again when they change.
pub fn memo<P: PartialEq + 'static>(props: P, draw: fn(&P) -> Html) -> Html {
    let part: Rc<dyn Part> = Rc::new(Of { props, draw });
    html! { <Memo {part} /> }
}

trait Part {
    fn draw(&self) -> Html;
    fn is(&self, other: &dyn Part) -> bool;
    fn as_any(&self) -> &dyn Any;
}

struct Of<P> {
    props: P,
    draw: fn(&P) -> Html,
}

impl<P: PartialEq + 'static> Part for Of<P> {
    fn draw(&self) -> Html {
        (self.draw)(&self.props)
    }

    fn is(&self, other: &dyn Part) -> bool {
        let other = other.as_any().downcast_ref::<Of<P>>();
        other.is_some_and(|other| std::ptr::fn_addr_eq(self.draw, other.draw) && self.props == other.props)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Properties, Clone)]
struct MemoProps {
    part: Rc<dyn Part>,
}

impl PartialEq for MemoProps {
    fn eq(&self, other: &MemoProps) -> bool {
        self.part.is(&*other.part)
    }
}

#[component]
fn Memo(props: &MemoProps) -> Html {
    props.part.draw()
}
