//! Pages as HTML: a lesson, the contents, the glossary.

use crate::element::{still, written};
use crate::glossary::Entry;
use crate::lesson::{CHAPTERS, Lesson};
use crate::text::escaped;
use std::fmt::Write;

/// The style sheet of colours and letters in the built page: its name carries a hash.
#[derive(Clone, Debug)]
pub struct Files {
    /// `tokens-….css`.
    pub tokens: String,
    /// `icon-….svg`.
    pub icon: String,
}

/// What the page's own policy allows, and frames of the same host, in which figures live.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; frame-src 'self'; \
     base-uri 'none'; form-action 'none'";
/// What such a program needs besides.
const PROGRAMS: (&str, &str) = ("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
const MARK: &str = "<svg viewBox=\"0 0 18 22\" aria-hidden=\"true\"><path d=\"M2.5 2h13L2.5 20h13z\" fill=\"none\" stroke=\"currentColor\" \
     stroke-width=\"1.75\" stroke-linejoin=\"round\"/><circle class=\"mark\" cx=\"9\" cy=\"11\" r=\"2.6\"/></svg>";

/// The page of a lesson. `lessons` are all, in order.
#[must_use]
pub fn lesson(lesson: &Lesson, lessons: &[Lesson], files: &Files) -> String {
    let place = lessons.iter().position(|other| other.number == lesson.number).unwrap_or_default();
    let step = |other: Option<&Lesson>, rel: &str, say: &str| {
        other.map_or_else(String::new, |other| {
            let (number, title) = (&other.number, escaped(&other.title));
            format!(
                "<a class=\"btn\" rel=\"{rel}\" href=\"../{}/\" aria-label=\"{say}: {number} {title}\">{number}</a>",
                other.folder
            )
        })
    };
    let before = step(place.checked_sub(1).and_then(|place| lessons.get(place)), "prev", "The lesson before");
    let after = step(lessons.get(place + 1), "next", "The next lesson");
    let next = lessons.get(place + 1).map_or_else(String::new, |next| {
        format!(
            "<p class=\"on\">Next: <a href=\"../{}/\">{} {}</a></p>",
            next.folder,
            next.number,
            escaped(&next.title)
        )
    });
    let chapter = CHAPTERS[lesson.place().0 - 1];
    let (number, title) = (&lesson.number, escaped(&lesson.title));
    let figure = figure(lesson);
    let crumb = format!(
        "<nav class=\"crumb\" aria-label=\"Where you are\"><a href=\"../\">Learn</a><span class=\"sep\">/</span><a href=\"../#c{}\">{chapter}</a></nav>",
        lesson.place().0
    );
    let (lead, rest) = lesson.body.split_once("</p>\n").unwrap_or((&lesson.body, ""));
    let body = format!(
        "<header class=\"mast\" aria-label=\"Lightcone\">{}{crumb}<span class=\"sp\"></span><nav class=\"steps\" aria-label=\"Lessons\">{before}{after}</nav></header>\n\
         <main class=\"lesson\" aria-label=\"Lesson\">\n<header class=\"prose head\">\n<p class=\"no\">{number} &nbsp;{chapter}</p>\n<h1>{title}</h1>\n{lead}</p>\n</header>\n\
         {figure}<article class=\"prose scenes\">\n{rest}{next}\n</article>\n</main>\n\
         <script type=\"module\" src=\"../../lightcone.js\"></script>\n<script type=\"module\" src=\"../learn.js\"></script>\n",
        logo("../../")
    );
    let head = Head {
        title: &format!("{} · Lightcone", lesson.title),
        about: &lesson.about,
        up: "../",
        programs: false,
        files,
    };
    head.page(&body)
}

/// The figure of a lesson, as its first scene has it.
fn figure(lesson: &Lesson) -> String {
    let Some(first) = lesson.scenes.first() else { return String::new() };
    let (number, title) = (&lesson.number, escaped(&first.exhibit.title));
    let (own, still) = (written(first, ""), still(first, 1));
    format!(
        "<figure class=\"stick\">\n<light-cone{own} height=\"100%\" title=\"Figure {number}: {title}\">\n{still}</light-cone>\n\
         <figcaption><b>Figure {number}</b> <span class=\"hint\">Select anything to light its past. Drag an arrowhead to change it.</span></figcaption>\n\
         <p class=\"taken\" role=\"status\" hidden><span>The figure is yours now: scrolling leaves it as it is.</span> \
         <button type=\"button\" data-follow>Follow the text again</button></p>\n\
         <p class=\"bar\"><button type=\"button\" data-reset>Reset</button></p>\n</figure>\n"
    )
}

/// The contents: all lessons in their chapters.
#[must_use]
pub fn contents(lessons: &[Lesson], files: &Files) -> String {
    let mut list = String::new();
    for (place, title) in CHAPTERS.iter().enumerate() {
        let chapter = place + 1;
        _ = writeln!(list, "<section id=\"c{chapter}\">\n<h2><span class=\"no\">{chapter}</span> {title}</h2>");
        let own: Vec<&Lesson> = lessons.iter().filter(|lesson| lesson.place().0 == chapter).collect();
        if own.is_empty() {
            list += "<p class=\"none\">No lesson yet.</p>\n";
        } else {
            list += "<ol>\n";
            for lesson in own {
                let (folder, number) = (&lesson.folder, &lesson.number);
                let (title, about) = (escaped(&lesson.title), escaped(&lesson.about));
                _ = writeln!(
                    list,
                    "<li><a href=\"{folder}/\"><span class=\"no\">{number}</span> {title}</a><p>{about}</p></li>"
                );
            }
            list += "</ol>\n";
        }
        list += "</section>\n";
    }
    let about =
        "Lessons on distributed systems. Each is a short text beside a run of a real protocol that you can take apart.";
    let body = format!(
        "<header class=\"mast\" aria-label=\"Lightcone\">{}<span class=\"sp\"></span><nav class=\"steps\" aria-label=\"Also\"><a class=\"btn\" href=\"glossary/\">Glossary</a><a class=\"btn\" href=\"../guide/\">For teachers</a></nav></header>\n\
         <main class=\"list prose\">\n<h1>Learn</h1>\n<p class=\"lead\">{about} No word of the field is assumed. Begin with 1.1, or where you like.</p>\n{list}</main>\n",
        logo("../")
    );
    Head { title: "Learn · Lightcone", about, up: "", programs: false, files }.page(&body)
}

/// The glossary.
#[must_use]
pub fn glossary(entries: &[Entry], lessons: &[Lesson], files: &Files) -> String {
    let mut list = String::new();
    for entry in entries {
        let used: Vec<String> = lessons
            .iter()
            .filter(|lesson| lesson.terms.contains(&entry.id))
            .map(|lesson| format!("<a href=\"../{}/\">{}</a>", lesson.folder, lesson.number))
            .collect();
        let used = if used.is_empty() { String::new() } else { format!(" Lessons: {}.", used.join(", ")) };
        let called: Vec<String> = entry.called.iter().map(|title| format!("“{}”", escaped(title))).collect();
        let called = match called.len() {
            0 => String::new(),
            1 => format!("Property: {}. ", called[0]),
            _ => format!("Properties: {}. ", called.join(", ")),
        };
        let (id, term, run) = (&entry.id, escaped(&entry.term), &entry.run);
        _ = writeln!(
            list,
            "<div id=\"{id}\"><dt>{term}</dt><dd>{} <span class=\"see\">{called}Seen in: <a href=\"../../#/{run}\">{}</a>.{used}</span></dd></div>",
            escaped(&entry.text),
            escaped(&entry.title),
        );
    }
    let about = "The terms that the lessons use and the properties of the protocols, in two sentences each, with a run that shows them.";
    let body = format!(
        "<header class=\"mast\" aria-label=\"Lightcone\">{}<nav class=\"crumb\" aria-label=\"Where you are\"><a href=\"../\">Learn</a></nav></header>\n\
         <main class=\"list prose\">\n<h1>Glossary</h1>\n<p class=\"lead\">{about}</p>\n<dl>\n{list}</dl>\n</main>\n",
        logo("../../")
    );
    Head { title: "Glossary · Lightcone", about, up: "../", programs: false, files }.page(&body)
}

/// The way home.
#[must_use]
pub fn logo(home: &str) -> String {
    format!("<a class=\"logo\" href=\"{home}\">{MARK}Lightcone</a>")
}

/// What every page begins with.
pub struct Head<'a> {
    /// What the window is called.
    pub title: &'a str,
    /// What the page is, in a sentence.
    pub about: &'a str,
    /// The way to the folder of all lessons.
    pub up: &'a str,
    /// Whether its own scripts start the API's program.
    pub programs: bool,
    /// The files of the built page.
    pub files: &'a Files,
}

impl Head<'_> {
    /// The whole page.
    #[must_use]
    pub fn page(&self, body: &str) -> String {
        let Head { title, about, up, programs, files } = self;
        let policy = if *programs { POLICY.replace(PROGRAMS.0, PROGRAMS.1) } else { POLICY.to_owned() };
        let (title, about) = (escaped(title), escaped(about));
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"description\" content=\"{about}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<link rel=\"icon\" href=\"{up}../{}\">\n\
             <link rel=\"stylesheet\" href=\"{up}../{}\">\n<link rel=\"stylesheet\" href=\"{up}learn.css\">\n</head>\n<body>\n{body}</body>\n</html>\n",
            files.icon, files.tokens
        )
    }
}
