//! The link form: a scenario in the fragment of an address, in the alphabet of base64url without padding.
//!
//! A link holds the protocol, every setting that is not at its default, the seed and the edits. It never holds a state. It
//! is byte-aligned and not compressed, because a general compressor makes such links longer.
//!
//! | bytes | what | |
//! |-------|------|-|
//! | 1 | the format's version | these four are the same in every format, |
//! | 1 or 2 | length of the body | so that a page that is too old can tell |
//! | … | the body | *too new* from *damaged* |
//! | 3 | CRC-24 of all before | |
//!
//! Format 1 is a run, and format 2 a run with a question or an answer (`asking.rs`). `write.rs` describes the body. A changed character is a burst of at most six bits, which a CRC of 24 bits always finds.
//! A link that was cut is shorter than its length says.
//!
//! A link also means what it leaves out. The defaults of model, seed and horizon are frozen with the format; those of
//! parameters are frozen with the protocol's behaviour version. A link has no digest of the run: it would cost three
//! characters, and would change with details of the engine that no reader sees. The behaviour version tells what matters.

mod asking;
mod bytes;
mod error;
mod read;
mod write;

pub use asking::{Asks, encode_answer, encode_question};
pub use bytes::{ASKING, FORMAT};
pub use error::{Changed, LinkError};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::{CHECK_BYTES, Reader, crc24, from_base64, push_varint, to_base64};
use lightcone_engine::limits::MAX_LINK_BYTES;
use lightcone_engine::protocol::Protocols;
use lightcone_engine::run::Scenario;

/// A decoded link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The scenario. Its `version` is that of the link.
    pub scenario: Scenario,
    /// Set if the protocol has changed since the link was made: the run may end differently.
    pub changed: Option<Changed>,
    /// What the link is, besides a run: a question, an answer.
    pub asks: Asks,
}

/// The link form of `scenario`, which [`decode`] reads back if [`Scenario::check`] has nothing against it.
#[must_use]
pub fn encode(scenario: &Scenario) -> String {
    debug_assert_eq!(scenario.check(), Ok(()), "only valid scenarios are shared");
    seal(FORMAT, &write::body(scenario))
}

/// Makes a link of any body. It is public for tests; [`encode`] makes links of scenarios.
#[doc(hidden)]
#[must_use]
pub fn seal(format: u8, body: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(body.len() + 8);
    bytes.push(format);
    push_varint(&mut bytes, body.len() as u64);
    bytes.extend_from_slice(body);
    let check = crc24(&bytes).to_be_bytes();
    bytes.extend_from_slice(&check[1..]);
    to_base64(&bytes)
}

/// An address, or the end of one, without what the text that it was copied from has behind it: a full stop, a bracket, a new
/// line.
#[must_use]
pub fn pasted(address: &str) -> &str {
    let address = address.trim_start();
    let end = address.find(|letter: char| letter.is_whitespace() || letter.is_control()).unwrap_or(address.len());
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '/');
    address[..end].trim_end_matches(|letter| !belongs(letter))
}

/// Reads a link, which is the part of the address after the `#`. It may name one of `protocols`.
///
/// # Errors
/// Which of the ways in which a link can be bad this one is.
pub fn decode(link: &str, protocols: &Protocols) -> Result<Decoded, LinkError> {
    if link.len() > MAX_LINK_BYTES {
        return Err(LinkError::TooLong);
    }
    let (bytes, tidy) = from_base64(link).ok_or(LinkError::Damaged)?;
    let (format, body) = open(&bytes, tidy, protocols)?;
    let mut reader = Reader::new(body);
    let asks = if format == ASKING { asking::read(&mut reader)? } else { Asks::Nothing };
    let scenario = read::scenario(&mut reader, protocols)?;
    scenario.check().map_err(LinkError::Invalid)?;
    Ok(Decoded { changed: Changed::of(&scenario), scenario, asks })
}

/// The format and the body of an undamaged link. `tidy` says that no bit is left over.
fn open<'a>(bytes: &'a [u8], tidy: bool, protocols: &Protocols) -> Result<(u8, &'a [u8]), LinkError> {
    let cut = LinkError::Cut { readable: None };
    let Some((&format, rest)) = bytes.split_first() else { return Err(cut) };
    let mut reader = Reader::new(rest);
    let length = match reader.varint() {
        Ok(length) if length <= MAX_LINK_BYTES as u64 => length as usize,
        Ok(_) => return Err(LinkError::Damaged),
        Err(_) if reader.left() == 0 => return Err(cut),
        Err(_) => return Err(LinkError::Damaged),
    };
    let rest = reader.rest();
    if rest.len() < length + CHECK_BYTES {
        return match format {
            FORMAT | ASKING => {
                Err(LinkError::Cut { readable: readable(format, &rest[..length.min(rest.len())], protocols) })
            }
            _ => Err(LinkError::Damaged),
        };
    }
    let (body, check) = rest.split_at(length);
    let checked = &bytes[..bytes.len() - check.len()];
    if !tidy || check != &crc24(checked).to_be_bytes()[1..] {
        return Err(LinkError::Damaged);
    }
    match format {
        0 => Err(LinkError::Damaged),
        FORMAT | ASKING => Ok((format, body)),
        format => Err(LinkError::TooNew { format }),
    }
}

/// The readable part of a body whose end is missing: the run with its first moves.
fn readable(format: u8, body: &[u8], protocols: &Protocols) -> Option<Box<Scenario>> {
    let mut reader = Reader::new(body);
    if format == ASKING {
        asking::read(&mut reader).ok()?;
    }
    let scenario = read::beginning(&mut reader, protocols).ok()?;
    scenario.check().ok()?;
    Some(Box::new(scenario))
}
