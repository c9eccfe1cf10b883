//! Histories like those of Jepsen's tests of etcd: one register that five processes read, write, and compare and set.

use lightcone_engine::hash::mix;
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_judges::History;

/// A history of a register.
pub type OfRegister = History<Operation, Answer>;

/// Operations of each.
pub const OPERATIONS: usize = 80;

const PROCESSES: usize = 5;

/// What a process waits for, and its answer once it took effect.
type Waits = Option<(Operation, Option<Answer>)>;

struct Test {
    draws: u64,
    history: OfRegister,
    register: Option<i32>,
    waits: [Waits; PROCESSES],
    /// A process that gave up is followed by one of another number.
    numbers: [u32; PROCESSES],
}

/// So many histories. In one of four a read was told another value, which mostly no order explains.
pub fn etcd(count: u64) -> Vec<OfRegister> {
    (0..count).map(|seed| history(seed, seed % 4 == 3)).collect()
}

fn history(seed: u64, broken: bool) -> OfRegister {
    let (draws, waits, numbers) = (mix(seed), [None; PROCESSES], [0, 1, 2, 3, 4]);
    let mut test = Test { draws, history: OfRegister::default(), register: None, waits, numbers };
    let mut lie = broken.then_some(OPERATIONS / 2);
    while test.history.entries().len() < OPERATIONS {
        let place = test.draw(PROCESSES as u64) as usize;
        match test.waits[place].take() {
            None => test.ask(place),
            Some((operation, None)) if test.draw(2) == 0 => {
                let answer = test.apply(operation);
                test.waits[place] = Some((operation, Some(answer)));
            }
            Some((operation, effect)) if test.draw(25) == 0 => {
                _ = (operation, effect);
                test.history.give_up(test.numbers[place]).expect("it waits");
                test.numbers[place] += PROCESSES as u32;
            }
            Some((operation, Some(answer))) if test.draw(2) == 0 => {
                let ready = lie.is_some_and(|from| test.history.entries().len() > from);
                let answer = match answer {
                    Answer::Value(value) if ready && lie.take().is_some() => {
                        Answer::Value(Some(value.map_or(0, |value| (value + 1) % 5)))
                    }
                    answer => answer,
                };
                test.end(place, operation, answer);
            }
            waits => test.waits[place] = waits,
        }
    }
    test.history
}

impl Test {
    fn draw(&mut self, bound: u64) -> u64 {
        self.draws = mix(self.draws.wrapping_add(0x9E37_79B9_7F4A_7C15));
        (self.draws >> 33) % bound
    }

    fn ask(&mut self, place: usize) {
        let (key, value) = (Key(0), self.draw(5) as i32);
        let operation = match self.draw(3) {
            0 => Operation::Read { key },
            1 => Operation::Write { key, value },
            _ => Operation::CompareAndSet { key, expected: self.draw(5) as i32, value },
        };
        self.history.call(self.numbers[place], operation).expect("it waits for nothing");
        self.waits[place] = Some((operation, None));
    }

    fn apply(&mut self, operation: Operation) -> Answer {
        match operation {
            Operation::Write { value, .. } => self.register = Some(value),
            Operation::CompareAndSet { expected, value, .. } if self.register == Some(expected) => {
                self.register = Some(value);
            }
            Operation::CompareAndSet { .. } => return Answer::Refused,
            _ => return Answer::Value(self.register),
        }
        Answer::Done
    }

    /// Jepsen tells a comparison that failed as an operation that did not happen.
    fn end(&mut self, place: usize, operation: Operation, answer: Answer) {
        let process = self.numbers[place];
        let failed = matches!(operation, Operation::CompareAndSet { .. }) && answer == Answer::Refused;
        let ended = if failed { self.history.fail(process) } else { self.history.answer(process, answer) };
        ended.expect("it waits");
    }
}
