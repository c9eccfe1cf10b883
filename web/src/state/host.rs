//! What the page around an embedded figure asks, and what it is told: calls become actions of the page, states become what is said. Pure.

use super::address::{Address, Route};
use super::known;
use super::links::{self, BadLink};
use super::options::{self, Embed, Look, Place};
use super::page::PageAction;
use super::question::Asked;
use super::run::{Action, Selection, State, Window};
use lightcone_api::convert;
use lightcone_api::form::{Call, CallWord, Code, Detail, Edit, Error, FORM, MOST_OF_A_CALL, Millis, Said, Seen};
use lightcone_engine::limits::MAX_LINK_BYTES;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{Time, Trace};
use lightcone_formats::link::pasted;
use lightcone_formats::text::Names;

/// Characters of a word, a colour or a list of settings in a call.
const MOST_OF_A_WORD: usize = 400;

/// Reads a call; none stands for one that is not plain data.
///
/// # Errors
/// It is too long, or no call.
pub fn read(text: Option<&str>) -> Result<Call, Error> {
    let text = text.ok_or_else(|| Error::new(Code::NotJson, "This call is not plain data. Nothing of it is used."))?;
    if text.len() > MOST_OF_A_CALL {
        let sentence = format!("This call is longer than {} KiB. Nothing of it is used.", MOST_OF_A_CALL / 1_024);
        return Err(Error::new(Code::TooLong, sentence));
    }
    let call: Call = lightcone_api::json::read_written(text)?;
    let words = [&call.select, &call.light, &call.beside, &call.theme, &call.paper, &call.accent, &call.edit];
    let words = words.into_iter().chain([&call.controls, &call.autoplay]).flatten();
    let long = |name: &str| Error::new(Code::TooLong, format!("`{name}` is too long. Nothing of this call is used."));
    if words.map(String::len).max().is_some_and(|length| length > MOST_OF_A_WORD) {
        return Err(long("a word of the call"));
    }
    if call.link.as_ref().is_some_and(|link| link.len() > MAX_LINK_BYTES) {
        return Err(long("link"));
    }
    Ok(call)
}

/// What a call does to the page.
#[derive(Default)]
pub struct Deeds {
    /// What happens, in order.
    pub acts: Vec<PageAction>,
    /// The protocol that has to be fetched first; then the call is tried again.
    pub missing: Option<&'static str>,
}

/// What a call does to a page that shows `run`, in a frame that behaves like `embed` and whose own address has this fragment.
///
/// # Errors
/// What is asked for cannot be shown.
pub fn deeds(
    call: &Call,
    run: Option<&State>,
    asked: Option<&Asked>,
    embed: &Embed,
    first: &str,
) -> Result<Deeds, Error> {
    let look = look(call)?;
    match call.call {
        CallWord::State | CallWord::Wake => Ok(Deeds::default()),
        CallWord::Show => shown(call, look, run, asked, embed),
        CallWord::Style => {
            let run = run.ok_or_else(nothing)?;
            let embed = options::read(&style(call, embed)).1;
            Ok(arrives(Address { route: route(run, asked), look: Look::of(run), embed: Some(embed) }))
        }
        CallWord::Reset => opened(Address::of(first), run, embed),
        CallWord::Open => match (&call.link, &call.scenario) {
            (Some(link), None) => {
                let address = Address::of(&place(link));
                opened(Address { look: over(look, address.look), ..address }, run, embed)
            }
            (None, Some(text)) => {
                if let Some(missing) = links::missing_of_text(text) {
                    return Ok(Deeds { missing: Some(missing), ..Deeds::default() });
                }
                let scenario = links::read_file(text).map_err(|bad| error(&bad))?;
                opened(Address { route: links::route(&scenario), look, embed: None }, run, embed)
            }
            _ => Err(Error::new(Code::WrongForm, "`open` needs either `link` or `scenario`. Nothing is opened.")),
        },
    }
}

fn nothing() -> Error {
    Error::new(Code::NothingToShow, "No run is open here. `open` shows one.")
}

/// The address of a run, with the question that is open.
fn route(run: &State, asked: Option<&Asked>) -> Route {
    asked.map_or_else(|| links::route(run.scenario()), |asked| asked.route(run.scenario()))
}

fn arrives(address: Address) -> Deeds {
    let acts = vec![PageAction::Arrive(address.fragment(), super::page::Arrival::Link)];
    Deeds { acts, missing: None }
}

/// What stands behind `#` in an address, whatever of it is given: all of it, a link's code alone, or a run's name.
fn place(link: &str) -> String {
    let link = pasted(link.trim());
    let inside = link.split_once("#/").map_or(link, |(_, inside)| inside).trim_start_matches('/');
    let inside = inside.strip_prefix("embed/").unwrap_or(inside);
    let name = inside.split('?').next().unwrap_or_default().trim_end_matches('/');
    let is_code = !name.contains('/') && !known::cards().any(|card| card.id == name);
    format!("/{}{inside}", if is_code { "run/" } else { "" })
}

