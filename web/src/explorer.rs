//! A run on the page: header, title, tools, the figure, verdicts, margin, transport.

use crate::browser::{self, Press};
use crate::diagram::clients::has_view;
use crate::diagram::{Figure, Preview, Snapshot};
use crate::embed::{EmbedProps, embed};
use crate::header::{HeaderProps, Place, header};
use crate::kept::part;
use crate::library;
use crate::list::{ListProps, list};
use crate::margin::{MarginProps, Note, margin};
use crate::menu::Commands;
use crate::notice::{NoticeProps, notice};
use crate::options::Embed;
use crate::page::{Said, Turn};
use crate::playback::{self, NORMAL, use_player};
use crate::same::Same;
use crate::share::{Dialog, Share};
use crate::sheet::{SheetProps, sheet};
use crate::steps::{self, StepsProps, steps};
use crate::store::{Action, SHORTEST_WINDOW_MICROS, State, Window};
use crate::tools::{self, ToolsProps, tools};
use crate::transport::{TransportProps, transport};
use crate::verdicts::{VerdictsProps, verdict_line, verdicts};
use crate::words;
use lightcone::trace::Ending;
use lightcone::{Time, Trace};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// What [`Explorer`] is given.
#[derive(Properties, PartialEq)]
pub struct ExplorerProps {
    /// The page's state.
    pub run: Snapshot,
    /// What there is to say about a link.
    pub notice: Option<Said>,
    /// How the figure behaves if the page is a part of another.
    pub embed: Option<Embed>,
    /// Where turns of the page go.
    pub turn: Callback<Turn>,
}

/// Which dialog is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Share,
    Keys,
}

/// A run on the page.
#[component]
pub fn Explorer(props: &ExplorerProps) -> Html {
    let run = &props.run;
    let open = use_state(|| Open::Nothing);
    let (playing, speed, stepping) = (use_state(|| false), use_state(|| NORMAL), use_state(|| false));
    let (preview, note_open) = (use_state(|| None::<Preview>), use_state(|| None::<Note>));
    let dispatch = use_memo(props.turn.clone(), |turn| turn.reform(Turn::Run));
    let dispatch = (*dispatch).clone();

    let stopped = setter(&playing, |()| false);
    let (seen, started) = (use_state(|| true), use_state(|| false));
    use_sight(props.embed, &seen, &started, &playing);
    use_player(run, *playing && *seen, *speed, &dispatch, &stopped);
    let play = use_play(run, &playing, &started, &dispatch);
    let step = {
        let stepping = stepping.clone();
        Callback::from(move |()| stepping.set(!*stepping))
    };
    let (listing, single) = (use_state(|| false), use_state(|| true));
    let as_list = {
        let listing = listing.clone();
        Callback::from(move |()| listing.set(!*listing))
    };
    use_keys(
        run,
        &dispatch,
        Keys {
            play: play.clone(),
            step: step.clone(),
            help: setter(&open, |()| Open::Keys),
            list: as_list.clone(),
            single: *single,
            stepping: *stepping,
            embedded: props.embed.is_some(),
        },
    );
    let on_preview = {
        let preview = preview.clone();
        use_callback((), move |held: Option<Preview>, ()| preview.set(held))
    };

    let held = preview.as_ref();
    let trace = Same(held.map_or_else(|| run.trace.clone(), |held| held.trace.clone()));
    let before = held.map(|held| held.before.clone()).or_else(|| run.ghost.clone()).map(Same);
    let held_message = held.map(|held| held.held);
    let at = held.map_or(run.cursor, |held| held.arrives.min(trace.horizon()));
    let specification = run.trace.specification();
    let (title, note) = library::caption(run.scenario());
    let closed = setter(&open, |()| Open::Nothing);

    let poster = props.embed.is_some_and(|embed| embed.poster) && !*started;
    let glance = use_state(|| None::<Same<Trace>>);
    let on_glance = {
        let glance = glance.clone();
        use_callback((), move |after, ()| glance.set(after))
    };
    let glanced = (*glance).clone().filter(|_| *stepping);
    let state = match &glanced {
        Some(after) => Snapshot(Rc::new(State { ghost: Some(after.0.clone()), ..(*run.0).clone() })),
        None => run.clone(),
    };
    let figure = html! {
        <Figure
            {state}
            dispatch={dispatch.clone()}
            {on_preview}
            interactive={!poster && props.embed.is_none_or(|embed| embed.edit)}
            embedded={props.embed.is_some()}
        />
    };
    if let Some(how) = props.embed {
        let poster = poster.then(|| play.clone());
        return embed(EmbedProps {
            embed: how,
            run,
            trace: &trace,
            at,
            title: &title,
            figure,
            playing: *playing,
            poster,
            play,
            dispatch: &dispatch,
        });
    }

    html! {
        <div class="page">
            { part(HeaderProps { place: Place::Run { id: specification.id, protocol: specification.title, title: title.clone().into() }, children: html! { <Commands
                    has_moves={!run.scenario().moves.is_empty()}
                    turn={props.turn.clone()}
                    share={setter(&open, |()| Open::Share)}
                    list={as_list}
                    listing={*listing}
                    keys={setter(&open, |()| Open::Keys)}
                /> } }, header) }
            if let Some(said) = &props.notice { { part(NoticeProps { said: said.clone(), turn: props.turn.clone() }, notice) } }
            <main class="explorer" data-digest={format!("{:016x}", run.trace.digest)}>
                <div class="title">
                    <h1>{ title }</h1>
                    <p class="about">{ note }</p>
                    { part(VerdictsProps { trace: trace.clone(), before: before.clone(), dispatch: dispatch.clone() }, verdict_line) }
                    { part(ToolsProps { tool: run.tool, can_undo: !run.past.is_empty(), can_redo: !run.future.is_empty(), has_requests: run.trace.lanes().iter().any(|lane| !lane.accepts.is_empty()), dispatch: dispatch.clone() }, tools) }
                </div>
                <div class="stage">
                <div class={classes!("figure", room(run.trace.lanes().len() + usize::from(has_view(&run.trace))), glanced.is_some().then_some("glance"))}>
                    if *listing {
                        { part(ListProps { run: run.clone(), dispatch: dispatch.clone() }, list) }
                    } else {
                        { figure }
                    }
                    { remark(run) }
                </div>
                { part(VerdictsProps { trace: trace.clone(), before: before.clone(), dispatch: dispatch.clone() }, verdicts) }
                </div>
                if *stepping {
                    { part(StepsProps { run: run.clone(), dispatch: dispatch.clone(), glance: on_glance }, steps) }
                } else {
                    { part(MarginProps { run: run.clone(), trace: trace.clone(), before: before.clone(), held: held_message, open: *note_open, dispatch: dispatch.clone() }, margin) }
                }
            </main>
            <div class="foot">
                { sheet(&SheetProps { run, trace: &trace, before, held: held_message, open: *note_open, show: setter(&note_open, |note| note), stepping: *stepping, step: &step, dispatch: &dispatch }) }
                { part(TransportProps { run: run.clone(), trace, at, playing: *playing, speed: *speed, stepping: *stepping, dispatch: dispatch.clone(), play, hurry: setter(&speed, |place| place), step }, transport) }
            </div>
            if *open == Open::Share { <Share run={run.clone()} closed={closed.clone()} /> }
            if *open == Open::Keys { { keys_help(closed, &single) } }
        </div>
    }
}

