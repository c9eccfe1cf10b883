//! A scene in a lesson's text: what the figure is told there, and the picture that stands there where no figure can.

use crate::draw;
use crate::scene::Scene;
use crate::text::escaped;
use std::fmt::Write;

/// The pictures of a scene, at their place in the text.
#[must_use]
pub fn still(scene: &Scene, place: usize) -> String {
    let run = escaped(&scene.exhibit.title);
    let one = |which: &str, alt: &str| {
        format!(
            "<picture class=\"still\"><source media=\"screen and (prefers-color-scheme:dark)\" srcset=\"{place}{which}-dark.svg\">\
             <img src=\"{place}{which}.svg\" alt=\"{alt}\" loading=\"lazy\"></picture>\n"
        )
    };
    let mut both = one("", &format!("The run: {run}"));
    if draw::is_pair(scene) {
        both += &one("-below", "The run below it");
    }
    both
}

/// What the figure is told of a scene, as attributes of data.
#[must_use]
pub fn attributes(scene: &Scene) -> String {
    written(scene, "data-")
}

/// The same as attributes whose names begin so.
#[must_use]
pub fn written(scene: &Scene, prefix: &str) -> String {
    let state = scene.state();
    let address = scene.address();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let said =
        |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).map(String::from);
    let values = [
        ("run", Some(scene.run())),
        ("at", Some(state.cursor.to_string())),
        ("from", Some(state.window.from.to_string())),
        ("to", Some(state.window.to.to_string())),
        ("select", said("select")),
        ("light", Some(scene.light_name().to_owned())),
        ("beside", said("beside")),
    ];
    let mut all = String::new();
    for (name, value) in values {
        if let Some(value) = value {
            // Writing to a string does not fail.
            _ = write!(all, " {prefix}{name}=\"{}\"", escaped(&value));
        }
    }
    all
}
