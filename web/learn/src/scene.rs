//! A scene: what a stretch of a lesson shows of a run. Its lines stand in a block of Markdown, above the text that tells of it:
//!
//! ```text
//! run raft/election            a run of the gallery; without this line the run of the scene before
//! at 81.569                    the moment of the cursor, in milliseconds
//! from 50 to 160               the stretch of time that is seen
//! select S4-S3-Vote-1          a message, by its sender, receiver, kind and number; `S3`, a node; `S3@60`, what happens there then
//! light past                   what is lit of what is selected: past, future, why or off
//! compare log-not-compared     the run beside it, as an address names it after `beside=`
//! holds election-safety        what the text says of the run: as in the section `expect` of a scenario file
//! ```
//!
//! Every line is held against the run. What does not exist is a fault, and so is what is not true.

use crate::fault::no_such;
use lightcone_content::gallery::{Exhibit, Expectation};
use lightcone_engine::id::EventIndex;
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{Time, Trace};
use lightcone_figure::view::Light;
use lightcone_formats::text::Names;
use lightcone_web::state::address::Address;
use lightcone_web::state::options::{Look, Place};
use lightcone_web::state::run::State;
use lightcone_web::state::{gallery, links};

/// What a stretch of a lesson shows.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The run.
    pub exhibit: Exhibit,
    /// Where to look in it.
    pub look: Look,
    /// What is lit.
    pub light: Option<Light>,
}

/// A line of a block, with its number in the file.
pub type Line<'a> = (usize, &'a str);

/// What is wrong, and in which line.
pub type Wrong = (usize, String);

const WORDS: [&str; 10] = ["run", "at", "from", "select", "light", "compare", "holds", "breaks", "reaches", "misses"];
const LIGHTS: [(&str, Light); 4] =
    [("past", Light::Past), ("future", Light::Future), ("why", Light::Why), ("off", Light::Off)];

impl Scene {
    /// Reads a block. `before` is the scene above it.
    ///
    /// # Errors
    /// Every line that says what is not so.
    pub fn read(lines: &[Line<'_>], start: usize, before: Option<&Scene>) -> Result<Scene, Vec<Wrong>> {
        let named = lines.iter().find_map(|(number, line)| Some((*number, line.trim().strip_prefix("run ")?)));
        let exhibit = match (named, before) {
            (Some((number, name)), _) => run(name.trim()).map_err(|wrong| vec![(number, wrong)])?,
            (None, Some(before)) => before.exhibit.clone(),
            (None, None) => return Err(vec![(start, "the first scene of a lesson says `run` and which".into())]),
        };
        let state = links::opened(&exhibit.scenario);
        let mut scene = Scene { exhibit, look: Look::default(), light: None };
        let mut wrong = Vec::new();
        for (number, line) in lines.iter().map(|(number, line)| (*number, line.trim())).filter(|it| !it.1.is_empty()) {
            if let Err(what) = scene.line(line, &state) {
                wrong.push((number, what));
            }
        }
        if wrong.is_empty() { Ok(scene) } else { Err(wrong) }
    }

    fn line(&mut self, line: &str, state: &State) -> Result<(), String> {
        let trace = &state.trace;
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "run" => {}
            "at" => self.look.at = Some(moment(rest, trace)?),
            "from" => {
                let (from, to) = rest.split_once(" to ").ok_or("a window is `from MS to MS`")?;
                let (from, to) = (moment(from, trace)?, moment(to, trace)?);
                if from >= to {
                    return Err(format!("a window ends after it begins, and {to} ms is not after {from} ms"));
                }
                (self.look.from, self.look.to) = (Some(from), Some(to));
            }
            "select" => self.look.select = Some(place(rest, trace)?.0),
            "light" => {
                let light = LIGHTS.iter().find(|(name, _)| *name == rest);
                let there = || LIGHTS.iter().map(|(name, _)| (*name).to_owned());
                self.light = Some(light.ok_or_else(|| no_such("light", rest, "there are", there()))?.1);
            }
            "compare" => self.look.beside = Some(beside(rest, state)?),
            "holds" | "breaks" | "reaches" | "misses" => {
                let said = Expectation::read(line, trace.specification()).map_err(|problem| problem.to_string())?;
                said.check(trace).map_err(|instead| format!("`{line}` is not true: {instead}"))?;
            }
            _ => return Err(no_such("word", word, "a scene has", WORDS.map(String::from))),
        }
        Ok(())
    }

    /// The state of the page that shows the scene.
    #[must_use]
    pub fn state(&self) -> State {
        let state = self.look.show(links::opened(&self.exhibit.scenario));
        State { light: self.light.unwrap_or(state.light), ..state }
    }

    /// The run's name: `raft/election`.
    #[must_use]
    pub fn run(&self) -> String {
        [self.exhibit.protocol, "/", self.exhibit.slug].concat()
    }

