//! The verdicts under the figure. A promise that holds is quiet; only a broken promise gets colour and a place.

use crate::parts::icons::{Icon, icon};
use crate::state::beside::Setting;
use crate::state::run::Action;
use crate::state::{gallery, links, numbered};
use crate::{browser, words};
use lightcone_engine::protocol::{Property, When};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::changes;
use lightcone_figure::read::sentences::{moment, not_promised};
use lightcone_figure::read::views::same_views;
use yew::prelude::*;

/// Letters of verdicts in a row, and how many letters a sign and the gaps around it are worth.
const ROW: usize = 112;
const SIGN: usize = 7;

/// The inputs of [`verdicts`].
#[derive(Clone, PartialEq)]
pub struct VerdictsProps {
    /// The run that is shown: the preview while a message is held.
    pub trace: ByPointer<Trace>,
    /// The run before the move, to say what the move changed.
    pub before: Option<ByPointer<Trace>>,
    /// The moment after which events are numbered.
    pub steps: Option<Time>,
    /// Where the run stands, if it is one of two; nothing, if what is said is true of both.
    pub stands: Option<&'static str>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The rows "always" and "by the end", and the flaws that are on.
pub fn verdicts(props: &VerdictsProps) -> Html {
    let flaws = flaws(&props.trace);
    html! {
        <dl class="verdicts" aria-label={words::PROPERTIES}>
            { row(props, When::Always, words::ALWAYS) }
            { row(props, When::ByTheEnd, words::BY_THE_END) }
            if !flaws.is_empty() {
                <dt>{ if flaws.len() == 1 { words::FLAW_ON } else { words::FLAWS_ON } }</dt>
                <dd>{ for flaws.into_iter().map(|(place, flaw)| html! { <><span>{ flaw }</span>{ with_and_without(props, place) }</> }) }</dd>
            }
        </dl>
    }
}

/// Shows the run beside the one without its flaw.
fn with_and_without(props: &VerdictsProps, place: u8) -> Html {
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Beside(vec![Setting::Flaw(place)]));
    html! { <button type="button" class="btn line small" {onclick}>{ words::WITH_AND_WITHOUT }</button> }
}

/// The inputs of [`both`].
#[derive(PartialEq)]
pub struct BothProps {
    /// The upper run.
    pub above: VerdictsProps,
    /// The lower run.
    pub below: VerdictsProps,
}

/// The verdicts of two runs: which differ, and which are the same in both.
pub fn both(BothProps { above, below }: &BothProps) -> Html {
    let (mut same, mut differ) = (Vec::new(), Vec::new());
    for (place, property) in above.trace.specification().properties.iter().enumerate() {
        if is_same(above, below, place) {
            same.push(verdict(&VerdictsProps { stands: Some(""), ..above.clone() }, place, property));
        } else {
            differ.extend([above, below].map(|run| verdict(run, place, property)));
        }
    }
    let alike =
        same_views(&above.trace, &below.trace).iter().map(|[node, _]| above.trace.name(*node)).collect::<Vec<_>>();
    let rows = [(words::DIFFERS, differ), (words::THE_SAME, same)].into_iter().filter(|(_, row)| !row.is_empty());
    html! {
        <dl class="verdicts" aria-label={words::PROPERTIES}>
            { for rows.map(|(name, row)| html! { <><dt>{ name }</dt><dd>{ row }</dd></> }) }
            if !alike.is_empty() {
                <dt>{ words::CANNOT_TELL_APART }</dt>
                <dd>{ words::see_the_same(&alike) }</dd>
            }
        </dl>
    }
}

/// Whether the two runs say the same of a property; of a broken one, at the same moment.
fn is_same(above: &VerdictsProps, below: &VerdictsProps, place: usize) -> bool {
    let [one, other] = [above, below].map(|run| (&run.trace.verdicts[place], &run.trace));
    let broken = |(verdict, trace): (&Verdict, &ByPointer<Trace>)| match verdict {
        Verdict::Broken { .. } => changes::verdict_time(trace, verdict),
        _ => None,
    };
    std::mem::discriminant(one.0) == std::mem::discriminant(other.0) && broken(one) == broken(other)
}

