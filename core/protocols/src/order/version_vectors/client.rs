//! What clients do: one operation after the other, at one replica, with the context of all that they have seen.

use super::{Command, Fact, Flaw, Message, Object, Vector, VersionVectors};
use lightcone_engine::prelude::*;

impl VersionVectors {
    /// The next request, once the last is answered. To use another replica is done at once.
    pub(super) fn ask_next(&mut self, out: &mut Out<'_, VersionVectors>) {
        while let Some((id, operation)) = self.requests.begin() {
            let number = id.ordinal;
            let message = match operation {
                Operation::Read { key } => Message::Read(number, key),
                Operation::Write { key, value } => {
                    Message::Write { number, key, value, context: self.context(key, out) }
                }
                _ => {
                    self.go_to(id, operation, out);
                    continue;
                }
            };
            return out.send(self.replica, message);
        }
    }

    fn go_to(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, VersionVectors>) {
        self.requests.finish(id.ordinal);
        match Command::of(operation) {
            Some(Command::GoTo(replica)) if replica.0 < out.config().replicas => {
                self.replica = replica;
                out.reply(id, Answer::Done);
            }
            _ => out.reply(id, Answer::Refused),
        }
    }

    /// What a write is to replace: all that the client has seen. The flaw forgets it.
    fn context(&self, key: Key, out: &Out<'_, VersionVectors>) -> Vector {
        let seen = self.contexts.get(&key).filter(|_| !out.config().has(Flaw::ContextForgotten));
        seen.cloned().unwrap_or_else(|| Vector::zero(out.config()))
    }

    /// A client is shown what is there, after a read as after a write. Another replica may have shown it more.
    pub(super) fn on_shown(&mut self, number: u16, key: Key, object: &Object, out: &mut Out<'_, VersionVectors>) {
        let current = self.requests.current();
        let Some(id) = self.requests.finish(number) else {
            return out.ignore(phrase!("the client does not wait for this answer"));
        };
        self.contexts.or_insert(key, Vector::zero(out.config())).join(&object.context);
        let values: Vec<(RequestId, Value)> = object.siblings.iter().map(|each| (each.write, each.value)).collect();
        // An answer has room for one value: of several, the largest. The fact says all.
        let answer = match current {
            Some((_, Operation::Read { .. })) => Answer::Value(values.iter().map(|(_, value)| *value).max()),
            _ => Answer::Done,
        };
        out.happened(Fact::Saw { key, values });
        out.reply(id, answer);
        self.ask_next(out);
    }
}
