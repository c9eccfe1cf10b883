//! The page's style for a file: the rules for figures, with the values of one theme in place of the variables. The rules
//! come from the page's own style sheets, either as files or as a browser writes them.

/// The page's style sheets, for those who have no page.
pub const SHEETS: &str = concat!(include_str!("../../../www/tokens.css"), include_str!("../../../www/figure.css"));

/// Which of the two sets of colours a figure has.
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

/// The rules in `sheets` for a figure in a file, without variables. `more` are rules of the same language.
#[must_use]
pub fn rules(sheets: &str, theme: Theme, more: &str) -> String {
    let values = Values { sheets, theme };
    let mut rules = values.resolved(more);
    for (selector, body) in blocks(sheets) {
        match selector {
            // The file is shown like a page on a screen.
            "@media screen" => blocks(body).for_each(|(selector, body)| values.write(&mut rules, selector, body)),
            _ => values.write(&mut rules, selector, body),
        }
    }
    rules
}

/// The values that variables have in a theme.
struct Values<'a> {
    sheets: &'a str,
    theme: Theme,
}

impl<'a> Values<'a> {
    /// Appends a rule, if it is about what is in a figure.
    fn write(&self, rules: &mut String, selector: &str, body: &str) {
        let of_figure = selector.starts_with(".fig ") || selector.starts_with("svg.fig");
        let at_rest = !body.contains("animation") && !selector.contains("foreignObject");
        if of_figure && at_rest {
            rules.push_str(&[selector, "{", &self.resolved(body), "}"].concat());
        }
    }

    /// Rules with the values of their variables written out.
    fn resolved(&self, rules: &str) -> String {
        let mut written = rules.split("var(").next().unwrap_or_default().to_owned();
        for (name, after) in variables(rules) {
            written.push_str(self.of(name).unwrap_or("none"));
            written.push_str(after);
        }
        written
    }

    /// The value of a variable. What a theme leaves out is as in the light one.
    fn of(&self, name: &str) -> Option<&'a str> {
        match (self.theme, name) {
            // Files are printed: their paper is white, and so is what pales something on it.
            (Theme::Light, "--paper") => return Some("#FFFFFF"),
            (Theme::Light, "--veil") => return Some("rgba(255,255,255,.55)"),
            (Theme::Light, _) => {}
            (Theme::Dark, _) => {
                let screen = blocks(self.sheets).filter(|(selector, _)| *selector == "@media screen");
                let dark = screen.flat_map(|(_, inner)| blocks(inner)).filter(|(selector, _)| is_dark(selector));
                if let Some(dark) = dark.into_iter().find_map(|(_, body)| declared(body, name)) {
                    return Some(dark);
                }
            }
        }
        let root = blocks(self.sheets).filter(|(selector, _)| *selector == ":root");
        root.into_iter().find_map(|(_, body)| declared(body, name))
    }
}

/// Whether a block is about a page whose colours were chosen to be dark. Browsers write quotes around the name.
fn is_dark(selector: &str) -> bool {
    selector.strip_prefix(":root[data-theme=").is_some_and(|theme| theme.trim_matches(['"', ']']) == "dark")
}

/// The value that a block gives a variable.
fn declared<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    // A comment may stand before a name.
    let mut declarations = body.split(';').filter_map(|each| each.rsplit("*/").next()?.split_once(':'));
    declarations.find(|(declares, _)| declares.trim() == name).map(|each| each.1.trim())
}

/// The variables that rules use: the name of each, and what stands between its bracket and the next variable.
fn variables(rules: &str) -> impl Iterator<Item = (&str, &str)> {
    rules.split("var(").skip(1).map(|part| part.split_once(')').unwrap_or((part, "")))
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

    fn value(name: &str, theme: Theme) -> Option<&str> {
        Values { sheets: SHEETS, theme }.of(name)
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
            for (name, _) in variables(include_str!("../../../www/figure.css")) {
                assert!(value(name, theme).is_some_and(|value| !value.trim().is_empty()), "{name} in {theme:?}");
            }
        }
    }

    #[test]
    fn a_file_has_the_rules_of_what_it_draws_and_no_others() {
        let rules = rules(SHEETS, Theme::Light, ".sheet{fill:var(--paper)}");
        assert!(rules.starts_with(".sheet{fill:#FFFFFF}"));
        assert!(rules.contains(".fig .k-ballot{color:#2B6BE0}"));
        assert!(rules.contains(".fig .later{opacity:.45}"), "as on a screen");
        for not in ["var(", "@", "animation", ".figure-box", ".offer", "forced"] {
            assert!(!rules.contains(not), "{not}");
        }
        assert_eq!(rules.matches('{').count(), rules.matches('}').count());
    }

    #[test]
    fn sheets_as_a_browser_writes_them_are_read_as_well() {
        let sheets = ":root { color-scheme: light; --ink: #17181C; }\n\
            @media screen {\n  :root[data-theme=\"dark\"] { --ink: #ECEBE6; }\n}\n\
            .fig .g { fill: var(--ink); }\n@media screen {\n  .fig .later { opacity: 0.45; }\n}";
        let written = [Theme::Light, Theme::Dark].map(|theme| rules(sheets, theme, ""));
        assert!(written[0].starts_with(".fig .g{ fill: #17181C; }") && written[0].contains(".fig .later{"));
        assert!(written[1].starts_with(".fig .g{ fill: #ECEBE6; }"));
    }
}
