//! The lessons, as far as a page about a run needs to know of them. Their texts are in `lessons/`; `web/learn` makes pages of them.

/// A lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its chapter and its place there: `2.1`.
    pub number: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The folder of its page, below `learn/`.
    pub folder: &'static str,
    /// The runs that it shows: `lamport/figure`.
    pub runs: &'static [&'static str],
}

static LESSONS: &[Lesson] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// The lessons that show this run, in order.
pub fn of_run<'a>(protocol: &'a str, slug: &'a str) -> impl Iterator<Item = &'static Lesson> + 'a {
    let named = move |run: &&str| run.strip_prefix(protocol).and_then(|rest| rest.strip_prefix('/')) == Some(slug);
    LESSONS.iter().filter(move |lesson| lesson.runs.iter().any(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_the_lessons_that_name_it() {
        let numbers = |protocol, slug| of_run(protocol, slug).map(|it| it.number).collect::<alloc::vec::Vec<_>>();
        assert_eq!(numbers("lamport", "figure"), ["2.1"]);
        assert_eq!(numbers("2pc", "happy"), ["5.1", "5.2"]);
        assert!(numbers("raft", "no-such-run").is_empty());
    }
}
