//! The application: the page's state, the address bar, and which screen is shown.

use crate::pages::around::Stands;
use crate::pages::explorer::Explorer;
use crate::pages::front::FRONT;
use crate::pages::home::HomeProps;
use crate::pages::host::HostProps;
use crate::pages::late::{self, Part};
use crate::pages::log::LogPageProps;
use crate::pages::waits;
use crate::state::address::{Address, Route};
use crate::state::beside::Beside;
use crate::state::caption::caption_of;
use crate::state::known;
use crate::state::page::{Arrival, Entry, Page, PageAction, Said, Screen};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::limits::MAX_LOG_BYTES;
use lightcone_figure::by_pointer::ByPointer;
use std::cell::Cell;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    let page = use_reducer(|| {
        let fragment = browser::fragment();
        let page = Page::at(&fragment, arrival());
        kept_at(&fragment).into_iter().fold(page, |page, kept| page.after(kept))
    });
    use_address(&page);
    use_title(&page);
    let act = use_act(&page);
    use_dropped(&act);
    use_parts(&page);
    use_host(&page);
    use_front(page.screen);
    let drawn = use_callback(page.dispatcher(), |(), page| page.dispatch(PageAction::Drawn));
    let host = page.embed.zip(late::parts().host).map(|(embed, host)| {
        let (run, notice) = (page.run.clone().map(Snapshot), page.notice.clone());
        host(HostProps { run, asked: page.asked.clone().map(ByPointer), embed, notice, act: act.clone() })
    });
    // Nothing has a place, too: else what comes beside the screen would take its place, and the screen would begin anew.
    let host = host.unwrap_or_default();
    let notice = |said: &Said, stands: Stands| {
        late::with(Part::Around, late::parts().around, &drawn, |part| (part.notice)(said, &act, stands))
    };
    let screen = match (page.screen, &page.run, &page.notice) {
        (Screen::Run, Some(run), notice) => html! {
            <Explorer run={Snapshot(run.clone())} notice={notice.clone()} asked={page.asked.clone().map(ByPointer)} embed={page.embed} known={page.known} act={act.clone()} />
        },
        (Screen::Log, run, notice) => late::with(Part::Log, late::parts().log, &drawn, |log| {
            let back = run.as_ref().map_or(Route::Home, |run| page.route_of(run.scenario())).href();
            log(LogPageProps { log: page.log.clone(), notice: notice.clone(), back: back.into(), act: act.clone() })
        }),
        (Screen::Signs, run, _) => late::with(Part::Signs, late::parts().signs, &drawn, |signs| {
            signs(&run.as_ref().map(|run| page.route_of(run.scenario()).href()))
        }),
        (Screen::Waiting, ..) => waits::waiting(),
        (Screen::Notice, _, Some(said)) => {
            notice(said, if page.embed.is_some() { Stands::Embedded } else { Stands::Alone })
        }
        (_, _, shown) => html! {
            <>
                { shown.as_ref().map(|said| notice(said, Stands::Above)).unwrap_or_default() }
                { late::with(Part::Home, late::parts().home(), &drawn, |home| home(HomeProps { protocols: known::library().len() })) }
            </>
        },
    };
    html! { <>{ screen }{ host }</> }
}

/// What the reader does goes to the page; except that undo is the browser's way back, where that leads to the same run.
#[hook]
fn use_act(page: &UseReducerHandle<Page>) -> Callback<PageAction> {
    let latest = use_mut_ref(|| None);
    latest.replace(Some((**page).clone()));
    let dispatcher = page.dispatcher();
    use_callback((), move |act: PageAction, ()| {
        if matches!(act, PageAction::File(_)) {
            // What reads files arrives with what stands around a run.
            let (dispatcher, act) = (dispatcher.clone(), Cell::new(Some(act)));
            return late::when_here(
                Part::Around,
                Callback::from(move |came| {
                    let act = act.take().filter(|_| came).unwrap_or(PageAction::Miss);
                    dispatcher.dispatch(act);
                }),
            );
        }
        if !matches!(act, PageAction::Run(Action::Undo)) {
            return dispatcher.dispatch(act);
        }
        // None: the page is on its way back.
        let Some(page) = latest.take() else { return };
        if Page::undoes_by_going_back(&page, browser::fragment_before().as_deref()) {
            return browser::go_back();
        }
        latest.replace(Some(page));
        dispatcher.dispatch(act);
    })
}

/// The log that the browser's history keeps for this place, if it keeps one.
fn kept_at(fragment: &str) -> Option<PageAction> {
    let kept = || browser::kept().map(|(name, text)| PageAction::ReadLog(name, text));
    (Address::of(fragment).route == Route::Log).then(kept).flatten()
}

