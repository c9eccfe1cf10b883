//! A lesson: a Markdown file, read and held against the runs that it shows.
//!
//! Besides plain Markdown a file has blocks, fenced as code is, and links that mean something here:
//!
//! - the heading `# 2.1 A title`, then a paragraph that says what the lesson is about, then `## Headings`;
//! - a block `scene`: what the figure shows while the text below it is read ([`crate::scene`]);
//! - a block `predict Question?`: the question, and what is revealed once the reader has an answer;
//! - a block `challenge`: `run NAME`, the run with which the task above it begins, and `id PROTOCOL/NAME`, a challenge that the
//!   explorer checks; one of them, or both, and several challenges;
//! - links: `[(3, 2)](show:c2-N2-Write-1)` selects in the figure, `[majority](term:majority)` leads to the glossary,
//!   `[two winners](lesson:1.2)` to another lesson, `[this run](run:raft/election)` to a run in the explorer;
//! - times: `80 ms` is a moment of the run ([`crate::moment`]).

use crate::element::{attributes, still};
use crate::fault::{Fault, no_such};
use crate::moment::{self, Piece};
use crate::scene::{self, Line, Scene};
use crate::text::{escaped, slug};
use lightcone_content::challenges;
use lightcone_content::gallery::File;
use lightcone_content::lessons::folder;
use lightcone_web::state::{asking, gallery};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::ops::Range;

/// The chapters, in order: a lesson `2.1` is the first of the second.
pub const CHAPTERS: [&str; 7] = [
    "What can go wrong",
    "Order and clocks",
    "Total order",
    "Replication",
    "Atomic commit",
    "Consensus",
    "Coordination and scale",
];
/// The most words of a lesson.
const MOST_WORDS: usize = 1_000;

/// A lesson, ready to be written.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Its number: `2.1`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its first paragraph, as plain text.
    pub about: String,
    /// The name of its folder in addresses.
    pub folder: String,
    /// What its figure shows, scene after scene.
    pub scenes: Vec<Scene>,
    /// Its text as HTML, from the first paragraph on.
    pub body: String,
    /// The terms that it uses, each as often as it does.
    pub terms: Vec<String>,
}

/// What a lesson may lead to.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The terms of the glossary.
    pub terms: Vec<String>,
    /// The lessons: number and folder.
    pub lessons: Vec<(String, String)>,
}

impl Lesson {
    /// The place of its chapter in [`CHAPTERS`], and its own place there, both from 1.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        place(&self.number).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, text: &str, known: &Known) -> Result<Lesson, Vec<Fault>> {
        let mut reader = Reader::new(file, text, known);
        let heading = reader.heading();
        let mut events = Parser::new_ext(text, Options::empty()).into_offset_iter();
        while let Some((event, at)) = events.next() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let inside = block(&mut events);
                    reader.block(kind, &inside, at);
                }
                event => reader.event(event, at),
            }
        }
        reader.close();
        let words = reader.words;
        if words > MOST_WORDS {
            reader.fault(1, format!("a lesson has at most {MOST_WORDS} words, and this one has {words}"));
        }
        if reader.scenes.is_empty() && reader.faults.is_empty() {
            reader.fault(1, "a lesson shows something: it has no scene".into());
        }
        match heading {
            Some((number, title)) if reader.faults.is_empty() => {
                let folder = folder(&[&number, " ", &title].concat());
                let mut body = String::new();
                html::push_html(&mut body, reader.out.into_iter());
                let (about, scenes, terms) = (reader.about, reader.scenes, reader.terms);
                Ok(Lesson { number, title, about, folder, scenes, body, terms })
            }
            _ => Err(reader.faults),
        }
    }
}

/// The number and the title in a file's first line; none if they are not there.
#[must_use]
pub fn heading(text: &str) -> Option<(String, String)> {
    let (number, title) = text.lines().next()?.strip_prefix("# ")?.split_once(' ')?;
    place(number).map(|_| (number.to_owned(), title.trim().to_owned()))
}

fn place(number: &str) -> Option<(usize, usize)> {
    let (chapter, place) = number.split_once('.')?;
    let (chapter, place) = (chapter.parse().ok()?, place.parse().ok()?);
    ((1..=CHAPTERS.len()).contains(&chapter)).then_some((chapter, place))
}

/// The text of a block up to its end.
fn block<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> String {
    let mut inside = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) => inside.push_str(&text),
            Event::End(TagEnd::CodeBlock) => break,
            _ => {}
        }
    }
    inside
}

/// The link to the run with which a task begins.
fn begins(name: &str) -> Result<String, String> {
    if gallery::blank(name).is_none() {
        scene::run(name)?;
    }
    Ok(format!(
        "<p class=\"begin\"><a class=\"btn line\" href=\"../../#/{name}\">Open the run of this challenge</a></p>\n"
    ))
}

