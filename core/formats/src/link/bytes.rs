//! Bytes of links: base64url, the checksum, numbers of variable length.

use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::time::Time;

/// The format version of a run: a link's first byte.
pub const FORMAT: u8 = 1;
/// The format version of a link that is a question or an answer, too.
pub const ASKING: u8 = 2;

/// Bytes of the checksum.
pub(super) const CHECK_BYTES: usize = 3;
/// The seed of a link that has none.
pub(super) const SEED: u64 = 1;
/// The horizon of a link that has none.
pub(super) const HORIZON: Time = Time::from_millis(600);
/// The latency of a link that has none, in microseconds.
pub(super) const LATENCY_MICROS: (u64, u64) = (8_000, 14_000);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding (RFC 4648, section 5).
pub(super) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes(word);
        for place in 0..=chunk.len() {
            text.push(ALPHABET[(word >> (18 - 6 * place)) as usize & 63] as char);
        }
    }
    text
}

/// Decodes whole bytes, and says whether no bit is left over. None if a character is not in the alphabet.
pub(super) fn from_base64(text: &str) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut word, mut bits) = (0_u32, 0);
    for character in text.bytes() {
        word = word << 6 | sextet(character)?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    Some((bytes, word == 0 && bits < 6))
}

fn sextet(character: u8) -> Option<u32> {
    Some(
        match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        }
        .into(),
    )
}

/// The CRC-24 of OpenPGP (RFC 4880, section 6.1).
pub(super) fn crc24(bytes: &[u8]) -> u32 {
    let mut crc = 0x00B7_04CE_u32;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4CFB;
            }
        }
    }
    crc
}

/// Writes a number, seven bits a byte, the least first. The last byte has its top bit clear.
pub(super) fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Why reading stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end too early.
    End,
    /// The bytes are of no form that an encoder writes.
    Wrong,
    /// The link is about a protocol that is not here.
    UnknownProtocol { number: u8 },
    /// The link is for a newer behaviour version.
    NewerProtocol { title: &'static str, version: u8, here: u8 },
}

/// Reads bytes from the front.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// The number of bytes left.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    /// The bytes left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn byte(&mut self) -> Result<u8, Stop> {
        let (&byte, rest) = self.0.split_first().ok_or(Stop::End)?;
        self.0 = rest;
        Ok(byte)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Stop> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Stop::End)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// A number in its shortest form.
    pub(super) fn varint(&mut self) -> Result<u64, Stop> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits || (byte == 0 && shift > 0) {
                return Err(Stop::Wrong);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Stop::Wrong)
    }

    /// A number that must fit into its type.
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Result<T, Stop> {
        T::try_from(self.varint()?).map_err(|_| Stop::Wrong)
    }

    /// A signed number, in the order 0, -1, 1, -2, 2.
    pub(super) fn signed(&mut self) -> Result<i32, Stop> {
        let folded: u32 = self.number()?;
        Ok((folded >> 1) as i32 ^ -((folded & 1) as i32))
    }
}

/// Writes a signed number; numbers near 0 are short.
pub(super) fn push_signed(bytes: &mut Vec<u8>, number: i32) {
    push_varint(bytes, u64::from((number << 1 ^ number >> 31) as u32));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_crc_are_those_of_their_standards() {
        // RFC 4648, section 10, without padding.
        for (plain, coded) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            assert_eq!(to_base64(plain.as_bytes()), coded);
            assert_eq!(from_base64(coded), Some((plain.as_bytes().to_vec(), true)));
        }
        assert_eq!(to_base64(&[0xFB, 0xFF]), "-_8");
        assert_eq!(from_base64("Zh").map(|(_, tidy)| tidy), Some(false), "a bit is left over");
        assert_eq!(from_base64("Zm9vA").map(|(_, tidy)| tidy), Some(false), "a character is left over");
        assert_eq!(from_base64("Zg=="), None);
        // The check value of CRC-24/OPENPGP in the catalogue of CRC algorithms.
        assert_eq!(crc24(b"123456789"), 0x21_CF02);
    }

    #[test]
    fn numbers_come_back_and_have_one_form() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            push_varint(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).varint(), Ok(number));
            assert_eq!(Reader::new(&bytes[..bytes.len() - 1]).varint(), Err(Stop::End));
        }
        for number in [0, -1, 1, i32::MAX, i32::MIN] {
            let mut bytes = Vec::new();
            push_signed(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).signed(), Ok(number));
        }
        assert_eq!(Reader::new(&[0x80, 0]).varint(), Err(Stop::Wrong), "longer than it need be");
        assert_eq!(Reader::new(&[0xFF; 11]).varint(), Err(Stop::Wrong), "larger than any number");
    }
}
