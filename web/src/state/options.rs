//! The options of an address. `?at=326&from=130&to=400&select=m12` says where to look. `steps=326` numbers the events after
//! that moment instead. `beside=flaw,knob:5` shows the run beside itself with that flaw the other way and that knob at 5, `beside=run:figure-8`
//! beside that run of the gallery, `beside=no` alone. `light=future` lights what can know of the selected event. `controls=no`, `edit=no`, `poster=yes`, `autoplay=yes`,
//! `theme=dark`, `paper=f7f7f2`, `accent=0a5cad` say how an embedded figure behaves. Other options are ignored.

use crate::state::beside::Beside;
use crate::state::gallery;
use crate::state::run::{Light, Selection, State, Window};
use lightcone_content::gallery::Opening;
use lightcone_engine::id::{EventIndex, NodeId};
use lightcone_engine::{Time, Trace};

/// More than these are not looked at.
const MOST: usize = 16;
/// A run that the gallery opens beside another, alone. No setting is called so.
const ALONE: &str = "no";
/// Names of settings that are longer together are not looked at.
const MOST_NAMES: usize = 400;

/// The options of an address that say where to look in a run. An option that is missing changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The instant of the cursor.
    pub at: Option<Time>,
    /// The instant at which the figure's window begins.
    pub from: Option<Time>,
    /// The instant at which the figure's window ends.
    pub to: Option<Time>,
    /// What is selected.
    pub select: Option<Place>,
    /// What of the run is lit around the selected event.
    pub light: Option<Light>,
    /// The moment after which events are numbered as steps.
    pub steps: Option<Time>,
    /// The settings in which the other run of a comparison differs, by name.
    pub beside: Option<String>,
}

/// Something in a run, by its place in the trace: shorter than its name, and as lasting, because a link says all
/// that decides the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An event: `e12`.
    Event(u32),
    /// A message: `m12`.
    Message(u32),
    /// A timer: `t12`.
    Timer(u32),
    /// A node: `n3`.
    Lane(u8),
}

/// How an embedded figure behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embed {
    /// Whether it has a bar to play with, and the verdicts.
    pub controls: bool,
    /// Whether its messages can be dragged.
    pub edit: bool,
    /// Whether it stands still, as a picture, until the reader starts it.
    pub poster: bool,
    /// Whether it plays as soon as it is seen.
    pub autoplay: bool,
    /// The theme, if it is not the reader's own choice.
    pub theme: Option<Theme>,
    /// The colour of the paper, if it is the host's.
    pub paper: Option<Colour>,
    /// The colour of the reader's hand and of the focus, if it is the host's.
    pub accent: Option<Colour>,
}

/// An opaque colour: red, green and blue, a byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(u32);

/// A choice of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// The other way.
    Dark,
}

impl Default for Embed {
    fn default() -> Embed {
        Embed { controls: true, edit: true, poster: false, autoplay: false, theme: None, paper: None, accent: None }
    }
}

/// Both, from what stands after `?`.
#[must_use]
pub fn read(query: &str) -> (Look, Embed) {
    let (mut look, mut embed) = (Look::default(), Embed::default());
    for (name, value) in query.split('&').take(MOST).filter_map(|part| part.split_once('=')) {
        let yes = matches!(value, "yes" | "true" | "1");
        match name {
            "at" => look.at = Time::from_text(value),
            "from" => look.from = Time::from_text(value),
            "to" => look.to = Time::from_text(value),
            "select" => look.select = Place::read(value),
            "light" => look.light = LIGHTS.iter().find(|(_, name)| *name == value).map(|(light, _)| *light),
            "steps" => look.steps = Time::from_text(value),
            "beside" => look.beside = Some(value.to_owned()).filter(|names| names.len() <= MOST_NAMES),
            "controls" => embed.controls = yes,
            "edit" => embed.edit = yes,
            "poster" => embed.poster = yes,
            "autoplay" => embed.autoplay = yes,
            "theme" => embed.theme = Theme::read(value),
            "paper" => embed.paper = Colour::read(value),
            "accent" => embed.accent = Colour::read(value),
            _ => {}
        }
    }
    (look, embed)
}

/// The options of an address that looks here, with the `?`; empty if there are none.
#[must_use]
pub fn write(look: &Look, embed: &Embed) -> String {
    let time = |at: Option<Time>| at.map(|at| at.to_string());
    let flag = |value: bool, usual: bool| (value != usual).then(|| if value { "yes" } else { "no" }.to_owned());
    let usual = Embed::default();
    let said = [
        ("at", time(look.at)),
        ("from", time(look.from)),
        ("to", time(look.to)),
        ("select", look.select.map(Place::name)),
        ("light", look.light.and_then(name_of).map(str::to_owned)),
        ("steps", time(look.steps)),
        ("beside", look.beside.clone()),
        ("controls", flag(embed.controls, usual.controls)),
        ("edit", flag(embed.edit, usual.edit)),
        ("poster", flag(embed.poster, usual.poster)),
        ("autoplay", flag(embed.autoplay, usual.autoplay)),
        ("theme", embed.theme.map(|theme| theme.name().to_owned())),
        ("paper", embed.paper.map(Colour::digits)),
        ("accent", embed.accent.map(Colour::digits)),
    ];
    let mut query = String::new();
    for (name, value) in said {
        if let Some(value) = value {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&value);
        }
    }
    query
}

