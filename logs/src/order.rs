//! What came before what, by vector clocks (Fidge 1988, Mattern 1989): the messages that the clocks tell of, and all in which
//! the clocks contradict each other.

use crate::fault::{Faults, Problem};
use crate::read::Line;
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::run::trace::{Part, Recorded, Recording};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::{EventIndex, NodeId};

/// What these lines record; none if they contradict each other, or there are too many hosts.
pub(crate) fn recording(lines: &[Line], faults: &mut Faults) -> Option<Recording> {
    let clocks = Clocks::of(lines, faults)?;
    clocks.check_own(faults);
    clocks.check_others(faults);
    let steps = clocks.steps(faults);
    faults.is_empty().then(|| clocks.recorded(&steps?)).flatten()
}

/// The clocks of all events, with hosts by number.
struct Clocks<'a> {
    lines: &'a [Line],
    hosts: Vec<&'a str>,
    /// By event: its host, and how many events of each host it knows, hosts without a line last.
    host_of: Vec<usize>,
    counts: Vec<Vec<u32>>,
    /// By host: its events with their counts, in the order in which it counts them.
    own: Vec<SortedMap<(u32, usize)>>,
}

impl<'a> Clocks<'a> {
    fn of(lines: &'a [Line], faults: &mut Faults) -> Option<Clocks<'a>> {
        let mut numbers: SortedMap<&str, usize> = SortedMap::new();
        let mut hosts = Vec::new();
        for line in lines {
            if *numbers.or_insert(&line.host, hosts.len()) == hosts.len() {
                if hosts.len() == usize::from(MAX_NODES) {
                    faults.add(line.number, Problem::TooManyHosts);
                    return None;
                }
                hosts.push(line.host.as_str());
            }
        }
        let mut all =
            Clocks { lines, own: vec![SortedMap::new(); hosts.len()], hosts, host_of: Vec::new(), counts: Vec::new() };
        for (event, line) in lines.iter().enumerate() {
            let mut counts = vec![0; all.hosts.len()];
            for (name, count) in &line.clock {
                match numbers.get(&name.as_str()) {
                    Some(host) => counts[*host] = *count,
                    None if *count > 0 => {
                        let host = String::from(&*line.host);
                        faults.add(line.number, Problem::Unknown { host, of: name.clone(), count: *count });
                    }
                    None => {}
                }
            }
            let host = numbers.get(&line.host.as_str()).copied().unwrap_or(0);
            all.host_of.push(host);
            if counts[host] == 0 {
                faults.add(line.number, Problem::NoOwn { host: line.host.clone() });
            } else {
                all.own[host].add((counts[host], event));
            }
            all.counts.push(counts);
        }
        Some(all)
    }

    fn line(&self, event: usize) -> u32 {
        self.lines[event].number
    }

    fn name(&self, host: usize) -> String {
        self.hosts[host].into()
    }

    /// The event of a host that it counts by this number.
    fn event(&self, host: usize, count: u32) -> Option<usize> {
        let ((found, event), ()) = *self.own[host].from(&(count, 0)).next()?;
        (found == count).then_some(event)
    }

    /// Each host counts its own events, one by one, from 1.
    fn check_own(&self, faults: &mut Faults) {
        for (host, own) in self.own.iter().enumerate() {
            let mut before: Option<usize> = None;
            for &((count, event), ()) in own {
                let last = before.map(|before| (self.counts[before][host], self.line(before)));
                match last {
                    Some((last, other)) if last == count => {
                        faults.add(self.line(event), Problem::Twice { host: self.name(host), count, other });
                        continue;
                    }
                    _ if count != last.map_or(1, |(last, _)| last + 1) => {
                        faults.add(self.line(event), Problem::Skips { host: self.name(host), count, before: last });
                    }
                    _ => {}
                }
                before = Some(event);
            }
        }
    }

    /// No host forgets what it knew, and who knows an event knows all that was known there.
    fn check_others(&self, faults: &mut Faults) {
        for (host, own) in self.own.iter().enumerate() {
            let mut last = None;
            for &((_, event), ()) in own {
                let before = last.replace(event);
                for of in (0..self.hosts.len()).filter(|of| *of != host) {
                    let count = self.counts[event][of];
                    let knew = before.map_or(0, |before| self.counts[before][of]);
                    if let Some(before) = before.filter(|_| count < knew) {
                        let (host, of, before) = (self.name(host), self.name(of), (knew, self.line(before)));
                        faults.add(self.line(event), Problem::Back { host, of, count, before });
                    } else if count > knew {
                        self.check_heard(event, of, count, faults);
                    }
                }
            }
        }
    }

    fn check_heard(&self, event: usize, of: usize, count: u32, faults: &mut Faults) {
        let Some(other) = self.event(of, count) else {
            let host = self.name(self.host_of[event]);
            return faults.add(self.line(event), Problem::Unknown { host, of: self.name(of), count });
        };
        let own = self.host_of[event];
        let less = |host: &usize| {
            let (here, there) = (self.counts[event][*host], self.counts[other][*host]);
            // Of what no line tells, that line is told already.
            *host != own && here < there && self.event(*host, there).is_some()
        };
        if let Some(host) = (0..self.hosts.len()).find(less) {
            let counts = (self.counts[event][host], self.counts[other][host]);
            faults.add(self.line(event), Problem::Forgets { other: self.line(other), of: self.name(host), counts });
        }
    }

    /// The event before this one on its host, and the events of other hosts of which this one is the first to know there.
    fn causes(&self, event: usize) -> (Option<usize>, Vec<usize>) {
        let host = self.host_of[event];
        let count = self.counts[event][host];
        let before = self.event(host, count.saturating_sub(1)).filter(|before| *before != event);
        let news = (0..self.hosts.len()).filter(|of| *of != host).filter_map(|of| {
            let known = self.counts[event][of];
            (known > before.map_or(0, |before| self.counts[before][of])).then(|| self.event(of, known)).flatten()
        });
        let news: Vec<usize> = news.collect();
        (before, news)
    }

    /// The step of each event: one more than that of all that led to it. None if some lead to each other.
    fn steps(&self, faults: &mut Faults) -> Option<Vec<u32>> {
        let events = self.lines.len();
        let mut leads_to = vec![Vec::new(); events];
        let wait = |event| {
            let (before, news) = self.causes(event);
            let causes = before.into_iter().chain(news);
            causes.map(|cause: usize| leads_to[cause].push(event)).count()
        };
        let mut waits: Vec<usize> = (0..events).map(wait).collect();
        let mut steps = vec![1; events];
        let mut ready: Vec<usize> = (0..events).filter(|event| waits[*event] == 0).collect();
        let mut done = 0;
        while let Some(event) = ready.pop() {
            done += 1;
            for next in &leads_to[event] {
                steps[*next] = u32::max(steps[*next], steps[event] + 1);
                waits[*next] -= 1;
                if waits[*next] == 0 {
                    ready.push(*next);
                }
            }
        }
        if done == events {
            return Some(steps);
        }
        self.tell_circle(&waits, faults);
        None
    }

    /// Tells of one circle: from an event that waits, to a cause of it that waits, until one comes again.
    fn tell_circle(&self, waits: &[usize], faults: &mut Faults) {
        let Some(first) = waits.iter().position(|waits| *waits > 0) else { return };
        let mut way = vec![first];
        let circle = loop {
            let (before, news) = self.causes(way[way.len() - 1]);
            let Some(cause) = news.into_iter().chain(before).find(|cause| waits[*cause] > 0) else { return };
            if let Some(place) = way.iter().position(|event| *event == cause) {
                break &way[place..];
            }
            way.push(cause);
        };
        let lines: SortedMap<u32> = circle.iter().map(|event| (self.line(*event), ())).collect();
        let mut lines = lines.into_iter().map(|(line, ())| line);
        // A long circle is told by its first lines.
        let first = lines.next().unwrap_or(0);
        faults.add(first, Problem::Circle { others: lines.take(MOST_OF_A_CIRCLE).collect() });
    }

    fn recorded(&self, steps: &[u32]) -> Option<Recording> {
        let last = steps.iter().copied().max().unwrap_or(0) as usize;
        let mut by_step = vec![Vec::new(); last + 1];
        let own = self.own.iter().flatten();
        own.for_each(|((_, event), ())| by_step[steps[*event] as usize].push(*event));
        let order: Vec<usize> = by_step.concat();
        let mut placed = vec![0; self.lines.len()];
        order.iter().enumerate().for_each(|(place, event)| placed[*event] = place);
        let events = order.iter().map(|event| {
            let line = &self.lines[*event];
            let heard = self.heard(*event).into_iter().map(|sender| EventIndex(placed[sender] as u32)).collect();
            let node = NodeId(self.host_of[*event] as u8);
            Recorded { node, step: steps[*event], line: line.number, text: line.text.clone(), heard, part: Part::None }
        });
        let lanes = self.hosts.iter().map(|host| (*host).into()).collect();
        (!order.is_empty()).then(|| Recording { lanes, events: events.collect(), ..Recording::default() })
    }

    /// The events whose messages this one received: all that are news to it, except those of which another of these knows.
    fn heard(&self, event: usize) -> Vec<usize> {
        let (_, news) = self.causes(event);
        let knows = |one: usize, other: usize| {
            let host = self.host_of[other];
            one != other && self.counts[one][host] >= self.counts[other][host]
        };
        news.iter().copied().filter(|each| !news.iter().any(|other| knows(*other, *each))).collect()
    }
}

/// Lines that are told of one circle, besides the first.
const MOST_OF_A_CIRCLE: usize = 5;
