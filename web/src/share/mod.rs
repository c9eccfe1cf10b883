//! The dialog that shares a run: as a link, in another page, as a picture, as a text.

mod address;
pub mod ask;
mod embed;
mod picture;
mod png;
mod texts;

use crate::browser;
use crate::figure::Showing;
use crate::parts::dialog::Dialog;
use crate::state::snapshot::Snapshot;
use crate::words;
use address::Choice;
use texts::Form;
use yew::prelude::*;

/// A way to share.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Link,
    Question,
    Embed,
    Picture,
    Text,
}

const TABS: [(Tab, &str); 5] = [
    (Tab::Link, words::SHARE_LINK),
    (Tab::Question, words::SHARE_QUESTION),
    (Tab::Embed, words::SHARE_EMBED),
    (Tab::Picture, words::SHARE_PICTURE),
    (Tab::Text, words::SHARE_TEXT),
];

/// The reader's choices in the dialog.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Chosen {
    tab: Tab,
    choice: Choice,
    form: Form,
    /// A sentence about what was done last.
    said: Option<&'static str>,
    copied: bool,
}

/// The inputs of [`Share`].
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The run to share, and where the reader looks.
    pub run: Snapshot,
    /// The figure as it is shown.
    pub shows: Showing,
    /// The form that sets a question, which arrives by itself.
    pub asks: Html,
    /// Whether it opens with the run as a test.
    pub test: bool,
    /// The dialog was closed.
    pub closed: Callback<()>,
}

/// The dialog "Share this run".
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let chosen = use_state(|| Chosen {
        tab: if props.test { Tab::Text } else { Tab::Link },
        choice: Choice::of(&props.run),
        form: if props.test { Form::Test } else { Form::Scenario },
        said: None,
        copied: false,
    });
    let panel = Panel {
        run: &props.run,
        shows: &props.shows,
        asks: &props.asks,
        chosen: *chosen,
        set: chosen.setter(),
        field: use_node_ref(),
    };
    html! {
        <Dialog title={words::SHARE_THIS_RUN} closed={props.closed.clone()}>
            <div class="tabs" role="tablist" aria-label={words::SHARE} onkeydown={panel.on_key()}>
                { for TABS.into_iter().map(|(tab, name)| panel.tab(tab, name)) }
            </div>
            <div id="share-panel" role="tabpanel" aria-labelledby={tab_id(chosen.tab)}>
                { panel.draw() }
                <p class="hint" role="status">{ chosen.said.or(chosen.copied.then_some(words::COPIED_SAID)) }</p>
            </div>
        </Dialog>
    }
}

/// The panel under the tabs, with the reader's choices and the setter that changes them.
struct Panel<'a> {
    run: &'a Snapshot,
    shows: &'a Showing,
    asks: &'a Html,
    chosen: Chosen,
    set: UseStateSetter<Chosen>,
    field: NodeRef,
}

