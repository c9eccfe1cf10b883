//! The whole page's state: which screen is shown, the run, and what there is to say about a link. Pure.

use crate::state::address::{Address, Route};
use crate::state::gallery;
use crate::state::links::{self, BadLink};
use crate::state::log::LogFile;
use crate::state::options::{Embed, Look};
use crate::state::question::{self, Asked, Linked, Opened, Opens};
use crate::state::run::{Action, State};
use crate::state::signs::Known;
use crate::state::texts;
use crate::words;
use lightcone_engine::Scenario;
use lightcone_engine::run::question::Reply;
use lightcone_figure::read::signs::Sign;
use lightcone_formats::link::{Asks, Changed, Decoded, LinkError};
use std::rc::Rc;
use yew::Reducible;

/// The state of the whole page, whatever it shows.
#[derive(Clone, Default)]
pub struct Page {
    /// What is shown.
    pub screen: Screen,
    /// The run, once there is one. It stays while the reader is elsewhere.
    pub run: Option<Rc<State>>,
    /// What is asked about the run, if it is open with a question or as an answer.
    pub asked: Option<Rc<Asked>>,
    /// The log, once one was opened. It takes nothing away from the run.
    pub log: Option<LogFile>,
    /// What there is to say about a link, until the reader has seen it.
    pub notice: Option<Said>,
    /// The signs that were explained.
    pub known: Known,
    /// What waits for protocols that have not arrived.
    pub waits: Option<Rc<Waits>>,
    /// How the figure behaves if this page is a part of another; its address stays as it is.
    pub embed: Option<Embed>,
}

/// Something to say about a link or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The link or file cannot be opened.
    Bad(BadLink),
    /// The run is open, and its protocol has changed since the link was made.
    Changed(Changed),
    /// A part of the page did not arrive; whether something waits for it.
    Missing(bool),
}

/// The screens of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The first page.
    #[default]
    Home,
    /// The explorer, with a run.
    Run,
    /// All signs of the figure.
    Signs,
    /// A log that was recorded elsewhere, or the ways to open one.
    Log,
    /// Only the notice: there is no run to go back to.
    Notice,
    /// Nothing yet: a part of the page has to arrive first.
    Waiting,
}

/// Everything that can happen to the page.
pub enum PageAction {
    /// The address says something new.
    Arrive(String, Arrival),
    /// Something happens to the run.
    Run(Action),
    /// A scenario is opened that has no address yet: from a file, or with its moves left out.
    Open(Box<Scenario>),
    /// A log is opened: the file's name, and what it says.
    ReadLog(String, String),
    /// A file that the reader picked is opened: its name, and what it says; none if it could not be read.
    File(Option<(String, String)>),
    /// A file that the reader picked cannot be opened.
    Refuse(BadLink),
    /// A file is opened when this protocol has arrived.
    Await(Box<Waits>),
    /// What was waited for has arrived, or part of it has not.
    Come(bool),
    /// What did not arrive is fetched again.
    Again,
    /// A part of the page that was asked for did not arrive, and nothing waits for it.
    Miss,
    /// A part of the page has arrived: all is drawn again.
    Drawn,
    /// What the reader says of a question besides moves.
    Reply(Reply),
    /// The question is left: the run stays, as a run like any other.
    Leave,
    /// A sign was explained.
    Know(Sign),
    /// The notice was read.
    Dismiss,
}

/// What waits for protocols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Their names.
    pub protocols: Vec<&'static str>,
    /// Whether what reads questions is waited for, too.
    pub questions: bool,
    /// What goes on when they have arrived.
    then: Then,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Then {
    Arrive(String, Arrival),
    Read(String),
}

/// How the reader came to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// By a link, as to anything that was not open before.
    Link,
    /// Through the browser's history, to where the steps of a run begin.
    First,
    /// Through the browser's history, or by loading it again, to a step of a run: the entry before is the run before.
    Step,
}

impl Arrival {
    /// By what an entry of the browser's history knows of the one before it.
    #[must_use]
    pub fn by(before: Option<&str>) -> Arrival {
        match before {
            None => Arrival::Link,
            Some("") => Arrival::First,
            Some(_) => Arrival::Step,
        }
    }
}

/// An entry of the browser's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A new one, with this fragment.
    New(String),
    /// The one that is shown gets this fragment.
    Same(String),
}

/// Browsers keep fifty entries in all, and then lose the first. Further steps take the last entry's place.
const MOST_ENTRIES: usize = 40;

/// An address without its options.
fn place(fragment: &str) -> &str {
    fragment.split('?').next().unwrap_or(fragment)
}

