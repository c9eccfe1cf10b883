//! Handing leadership over (dissertation §3.10).

use super::message::Say;
use super::server::{Role, Server};
use super::{Raft, Wait, passed};
use lightcone_engine::id::{NodeId, RequestId};
use lightcone_engine::operation::Answer;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};

/// A leader hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// To whom.
    pub to: NodeId,
    /// The operator's command.
    pub command: RequestId,
    /// Whether the other server has been told to stand.
    pub told: bool,
}

impl Server {
    /// The operator wants another server to lead.
    pub(super) fn on_transfer_command(&mut self, command: RequestId, to: NodeId, out: &mut Out<'_, Raft>) {
        let possible = self.role == Role::Leader && self.transfer.is_none();
        if !possible || to == self.me || to.0 >= self.servers {
            out.reply(command, Answer::Refused);
            return;
        }
        self.transfer = Some(Transfer { to, command, told: false });
        let longest = out.config().election.1;
        out.arm(Wait::Transfer, (longest, longest));
        // 2. It brings the other's log up to date.
        self.send_entries(to, out);
        self.hand_over_if_ready(out);
    }

    /// 3. Once the other has every entry, it is to stand at once.
    pub(super) fn hand_over_if_ready(&mut self, out: &mut Out<'_, Raft>) {
        let last = self.kept.log.last_index();
        let Some(transfer) = self.transfer.as_mut().filter(|transfer| !transfer.told) else { return };
        if self.peers[transfer.to.index()].matched == last {
            transfer.told = true;
            // Its election may come at any time from now on, in this term: no lease any more.
            self.lease.void = true;
            out.send(transfer.to, Say::TimeoutNow { term: self.kept.term });
        }
    }

    /// The leader wants it to lead.
    pub(super) fn on_timeout_now(&mut self, term: u32, out: &mut Out<'_, Raft>) {
        if term < self.kept.term {
            out.ignore(passed(term));
        } else if term > self.kept.term {
            self.enter_term(term, out);
            self.stand(true, out);
        } else if self.role != Role::Leader {
            self.stand(true, out);
        }
    }

    /// The other does not lead within an election time-out: it goes on leading itself.
    pub(super) fn on_transfer_timeout(&mut self, out: &mut Out<'_, Raft>) {
        if let Some(transfer) = self.transfer.take() {
            out.mark(Mark::Turning, Phrase::with("{node} does not take over", &[transfer.to.0.into()]));
            out.reply(transfer.command, Answer::Refused);
        }
    }

    /// A later term is here: leadership is handed over.
    pub(super) fn end_transfer(&mut self, out: &mut Out<'_, Raft>) {
        if let Some(transfer) = self.transfer.take() {
            out.disarm(Wait::Transfer);
            out.reply(transfer.command, Answer::Done);
        }
    }
}
