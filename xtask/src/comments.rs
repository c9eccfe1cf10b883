//! Takes the comments out of the built page's own scripts and style sheets: they are for those who read the source, and a sixth of what
//! stands before the first picture.

use crate::parts::{files, made, read};
use crate::run::Result;
use std::fs;
use std::path::Path;

/// Takes them out of the style sheets, of the script that starts the program, and of the element for other pages.
pub fn strip(dist: &Path) -> Result {
    for file in files(dist)?
        .iter()
        .filter(|file| file.ends_with(".css") || ["boot.js", "lightcone.js"].contains(&file.as_str()))
    {
        let path = dist.join(file);
        let text = read(&path)?;
        let bare = if file.ends_with(".css") { bare_css(&text) } else { bare_js(&text) };
        made(fs::write(&path, bare), &path)?;
    }
    Ok(())
}

/// A style sheet without comments and empty lines. No text in our sheets has the signs of a comment.
fn bare_css(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    full(bare.lines())
}

/// A script without the comments that have lines of their own.
fn bare_js(text: &str) -> String {
    let mut inside = false;
    full(text.lines().filter(|line| {
        let line = line.trim();
        inside |= line.starts_with("/*");
        let comment = inside || line.starts_with("//");
        inside &= !line.ends_with("*/");
        !comment
    }))
}

fn full<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim_end).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_all_else_stays() {
        assert_eq!(bare_css("/* a */\n.b{c:d} /* e\nf */\n\n.g{h:i}"), ".b{c:d}\n.g{h:i}\n");
        let script = "// a\nconst b = \"//c\";\n\n/** d */\n/**\n * e\n */\nf(); // g\n  // h\n";
        assert_eq!(bare_js(script), "const b = \"//c\";\nf(); // g\n");
    }
}