/// A run as an address opens it, also if it is open already: then where the reader looked says nothing.
fn opened(address: Address, run: Option<&State>, embed: &Embed) -> Result<Deeds, Error> {
    let Address { route, look, .. } = address;
    if matches!(route, Route::Home | Route::Signs | Route::Log | Route::Elsewhere) {
        return Err(Error::new(Code::UnknownRun, "This names no run. `raft/election` would, or a link."));
    }
    if let Some(missing) = links::missing(&route).first() {
        return Ok(Deeds { missing: Some(missing), ..Deeds::default() });
    }
    // What is open of a question is known when it has been read.
    if matches!(route, Route::Challenge { .. }) {
        return Ok(arrives(Address { route, look, embed: Some(*embed) }));
    }
    let scenario = match &route {
        Route::Run { link } => links::decode(links::worked(link).0).map_err(|bad| error(&bad))?.0,
        Route::Protocol { protocol } => super::gallery::blank(protocol).ok_or_else(|| error(&BadLink::NoSuchPlace))?,
        Route::Exhibit { protocol, slug } => {
            let exhibit = super::gallery::find(protocol, slug);
            exhibit.ok_or_else(|| error(&BadLink::NoSuchExhibit))?.scenario
        }
        _ => return Err(error(&BadLink::NoSuchPlace)),
    };
    let is_open = run.is_some_and(|run| links::route(run.scenario()) == links::route(&scenario));
    let look = if is_open {
        let fresh = links::opened(&scenario);
        let Window { from, to } = fresh.window;
        over(
            look,
            Look {
                at: Some(fresh.cursor),
                from: Some(from),
                to: Some(to),
                light: Some(fresh.light),
                ..Look::default()
            },
        )
    } else {
        look
    };
    let mut deeds = arrives(Address { route, look, embed: Some(*embed) });
    if is_open {
        deeds.acts.insert(0, PageAction::Run(Action::Select(Selection::Nothing)));
    }
    Ok(deeds)
}

/// Looks elsewhere in the run that is open.
fn shown(call: &Call, look: Look, run: Option<&State>, asked: Option<&Asked>, embed: &Embed) -> Result<Deeds, Error> {
    let run = run.ok_or_else(nothing)?;
    if look.steps.is_some() || look.beside.is_some() {
        let look = over(look, Look::of(run));
        return Ok(arrives(Address { route: route(run, asked), look, embed: Some(*embed) }));
    }
    let mut acts = Vec::new();
    if look.from.is_some() || look.to.is_some() {
        let Window { from, to } = run.window;
        acts.push(Action::Show(Window { from: look.from.unwrap_or(from), to: look.to.unwrap_or(to) }));
    }
    acts.extend(look.at.map(Action::Look));
    if call.select.is_some() {
        let selection = look.select.map_or(Some(Selection::Nothing), |place| place.find(&run.trace));
        let none = || Error::new(Code::UnknownName, "The run has nothing of this number to select. Nothing is shown.");
        acts.push(Action::Select(selection.ok_or_else(none)?));
    }
    let lit = if call.select.is_some() { super::run::Light::Past } else { run.light };
    acts.extend(look.light.filter(|light| *light != lit).map(|light| {
        // What is lit already is put out by the same action.
        Action::Light(light)
    }));
    Ok(Deeds { acts: acts.into_iter().map(PageAction::Run).collect(), missing: None })
}

/// Where a call looks.
fn look(call: &Call) -> Result<Look, Error> {
    let time = |millis: Option<Millis>| {
        let micros = |millis: Millis| u64::try_from(millis.0).map(Time::from_micros);
        let early = |_| Error::new(Code::OutOfBounds, "A time is before the run: times begin at 0. Nothing is shown.");
        millis.map(micros).transpose().map_err(early)
    };
    let word = |name: &str, text: &Option<String>| {
        let unknown = || Error::new(Code::UnknownName, format!("`{name}` cannot mean this. Nothing is shown."));
        let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { return Ok(Look::default()) };
        let read = options::read(&format!("{name}={}", text.replace(['&', '='], "?"))).0;
        if read == Look::default() { Err(unknown()) } else { Ok(read) }
    };
    Ok(Look {
        at: time(call.at)?,
        from: time(call.from)?,
        to: time(call.to)?,
        steps: time(call.steps)?,
        select: word("select", &call.select)?.select,
        light: word("light", &call.light)?.light,
        beside: word("beside", &call.beside)?.beside,
    })
}

