//! What a reader sees of a protocol, as text: its first run in the gallery event by event, and then every word that its other
//! runs bring: marks, reasons, conditions, labels, and how promises break.

use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_engine::{Time, Trace, simulate};
use lightcone_formats::export::events;
use std::collections::BTreeSet;

/// The picture of the protocol with this name; none if the gallery has no run of it.
pub fn picture(protocol: &str) -> Option<String> {
    let own: Vec<Exhibit> = gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == protocol).collect();
    let first = own.first()?;
    let mut text = events(&simulate(&first.scenario), Time::ZERO, first.scenario.horizon);
    text.push_str("\nIn all runs:\n");
    let mut said = BTreeSet::new();
    own.iter().for_each(|exhibit| words(&simulate(&exhibit.scenario), &mut said));
    said.iter().for_each(|line| text.extend([line, "\n"]));
    Some(text)
}

/// Phrases as they are declared, with their blanks; of each kind of message its first label in the run.
fn words(trace: &Trace, said: &mut BTreeSet<String>) {
    for deed in &trace.deeds {
        match deed {
            Deed::Marked(mark, phrase) => said.insert(format!("{mark:?}: {}", phrase.text)),
            Deed::Ignored(why) => said.insert(format!("ignores it: {}", why.text)),
            Deed::Holds(belief) => said.insert(format!("believes: {belief}")),
            _ => false,
        };
    }
    for change in &trace.conditions {
        said.insert(format!("{:?}: {}", change.condition.what, change.condition.phrase.text));
    }
    for (place, kind) in trace.plan.protocol.kinds().iter().enumerate() {
        if let Some(message) = trace.messages.iter().find(|message| usize::from(message.id.kind) == place) {
            said.insert(format!("message {}: {}, {}", kind.name, kind.label, trace.label(message)));
        }
    }
    for message in &trace.messages {
        if let Some(why) = message.refusal {
            said.insert(format!("refuses {}: {}", trace.kind(message.id).name, why.text));
        }
    }
    for (property, verdict) in trace.specification().properties.iter().zip(&trace.verdicts) {
        let (Verdict::Broken { breach, .. } | Verdict::NotByTheEnd { breach: Some(breach) }) = verdict else {
            continue;
        };
        said.insert(format!("breaks {}: {}", property.id, breach.sentence));
    }
}
