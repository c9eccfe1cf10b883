//! The page's style as a file needs it: the rules that are about the figure, the values of one theme written out in them.
//! Both are read from the page's own style sheets.

const TOKENS: &str = include_str!("../../../www/tokens.css");
const FIGURE: &str = include_str!("../../../www/figure.css");

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Ink on white paper.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Theme> {
        match name {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        }
    }
}

/// The rules for a figure in a file, without variables. `more` are rules of the same language.
#[must_use]
pub fn rules(theme: Theme, more: &str) -> String {
    let mut rules = resolved(more, theme);
    for (selector, body) in blocks(FIGURE) {
        match selector {
            // The file is shown like a page on a screen.
            "@media screen" => blocks(body).for_each(|(selector, body)| write(&mut rules, selector, body, theme)),
            _ => write(&mut rules, selector, body, theme),
        }
    }
    rules
}

/// Appends a rule, if it is about what is in a figure.
fn write(rules: &mut String, selector: &str, body: &str, theme: Theme) {
    let of_figure = selector.starts_with(".fig ") || selector.starts_with("svg.fig");
    let at_rest = !body.contains("animation") && !selector.contains("foreignObject");
    if of_figure && at_rest {
        rules.push_str(&[selector, "{", &resolved(body, theme), "}"].concat());
    }
}

/// Rules with the values of their variables written out.
fn resolved(rules: &str, theme: Theme) -> String {
    let mut parts = rules.split("var(");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, after) = part.split_once(')').unwrap_or((part, ""));
        written.push_str(value(name, theme).unwrap_or("none"));
        written.push_str(after);
    }
    written
}

/// The value of a variable in a theme. What a theme leaves out is as in the light one.
fn value(name: &str, theme: Theme) -> Option<&'static str> {
    match (theme, name) {
        // Files are printed: their paper is white, and so is what pales something on it.
        (Theme::Light, "--paper") => return Some("#FFFFFF"),
        (Theme::Light, "--veil") => return Some("rgba(255,255,255,.55)"),
        (Theme::Light, _) => {}
        (Theme::Dark, _) => {
            let dark = blocks(TOKENS).filter(|(selector, _)| *selector == "@media screen").find_map(|(_, inner)| {
                declared(blocks(inner).find(|(selector, _)| *selector == ":root[data-theme=dark]")?.1, name)
            });
            if dark.is_some() {
                return dark;
            }
        }
    }
    declared(blocks(TOKENS).find(|(selector, _)| *selector == ":root")?.1, name)
}

/// The value that a block gives a variable.
fn declared<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    // A comment may stand before a name.
    let mut declarations = body.split(';').filter_map(|each| each.rsplit("*/").next()?.split_once(':'));
    declarations.find(|(declares, _)| declares.trim() == name).map(|each| each.1)
}

/// The blocks of a style sheet: what stands before the brace, and what between it and its own end.
fn blocks(css: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = css;
    std::iter::from_fn(move || {
        let (before, inside) = rest.split_once('{')?;
        let mut depth = 1;
        let end = inside.find(|letter| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            depth == 0
        })?;
        rest = &inside[end + 1..];
        let selector = before.rsplit("*/").next().unwrap_or(before);
        Some((selector.trim(), &inside[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_may_hold_blocks() {
        let css = "/* a{b} */ .x,\n.y{c:d} @media z{ .w{e:f} .v{g:h} } .u{}";
        let found: Vec<_> = blocks(css.split_once("*/").expect("a comment").1).collect();
        assert_eq!(found, [(".x,\n.y", "c:d"), ("@media z", " .w{e:f} .v{g:h} "), (".u", "")]);
        assert_eq!(blocks(found[1].1).collect::<Vec<_>>(), [(".w", "e:f"), (".v", "g:h")]);
    }

    #[test]
    fn a_theme_has_its_own_values_and_those_it_leaves_out() {
        assert_eq!(value("--ink", Theme::Light), Some("#17181C"));
        assert_eq!(value("--ink", Theme::Dark), Some("#ECEBE6"));
        assert_eq!(value("--ballot", Theme::Light), Some("#2B6BE0"), "after a comment");
        assert_eq!(value("--t-fig", Theme::Dark), Some("12px"), "as in the light theme");
        assert_eq!(value("--paper", Theme::Light), Some("#FFFFFF"), "files are printed");
        assert_eq!(value("--no-such", Theme::Light), None);
    }

    #[test]
    fn every_variable_of_the_figure_has_a_value_in_both_themes() {
        for theme in [Theme::Light, Theme::Dark] {
            for part in FIGURE.split("var(").skip(1) {
                let name = part.split(')').next().expect("a bracket closes");
                assert!(value(name, theme).is_some_and(|value| !value.trim().is_empty()), "{name} in {theme:?}");
            }
        }
    }

    #[test]
    fn a_file_has_the_rules_of_what_it_draws_and_no_others() {
        let rules = rules(Theme::Light, ".sheet{fill:var(--paper)}");
        assert!(rules.starts_with(".sheet{fill:#FFFFFF}"));
        assert!(rules.contains(".fig .k-ballot{color:#2B6BE0}"));
        assert!(rules.contains(".fig .later{opacity:.45}"), "as on a screen");
        for not in ["var(", "@", "animation", ".figure-box", ".offer", "forced"] {
            assert!(!rules.contains(not), "{not}");
        }
        assert_eq!(rules.matches('{').count(), rules.matches('}').count());
    }
}