/// The verdicts in one line, for narrow screens.
pub fn verdict_line(props: &VerdictsProps) -> Html {
    let trace = &props.trace;
    let (all, fails) = tally(&trace.verdicts, |place| trace.not_promised(place).is_none());
    let name = |place: usize| trace.specification().properties[place].name;
    let broken = fails.and_then(|place| match trace.verdicts[place] {
        Verdict::Broken { event, .. } => Some((place, event)),
        _ => None,
    });
    let line = match (broken, fails) {
        (Some((place, event)), _) if all.broken == 1 || (all.broken == 0 && all.unpromised == 1) => {
            let at = numbered::moment(trace, props.steps, trace.event(event).at);
            let promised = if all.broken == 1 { "" } else { words::NOT_PROMISED };
            format!("{}: broken at {at}{promised}", name(place))
        }
        (None, Some(place)) if all.open == 1 && all.unknown == 0 => format!("{}{}", name(place), words::NOT_BY_THE_END),
        _ => words::verdict_line(all),
    };
    match broken {
        None => {
            let sign = match fails {
                _ if all.unknown > 0 => Icon::CannotTell,
                Some(_) => Icon::Open,
                None if all.hold > 0 => Icon::Tick,
                None => Icon::Untested,
            };
            html! { <p class="verdict-line">{ icon(sign) }<span>{ line }</span></p> }
        }
        Some((_, event)) => {
            let look = visit(props, event);
            html! {
                <button type="button" class="verdict-line bad" aria-label={line.clone()} onclick={look}>{ icon(Icon::Broken) }<span>{ line }</span></button>
            }
        }
    }
}

/// How many properties have which verdict, and which fails: of those that break the first, one that is promised before one
/// that is not; or else the first that is promised and does not come by the end.
fn tally(verdicts: &[Verdict], promised: impl Fn(usize) -> bool) -> (words::Verdicts, Option<usize>) {
    let mut all = words::Verdicts::default();
    let mut fails = Vec::new();
    for (place, verdict) in verdicts.iter().enumerate() {
        let promised = promised(place);
        let count = match verdict {
            Verdict::Broken { event, .. } => {
                fails.push((u8::from(!promised), *event, place));
                if promised { &mut all.broken } else { &mut all.unpromised }
            }
            Verdict::NotByTheEnd { .. } if promised => {
                fails.push((2, EventIndex(0), place));
                &mut all.open
            }
            Verdict::NotPromised { .. } | Verdict::NotByTheEnd { .. } => continue,
            Verdict::Holds { .. } => &mut all.hold,
            Verdict::Untested { .. } => &mut all.untested,
            Verdict::CannotTell { .. } => &mut all.unknown,
        };
        *count += 1;
    }
    (all, fails.into_iter().min().map(|(.., place)| place))
}

fn flaws(trace: &Trace) -> Vec<(u8, &'static str)> {
    let flaws = (0..).zip(trace.specification().flaws);
    let on = flaws.filter(|(place, _)| trace.scenario.settings.flaws.has(*place));
    on.map(|(place, flaw)| (place, flaw.sentence.trim_end_matches('.'))).collect()
}

