//! What stands around a run's figures: header, tools, verdicts, notes, the sheet of narrow screens, the bar of time, and what opens over
//! the page. All of it arrives after the first figure.

use crate::pages::doing::{Doing, Player};
use crate::pages::keys_help;
use crate::pages::late::{self, Part};
use crate::pages::shown::{Shown, chosen_for};
use crate::panels::cut::cut;
use crate::panels::edit::EditProps;
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::list;
use crate::panels::margin::{self, MarginProps, Two};
use crate::panels::menu::Commands;
use crate::panels::notice::{NoticeProps, notice, notice_page};
use crate::panels::question::QuestionProps;
use crate::panels::sheet::{self, SheetProps};
use crate::panels::steps::{self, StepsProps};
use crate::panels::tools::{self, ToolsProps};
use crate::panels::transport::{TransportProps, transport};
use crate::panels::verdicts::{both, verdict_line, verdicts};
use crate::parts::memo::memo;
use crate::share::ShareProps;
use crate::share::ask::AskProps;
use crate::state::beside;
use crate::state::edit::text_of;
use crate::state::page::{PageAction, Said};
use crate::state::run::{Action, Selection};
use crate::state::session::{Open, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::run::question::Kind;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Target;
use yew::prelude::*;

/// What stands around the figures of a run, each in its place.
pub struct Around {
    /// The line at the top, and what there is to say about a link.
    pub head: Html,
    /// What to look at.
    pub note: String,
    /// The tools, and the verdicts in a line for narrow screens.
    pub tools: Html,
    /// The events as a table, if they are in the place of the figure.
    pub list: Option<Html>,
    /// What is said of the promises.
    pub verdicts: Html,
    /// The margin, or what is in its place.
    pub side: Html,
    /// What stands at the bottom, and what is open over the page.
    pub foot: Html,
}

/// Draws what stands around a run.
pub fn around(shown: &Shown<'_>) -> Around {
    let Shown { props, .. } = shown;
    let said = props.notice.as_ref().map(|notice| said(notice, &props.act, Stands::Above));
    let beside = props.run.beside.as_ref();
    Around {
        head: html! { <>{ top(shown) }{ said }</> },
        note: beside
            .map_or_else(|| shown.note.clone(), |beside| beside::in_words(props.run.scenario(), &beside.settings)),
        tools: held(shown),
        list: shown.session.listing.then(|| list(shown)),
        verdicts: match beside {
            Some(beside) => memo(shown.two(beside).all_verdicts(), both),
            None => memo(shown.verdicts(), verdicts),
        },
        side: with_question(shown, beside_figure(shown)),
        foot: html! { <>{ foot(shown) }{ open(shown) }{ player(shown) }{ doing(shown) }</> },
    }
}

/// Where what is said stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Above what is shown.
    Above,
    /// Alone on a page.
    Alone,
    /// Alone in a page of somebody else's.
    Embedded,
}

/// What there is to say to a reader: about a link, a file, a part that has not arrived.
pub fn said(said: &Said, act: &Callback<PageAction>, stands: Stands) -> Html {
    let props = NoticeProps { said: said.clone(), act: act.clone() };
    match stands {
        Stands::Above => memo(props, notice),
        Stands::Embedded => memo(props, notice_page),
        Stands::Alone => html! { <>
            { memo(HeaderProps { place: Place::Elsewhere, children: Html::default() }, header) }
            { memo(props, notice_page) }
        </> },
    }
}

/// The run while it is edited.
pub fn editor(shown: &Shown<'_>, stage: Html) -> Html {
    late::with(Part::Edit, late::parts().edit.zip(edits(shown)), &shown.arrived(), |(part, edits)| {
        html! { <>
            { memo(edits.clone(), part.fields) }
            { memo(edits.clone(), part.settings) }
            { stage }
            { memo(edits.clone(), part.form) }
            { (part.source)(edits) }
        </> }
    })
}

/// Searches for a run that does what is told, from the cursor first; if nothing is told, asks the reader.
fn search(shown: &Shown<'_>) -> Callback<Option<Target>> {
    let (run, chosen) = (shown.props.run.clone(), shown.session.bounds);
    let (tell, dispatch, act) = (shown.tell.clone(), shown.both[0].clone(), shown.props.act.clone());
    Callback::from(move |target: Option<Target>| {
        let (run, tell, dispatch, act) = (run.clone(), tell.clone(), dispatch.clone(), act.clone());
        let asked = Callback::from(move |_: bool| {
            let Some(part) = late::parts().search else { return act.emit(PageAction::Miss) };
            let wanted = target.unwrap_or(Target::AnyBreach);
            let request = (part.request)(&run.trace, run.cursor, chosen_for(&run, chosen), wanted);
            let request = request.among(browser::workers());
            tell.emit(if target.is_some() {
                SessionAction::Search(Some(request))
            } else {
                SessionAction::Ask(request)
            });
            dispatch.emit(Action::Select(Selection::Nothing));
        });
        late::when_here(Part::Search, asked);
    })
}

