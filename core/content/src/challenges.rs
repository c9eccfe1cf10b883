//! The challenges: the files of `challenges/`, a folder for each protocol that has some. A file is a scenario with a section
//! `challenge` ([`lightcone_formats::text`] has its words). Its moves, and its section `answer` if it has one, are a solution with
//! as many moves as its par says. Tests prove the par: nothing shorter solves it.

use crate::gallery::File;
use lightcone_engine::protocol::Protocols;
use lightcone_engine::run::question::{Attempt, Question};
use lightcone_formats::text::{TextError, decode_question};

// The list `ALL` of the files, made by the build.
include!(concat!(env!("OUT_DIR"), "/challenges.rs"));

/// A challenge as its file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posed {
    /// The protocol's name in addresses.
    pub protocol: &'static str,
    /// The challenge in words for addresses: the file's name; unique among those of the protocol.
    pub slug: &'static str,
    /// The question. Its title and note are those of its scenario.
    pub question: Question,
    /// A solution with as few moves as the par says.
    pub solution: Attempt,
}

impl Posed {
    /// Reads the file of a challenge; its protocol is one of these.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(file: &File, protocols: &Protocols) -> Result<Posed, TextError> {
        let (question, solution) = decode_question(file.text, protocols)?;
        Ok(Posed { protocol: file.protocol, slug: file.slug, question, solution })
    }
}
