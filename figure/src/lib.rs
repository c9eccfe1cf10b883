//! The figure of a run, without a browser: a trace is read, laid out for a box as a scene, and drawn.
//!
//! The folders are floors; each may use those before it. `view` says which part of a run is looked at, and how. `plane` has
//! places, path data and labels. `read` looks things up in a trace and says them in words. `layout` gives each thing a
//! place. `scene` puts all of it together. `draw` turns a scene into elements, and `svg` writes elements as text. The page
//! makes nodes of the same elements. So the page, picture files, thumbnails and the command line share one figure.
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
