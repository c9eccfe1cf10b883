//! A run on the page: header, title, tools, the figure, verdicts, margin, transport.

use crate::figure::{Explain, Figure, Pair, Showing};
use crate::pages::deeds::{hears, search, use_sight};
use crate::pages::embed::{EmbedProps, embed};
use crate::pages::late::{self, AroundPart, EditPart, Part};
use crate::pages::room::room;
use crate::pages::shortcuts::{Keys, use_keys};
use crate::pages::shown::{ExplorerProps, Runs, Shown, edit};
use crate::panels::edit::EditProps;
use crate::panels::header::{HeaderProps, Place, header};
use crate::panels::menu::Commands;
use crate::panels::notice::{NoticeProps, notice};
use crate::panels::player::use_player;
use crate::panels::tools::{self, ToolsProps, tools};
use crate::panels::transport::{TransportProps, transport};
use crate::panels::verdicts::{both, verdict_line, verdicts};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::search::use_search;
use crate::share::ShareProps;
use crate::state::beside::{self, Beside};
use crate::state::options::Embed;
use crate::state::page::PageAction;
use crate::state::run::Action;
use crate::state::session::{Open, Preview, Session, SessionAction};
use crate::state::signs::Told;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::Time;
use lightcone_engine::run::trace::Ending;
use lightcone_figure::draw::Parting;
use lightcone_figure::plane::geometry::Stands;
use lightcone_figure::read::changes;
use lightcone_figure::read::views::same_views;
use std::rc::Rc;
use yew::prelude::*;

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
        choose: late::parts().around.map(|part| part.choose),
    });
    let on_sign = on_sign(props, &tell);
    let below =
        (*use_memo(dispatch.clone(), |dispatch| dispatch.reform(|action| Action::Below(Box::new(action))))).clone();
    let hear = use_memo((run.clone(), dispatch.clone(), tell.clone()), |(run, dispatch, tell)| {
        [false, true].map(|below| hears(run, below, dispatch, tell))
    });
    let shows = (*use_memo((), |()| Showing::default())).clone();
    let view = Shown::of(
        props,
        &session,
        shows,
        tell,
        [dispatch, below],
        play,
        search,
        late::parts().search.map(|part| &part.draws),
    );
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

impl Shown<'_> {
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
                if session.open == Open::Keys { { self.around(|part| (part.keys)(self)) } }
            </div>
        }
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

    /// The figure, or the events as a table, and the verdicts.
    fn stage(&self, figures: Html) -> Html {
        let Shown { run, session, .. } = self;
        let stays = (session.glance.is_some() || run.compares).then_some("glance");
        let beside = self.props.run.beside.as_ref();
        let room = if beside.is_some() { Some("two") } else { room(&run.trace) };
        html! {
            <div class="stage">
                <div class={classes!("figure", room, stays)}>
                    if session.listing {
                        { self.around(|part| (part.list)(self)) }
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

    /// What stands beside the figure.
    fn side(&self) -> Html {
        if let Some(search) = self.searched().filter(|_| self.run.choice().is_none()) {
            return late::with(Part::Search, late::parts().search, &self.arrived(), |part| {
                memo(search, part.draws.panel)
            });
        }
        match late::parts().around {
            Some(part) => (part.side)(self),
            None => {
                html! { <aside class="margin" aria-label={words::NOTES}>{ self.around(|_| Html::default()) }</aside> }
            }
        }
    }

    /// A drawing of what stands around the figure.
    fn around(&self, draw: impl FnOnce(&AroundPart) -> Html) -> Html {
        late::with(Part::Around, late::parts().around, &self.arrived(), draw)
    }

    fn foot(&self) -> Html {
        let Shown { run, session, .. } = self;
        let step = self.tell.reform(|()| SessionAction::Step);
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
        let sheet = || match late::parts().around {
            Some(part) => (part.sheet)(self),
            None => {
                html! { <section class="sheet" aria-label={words::SHEET}>{ self.around(|_| Html::default()) }</section> }
            }
        };
        html! { <div class="foot">if run.base.is_none() { { sheet() } }{ memo(transport_of, transport) }</div> }
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
