//! The caret in a field of several lines.

use web_sys::HtmlTextAreaElement;
use yew::NodeRef;

/// The text of the field.
#[must_use]
pub fn written(field: &NodeRef) -> String {
    field.cast::<HtmlTextAreaElement>().map_or_else(String::new, |field| field.value())
}

/// The byte of the field's text at which the caret stands.
#[must_use]
pub fn caret(field: &NodeRef) -> usize {
    let Some(field) = field.cast::<HtmlTextAreaElement>() else { return 0 };
    let units = field.selection_end().ok().flatten().unwrap_or(0);
    bytes(&field.value(), units)
}

/// Writes `word` in the place of what stands from the byte `from` to the caret, and sets the caret behind it.
pub fn write(field: &NodeRef, from: usize, word: &str) {
    let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
    let text = field.value();
    let end = field.selection_end().ok().flatten().unwrap_or(0);
    let start = units(&text[..from.min(bytes(&text, end))]);
    let _ = field.set_range_text_with_start_and_end(word, start, end);
    let behind = start + units(word);
    let _ = field.set_selection_range(behind, behind);
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

fn bytes(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let inside = text.chars().take_while(|each| {
        let fits = left > 0;
        left = left.saturating_sub(each.len_utf16());
        fits
    });
    inside.map(char::len_utf8).sum()
}
