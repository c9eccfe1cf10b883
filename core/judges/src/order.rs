//! Which operations may take effect next: all that were called before the first answer that is still to be explained, or
//! of each process its next. Operations are numbered from 0 in the order of their calls.

use super::history::Endpoint;
use alloc::vec;
use alloc::vec::Vec;

/// What an order of operations must keep.
pub(super) trait Order {
    /// The first operation that may take effect now.
    fn first(&self) -> Option<u32>;
    /// The one after `operation` that may, too.
    fn after(&self, operation: u32) -> Option<u32>;
    /// It takes effect.
    fn take(&mut self, operation: u32);
    /// It has not taken effect after all. What was taken last is put back first.
    fn put_back(&mut self, operation: u32);
    /// The answered operation that must take effect before others come in reach, and how far that is.
    fn blocked_by(&self) -> Option<(u32, u32)>;
}

/// No operation.
pub(super) const NONE: u32 = u32::MAX;

/// Real time: calls and returns in a list, linked both ways; an operation that takes effect leaves it (Wing & Gong 1993).
/// Calls that are never answered stand in a list of their own and come last: mostly nobody needs them.
pub(super) struct RealTime {
    /// By place. The lists' heads come first; then the places are those of calls and returns in time.
    links: Vec<Link>,
    /// By operation: where its call and its return stand.
    places: Vec<(u32, u32)>,
}

struct Link {
    before: u32,
    after: u32,
    /// Whose call or return.
    operation: u32,
    is_call: bool,
}

/// The head of the calls that are answered, and their returns.
const ANSWERED: u32 = 0;
/// The head of the other calls.
const OPEN: u32 = 1;

impl RealTime {
    /// Of calls and returns in order; returns of operations that are answered only.
    pub(super) fn of(endpoints: &[Endpoint], operations: usize) -> RealTime {
        let mut places = vec![(NONE, NONE); operations];
        for (endpoint, place) in endpoints.iter().zip(OPEN + 1..) {
            match *endpoint {
                Endpoint::Call(operation) => places[operation as usize].0 = place,
                Endpoint::Return(operation) => places[operation as usize].1 = place,
            }
        }
        let mut links = Vec::with_capacity(endpoints.len() + 2);
        let mut last = [ANSWERED, OPEN];
        let head = || Link { before: NONE, after: NONE, operation: NONE, is_call: false };
        links.extend([head(), head()]);
        for (endpoint, place) in endpoints.iter().zip(OPEN + 1..) {
            let (Endpoint::Call(operation) | Endpoint::Return(operation)) = *endpoint;
            let list = usize::from(places[operation as usize].1 == NONE);
            let before = core::mem::replace(&mut last[list], place);
            links[before as usize].after = place;
            links.push(Link { before, after: NONE, operation, is_call: matches!(endpoint, Endpoint::Call(_)) });
        }
        RealTime { links, places }
    }

    fn after_place(&self, place: u32) -> u32 {
        self.links[place as usize].after
    }

    /// Where the first return stands; behind all, if there is none.
    fn first_return(&self) -> u32 {
        let mut place = self.after_place(ANSWERED);
        while self.links.get(place as usize).is_some_and(|link| link.is_call) {
            place = self.after_place(place);
        }
        place
    }

    /// The answered call that stands here; from the first return on, the first of the others that stands before it.
    fn candidate(&self, place: u32) -> Option<u32> {
        match self.links.get(place as usize) {
            Some(link) if link.is_call => Some(link.operation),
            _ => self.open(self.after_place(OPEN), place),
        }
    }

    fn open(&self, place: u32, before: u32) -> Option<u32> {
        self.links.get(place as usize).filter(|_| place < before).map(|link| link.operation)
    }

    fn leave(&mut self, place: u32) {
        let Link { before, after, .. } = self.links[place as usize];
        self.links[before as usize].after = after;
        if let Some(link) = self.links.get_mut(after as usize) {
            link.before = before;
        }
    }

    fn come_back(&mut self, place: u32) {
        let Link { before, after, .. } = self.links[place as usize];
        self.links[before as usize].after = place;
        if let Some(link) = self.links.get_mut(after as usize) {
            link.before = place;
        }
    }
}

impl Order for RealTime {
    fn first(&self) -> Option<u32> {
        self.candidate(self.after_place(ANSWERED))
    }

    fn after(&self, operation: u32) -> Option<u32> {
        let (call, answer) = self.places[operation as usize];
        let next = self.after_place(call);
        if answer == NONE { self.open(next, self.first_return()) } else { self.candidate(next) }
    }

    fn take(&mut self, operation: u32) {
        let (call, answer) = self.places[operation as usize];
        self.leave(call);
        if answer != NONE {
            self.leave(answer);
        }
    }

    fn put_back(&mut self, operation: u32) {
        let (call, answer) = self.places[operation as usize];
        if answer != NONE {
            self.come_back(answer);
        }
        self.come_back(call);
    }

    fn blocked_by(&self) -> Option<(u32, u32)> {
        let place = self.first_return();
        self.links.get(place as usize).map(|link| (link.operation, place))
    }
}

/// Program order: each process does its operations one after the other, and that is all (Lamport 1979).
pub(super) struct Program {
    /// By process: its operations, and how many of them took effect.
    lines: Vec<(Vec<u32>, usize)>,
    /// By operation: its process, and whether it is answered.
    of: Vec<(u32, bool)>,
}

impl Program {
    /// `of` says of each operation which process asked, numbered from 0, and whether it is answered.
    pub(super) fn of(of: Vec<(u32, bool)>) -> Program {
        let processes = of.iter().map(|(line, _)| line + 1).max().unwrap_or(0);
        let mut lines = vec![(Vec::new(), 0); processes as usize];
        for ((line, _), operation) in of.iter().zip(0..) {
            lines[*line as usize].0.push(operation);
        }
        Program { lines, of }
    }

    fn next_from(&self, line: usize) -> Option<u32> {
        self.lines[line..].iter().find_map(|(operations, taken)| operations.get(*taken).copied())
    }
}

impl Order for Program {
    fn first(&self) -> Option<u32> {
        self.next_from(0)
    }

    fn after(&self, operation: u32) -> Option<u32> {
        self.next_from(self.of[operation as usize].0 as usize + 1)
    }

    fn take(&mut self, operation: u32) {
        self.lines[self.of[operation as usize].0 as usize].1 += 1;
    }

    fn put_back(&mut self, operation: u32) {
        self.lines[self.of[operation as usize].0 as usize].1 -= 1;
    }

    fn blocked_by(&self) -> Option<(u32, u32)> {
        let next = self.lines.iter().filter_map(|(operations, taken)| operations.get(*taken).copied());
        next.filter(|operation| self.of[*operation as usize].1).min().map(|operation| (operation, 0))
    }
}
