//! The text of the run: a plain field of several lines with marks behind it. A library for code would weigh more than the
//! rest of the page.

use super::EditProps;
use super::marks::{MarksProps, is_begun, marks};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::edit::complete::{Completion, complete};
use crate::state::edit::reading::{Reading, changed};
use crate::state::run::{Action, Selection, Spot, Window};
use crate::{browser, words};
use lightcone_engine::limits::MAX_TEXT_BYTES;
use lightcone_engine::{Edit, Time};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_formats::text::TextError;
use std::rc::Rc;
use yew::prelude::*;

/// The caret, and the list of words beside it.
#[derive(Clone, Copy, Default, PartialEq)]
struct Caret {
    /// The byte of the text at which it stands.
    at: usize,
    /// Whether the field has the keyboard.
    writes: bool,
    /// Whether the words are shown that may stand there.
    open: bool,
    /// The word that is chosen among them.
    chosen: Option<usize>,
}

/// Signs that are hard to reach on the keyboards of phones.
const SIGNS: [&str; 5] = ["at ", "ms ", ">", "#", "| "];

/// The text of the run.
#[component]
pub fn Source(props: &EditProps) -> Html {
    let field = use_node_ref();
    use_effect_with((), |()| browser::focus_on("edit-title"));
    let caret = use_state(Caret::default);
    let text = props.text();
    let base = props.run.base.clone().unwrap_or_else(|| text.clone());
    let at = caret.at.min(text.len());
    let words = caret.open.then(|| complete(&text, at, &props.run.trace, props.run.cursor)).flatten();
    use_effect_with(words.is_some(), |open| {
        if *open {
            browser::show_near("words");
        }
    });
    let hands =
        Hands { props: props.clone(), field: field.clone(), caret: caret.clone(), words: words.clone().map(Rc::new) };
    let line = text.get(..at).map_or(0, |before| before.matches('\n').count());
    let marks_of = MarksProps {
        text: text.clone(),
        base: base.clone(),
        trace: ByPointer(props.run.trace.clone()),
        caret: caret.writes.then_some(line),
        popup: words.clone().map(|words| (words, caret.chosen)),
        take: hands.take(),
    };
    let changed = changed(&base, &text).into_iter().filter(|you| *you).count();
    let here = |error: &TextError| error.line == line as u32 + 1 && !(caret.writes && is_begun(error));
    let wrong = Reading::of(&text).errors.into_iter().find(|error| error.line == 0 || here(error));
    let active = caret.chosen.map(|place| format!("word-{place}"));
    html! {
        <section class="ed" aria-labelledby="as-text">
            <h2 id="as-text">{ words::AS_TEXT }<span>{ words::lines_changed(changed) }</span></h2>
            <div class="source">
                { memo(marks_of, marks) }
                <textarea
                    ref={field} aria-labelledby="as-text" aria-describedby="line-said" aria-autocomplete="list" aria-haspopup="listbox"
                    aria-controls={words.as_ref().map(|_| "words")} aria-activedescendant={active} spellcheck="false"
                    autocapitalize="off" autocomplete="off" maxlength={MAX_TEXT_BYTES.to_string()} value={text.to_string()}
                    oninput={hands.input()} onkeydown={hands.key()} onkeyup={hands.moved()} onclick={hands.moved()}
                    onblur={hands.left()}
                />
            </div>
            <p class="said" id="line-said" role="status">{ wrong.map(|error| error.to_string()) }</p>
            <p class="q under">{ words::TEXT_FOLLOWS }</p>
            { hands.signs() }
        </section>
    }
}

/// What keys and hands do to the text.
struct Hands {
    props: EditProps,
    field: NodeRef,
    caret: UseStateHandle<Caret>,
    words: Option<Rc<Completion>>,
}

impl Hands {
    /// The field has another text now: so has the run.
    fn written(props: &EditProps, field: &NodeRef, caret: &UseStateSetter<Caret>) {
        let (text, at) = (browser::written(field), browser::caret(field));
        let before = text.get(..at).unwrap_or_default();
        let begun = before.rsplit('\n').next().is_some_and(|line| !line.trim().is_empty());
        let line = before.matches('\n').count();
        caret.set(Caret { at, writes: true, open: begun, chosen: None });
        props.dispatch.emit(Action::Write(text.into(), Some(Spot::Line(line))));
    }

    fn input(&self) -> Callback<InputEvent> {
        let (props, field, caret) = (self.props.clone(), self.field.clone(), self.caret.setter());
        Callback::from(move |_| Hands::written(&props, &field, &caret))
    }