/// The class that says how much room this many lanes can use, the clients' view being as high as one: what is left goes below the verdicts.
fn room(lanes: usize) -> Option<&'static str> {
    [None, Some("lanes-1"), Some("lanes-2"), Some("lanes-3"), Some("lanes-4"), Some("lanes-5")]
        .get(lanes)
        .copied()
        .flatten()
}

/// A callback that sets a state.
fn setter<In: 'static, T: 'static>(state: &UseStateHandle<T>, to: fn(In) -> T) -> Callback<In> {
    let state = state.clone();
    Callback::from(move |value| state.set(to(value)))
}

/// What the figure cannot show: the tool's use, an empty run, a limit that was met.
fn remark(run: &Snapshot) -> Html {
    let limit = match run.trace.ending {
        Ending::Limit(limit) => Some(limit.to_string()),
        Ending::Horizon | Ending::Quiet => None,
    };
    let empty = run.trace.messages.is_empty().then(|| words::EMPTY.to_owned());
    let said = tools::hint(run.tool).map(str::to_owned).or(limit).or(empty);
    html! { <p class="remark" role="status">{ said }</p> }
}

/// Starts and stops playing. From the end it starts again from the beginning.
#[hook]
fn use_play(
    run: &Snapshot,
    playing: &UseStateHandle<bool>,
    started: &UseStateHandle<bool>,
    dispatch: &Callback<Action>,
) -> Callback<()> {
    let (run, playing, started, dispatch) = (run.clone(), playing.clone(), started.clone(), dispatch.clone());
    Callback::from(move |()| {
        started.set(true);
        if !*playing && run.cursor >= run.trace.horizon() {
            dispatch.emit(Action::Look(Time::ZERO));
        }
        playing.set(!*playing);
    })
}

/// Watches whether an embedded figure can be seen: it plays only then, and starts by itself if it is to.
#[hook]
fn use_sight(
    embed: Option<Embed>,
    seen: &UseStateHandle<bool>,
    started: &UseStateHandle<bool>,
    playing: &UseStateHandle<bool>,
) {
    let (seen, started, playing) = (seen.clone(), started.clone(), playing.clone());
    use_effect_with(embed, move |embed| {
        let waits = Cell::new(embed.is_some_and(|embed| embed.autoplay && !embed.poster) && !browser::reduced_motion());
        let sight = embed.and_then(|embed| {
            if let Some(theme) = embed.theme {
                browser::set_theme(theme.name());
            }
            browser::on_sight(Callback::from(move |now| {
                seen.set(now);
                if now && waits.take() {
                    started.set(true);
                    playing.set(true);
                }
            }))
        });
        move || drop(sight)
    });
}

