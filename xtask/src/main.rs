//! Lightcone's commands. Each command installs the tools it needs, says what it does and how long that may take, and is
//! quick when there is nothing to do.
#![forbid(unsafe_code)]

mod bench;
mod build;
mod comments;
mod learn;
mod loader;
mod module;
mod order;
mod parts;
mod run;
mod server;
mod smaller;
mod still;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--port N]     builds the page for release and serves it on 127.0.0.1
cargo xtask build                builds the page for release into dist/, and the API for JavaScript into dist/api/
cargo xtask watch                serves a development build and rebuilds it at every change
cargo xtask test                 runs every check and test
cargo xtask inner [NAME]         the inner loop: the core's tests natively, or those of a protocol or chapter
cargo xtask soak [PROTOCOL] [--from SEED] [--years N]
                                 all that the tests try a part of, and a simulated year of each protocol
cargo xtask test NAME... [-- X]  runs the named steps; X goes to the last one's runner
cargo xtask bench                measures the core's speed natively and in wasm under node
cargo xtask bench search         measures the search: beside another checker, and with every flaw
cargo xtask bench frames         measures the frames of a drag natively, without a browser
cargo xtask bench page           measures the page's frames in Chromium
cargo xtask bench pressed        searches in Chromium, with every flaw
cargo xtask setup                installs all tools, and nothing else";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match parts::is_stand_in() {
        true => parts::bindgen(&std::env::args_os().skip(1).collect::<Vec<_>>()),
        false => command(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> run::Result {
    let Some((name, rest)) = arguments.split_first() else {
        println!("{USAGE}\n\nThe steps of `test`:\n{}", test::list());
        return Ok(());
    };
    match name.as_str() {
        "serve" => build::serve(rest),
        "build" => build::release("dist").and_then(|()| module::release(&run::root().join("dist/api"), "")),
        "watch" => build::watch(),
        "test" => test::command(rest),
        "soak" => test::soak(rest),
        "inner" => test::quick(rest),
        "bench" => bench::command(rest),
        "setup" => tools::everything(),
        "help" | "--help" | "-h" => command(&[]),
        other => Err(format!("there is no command `{other}`.\n\n{USAGE}")),
    }
}
