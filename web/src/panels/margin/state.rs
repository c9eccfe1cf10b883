//! The state of a node in the field's words: facts, and logs side by side with another node's.

use crate::words;
use lightcone_engine::Trace;
use lightcone_engine::id::{EventIndex, NodeId};
use lightcone_engine::protocol::{Inspection, Row, Table, Weight};
use lightcone_engine::run::World;
use lightcone_engine::run::trace::{Timer, TimerEnd};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::draw::shapes::tint;
use lightcone_figure::read::sentences;
use yew::prelude::*;

/// The inputs of [`node_state`].
#[derive(PartialEq)]
pub struct NodeStateProps {
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// The node whose state is shown.
    pub node: NodeId,
    /// The event after which it is looked at.
    pub event: EventIndex,
}

/// The node's facts and tables. Worked out only when one of these changes.
pub fn node_state(props: &NodeStateProps) -> Html {
    let world = props.trace.world_at(props.event);
    let other = compared(&props.trace, props.node, props.event);
    let other = other.and_then(|other| Some((other, inspect(&world, other)?)));
    let name = props.trace.name(props.node);
    let head = format!("State of {name}");
    let Some(own) = inspect(&world, props.node) else {
        return html! { <><h2>{ head }</h2><p class="note">{ words::STOPPED }</p></> };
    };
    html! {
        <>
            if !own.facts.is_empty() || own.tables.is_empty() { <h2>{ head }</h2> }
            <dl class="facts">
                { for own.facts.iter().map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value }</dd></> }) }
                { for pending(&props.trace, props.node, props.event).map(|timer| html! {
                    <><dt>{ sentences::sentence(sentences::timer(&props.trace, timer.id.kind)) }</dt><dd class="num">{ words::due(timer.due) }</dd></>
                }) }
            </dl>
            { side_by_side(&props.trace, &world) }
            { for own.tables.iter().map(|table| {
                let beside = other.as_ref().and_then(|(node, seen)| {
                    Some((props.trace.name(*node), seen.tables.iter().find(|each| each.name == table.name)?))
                });
                match beside.filter(|_| table.columns.len() == 2) {
                    None if table.columns.len() == 2 && table.rows.is_empty() => empty(table),
                    None => plain(&name, table),
                    Some(beside) => tables(&name, table, beside),
                }
            }) }
        </>
    }
}

fn inspect(world: &World, node: NodeId) -> Option<Inspection> {
    let mut view = Inspection::default();
    world.state(node)?.inspect(&mut view);
    Some(view)
}

/// The timers of a node that are armed after an event: when each is due if nothing stops it.
fn pending(trace: &Trace, node: NodeId, event: EventIndex) -> impl Iterator<Item = &Timer> {
    let ends = |end: TimerEnd| match end {
        TimerEnd::Armed => None,
        TimerEnd::Fired(at) | TimerEnd::Disarmed(at) => Some(at),
    };
    let armed = move |timer: &&Timer| timer.armed_by <= event && ends(timer.end).is_none_or(|at| at > event);
    trace.timers.iter().filter(move |timer| timer.id.node == node).filter(armed)
}

/// The logs of all nodes, a row each and a column for each place, as Raft's Figure 7 shows them; nothing if fewer than
/// three nodes keep a log of epochs.
fn side_by_side(trace: &Trace, world: &World) -> Html {
    let nodes = (0..trace.lanes().len() as u8).map(NodeId);
    let logs: Vec<(NodeId, Table)> = nodes
        .filter_map(|node| {
            let tables = inspect(world, node)?.tables;
            Some((node, tables.into_iter().find(|table| table.columns.len() == 2)?))
        })
        .collect();
    let entries = logs.iter().map(|(_, log)| log.rows.len()).max().unwrap_or(0);
    let epochs = logs.iter().flat_map(|(_, log)| &log.rows).any(|row| row.epoch > 0);
    if logs.len() < 3 || !epochs {
        return Html::default();
    }
    html! {
        <div class="logs">
            <table class="logt">
                <caption>{ words::ALL_LOGS }</caption>
                <thead><tr><td></td>{ for (1..=entries).map(|place| html! { <th scope="col">{ place }</th> }) }</tr></thead>
                <tbody>{ for logs.iter().map(|(node, log)| html! {
                    <tr><th scope="row">{ trace.name(*node) }</th>{ for (0..entries).map(|place| chip(log.rows.get(place))) }</tr>
                }) }</tbody>
            </table>
        </div>
    }
}