impl Look {
    /// The options without which it would be another picture, wherever one looks: numbered steps, the other run.
    #[must_use]
    pub fn least(state: &State) -> Look {
        let beside = state.beside.as_ref().map(Beside::name);
        let opens = opens_beside(state);
        let beside = if beside.as_deref() == opens { None } else { Some(beside.unwrap_or_else(|| ALONE.to_owned())) };
        Look { steps: state.steps, beside, ..Look::default() }
    }

    /// The options that lead to this state, as far as its run does not open there by itself.
    #[must_use]
    pub fn of(state: &State) -> Look {
        let opening = gallery::recognise(state.scenario()).and_then(|exhibit| exhibit.opening());
        let Window { from, to } = state.stretch(state.steps);
        let whole = Look { at: Some(state.last(state.steps)), from: Some(from), to: Some(to), ..Look::default() };
        let opens = opening.map_or(whole, Look::from);
        let Window { from, to } = state.window;
        let seen = (Some(from), Some(to));
        let (from, to) = if seen == (opens.from, opens.to) { (None, None) } else { seen };
        let at = Some(state.cursor).filter(|at| Some(*at) != opens.at);
        let light = Some(state.light).filter(|light| *light != Light::default());
        Look { at, from, to, select: Place::of(&state.trace, state.selection), light, ..Look::least(state) }
    }

    /// The state that looks there: alone, if no other run is named and the run does not open beside one by itself.
    #[must_use]
    pub fn show(&self, state: State) -> State {
        let names = self.beside.as_deref().or_else(|| opens_beside(&state)).unwrap_or_default();
        let state = match &state.beside {
            // The comparison that is open anyway keeps what is selected in it.
            Some(beside) if beside.name() == names => state,
            _ => state.beside(Vec::new()).beside_named(names),
        };
        let end = state.trace.horizon();
        let state = state.stepped(self.steps);
        let window =
            Window { from: self.from.unwrap_or(state.window.from).min(end), to: self.to.unwrap_or(state.window.to) };
        let selection = self.select.and_then(|place| place.find(&state.trace)).unwrap_or(state.selection);
        let at = self.at.unwrap_or(state.cursor);
        let light = self.light.unwrap_or(state.light);
        State { light, ..state.shown(window, at, selection).followed() }
    }
}

/// The comparison with which the gallery opens the run, if it does.
fn opens_beside(state: &State) -> Option<&'static str> {
    gallery::recognise(state.scenario()).and_then(|exhibit| exhibit.beside())
}

impl From<Opening> for Look {
    fn from(Opening { from, to, at }: Opening) -> Look {
        Look { at: Some(at), from: Some(from), to: Some(to), ..Look::default() }
    }
}

impl Place {
    /// The place of what is selected; none of nothing.
    #[must_use]
    pub fn of(trace: &Trace, selection: Selection) -> Option<Place> {
        let place = |place: Option<usize>| place.and_then(|place| u32::try_from(place).ok());
        match selection {
            Selection::Nothing => None,
            Selection::Event(event) => Some(Place::Event(event.0)),
            Selection::Message(id) => {
                place(trace.messages.iter().position(|message| message.id == id)).map(Place::Message)
            }
            Selection::Timer(id) => place(trace.timers.iter().position(|timer| timer.id == id)).map(Place::Timer),
            Selection::Lane(node) => Some(Place::Lane(node.0)),
        }
    }

    /// What is in this place of a run; none if the run is not that long.
    #[must_use]
    pub fn find(self, trace: &Trace) -> Option<Selection> {
        match self {
            Place::Event(place) => trace.events.get(place as usize).map(|_| Selection::Event(EventIndex(place))),
            Place::Message(place) => trace.messages.get(place as usize).map(|it| Selection::Message(it.id)),
            Place::Timer(place) => trace.timers.get(place as usize).map(|it| Selection::Timer(it.id)),
            Place::Lane(place) => trace.lanes().get(usize::from(place)).map(|_| Selection::Lane(NodeId(place))),
        }
    }

