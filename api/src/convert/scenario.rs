//! Scenarios: settings, model, seed, edits.

use super::edit::{edit, to_edit};
use crate::form::{Code, Edit, Error, FORM, Faults, Latency, Millis, Model, Scenario, Seed, Setting, Timing};
use crate::library::{Library, protocol};
use lightcone_engine::limits::MAX_EDITS;
use lightcone_engine::model;
use lightcone_engine::protocol::{FlawSet, Invalid, Parameter, Settings, Specification, Unit};
use lightcone_engine::time::Time;
use lightcone_formats::text::{Names, Problem, quoted, unknown};

/// The form of a scenario. Every knob is named, whether it is at its default or not.
#[must_use]
pub fn scenario(core: &lightcone_engine::Scenario) -> Scenario {
    let specification = core.protocol.specification();
    let knobs = specification.parameters.iter().zip(&core.settings.parameters);
    let flaws = (0..).zip(specification.flaws).filter(|(place, _)| core.settings.flaws.has(*place));
    let names = Names::of(core);
    Scenario {
        lightcone: FORM,
        protocol: specification.id.into(),
        behaviour: Some(core.version),
        title: core.title.clone(),
        note: core.note.clone(),
        settings: knobs.map(|(knob, value)| (knob.id.to_owned(), setting(knob, *value))).collect(),
        flaws: flaws.map(|(_, flaw)| flaw.id.to_owned()).collect(),
        seed: Seed(core.seed),
        horizon: at(core.horizon),
        model: model(&core.model),
        script: core.script.iter().map(|each| edit(each, &names, specification)).collect(),
        moves: core.moves.iter().map(|each| edit(each, &names, specification)).collect(),
    }
}

/// The scenario that a form means.
///
/// # Errors
/// The first part that names what is not there, or that is out of its bounds.
pub fn to_scenario(library: &Library, form: &Scenario) -> Result<lightcone_engine::Scenario, Error> {
    if form.lightcone != FORM {
        let message =
            format!("This scenario has version {} of the form; this program reads version {FORM}.", form.lightcone);
        return Err(Error::new(Code::TooNew, message));
    }
    let mut core = lightcone_engine::Scenario::new(protocol(library, &form.protocol)?);
    let specification = core.protocol.specification();
    let here = specification.version;
    core.version = form.behaviour.unwrap_or(here);
    if core.version > here {
        return Err(Problem::NewerProtocol { version: core.version, here }.into());
    }
    core.settings = settings(form, specification)?;
    core.model = to_model(&form.model)?;
    core.seed = form.seed.0;
    core.horizon = time(form.horizon).map_err(|error| error.inside("horizon"))?;
    (core.title, core.note) = (form.title.clone(), form.note.clone());
    // The names of lanes depend on the settings: these are checked first.
    core.check()?;
    let edits = form.script.len() + form.moves.len();
    if edits > MAX_EDITS {
        return Err(Invalid::range("number of edits", edits as u64, 0, MAX_EDITS as u64).into());
    }
    let names = Names::of(&core);
    core.script = to_edits("script", &form.script, &names, specification)?;
    core.moves = to_edits("moves", &form.moves, &names, specification)?;
    Ok(core)
}

fn to_edits(
    list: &str,
    edits: &[Edit],
    names: &Names,
    specification: &Specification,
) -> Result<Vec<lightcone_engine::Edit>, Error> {
    let read = |(place, form): (usize, &Edit)| {
        let edit =
            to_edit(form, names, specification).and_then(|edit| edit.check().map(|()| edit).map_err(Error::from));
        edit.map_err(|error| error.inside(&format!("{list}[{place}]")))
    };
    edits.iter().enumerate().map(read).collect()
}

/// The value of a knob with this number.
#[must_use]
pub fn setting(knob: &Parameter, value: u32) -> Setting {
    match knob.unit {
        Unit::Switch => Setting::Switch(value != 0),
        Unit::Choice(words) if (value as usize) < words.len() => Setting::Word(words[value as usize].to_owned()),
        Unit::Count | Unit::Millis | Unit::Choice(_) => Setting::Number(value),
    }
}

