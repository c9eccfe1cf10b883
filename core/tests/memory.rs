//! Decoders allocate at most 1 MiB, whatever their input.
#![allow(unsafe_code)] // A counting allocator cannot be written without.

use lightcone_engine::limits::{MAX_LINK_BYTES, MAX_TEXT_BYTES};
use lightcone_formats::{link, text};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.get() + layout.size();
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        // SAFETY: the caller keeps the promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        // SAFETY: the caller keeps the promises.
        unsafe { System.dealloc(place, layout) }
    }
}

/// The most bytes that were held at one moment of `work`, besides those held before.
fn most_bytes<T>(work: impl FnOnce() -> T) -> usize {
    let before = HELD.get();
    MOST.set(before);
    drop(work());
    MOST.get() - before
}

#[test]
fn no_input_makes_a_decoder_hold_more_than_a_mebibyte() {
    let head = "lightcone 1\nprotocol lamport 1\n";
    let lines = [
        "",
        "note",
        "note x",
        "set nodes 3",
        "script",
        "script\ndrop c1>N1 Write#1",
        "moves\nat 1 ms crash N1",
        "expect",
        "expect\nholds",
        "title x",
        "x",
        "\n",
    ];
    for line in lines {
        for repeated in [line, line.lines().last().unwrap_or("")] {
            let mut given = format!("{head}{line}\n");
            while given.len() + repeated.len() < MAX_TEXT_BYTES {
                given.push_str(repeated);
                given.push('\n');
            }
            let most = most_bytes(|| text::decode(&given, lightcone_protocols::PROTOCOLS));
            assert!(most <= 1 << 20, "{line:?} repeated takes {most} bytes");
        }
    }
    for byte in 0..=255 {
        // As many bytes as a link can have; and every count as large as it can be said.
        let body = [&[1, 1, byte], &[0xFF; 3][..], &[byte; MAX_LINK_BYTES / 4 * 3 - 10]].concat();
        let forms =
            [(link::FORMAT, &*body), (link::FORMAT, &body[..40]), (link::ASKING, &body), (link::ASKING, &body[1..])];
        for given in forms.map(|(format, body)| link::seal(format, body)) {
            let most = most_bytes(|| link::decode(&given, lightcone_protocols::PROTOCOLS));
            assert!(most <= 1 << 20, "{byte} repeated takes {most} bytes");
        }
    }
}