    /// Writes the word of this place.
    fn take(&self) -> Callback<usize> {
        let (props, field, caret, words) =
            (self.props.clone(), self.field.clone(), self.caret.setter(), self.words.clone());
        Callback::from(move |place: usize| {
            let Some((item, words)) = words.as_ref().and_then(|words| Some((words.items.get(place)?, words))) else {
                return;
            };
            browser::write(&field, words.from, &format!("{} ", item.word));
            Hands::written(&props, &field, &caret);
        })
    }

    /// The caret went elsewhere: the figure shows what its line is about.
    fn moved<E: 'static>(&self) -> Callback<E> {
        let (props, field, caret) = (self.props.clone(), self.field.clone(), self.caret.clone());
        Callback::from(move |_| {
            let at = browser::caret(&field);
            if at != caret.at || !caret.writes {
                caret.set(Caret { at, writes: true, ..Caret::default() });
                let text = props.text();
                let line = text.get(..at).map_or(0, |before| before.matches('\n').count()) as u32 + 1;
                let edits = Reading::of(&text).edits(&text);
                let about = edits.into_iter().find(|(number, _)| *number == line).and_then(|(_, edit)| subject(&edit));
                if let Some(selection) = about {
                    props.dispatch.emit(Action::Select(selection));
                }
            }
        })
    }

    fn left(&self) -> Callback<FocusEvent> {
        let caret = self.caret.clone();
        Callback::from(move |_| caret.set(Caret { at: caret.at, ..Caret::default() }))
    }

    /// Arrow keys choose among the words, Enter and Tab take the chosen one; without one they do what they always do.
    fn key(&self) -> Callback<KeyboardEvent> {
        let (caret, words, take) = (self.caret.clone(), self.words.clone(), self.take());
        let light = self.light();
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == " " && event.ctrl_key() {
                event.prevent_default();
                return caret.set(Caret { open: true, chosen: None, ..*caret });
            }
            let Some(words) = &words else { return };
            let count = words.items.len();
            let chosen = match (key.as_str(), caret.chosen) {
                ("ArrowDown", chosen) => Some(chosen.map_or(0, |chosen| (chosen + 1) % count)),
                ("ArrowUp", chosen) => Some((chosen.unwrap_or(count) + count - 1) % count),
                ("Enter" | "Tab", Some(chosen)) => {
                    event.prevent_default();
                    return take.emit(chosen);
                }
                ("Escape", _) => None,
                _ => return,
            };
            event.prevent_default();
            caret.set(Caret { chosen, open: chosen.is_some(), ..*caret });
            light.emit(chosen);
        })
    }

    /// Lights what the chosen word names in the figure.
    fn light(&self) -> Callback<Option<usize>> {
        let (props, words) = (self.props.clone(), self.words.clone());
        Callback::from(move |chosen: Option<usize>| {
            let item = chosen.and_then(|chosen| words.as_ref()?.items.get(chosen));
            let Some((selection, at)) = item.and_then(|item| item.lights) else { return };
            props.dispatch.emit(Action::Select(selection));
            let Window { from, to } = props.run.window;
            if at < from || at > to {
                let width = to.since(from);
                let from = Time::from_micros(at.micros().saturating_sub(width / 2));
                props.dispatch.emit(Action::Show(Window { from, to: from.after(width) }));
            }
        })
    }

    /// The signs, undo and done, where there is no room for them elsewhere.
    fn signs(&self) -> Html {
        let dispatch = &self.props.dispatch;
        let sign = |sign: &'static str| {
            let (props, field, caret) = (self.props.clone(), self.field.clone(), self.caret.setter());
            let write = Callback::from(move |_: MouseEvent| {
                browser::write(&field, browser::caret(&field), sign);
                Hands::written(&props, &field, &caret);
            });
            html! { <button type="button" onclick={write}>{ sign.trim() }</button> }
        };
        let stay = Callback::from(|event: MouseEvent| event.prevent_default());
        html! {
            <div class="signs" role="group" aria-label={words::SIGNS} onmousedown={stay}>
                { for SIGNS.into_iter().map(sign) }
                <button type="button" aria-label={words::UNDO} onclick={dispatch.reform(|_: MouseEvent| Action::Undo)}>{ icon(Icon::Undo) }</button>
                <button type="button" onclick={dispatch.reform(|_: MouseEvent| Action::Edit(None))}>{ words::DONE }</button>
            </div>
        }
    }
}

/// What an edit is about, in the figure.
fn subject(edit: &Edit) -> Option<Selection> {
    match *edit {
        Edit::Deliver { message, .. } | Edit::Drop { message } => Some(Selection::Message(message)),
        Edit::Duplicate { copy, .. } => Some(Selection::Message(copy)),
        Edit::Fire { timer, .. } => Some(Selection::Timer(timer)),
        Edit::CrashDuring { .. } | Edit::At { .. } => None,
    }
}
