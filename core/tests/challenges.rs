//! Every challenge can be solved in as many moves as its par says.

use lightcone_content::challenges::Posed;
use lightcone_content::shelf::ALL;
use lightcone_engine::simulate;
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;

fn all() -> Vec<Posed> {
    let files = ALL.iter().flat_map(|shelf| shelf.challenges);
    let read = |file| Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    files.map(read).collect()
}

#[test]
fn every_challenge_is_written_as_it_stands() {
    for file in ALL.iter().flat_map(|shelf| shelf.challenges) {
        let posed = Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{}: {error}", file.slug));
        let section = |text: &str| {
            let (_, after) = text.split_once("challenge\n").expect("a file has a section `challenge`");
            after.split_once("answer\n").map_or(after, |(before, _)| before).to_owned()
        };
        assert_eq!(section(file.text), section(&text::encode_question(&posed.question)), "{}", file.slug);
        assert!(!posed.question.challenge.shows.is_empty(), "{}: says what it shows", file.slug);
    }
}

#[test]
fn the_solution_of_every_challenge_solves_it_in_par() {
    for Posed { slug, question, solution, .. } in all() {
        let trace = simulate(&solution.scenario);
        let unmet: Vec<String> = question
            .challenge
            .goal
            .iter()
            .filter(|atom| !atom.is_true(&trace, solution.reply.picked))
            .map(|atom| atom.sentence(&trace))
            .collect();
        assert!(question.is_solved(&trace, solution.reply), "{slug}: {unmet:?}");
        assert_eq!(question.moves_of(&solution.scenario).ok(), question.challenge.par, "{slug}");
    }
}