impl Panel<'_> {
    /// Chooses something else; what was said of the last choice goes.
    fn choose<E: 'static>(&self, next: Chosen) -> Callback<E> {
        let set = self.set.clone();
        Callback::from(move |_: E| set.set(Chosen { said: None, copied: false, ..next }))
    }

    fn tab(&self, tab: Tab, name: &'static str) -> Html {
        let selected = self.chosen.tab == tab;
        html! {
            <button
                type="button" role="tab" id={tab_id(tab)} aria-selected={selected.to_string()}
                aria-controls="share-panel" tabindex={if selected { "0" } else { "-1" }}
                onclick={self.choose(Chosen { tab, ..self.chosen })}
            >{ name }</button>
        }
    }

    /// Arrow keys, Home and End go from tab to tab, as in every list of tabs.
    fn on_key(&self) -> Callback<KeyboardEvent> {
        let (chosen, set) = (self.chosen, self.set.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (here, last) = (chosen.tab as usize, TABS.len() - 1);
            let to = match event.key().as_str() {
                "ArrowRight" => (here + 1) % TABS.len(),
                "ArrowLeft" => (here + last) % TABS.len(),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            set.set(Chosen { tab: TABS[to].0, said: None, copied: false, ..chosen });
            browser::focus_on(tab_id(TABS[to].0));
        })
    }

    fn draw(&self) -> Html {
        match self.chosen.tab {
            Tab::Link => self.link(),
            Tab::Question => self.asks.clone(),
            Tab::Embed => self.embed(),
            Tab::Picture => self.picture(),
            Tab::Text => self.text(),
        }
    }

    fn link(&self) -> Html {
        let choice = &self.chosen.choice;
        let fragment = address::fragment(self.run, choice, false);
        let moves = if choice.bare { 0 } else { self.run.scenario().moves.len() };
        let length = words::link_length(fragment.len() + 1, moves);
        let link = browser::address() + "#" + &fragment;
        let field = self.field(link, Rows::One, words::SHARE_LINK);
        html! { <>{ field }{ hint(length) }{ self.where_to_look() }{ self.without_moves() }</> }
    }

    fn picture(&self) -> Html {
        let (svg, png) = (self.save(picture::save_svg), self.save(picture::save_png));
        html! { <>
            { hint(words::PICTURE_HINT.to_owned()) }
            <div class="btns">{ button(words::DOWNLOAD_SVG, svg) }{ button(words::DOWNLOAD_PNG, png) }</div>
        </> }
    }

    /// Saves the figure, and says so if that cannot be done.
    fn save(&self, save: fn(&Snapshot, &Showing, Callback<bool>)) -> Callback<MouseEvent> {
        let (run, shows) = (self.run.clone(), self.shows.clone());
        let (chosen, set) = (self.chosen, self.set.clone());
        Callback::from(move |_: MouseEvent| {
            let set = set.clone();
            let done = move |done: bool| set.set(Chosen { said: (!done).then_some(words::NO_PICTURE), ..chosen });
            save(&run, &shows, Callback::from(done));
        })
    }

    fn text(&self) -> Html {
        let form = self.chosen.form;
        let forms = texts::FORMS.into_iter();
        let forms = forms.map(|(each, name)| {
            self.input("radio", "form", name.to_owned(), each == form, Chosen { form: each, ..self.chosen })
        });
        html! { <>
            <div class="forms" role="radiogroup" aria-label={words::SHARE_TEXT}>{ for forms }</div>
            { match form.write(&self.run.trace, self.chosen.choice.bare) {
                Ok(text) => self.written(form, text),
                Err(too_long) => hint(words::too_long_for_mermaid(too_long.messages)),
            } }
        </> }
    }

    fn written(&self, form: Form, text: String) -> Html {
        let file = address::file_name(self.run.scenario(), form.ending());
        let said = form.hint(text.len()).to_owned();
        let save = {
            let text = text.clone();
            Callback::from(move |_: MouseEvent| browser::download(&file, "text/plain", text.as_bytes()))
        };
        html! { <>
            { self.field(text, Rows::Many, words::SHARE_TEXT) }
            { hint(said) }
            if form == Form::Scenario { { self.without_moves() } }
            <div class="btns">{ button(words::DOWNLOAD, save) }</div>
        </> }
    }

    /// A text to copy. Where the clipboard is not allowed, the text is selected instead.
    fn field(&self, value: String, rows: Rows, name: &'static str) -> Html {
        let (chosen, set, field, text) = (self.chosen, self.set.clone(), self.field.clone(), value.clone());
        let copy = Callback::from(move |_: MouseEvent| {
            let (set, field) = (set.clone(), field.clone());
            let done = Callback::from(move |copied: bool| {
                if !copied {
                    browser::select_all(&field);
                }
                set.set(Chosen { copied, said: (!copied).then_some(words::COPY_YOURSELF), ..chosen });
            });
            browser::copy(&text, done);
        });
        let (class, rows, wrap) = match rows {
            Rows::One => ("field", "1", "off"),
            Rows::Wrapped => ("field many", "5", "soft"),
            Rows::Many => ("field many", "10", "off"),
        };
        let done = if self.chosen.copied { words::COPIED } else { words::COPY };
        html! {
            <div {class}>
                <textarea ref={&self.field} readonly=true {rows} {wrap} aria-label={name} {value} />
                <button type="button" class="btn main" onclick={copy}>{ done }</button>
            </div>
        }
    }

    fn option(&self, name: String, checked: bool, choice: Choice) -> Html {
        self.input("checkbox", "share", name, checked, Chosen { choice, ..self.chosen })
    }

    fn input(&self, kind: &'static str, group: &'static str, name: String, checked: bool, next: Chosen) -> Html {
        let onchange = self.choose(next);
        html! { <label class="opt"><input type={kind} name={group} {checked} {onchange} />{ name }</label> }
    }

    fn where_to_look(&self) -> Html {
        let choice = self.chosen.choice;
        let name = address::where_to_look(self.run);
        name.map_or_else(Html::default, |name| self.option(name, choice.look, Choice { look: !choice.look, ..choice }))
    }

    fn without_moves(&self) -> Html {
        if self.run.scenario().moves.is_empty() {
            return Html::default();
        }
        let choice = self.chosen.choice;
        self.option(words::WITHOUT_MOVES.to_owned(), choice.bare, Choice { bare: !choice.bare, ..choice })
    }
}

/// How much of a text is shown, and whether its lines are broken.
#[derive(Clone, Copy)]
enum Rows {
    One,
    Wrapped,
    Many,
}

fn hint(said: String) -> Html {
    html! { <p class="hint">{ said }</p> }
}

fn button(name: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="btn line" {onclick}>{ name }</button> }
}

fn tab_id(tab: Tab) -> &'static str {
    ["share-link", "share-question", "share-embed", "share-picture", "share-text"][tab as usize]
}
