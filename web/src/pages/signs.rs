//! The grammar of the figure: every sign with a piece of a figure in which it occurs. The figure's own code draws the pieces,
//! from runs of the gallery.

use crate::figure::still::still;
use crate::panels::header::{HeaderProps, Place, header};
use crate::parts::memo::memo;
use crate::state::gallery;
use crate::words;
use lightcone_engine::simulate;
use lightcone_figure::draw::sign_picture::Example;
use lightcone_figure::read::signs::{CHAPTERS, Sign};
use yew::prelude::*;

/// The page of all signs; `back` leads to the run that is open, if there is one.
pub fn signs(back: &Option<String>) -> Html {
    let mut pictures = Pictures::default();
    let chapter = |(name, signs): &(&'static str, &'static [Sign])| {
        let rows: Vec<Html> = signs.iter().map(|sign| row(*sign, pictures.of(*sign))).collect();
        html! { <section><h2>{ *name }</h2><ul>{ for rows }</ul></section> }
    };
    let chapters: Vec<Html> = CHAPTERS.iter().map(chapter).collect();
    html! { <>
        { memo(HeaderProps { place: Place::Elsewhere, children: Html::default() }, header) }
        <main class="wrap grammar">
            <h1>{ words::SIGNS_TITLE }</h1>
            <p>{ words::SIGNS_INTRO }</p>
            if let Some(href) = back { <p><a class="btn line" href={href.clone()}>{ words::BACK_TO_THE_RUN }</a></p> }
            <div class="chapters">{ for chapters }</div>
        </main>
    </> }
}

fn row(sign: Sign, picture: Html) -> Html {
    html! { <li>{ picture }<p><b>{ sign.name() }</b>{ sign.sentences() }</p></li> }
}

/// The runs of the gallery in which signs were found so far.
#[derive(Default)]
struct Pictures {
    runs: Vec<((&'static str, &'static str), Example)>,
    drawn: u32,
}

impl Pictures {
    fn of(&mut self, sign: Sign) -> Html {
        let (protocol, slug) = sign.example();
        let place = self.runs.iter().position(|(name, _)| *name == (protocol, slug)).or_else(|| {
            let exhibit = gallery::find(protocol, slug)?;
            self.runs.push(((protocol, slug), Example::of(simulate(&exhibit.scenario))));
            Some(self.runs.len() - 1)
        });
        let picture = place.and_then(|place| self.runs[place].1.picture(sign));
        self.drawn += 1;
        picture.map_or_else(Html::default, |picture| still(self.drawn, |out| picture.draw(out)))
    }
}
