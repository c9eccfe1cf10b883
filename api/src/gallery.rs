//! What there is.

use crate::form::{Argument, Command, FORM, Flaw, Goal, Kind, Knob, Property, Protocol, Protocols, Run, Unit, When};
use crate::library::Library;
use lightcone_content::challenges::Posed;
use lightcone_content::gallery::File;
use lightcone_content::shelf::Shelf;
use lightcone_engine::protocol::{self, AnyProtocol, Parameter};

/// Every protocol of these shelves, with knobs, flaws, promises and runs, and with these challenges.
#[must_use]
pub fn protocols(library: &Library, challenges: &[File]) -> Protocols {
    let of_shelf = |shelf: &&'static Shelf| {
        let run = |slug: &str, title: &str| Run { name: format!("{}/{slug}", shelf.id), title: title.to_owned() };
        let asked = challenges.iter().filter(|file| file.protocol == shelf.id);
        let asked = asked.filter_map(|file| Posed::read(file, &[shelf.protocol]).ok());
        let challenges = asked.map(|posed| run(posed.slug, &posed.question.scenario.title)).collect();
        let runs = shelf.gallery().map(|each| run(each.slug, &each.title)).collect();
        Protocol { runs, challenges, ..described(shelf.protocol, shelf.chapter) }
    };
    Protocols { lightcone: FORM, protocols: library.iter().map(of_shelf).collect() }
}

fn described(family: &'static dyn AnyProtocol, chapter: &str) -> Protocol {
    let specification = family.specification();
    let goals = family.goals().map(|(_, id, sentence)| Goal { id: id.into(), sentence: sentence.into() });
    let kinds = family.kinds().iter().map(|kind| Kind { id: kind.name.into(), name: kind.label.into() });
    Protocol {
        id: specification.id.into(),
        behaviour: specification.version,
        chapter: chapter.into(),
        title: specification.title.into(),
        summary: specification.summary.into(),
        source: specification.source.into(),
        settings: specification.parameters.iter().map(knob).collect(),
        flaws: specification
            .flaws
            .iter()
            .map(|flaw| Flaw { id: flaw.id.into(), sentence: flaw.sentence.into() })
            .collect(),
        properties: specification.properties.iter().map(property).collect(),
        goals: goals.collect(),
        commands: specification.commands.iter().map(command).collect(),
        messages: kinds.collect(),
        timers: family.timers().iter().map(|timer| (*timer).into()).collect(),
        runs: Vec::new(),
        challenges: Vec::new(),
    }
}

fn knob(parameter: &Parameter) -> Knob {
    let (unit, words) = match parameter.unit {
        protocol::Unit::Count => (Unit::Count, &[][..]),
        protocol::Unit::Millis => (Unit::Millis, &[][..]),
        protocol::Unit::Switch => (Unit::Switch, &[][..]),
        protocol::Unit::Choice(words) => (Unit::Choice, words),
    };
    Knob {
        id: parameter.id.into(),
        name: parameter.name.into(),
        unit,
        least: parameter.least,
        most: parameter.most,
        default: crate::convert::setting(parameter, parameter.default),
        words: words.iter().map(|word| (*word).into()).collect(),
    }
}

fn property(property: &protocol::Property) -> Property {
    Property {
        id: property.id.into(),
        name: property.name.into(),
        when: match property.when {
            protocol::When::Always => When::Always,
            protocol::When::ByTheEnd => When::ByTheEnd,
        },
        sentence: property.sentence.into(),
        source: property.source.into(),
    }
}

fn command(command: &protocol::Command) -> Command {
    Command {
        id: command.id.into(),
        name: command.name.into(),
        argument: match command.argument {
            protocol::Argument::Nothing => Argument::Nothing,
            protocol::Argument::Node => Argument::Node,
            protocol::Argument::Number => Argument::Number,
        },
    }
}
