//! A log that was recorded elsewhere: the figure with what there is to read of it; what is wrong with a log that cannot be
//! drawn; and the ways to open one.

use crate::browser;
use crate::figure::Figure;
use crate::pages::doing::Kept;
use crate::pages::room::room;
use crate::pages::shortcuts::{Keys, use_keys};
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::list::{ListProps, list};
use crate::panels::margin::{RecordedProps, recorded};
use crate::panels::minimap::MiniMap;
use crate::panels::notice::{NoticeProps, notice};
use crate::panels::player::use_player;
use crate::panels::transport::{ControlsProps, controls};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::log::{Log, LogAction, LogFile};
use crate::state::page::{PageAction, Said};
use crate::state::run::Action;
use crate::state::session::{Session, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::Time;
use lightcone_engine::limits::MAX_LOG_BYTES;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_judges::OBJECT_TYPES;
use lightcone_logs::Faults;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of [`LogPage`].
#[derive(Properties, PartialEq)]
pub struct LogPageProps {
    /// The log; none before one is opened.
    pub log: Option<LogFile>,
    /// What there is to say about a file that cannot be opened.
    pub notice: Option<Said>,
    /// Leads back to what was open before.
    pub back: AttrValue,
    /// Called with each page action.
    pub act: Callback<PageAction>,
}

/// The page of logs.
#[component]
pub fn LogPage(props: &LogPageProps) -> Html {
    let file = use_node_ref();
    let pick = {
        let file = file.clone();
        Callback::from(move |_: MouseEvent| browser::click(&file))
    };
    let picked = {
        let (act, file) = (props.act.clone(), file.clone());
        Callback::from(move |_: Event| browser::read_picked(&file, MAX_LOG_BYTES, act.reform(PageAction::File)))
    };
    let title = props.log.as_ref().map_or(AttrValue::from(words::OPEN_LOG), |log| AttrValue::from(log.name.clone()));
    let commands = html! {
        <div class="commands">
            if let Some(log) = &props.log {
                <button type="button" class="terse" onclick={save(log)}>{ icon(Icon::Export) }<span>{ words::SAVE_LOG }</span></button>
                <button type="button" onclick={pick.clone()}>{ words::ANOTHER_LOG }</button>
                <a class="btn line" href={props.back.clone()}>{ icon(Icon::Close) }{ words::CLOSE }</a>
            }
            <input ref={file} class="vh" type="file" tabindex="-1" aria-hidden="true" onchange={picked} />
        </div>
    };
    html! {
        <div class="page">
            { memo(HeaderProps { place: Place::Log { title }, children: commands }, header) }
            { props.notice.clone().map(|said| memo(NoticeProps { said, act: props.act.clone() }, notice)) }
            if let Some(file) = &props.log {
                <Opened key={format!("{:p}", Rc::as_ptr(&file.text))} file={file.clone()} {pick} />
            } else {
                <Opening act={props.act.clone()} {pick} />
            }
        </div>
    }
}

fn save(log: &LogFile) -> Callback<MouseEvent> {
    let log = log.clone();
    Callback::from(move |_| {
        let name = if log.name.contains('.') { log.name.to_string() } else { format!("{}.log", log.name) };
        browser::download(&name, "text/plain", log.text.as_bytes());
    })
}

#[derive(Properties, PartialEq)]
struct OpenedProps {
    file: LogFile,
    pick: Callback<MouseEvent>,
}

/// A log that was opened, whether it can be drawn or not.
#[component]
fn Opened(props: &OpenedProps) -> Html {
    let log = {
        let file = props.file.clone();
        use_reducer(move || Log::open(file))
    };
    let act = {
        let dispatcher = log.dispatcher();
        use_callback((), move |action, ()| dispatcher.dispatch(action))
    };
    let log = ByPointer(Rc::new((*log).clone()));
    match log.run.clone() {
        Some(run) => html! { <Reading {log} run={Snapshot(run)} {act} /> },
        None => bad(&log, &act, props.pick.clone()),
    }
}

#[derive(Properties, PartialEq)]
struct OpeningProps {
    pick: Callback<MouseEvent>,
    act: Callback<PageAction>,
}

/// The ways to open a log.
#[component]
fn Opening(props: &OpeningProps) -> Html {
    let field = use_node_ref();
    let draw = {
        let (field, act) = (field.clone(), props.act.clone());
        Callback::from(move |_: MouseEvent| {
            let text = field.cast::<web_sys::HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
            if !text.trim().is_empty() {
                act.emit(PageAction::File(Some((words::PASTED_LOG.into(), text))));
            }
        })
    };
    html! {
        <main class="said-page opening">
            <h1>{ words::OPEN_LOG }</h1>
            <p>{ words::LOG_INTRO }</p>
            <div class="btns">
                <button type="button" class="btn main" onclick={props.pick.clone()}>{ words::CHOOSE_FILE }</button>
                <span class="q">{ words::OR_DROP }</span>
            </div>
            <label>{ words::PASTE_LOG }<textarea ref={field} class="in" rows="8" spellcheck="false" autocapitalize="off" /></label>
            <div class="btns"><button type="button" class="btn line" onclick={draw}>{ words::DRAW_IT }</button></div>
        </main>
    }
}

/// What is wrong with a log, by line.
fn bad(log: &ByPointer<Log>, act: &Callback<LogAction>, pick: Callback<MouseEvent>) -> Html {
    let empty = Faults::default();
    let faults = log.faults().unwrap_or(&empty);
    let left_out = log.execution().map_or(&[][..], |execution| &execution.left_out);
    html! {
        <main class="said-page faults">
            <h1>{ words::LOG_BAD }</h1>
            { executions(log, act) }
            { objects(log, act) }
            <ul>{ for faults.told.iter().map(|fault| html! { <li>{ fault.to_string() }</li> }) }</ul>
            if faults.more > 0 { <p>{ words::more_faults(faults.more) }</p> }
            if !left_out.is_empty() { <p>{ words::no_events(left_out) }</p> }
            <div class="btns"><button type="button" class="btn main" onclick={pick}>{ words::ANOTHER_LOG }</button></div>
        </main>
    }
}

/// The choice between executions, if there are several.
fn executions(log: &ByPointer<Log>, act: &Callback<LogAction>) -> Html {
    let count = log.executions().len();
    if count < 2 {
        return Html::default();
    }
    let onchange = act.reform(|event: Event| {
        let list: web_sys::HtmlSelectElement = event.target_unchecked_into();
        LogAction::Choose(usize::try_from(list.selected_index()).unwrap_or(0))
    });
    html! {
        <label class="speed">{ words::EXECUTION }{ " " }<select {onchange}>
            { for (0..count).map(|place| html! { <option selected={place == log.chosen}>{ log.label(place) }</option> }) }
        </select></label>
    }
}

/// What a history's operations are done to: the type of object, and the value that it begins with.
fn objects(log: &ByPointer<Log>, act: &Callback<LogAction>) -> Html {
    let judged = log.history().map(|history| history.object).or(log.asked.0);
    let Some(object) = judged else { return Html::default() };
    if object.is_empty() {
        return html! { <p class="judged">{ words::NOT_JUDGED }</p> };
    }
    let begins = log.asked.1.clone();
    let onchange = act.reform(move |event: Event| {
        let list: web_sys::HtmlSelectElement = event.target_unchecked_into();
        let place = usize::try_from(list.selected_index()).unwrap_or(0);
        LogAction::Judge(OBJECT_TYPES.get(place).map(|object| object.name), begins.clone())
    });
    let begin = act.reform(move |event: Event| {
        let field: web_sys::HtmlInputElement = event.target_unchecked_into();
        LogAction::Judge(Some(object), field.value().into())
    });
    let broken = log.run.as_ref().is_some_and(|run| run.trace.first_violation().is_some());
    html! {
        <div class="judged">
            if let Some(history) = log.history() {
                <p class={broken.then_some("bad")}>{ words::judgement(broken, &history.why) }</p>
            }
            <label class="speed">{ words::JUDGED_AS }{ " " }<select {onchange}>
                { for OBJECT_TYPES.iter().map(|each| html! { <option selected={each.name == object}>{ each.name }</option> }) }
            </select></label>
            <label class="speed">{ words::BEGINS_WITH }{ " " }<input class="in" size="6" value={log.asked.1.to_string()} onchange={begin} /></label>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ReadingProps {
    log: ByPointer<Log>,
    run: Snapshot,
    act: Callback<LogAction>,
}

/// A log that can be drawn.
#[component]
fn Reading(props: &ReadingProps) -> Html {
    let run = &props.run;
    let reducer = use_reducer(Session::default);
    let tell = {
        let dispatcher = reducer.dispatcher();
        use_callback((), move |action, ()| dispatcher.dispatch(action))
    };
    let session = Rc::new((*reducer).clone());
    let dispatch = (*use_memo(props.act.clone(), |act| act.reform(LogAction::Look))).clone();
    use_player(run, session.playing, session.speed, &dispatch, &tell.reform(|()| SessionAction::Stop));
    let play = play(run, &session, &tell, &dispatch);
    use_keys(
        Keys {
            edit: Callback::noop(),
            run: run.clone(),
            session: session.clone(),
            embedded: true,
            dispatch: dispatch.clone(),
            tell: tell.clone(),
            play: play.clone(),
            search: Callback::noop(),
        },
        &Kept::default(),
    );
    let trace = ByPointer(run.trace.clone());
    let list_name = if session.listing { words::AS_A_FIGURE } else { words::AS_A_LIST };
    let left_out = props.log.execution().map_or(&[][..], |execution| &execution.left_out);
    html! { <>
        <main class="explorer log" data-digest={format!("{:016x}", trace.digest)}>
            <div class="title">
                <h1>{ &*props.log.file.name }</h1>
                <p class="about">{ words::READ_ONLY }</p>
                { executions(&props.log, &props.act) }
                { objects(&props.log, &props.act) }
            </div>
            <div class="stage">
                <div class={classes!("figure", room(&trace))}>
                    if session.listing {
                        { memo(ListProps { run: run.clone(), dispatch: dispatch.clone() }, list) }
                    } else {
                        <Figure state={run.clone()} dispatch={dispatch.clone()} />
                    }
                    <p class="remark" role="status">{ (!left_out.is_empty()).then(|| words::no_events(left_out)) }</p>
                </div>
            </div>
            { memo(RecordedProps { run: run.clone(), trace: trace.clone() }, recorded) }
        </main>
        <div class="foot">
            <footer class="transport" aria-label={words::TRANSPORT}>
                <div class="ctl">
                    { controls(&ControlsProps { trace: &trace, cursor: run.cursor, playing: session.playing, dispatch: &dispatch, play: &play }) }
                    <span class="clock num">{ trace.moment(run.cursor) }</span>
                </div>
                <div class="strip"><MiniMap run={run.clone()} trace={trace.clone()} at={run.cursor} dispatch={dispatch.clone()} ticks={false} /></div>
                <div class="ctl modes"><button type="button" onclick={tell.reform(|_: MouseEvent| SessionAction::List)}>{ list_name }</button></div>
            </footer>
        </div>
    </> }
}

/// Starts and stops playing. From the end it starts again from the beginning.
fn play(
    run: &Snapshot,
    session: &Session,
    tell: &Callback<SessionAction>,
    dispatch: &Callback<Action>,
) -> Callback<()> {
    let again = !session.playing && run.cursor >= run.trace.horizon();
    let (tell, dispatch) = (tell.clone(), dispatch.clone());
    Callback::from(move |()| {
        if again {
            dispatch.emit(Action::Look(Time::ZERO));
        }
        tell.emit(SessionAction::Play);
    })
}
