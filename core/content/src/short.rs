//! The short form of a file of the gallery: its run as a link, and what a link has not. A page that fetches the reader of texts later has
//! its runs in this form. The build makes it of the files; nobody writes it.

use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::protocol::Protocols;
use lightcone_formats::link;
use lightcone_formats::text::{Read, TextError, read};

/// Stands between the pieces: the link, the title, the note, the terms, the lines of what is expected. No text of a file has it.
pub const BETWEEN: char = '\0';
/// Stands between terms, as in a file.
pub const BETWEEN_TERMS: &str = ", ";

/// The short form of a file.
///
/// # Errors
/// The first line of the file that cannot be read.
pub fn of(text: &str, protocols: &Protocols) -> Result<String, TextError> {
    let Read { mut scenario, terms, expected, .. } = read(text, protocols)?.whole()?;
    let (title, note) = (core::mem::take(&mut scenario.title), core::mem::take(&mut scenario.note));
    let expected: Vec<&str> = expected.into_iter().map(|(_, line)| line).collect();
    let pieces = [link::encode(&scenario), title, note, terms.join(BETWEEN_TERMS), expected.join("\n")];
    Ok(pieces.join(BETWEEN.encode_utf8(&mut [0; 4])))
}