impl PageAction {
    /// The result of reading a file, whose name comes first; none if it could not be read.
    #[must_use]
    fn of_file(file: Option<(String, String)>) -> PageAction {
        let Some((name, text)) = file else { return PageAction::Refuse(BadLink::File) };
        if texts::here().is_some_and(|texts| (texts.is_log)(&text)) {
            return PageAction::ReadLog(name, text);
        }
        if let Some(protocol) = links::missing_of_text(&text) {
            let protocols = vec![protocol];
            return PageAction::Await(Box::new(Waits { protocols, questions: false, then: Then::Read(text) }));
        }
        match links::read_file(&text) {
            Ok(scenario) => PageAction::Open(Box::new(scenario)),
            Err(bad) => PageAction::Refuse(bad),
        }
    }
}

impl Page {
    /// The page as it is first shown at this address.
    #[must_use]
    pub fn at(fragment: &str, arrival: Arrival) -> Page {
        Page { screen: Screen::Waiting, ..Page::default() }.arrived(fragment, arrival)
    }

    /// The page after `act`.
    #[must_use]
    pub fn after(&self, act: PageAction) -> Page {
        match act {
            PageAction::Arrive(fragment, arrival) => self.arrived(&fragment, arrival),
            PageAction::Run(action) => match &self.run {
                Some(run) => self.with_run(run, action),
                None => self.clone(),
            },
            PageAction::Open(scenario) => self.opened(*scenario),
            PageAction::ReadLog(name, text) => {
                let (name, text) = (name.into(), text.into());
                let log = self.log.clone().filter(|log| log.name == name && log.text == text);
                let log = log.unwrap_or(LogFile { name, text });
                Page { screen: Screen::Log, log: Some(log), notice: None, ..self.clone() }
            }
            PageAction::File(file) => self.after(PageAction::of_file(file)),
            PageAction::Refuse(bad) => self.refused(bad),
            PageAction::Await(waits) => self.awaiting(Rc::new(*waits)),
            PageAction::Come(came) => self.come(came),
            PageAction::Miss => Page { notice: Some(Said::Missing(false)), ..self.clone() },
            PageAction::Drawn => self.clone(),
            PageAction::Again => self.waits.clone().map_or_else(|| self.clone(), |waits| self.awaiting(waits)),
            PageAction::Reply(reply) => self.asking(|asked| Asked { reply, answer: None, ..asked }),
            PageAction::Leave => Page { asked: None, ..self.clone() },
            PageAction::Know(sign) => Page { known: self.known.with(sign), ..self.clone() },
            PageAction::Dismiss if self.screen == Screen::Notice => {
                self.arrived(&Route::Home.fragment(), Arrival::Link)
            }
            PageAction::Dismiss => Page { notice: None, ..self.clone() },
        }
    }

    /// The fragment that the page's address should have: the place, whether events are numbered, and the other run.
    #[must_use]
    pub fn fragment(&self) -> Option<String> {
        let run = self.run.as_ref().filter(|_| self.screen == Screen::Run);
        let look = run.map(|run| Look::least(run)).unwrap_or_default();
        self.route().map(|route| Address { route, look, embed: None }.fragment())
    }

    /// The place that the address should name; none while the address cannot be opened, or belongs to another page.
    #[must_use]
    pub fn route(&self) -> Option<Route> {
        if self.embed.is_some() {
            return None;
        }
        match (self.screen, &self.run) {
            (Screen::Home, _) => Some(Route::Home),
            (Screen::Signs, _) => Some(Route::Signs),
            (Screen::Log, _) => Some(Route::Log),
            (Screen::Run, Some(run)) => Some(self.route_of(run.scenario())),
            (Screen::Notice | Screen::Waiting | Screen::Run, _) => None,
        }
    }

    /// How the browser's history follows the page, if the address names another place now (`shown`, without options).
    /// A step of the run is an entry of its own, which knows the address before it; all else takes the entry's place.
    #[must_use]
    pub fn entry(&self, shown: &str) -> Option<Entry> {
        let beside = |fragment: &str| Address::of(fragment).look.beside;
        let differs = |fragment: &String| place(fragment) != place(shown) || beside(fragment) != beside(shown);
        let fragment = self.fragment().filter(differs)?;
        if self.screen == Screen::Log {
            // The way back leads to where the reader was.
            return Some(Entry::New(fragment));
        }
        let run = self.run.as_ref().filter(|run| self.screen == Screen::Run && run.past.len() <= MOST_ENTRIES);
        let left = run.and_then(|run| run.past.last());
        let left = left.map(|left| self.route_of(&left.scenario).fragment());
        Some(if left.as_deref() == Some(place(shown)) { Entry::New(fragment) } else { Entry::Same(fragment) })
    }

