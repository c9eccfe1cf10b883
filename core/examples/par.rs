//! Computes the par of challenges: of all, or of those whose names hold the argument. A second argument bounds the moves, a third
//! the runs that are tried; a fourth, `write`, puts the first solution and the par into the file.
//!
//! ```sh
//! cargo run --release -p lightcone-tests --example par -- in-doubt
//! ```

use lightcone_content::challenges::{ALL, Posed};
use lightcone_content::gallery::File;
use lightcone_engine::run::question::{Attempt, Kind};
use lightcone_engine::{Scenario, simulate};
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;
use lightcone_search::par::{Move, Par, ParSearch};

/// Runs that are tried to count solutions.
const MOST_COUNTED: u64 = 200_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let sought = arguments.next().unwrap_or_default();
    let moves = arguments.next().and_then(|number| number.parse().ok());
    let most = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(20_000_000);
    let writes = arguments.next().is_some();
    for file in ALL.iter().filter(|file| file.slug.contains(&sought)) {
        let posed = Posed::read(file, PROTOCOLS).unwrap_or_else(|error| panic!("{}: {error}", file.slug));
        let trace = simulate(&posed.solution.scenario);
        for atom in &posed.question.challenge.goal {
            let is = atom.is_true(&trace, posed.solution.reply.picked);
            println!("  {} {}", if is { "yes" } else { "NO " }, atom.sentence(&trace));
        }
        let mut search = ParSearch::of(&posed.question, most).to(moves.unwrap_or(u8::MAX));
        let par = search.run();
        let mut all = ParSearch::of(&posed.question, MOST_COUNTED).counting().to(moves.unwrap_or(u8::MAX));
        all.run();
        let least = if all.tried() < MOST_COUNTED { "" } else { "at least " };
        let (solutions, tried) = (all.solutions(), search.tried());
        println!("{}/{}: {par:?}, {tried} runs; {least}{solutions} solutions", file.protocol, file.slug);
        for each in search.solution().unwrap_or_default() {
            match each {
                Move::Edit(edit) => println!("    {}", text::encode_edit(&posed.question.scenario, edit)),
                other => println!("    {other:?}"),
            }
        }
        if let (Par::Is(par), true) = (par, writes) {
            write(file, posed, par, search.solution().map(|way| search.after(way)));
        }
    }
}

/// The file with this par and this solution.
fn write(file: &File, mut posed: Posed, par: u8, solution: Option<Attempt>) {
    let Some(Attempt { scenario, mut reply }) = solution else { return };
    if posed.question.challenge.kind == Kind::Predict {
        reply.expects = posed.question.truths(&simulate(&scenario), reply);
    }
    posed.question.challenge.par = Some(par);
    let own = Scenario { moves: scenario.moves.clone(), ..posed.question.scenario.clone() };
    let indented = |lines: String| lines.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let challenge = indented(text::encode_challenge(&posed.question.challenge, &own));
    let turned = (0..scenario.settings.parameters.len())
        .filter(|place| own.settings.number(*place) != scenario.settings.number(*place));
    let mut answer: String = turned.map(|place| text::encode_knob(&scenario, place) + "\n").collect();
    answer +=
        &text::encode_reply(0, reply, &own).lines().skip(1).map(|line| line.to_owned() + "\n").collect::<String>();
    let answer = if answer.is_empty() { answer } else { format!("answer\n{}", indented(answer)) };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../content/challenges");
    let path = format!("{folder}/{}/{}.scenario", file.protocol, file.slug);
    std::fs::write(&path, format!("{}challenge\n{challenge}{answer}", text::encode(&own)))
        .expect("the file can be written");
}
