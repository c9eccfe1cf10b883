//! Pictures that stay as they are: thumbnails, signs, bars.

use crate::browser;
use lightcone_figure::draw::Canvas;
use lightcone_figure::svg;
use yew::prelude::*;
use yew::virtual_dom::VNode;

/// What `draw` draws, for a part of the page that is not drawn again while it is the same. `number` is the picture's own in the
/// page: patterns have names with it. Where there is no document, the page is written as text, and so is the picture.
pub fn still(number: u32, draw: impl FnOnce(&mut dyn Canvas)) -> Html {
    if cfg!(target_arch = "wasm32") {
        browser::drawn(number, draw).into_iter().map(VNode::VRef).collect()
    } else {
        Html::from_html_unchecked(svg::still(draw).into())
    }
}