/// An entry as the chip of its epoch: its command is told by the title.
fn chip(row: Option<&Row>) -> Html {
    let Some(row) = row else { return html! { <td></td> } };
    let title = row.cells.iter().skip(1).cloned().collect::<Vec<_>>().join(" ");
    html! { <td {title}><i class={classes!("tm", tint(row.epoch), (!row.settled).then_some("open"))}>{ row.epoch }</i></td> }
}

/// Whom to set beside it: whoever leads in the highest epoch, else the node after it.
fn compared(trace: &Trace, node: NodeId, event: EventIndex) -> Option<NodeId> {
    let at = trace.event(event).at;
    let lanes = trace.lanes().iter().enumerate();
    let others: Vec<NodeId> = lanes
        .filter(|(place, lane)| !lane.client && *place != node.index())
        .map(|(place, _)| NodeId(place as u8))
        .collect();
    let leads = others.iter().filter_map(|other| {
        let status = trace.status_at(*other, at)?;
        (status.weight == Weight::Leads).then_some((status.epoch, *other))
    });
    let next = others.iter().find(|other| other.0 > node.0).or(others.first());
    leads.max_by_key(|(epoch, _)| *epoch).map(|(_, other)| other).or(next.copied())
}

fn empty(table: &Table) -> Html {
    html! { <dl class="facts"><dt>{ table.name }</dt><dd>{ "empty" }</dd></dl> }
}

/// The same table of two nodes, which give their names to the columns.
fn tables(name: &str, table: &Table, (other, others): (String, &Table)) -> Html {
    if table.rows.is_empty() && others.rows.is_empty() {
        return empty(table);
    }
    let caption = format!("{} of {name}, and {other}’s for comparison", table.name);
    let count = table.rows.len().max(others.rows.len());
    html! {
        <table class="logt">
            <caption>{ caption }</caption>
            <thead><tr>
                <th scope="col">{ table.columns.first().copied().unwrap_or_default() }</th>
                <th scope="col">{ name }</th>
                <th scope="col">{ other }</th>
            </tr></thead>
            <tbody>
                { for (0..count).map(|place| {
                    let (own, other) = (table.rows.get(place), others.rows.get(place));
                    let index = own.or(other).and_then(|row| row.cells.first()).cloned().unwrap_or_default();
                    html! {
                        <tr>
                            <td>{ index }</td>
                            { cell(own) }
                            { cell(other) }
                        </tr>
                    }
                }) }
            </tbody>
        </table>
    }
}

/// A table with columns of its own stands alone.
fn plain(name: &str, table: &Table) -> Html {
    html! {
        <table class="logt">
            <caption>{ format!("{} of {name}", table.name) }</caption>
            <thead><tr>{ for table.columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }</tr></thead>
            <tbody>{ for table.rows.iter().map(|row| html! {
                <tr class={(!row.settled).then_some("open")}>
                    { for row.cells.iter().enumerate().map(|(place, cell)| html! {
                        <td>
                            if place == 1 && row.epoch > 0 { <i class={classes!("tm", tint(row.epoch))}>{ row.epoch }</i> }
                            { cell }
                        </td>
                    }) }
                </tr>
            }) }</tbody>
        </table>
    }
}

fn cell(row: Option<&Row>) -> Html {
    let Some(row) = row else { return html! { <td class="none">{ "empty" }</td> } };
    let class = (!row.settled).then_some("open");
    html! {
        <td {class}>
            if row.epoch > 0 { <i class={classes!("tm", tint(row.epoch))}>{ row.epoch }</i> }
            { row.cells.iter().skip(1).filter(|cell| **cell != row.epoch.to_string()).cloned().collect::<Vec<_>>().join(" ") }
        </td>
    }
}
