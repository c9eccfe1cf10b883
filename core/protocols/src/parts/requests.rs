//! A client's requests: one under way, the rest in a queue.
//!
//! Used by clients that ask one thing at a time: of a Raft cluster, of a quorum register, of a transaction manager. How a
//! client asks, and whom it asks when nobody answers, is its protocol's own: it sends what [`Requests::begin`] gives it and
//! arms a timer; when the timer fires it sends [`Requests::current`] once more; what [`Requests::finish`] gives it, it
//! answers, and begins the next.
//!
//! A request's number among its client's ([`RequestId::ordinal`]) travels with it and comes back with the answer. The
//! simulator counts over crashes, so a client that restarts does not use a number again: that makes asking twice harmless.

use lightcone_engine::prelude::*;

/// What a client was asked to do and has not answered. A crash forgets it.
#[derive(Clone, Debug, Hash)]
pub struct Requests<O = Operation> {
    /// Under way.
    current: Option<(RequestId, O)>,
    /// Not begun, oldest first.
    queue: VecDeque<(RequestId, O)>,
}

impl<O> Default for Requests<O> {
    fn default() -> Requests<O> {
        Requests { current: None, queue: VecDeque::new() }
    }
}

impl<O: Copy> Requests<O> {
    /// Puts a request at the end of the queue.
    pub fn push(&mut self, id: RequestId, operation: O) {
        self.queue.push_back((id, operation));
    }

    /// If nothing is under way, the oldest in the queue now is, and is returned: the client asks for it.
    pub fn begin(&mut self) -> Option<(RequestId, O)> {
        let next = self.queue.pop_front_if(|_| self.current.is_none())?;
        self.current = Some(next);
        self.current
    }

    /// The request under way.
    #[must_use]
    pub fn current(&self) -> Option<(RequestId, O)> {
        self.current
    }

    /// Whether the request with this number is under way. If not, an answer to it is late or a duplicate.
    #[must_use]
    pub fn is_current(&self, number: u16) -> bool {
        self.current.is_some_and(|(id, _)| id.ordinal == number)
    }

    /// The request with this number is over, if it is under way: the client answers what is returned.
    pub fn finish(&mut self, number: u16) -> Option<RequestId> {
        self.current.take_if(|(id, _)| id.ordinal == number).map(|(id, _)| id)
    }

    /// Adds to the margin how many requests are in the queue, if there are any.
    pub fn inspect_queue(&self, view: &mut Inspection) {
        view.count("Still to ask", self.queue.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn id(ordinal: u16) -> RequestId {
        RequestId { node: NodeId(3), ordinal }
    }

    #[test]
    fn one_request_is_under_way_and_the_rest_wait_in_order() {
        let mut requests = Requests::default();
        requests.push(id(1), 'a');
        requests.push(id(2), 'b');
        assert_eq!(requests.begin(), Some((id(1), 'a')));
        assert_eq!(requests.begin(), None, "the first is still under way");
        assert_eq!((requests.current(), requests.is_current(1)), (Some((id(1), 'a')), true));
        assert_eq!(requests.finish(1), Some(id(1)));
        assert_eq!(requests.begin(), Some((id(2), 'b')));
        assert_eq!((requests.finish(2), requests.begin()), (Some(id(2)), None));
    }

    #[test]
    fn an_answer_counts_once_and_for_its_own_request() {
        let mut requests = Requests::default();
        requests.push(id(4), ());
        requests.begin();
        assert_eq!((requests.finish(3), requests.is_current(4)), (None, true), "another request's");
        assert_eq!((requests.finish(4), requests.finish(4)), (Some(id(4)), None), "a duplicate");
    }

    #[test]
    fn the_margin_counts_what_has_not_begun() {
        let (mut requests, mut view) = (Requests::default(), Inspection::default());
        (1..=3).for_each(|number| requests.push(id(number), ()));
        requests.begin();
        requests.inspect_queue(&mut view);
        assert_eq!(view.facts, [("Still to ask", "2".into())]);
    }
}
