//! Who judges a run. Broadcasts are judged as total order broadcast, and as causal order. The resource is judged by the paper's
//! three conditions on it.
//!
//! The second condition is about the order in which requests are made. Of two of them one is first if it happened before the
//! other. The judge follows that itself, through every message from its sending to its arrival, and reads no timestamps.

use super::*;
use crate::parts::broadcast::{self, causal, name, reliable, total};
use lightcone_engine::hash::{hash64, loose};

promises! {
    from total::Promise, broadcast::Promise, causal::Promise;
    OneHolder: Always = "one-holder", "One holder",
        "A node that has the resource releases it before another gets it.", "Lamport 1978, condition I";
    RequestOrder: Always = "request-order", "Granted in the order of requests",
        "A request is granted only after every request that happened before it.", "Lamport 1978, condition II";
    Progress: ByTheEnd = "progress", "Progress",
        "While all nodes are up, each delivers whatever is broadcast, and every request is granted.",
        "Lamport 1978, condition III";
}

/// Requests that happened before something.
type Past = SortedMap<Item>;

/// Judges a run by what nodes say, and by which messages reach whom.
#[derive(Clone)]
pub struct Judge {
    broadcasts: broadcast::Judge,
    order: total::Judge,
    causes: causal::Judge,
    resource: Resource,
}

/// What is known of the resource and of the requests for it.
#[derive(Clone)]
struct Resource {
    /// Who has it, for which request, and when it got it.
    holder: Option<(Item, Witness)>,
    /// All requests: what happened before each, and when it was made.
    asked: SortedMap<Item, (Past, Witness)>,
    granted: SortedMap<Item, Witness>,
    /// What happened before the next event of each node.
    nodes: Vec<Past>,
    /// The same for messages under way, with a hash of what they say. Empty where nobody asks for the resource.
    travelling: SortedMap<MessageId, (u64, Past)>,
}

impl Hash for Judge {
    /// A message under way is known by its ends and by what it says, not by its name.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Resource { holder, asked, granted, nodes, travelling } = &self.resource;
        (&self.broadcasts, &self.order, &self.causes, holder, asked, granted, nodes).hash(state);
        loose(travelling.iter().map(|(id, (says, past))| (id.from, id.to, says, past)), state);
    }
}

impl Observer<Process> for Judge {
    fn new(config: &Config) -> Judge {
        let nothing = vec![Past::new(); config.nodes.into()];
        Judge {
            broadcasts: broadcast::Judge::new(config.nodes),
            order: total::Judge::new(config.nodes),
            causes: causal::Judge::new(config.nodes),
            resource: Resource {
                holder: None,
                asked: SortedMap::new(),
                granted: SortedMap::new(),
                nodes: nothing,
                travelling: SortedMap::new(),
            },
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Process>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if let Cause::Deliver(message) = seen.cause {
            self.resource.arrives(message, node);
        }
        for happening in seen.happenings {
            match happening {
                Happening::Happened(fact) => self.happens(node, seen.fact(fact), seen.event, findings),
                Happening::Sent(sent) if sent.lost.is_none() => {
                    self.resource.leaves(sent.message, hash64(seen.message(sent)));
                }
                _ => {}
            }
        }
    }

    fn at_end(&self, nodes: View<'_, Process>, findings: &mut Findings) {
        self.broadcasts.at_end::<Process>(findings);
        for promises in [total::Promise::ALL, causal::Promise::ALL] {
            self.broadcasts.untested::<Process>(promises, findings);
        }
        self.resource.untested(findings);
        let up: NodeSet = nodes.up().map(|(node, _)| node).collect();
        let all_up = up.len() as usize == self.resource.nodes.len();
        let nothing = self.broadcasts.broadcast().next().is_none() && self.resource.asked.is_empty();
        findings.untested_if(nothing, Promise::Progress, "nothing was asked");
        findings.untested_if(!all_up, Promise::Progress, "a node is down");
        if all_up {
            self.progress(up, findings);
        }
    }
}

impl Judge {
    /// All nodes are up: is anything left?
    fn progress(&self, all: NodeSet, findings: &mut Findings) {
        if let Some((node, item)) = reliable::missing(&self.broadcasts, all) {
            let sentence = || format!("{} has not delivered {item}.", name(node));
            findings.breaks(Promise::Progress, || Breach::of(sentence(), [node], self.broadcasts.broadcasting(item)));
        } else if let Some((item, when)) = self.resource.waiting() {
            let sentence = || format!("{item} is not granted.");
            findings.breaks(Promise::Progress, || Breach::of(sentence(), [item.0.node], [when]));
        } else {
            findings.reaches(Promise::Progress);
        }
    }