    /// Its place in the explorer, as an address has it after `#`.
    #[must_use]
    pub fn address(&self) -> String {
        let route = links::exhibit_route(&self.exhibit);
        Address { route, look: self.look.clone(), embed: None }.fragment()
    }

    /// The name of what is lit.
    #[must_use]
    pub fn light_name(&self) -> &'static str {
        let light = self.light.unwrap_or_default();
        LIGHTS.iter().find(|(_, other)| *other == light).map_or("past", |(name, _)| *name)
    }
}

/// The gallery's run of this name.
///
/// # Errors
/// There is none; which there are.
pub fn run(name: &str) -> Result<Exhibit, String> {
    let (protocol, slug) = name.split_once('/').unwrap_or((name, ""));
    gallery::find(protocol, slug).ok_or_else(|| {
        let all = gallery::exhibits();
        let of_protocol = all.iter().filter(|exhibit| exhibit.protocol == protocol);
        let mut there: Vec<String> = of_protocol.map(|exhibit| format!("{protocol}/{}", exhibit.slug)).collect();
        if there.is_empty() {
            there = all.iter().map(|exhibit| exhibit.protocol.to_owned()).collect();
            there.dedup();
        }
        no_such("run", name, "there are", there)
    })
}

fn moment(text: &str, trace: &Trace) -> Result<Time, String> {
    let time = Time::from_text(text.trim()).ok_or_else(|| format!("`{text}` is no time in milliseconds"))?;
    let end = trace.horizon();
    if time > end { Err(format!("the run ends at {end} ms, before {time} ms")) } else { Ok(time) }
}

/// What is named in a run, and the moment at which it can be seen.
///
/// # Errors
/// There is no such thing; which there are.
pub fn place(name: &str, trace: &Trace) -> Result<(Place, Option<Time>), String> {
    let lanes = trace.lanes().len() as u8;
    let node = |name: &str| (0..lanes).find(|lane| trace.name(lightcone_engine::NodeId(*lane)) == name);
    let nodes = || (0..lanes).map(|lane| trace.name(lightcone_engine::NodeId(lane)));
    if let Some((lane, at)) = name.split_once('@') {
        let lane = node(lane).ok_or_else(|| no_such("node", lane, "the run has", nodes()))?;
        return event(lane, moment(at, trace)?, trace);
    }
    if let Some(lane) = node(name) {
        return Ok((Place::Lane(lane), None));
    }
    let names = Names::of(&trace.scenario);
    let messages = || trace.messages.iter().map(|message| plain(&names.message(message.id)));
    let found = messages().position(|message| message == name).and_then(|place| u32::try_from(place).ok());
    let Some(found) = found else {
        let kind = if name.contains('-') { "message" } else { "node or message" };
        return Err(no_such(kind, name, "the run has", nodes().chain(messages())));
    };
    let arrival = match trace.messages[found as usize].fate {
        Fate::Delivered(event) => trace.event(event).at,
        _ => trace.messages[found as usize].arrives.min(trace.horizon()),
    };
    Ok((Place::Message(found), Some(arrival)))
}

/// What happens on a lane at a moment.
fn event(lane: u8, at: Time, trace: &Trace) -> Result<(Place, Option<Time>), String> {
    let on_lane = |event: &lightcone_engine::run::trace::Event| event.node.is_some_and(|node| node.0 == lane);
    let place = trace.events.iter().position(|event| on_lane(event) && event.at == at);
    let name = trace.name(lightcone_engine::NodeId(lane));
    match place.and_then(|place| u32::try_from(place).ok()) {
        Some(place) => Ok((Place::Event(place), Some(trace.event(EventIndex(place)).at))),
        None => {
            let there = trace.events.iter().filter(|event| on_lane(event)).map(|event| format!("{name}@{}", event.at));
            Err(no_such("event", &format!("{name}@{at}"), "the run has", there))
        }
    }
}

/// A message's name with nothing in it that an address or a link would have to escape: `S1>S3 Vote#1` is `S1-S3-Vote-1`.
fn plain(name: &str) -> String {
    name.replace(['>', ' ', '#'], "-")
}

/// What another run differs in, as an address names it. The page passes over names that it does not know; a lesson may not.
fn beside(names: &str, state: &State) -> Result<String, String> {
    let alone = state.clone().beside(Vec::new());
    let found = alone.beside_named(names).beside.map(|beside| beside.name());
    if found.as_deref() == Some(names) {
        return Ok(names.to_owned());
    }
    let specification = state.trace.specification();
    let flaws = specification.flaws.iter().map(|flaw| flaw.id.to_owned());
    let knobs = specification.parameters.iter().map(|knob| format!("{}:…", knob.id));
    let all = gallery::exhibits();
    let runs = all.iter().filter(|exhibit| exhibit.protocol == specification.id);
    let runs = runs.map(|exhibit| format!("run:{}", exhibit.slug));
    Err(no_such("comparison", names, "the protocol has", flaws.chain(knobs).chain(runs)))
}
