//! Files for the reader: a figure of the page as lines or as pixels, and the download of anything.

use super::base::{Listener, listen_first, then, window};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, CssStyleSheet, DragEvent, File, HtmlCanvasElement, HtmlElement,
    HtmlImageElement, HtmlInputElement, Response, Url,
};
use yew::{Callback, NodeRef};

/// Whether the page has its dark colours.
#[must_use]
pub fn is_dark() -> bool {
    let root = window().document().and_then(|document| document.document_element());
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.is_some_and(|style| style.get_property_value("color-scheme").is_ok_and(|scheme| scheme == "dark"))
}

/// All rules of the page's style sheets.
#[must_use]
pub fn style() -> String {
    let Some(sheets) = window().document().map(|document| document.style_sheets()) else { return String::new() };
    let sheets = (0..sheets.length()).filter_map(|place| sheets.item(place));
    let rules = sheets.filter_map(|sheet| sheet.unchecked_into::<CssStyleSheet>().css_rules().ok());
    let texts =
        rules.flat_map(|rules| (0..rules.length()).filter_map(move |place| Some(rules.item(place)?.css_text())));
    texts.collect()
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

/// Fetches a file of the page and calls back with its bytes in base 64; none if it does not come.
pub fn as_data(path: &str, done: Callback<Option<String>>) {
    let (failed, unread) = (done.clone(), done.clone());
    let fetched = move |response: JsValue| {
        let bytes = response.unchecked_into::<Response>().array_buffer();
        let read = move |bytes: JsValue| {
            // `btoa` takes one character for each byte.
            let text: String = js_sys::Uint8Array::new(&bytes).to_vec().into_iter().map(char::from).collect();
            done.emit(window().btoa(&text).ok());
        };
        if let Ok(bytes) = bytes {
            then(&bytes, read, move |_| unread.emit(None));
        }
    };
    then(&window().fetch_with_str(path), fetched, move |_| failed.emit(None));
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

/// Puts `text` on the clipboard and says whether that was allowed.
pub fn copy(text: &str, done: Callback<bool>) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        done.emit(false);
        return;
    }
    let (yes, no) = (done.clone(), done);
    then(&clipboard.write_text(text), move |_| yes.emit(true), move |_| no.emit(false));
}

/// Reads the name and the text of the file that the reader picked in this field, if it has at most `most` bytes.
pub fn read_picked(field: &NodeRef, most: usize, done: Callback<Option<(String, String)>>) {
    let Some(field) = field.cast::<HtmlInputElement>() else { return };
    let Some(file) = field.files().and_then(|files| files.get(0)) else { return };
    read(&file, most, done);
    // The same file can be picked again.
    field.set_value("");
}

/// Reads the name and the text of the first of the files that the reader drops on the page, if it has at most `most` bytes.
#[must_use]
pub fn on_drop(most: usize, done: Callback<Option<(String, String)>>) -> [Listener; 2] {
    let dropped = listen_first(window().into(), "drop", move |event| {
        let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            event.prevent_default();
            read(&file, most, done.clone());
        }
    });
    [listen_first(window().into(), "dragover", |event| event.prevent_default()), dropped]
}

fn read(file: &File, most: usize, done: Callback<Option<(String, String)>>) {
    if file.size() > most as f64 {
        done.emit(None);
        return;
    }
    let (failed, name) = (done.clone(), file.name());
    then(&file.text(), move |text| done.emit(text.as_string().map(|text| (name, text))), move |_| failed.emit(None));
}
