//! Names parts of a frame in the browser's timeline while the page is measured; otherwise costs nothing.

/// Does a part of a frame under its name.
#[cfg(not(feature = "bench"))]
#[inline]
pub fn timed<T>(_: &str, part: impl FnOnce() -> T) -> T {
    part()
}

/// Does a part of a frame under its name.
#[cfg(feature = "bench")]
pub fn timed<T>(name: &str, part: impl FnOnce() -> T) -> T {
    let Some(timeline) = super::base::window().performance() else { return part() };
    let _ = timeline.mark(name);
    let done = part();
    let _ = timeline.measure_with_start_mark(name, name);
    done
}