/// Fetches what the page waits for; and once it waits for nothing, what it may need later. An embedded figure needs nothing more.
#[hook]
fn use_parts(page: &UseReducerHandle<Page>) {
    let dispatcher = page.dispatcher();
    let embedded = page.embed.is_some();
    use_effect_with(page.waits.clone().map(ByPointer), move |waits| match waits {
        Some(waits) => {
            let (waits, questions) = (waits.clone(), waits.questions);
            let protocols = Callback::from(move |came: bool| {
                let dispatcher = dispatcher.clone();
                let come = Callback::from(move |all| dispatcher.dispatch(PageAction::Come(came && all)));
                waits::fetch_protocols(&waits.protocols, come);
            });
            if questions { late::when_here(Part::Question, protocols) } else { protocols.emit(true) }
        }
        None if embedded => {}
        None => browser::when_idle(Callback::from(|()| {
            spawn_local(late::fetch_all());
            waits::fetch_protocols(&known::missing(), Callback::noop());
        })),
    });
}

/// An embedded figure hears the page around it, once its own run is there.
#[hook]
fn use_host(page: &UseReducerHandle<Page>) {
    let dispatcher = page.dispatcher();
    use_effect_with(page.embed.is_some() && page.waits.is_none() && browser::framed(), move |heard| {
        if *heard {
            // What it hears may be a text: what reads texts comes first.
            let host = move |_| {
                let dispatcher = dispatcher.clone();
                late::when_here(Part::Host, Callback::from(move |_| dispatcher.dispatch(PageAction::Drawn)));
            };
            late::when_here(Part::Around, Callback::from(host));
        }
    });
}

fn arrival() -> Arrival {
    Arrival::by(browser::fragment_before().as_deref())
}

/// What the reader does to the address goes to the page; what the page shows goes to the address. Each step of a run is an
/// entry of the browser's history: so back and forward step through moves, and undo outlives the page.
#[hook]
fn use_address(page: &UseReducerHandle<Page>) {
    let dispatcher = page.dispatcher();
    // The address that the page has heard of last. If the browser has gone on since, that is heard first.
    let heard = use_mut_ref(browser::fragment);
    let hears = heard.clone();
    use_effect_with((), move |()| {
        let listener = browser::on_fragment(Callback::from(move |fragment: String| {
            hears.replace(fragment.clone());
            let kept = kept_at(&fragment);
            dispatcher.dispatch(PageAction::Arrive(fragment, arrival()));
            kept.into_iter().for_each(|kept| dispatcher.dispatch(kept));
        }));
        move || drop(listener)
    });
    let trace = page.run.as_ref().map(|run| ByPointer(run.trace.clone()));
    let shown = (*page).clone();
    let beside = page.run.as_ref().and_then(|run| run.beside.as_ref()).map(Beside::name);
    let asked = page.asked.is_some();
    use_effect_with((page.screen, trace, beside, asked, page.notice.clone()), move |_| {
        // Where to look may follow the place; that stays as long as the place does, and the other run.
        let now = browser::fragment();
        if *heard.borrow() != now {
            return;
        }
        match shown.entry(&now).filter(|_| shown.notice.is_none()) {
            Some(Entry::New(fragment)) => browser::push_fragment(&fragment, now.split('?').next().unwrap_or_default()),
            Some(Entry::Same(fragment)) => browser::replace_fragment(&fragment),
            None => {}
        }
        heard.replace(browser::fragment());
    });
    let log = page.log.as_ref().filter(|_| page.screen == Screen::Log).map(|log| (log.name.clone(), log.text.clone()));
    use_effect_with(log, |log| {
        if let Some((name, text)) = log {
            browser::keep(name, text);
        }
    });
    // The first page may have been read before the program came.
    let seen = use_mut_ref(|| Screen::Home);
    use_effect_with(page.screen, move |screen| {
        if seen.replace(*screen) != *screen {
            browser::scroll_to_top();
        }
    });
}

/// The first page is shown while the reader is there. It may arrive at any time.
#[hook]
fn use_front(screen: Screen) {
    use_effect(move || if screen == Screen::Home { browser::put_back() } else { browser::put_away(FRONT) });
}

/// A scenario file or a log that is dropped on the page is opened.
#[hook]
fn use_dropped(act: &Callback<PageAction>) {
    let act = act.clone();
    use_effect_with((), move |()| {
        let listeners = browser::on_drop(MAX_LOG_BYTES, act.reform(PageAction::File));
        move || drop(listeners)
    });
}

#[hook]
fn use_title(page: &UseReducerHandle<Page>) {
    let title = match (page.screen, &page.run) {
        (Screen::Run, Some(run)) => format!("{} · {}", caption_of(run).0, words::NAME),
        (Screen::Signs, _) => format!("{} · {}", words::SIGNS_TITLE, words::NAME),
        (Screen::Log, _) => format!("{} · {}", page.log.as_ref().map_or(words::OPEN_LOG, |log| &log.name), words::NAME),
        _ => format!("{}: drag the messages of a running protocol", words::NAME),
    };
    use_effect_with(title, |title| browser::set_title(title));
}
