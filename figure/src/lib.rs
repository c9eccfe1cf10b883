//! The figure of a run, without a browser: a trace is read, laid out for a box as a scene, and drawn.
//!
//! The folders are floors; each may use those before it. `view` says what is looked at. `plane` has places, path data and
//! labels. `read` looks a trace up and says it in words. `layout` gives what is drawn a place. `scene` puts it all
//! together. `draw` says of which elements it is made, and `svg` writes those as text. The page makes nodes of its own of the same
//! elements, so the page, picture files, thumbnails and the command line have one figure.
#![forbid(unsafe_code)]

pub mod by_pointer;
pub mod draw;
pub mod layout;
pub mod plane;
pub mod read;
pub mod scene;
pub mod svg;
pub mod view;

#[cfg(test)]
mod gallery;
