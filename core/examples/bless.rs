//! Writes the digests of the gallery's runs into their files, and what a reader sees of each protocol into
//! `content/pictures/`: `cargo run -p lightcone-tests --example bless`.
//!
//! After that `git diff` shows which runs changed. Each of them needs a reason, and if links to it were
//! published, its protocol a new behaviour version.

use lightcone_content::shelf::ALL;
use lightcone_engine::simulate;
use lightcone_protocols::PROTOCOLS;
use lightcone_tests::files::folder;
use lightcone_tests::picture::picture;
use std::fs;
use std::path::Path;

fn main() {
    let mut changed = 0;
    for file in ALL.iter().flat_map(|shelf| shelf.runs) {
        let name = format!("{}/{}.scenario", file.protocol, file.slug);
        let exhibit = match file.read(PROTOCOLS) {
            Ok(exhibit) => exhibit,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let digest = format!("  digest {:016x}", simulate(&exhibit.scenario).digest);
        let mut lines: Vec<&str> = file.text.lines().collect();
        match lines.iter_mut().find(|line| line.trim_start().starts_with("digest ")) {
            Some(line) if *line == digest => continue,
            Some(line) => *line = &digest,
            None => lines.push(&digest),
        }
        match fs::write(
            folder("runs", file.protocol).join(file.slug).with_extension("scenario"),
            lines.join("\n") + "\n",
        ) {
            Ok(()) => println!("{name}:{}", &digest[1..]),
            Err(error) => println!("{name}: {error}"),
        }
        changed += 1;
    }
    println!("{changed} of {} digests changed.", ALL.iter().map(|shelf| shelf.runs.len()).sum::<usize>());
    pictures();
}

fn pictures() {
    for id in PROTOCOLS.iter().map(|protocol| protocol.specification().id) {
        let Some(now) = picture(id) else { continue };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/pictures").join(id).with_extension("txt");
        if fs::read_to_string(&path).is_ok_and(|held| held == now) {
            continue;
        }
        match fs::write(&path, now) {
            Ok(()) => println!("{} changed.", path.display()),
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
}