/// One look, and another where it says nothing.
fn over(look: Look, below: Look) -> Look {
    Look {
        at: look.at.or(below.at),
        from: look.from.or(below.from),
        to: look.to.or(below.to),
        select: look.select.or(below.select),
        light: look.light.or(below.light),
        steps: look.steps.or(below.steps),
        beside: look.beside.or(below.beside),
    }
}

/// The options of a frame after a call: what the call does not say stays.
fn style(call: &Call, embed: &Embed) -> String {
    let mut query = options::write(&Look::default(), embed).trim_start_matches('?').to_owned();
    let said = [
        ("theme", &call.theme),
        ("paper", &call.paper),
        ("accent", &call.accent),
        ("edit", &call.edit),
        ("controls", &call.controls),
        ("autoplay", &call.autoplay),
    ];
    for (name, value) in said {
        if let Some(value) = value {
            // Of what is said twice, the last counts. Without a word it is as usual.
            let usual = if matches!(name, "edit" | "controls") { "yes" } else { "" };
            let value = if value.is_empty() { usual } else { value };
            query = format!("{query}&{name}={}", value.replace(['&', '='], "?"));
        }
    }
    query
}

/// Why something cannot be opened, as the one error.
#[must_use]
pub fn error(bad: &BadLink) -> Error {
    match bad {
        BadLink::Link(error) => error.clone().into(),
        BadLink::Text(error) => error.clone().into(),
        BadLink::NoSuchExhibit => Error::new(Code::UnknownRun, bad.sentence()),
        BadLink::NoSuchPlace | BadLink::File | BadLink::Answer(_) => Error::new(Code::UnknownName, bad.sentence()),
    }
}

/// Something said, without what it is.
#[must_use]
pub fn said() -> Said {
    Said { lightcone: FORM, id: None, result: None, error: None, event: None, detail: None }
}

/// The run as its reader sees it. `page`: the page's address without its fragment.
#[must_use]
pub fn seen(run: &State, page: &str, ignored: u32) -> Seen {
    let trace = &run.trace;
    let names = Names::of(run.scenario());
    let edit = |each| -> Edit { convert::edit(each, &names, trace.specification()) };
    Seen {
        link: links::looked_at(run, page),
        moves: run.scenario().moves.iter().map(edit).collect(),
        verdicts: convert::verdicts(trace),
        cursor: millis(run.cursor),
        selection: selection(run),
        ignored,
    }
}

/// Where the reader looks.
#[must_use]
pub fn detail(run: &State, page: &str) -> Detail {
    let (link, cursor) = (Some(links::looked_at(run, page)), Some(millis(run.cursor)));
    Detail { link, cursor, selection: selection(run), ..Detail::default() }
}

/// What is selected, as an address says it.
#[must_use]
pub fn selection(run: &State) -> Option<String> {
    Place::of(&run.trace, run.selection).map(Place::name)
}

/// The places of promises that broke, or hold again, between two runs of one protocol with the same promises.
#[must_use]
pub fn turned(before: &Trace, now: &Trace) -> Vec<usize> {
    let is_broken = |verdict: &Verdict| matches!(verdict, Verdict::Broken { .. } | Verdict::NotByTheEnd { .. });
    let broken = |trace: &Trace| trace.verdicts.iter().map(is_broken).collect::<Vec<_>>();
    let (was, is) = (broken(before), broken(now));
    if before.specification().id != now.specification().id || was.len() != is.len() {
        return Vec::new();
    }
    (0..is.len()).filter(|place| was[*place] != is[*place]).collect()
}

/// The pixels that an embedded figure of the run would like to have.
#[must_use]
pub fn height(run: &State) -> usize {
    let lanes = run.trace.lanes().len();
    let room = |lanes: usize| (lanes * 72).min(240).max(lanes * 48);
    match &run.beside {
        Some(beside) => 240 + room(lanes) + room(beside.below.trace.lanes().len()),
        // Title, axis and bar, and for each lane what five have in 460. With six or more they come as near as they can.
        None => 130 + lanes * if lanes > 5 { 56 } else { 66 },
    }
}

