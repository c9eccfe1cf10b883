//! A run on the page: header, title, tools, the figure, verdicts, margin, transport.

use crate::figure::{Explain, Figure, Pair, Showing};
use crate::pages::deeds::{chosen_for, edit, hears, search, use_sight};
use crate::pages::embed::{EmbedProps, embed};
use crate::pages::late::{self, EditPart, Part};
use crate::pages::room::room;
use crate::pages::shortcuts::{Keys, keys_help, use_keys};
use crate::panels::cut::{CutProps, cut};
use crate::panels::edit::EditProps;
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::list::{ListProps, list};
use crate::panels::margin::{MarginProps, PairProps, Two, margin};
use crate::panels::menu::Commands;
use crate::panels::notice::{NoticeProps, notice};
use crate::panels::player::use_player;
use crate::panels::search::PanelProps;
use crate::panels::sheet::{SheetProps, sheet};
use crate::panels::steps::{StepsProps, steps};
use crate::panels::tools::{self, ToolsProps, tools};
use crate::panels::transport::{TransportProps, transport};
use crate::panels::verdicts::{BothProps, VerdictsProps, both, verdict_line, verdicts};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::search::use_search;
use crate::share::ShareProps;
use crate::state::beside::{self, Beside};
use crate::state::caption::caption_of;
use crate::state::options::Embed;
use crate::state::page::{PageAction, Said};
use crate::state::run::{Action, Selection, State};
use crate::state::session::{Open, Preview, Session, SessionAction};
use crate::state::signs::{Known, Told};
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::id::MessageId;
use lightcone_engine::run::trace::Ending;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::Parting;
use lightcone_figure::plane::geometry::Stands;
use lightcone_figure::read::changes;
use lightcone_figure::read::views::same_views;
use lightcone_search::Target;
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
    /// The signs that were explained.
    pub known: Known,
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
    let search = search(run, &session, &tell, &dispatch, &props.act);
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
    let on_sign = on_sign(props, &tell);
    let below =
        (*use_memo(dispatch.clone(), |dispatch| dispatch.reform(|action| Action::Below(Box::new(action))))).clone();
    let hear = use_memo((run.clone(), dispatch.clone(), tell.clone()), |(run, dispatch, tell)| {
        [false, true].map(|below| hears(run, below, dispatch, tell))
    });
    let shows = (*use_memo((), |()| Showing::default())).clone();
    let view = Shown::of(props, &session, shows, tell, [dispatch, below], play, search);
    let figures = view.figures(&hear, &on_sign);
    match props.embed {
        Some(how) => view.embedded(how, figures),
        None => view.page(figures),
    }
}

/// Explains a sign when it is pressed for the first time, or when the reader asks.
fn on_sign(props: &ExplorerProps, tell: &Callback<SessionAction>) -> Explain {
    let (known, act, tell) = (props.known, props.act.clone(), tell.clone());
    Callback::from(move |(told, asked): (Option<Rc<Told>>, bool)| {
        let sign = told.as_ref().map(|told| told.found.sign);
        let new = sign.filter(|sign| asked || !(sign.is_quiet() || known.has(*sign)));
        new.into_iter().for_each(|sign| act.emit(PageAction::Know(sign)));
        tell.emit(SessionAction::Explain(told.filter(|_| new.is_some())));
    })
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

/// The run, or the run that would follow if the reader let go of the message in the hand. Of two runs, the one that the
/// notes tell of.
struct Shown<'a> {
    props: &'a ExplorerProps,
    run: Snapshot,
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
    /// Called with actions in the upper run, and in the lower run of a comparison.
    both: [Callback<Action>; 2],
    play: Callback<()>,
    search: Callback<Option<Target>>,
}