fn row(props: &VerdictsProps, when: When, name: &'static str) -> Html {
    let properties = props.trace.specification().properties.iter().enumerate();
    let places: Vec<_> = properties.filter(|(_, property)| property.when == when).collect();
    if places.is_empty() {
        return Html::default();
    }
    // First what is broken, then of what nobody can tell, last what was not put to the test.
    let rank = |place: usize| match props.trace.verdicts[place] {
        Verdict::Broken { .. } => 0,
        Verdict::CannotTell { .. } => 1,
        Verdict::Holds { .. } | Verdict::NotByTheEnd { .. } => 2,
        Verdict::Untested { .. } | Verdict::NotPromised { .. } => 3,
    };
    let of_rank = |wanted: u8| places.iter().filter(move |(place, _)| rank(*place) == wanted).copied();
    let in_turn: Vec<_> = (0..4).flat_map(of_rank).collect();
    let count = in_turn.iter().filter(|(place, _)| rank(*place) < 2).count();
    let shown = if when == When::Always { in_a_row(&props.trace, &in_turn).max(count) } else { in_turn.len() };
    let verdicts = |some: &[(usize, &'static Property)]| -> Vec<Html> {
        some.iter().map(|(place, property)| verdict(props, *place, property)).collect()
    };
    let rest = &in_turn[shown..];
    html! {
        <>
            <dt>{ name }</dt>
            <dd>
                { for verdicts(&in_turn[..shown]) }
                if !rest.is_empty() {
                    <details class="more-hold">
                        <summary>{ words::more_verdicts(rest.len(), rest.iter().any(|(place, _)| rank(*place) > 2)) }</summary>
                        { for verdicts(rest) }
                    </details>
                }
            </dd>
        </>
    }
}

/// How many verdicts fit in a row; all if only one more would not.
fn in_a_row(trace: &Trace, in_turn: &[(usize, &'static Property)]) -> usize {
    let mut letters = 0;
    let fit = in_turn.iter().take_while(|(place, property)| {
        let more = match trace.verdicts[*place] {
            Verdict::Untested { why } | Verdict::NotPromised { why } => 2 + why.len(),
            Verdict::CannotTell { .. } => words::CANNOT_TELL.len(),
            _ => 0,
        };
        letters += property.name.len() + more + SIGN;
        letters <= ROW
    });
    let fit = fit.count().max(1);
    if in_turn.len() <= fit + 1 { in_turn.len() } else { fit }
}

/// A verdict: pressed, focused or tapped, it says what the property is.
fn verdict(props: &VerdictsProps, place: usize, property: &'static Property) -> Html {
    let verdict = &props.trace.verdicts[place];
    let before = props.before.as_ref().and_then(|before| changes::verdict_time(before, before.verdicts.get(place)?));
    let at = changes::verdict_time(&props.trace, verdict);
    let (sign, more) = match verdict {
        Verdict::Broken { .. } => {
            let at = numbered::moment(&props.trace, props.steps, at.unwrap_or_default());
            (Icon::Broken, html! { <>{ ", " }<b class="num">{ words::broken_at(&at) }</b></> })
        }
        Verdict::Holds { .. } if props.stands == Some("") => (Icon::Tick, Html::default()),
        Verdict::Holds { .. } => (Icon::Tick, time(props, at, before)),
        Verdict::NotByTheEnd { .. } => {
            (Icon::Open, html! { <>{ words::NOT_BY_THE_END }{ before.map(words::before) }</> })
        }
        Verdict::Untested { why } | Verdict::NotPromised { why } => (Icon::Untested, html! { <>{ ": " }{ *why }</> }),
        Verdict::CannotTell { .. } => (Icon::CannotTell, html! { { words::CANNOT_TELL } }),
    };
    let broken = matches!(verdict, Verdict::Broken { .. });
    let quiet = matches!(verdict, Verdict::Untested { .. } | Verdict::NotPromised { .. });
    let look = match verdict {
        Verdict::Broken { event, .. } => Some(visit(props, *event)),
        _ => None,
    };
    let about = format!("property-{place}-{}", props.stands.unwrap_or_default());
    let stands = props.stands.map(|stands| html! { <b>{ " " }{ stands }</b> });
    html! {
        <span class="verdict" onkeydown={Callback::from(shut)}>
            <button type="button" class={classes!("vlink", broken.then_some("bad"), quiet.then_some("q"))} aria-describedby={about.clone()} onclick={look}>
                { icon(sign) }<span>{ property.name }{ more }{ stands }</span>
            </button>
            { beside(props, place) }
            { explained(props, place, property, about) }
        </span>
    }
}

/// What is said beside a verdict: that it is not promised, that a move is outside of what is assumed, or why nobody can tell.
fn beside(props: &VerdictsProps, place: usize) -> Html {
    let trace = &props.trace;
    let said = match &trace.verdicts[place] {
        Verdict::Broken { event, .. } => {
            let left = || trace.left_by(trace.event(*event).at).map(|how| how.sentence(trace.specification().title));
            trace.not_promised(place).map(not_promised).or_else(left)
        }
        Verdict::NotByTheEnd { .. } => trace.not_promised(place).map(not_promised),
        Verdict::CannotTell { why } if trace.stopped().is_none() => Some(why.to_string()),
        _ => None,
    };
    said.map_or_else(Html::default, |said| html! { <span class="q">{ said }</span> })
}

/// The note above a verdict: the property in a sentence, what this run says of it, a run that breaks it, and its source.
fn explained(props: &VerdictsProps, place: usize, property: &'static Property, id: String) -> Html {
    let here = match &props.trace.verdicts[place] {
        Verdict::Broken { breach, .. } => breach.sentence.clone(),
        Verdict::Holds { .. } => words::HOLDS_HERE.to_owned(),
        Verdict::NotByTheEnd { breach: Some(breach) } => breach.sentence.clone(),
        Verdict::NotByTheEnd { breach: None } => words::NOT_YET_HERE.to_owned(),
        Verdict::Untested { why } => words::untested_here(why),
        Verdict::NotPromised { why } => words::not_promised_here(why),
        Verdict::CannotTell { why } => why.to_string(),
    };
    let breaks =
        gallery::that_breaks(&props.trace.scenario, place).map(|exhibit| links::exhibit_route(&exhibit).href());
    html! {
        <span class="explains" {id}>
            <b>{ property.name }</b>
            <span>{ property.sentence }</span>
            <span>{ here }</span>
            <span class="q">{ property.source }</span>
            if let Some(href) = breaks { <a {href}>{ words::A_RUN_THAT_BREAKS_IT }</a> }
        </span>
    }
}

/// Escape shuts the note: it is open while something of it has the focus.
fn shut(event: KeyboardEvent) {
    if event.key() == "Escape" {
        event.stop_propagation();
        browser::let_go_of(&event);
    }
}

/// When a good moment comes. If a move changed it, the new time has the hand's colour and stands beside the old time,
/// struck.
fn time(props: &VerdictsProps, at: Option<Time>, before: Option<Time>) -> Html {
    let Some(at) = at else { return Html::default() };
    if props.before.is_none() || before == Some(at) {
        return html! { <span class="num q">{ format!(", at {}", numbered::moment(&props.trace, props.steps, at)) }</span> };
    }
    html! { <>{ ", at " }<b class="hand num">{ format!("{} ms", moment(at)) }</b>{ old(before) }</> }
}

fn old(before: Option<Time>) -> Html {
    match before {
        Some(before) => html! { <>{ " " }<s class="q num">{ moment(before) }</s></> },
        None => Html::default(),
    }
}

fn visit(props: &VerdictsProps, event: EventIndex) -> Callback<MouseEvent> {
    props.dispatch.reform(move |_| Action::Visit(event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_engine::NodeId;
    use lightcone_engine::protocol::Breach;

    fn broken(event: u32) -> Verdict {
        let event = EventIndex(event);
        Verdict::Broken { event, breach: Breach::of(String::new(), [NodeId(0)], [event]) }
    }

    const HOLDS: Verdict = Verdict::Holds { since: None };
    const KEPT: Verdict = Verdict::NotPromised { why: "" };
    const MISSED: Verdict = Verdict::NotByTheEnd { breach: None };

    /// The tally if only the last of these is not promised.
    fn of(verdicts: &[Verdict]) -> (words::Verdicts, Option<usize>) {
        tally(verdicts, |place| place + 1 < verdicts.len())
    }

    #[test]
    fn what_is_not_promised_is_not_counted_unless_it_breaks() {
        let all = words::Verdicts { hold: 2, ..words::Verdicts::default() };
        assert_eq!(of(&[HOLDS, HOLDS, KEPT]), (all, None));
        assert_eq!(of(&[HOLDS, HOLDS, MISSED]), (all, None), "a miss of what nobody promised is no failure");
        assert_eq!(of(&[HOLDS, HOLDS, broken(7)]), (words::Verdicts { unpromised: 1, ..all }, Some(2)));
    }

    #[test]
    fn what_is_promised_and_fails_comes_first_whenever_it_does() {
        let (all, fails) = of(&[HOLDS, broken(9), broken(7)]);
        assert_eq!((all.broken, all.unpromised, fails), (1, 1, Some(1)));
        assert_eq!(of(&[broken(9), broken(7), HOLDS]).1, Some(1), "the first that breaks");
        assert_eq!(of(&[MISSED, broken(7), HOLDS]).1, Some(1));
        assert_eq!(of(&[MISSED, HOLDS, broken(7)]).1, Some(2), "an octagon is pressed, a miss is not");
    }
}
