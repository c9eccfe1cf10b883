//! What of the page arrives when it is first needed: drawings that most readers never see. A page in one piece has all of them.
//!
//! A part is a few functions behind pointers. Nothing else in the page names them, or they would be there from the start.

use crate::figure::{self, Explain, Rest};
use crate::pages::around::{self, Around, Stands};
use crate::pages::embed::{self, BarProps};
use crate::pages::front;
use crate::pages::home::{Home, HomeProps};
use crate::pages::host::{Host, HostProps};
use crate::pages::log::{LogPage, LogPageProps};
use crate::pages::pair;
use crate::pages::shown::{Hears, Shown};
use crate::pages::signs;
use crate::pages::waits;
use crate::panels::edit::{self, EditProps};
use crate::panels::question::{self, QuestionPanel, QuestionProps};
use crate::panels::search;
use crate::parts::memo::memo;
use crate::search::Begin;
use crate::share::ask::{Ask, AskProps};
use crate::share::{Share, ShareProps};
use crate::state::beside::Beside;
use crate::state::page::{PageAction, Said};
use crate::state::question::{Asked, Questions};
use crate::state::run::Action;
use crate::state::search_request::Request;
use crate::state::snapshot::Snapshot;
use crate::state::texts::{self, Texts};
use crate::state::{asking, question as questions};
use lightcone_engine::{Time, Trace};
use lightcone_search::{Bounds, Target};
use std::cell::Cell;
use std::pin::Pin;
use yew::platform::spawn_local;
use yew::prelude::*;

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first page.
    Home,
    /// The page of all signs.
    Signs,
    /// What stands around a run.
    Around,
    /// The bar of an embedded run.
    Bar,
    /// The dialog that shares a run.
    Share,
    /// The editor.
    Edit,
    /// The search and its panel.
    Search,
    /// The page of logs, what reads them, and the judges of any history.
    Log,
    /// What hears the page around an embedded figure.
    Host,
    /// Questions and answers: what reads and judges them, the challenges, and the panel.
    Question,
}