    /// Whether undo is the browser's way back: the entry before this one (`before`) is the run to which undo leads.
    #[must_use]
    pub fn undoes_by_going_back(&self, before: Option<&str>) -> bool {
        let Some(run) = self.run.as_ref().filter(|run| run.choice().is_none()) else { return false };
        match run.past.last() {
            Some(left) => before == Some(&self.route_of(&left.scenario).fragment()),
            None => run.behind && Arrival::by(before) == Arrival::Step,
        }
    }

    /// Whoever goes on with the run has read the notice: the address follows the run again.
    fn with_run(&self, run: &State, action: Action) -> Page {
        let next = run.after(action);
        let same = Rc::ptr_eq(&next.trace, &run.trace);
        if let Some(why) = self.refusal(run, &next) {
            return self.asking(|asked| Asked { refused: Some(why), ..asked });
        }
        let page = if same { self.clone() } else { self.asking(|asked| Asked { refused: None, ..asked }) };
        let notice = if same { self.notice.clone() } else { None };
        Page { run: Some(Rc::new(next)), notice, ..page }
    }

    /// Why the question that is open does not allow what would come next.
    fn refusal(&self, run: &State, next: &State) -> Option<String> {
        let posed = self.asked.as_ref()?.posed.as_ref()?;
        if next.base.is_some() && run.base.is_none() {
            return Some(words::QUESTION_NOT_EDITED.to_owned());
        }
        if Rc::ptr_eq(&next.trace, &run.trace) {
            return None;
        }
        question::here().and_then(|questions| (questions.refusal)(&posed.question, next.scenario()))
    }

    /// The same with something else about the question, if one is open.
    fn asking(&self, change: impl FnOnce(Asked) -> Asked) -> Page {
        let asked = self.asked.as_ref().map(|asked| Rc::new(change((**asked).clone())));
        Page { asked, ..self.clone() }
    }

    /// The address of a run, with the question that is open.
    #[must_use]
    pub fn route_of(&self, run: &Scenario) -> Route {
        self.asked.as_ref().map_or_else(|| links::route(run), |asked| asked.route(run))
    }

    fn arrived(&self, fragment: &str, arrival: Arrival) -> Page {
        let Address { route, look, embed } = Address::of(fragment);
        let page = Page { embed, waits: None, ..self.clone() };
        let protocols = links::missing(&route);
        if !protocols.is_empty() {
            let then = Then::Arrive(fragment.to_owned(), arrival);
            // The first page stands there without any of them.
            let screen = if route == Route::Home { Screen::Home } else { page.screen };
            let questions = matches!(route, Route::Challenge { .. }) && question::here().is_none();
            return Page { screen, ..page }.awaiting(Rc::new(Waits { protocols, questions, then }));
        }
        match route {
            Route::Home => Page { screen: Screen::Home, notice: None, ..page },
            Route::Signs => Page { screen: Screen::Signs, notice: None, ..page },
            Route::Log => Page { screen: Screen::Log, notice: None, ..page },
            Route::Elsewhere => page.refused(BadLink::NoSuchPlace),
            Route::Protocol { protocol } => match gallery::blank(&protocol) {
                Some(scenario) => page.visited(scenario, &look, arrival),
                None => page.refused(BadLink::NoSuchPlace),
            },
            Route::Exhibit { protocol, slug } => match gallery::find(&protocol, &slug) {
                Some(exhibit) => page.visited(exhibit.scenario, &look, arrival),
                None => page.refused(BadLink::NoSuchExhibit),
            },
            Route::Challenge { protocol, slug, work } => {
                let Some(questions) = question::here() else { return page.awaiting_questions(fragment, arrival) };
                match (questions.challenge)(&protocol, &slug) {
                    Some(posed) => page.asked_for((questions.resumed)(Rc::new(posed), &work), None, &look, arrival),
                    None => page.refused(BadLink::NoSuchExhibit),
                }
            }
            Route::Run { link } => page.linked(&link, fragment, &look, arrival),
        }
    }

    /// What a link opens: a run, a question or an answer.
    fn linked(&self, link: &str, fragment: &str, look: &Look, arrival: Arrival) -> Page {
        let (code, work) = links::worked(link);
        let decoded = match links::decoded(code) {
            Ok(decoded) if decoded.asks == Asks::Nothing && !work.is_empty() => Err(BadLink::Link(LinkError::Damaged)),
            decoded => decoded,
        };
        match (decoded, question::here()) {
            (Err(bad), _) => self.refused(bad),
            (Ok(Decoded { scenario, changed, asks: Asks::Nothing }), _) => {
                Page { notice: changed.map(Said::Changed), ..self.visited(scenario, look, arrival) }
            }
            (Ok(_), None) => self.awaiting_questions(fragment, arrival),
            (Ok(decoded), Some(questions)) => {
                let now = self.asked.as_ref().and_then(|asked| asked.posed.as_ref());
                let opened = (questions.open)(&decoded, Linked { code, work, now });
                self.asked_for(opened, decoded.changed, look, arrival)
            }
        }
    }

