//! A server's state in the field's words.

use super::log::Log;
use super::server::{Kept, Role, Server};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::protocol::{Durable, Inspection, Row, Table};

fn name(server: NodeId) -> String {
    format!("S{}", server.0 + 1)
}

fn names(servers: NodeSet) -> String {
    servers.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The log; what is committed is settled.
fn log_table(log: &Log, commit: u32) -> Table {
    let row = |(place, entry): (usize, super::log::Entry)| {
        let index = place as u32 + 1;
        Row { epoch: entry.term, cells: vec![index.to_string(), entry.command.to_string()], settled: index <= commit }
    };
    Table { name: "Log", columns: &["Index", "Entry"], rows: log.entries().enumerate().map(row).collect() }
}

impl Durable for Kept {
    fn inspect(&self, view: &mut Inspection) {
        view.fact("Term", self.term.to_string());
        view.fact("Voted for", self.vote.map_or("nobody".into(), name));
        view.tables.push(log_table(&self.log, 0));
    }
}

impl Server {
    pub(super) fn inspect(&self, view: &mut Inspection) {
        let (log, term) = (&self.kept.log, self.kept.term);
        view.summary = self.summary();
        view.fact("Role", format!("{} of term {term}", self.role.word()));
        view.fact("Voted for", self.kept.vote.map_or("nobody".into(), name));
        if matches!(self.role, Role::Candidate | Role::PreCandidate) {
            view.fact("Votes", format!("{}, needs {}", names(self.votes), self.quorum()));
        } else if self.role == Role::Follower {
            view.fact("Leader", self.leader.map_or("unknown".into(), name));
        }
        view.fact("Commit index", self.commit.to_string());
        view.fact("Applied", self.machine.applied.to_string());
        if let Some(transfer) = &self.transfer {
            view.fact("Hands over to", name(transfer.to));
        }
        if self.lease.void {
            view.fact("Lease", "given up");
        }
        view.tables.push(log_table(log, self.commit));
        if self.role == Role::Leader && self.servers > 1 {
            view.tables.push(self.peer_table());
        }
        self.inspect_machine(view);
    }

    /// One or two facts for the lane head.
    fn summary(&self) -> String {
        match (self.role, self.kept.log.last_index()) {
            (Role::Candidate | Role::PreCandidate, _) => format!("{} of {} votes", self.votes.len(), self.quorum()),
            (_, 0) => self.kept.vote.map_or_else(String::new, |vote| format!("voted for {}", name(vote))),
            (_, last) => format!("log {last}, commit {}", self.commit),
        }
    }

    fn peer_table(&self) -> Table {
        let row = |server: NodeId| {
            let peer = &self.peers[server.index()];
            let settled = peer.matched == self.kept.log.last_index();
            Row { epoch: 0, cells: vec![name(server), peer.next.to_string(), peer.matched.to_string()], settled }
        };
        Table { name: "Followers", columns: &["Server", "Next", "Match"], rows: self.others().map(row).collect() }
    }

    fn inspect_machine(&self, view: &mut Inspection) {
        let written = self.machine.store.iter().filter_map(|(key, register)| Some(format!("{key} = {}", register.0?)));
        let written: Vec<String> = written.collect();
        if !written.is_empty() {
            view.fact("Store", written.join(", "));
        }
        let rows = self.machine.sessions.iter().map(|session| {
            let client = format!("c{}", session.client.0 - self.servers + 1);
            Row {
                epoch: 0,
                cells: vec![client, session.sequence.to_string(), session.answer.to_string()],
                settled: true,
            }
        });
        let rows: Vec<Row> = rows.collect();
        if !rows.is_empty() {
            view.tables.push(Table { name: "Sessions", columns: &["Client", "Request", "Answer"], rows });
        }
        let rows = self.reads.iter().map(|read| {
            let client = format!("c{}", read.client.0 - self.servers + 1);
            Row { epoch: 0, cells: vec![client, read.key.to_string(), read.index.to_string()], settled: false }
        });
        let rows: Vec<Row> = rows.collect();
        if !rows.is_empty() {
            view.tables.push(Table { name: "Reads that wait", columns: &["Client", "Key", "Read index"], rows });
        }
    }
}
