//! The tab for other pages: every option of an embedded figure as a control, what to copy, and the figure as it will be.

use super::address::{self, Choice, Start};
use super::{Chosen, Panel, Rows, hint};
use crate::state::options::{Colour, Theme};
use crate::{browser, words};
use lightcone_engine::Time;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The pixels that a figure may be high.
const HEIGHTS: (u16, u16) = (160, 4_000);
/// The colours that a page's own begin with: Lightcone's.
const PAPER: &str = "fcfbf8";
const ACCENT: &str = "db5408";

/// Milliseconds as a field takes them.
const MOMENT: &str = r"\d+(\.\d{1,3})?";

impl Panel<'_> {
    pub(super) fn embed(&self) -> Html {
        let choice = self.chosen.choice;
        let page = browser::address();
        let snippet = address::snippet(self.run, &choice, &page);
        let kinds = [(words::AS_ELEMENT, false), (words::AS_FRAME, true)]
            .map(|(name, frame)| (name, Choice { frame, ..choice }));
        html! { <>
            { self.one_of(words::SHARE_EMBED, "kind", &kinds) }
            { self.field(snippet, Rows::Wrapped, words::SHARE_EMBED) }
            { hint(if choice.frame { words::FRAME_HINT } else { words::EMBED_HINT }.to_owned()) }
            { self.behaviour() }
            { self.looks() }
            { self.where_to_look() }
            { self.without_moves() }
            if !choice.frame { { hint(words::BY_HAND_HINT.to_owned()) } }
            { self.preview(&page) }
        </> }
    }

    /// When it begins, and what its reader may do.
    fn behaviour(&self) -> Html {
        let choice = self.chosen.choice;
        let starts = [
            (words::STILL_PICTURE, Start::Pressed),
            (words::STARTS_SEEN, Start::Seen),
            (words::STARTS_PLAYING, Start::Plays),
        ];
        let starts = starts.map(|(name, start)| (name, Choice { start, ..choice }));
        html! { <>
            { self.one_of(words::STARTS, "start", &starts) }
            { self.option(words::READERS_MAY_DRAG.to_owned(), choice.drag, Choice { drag: !choice.drag, ..choice }) }
            { self.option(words::BAR_TO_PLAY.to_owned(), choice.controls, Choice { controls: !choice.controls, ..choice }) }
        </> }
    }

    /// Colours, height, and the stretch that is seen.
    fn looks(&self) -> Html {
        let choice = self.chosen.choice;
        let themes =
            [(words::READERS_COLOURS, None), (words::LIGHT, Some(Theme::Light)), (words::DARK, Some(Theme::Dark))];
        let themes = themes.map(|(name, theme)| (name, Choice { theme, ..choice }));
        let paper = move |paper| Choice { paper, ..choice };
        let accent = move |accent| Choice { accent, ..choice };
        html! { <>
            { self.one_of(words::COLOURS, "theme", &themes) }
            <div class="forms">
                { self.colour(words::OWN_PAPER, choice.paper, PAPER, paper) }
                { self.colour(words::OWN_ACCENT, choice.accent, ACCENT, accent) }
                { self.height() }
            </div>
            <div class="forms">
                { self.moment(words::SEEN_FROM, 0) }{ self.moment(words::SEEN_TO, 1) }<span class="opt">{ words::MILLIS }</span>
            </div>
        </> }
    }

    fn one_of(&self, label: &'static str, group: &'static str, all: &[(&'static str, Choice)]) -> Html {
        let choice = self.chosen.choice;
        let one = |(name, next): &(&'static str, Choice)| {
            self.input("radio", group, (*name).to_owned(), *next == choice, Chosen { choice: *next, ..self.chosen })
        };
        let all: Html = all.iter().map(one).collect();
        html! { <div class="forms" role="radiogroup" aria-label={label}>{ all }</div> }
    }

    /// A colour of the page's own, or none.
    fn colour(
        &self,
        name: &'static str,
        now: Option<Colour>,
        usual: &str,
        with: impl Fn(Option<Colour>) -> Choice + Copy + 'static,
    ) -> Html {
        let other = if now.is_none() { Colour::read(usual) } else { None };
        let switch = self.option(name.to_owned(), now.is_some(), with(other));
        let picks = self.on_value(move |text| Colour::read(text).map(|colour| with(Some(colour))));
        html! { <>
            { switch }
            if let Some(now) = now { <input type="color" aria-label={name} value={now.css()} onchange={picks} /> }
        </> }
    }

    /// A height that is written down, or none.
    fn height(&self) -> Html {
        let choice = self.chosen.choice;
        let usual = u16::try_from(crate::state::host::height(self.run)).unwrap_or(HEIGHTS.1).min(HEIGHTS.1);
        let other = if choice.height.is_none() { Some(usual) } else { None };
        let switch =
            self.option(words::FIXED_HEIGHT.to_owned(), choice.height.is_some(), Choice { height: other, ..choice });
        let (least, most) = HEIGHTS;
        let sets = self.on_value(move |text| {
            let height = text.parse().ok().filter(|height| (least..=most).contains(height))?;
            Some(Choice { height: Some(height), ..choice })
        });
        html! { <>
            { switch }
            if let Some(height) = choice.height {
                <label class="opt">
                    <input type="number" aria-label={words::FIXED_HEIGHT} min={least.to_string()} max={most.to_string()} value={height.to_string()} onchange={sets} />
                    { words::PIXELS }
                </label>
            }
        </> }
    }

    /// One end of the stretch that is seen. Without a number it is as the run opens.
    fn moment(&self, name: &'static str, end: usize) -> Html {
        let choice = self.chosen.choice;
        let value = choice.stretch[end].map_or_else(String::new, |at| at.to_string());
        let sets = self.on_value(move |text| {
            let at = if text.is_empty() { None } else { Some(Time::from_text(text)?) };
            let mut stretch = choice.stretch;
            stretch[end] = at;
            Some(Choice { stretch, ..choice })
        });
        html! { <label class="opt">{ name }<input inputmode="decimal" size="7" pattern={MOMENT} {value} onchange={sets} /></label> }
    }

    /// What a field says is chosen, if that can be; else the field says so.
    fn on_value(&self, with: impl Fn(&str) -> Option<Choice> + 'static) -> Callback<Event> {
        let (chosen, set) = (self.chosen, self.set.clone());
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            match with(field.value().trim()).filter(|_| field.check_validity()) {
                Some(choice) => set.set(Chosen { choice, said: None, copied: false, ..chosen }),
                None => drop(field.report_validity()),
            }
        })
    }

    /// The figure as the other page will have it. Each choice is another frame, for one that goes elsewhere leaves a step in the
    /// browser's history.
    fn preview(&self, page: &str) -> Html {
        let choice = self.chosen.choice;
        let src = address::source(self.run, &choice, page);
        let height = choice.height.map(|height| height.to_string());
        html! { <>
            <h3>{ words::PREVIEW }</h3>
            <iframe key={src.clone()} class="preview" {height} title={words::PREVIEW} sandbox="allow-scripts" loading="lazy" {src}></iframe>
            { hint(words::HEADER_HINT.to_owned()) }
        </> }
    }
}
