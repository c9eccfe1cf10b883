//! Drawing: of which elements a figure is made, layer by layer. What takes them is a [`Canvas`].

pub mod axis;
pub mod canvas;
pub mod lane_heads;
pub mod layers;
pub mod overlay;
pub mod shapes;
mod shown;
pub mod thumbnail;

pub use canvas::Canvas;
pub use shown::{Old, Shown};
