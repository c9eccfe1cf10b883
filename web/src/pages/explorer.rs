//! A run on the page: header, title, tools, the figure, verdicts, margin, transport.

use crate::figure::{Figure, Showing};
use crate::pages::embed::{EmbedProps, embed};
use crate::pages::shortcuts::{Keys, keys_help, use_keys};
use crate::panels::cut::{CutProps, cut};
use crate::panels::edit::{EditProps, Source, commands, fields, form, settings};
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::list::{ListProps, list};
use crate::panels::margin::{MarginProps, margin};
use crate::panels::menu::Commands;
use crate::panels::notice::{NoticeProps, notice};
use crate::panels::player::use_player;
use crate::panels::search::{PanelProps, panel};
use crate::panels::sheet::{SheetProps, sheet};
use crate::panels::steps::{StepsProps, steps};
use crate::panels::tools::{self, ToolsProps, tools};
use crate::panels::transport::{TransportProps, transport};
use crate::panels::verdicts::{VerdictsProps, verdict_line, verdicts};
use crate::parts::memo::memo;
use crate::search::use_search;
use crate::share::Share;
use crate::state::edit::text_of;
use crate::state::gallery;
use crate::state::options::Embed;
use crate::state::page::{PageAction, Said};
use crate::state::run::{Action, Selection, State};
use crate::state::search_request::Request;
use crate::state::session::{Open, Preview, Session, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_engine::id::MessageId;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::run::trace::Ending;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::clients::has_view;
use lightcone_search::{Bounds, Target};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of [`Explorer`].
#[derive(Properties, PartialEq)]
pub struct ExplorerProps {
    /// The page's state.
    pub run: Snapshot,
    /// A notice about a link; none if there is nothing to say.
    pub notice: Option<Said>,
    /// How the figure behaves if the page is a part of another.
    pub embed: Option<Embed>,
    /// Called with each page action.
    pub act: Callback<PageAction>,
}

/// A run on the page.
#[component]
pub fn Explorer(props: &ExplorerProps) -> Html {
    let run = &props.run;
    let reducer = use_reducer(Session::default);
    let tell = {
        let dispatcher = reducer.dispatcher();
        use_callback((), move |action, ()| dispatcher.dispatch(action))
    };
    let dispatch = use_memo(props.act.clone(), |act| act.reform(PageAction::Run));
    let (session, dispatch) = (Rc::new((*reducer).clone()), (*dispatch).clone());
    use_sight(props.embed, &tell);
    // A cut that is tried begins at the cursor, which waits until it is kept or taken back.
    let plays = session.playing && session.seen && run.choice().is_none();
    use_player(run, plays, session.speed, &dispatch, &tell.reform(|()| SessionAction::Stop));
    use_search(run, &session, &dispatch, &tell);
    let play = play(run, &session, &tell, &dispatch);
    let search = search(run, &session, &tell, &dispatch);
    let edit = edit(run, &dispatch);
    use_keys(Keys {
        edit: edit.clone(),
        run: run.clone(),
        session: session.clone(),
        embedded: props.embed.is_some(),
        dispatch: dispatch.clone(),
        tell: tell.clone(),
        play: play.clone(),
        search: search.clone(),
    });
    let on_preview = use_callback(tell.clone(), |held, tell| tell.emit(SessionAction::Hold(held)));
    let shows = (*use_memo((), |()| Showing::default())).clone();
    let view = Shown::of(props, &session, shows, tell, dispatch, play, search);
    match props.embed {
        Some(how) => view.embedded(how, on_preview),
        None => view.page(on_preview),
    }
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

/// Opens the editor, with the keyboard in its first field.
fn edit(run: &Snapshot, dispatch: &Callback<Action>) -> Callback<()> {
    let (run, dispatch) = (run.clone(), dispatch.clone());
    Callback::from(move |()| dispatch.emit(Action::Edit(Some(text_of(&run)))))
}

/// Searches for a run that does what is told, from the cursor first; if nothing is told, asks the reader.
fn search(
    run: &Snapshot,
    session: &Session,
    tell: &Callback<SessionAction>,
    dispatch: &Callback<Action>,
) -> Callback<Option<Target>> {
    let (run, chosen, tell, dispatch) = (run.clone(), session.bounds, tell.clone(), dispatch.clone());
    Callback::from(move |target: Option<Target>| {
        let chosen = chosen_for(&run, chosen);
        let request = Request::new(&run.trace, run.cursor, chosen, target.unwrap_or(Target::AnyBreach));
        let request = request.among(browser::workers());
        tell.emit(if target.is_some() { SessionAction::Search(Some(request)) } else { SessionAction::Ask(request) });
        dispatch.emit(Action::Select(Selection::Nothing));
    })
}

/// What the reader has said of how far a search of this run goes.
fn chosen_for(run: &Snapshot, chosen: Option<(&'static dyn AnyProtocol, Bounds)>) -> Option<Bounds> {
    chosen.filter(|(protocol, _)| *protocol == run.scenario().protocol).map(|(_, bounds)| bounds)
}

/// Watches whether an embedded figure can be seen: it plays only then, and starts by itself if it is to.
#[hook]
fn use_sight(embed: Option<Embed>, tell: &Callback<SessionAction>) {
    let tell = tell.clone();
    use_effect_with(embed, move |embed| {
        let waits = Cell::new(embed.is_some_and(|embed| embed.autoplay && !embed.poster) && !browser::reduced_motion());
        let sight = embed.and_then(|embed| {
            if let Some(theme) = embed.theme {
                browser::set_theme(theme.name());
            }
            browser::on_sight(Callback::from(move |now| {
                tell.emit(SessionAction::See(now));
                if now && waits.take() {
                    tell.emit(SessionAction::Play);
                }
            }))
        });
        move || drop(sight)
    });
}

/// The run, or the run that would follow if the reader let go of the message in the hand.
struct Shown<'a> {
    props: &'a ExplorerProps,
    run: &'a Snapshot,
    session: &'a Session,
    trace: ByPointer<Trace>,
    before: Option<ByPointer<Trace>>,
    held: Option<MessageId>,
    /// The moment that the figure tells of.
    at: Time,
    title: String,
    note: String,
    shows: Showing,
    tell: Callback<SessionAction>,
    dispatch: Callback<Action>,
    play: Callback<()>,
    search: Callback<Option<Target>>,
}

impl<'a> Shown<'a> {
    fn of(
        props: &'a ExplorerProps,
        session: &'a Session,
        shows: Showing,
        tell: Callback<SessionAction>,
        dispatch: Callback<Action>,
        play: Callback<()>,
        search: Callback<Option<Target>>,
    ) -> Shown<'a> {
        let run = &props.run;
        let held = session.preview.as_ref();
        let answer = held.map(|held| &held.trace).or(run.answer());
        let trace = ByPointer(answer.unwrap_or(&run.trace).clone());
        let tried = run.answer().map(|_| run.trace.clone());
        let (title, note) = gallery::caption_of(run);
        Shown {
            props,
            run,
            session,
            before: held.map(|held| held.before.clone()).or(tried).or_else(|| run.ghost.clone()).map(ByPointer),
            held: held.map(|held| held.held),
            at: held.map_or(run.cursor, |held| held.arrives.min(trace.horizon())),
            trace,
            title,
            note,
            shows,
            tell,
            dispatch,
            play,
            search,
        }
    }

    fn embedded(&self, how: Embed, on_preview: Callback<Option<Preview>>) -> Html {
        let waits = how.poster && !self.session.started;
        let (state, dispatch) = (self.run.clone(), self.dispatch.clone());
        embed(EmbedProps {
            embed: how,
            run: self.run,
            trace: &self.trace,
            at: self.at,
            title: &self.title,
            figure: html! { <Figure {state} {dispatch} {on_preview} interactive={how.edit && !waits} embedded={true} /> },
            playing: self.session.playing,
            poster: waits.then(|| self.play.clone()),
            play: self.play.clone(),
            dispatch: &self.dispatch,
        })
    }

    fn page(&self, on_preview: Callback<Option<Preview>>) -> Html {
        let Shown { props, run, session, .. } = self;
        let close = self.tell.reform(|()| SessionAction::Open(Open::Nothing));
        let edits = self.edits();
        let said = props.notice.clone().map(|said| memo(NoticeProps { said, act: props.act.clone() }, notice));
        html! {
            <div class="page">
                { self.header() }
                { said }
                <main class={classes!("explorer", edits.as_ref().map(|_| "editing"))} data-digest={format!("{:016x}", run.trace.digest)}>
                    if let Some(edits) = &edits {
                        { memo(edits.clone(), fields) }
                        { memo(edits.clone(), settings) }
                        { self.stage(on_preview) }
                        { memo(edits.clone(), form) }
                        <Source run={edits.run.clone()} dispatch={edits.dispatch.clone()} />
                    } else {
                        { self.title() }
                        { self.stage(on_preview) }
                        { self.side() }
                    }
                </main>
                { self.foot() }
                if matches!(session.open, Open::Share | Open::Test) {
                    <Share run={(*run).clone()} shows={self.shows.clone()} test={session.open == Open::Test} closed={close} />
                }
                if session.open == Open::Keys { { keys_help(session, &self.tell) } }
            </div>
        }
    }

    /// What the editor shows, while it is open.
    fn edits(&self) -> Option<EditProps> {
        self.run.base.as_ref().map(|_| EditProps { run: self.run.clone(), dispatch: self.dispatch.clone() })
    }

    fn header(&self) -> Html {
        let specification = self.run.trace.specification();
        let (id, protocol, title) = (specification.id, specification.title, self.title.clone().into());
        let share = self.tell.reform(|()| SessionAction::Open(Open::Share));
        let commands = self.edits().map(|edits| commands(&edits, share.clone()));
        let editing = commands.is_some();
        let commands = commands.unwrap_or_else(|| {
            html! {
                <Commands
                    edit={edit(self.run, &self.dispatch)}
                    search={self.search.clone()}
                    export={self.run.steps.map(|_| self.tell.reform(|()| SessionAction::Open(Open::Test)))}
                    has_moves={!self.run.scenario().moves.is_empty()}
                    act={self.props.act.clone()}
                    {share}
                    list={self.tell.reform(|()| SessionAction::List)}
                    listing={self.session.listing}
                    keys={self.tell.reform(|()| SessionAction::Open(Open::Keys))}
                />
            }
        });
        memo(HeaderProps { place: Place::Run { id, protocol, title, editing }, children: commands }, header)
    }

    fn title(&self) -> Html {
        let run = self.run;
        let tools_of = ToolsProps {
            tool: run.tool,
            can_undo: run.can_undo(),
            can_redo: !run.future.is_empty(),
            has_requests: run.trace.lanes().iter().any(|lane| !lane.accepts.is_empty()),
            dispatch: self.dispatch.clone(),
        };
        html! {
            <div class="title">
                <h1>{ &self.title }</h1>
                <p class="about">{ &self.note }</p>
                { memo(self.verdicts(), verdict_line) }
                { memo(tools_of, tools) }
            </div>
        }
    }

    fn verdicts(&self) -> VerdictsProps {
        let steps = self.run.steps;
        VerdictsProps { trace: self.trace.clone(), before: self.before.clone(), steps, dispatch: self.dispatch.clone() }
    }

    /// The figure, or the events as a table, and the verdicts.
    fn stage(&self, on_preview: Callback<Option<Preview>>) -> Html {
        let Shown { run, session, .. } = self;
        let glance = session.glance.as_ref();
        // What a choice in step mode would come to is shown as a ghost is.
        let state = match glance {
            Some(after) => Snapshot(Rc::new(State { ghost: Some(after.0.clone()), ..(*run.0).clone() })),
            None => (*run).clone(),
        };
        let stays = (glance.is_some() || run.compares).then_some("glance");
        let dispatch = self.dispatch.clone();
        html! {
            <div class="stage">
                <div class={classes!("figure", room(&run.trace), stays)}>
                    if session.listing {
                        { memo(ListProps { run: (*run).clone(), dispatch }, list) }
                    } else {
                        <Figure {state} {dispatch} {on_preview} shows={self.shows.clone()} whole={true} />
                    }
                    { remark(run) }
                </div>
                { memo(self.verdicts(), verdicts) }
            </div>
        }
    }

    /// The search that the margin is about: any, while nothing is selected or in the hand.
    fn searched(&self) -> Option<PanelProps> {
        let job = self.session.search.clone()?;
        let free = self.run.selection == Selection::Nothing && self.held.is_none() && !self.session.stepping;
        free.then(|| PanelProps {
            job,
            run: self.run.clone(),
            chosen: chosen_for(self.run, self.session.bounds),
            open: self.session.note,
            dispatch: self.dispatch.clone(),
            tell: self.tell.clone(),
        })
    }

    /// The cut that is chosen.
    fn choice(&self) -> Option<CutProps> {
        let (run, dispatch) = (self.run.clone(), self.dispatch.clone());
        run.choice().map(|choice| CutProps { run, choice, dispatch })
    }

    /// The margin, or what a cut, step mode or a search puts in its place.
    fn side(&self) -> Html {
        let (run, dispatch) = (self.run.clone(), self.dispatch.clone());
        if let Some(choice) = self.choice() {
            return memo(choice, cut);
        }
        if self.session.stepping {
            return memo(StepsProps { run, dispatch, glance: self.tell.reform(SessionAction::Glance) }, steps);
        }
        if let Some(search) = self.searched() {
            return memo(search, panel);
        }
        let (trace, before) = (self.trace.clone(), self.before.clone());
        let search = self.session.search.is_some();
        memo(MarginProps { run, trace, before, held: self.held, open: self.session.note, search, dispatch }, margin)
    }

    fn foot(&self) -> Html {
        let Shown { run, session, .. } = self;
        let step = self.tell.reform(|()| SessionAction::Step);
        let sheet = sheet(&SheetProps {
            run,
            trace: &self.trace,
            before: self.before.clone(),
            held: self.held,
            open: session.note,
            cut: self.choice(),
            search: self.searched(),
            show: self.tell.reform(SessionAction::Note),
            stepping: session.stepping,
            step: &step,
            edit: edit(run, &self.dispatch),
            dispatch: &self.dispatch,
        });
        let transport_of = TransportProps {
            run: (*run).clone(),
            trace: self.trace.clone(),
            at: self.at,
            playing: session.playing,
            speed: session.speed,
            stepping: session.stepping,
            dispatch: self.dispatch.clone(),
            play: self.play.clone(),
            hurry: self.tell.reform(SessionAction::Hurry),
            step,
        };
        let sheet = if run.base.is_some() { Html::default() } else { sheet };
        html! { <div class="foot">{ sheet }{ memo(transport_of, transport) }</div> }
    }
}

/// The class that says how much room this many lanes can use, the clients' view being as high as one: what is left
/// goes below the verdicts. Many lanes need more than is left: then the page is higher than the screen.
fn room(trace: &Trace) -> Option<&'static str> {
    let rows = trace.lanes().len() + usize::from(has_view(trace));
    const ROOMS: [&str; 12] = [
        "lanes-1", "lanes-2", "lanes-3", "lanes-4", "lanes-5", "", "lanes-7", "lanes-8", "lanes-9", "lanes-10",
        "lanes-11", "lanes-12",
    ];
    ROOMS.get(rows.checked_sub(1)?).or(ROOMS.last()).copied().filter(|class| !class.is_empty())
}

/// Notes that the figure cannot show: the tool's use, an empty run, a limit that was met.
fn remark(run: &Snapshot) -> Html {
    let limit = match run.trace.ending {
        Ending::Limit(limit) => Some(limit.to_string()),
        Ending::Horizon | Ending::Quiet => None,
    };
    let empty = run.trace.messages.is_empty().then(|| words::EMPTY.to_owned());
    let hint = tools::hint(run.tool);
    // On a narrow screen the sheet tells the tool's use.
    let class = classes!("remark", hint.map(|_| "of-tool"));
    html! { <p {class} role="status">{ hint.map(str::to_owned).or(limit).or(empty) }</p> }
}