impl<'a> Shown<'a> {
    fn of(
        props: &'a ExplorerProps,
        session: &'a Session,
        shows: Showing,
        tell: Callback<SessionAction>,
        both: [Callback<Action>; 2],
        play: Callback<()>,
        search: Callback<Option<Target>>,
    ) -> Shown<'a> {
        let run = Snapshot(props.run.0.heeded());
        let below = props.run.beside.as_ref().is_some_and(|beside| beside.heeded);
        let held = if below { &session.preview_below } else { &session.preview };
        let held = held.as_ref();
        let answer = held.map(|held| &held.trace).or(run.answer());
        let trace = ByPointer(answer.unwrap_or(&run.trace).clone());
        let tried = run.answer().map(|_| run.trace.clone());
        let (title, note) = caption_of(&props.run);
        Shown {
            props,
            session,
            before: held.map(|held| held.before.clone()).or(tried).or_else(|| run.ghost.clone()).map(ByPointer),
            held: held.map(|held| held.held),
            at: held.map_or(run.cursor, |held| held.arrives.min(trace.horizon())),
            trace,
            title,
            note,
            shows,
            tell,
            dispatch: both[usize::from(below)].clone(),
            both,
            play,
            search,
            run,
        }
    }

    /// The figure, or the two of a comparison.
    fn figures(&self, hear: &[Callback<Option<Preview>>; 2], on_sign: &Explain) -> Html {
        let [on_preview, on_preview_below] = hear.clone();
        let Some(beside) = &self.props.run.beside else {
            return self.figure(self.state_with_glance(), 0, (on_preview, on_sign), None);
        };
        let both = self.two(beside);
        let [above, below] = both.traces();
        let parts = changes::first_difference(above, below);
        let names = beside::names(self.props.run.scenario(), &beside.settings);
        let alike = same_views(above, below);
        let figure = |place: usize, state: Snapshot, on_preview| {
            let stands = [Stands::Above, Stands::Below][place];
            let parting = parts.map(|at| Parting { at, repeats: place == 1 });
            let alike = alike.iter().map(|nodes| nodes[place]).collect();
            let pair =
                Pair { stands, name: names[place].clone().into(), parting, twin: both.held(place).cloned(), alike };
            let missing = both.held(place).is_some_and(|held| !held.finds_it());
            html! {
                <section class={["run above", "run below"][place]} aria-label={names[place].clone()}>
                    <div class="run-head">
                        <h2>{ &names[place] }</h2>
                        { memo(both.verdicts(place), verdict_line) }
                        if missing { <span class="hand">{ words::NO_SUCH_MESSAGE }</span> }
                    </div>
                    { self.figure(state, place, (on_preview, on_sign), Some(pair)) }
                </section>
            }
        };
        html! {
            <div class="pair" data-heeds={if beside.heeded { "below" } else { "above" }}>
                { self.switch(beside, &names, &both) }
                { figure(0, self.props.run.clone(), on_preview) }
                { figure(1, Snapshot(beside.below.clone()), on_preview_below) }
            </div>
        }
    }

    fn figure(
        &self,
        state: Snapshot,
        place: usize,
        (on_preview, on_sign): (Callback<Option<Preview>>, &Explain),
        pair: Option<Pair>,
    ) -> Html {
        let dispatch = self.both[place].clone();
        let interactive = self.props.embed.is_none_or(|how| how.edit && !self.waits(how));
        let shows = (place == 0 && self.props.embed.is_none()).then(|| self.shows.clone());
        let embedded = self.props.embed.is_some();
        // Of two runs, neither explains signs: a note would lie over the other.
        let alone = pair.is_none() && !embedded;
        let (sign, on_sign) = (self.session.sign.clone().filter(|_| alone), alone.then(|| on_sign.clone()));
        html! { <Figure {state} {dispatch} {on_preview} {interactive} {shows} {embedded} {pair} {sign} {on_sign} whole={!embedded} /> }
    }

    /// What a choice in step mode would come to is shown as a ghost is.
    fn state_with_glance(&self) -> Snapshot {
        match &self.session.glance {
            Some(after) => Snapshot(Rc::new(State { ghost: Some(after.0.clone()), ..(*self.run.0).clone() })),
            None => self.run.clone(),
        }
    }

    /// Which of the two runs a narrow screen shows.
    fn switch(&self, beside: &Beside, names: &[String; 2], both: &Runs<'_>) -> Html {
        let button = |place: usize| {
            let below = place == 1;
            let sign = if both.traces()[place].first_violation().is_some() { Icon::Broken } else { Icon::Tick };
            let onclick = self.both[0].reform(move |_: MouseEvent| Action::Heed(below));
            html! {
                <button type="button" aria-pressed={(beside.heeded == below).to_string()} {onclick}>{ icon(sign) }{ &names[place] }</button>
            }
        };
        html! { <div class="seg" role="group" aria-label={words::WHICH_RUN}>{ button(0) }{ button(1) }</div> }
    }

    fn two(&self, beside: &'a Beside) -> Runs<'a> {
        let held = [&self.session.preview, &self.session.preview_below].map(Option::as_ref);
        Runs { states: [&self.props.run.0, &beside.below], held, both: self.both.clone() }
    }

    fn waits(&self, how: Embed) -> bool {
        how.poster && !self.session.started
    }

    fn embedded(&self, how: Embed, figure: Html) -> Html {
        let waits = self.waits(how);
        embed(EmbedProps {
            embed: how,
            run: &self.run,
            whole: &self.props.run,
            trace: &self.trace,
            at: self.at,
            title: &self.title,
            figure,
            playing: self.session.playing,
            poster: waits.then(|| self.play.clone()),
            play: self.play.clone(),
            dispatch: &self.dispatch,
        })
    }

    fn page(&self, figures: Html) -> Html {
        let Shown { props, session, .. } = self;
        let run = &props.run;
        let close = self.tell.reform(|()| SessionAction::Open(Open::Nothing));
        let edits = self.edits();
        let said = props.notice.clone().map(|said| memo(NoticeProps { said, act: props.act.clone() }, notice));
        html! {
            <div class="page">
                { self.header() }
                { said }
                <main class={classes!("explorer", edits.as_ref().map(|_| "editing"))} data-digest={format!("{:016x}", run.trace.digest)}>
                    if let Some(edits) = edits {
                        { late::with(Part::Edit, late::parts().edit, &self.arrived(), |part| self.editor(part, edits, figures)) }
                    } else {
                        { self.title() }
                        { self.stage(figures) }
                        { self.side() }
                    }
                </main>
                { self.foot() }
                if matches!(session.open, Open::Share | Open::Test) {
                    { late::with(Part::Share, late::parts().share, &self.arrived(), |share| share(ShareProps {
                        run: run.clone(), shows: self.shows.clone(), test: session.open == Open::Test, closed: close,
                    })) }
                }
                if session.open == Open::Keys { { keys_help(session, &self.tell) } }
            </div>
        }
    }

    /// A part of the page has arrived: all is drawn again.
    fn arrived(&self) -> Callback<()> {
        self.tell.reform(|()| SessionAction::Arrived)
    }

    /// The run while it is edited.
    fn editor(&self, part: &EditPart, edits: EditProps, figures: Html) -> Html {
        html! { <>
            { memo(edits.clone(), part.fields) }
            { memo(edits.clone(), part.settings) }
            { self.stage(figures) }
            { memo(edits.clone(), part.form) }
            { (part.source)(edits) }
        </> }
    }

    /// What the editor shows, while it is open.
    fn edits(&self) -> Option<EditProps> {
        self.run.base.as_ref().map(|_| EditProps { run: self.props.run.clone(), dispatch: self.both[0].clone() })
    }

    fn header(&self) -> Html {
        let run = &self.props.run;
        let specification = self.run.trace.specification();
        let (id, protocol, title) = (specification.id, specification.title, self.title.clone().into());
        let share = self.tell.reform(|()| SessionAction::Open(Open::Share));
        let edits = self.edits();
        let editing = edits.is_some();
        let commands = edits.zip(late::parts().edit).map(|(edits, part)| (part.commands)(&edits, share.clone()));
        let commands = commands.unwrap_or_else(|| {
            html! {
                <Commands
                    edit={edit(run, &self.both[0])}
                    search={run.beside.is_none().then(|| self.search.clone())}
                    close={run.beside.as_ref().map(|_| self.both[0].reform(|()| Action::Beside(Vec::new())))}
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
        let run = &self.run;
        let note = match &self.props.run.beside {
            Some(beside) => beside::in_words(self.props.run.scenario(), &beside.settings),
            None => self.note.clone(),
        };
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
                <p class="about">{ note }</p>
                if self.props.run.beside.is_none() { { memo(self.verdicts(), verdict_line) } }
                { memo(tools_of, tools) }
            </div>
        }
    }

    fn verdicts(&self) -> VerdictsProps {
        let (trace, before, steps) = (self.trace.clone(), self.before.clone(), self.run.steps);
        VerdictsProps { trace, before, steps, stands: None, dispatch: self.dispatch.clone() }
    }

    /// The figure, or the events as a table, and the verdicts.
    fn stage(&self, figures: Html) -> Html {
        let Shown { run, session, .. } = self;
        let stays = (session.glance.is_some() || run.compares).then_some("glance");
        let beside = self.props.run.beside.as_ref();
        let room = if beside.is_some() { Some("two") } else { room(&run.trace) };
        let dispatch = self.dispatch.clone();
        html! {
            <div class="stage">
                <div class={classes!("figure", room, stays)}>
                    if session.listing {
                        { memo(ListProps { run: run.clone(), dispatch }, list) }
                    } else {
                        { figures }
                    }
                    { remark(run) }
                </div>
                if let Some(beside) = beside {
                    { memo(self.two(beside).all_verdicts(), both) }
                } else {
                    { memo(self.verdicts(), verdicts) }
                }
            </div>
        }
    }

    /// The search that the margin is about: any, while nothing is selected or in the hand.
    fn searched(&self) -> Option<PanelProps> {
        let job = self.session.search.clone()?;
        let alone = self.props.run.beside.is_none();
        let free = alone && self.run.selection == Selection::Nothing && self.held.is_none() && !self.session.stepping;
        free.then(|| PanelProps {
            job,
            run: self.run.clone(),
            chosen: chosen_for(&self.run, self.session.bounds),
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
            return late::with(Part::Search, late::parts().search, &self.arrived(), |part| {
                memo(search, part.draws.panel)
            });
        }
        let (trace, before) = (self.trace.clone(), self.before.clone());
        let search = self.session.search.is_some() && self.props.run.beside.is_none();
        let pair = self.props.run.beside.as_ref().map(|beside| Two {
            above: self.props.run.clone(),
            runs: self.two(beside).notes(),
            stands: if beside.heeded { words::BELOW } else { words::ABOVE },
        });
        memo(
            MarginProps { run, trace, before, held: self.held, open: self.session.note, search, dispatch, pair },
            margin,
        )
    }

    fn foot(&self) -> Html {
        let Shown { run, session, .. } = self;
        let step = self.tell.reform(|()| SessionAction::Step);
        let sheet = sheet(&SheetProps {
            run,
            alone: self.props.run.beside.is_none(),
            trace: &self.trace,
            before: self.before.clone(),
            held: self.held,
            open: session.note,
            sign: session.sign.as_deref(),
            got: self.tell.reform(|()| SessionAction::Explain(None)),
            cut: self.choice(),
            search: self.searched(),
            draws: late::parts().search.map(|part| &part.draws),
            show: self.tell.reform(SessionAction::Note),
            stepping: session.stepping,
            step: &step,
            edit: edit(run, &self.dispatch),
            dispatch: &self.dispatch,
        });
        let transport_of = TransportProps {
            run: run.clone(),
            trace: self.trace.clone(),
            at: self.at,
            playing: session.playing,
            speed: session.speed,
            stepping: session.stepping,
            alone: self.props.run.beside.is_none(),
            dispatch: self.dispatch.clone(),
            play: self.play.clone(),
            hurry: self.tell.reform(SessionAction::Hurry),
            step,
        };
        let sheet = if run.base.is_some() { Html::default() } else { sheet };
        html! { <div class="foot">{ sheet }{ memo(transport_of, transport) }</div> }
    }
}

/// The two runs of a comparison, the upper one first.
struct Runs<'a> {
    states: [&'a Rc<State>; 2],
    held: [Option<&'a Preview>; 2],
    both: [Callback<Action>; 2],
}

impl<'a> Runs<'a> {
    /// The runs that are shown: the previews, while a message is held.
    fn traces(&self) -> [&'a Rc<Trace>; 2] {
        [0, 1].map(|place| self.held[place].map_or(&self.states[place].trace, |held| &held.trace))
    }

    fn held(&self, place: usize) -> Option<&'a Preview> {
        self.held[place]
    }

    /// A run before the move, if there was one just now.
    fn before(&self, place: usize) -> Option<ByPointer<Trace>> {
        let held = self.held[place].map(|held| held.before.clone());
        held.or_else(|| self.states[place].ghost.clone()).map(ByPointer)
    }

    fn verdicts(&self, place: usize) -> VerdictsProps {
        VerdictsProps {
            trace: ByPointer(self.traces()[place].clone()),
            before: self.before(place),
            steps: self.states[place].steps,
            stands: Some([words::ABOVE, words::BELOW][place]),
            dispatch: self.both[place].clone(),
        }
    }

    fn all_verdicts(&self) -> BothProps {
        BothProps { above: self.verdicts(0), below: self.verdicts(1) }
    }

    fn notes(&self) -> PairProps {
        let before = self.before(0).zip(self.before(1)).map(|(above, below)| [above, below]);
        PairProps { runs: self.traces().map(|trace| ByPointer(trace.clone())), before, dispatch: self.both[0].clone() }
    }
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