    /// This page with a question or an answer that an address opened.
    fn asked_for(&self, opened: Opens, changed: Option<Changed>, look: &Look, arrival: Arrival) -> Page {
        match opened {
            Ok(Opened { asked, run }) => {
                let place = |asked: &Asked| asked.posed.as_ref().map(|posed| posed.place.clone());
                // Who goes on with a question has said what they have said.
                let now = self.asked.as_ref().filter(|now| place(now) == place(&asked) && asked.answer.is_none());
                let reply = now.map_or(asked.reply, |now| now.reply);
                let page = self.visited_with(Some(Rc::new(Asked { reply, ..asked })), run, look, arrival);
                Page { notice: changed.map(Said::Changed), ..page }
            }
            Err(bad) => self.refused(bad),
        }
    }

    fn awaiting_questions(&self, fragment: &str, arrival: Arrival) -> Page {
        let then = Then::Arrive(fragment.to_owned(), arrival);
        self.awaiting(Rc::new(Waits { protocols: Vec::new(), questions: true, then }))
    }

    /// What is open stays until all has arrived.
    fn awaiting(&self, waits: Rc<Waits>) -> Page {
        let screen = if self.screen == Screen::Notice { Screen::Waiting } else { self.screen };
        // Another wait than before, also for the same: it is fetched again.
        Page { screen, notice: None, waits: Some(Rc::new((*waits).clone())), ..self.clone() }
    }

    /// Goes on with what waited. What has not arrived can be fetched again.
    fn come(&self, came: bool) -> Page {
        let Some(waits) = &self.waits else { return self.clone() };
        if !came {
            let screen = if self.screen == Screen::Waiting { Screen::Notice } else { self.screen };
            return Page { screen, notice: Some(Said::Missing(true)), ..self.clone() };
        }
        let page = Page { waits: None, ..self.clone() };
        match &waits.then {
            Then::Arrive(fragment, arrival) => page.arrived(fragment, *arrival),
            Then::Read(text) => page.after(PageAction::of_file(Some((String::new(), text.clone())))),
        }
    }

    /// This page with a run that an address opened. Undo is about one run; the way back to another run is the browser's.
    fn visited(&self, scenario: Scenario, look: &Look, arrival: Arrival) -> Page {
        self.visited_with(None, scenario, look, arrival)
    }

    fn visited_with(&self, asked: Option<Rc<Asked>>, scenario: Scenario, look: &Look, arrival: Arrival) -> Page {
        let next = Page { asked, ..self.clone() };
        let state = match &self.run {
            // Coming back to the run that is open anyway keeps its undo, its window and its cursor.
            Some(run) if self.route_of(run.scenario()) == next.route_of(&scenario) => (**run).clone(),
            // Back and forward step through moves, as undo and redo do.
            Some(run) if arrival != Arrival::Link && run.leads_to(&scenario) => run.travelled_to(&scenario),
            _ => State { behind: arrival == Arrival::Step, ..links::opened(&scenario) },
        };
        Page { screen: Screen::Run, run: Some(Rc::new(look.show(state))), notice: None, ..next }
    }

    /// Without an address: undo is the way back.
    fn opened(&self, scenario: Scenario) -> Page {
        let run = match &self.run {
            Some(run) => Rc::new(run.after(Action::Open(Box::new(scenario), None))),
            None => Rc::new(links::opened(&scenario)),
        };
        Page { screen: Screen::Run, run: Some(run), asked: None, notice: None, ..self.clone() }
    }

    /// The reader's own work stays where it is; only if there is none, the notice is all there is.
    fn refused(&self, bad: BadLink) -> Page {
        let screen = match (self.screen, &self.run) {
            (Screen::Log, _) => Screen::Log,
            (_, Some(_)) => Screen::Run,
            (_, None) => Screen::Notice,
        };
        Page { screen, notice: Some(Said::Bad(bad)), ..self.clone() }
    }
}

impl Reducible for Page {
    type Action = PageAction;

    fn reduce(self: Rc<Self>, act: PageAction) -> Rc<Self> {
        Rc::new(self.after(act))
    }
}

#[cfg(test)]
mod asked;
#[cfg(test)]
mod tests;