/// A part that has arrived.
#[derive(Clone, Copy)]
pub enum Arrived {
    /// The first page.
    Home(fn(HomeProps) -> Html),
    /// The page of all signs.
    Signs(fn(&Option<String>) -> Html),
    /// What stands around a run.
    Around(&'static AroundPart),
    /// The bar of an embedded run.
    Bar(&'static BarPart),
    /// The dialog that shares a run.
    Share(fn(ShareProps) -> Html),
    /// The editor.
    Edit(&'static EditPart),
    /// The search.
    Search(&'static SearchPart),
    /// The page of logs.
    Log(fn(LogPageProps) -> Html),
    /// What hears the page around an embedded figure.
    Host(fn(HostProps) -> Html),
    /// Questions and answers.
    Question(&'static QuestionPart),
}

/// What stands around a run.
pub struct AroundPart {
    /// All of it, each in its place.
    pub around: fn(&Shown<'_>) -> Around,
    /// The two figures of a comparison.
    pub pair: fn(&Shown<'_>, &Beside, &Hears, &Explain) -> Html,
    /// The run while it is edited, around what stands in the middle.
    pub editor: fn(&Shown<'_>, Html) -> Html,
    /// What is said when there is no run to show, or above one.
    pub notice: fn(&Said, &Callback<PageAction>, Stands) -> Html,
    /// Opens the editor.
    pub edit: fn(&Snapshot, &Callback<Action>) -> Callback<()>,
    /// What a figure does besides being drawn and dragged.
    pub rest: &'static Rest,
    /// What reads and writes texts.
    pub texts: &'static Texts,
    /// What hears keys, and keeps a search at work.
    pub doing: fn(&Shown<'_>) -> Html,
}

/// What an embedded run has besides its figure.
pub struct BarPart {
    /// The bar.
    pub bar: fn(&BarProps<'_>) -> Html,
    /// Moves the cursor while the run plays.
    pub player: fn(&Shown<'_>) -> Html,
}

/// The editor's drawings.
pub struct EditPart {
    /// Title and note.
    pub fields: fn(&EditProps) -> Html,
    /// Length, seed, counts.
    pub settings: fn(&EditProps) -> Html,
    /// Requests and faults.
    pub form: fn(&EditProps) -> Html,
    /// The text.
    pub source: fn(EditProps) -> Html,
    /// What the header has while a run is edited.
    pub commands: fn(&EditProps, Callback<()>) -> Html,
}

/// The search: how one is asked for, how it works, and what is shown of it.
pub struct SearchPart {
    /// A search from a moment of a run.
    pub request: fn(&Trace, Time, Option<Bounds>, Target) -> Request,
    /// Begins to work on a request.
    pub begin: Begin,
    /// What is shown of it.
    pub draws: search::Drawings,
}

/// Questions and answers.
pub struct QuestionPart {
    /// What reads and judges them.
    pub questions: &'static Questions,
    /// Begins to look for the fewest moves.
    pub begin: Begin,
    /// The panel.
    pub panel: fn(QuestionProps) -> Html,
    /// The line of narrow screens.
    pub line: fn(&Asked, &Snapshot, &Trace) -> (Html, String),
    /// The form that sets a question.
    pub ask: fn(AskProps) -> Html,
}

/// The first page, as a part.
pub const HOME: Arrived = Arrived::Home(|props| html! { <Home ..props /> });
/// The page of all signs, as a part.
pub const SIGNS: Arrived = Arrived::Signs(|route| memo(route.clone(), signs::signs));
/// What stands around a run, as a part.
pub const AROUND: Arrived = Arrived::Around(&AroundPart {
    around: around::around,
    pair: pair::pair,
    editor: around::editor,
    notice: around::said,
    edit: around::edit,
    rest: &figure::REST,
    texts: &texts::TEXTS,
    doing: around::doing,
});
/// The bar of an embedded run, as a part.
pub const BAR: Arrived = Arrived::Bar(&BarPart { bar: embed::bar, player: around::player });
/// The dialog that shares a run, as a part.
pub const SHARE: Arrived = Arrived::Share(|props| html! { <Share ..props /> });
/// The editor, as a part.
pub const EDIT: Arrived = Arrived::Edit(&EditPart {
    fields: edit::fields,
    settings: edit::settings,
    form: edit::form,
    source: |props| html! { <edit::Source ..props /> },
    commands: edit::commands,
});
/// The search, as a part.
pub const SEARCH: Arrived = Arrived::Search(&SearchPart {
    request: Request::new,
    begin: crate::search::begin,
    draws: search::Drawings { panel: search::panel, line: search::line, row: search::row },
});

/// The page of logs, as a part.
pub const LOG: Arrived = Arrived::Log(|props| html! { <LogPage ..props /> });

/// What hears the page around an embedded figure, as a part.
pub const HOST: Arrived = Arrived::Host(|props| html! { <Host ..props /> });

/// Questions and answers, as a part.
pub const QUESTION: Arrived = Arrived::Question(&QuestionPart {
    questions: &asking::QUESTIONS,
    begin: crate::search::par::begin,
    panel: |props| html! { <QuestionPanel ..props /> },
    line: question::line,
    ask: |props| html! { <Ask ..props /> },
});

/// How a part is fetched: none if it does not arrive.
pub type Fetch = fn(Part) -> Pin<Box<dyn Future<Output = Option<Arrived>>>>;

thread_local! {
    static PARTS: Cell<Parts> = const { Cell::new(FIRST) };
    static FETCH: Cell<Option<Fetch>> = const { Cell::new(None) };
}

/// The parts that have arrived.
#[derive(Clone, Copy)]
pub struct Parts {
    /// The first page.
    home: Option<fn(HomeProps) -> Html>,
    /// The page of all signs.
    pub signs: Option<fn(&Option<String>) -> Html>,
    /// What stands around a run.
    pub around: Option<&'static AroundPart>,
    /// The bar of an embedded run.
    pub bar: Option<&'static BarPart>,
    /// The dialog that shares a run.
    pub share: Option<fn(ShareProps) -> Html>,
    /// The editor.
    pub edit: Option<&'static EditPart>,
    /// The search.
    pub search: Option<&'static SearchPart>,
    /// The page of logs.
    pub log: Option<fn(LogPageProps) -> Html>,
    /// What hears the page around an embedded figure.
    pub host: Option<fn(HostProps) -> Html>,
    /// Questions and answers.
    pub question: Option<&'static QuestionPart>,
}

impl Parts {
    const NONE: Parts = Parts {
        home: None,
        signs: None,
        around: None,
        bar: None,
        share: None,
        edit: None,
        search: None,
        log: None,
        host: None,
        question: None,
    };

    /// What is alive on the first page, once that page is there as well.
    #[must_use]
    pub fn home(self) -> Option<fn(HomeProps) -> Html> {
        self.home.filter(|_| front::is_here())
    }

    const fn with(self, arrived: Arrived) -> Parts {
        match arrived {
            Arrived::Home(home) => Parts { home: Some(home), ..self },
            Arrived::Signs(signs) => Parts { signs: Some(signs), ..self },
            Arrived::Around(around) => Parts { around: Some(around), ..self },
            Arrived::Bar(bar) => Parts { bar: Some(bar), ..self },
            Arrived::Share(share) => Parts { share: Some(share), ..self },
            Arrived::Edit(edit) => Parts { edit: Some(edit), ..self },
            Arrived::Search(search) => Parts { search: Some(search), ..self },
            Arrived::Log(log) => Parts { log: Some(log), ..self },
            Arrived::Host(host) => Parts { host: Some(host), ..self },
            Arrived::Question(question) => Parts { question: Some(question), ..self },
        }
    }

    fn has(self, part: Part) -> bool {
        match part {
            Part::Home => self.home.is_some(),
            Part::Signs => self.signs.is_some(),
            Part::Around => self.around.is_some(),
            Part::Bar => self.bar.is_some(),
            Part::Share => self.share.is_some(),
            Part::Edit => self.edit.is_some(),
            Part::Search => self.search.is_some(),
            Part::Log => self.log.is_some(),
            Part::Host => self.host.is_some(),
            Part::Question => self.question.is_some(),
        }
    }
}

/// What is there before anything has arrived.
#[cfg(feature = "parts")]
const FIRST: Parts = Parts::NONE;
#[cfg(not(feature = "parts"))]
const FIRST: Parts = Parts::NONE
    .with(HOME)
    .with(SIGNS)
    .with(AROUND)
    .with(BAR)
    .with(SHARE)
    .with(EDIT)
    .with(SEARCH)
    .with(LOG)
    .with(HOST)
    .with(QUESTION);

/// Parts that have not arrived are fetched in this way.
pub fn arrive_by(fetch: Fetch) {
    FETCH.set(Some(fetch));
    figure::fetch_by(|| {
        spawn_local(async {
            self::fetch(Part::Around).await;
        });
    });
}

/// The parts that have arrived.
#[must_use]
pub fn parts() -> Parts {
    PARTS.get()
}

/// Fetches a part, and whether it is there then.
pub async fn fetch(part: Part) -> bool {
    if parts().has(part) {
        return true;
    }
    // What both need came with what stands around a run.
    if part == Part::Question && !Box::pin(self::fetch(Part::Around)).await {
        return false;
    }
    let Some(fetch) = FETCH.get() else { return false };
    let Some(arrived) = fetch(part).await else { return false };
    PARTS.set(parts().with(arrived));
    match arrived {
        Arrived::Search(search) => crate::search::begin_with(search.begin),
        Arrived::Around(around) => {
            texts::arrived(around.texts);
            figure::arrived(around.rest);
        }
        Arrived::Question(part) => {
            questions::arrived(part.questions);
            crate::search::par_with(part.begin);
        }
        _ => {}
    }
    true
}

/// Fetches all that may be needed later.
pub async fn fetch_all() {
    for part in [
        Part::Around,
        Part::Bar,
        Part::Search,
        Part::Share,
        Part::Edit,
        Part::Question,
        Part::Home,
        Part::Signs,
        Part::Log,
    ] {
        fetch(part).await;
    }
    front::fetch(true).await;
}

/// Goes on once a part is there, and says whether it is.
pub fn when_here(part: Part, done: Callback<bool>) {
    if parts().has(part) {
        return done.emit(true);
    }
    spawn_local(async move { done.emit(fetch(part).await) });
}

/// A drawing with a part; while that is not there, a sentence in its place. Once it has arrived, `again` has all drawn again.
pub fn with<P>(part: Part, has: Option<P>, again: &Callback<()>, draw: impl FnOnce(P) -> Html) -> Html {
    let fetch = move |done: Callback<bool>| match part {
        Part::Home => spawn_local(async move { done.emit(front::fetch(false).await && self::fetch(Part::Home).await) }),
        part => when_here(part, done),
    };
    // The first page is there without what is alive on it, and the bar has its place.
    let meanwhile = match part {
        Part::Home if front::is_here() => Html::default(),
        Part::Bar => Html::default(),
        _ => waits::waiting(),
    };
    match has {
        Some(has) => draw(has),
        None => waits::waits(part as u8, fetch.into(), meanwhile, again),
    }
}