fn settings(form: &Scenario, specification: &Specification) -> Result<Settings, Error> {
    let mut settings = Settings::defaults(specification);
    for (name, value) in &form.settings {
        let ids = specification.parameters.iter().map(|knob| knob.id);
        let place =
            ids.clone().position(|id| id == name).ok_or_else(|| Error::from(unknown("parameter", name, ids)))?;
        let value = number(&specification.parameters[place], value);
        settings.parameters[place] = value.map_err(|error| error.inside(&format!("settings.{}", quoted(name))))?;
    }
    for name in &form.flaws {
        let ids = specification.flaws.iter().map(|flaw| flaw.id);
        let place = ids.clone().position(|id| id == name).ok_or_else(|| Error::from(unknown("flaw", name, ids)))?;
        if settings.flaws.has(place as u8) {
            return Err(Problem::Twice { word: quoted(name) }.into());
        }
        settings.flaws = FlawSet::with(settings.flaws, place as u8);
    }
    Ok(settings)
}

fn number(knob: &Parameter, value: &Setting) -> Result<u32, Error> {
    let expected = |what: &str| Err(Error::new(Code::WrongForm, format!("The value must be {what}.")));
    let value = match (knob.unit, value) {
        (Unit::Switch, Setting::Switch(on)) => u32::from(*on),
        (Unit::Count | Unit::Millis | Unit::Choice(_), Setting::Number(number)) => *number,
        (Unit::Choice(words), Setting::Word(word)) => {
            let place = words.iter().position(|each| each == word);
            place.ok_or_else(|| Error::from(unknown("choice", word, words.iter().copied())))? as u32
        }
        (Unit::Switch, _) => return expected("true or false"),
        (Unit::Count, _) => return expected("a whole number"),
        (Unit::Millis, _) => return expected("a whole number of milliseconds"),
        (Unit::Choice(words), _) => return expected(&format!("one of {}", words.join(", "))),
    };
    if (knob.least..=knob.most).contains(&value) { Ok(value) } else { Err(knob.invalid(value).into()) }
}

impl Default for Model {
    fn default() -> Model {
        model(&model::Model::default())
    }
}

/// The form of a model.
#[must_use]
pub fn model(core: &model::Model) -> Model {
    let links = &core.links;
    Model {
        timing: match core.timing {
            model::Timing::Asynchronous => Timing::Asynchronous {},
            model::Timing::Synchronous { bound_micros } => Timing::Synchronous { within: millis(bound_micros) },
            model::Timing::PartiallySynchronous { stable_from, bound_micros } => {
                Timing::PartiallySynchronous { from: at(stable_from), within: millis(bound_micros) }
            }
        },
        latency: Latency { least: millis(links.latency_micros.0), most: millis(links.latency_micros.1) },
        loss_per_mille: links.loss_per_mille,
        duplication_per_mille: links.duplication_per_mille,
        fifo: links.fifo,
        reliable: links.reliable,
        faults: match core.faults {
            model::Faults::CrashStop => Faults::CrashStop,
            model::Faults::CrashRecovery => Faults::CrashRecovery,
        },
    }
}

fn to_model(form: &Model) -> Result<model::Model, Error> {
    let micros = |millis| time(millis).map(Time::micros).map_err(|error| error.inside("model"));
    let timing = match form.timing {
        Timing::Asynchronous {} => model::Timing::Asynchronous,
        Timing::Synchronous { within } => model::Timing::Synchronous { bound_micros: micros(within)? },
        Timing::PartiallySynchronous { from, within } => model::Timing::PartiallySynchronous {
            stable_from: Time::from_micros(micros(from)?),
            bound_micros: micros(within)?,
        },
    };
    Ok(model::Model {
        timing,
        links: model::Links {
            latency_micros: (micros(form.latency.least)?, micros(form.latency.most)?),
            loss_per_mille: form.loss_per_mille,
            duplication_per_mille: form.duplication_per_mille,
            fifo: form.fifo,
            reliable: form.reliable,
        },
        faults: match form.faults {
            Faults::CrashStop => model::Faults::CrashStop,
            Faults::CrashRecovery => model::Faults::CrashRecovery,
        },
    })
}

/// A moment in the form.
pub(crate) fn at(time: Time) -> Millis {
    millis(time.micros())
}

/// A stretch of time in the form.
pub(crate) fn millis(micros: u64) -> Millis {
    Millis(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// The moment that a form means.
pub(crate) fn time(millis: Millis) -> Result<Time, Error> {
    let micros = u64::try_from(millis.0);
    micros
        .map(Time::from_micros)
        .map_err(|_| Error::new(Code::OutOfBounds, format!("The time is {millis} ms; times begin at 0.")))
}