/// The link to a challenge, by its title.
fn posed(name: &str) -> Result<String, String> {
    let named = |file: &&File| name.split_once('/') == Some((file.protocol, file.slug));
    let file = challenges::ALL.iter().find(named).ok_or_else(|| {
        let all = challenges::ALL.iter().map(|file| [file.protocol, "/", file.slug].concat());
        no_such("challenge", name, "there are", all)
    })?;
    let (place, title) = (asking::place(file), asking::title(file));
    Ok(format!("<li><a href=\"../../#{place}\">{}</a></li>", escaped(title)))
}

/// Reads a lesson from its top to its end.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    known: &'a Known,
    scenes: Vec<Scene>,
    /// Whether the text belongs to a scene.
    inside: bool,
    /// Whether the title is being read, and whether the first paragraph is.
    title: bool,
    lead: bool,
    about: String,
    terms: Vec<String>,
    words: usize,
    /// The paragraph so far, and the link that is open in it.
    said: Vec<Piece>,
    link: Option<String>,
    out: Vec<Event<'a>>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &'a str, known: &'a Known) -> Reader<'a> {
        let (scenes, out, faults, terms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let about = String::new();
        Reader {
            file,
            text,
            known,
            scenes,
            inside: false,
            title: false,
            lead: false,
            about,
            terms,
            words: 0,
            said: Vec::new(),
            link: None,
            out,
            faults,
        }
    }

    fn heading(&mut self) -> Option<(String, String)> {
        let heading = heading(self.text);
        if heading.is_none() {
            let last = CHAPTERS.len();
            self.fault(1, format!("a lesson begins with `# CHAPTER.PLACE Title`; chapters are 1 to {last}"));
        }
        heading
    }

    fn fault(&mut self, line: usize, what: String) {
        self.faults.push(Fault { file: self.file.to_owned(), line, what });
    }

    fn line_of(&self, at: usize) -> usize {
        1 + self.text[..at].bytes().filter(|byte| *byte == b'\n').count()
    }

    fn html(&mut self, text: String) {
        self.out.push(Event::Html(CowStr::from(text)));
    }

    /// Ends the scene that the text belonged to.
    fn close(&mut self) {
        if std::mem::take(&mut self.inside) {
            self.html("</section>\n".into());
        }
    }

    fn event(&mut self, event: Event<'a>, at: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => self.title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => self.title = false,
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                self.close();
                let end = self.text[at.clone()].trim().trim_start_matches('#').trim();
                self.html(format!("<h2 id=\"{0}\" class=\"{0}\">", slug(end)));
            }
            Event::Start(Tag::Paragraph) if self.about.is_empty() => {
                self.lead = true;
                self.html("<p class=\"lead\">".into());
            }
            Event::End(TagEnd::Paragraph) if std::mem::take(&mut self.lead) => {
                self.told();
                self.html("</p>\n".into());
            }
            Event::Text(ref text) if self.lead => {
                self.about.push_str(text);
                self.inline(event, self.line_of(at.start));
            }
            Event::Text(ref text) if self.title => self.words += text.split_whitespace().count(),
            Event::SoftBreak if self.lead => {
                self.about.push(' ');
                self.inline(event, self.line_of(at.start));
            }
            event => self.inline(event, self.line_of(at.start)),
        }
    }

    /// What may stand in a paragraph, and in the answer of a prediction.
    fn inline(&mut self, event: Event<'a>, line: usize) {
        match event {
            Event::Text(ref text) => {
                self.words += text.split_whitespace().count();
                self.said.push(Piece { text: text.to_string(), line, link: self.link.clone() });
                self.out.push(event);
            }
            Event::SoftBreak => {
                self.said.push(Piece { text: " ".into(), line, link: None });
                self.out.push(event);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                match self.link(&dest_url) {
                    Ok(link) => self.html(link),
                    Err(what) => self.fault(line, what),
                }
                self.link = Some(dest_url.to_string());
            }
            Event::End(TagEnd::Link) => {
                self.link = None;
                self.out.push(event);
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => {
                self.fault(line, "a lesson is Markdown without HTML and images".into());
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => {
                self.told();
                self.out.push(event);
            }
            event => self.out.push(event),
        }
    }

    /// Ends a paragraph: the times in it are moments of their runs.
    fn told(&mut self) {
        let said = std::mem::take(&mut self.said);
        let wrong = moment::wrong(&said, self.scenes.last());
        wrong.into_iter().for_each(|(line, what)| self.fault(line, what));
    }

    fn block(&mut self, kind: CodeBlockKind<'a>, inside: &str, at: Range<usize>) {
        let start = self.line_of(at.start);
        let lines: Vec<Line<'_>> = inside.lines().enumerate().map(|(place, line)| (start + 1 + place, line)).collect();
        let name = match &kind {
            CodeBlockKind::Fenced(name) => name.trim(),
            CodeBlockKind::Indented => "",
        };
        match name.split_once(' ').unwrap_or((name, "")) {
            ("scene", "") => self.scene(&lines, start),
            ("predict", question) if !question.is_empty() => {
                self.words += question.split_whitespace().count();
                self.predict(question, inside, start);
            }
            ("challenge", "") => self.challenge(&lines, start),
            _ => {
                let there = ["scene", "predict QUESTION", "challenge"].map(String::from);
                self.fault(start, no_such("block", name, "a lesson has", there));
            }
        }
    }

    fn scene(&mut self, lines: &[Line<'_>], start: usize) {
        self.close();
        match Scene::read(lines, start, self.scenes.last()) {
            Ok(scene) => {
                let place = self.scenes.len() + 1;
                self.html(format!("<section class=\"scene\" id=\"s{place}\"{}>\n", attributes(&scene)));
                let shown_above =
                    self.scenes.last().is_some_and(|last| last.look == scene.look && last.run() == scene.run());
                // On the screen the figure itself shows the first one.
                if !shown_above {
                    self.html(still(&scene, place));
                }
                self.scenes.push(scene);
                self.inside = true;
            }
            Err(wrong) => wrong.into_iter().for_each(|(line, what)| self.fault(line, what)),
        }
    }

    /// A question, and behind it an answer in Markdown.
    fn predict(&mut self, question: &str, answer: &str, start: usize) {
        self.html(format!("<details class=\"predict\"><summary><b>Predict.</b> {}</summary>\n", escaped(question)));
        self.said.push(Piece { text: question.to_owned(), line: start, link: None });
        self.told();
        for (event, at) in Parser::new_ext(answer, Options::empty()).into_offset_iter() {
            let line = start + 1 + answer[..at.start].matches('\n').count();
            self.inline(event.into_static(), line);
        }
        self.html("</details>\n".into());
    }

    /// The run with which a task begins, and the challenges that the explorer checks.
    fn challenge(&mut self, lines: &[Line<'_>], start: usize) {
        let mut checked = Vec::new();
        for (number, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
            let link = match line.trim().split_once(' ') {
                Some(("run", name)) => begins(name.trim()).map(|link| self.html(link)),
                Some(("id", name)) => posed(name.trim()).map(|link| checked.push(link)),
                _ => Err("a challenge says `run` and the run with which it begins, or `id` and a challenge".into()),
            };
            if let Err(what) = link {
                self.fault(*number, what);
            }
        }
        if lines.iter().all(|(_, line)| line.trim().is_empty()) {
            self.fault(
                start,
                "a challenge says `run` and the run with which it begins, or `id` and a challenge".into(),
            );
        }
        if !checked.is_empty() {
            self.html(format!(
                "<p>The explorer checks your answers to these:</p>\n<ul class=\"posed\">{}</ul>\n",
                checked.concat()
            ));
        }
    }

    /// Where a link leads, as the beginning of an element.
    fn link(&mut self, to: &str) -> Result<String, String> {
        let Some((kind, name)) = to.split_once(':') else {
            return Err(format!(
                "`{to}` leads nowhere from a lesson: write show:, term:, lesson:, run: or a whole address"
            ));
        };
        match kind {
            "show" => {
                let scene = self.scenes.last().ok_or("a link into the figure stands below a scene")?;
                let (place, at) = scene::place(name, &scene.state().trace)?;
                let mut scene = scene.clone();
                scene.look.select = Some(place);
                scene.look.at = at.or(scene.look.at);
                Ok(format!("<a class=\"ref\" href=\"../../#{}\"{}>", scene.address(), attributes(&scene)))
            }
            "term" if self.known.terms.iter().any(|term| term == name) => {
                self.terms.push(name.to_owned());
                Ok(format!("<a class=\"term\" href=\"../glossary/#{name}\">"))
            }
            "term" => Err(no_such("term", name, "the glossary has", self.known.terms.iter().cloned())),
            "lesson" => {
                let numbers = self.known.lessons.iter().map(|(number, _)| number.clone());
                let folder = self.known.lessons.iter().find(|(number, _)| number == name);
                let folder = folder.ok_or_else(|| no_such("lesson", name, "there are", numbers))?;
                Ok(format!("<a href=\"../{}/\">", folder.1))
            }
            "run" => scene::run(name).map(|_| format!("<a href=\"../../#/{name}\">")),
            "https" => Ok(format!("<a href=\"{}\" rel=\"noopener\">", escaped(to))),
            _ => Err(format!("`{to}` leads nowhere from a lesson: write show:, term:, lesson:, run: or https:")),
        }
    }
}
