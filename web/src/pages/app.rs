//! The application: the page's state, the address bar, and which screen is shown.

use crate::pages::explorer::Explorer;
use crate::pages::home::Home;
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::notice::{NoticeProps, notice, notice_page};
use crate::parts::memo::memo;
use crate::state::address::Address;
use crate::state::beside::Beside;
use crate::state::gallery;
use crate::state::page::{Page, PageAction, Screen};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::limits::MAX_TEXT_BYTES;
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    let page = use_reducer(|| Page::at(&browser::fragment()));
    use_address(&page);
    use_title(&page);
    let act = {
        let dispatcher = page.dispatcher();
        use_callback((), move |act: PageAction, ()| dispatcher.dispatch(act))
    };
    use_dropped(&act);
    match (page.screen, &page.run, &page.notice) {
        (Screen::Run, Some(run), notice) => html! {
            <Explorer run={Snapshot(run.clone())} notice={notice.clone()} embed={page.embed} {act} />
        },
        (Screen::Notice, _, Some(said)) => html! {
            <>
                if page.embed.is_none() { { memo(HeaderProps { place: Place::Elsewhere, children: Html::default() }, header) } }
                { memo(NoticeProps { said: said.clone(), act }, notice_page) }
            </>
        },
        (_, _, shown) => html! {
            <>
                if let Some(said) = shown { { memo(NoticeProps { said: said.clone(), act }, notice) } }
                <Home />
            </>
        },
    }
}

/// What the reader does to the address goes to the page; what the page shows goes to the address, which is
/// replaced, not pushed: a drag is no place to go back to.
#[hook]
fn use_address(page: &UseReducerHandle<Page>) {
    let dispatcher = page.dispatcher();
    use_effect_with((), move |()| {
        let listener =
            browser::on_fragment(Callback::from(move |fragment| dispatcher.dispatch(PageAction::Arrive(fragment))));
        move || drop(listener)
    });
    let trace = page.run.as_ref().map(|run| ByPointer(run.trace.clone()));
    let shown = (*page).clone();
    let beside = page.run.as_ref().and_then(|run| run.beside.as_ref()).map(Beside::name);
    use_effect_with((page.screen, trace, beside, page.notice.clone()), move |_| {
        if let Some(fragment) = shown.fragment().filter(|_| shown.notice.is_none()) {
            // Where to look may follow the place; that stays as long as the place does, and the other run.
            let place = |fragment: &str| {
                let said = Address::of(fragment);
                (said.route, said.look.beside)
            };
            if place(&browser::fragment()) != place(&fragment) {
                browser::replace_fragment(&fragment);
            }
        }
    });
    use_effect_with(page.screen, |_| browser::scroll_to_top());
}

/// A scenario file that is dropped on the page is opened.
#[hook]
fn use_dropped(act: &Callback<PageAction>) {
    let act = act.clone();
    use_effect_with((), move |()| {
        let listeners = browser::on_drop(MAX_TEXT_BYTES, act.reform(PageAction::of_file));
        move || drop(listeners)
    });
}

#[hook]
fn use_title(page: &UseReducerHandle<Page>) {
    let title = match (page.screen, &page.run) {
        (Screen::Run, Some(run)) => format!("{} · {}", gallery::caption_of(run).0, words::NAME),
        _ => format!("{}: drag the messages of a running protocol", words::NAME),
    };
    use_effect_with(title, |title| browser::set_title(title));
}
