//! An embedded figure and the page around it: calls are heard and answered, and what happens is told. It draws nothing.

use crate::browser;
use crate::state::address::Route;
use crate::state::host::{self, Deeds};
use crate::state::known;
use crate::state::options::Embed;
use crate::state::page::{PageAction, Said as Notice};
use crate::state::question::{self, Asked};
use crate::state::snapshot::Snapshot;
use lightcone_api::convert;
use lightcone_api::form::{Call, CallWord, Code, Detail, Error, EventWord, Said};
use lightcone_api::json;
use lightcone_figure::by_pointer::ByPointer;
use std::cell::RefCell;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The inputs of [`Host`].
#[derive(Clone, Properties, PartialEq)]
pub struct HostProps {
    /// The page's state.
    pub run: Option<Snapshot>,
    /// What is asked about the run.
    pub asked: Option<ByPointer<Asked>>,
    /// How the figure behaves.
    pub embed: Embed,
    /// What there is to say about a link.
    pub notice: Option<Notice>,
    /// Called with each action.
    pub act: Callback<PageAction>,
}

/// What is remembered between what is heard and what is said.
#[derive(Default)]
struct Told {
    /// What the page shows now.
    now: Option<HostProps>,
    /// What the page around this one was told of last.
    last: Option<Snapshot>,
    notice: Option<Notice>,
    /// Whether the question was solved.
    solved: bool,
    height: usize,
    /// Whether what happens now was asked for.
    asked: bool,
    /// Messages that were not heard.
    ignored: u32,
}

type Shared = Rc<RefCell<Told>>;

/// Hears the page around this one, and tells it what happens.
#[component]
pub fn Host(props: &HostProps) -> Html {
    let told = (*use_memo((), |()| Shared::default())).clone();
    told.borrow_mut().now = Some(props.clone());
    {
        let told = told.clone();
        use_effect_with((), move |()| {
            let ignoring = told.clone();
            let ignored = move || {
                let mut told = ignoring.borrow_mut();
                told.ignored = told.ignored.saturating_add(1);
            };
            let heard = move |id, text: Option<String>| hear(&told, id, host::read(text.as_deref()), true);
            let listener = browser::on_call(heard, ignored);
            move || drop(listener)
        });
    }
    use_effect_with((props.run.clone(), props.asked.clone(), props.notice.clone()), move |shows| tell(&told, shows));
    Html::default()
}

/// Does what is asked, and answers. `again`: whether a protocol may still be fetched for it.
fn hear(told: &Shared, id: u32, call: Result<Call, Error>, again: bool) {
    let Some(now) = told.borrow().now.clone() else { return };
    let call = match call {
        Ok(call) if call.call == CallWord::Wake => return,
        Ok(call) => call,
        Err(error) => return refuse(id, error),
    };
    let run = now.run.as_deref();
    let asked = now.asked.as_deref();
    match host::deeds(&call, run, asked, &now.embed, &browser::fragment()) {
        Err(error) => refuse(id, error),
        Ok(Deeds { missing: Some(protocol), .. }) if again => {
            let told = told.clone();
            spawn_local(async move {
                // Whether it came is seen when the call is tried again.
                known::fetch(protocol).await;
                hear(&told, id, Ok(call), false);
            });
        }
        Ok(Deeds { missing: Some(_), .. }) => {
            let sentence = "A part of the program did not arrive. What was shown still is; ask again later.";
            refuse(id, Error::new(Code::NothingToShow, sentence));
        }
        Ok(Deeds { acts, .. }) => {
            told.borrow_mut().asked = true;
            acts.into_iter().for_each(|act| now.act.emit(act));
            // What was asked for is shown by now: the page is drawn before an action returns.
            told.borrow_mut().asked = false;
            answer(told, id);
        }
    }
}

fn answer(told: &Shared, id: u32) {
    let told = told.borrow();
    let run = told.now.as_ref().and_then(|now| now.run.as_ref());
    match run {
        Some(run) => {
            let result = host::seen(run, &browser::address(), told.ignored);
            say(&Said { id: Some(id), result: Some(result), ..host::said() });
        }
        None => refuse(id, Error::new(Code::NothingToShow, "No run is open here. `open` shows one.")),
    }
}

fn refuse(id: u32, error: Error) {
    say(&Said { id: Some(id), error: Some(error), ..host::said() });
}

fn event(event: EventWord, detail: Detail) {
    say(&Said { event: Some(event), detail: Some(detail), ..host::said() });
}

fn say(said: &Said) {
    browser::say_to_host(&json::write(said));
}

/// What is told of: the run, what is asked about it, what there is to say.
type Shows = (Option<Snapshot>, Option<ByPointer<Asked>>, Option<Notice>);

/// Tells that a question is solved, when it is. Of a run that is opened solved, nothing is told.
fn solves(told: &mut Told, run: &Snapshot, asked: Option<&Asked>, page: &str) {
    let posed = asked.and_then(|asked| Some((asked, asked.posed.as_ref()?)));
    let Some(((asked, posed), questions)) = posed.zip(question::here()) else {
        told.solved = false;
        return;
    };
    let reply = (questions.reply)(posed, asked, run);
    let solved = (questions.is_solved)(&posed.question, &run.trace, reply);
    if solved && !told.solved {
        let link = (questions.answer)(posed, reply, run.scenario());
        let link = Some([page, &Route::Run { link }.href()].concat());
        event(EventWord::Solved, Detail { link, ..Detail::default() });
    }
    told.solved = solved;
}

/// Tells what has changed since the last time.
fn tell(told: &Shared, (run, asked, notice): &Shows) {
    let mut told = told.borrow_mut();
    if told.notice != *notice {
        told.notice = notice.clone();
        if let Some(Notice::Bad(bad)) = notice {
            event(EventWord::Error, Detail { error: Some(host::error(bad)), ..Detail::default() });
        }
    }
    let Some(run) = run else { return };
    let height = host::height(run);
    if std::mem::replace(&mut told.height, height) != height {
        let height = u32::try_from(height).ok();
        event(EventWord::Height, Detail { height, ..Detail::default() });
    }
    let before = told.last.replace(run.clone());
    let page = browser::address();
    let Some(before) = before else { return event(EventWord::Ready, host::detail(run, &page)) };
    let other_run = !Rc::ptr_eq(&before.trace, &run.trace);
    let looks = |run: &Snapshot| (run.cursor, run.window, run.light, run.steps);
    let selects = before.selection != run.selection || other_run && host::selection(&before) != host::selection(run);
    if other_run || selects || looks(&before) != looks(run) {
        let by_reader = Some(!told.asked && !run.plays);
        let (other_run, playing) = (Some(other_run), Some(run.plays));
        event(EventWord::Change, Detail { by_reader, other_run, playing, ..host::detail(run, &page) });
    }
    if selects {
        event(EventWord::Select, Detail { selection: host::selection(run), ..Detail::default() });
    }
    solves(&mut told, run, asked.as_deref(), &page);
    if other_run {
        let verdicts = convert::verdicts(&run.trace);
        for place in host::turned(&before.trace, &run.trace) {
            event(EventWord::Verdict, Detail { verdict: verdicts.get(place).cloned(), ..Detail::default() });
        }
    }
}