/// Moves the cursor while the run plays.
pub fn player(shown: &Shown<'_>) -> Html {
    let (run, session) = (shown.props.run.clone(), ByPointer(shown.session.clone()));
    html! { <Player {run} {session} dispatch={shown.both[0].clone()} tell={shown.tell.clone()} /> }
}

/// Hears keys, and keeps a search at work.
pub fn doing(shown: &Shown<'_>) -> Html {
    let session = ByPointer(shown.session.clone());
    let (run, dispatch, tell) = (shown.props.run.clone(), shown.both[0].clone(), shown.tell.clone());
    html! {
        <Doing edit={edit(&run, &dispatch)} search={search(shown)} {run} {session} {dispatch} {tell}
            embedded={shown.props.embed.is_some()} play={shown.play.clone()} kept={shown.kept.clone()} />
    }
}

/// Opens the editor, with the keyboard in its first field.
pub fn edit(run: &Snapshot, dispatch: &Callback<Action>) -> Callback<()> {
    let (run, dispatch) = (run.clone(), dispatch.clone());
    Callback::from(move |()| dispatch.emit(Action::Edit(Some(text_of(&run)))))
}

/// What the editor shows, while it is open.
fn edits(shown: &Shown<'_>) -> Option<EditProps> {
    shown.run.base.as_ref().map(|_| EditProps { run: shown.props.run.clone(), dispatch: shown.both[0].clone() })
}

/// The tools, and the verdicts in a line.
fn held(shown: &Shown<'_>) -> Html {
    let run = &shown.run;
    let tools_of = ToolsProps {
        tool: run.tool,
        can_undo: run.can_undo(),
        can_redo: !run.future.is_empty(),
        has_requests: shown.has_requests(),
        allowed: tools::allowed(shown.posed().map(|posed| posed.question.challenge.tools)),
        dispatch: shown.dispatch.clone(),
    };
    html! { <>
        if shown.props.run.beside.is_none() { { memo(shown.verdicts(), verdict_line) } }
        { memo(tools_of, tools::tools) }
    </> }
}

/// What is open over the page.
fn open(shown: &Shown<'_>) -> Html {
    let open = shown.session.open;
    let closed = shown.tell.reform(|()| SessionAction::Open(Open::Nothing));
    match open {
        Open::Nothing => Html::default(),
        Open::Keys => keys_help::keys_help(shown.session, &shown.tell),
        Open::Share | Open::Test => late::with(Part::Share, late::parts().share, &shown.arrived(), |share| {
            let (run, shows) = (shown.props.run.clone(), shown.shows.clone());
            let asks = late::with(Part::Question, late::parts().question, &shown.arrived(), |part| {
                (part.ask)(AskProps { run: run.clone() })
            });
            share(ShareProps { run, shows, asks, test: open == Open::Test, closed })
        }),
    }
}

/// What stands beside the figure: a search, or the margin.
fn beside_figure(shown: &Shown<'_>) -> Html {
    match shown.searched().filter(|_| shown.run.choice().is_none()) {
        Some(search) => {
            late::with(Part::Search, late::parts().search, &shown.arrived(), |part| memo(search, part.draws.panel))
        }
        None => side(shown),
    }
}

/// The question, if one is open, over what stands beside the figure.
fn with_question(shown: &Shown<'_>, side: Html) -> Html {
    let Some(asked) = shown.props.asked.clone() else { return side };
    let question = late::with(Part::Question, late::parts().question, &shown.arrived(), |part| {
        let (run, trace, act) = (shown.run.clone(), shown.trace.clone(), shown.props.act.clone());
        (part.panel)(QuestionProps { asked, run, trace, act })
    });
    html! { <div class="side">{ question }{ side }</div> }
}

