//! Pictures that stay as they are: thumbnails, signs, bars.

use crate::browser;
use lightcone_figure::draw::Canvas;
use yew::prelude::*;
use yew::virtual_dom::VNode;

/// What `draw` draws, for a part of the page that is not drawn again while it is the same. `number` is the picture's own in the
/// page: patterns have names with it.
pub fn still(number: u32, draw: impl FnOnce(&mut dyn Canvas)) -> Html {
    browser::drawn(number, draw).into_iter().map(VNode::VRef).collect()
}