/// What keys do that are not about the run itself.
struct Keys {
    play: Callback<()>,
    step: Callback<()>,
    help: Callback<()>,
    list: Callback<()>,
    /// Whether keys without Ctrl do anything.
    single: bool,
    stepping: bool,
    embedded: bool,
}

/// Hears the keys that work everywhere. The figure's own keys come first: it takes them.
#[hook]
fn use_keys(run: &Snapshot, dispatch: &Callback<Action>, keys: Keys) {
    // One listener for the page's life, which asks for the latest of all this.
    let latest = use_mut_ref(|| None);
    latest.replace(Some((run.clone(), dispatch.clone(), keys)));
    use_effect_with((), move |()| {
        let listener = browser::on_key(Callback::from(move |press: Press| {
            if let Some((run, dispatch, keys)) = latest.borrow().as_ref()
                && answer(&press, run, dispatch, keys)
            {
                press.take();
            }
        }));
        move || drop(listener)
    });
}

/// Does what the key says; false if it says nothing here.
fn answer(press: &Press, run: &Snapshot, dispatch: &Callback<Action>, keys: &Keys) -> bool {
    if press.typing {
        return false;
    }
    if press.command {
        match (press.key.to_ascii_lowercase().as_str(), press.shift) {
            ("z", false) => dispatch.emit(Action::Undo),
            ("z", true) | ("y", false) => dispatch.emit(Action::Redo),
            _ => return false,
        }
        return true;
    }
    if !keys.single {
        return false;
    }
    match press.key.as_str() {
        "l" | "L" if !keys.embedded => keys.list.emit(()),
        " " if !press.presses => keys.play.emit(()),
        "Home" => dispatch.emit(Action::Look(Time::ZERO)),
        "End" => dispatch.emit(Action::Look(run.trace.horizon())),
        "j" | "J" => return look(run, dispatch, playback::next_violation(&run.trace, run.cursor)),
        "s" | "S" if !keys.embedded => keys.step.emit(()),
        "Escape" if keys.embedded => browser::leave(),
        "?" if !keys.embedded => keys.help.emit(()),
        "+" | "=" => dispatch.emit(Action::Show(zoomed(run, 0.5))),
        "-" | "−" => dispatch.emit(Action::Show(zoomed(run, 2.0))),
        "0" => dispatch.emit(Action::Show(Window { from: Time::ZERO, to: run.trace.horizon() })),
        digit if keys.stepping => return choose(digit, run, dispatch),
        _ => return false,
    }
    true
}

fn look(run: &Snapshot, dispatch: &Callback<Action>, to: Option<Time>) -> bool {
    // After the last violation comes the first.
    let to = to.or_else(|| playback::violations(&run.trace).min());
    to.is_some_and(|to| {
        dispatch.emit(Action::Look(to));
        true
    })
}

/// Step mode: a digit takes the choice of that number.
fn choose(digit: &str, run: &Snapshot, dispatch: &Callback<Action>) -> bool {
    let Some(place) = digit.parse::<usize>().ok().filter(|digit| (1..=9).contains(digit)) else { return false };
    let choices = steps::choices(&run.trace, run.cursor);
    choices.get(place - 1).is_some_and(|choice| {
        steps::take(dispatch, choice);
        true
    })
}

/// The window made narrower or wider around the cursor, or around its middle if the cursor is outside.
fn zoomed(run: &Snapshot, factor: f64) -> Window {
    let Window { from, to } = run.window;
    let width = to.since(from);
    let new = ((width as f64 * factor) as u64).max(SHORTEST_WINDOW_MICROS);
    let inside = (from..=to).contains(&run.cursor);
    let fixed = if inside { run.cursor } else { from.after(width / 2) };
    let before = (fixed.since(from) as f64 * new as f64 / width.max(1) as f64) as u64;
    let start = Time::from_micros(fixed.micros().saturating_sub(before));
    Window { from: start, to: start.after(new) }
}

fn keys_help(closed: Callback<()>, single: &UseStateHandle<bool>) -> Html {
    let toggle = {
        let single = single.clone();
        Callback::from(move |_: MouseEvent| single.set(!*single))
    };
    let group = |keys: &'static [(&'static [&'static str], &'static str)]| {
        html! {
            <dl class="key-list">{ for keys.iter().map(|(keys, does)| html! {
                <><dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }</dt><dd>{ *does }</dd></>
            }) }</dl>
        }
    };
    html! {
        <Dialog title={words::KEYS_TITLE} {closed}>
            <h3>{ words::KEYS_EVERYWHERE }</h3>
            { group(words::EVERYWHERE) }
            <label class="opt"><input type="checkbox" checked={**single} onclick={toggle} />{ words::SINGLE_KEYS }</label>
            <h3>{ words::KEYS_MOMENT }</h3>
            { group(words::FOR_A_MOMENT) }
            <h3>{ words::KEYS_MESSAGE }</h3>
            { group(words::FOR_A_MESSAGE) }
            <h3>{ words::KEYS_LANE }</h3>
            { group(words::FOR_A_LANE) }
        </Dialog>
    }
}
