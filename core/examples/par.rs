//! Computes the par of challenges: of all, or of those whose names hold the argument. A second argument bounds the moves, a third
//! the runs that are tried.
//!
//! ```sh
//! cargo run --release -p lightcone-tests --example par -- in-doubt
//! ```

use lightcone_content::challenges::Posed;
use lightcone_content::shelf::ALL;
use lightcone_engine::simulate;
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;
use lightcone_search::par::{Move, ParSearch};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let sought = arguments.next().unwrap_or_default();
    let moves = arguments.next().and_then(|number| number.parse().ok());
    let most = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(20_000_000);
    for file in ALL.iter().flat_map(|shelf| shelf.challenges).filter(|file| file.slug.contains(&sought)) {
        let posed = Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{}: {error}", file.slug));
        let trace = simulate(&posed.solution.scenario);
        for atom in &posed.question.challenge.goal {
            let is = atom.is_true(&trace, posed.solution.reply.picked);
            println!("  {} {}", if is { "yes" } else { "NO " }, atom.sentence(&trace));
        }
        let mut search = ParSearch::of(&posed.question, most).counting().to(moves.unwrap_or(u8::MAX));
        let par = search.run();
        println!("{}/{}: {par:?}, {} solutions, {} runs", file.protocol, file.slug, search.solutions(), search.tried());
        for each in search.solution().unwrap_or_default() {
            match each {
                Move::Edit(edit) => println!("    {}", text::encode_edit(&posed.question.scenario, edit)),
                other => println!("    {other:?}"),
            }
        }
    }
}
