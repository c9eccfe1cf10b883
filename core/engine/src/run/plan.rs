//! A scenario in a form that answers: what does the script or the reader say about this message, this timer, this handler,
//! this moment? Of two edits of the same name the later one wins.

use crate::draw::{self, Stream};
use crate::id::{MessageId, TimerId};
use crate::limits::MIN_TIMEOUT_MICROS;
use crate::model::Model;
use crate::protocol::{Action, AnyProtocol, Edit, Handling, Lane, Source};
use crate::run::scenario::Scenario;
use crate::sorted_map::SortedMap;
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;

/// A scenario in a form in which edits are found by what they name.
pub struct Plan {
    /// The protocol that runs.
    pub protocol: &'static dyn AnyProtocol,
    /// The protocol's `Config`.
    pub config: Rc<dyn Any>,
    /// The lanes of the run, in order.
    pub lanes: Vec<Lane>,
    /// The system model.
    pub model: Model,
    /// The seed of all draws.
    pub seed: u64,
    /// When the run ends.
    pub horizon: Time,
    /// Edits of messages: when a message arrives; none if it is dropped.
    pub messages: SortedMap<MessageId, Said<Option<Time>>>,
    /// Copies that edits make: when a copy arrives, by the copy's name.
    pub copies: SortedMap<MessageId, Said<Time>>,
    /// Edits of timers: when a timer fires.
    pub timers: SortedMap<TimerId, Said<Time>>,
    /// Crashes inside handlers: after how many effects.
    pub crashes: SortedMap<Handling, Said<u16>>,
    /// Actions with their times, in order of time.
    pub actions: Vec<(Time, Action, Source)>,
}

/// The effective edit of one message, timer or handler, and whose edit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The content of the edit.
    pub what: T,
    /// Whose edit it is: the script's or the reader's.
    pub source: Source,
    /// What the script says about the same thing, if anything. A reader's move is measured from there.
    pub scripted: Option<T>,
}

impl Plan {
    /// The plan of `scenario`. A parameter out of its range is moved to the nearest end of the range; decoders have refused
    /// such parameters before.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Plan {
        let protocol = scenario.protocol;
        let config = protocol.configure(&protocol.legal(&scenario.settings));
        let lanes = protocol.lanes_of(&*config);
        let mut plan = Plan {
            protocol,
            config,
            lanes,
            model: scenario.model,
            seed: scenario.seed,
            horizon: scenario.horizon,
            messages: SortedMap::new(),
            copies: SortedMap::new(),
            timers: SortedMap::new(),
            crashes: SortedMap::new(),
            actions: Vec::new(),
        };
        scenario.script.iter().for_each(|edit| plan.add(edit, Source::Script));
        scenario.moves.iter().for_each(|edit| plan.add(edit, Source::Hand));
        plan
    }

    fn add(&mut self, edit: &Edit, source: Source) {
        match *edit {
            Edit::Deliver { message, at } => {
                say(&mut self.messages, message, Some(at), source);
            }
            Edit::Drop { message } => {
                say(&mut self.messages, message, None, source);
            }
            Edit::Duplicate { copy, at } => {
                say(&mut self.copies, copy, at, source);
            }
            Edit::Fire { timer, at } => {
                say(&mut self.timers, timer, at, source);
            }
            Edit::CrashDuring { handling, after_effects } => {
                say(&mut self.crashes, handling, after_effects, source);
            }
            Edit::At { at, action } => {
                let place = self.actions.binary_search_by_key(&(at, action), |(at, action, _)| (*at, *action));
                // The same action at the same moment happens once.
                if let Err(place) = place {
                    self.actions.insert(place, (at, action, source));
                }
            }
        }
    }

    /// The number of lanes.
    #[must_use]
    pub fn nodes(&self) -> u8 {
        self.lanes.len() as u8
    }

    /// When a message sent at `sent` arrives by chance.
    #[must_use]
    pub fn drawn_arrival(&self, message: MessageId, sent: Time) -> Time {
        let micros = draw::between(self.seed, Stream::Latency, &message, self.model.links.latency_micros);
        self.model.legal_arrival(sent, sent.after(micros))
    }

    /// Whether chance loses a message.
    #[must_use]
    pub fn link_loses(&self, message: MessageId) -> bool {
        let links = &self.model.links;
        !links.reliable && draw::happens(self.seed, Stream::Loss, &message, links.loss_per_mille)
    }

    /// Whether chance delivers a message twice.
    #[must_use]
    pub fn link_doubles(&self, message: MessageId) -> bool {
        draw::happens(self.seed, Stream::Duplication, &message, self.model.links.duplication_per_mille)
    }

    /// How long a timer runs, in microseconds of its node's clock.
    #[must_use]
    pub fn drawn_timeout(&self, timer: TimerId, (least, most): (u64, u64)) -> u64 {
        let range = (least.max(MIN_TIMEOUT_MICROS), most.max(MIN_TIMEOUT_MICROS));
        draw::between(self.seed, Stream::Timeout, &timer, range)
    }

    /// The copies that edits make of `message`.
    pub fn copies_of(&self, message: MessageId) -> impl Iterator<Item = (MessageId, Said<Time>)> + '_ {
        let last = MessageId { copy: MessageId::LINK_COPY, ..message };
        self.copies.from(&message).take_while(move |(copy, _)| *copy < last).copied()
    }
}

/// The last edit counts; what the script said is kept beside it.
fn say<K: Ord, T: Copy>(all: &mut SortedMap<K, Said<T>>, about: K, what: T, source: Source) {
    let scripted = if source == Source::Script { Some(what) } else { all.get(&about).and_then(|said| said.scripted) };
    all.insert(about, Said { what, source, scripted });
}
