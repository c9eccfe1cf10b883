//! Files for the reader: a figure of the page as lines or as pixels, and the download of anything.

use super::{then, window};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, CssStyleSheet, Element, HtmlCanvasElement, HtmlElement,
    HtmlImageElement, Url, XmlSerializer,
};
use yew::Callback;

/// A figure of the page as it is shown now, for a file.
pub struct FigureCopy {
    /// The figure as XML, without what makes it answer to keys.
    pub svg: String,
    /// The rules of the page's style sheets that are about figures, whatever the medium.
    pub rules: String,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
}

/// Copies the figure that `selector` finds, without the text that only says what to do with it.
#[must_use]
pub fn copy_figure(selector: &str, hint: &str) -> Option<FigureCopy> {
    let document = window().document()?;
    let figure = document.query_selector(selector).ok()??;
    let copy = figure.clone_node_with_deep(true).ok()?.unchecked_into::<Element>();
    // A ghost that has faded is still there.
    if figure.query_selector(".leaving").ok()?.is_some_and(|ghost| computed(&ghost, "opacity") == "0") {
        each(&copy, ".leaving", |ghost| ghost.remove());
    }
    each(&copy, "text", |text| {
        if text.text_content().as_deref() == Some(hint) {
            text.remove();
        }
    });
    each(&copy, "[tabindex]", |element| {
        let _ = element.remove_attribute("tabindex");
        let _ = element.remove_attribute("role");
    });
    let mut rules = String::new();
    let sheets = document.style_sheets();
    for sheet in (0..sheets.length()).filter_map(|place| sheets.item(place)) {
        let Ok(all) = sheet.unchecked_into::<CssStyleSheet>().css_rules() else { continue };
        let texts = (0..all.length()).filter_map(|place| Some(all.item(place)?.css_text()));
        rules.extend(texts.filter(|text| text.starts_with(".fig ") || text.starts_with("svg.fig")));
    }
    let svg = XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?;
    let bounds = figure.get_bounding_client_rect();
    Some(FigureCopy { svg, rules, width: bounds.width(), height: bounds.height() })
}

fn each(within: &Element, selector: &str, does: impl Fn(&Element)) {
    let Ok(found) = within.query_selector_all(selector) else { return };
    for node in (0..found.length()).filter_map(|place| found.item(place)) {
        if let Some(element) = node.dyn_ref::<Element>() {
            does(element);
        }
    }
}

/// The value that a property of the page's style has now, in the theme shown.
#[must_use]
pub fn style_value(name: &str) -> String {
    let root = window().document().and_then(|document| document.document_element());
    root.map_or_else(String::new, |root| computed(&root, name))
}

fn computed(element: &Element, name: &str) -> String {
    let style = window().get_computed_style(element).ok().flatten();
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
}

/// Draws an SVG file in so many pixels and calls back with the bytes of a PNG; none if that cannot be done here.
pub fn draw_picture(svg: &str, size: (f64, f64), done: Callback<Option<Vec<u8>>>) {
    let (Ok(image), Some(address)) = (HtmlImageElement::new(), address_of(svg.as_bytes(), "image/svg+xml")) else {
        return done.emit(None);
    };
    image.set_src(&address);
    let (picture, failed) = (image.clone(), done.clone());
    then(&image.decode(), move |_| done.emit(painted(&picture, size)), move |_| failed.emit(None));
}

fn painted(image: &HtmlImageElement, (width, height): (f64, f64)) -> Option<Vec<u8>> {
    const PNG: &str = "data:image/png;base64,";
    let canvas = window().document()?.create_element("canvas").ok()?.unchecked_into::<HtmlCanvasElement>();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d").ok()??.unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height).ok()?;
    let data = canvas.to_data_url().ok()?;
    let binary = window().atob(data.strip_prefix(PNG)?).ok()?;
    // `atob` gives one character for each byte.
    Some(binary.chars().map(|byte| byte as u8).collect())
}

/// Gives the reader a file.
pub fn download(name: &str, kind: &str, bytes: &[u8]) {
    let link = window().document().and_then(|document| document.create_element("a").ok());
    let (Some(link), Some(address)) = (link, address_of(bytes, kind)) else { return };
    let link = link.unchecked_into::<HtmlElement>();
    let _ = link.set_attribute("href", &address);
    let _ = link.set_attribute("download", name);
    link.click();
}

/// An address in this page at which these bytes are, as long as the page is open.
fn address_of(bytes: &[u8], kind: &str) -> Option<String> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
