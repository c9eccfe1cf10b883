//! The lessons, as far as a page about a run needs to know of them. Their texts are in `lessons/`; `web/learn` makes pages of them.

use alloc::string::String;

/// A lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its number and its title: `2.1 A number that respects cause and effect`.
    pub heading: &'static str,
    /// The runs that it shows, with spaces between them: `lamport/figure`.
    runs: &'static str,
}

/// Two lines for each: heading and runs. A text takes less of a page than a table.
static LESSONS: &str = include_str!(concat!(env!("OUT_DIR"), "/lessons.txt"));

/// The lessons that show this run.
pub fn of_run<'a>(protocol: &'a str, slug: &'a str) -> impl Iterator<Item = Lesson> + 'a {
    all().filter(move |lesson| lesson.runs.split(' ').any(|run| run.split_once('/') == Some((protocol, slug))))
}

/// The lesson with this number: `2.1`.
#[must_use]
pub fn of_number(number: &str) -> Option<Lesson> {
    all().find(|lesson| lesson.heading.split_once(' ').is_some_and(|(own, _)| own == number))
}

fn all() -> impl Iterator<Item = Lesson> {
    let mut lines = LESSONS.lines();
    core::iter::from_fn(move || Some(Lesson { heading: lines.next()?, runs: lines.next()? }))
}

impl Lesson {
    /// The folder of its page, below `learn/`.
    #[must_use]
    pub fn folder(&self) -> String {
        folder(self.heading)
    }
}

/// The name of the folder for a number and a title: `2.1-a-number-that-respects-cause-and-effect`.
#[must_use]
pub fn folder(heading: &str) -> String {
    let mut folder = String::new();
    for letter in heading.chars() {
        match letter {
            '.' | '0'..='9' | 'a'..='z' => folder.push(letter),
            'A'..='Z' => folder.push(letter.to_ascii_lowercase()),
            '’' => {}
            _ if folder.ends_with('-') => {}
            _ => folder.push('-'),
        }
    }
    folder.truncate(folder.trim_end_matches('-').len());
    folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_run_has_the_lessons_that_show_it() {
        let folders = |protocol, slug| of_run(protocol, slug).map(|it| it.folder()).collect::<Vec<_>>();
        assert_eq!(folders("lamport", "figure"), ["2.1-a-number-that-respects-cause-and-effect"]);
        assert_eq!(folders("2pc", "happy"), ["5.1-all-or-nothing", "5.2-in-doubt"]);
        assert!(folders("raft", "no-such-run").is_empty());
    }

    #[test]
    fn a_folder_is_named_by_letters_alone() {
        assert_eq!(folder("6.5 Raft: who leads"), "6.5-raft-who-leads");
        assert_eq!(folder("1.2 One’s own, or (not)?"), "1.2-ones-own-or-not");
    }
}