    /// A place by its name.
    #[must_use]
    pub fn read(text: &str) -> Option<Place> {
        let number = text.get(1..)?;
        Some(match text.as_bytes().first()? {
            b'e' => Place::Event(number.parse().ok()?),
            b'm' => Place::Message(number.parse().ok()?),
            b't' => Place::Timer(number.parse().ok()?),
            b'n' => Place::Lane(number.parse().ok()?),
            _ => return None,
        })
    }

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> String {
        let (letter, number) = match self {
            Place::Event(number) => ('e', number),
            Place::Message(number) => ('m', number),
            Place::Timer(number) => ('t', number),
            Place::Lane(number) => ('n', u32::from(number)),
        };
        format!("{letter}{number}")
    }
}

/// What can be lit, by name.
const LIGHTS: [(Light, &str); 4] =
    [(Light::Past, "past"), (Light::Future, "future"), (Light::Why, "why"), (Light::Off, "off")];

fn name_of(light: Light) -> Option<&'static str> {
    LIGHTS.iter().find(|(each, _)| *each == light).map(|(_, name)| *name)
}

impl Colour {
    /// Three or six digits, as style sheets write colours, with `#` or without.
    #[must_use]
    pub fn read(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix("%23").or_else(|| text.strip_prefix('#')).unwrap_or(text);
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        match digits.len() {
            6 => Some(Colour(number)),
            3 => Some(Colour(
                [number >> 8, (number >> 4) & 15, number & 15].iter().fold(0, |all, one| (all << 8) | (one * 17)),
            )),
            _ => None,
        }
    }

    fn digits(self) -> String {
        format!("{:06x}", self.0)
    }

    /// As style sheets write it.
    #[must_use]
    pub fn css(self) -> String {
        format!("#{}", self.digits())
    }
}

impl Theme {
    fn read(text: &str) -> Option<Theme> {
        match text {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        }
    }

    /// Its name in addresses and style sheets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::links;

    #[test]
    fn what_is_written_is_read_again() {
        let look = Look {
            at: Some(Time::from_micros(326_400)),
            from: Some(Time::ZERO),
            to: Some(Time::from_millis(400)),
            select: Some(Place::Message(12)),
            light: Some(Light::Future),
            steps: Some(Time::from_millis(300)),
            beside: Some("write-back-skipped,replicas:5".into()),
        };
        let (theme, paper, accent) = (Some(Theme::Dark), Colour::read("f7f7f2"), Colour::read("#05a"));
        assert_eq!(accent.map(Colour::css).as_deref(), Some("#0055aa"));
        let embed = Embed { controls: false, edit: false, poster: true, autoplay: true, theme, paper, accent };
        for (look, embed) in [(look, embed), (Look::default(), Embed::default())] {
            let query = write(&look, &embed);
            assert_eq!(read(query.trim_start_matches('?')), (look, embed), "{query}");
        }
        assert_eq!(write(&Look::default(), &Embed::default()), "");
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        for query in [
            "at=-1",
            "at=1e9",
            "at",
            "select=x1",
            "select=",
            "select=é",
            "theme=url(x)",
            "paper=url(x)",
            "paper=+12345",
            "accent=red",
            "light=all",
            "from=9999999999999999999999",
            "&&&=&",
        ] {
            let (look, embed) = read(query);
            assert_eq!((look, embed), (Look::default(), Embed::default()), "{query}");
        }
    }

    #[test]
    fn a_state_is_found_again_by_what_it_looks_at() {
        let exhibit = gallery::find("raft", "election").expect("the gallery has it");
        let blank = State::new(&exhibit.scenario);
        let message = Selection::Message(blank.trace.messages[3].id);
        for selection in [Selection::Nothing, message, Selection::Event(EventIndex(2)), Selection::Lane(NodeId(1))] {
            let window = Window { from: Time::from_millis(20), to: Time::from_millis(90) };
            let state = blank.clone().shown(window, Time::from_millis(60), selection);
            let again = Look::of(&state).show(blank.clone());
            assert_eq!((again.window, again.cursor, again.selection), (window, state.cursor, selection));
        }
    }

    #[test]
    fn where_a_run_opens_by_itself_needs_no_words_and_its_end_does() {
        let exhibit = gallery::find("raft", "election").expect("the gallery has it");
        let opened = links::opened(&exhibit.scenario);
        assert_eq!(Look::of(&opened), Look::default());
        let end = opened.trace.horizon();
        let (window, selection) = (opened.window, opened.selection);
        assert_eq!(Look::of(&opened.shown(window, end, selection)).at, Some(end));
    }

    #[test]
    fn beyond_the_run_there_is_nothing_to_look_at() {
        let exhibit = gallery::find("raft", "election").expect("the gallery has it");
        let (look, _) = read("at=99999&from=88888&to=99999&select=m99999");
        let state = look.show(State::new(&exhibit.scenario));
        let end = state.trace.horizon();
        assert_eq!((state.cursor, state.selection), (end, Selection::Nothing));
        assert!(state.window.from < end && state.window.to <= Window::whole(end).to);
    }
}
