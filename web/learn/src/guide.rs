//! The page for teachers: how a figure stands in their pages, and how their scripts use runs. Its text is the README's, so both say the
//! same, and its snippets run where they stand.

use crate::page::{Files, Head, logo};
use crate::text::{escaped, slug};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The sections of the README that the page has, in order.
const SECTIONS: [&str; 2] = ["Put a run into your own page", "From scripts and notebooks"];
/// The host that the README names, in whose place the page has its own.
const HOST: &str = "https://your.host/lightcone/";
/// Where files of the repository are, seen from the page: those of the last two folders are copied beside it.
const PLACES: [(&str, &str); 3] =
    [("www/examples/", "../examples/"), ("api/schema/", "schema/"), ("api/examples/", "examples/")];
/// The folders that are copied, with the ending of their files.
pub const COPIED: [(&str, &str); 2] = [("api/schema", "schema"), ("api/examples", "examples")];

/// The page, and the scripts of its snippets by name.
pub struct Guide {
    /// The page as HTML.
    pub page: String,
    /// A file for each snippet that runs: its name, and what it says.
    pub scripts: Vec<(String, String)>,
}

/// Makes the page out of the README.
///
/// # Errors
/// A section is not there.
pub fn guide(readme: &str, files: &Files) -> Result<Guide, String> {
    let mut guide = Guide { page: String::new(), scripts: Vec::new() };
    let mut body = String::new();
    for section in SECTIONS {
        let text =
            readme.split_once(&format!("\n## {section}\n")).ok_or(format!("the README has no section `{section}`"))?.1;
        let text = text.split("\n## ").next().unwrap_or_default();
        body +=
            &format!("<section>\n<h2 id=\"{}\">{section}</h2>\n{}</section>\n", slug(section), guide.rendered(text));
    }
    let about =
        "A living figure in a course page, and runs, verdicts and grades in a script: with snippets that run here.";
    let body = format!(
        "<header class=\"mast\" aria-label=\"Lightcone\">{}<nav class=\"crumb\" aria-label=\"Where you are\"><a href=\"../learn/\">Learn</a></nav></header>\n\
         <main class=\"list prose guide\">\n<h1>In your own course</h1>\n<p class=\"lead\">{about}</p>\n{body}</main>\n\
         <script type=\"module\" src=\"../lightcone.js\"></script>\n<script type=\"module\" src=\"guide.js\"></script>\n",
        logo("../")
    );
    guide.page =
        Head { title: "In your own course · Lightcone", about, up: "../learn/", programs: true, files }.page(&body);
    Ok(guide)
}

impl Guide {
    /// Markdown as HTML. Snippets of a page are followed by what they show, those of a script by a button.
    fn rendered(&mut self, text: &str) -> String {
        let (mut events, mut code) = (Vec::new(), None);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match (event, &mut code) {
                (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))), _) => code = Some((kind, String::new())),
                (Event::Text(text), Some((_, all))) => all.push_str(&text),
                (Event::End(TagEnd::CodeBlock), Some((kind, all))) => {
                    let shown = self.snippet(kind, all);
                    events.push(Event::Html(shown.into()));
                    code = None;
                }
                (Event::Start(Tag::Link { link_type, dest_url, title, id }), None) => {
                    let dest_url = CowStr::from(address(&dest_url));
                    events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                (Event::Start(Tag::Heading { level: HeadingLevel::H3, .. }), None) => {
                    events.push(Event::Html("<h3>".into()))
                }
                (Event::End(TagEnd::Heading(HeadingLevel::H3)), None) => events.push(Event::Html("</h3>\n".into())),
                (event, _) => events.push(event),
            }
        }
        let mut page = String::new();
        html::push_html(&mut page, events.into_iter());
        page
    }

    fn snippet(&mut self, kind: &str, code: &str) -> String {
        let shown = format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(code));
        if kind == "html" {
            // The script stands once on the page.
            let own = code.replace(HOST, "../");
            let own: String = own.lines().filter(|line| !line.starts_with("<script")).collect();
            return format!("{shown}<div class=\"shows\">{own}</div>\n");
        }
        if kind != "js" {
            return shown;
        }
        let name = format!("snippet-{}.js", self.scripts.len() + 1);
        self.scripts.push((name.clone(), runs_here(code)));
        format!(
            "{shown}<div class=\"runs\"><button type=\"button\" class=\"btn\" data-run=\"./{name}\">Run</button>\
             <pre role=\"status\" aria-label=\"What it says\" hidden></pre></div>\n"
        )
    }
}

/// A snippet as a file beside the page: the package is in the folder beside it, and begins first.
fn runs_here(code: &str) -> String {
    match code.split_once("} from \"lightcone\";\n") {
        Some((names, rest)) => {
            let names = names.replacen("import {", "import init, {", 1);
            format!("{names}}} from \"../api/lightcone.js\";\nawait init();\n{rest}")
        }
        None => code.to_owned(),
    }
}

/// Where a link of the README leads from the page.
fn address(link: &str) -> String {
    let found = PLACES.iter().find_map(|(from, to)| Some([to, link.strip_prefix(from)?].concat()));
    found.unwrap_or_else(|| link.to_owned())
}
