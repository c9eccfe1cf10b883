//! A note inside a PNG file. A PNG is a signature and chunks; each chunk is its content's length, a name of four
//! letters, the content, and a checksum of name and content (PNG specification, third edition, sections 5.3 and
//! 11.3.3.2). A note is a `tEXt` chunk: a keyword, a zero byte, the text.

/// Signature and the first chunk, `IHDR`, which has a length of its own that never changes.
const HEAD: usize = 8 + 4 + 4 + 13 + 4;

/// The PNG with a note after its first chunk; as it is, if it is none. The texts are ASCII.
pub(super) fn with_note(mut png: Vec<u8>, keyword: &str, text: &str) -> Vec<u8> {
    if png.len() < HEAD || !png.starts_with(b"\x89PNG\r\n\x1a\n") {
        return png;
    }
    let named = [b"tEXt", keyword.as_bytes(), &[0], text.as_bytes()].concat();
    let length = (named.len() - 4) as u32;
    let chunk = [&length.to_be_bytes()[..], &named, &checksum(&named).to_be_bytes()].concat();
    png.splice(HEAD..HEAD, chunk);
    png
}

/// CRC-32 as in PNG and zip: the remainder of the bits, least significant first, by the polynomial 0xEDB88320.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |rest: u32, _| if rest & 1 == 1 { rest >> 1 ^ 0xedb8_8320 } else { rest >> 1 };
    !bytes.iter().fold(u32::MAX, |rest, byte| (0..8).fold(rest ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_specification() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn a_note_stands_after_the_first_chunk() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.resize(HEAD, 7);
        png.extend(b"rest");
        let noted = with_note(png.clone(), "Comment", "x");
        assert_eq!(noted[..HEAD], png[..HEAD]);
        assert_eq!(noted[HEAD..HEAD + 17], *b"\0\0\0\x09tEXtComment\0x");
        assert!(noted.ends_with(b"rest"));
        assert_eq!(noted.len(), png.len() + 12 + 9);
    }

    #[test]
    fn what_is_no_png_stays_as_it_is() {
        assert_eq!(with_note(b"GIF".to_vec(), "Comment", "x"), b"GIF");
    }
}
