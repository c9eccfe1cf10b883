//! Reads questions and answers, and holds runs against the rules of a question. It arrives with the first question.

use super::known;
use super::links::BadLink;
use super::question::{Answer, Asked, Linked, Opened, Opens, Posed, Questions};
use super::run::{Selection, State};
use crate::words;
use lightcone_content::challenges;
use lightcone_content::gallery::File;
use lightcone_content::grade::NoAnswer;
use lightcone_engine::Scenario;
use lightcone_engine::protocol::{Cause, Handling};
use lightcone_engine::run::question::{Attempt, Kind, Question, Refused, Reply};
use lightcone_engine::run::trace::Trace;
use lightcone_formats::link::{self, Changed, Decoded, LinkError};
use lightcone_formats::text::question_hash;
use std::rc::Rc;

/// All of it.
pub const QUESTIONS: Questions = Questions { challenge, resumed, open, refusal, reply, answer, is_solved };

fn posed(question: Question, place: String) -> Posed {
    Posed { hash: question_hash(&question), question, place }
}

fn of_file(file: &File) -> Option<Posed> {
    let read = challenges::Posed::read(file, known::protocols()).ok()?;
    Some(posed(read.question, place(file)))
}

/// The fragment of a challenge's address.
#[must_use]
pub fn place(file: &File) -> String {
    format!("/challenge/{}/{}", file.protocol, file.slug)
}

fn challenge(protocol: &str, slug: &str) -> Option<Posed> {
    let file = challenges::ALL.iter().find(|file| (file.protocol, file.slug) == (protocol, slug))?;
    of_file(file)
}

/// The challenge that comes after this one.
#[must_use]
pub fn next(posed: &Posed) -> Option<&'static File> {
    let here = challenges::ALL.iter().position(|file| place(file) == posed.place)?;
    challenges::ALL.get(here + 1)
}

/// The title of a challenge, whose protocol need not be here.
#[must_use]
pub fn title(file: &File) -> &'static str {
    file.text.lines().find_map(|line| line.strip_prefix("title ")).unwrap_or(file.slug)
}

fn resumed(posed: Rc<Posed>, work: &str) -> Opens {
    let question = &posed.question;
    let run = if work.is_empty() {
        question.scenario.clone()
    } else {
        named(&link::decode(work, known::protocols()).map_err(BadLink::Link)?.scenario, question)
    };
    if let Some(why) = refusal(question, &run) {
        return Err(BadLink::Answer(why));
    }
    Ok(Opened { asked: Asked::new(posed), run })
}

/// A run with the title and the note of the question.
fn named(run: &Scenario, question: &Question) -> Scenario {
    let Scenario { title, note, .. } = question.scenario.clone();
    Scenario { title, note, ..run.clone() }
}

fn open(decoded: &Decoded, Linked { code, work, now }: Linked<'_>) -> Opens {
    if let Some(question) = decoded.question().map_err(BadLink::Link)? {
        return resumed(Rc::new(posed(question, ["/run/", code].concat())), work);
    }
    let Some((hash, attempt)) = decoded.answer().map_err(BadLink::Link)?.filter(|_| work.is_empty()) else {
        return Err(BadLink::Link(LinkError::Damaged));
    };
    let known = match now {
        Some(now) if now.hash == hash => Some(now.clone()),
        // Whoever has a question open and opens an answer means that question.
        Some(now) => return Err(not_to(now, &attempt.scenario)),
        None => of_gallery(hash, &attempt.scenario),
    };
    let attempt = match &known {
        Some(posed) => Attempt { scenario: named(&attempt.scenario, &posed.question), ..attempt },
        None => attempt,
    };
    if let Some(posed) = &known
        && posed.question.moves_of(&attempt.scenario) == Err(Refused::Foreign)
    {
        return Err(BadLink::Answer(NoAnswer::Foreign.to_string()));
    }
    let run = attempt.scenario.clone();
    let answer = Some(Rc::new(Answer { link: code.to_owned(), hash, attempt }));
    Ok(Opened { asked: Asked { posed: known, answer, ..Asked::default() }, run })
}

/// The challenge that an answer with this run answers, if its protocol is the same as then.
fn of_gallery(hash: u64, run: &Scenario) -> Option<Rc<Posed>> {
    let protocol = run.protocol.specification().id;
    let own = challenges::ALL.iter().filter(|file| file.protocol == protocol);
    own.filter_map(of_file).find(|posed| posed.hash == hash).map(Rc::new)
}

/// Why an answer with this run is none to this question: it is older, or answers another.
fn not_to(now: &Posed, run: &Scenario) -> BadLink {
    let own = &now.question.scenario;
    let older = own.protocol == run.protocol && run.version < own.version;
    let title = own.protocol.specification().title;
    let why =
        if older { NoAnswer::Older(Changed { title, then: run.version, now: own.version }) } else { NoAnswer::Foreign };
    BadLink::Answer(format!("{why} {}", words::ANOTHER_QUESTION_MORE))
}

fn refusal(question: &Question, run: &Scenario) -> Option<String> {
    let refused = question.moves_of(run).err()?;
    Some(match refused {
        Refused::Foreign => words::ONLY_MOVES_ANSWER.to_owned(),
        Refused::Tool(Some(tool)) => words::tool_refused(words::tool(tool)),
        Refused::Tool(None) => words::NO_SUCH_TOOL.to_owned(),
        Refused::TooMany { moves, budget } => words::too_many_moves(moves, budget),
    })
}

fn reply(posed: &Posed, asked: &Asked, run: &State) -> Reply {
    let reply = asked.attempt(run.scenario()).reply;
    let explains = posed.question.challenge.kind == Kind::Explain && asked.answer_shown(run.scenario()).is_none();
    Reply { picked: if explains { picked(&run.trace, run.selection) } else { reply.picked }, ..reply }
}

/// The handling of the event that is selected.
fn picked(trace: &Trace, selection: Selection) -> Option<Handling> {
    let Selection::Event(event) = selection else { return None };
    let event = trace.events.get(event.index())?;
    match event.cause {
        Cause::Deliver(message) => Some(Handling::Message(message)),
        Cause::Fire(timer) => Some(Handling::Timer(timer)),
        _ => event.asked.map(|(request, _)| Handling::Request(request)),
    }
}

fn answer(posed: &Posed, reply: Reply, run: &Scenario) -> String {
    link::encode_answer(posed.hash, &Attempt { scenario: run.clone(), reply })
}

fn is_solved(question: &Question, trace: &Trace, reply: Reply) -> bool {
    // Who has not said anything has foretold nothing.
    let said = question.challenge.kind != Kind::Predict || reply.expects != 0;
    said && question.moves_of(&trace.scenario).is_ok() && question.is_solved(trace, reply)
}