/// The line at the top, with what can be done with the run.
fn top(shown: &Shown<'_>) -> Html {
    let run = &shown.props.run;
    let specification = shown.run.trace.specification();
    let (id, protocol, title) = (specification.id, specification.title, shown.title.clone().into());
    let share = shown.tell.reform(|()| SessionAction::Open(Open::Share));
    let edits = edits(shown);
    let editing = edits.is_some();
    let commands = edits.zip(late::parts().edit).map(|(edits, part)| (part.commands)(&edits, share.clone()));
    let commands = commands.unwrap_or_else(|| {
        html! {
            <Commands
                edit={edit(run, &shown.both[0])}
                search={(run.beside.is_none() && shown.props.asked.is_none()).then(|| search(shown))}
                close={run.beside.as_ref().map(|_| shown.both[0].reform(|()| Action::Beside(Vec::new())))}
                export={shown.run.steps.map(|_| shown.tell.reform(|()| SessionAction::Open(Open::Test)))}
                has_moves={!shown.run.scenario().moves.is_empty()}
                act={shown.props.act.clone()}
                {share}
                list={shown.tell.reform(|()| SessionAction::List)}
                listing={shown.session.listing}
                keys={shown.tell.reform(|()| SessionAction::Open(Open::Keys))}
            />
        }
    });
    memo(HeaderProps { place: Place::Run { id, protocol, title, editing }, children: commands }, header)
}

/// What stands at the bottom: the sheet of narrow screens, and the bar of time.
fn foot(shown: &Shown<'_>) -> Html {
    let Shown { run, session, .. } = shown;
    let step = shown.tell.reform(|()| SessionAction::Step);
    let transport_of = TransportProps {
        run: run.clone(),
        trace: shown.trace.clone(),
        at: shown.at,
        playing: session.playing,
        speed: session.speed,
        stepping: session.stepping,
        alone: shown.props.run.beside.is_none(),
        dispatch: shown.dispatch.clone(),
        play: shown.play.clone(),
        hurry: shown.tell.reform(SessionAction::Hurry),
        step,
    };
    html! { <div class="foot">if run.base.is_none() { { sheet(shown) } }{ memo(transport_of, transport) }</div> }
}

/// The margin, or what a cut or step mode puts in its place.
fn side(shown: &Shown<'_>) -> Html {
    let Shown { props, session, .. } = shown;
    let (run, dispatch) = (shown.run.clone(), shown.dispatch.clone());
    if let Some(choice) = shown.choice() {
        return memo(choice, cut);
    }
    if session.stepping {
        return memo(StepsProps { run, dispatch, glance: shown.tell.reform(SessionAction::Glance) }, steps::steps);
    }
    let (trace, before) = (shown.trace.clone(), shown.before.clone());
    let search = session.search.is_some() && props.run.beside.is_none();
    let pair = props.run.beside.as_ref().map(|beside| Two {
        above: props.run.clone(),
        runs: shown.two(beside).notes(),
        stands: if beside.heeded { words::BELOW } else { words::ABOVE },
    });
    let margin_of = MarginProps { run, trace, before, held: shown.held, open: session.note, search, dispatch, pair };
    memo(margin_of, margin::margin)
}

/// What a narrow screen has instead of the margin.
fn sheet(shown: &Shown<'_>) -> Html {
    let Shown { run, session, .. } = shown;
    sheet::sheet(&SheetProps {
        run,
        alone: shown.props.run.beside.is_none(),
        trace: &shown.trace,
        before: shown.before.clone(),
        held: shown.held,
        open: session.note,
        sign: session.sign.as_deref(),
        asked: question_line(shown),
        got: shown.tell.reform(|()| SessionAction::Explain(None)),
        cut: shown.choice(),
        search: shown.searched(),
        draws: shown.draws,
        show: shown.tell.reform(SessionAction::Note),
        stepping: session.stepping,
        step: &shown.tell.reform(|()| SessionAction::Step),
        edit: edit(run, &shown.dispatch),
        dispatch: &shown.dispatch,
    })
}

/// The line that a narrow screen has of the question, while nothing else is looked at.
fn question_line(shown: &Shown<'_>) -> Option<(Html, String)> {
    let free = shown.run.selection == Selection::Nothing && shown.choice().is_none();
    let asked = shown.props.asked.as_ref()?;
    // What is selected may be the answer.
    let is_explained = shown.posed().is_some_and(|posed| posed.question.challenge.kind == Kind::Explain);
    let part = late::parts().question.filter(|_| free || is_explained)?;
    Some((part.line)(asked, &shown.run, &shown.trace))
}

/// The events as a table, in the place of the figure.
fn list(shown: &Shown<'_>) -> Html {
    memo(list::ListProps { run: shown.run.clone(), dispatch: shown.dispatch.clone() }, list::list)
}
