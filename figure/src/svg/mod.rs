//! SVG as text: a figure as a file that stands alone, and thumbnails.

mod file;
mod style;
mod text;

pub use file::{About, Drawing, drawing};
pub use style::{SHEETS, Theme};
pub use text::{escaped, still, written};
