//! What a run is called as it is shown.

use super::gallery::caption;
use super::numbered;
use super::run::State;
use crate::words;
use lightcone_figure::read::sentences;

/// The title and note of a run. If its events are numbered, they say what these come to: what breaks last, the goal that the last
/// event reaches, or what it misses.
#[must_use]
pub fn caption_of(run: &State) -> (String, String) {
    let (trace, Some(steps)) = (&run.trace, run.steps) else { return caption(run.scenario()) };
    let count = |event| numbered::count(trace, steps, trace.event(event).at).0;
    let breach = numbered::breach(trace).filter(|(event, ..)| trace.event(*event).at > steps);
    if let Some((event, property, sentence)) = breach {
        return (words::broken_in(property.name, count(event)), words::found_note(sentence));
    }
    let Some(last) = trace.last_event_by(trace.horizon()).filter(|last| trace.event(*last).at > steps) else {
        return caption(run.scenario());
    };
    let Some(title) = numbered::outcome(trace, last, count(last)) else { return caption(run.scenario()) };
    (title, words::reached_note(count(last), &sentences::event(trace, last)))
}
