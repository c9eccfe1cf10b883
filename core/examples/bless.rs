//! Writes the digests of the gallery's runs into their files, and what a reader sees of each protocol into
//! `content/pictures/`: `cargo run -p lightcone-tests --example bless`.
//!
//! After that `git diff` shows which runs changed. Each of them needs a reason, and if links to it were
//! published, its protocol a new behaviour version.

use lightcone_content::gallery::FILES;
use lightcone_engine::simulate;
use lightcone_protocols::PROTOCOLS;
use lightcone_tests::picture::picture;
use std::fs;
use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/runs");
    let mut changed = 0;
    for file in FILES {
        let name = format!("{}/{}.scenario", file.protocol, file.slug);
        let exhibit = match file.read() {
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
        match fs::write(folder.join(&name), lines.join("\n") + "\n") {
            Ok(()) => println!("{name}:{}", &digest[1..]),
            Err(error) => println!("{name}: {error}"),
        }
        changed += 1;
    }
    println!("{changed} of {} digests changed.", FILES.len());
    pictures(&folder);
}

fn pictures(runs: &Path) {
    for id in PROTOCOLS.iter().map(|protocol| protocol.specification().id) {
        let Some(now) = picture(id) else { continue };
        let path = runs.join("../pictures").join(id).with_extension("txt");
        if fs::read_to_string(&path).is_ok_and(|held| held == now) {
            continue;
        }
        match fs::write(&path, now) {
            Ok(()) => println!("{} changed.", path.display()),
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
}
