//! The operator: a person, or a tool that a person uses. It alone decides who is the sequencer, and it knows nothing of
//! epochs.
//!
//! An order is given once and travels like any message: it may come late, or never. Then the operator gives another.

use super::Command;
use super::message::Message;
use lightcone_engine::prelude::*;

type Out<'a> = lightcone_engine::protocol::Out<'a, super::Sequencer>;

/// The operator.
#[derive(Clone, Debug, Default, Hash)]
pub struct Operator {
    /// Orders that have no answer.
    waiting: Vec<RequestId>,
}

impl Operator {
    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_>) {
        match Command::of(operation) {
            Some(Command::Promote(node)) if node.0 < out.config().nodes => {
                self.waiting.push(id);
                out.send(node, Message::Promote(id.ordinal));
            }
            _ => out.reply(id, Answer::Refused),
        }
    }

    pub(super) fn on_message(&mut self, message: &Message, out: &mut Out<'_>) {
        let &Message::Promoted(number, done) = message else { return };
        match self.waiting.iter().position(|id| id.ordinal == number) {
            Some(place) => out.reply(self.waiting.remove(place), if done { Answer::Done } else { Answer::Refused }),
            None => out.ignore(phrase!("order #{} has been answered", number)),
        }
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.count("Orders without an answer", self.waiting.len());
    }
}