fn millis(time: Time) -> Millis {
    Millis(i64::try_from(time.micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::page::Page;
    use lightcone_engine::Scenario;

    fn election() -> Page {
        Page::at("/embed/raft/election", super::super::page::Arrival::Link)
    }

    /// The page after a call.
    fn after(page: &Page, text: &str) -> Result<Page, Error> {
        let embed = page.embed.unwrap_or_default();
        let deeds =
            deeds(&read(Some(text))?, page.run.as_deref(), page.asked.as_deref(), &embed, "/embed/raft/election")?;
        assert_eq!(deeds.missing, None, "all protocols are here");
        Ok(deeds.acts.into_iter().fold(page.clone(), |page, act| page.after(act)))
    }

    fn linked(page: &Page) -> String {
        links::looked_at(page.run.as_deref().expect("a run is open"), "")
    }

    #[test]
    fn a_call_changes_what_it_says_and_nothing_else() {
        let page = election();
        let show = r#"{"lightcone":1,"call":"show","at":98,"select":"m3","light":"future"}"#;
        let shown = after(&page, show).expect("it can be shown");
        assert_eq!(linked(&shown), "#/raft/election?at=98&select=m3&light=future");
        let again = after(&shown, show).expect("it can be shown again");
        assert_eq!(linked(&again), linked(&shown));
        let dark = after(&shown, r##"{"lightcone":1,"call":"style","theme":"dark","paper":"#123"}"##).expect("a style");
        assert_eq!(
            (linked(&dark), dark.embed.and_then(|embed| embed.theme)),
            (linked(&shown), Some(options::Theme::Dark))
        );
        let plain = after(&dark, r#"{"lightcone":1,"call":"style","theme":"","paper":""}"#).expect("a style");
        assert_eq!(plain.embed, page.embed);
        let reset = after(&shown, r#"{"lightcone":1,"call":"reset"}"#).expect("it can be reset");
        assert_eq!(linked(&reset), "#/raft/election");
    }

    #[test]
    fn a_run_is_opened_by_whatever_names_it() {
        let page = election();
        let scenario = gallery::find("raft", "figure-8").expect("the gallery has it").scenario;
        let moved = links::encode(&Scenario { seed: 77, ..scenario });
        for link in
            [format!("https://host/a/#/run/{moved}"), format!("#/run/{moved}"), format!("run/{moved}"), moved.clone()]
        {
            let call = format!(r#"{{"lightcone":1,"call":"open","link":"{link}","at":20}}"#);
            let opened = after(&page, &call).expect("it can be opened");
            assert!(linked(&opened).starts_with(&format!("#/run/{moved}?at=20")), "{link}");
        }
        let opened = after(&page, r#"{"lightcone":1,"call":"open","link":"lamport"}"#).expect("it can be opened");
        assert_eq!(linked(&opened), "#/lamport");
    }

    #[test]
    fn a_promise_that_breaks_is_told() {
        let whole = gallery::find("raft", "figure-8").expect("the gallery has it");
        let [broken, kept] = [&whole.scenario, &whole.without_flaws()].map(lightcone_engine::simulate);
        let turns = turned(&kept, &broken);
        assert_eq!((turns.is_empty(), &turns), (false, &turned(&broken, &kept)));
        assert!(turned(&broken, &broken).is_empty());
    }

    #[test]
    fn whatever_is_said_is_done_or_refused_in_a_sentence() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "1",
            "-1",
            "1e999",
            "0.0001",
            "null",
            "true",
            "\"lightcone\":1",
            "\"call\":",
            "\"show\"",
            "\"open\"",
            "\"style\"",
            "\"reset\"",
            "\"at\":",
            "\"select\":\"m3\"",
            "\"light\":\"why\"",
            "\"link\":",
            "\"raft/election\"",
            "\"beside\":\"no&at=1\"",
            "\"beside\":\"é\"",
            "\"scenario\":\"lightcone 1\\nprotocol raft\"",
            "\"id\":7",
            "\"steps\":",
            "99999999999",
            "\"theme\":\"&&==\"",
            "\u{0}",
            "\u{202e}",
        ];
        let page = election();
        let mut chance = fastrand::Rng::with_seed(16);
        let mut done = 0;
        for round in 0..20_000 {
            let some = |chance: &mut fastrand::Rng| pieces[chance.usize(..pieces.len())];
            let text: String = if round % 2 == 0 {
                (0..chance.usize(1..12)).map(|_| some(&mut chance)).collect()
            } else {
                let calls = ["show", "open", "style", "reset", "state", "wake"];
                let fields: String =
                    (0..chance.usize(..4)).map(|_| format!(",{}{}", some(&mut chance), some(&mut chance))).collect();
                format!("{{\"lightcone\":1,\"call\":\"{}\"{fields}}}", calls[chance.usize(..calls.len())])
            };
            match after(&page, &text) {
                Ok(_) => done += 1,
                Err(error) => assert!(error.message.ends_with('.'), "{text}: {}", error.message),
            }
        }
        assert!(done > 1_000, "{done} calls were done");
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let code = |text: &str| read(Some(text)).map_err(|error| error.code);
        let long = "x".repeat(MOST_OF_A_CALL);
        assert_eq!(code(&format!("{{\"lightcone\":1,\"call\":\"open\",\"link\":\"{long}\"}}")), Err(Code::TooLong));
        let word = &long[..MOST_OF_A_WORD + 1];
        assert_eq!(code(&format!("{{\"lightcone\":1,\"call\":\"show\",\"select\":\"{word}\"}}")), Err(Code::TooLong));
        assert_eq!(read(None).map_err(|error| error.code), Err(Code::NotJson));
    }
}
