//! What happened before what, for judges of numbers that events get: the largest number in everybody's past.
//!
//! Used where an effect must not get a smaller number than its cause: by Lamport timestamps and by sequence numbers. Whoever
//! judges asks no node's counter: what the nodes believe is what is on trial.
//!
//! Not every event has a number. So the past of a lane is that of its last event, and each number is compared with the largest in
//! the past of the event that gives it: whoever exceeds that exceeds all. After a crash the past is what the node had written to
//! stable storage: a number that a client saw and forgot is no cause of what it does later, for nothing that it does depends on it.

use lightcone_engine::hash::{hash64, loose};
use lightcone_engine::prelude::*;

/// The largest number in somebody's past, and the event that gave it.
pub type Past<T> = Option<(T, Witness)>;

/// Everybody's past.
#[derive(Clone, Debug)]
pub struct CausalPast<T> {
    /// Each lane's past.
    lanes: Vec<Past<T>>,
    /// The same when the lane last wrote to its disk: what a crash leaves of it.
    saved: Vec<Past<T>>,
    /// The past of each message under way, with a hash of what it says.
    travelling: SortedMap<MessageId, (u64, Past<T>)>,
}

impl<T: Hash> Hash for CausalPast<T> {
    /// A message under way is known by its ends and by what it says, not by its name.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.lanes, &self.saved).hash(state);
        loose(self.travelling.iter().map(|(id, (says, past))| (id.from, id.to, says, past)), state);
    }
}

impl<T: Copy + Ord + Hash> CausalPast<T> {
    /// At the start of a run of so many lanes.
    #[must_use]
    pub fn new(lanes: usize) -> CausalPast<T> {
        CausalPast { lanes: vec![None; lanes], saved: vec![None; lanes], travelling: SortedMap::new() }
    }

    /// The largest number in the past of the last event on this lane, that event included.
    #[must_use]
    pub fn of(&self, lane: NodeId) -> Past<T> {
        self.lanes[lane.index()]
    }

    /// Sees an event. `number` gives the number that a fact states, if it states one; `judge` hears of each, with the largest in
    /// its past.
    pub fn observe<P: Protocol>(
        &mut self,
        seen: &Seen<'_, P>,
        number: impl Fn(&P::Fact) -> Option<T>,
        mut judge: impl FnMut(NodeId, T, Past<T>),
    ) {
        let Some(node) = seen.node else { return };
        let lane = node.index();
        // A message brings the past of its sender: what is before its sending is before its arrival. So does a copy that a search
        // takes from a message under way.
        if let Cause::Deliver(message) = seen.cause
            && let Some((_, brought)) =
                self.travelling.remove(&message).or_else(|| self.travelling.get(&message.original()).copied())
        {
            self.lanes[lane] = brought.max(self.lanes[lane]);
        }
        for happening in seen.happenings {
            match happening {
                Happening::Happened(fact) => {
                    let Some(given) = number(seen.fact(fact)) else { continue };
                    judge(node, given, self.lanes[lane]);
                    self.lanes[lane] = Some((given, Witness(seen.event))).max(self.lanes[lane]);
                }
                Happening::Sent(sent) if sent.lost.is_none() => {
                    self.travelling.insert(sent.message, (hash64(seen.message(sent)), self.lanes[lane]));
                }
                _ => {}
            }
        }
        // A handler writes before it shows anything, so what it has written stands for all that it did.
        if seen.persisted() {
            self.saved[lane] = self.lanes[lane];
        }
        if seen.crashed() {
            self.lanes[lane] = self.saved[lane];
        }
    }
}