    fn happens(&mut self, node: NodeId, fact: &Fact, now: EventIndex, findings: &mut Findings) {
        match *fact {
            Fact::Broadcast { item, .. } => {
                self.broadcasts.broadcasts(item, now);
                self.causes.broadcasts(item);
            }
            Fact::Delivered { item } => {
                self.causes.delivers::<Process>(&self.broadcasts, node, item, findings);
                self.broadcasts.delivers::<Process>(node, item, now, findings);
                self.order.delivers::<Process>(node, item, now, findings);
            }
            Fact::Asked { item, .. } => self.resource.asks(item, now),
            Fact::Granted { item } => self.resource.gets(item, now, findings),
            Fact::Released { item } => {
                if self.resource.holder.as_ref().is_some_and(|(holder, _)| *holder == item) {
                    self.resource.holder = None;
                }
            }
        }
    }
}

impl Resource {
    /// A message brings what happened before its sending. So does a copy that a search takes from a message under way.
    fn arrives(&mut self, message: MessageId, node: NodeId) {
        let own = self.travelling.remove(&message);
        let Some((_, past)) = own.or_else(|| self.travelling.get(&message.original()).cloned()) else { return };
        past.into_iter().for_each(|(item, ())| {
            self.nodes[node.index()].add(item);
        });
    }

    fn leaves(&mut self, message: MessageId, says: u64) {
        let past = &self.nodes[message.from.index()];
        if !past.is_empty() {
            self.travelling.insert(message, (says, past.clone()));
        }
    }

    fn asks(&mut self, item: Item, now: EventIndex) {
        let past = &mut self.nodes[item.0.node.index()];
        self.asked.insert(item, (past.clone(), Witness(now)));
        past.add(item);
    }

    /// A node gets the resource: has somebody else got it, and was one before it in turn?
    fn gets(&mut self, item: Item, now: EventIndex, findings: &mut Findings) {
        let node = item.0.node;
        if let Some((holder, since)) = self.holder.replace((item, Witness(now))) {
            let sentence =
                || format!("{} gets the resource, which {} has not released.", name(node), name(holder.0.node));
            findings.breaks(Promise::OneHolder, || Breach::of(sentence(), [node, holder.0.node], [since]));
        }
        let past = self.asked.get(&item).map(|(past, _)| past);
        let passed_over = past.into_iter().flatten().find(|(before, ())| !self.granted.contains(before));
        if let Some((before, ())) = passed_over {
            let when = self.asked.get(before).map(|(_, when)| *when);
            let sentence = || format!("{item} is granted before {before}, which happened before it.");
            findings.breaks(Promise::RequestOrder, || Breach::of(sentence(), [node, before.0.node], when));
        }
        self.granted.insert(item, Witness(now));
    }

    /// The first request that is not granted, and when it was made.
    fn waiting(&self) -> Option<(Item, Witness)> {
        let (item, (_, when)) = self.asked.iter().find(|(item, _)| !self.granted.contains(item))?;
        Some((*item, *when))
    }

    fn untested(&self, findings: &mut Findings) {
        for promise in [Promise::OneHolder, Promise::RequestOrder] {
            findings.untested_if(self.asked.is_empty(), promise, "nobody asked for the resource");
            findings.untested_if(self.granted.is_empty(), promise, "nobody got the resource");
        }
    }
}
