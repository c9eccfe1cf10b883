//! Building the page and showing it.

use crate::comments;
use crate::learn;
use crate::parts;
use crate::run::{Result, program, root, run};
use crate::server::Server;
use crate::still;
use crate::tools;
use std::process::Command;

const BROKEN: &str = "The messages above say where.";

/// Builds the page for release into a folder of the repository.
pub fn release(folder: &str) -> Result {
    release_with(folder, "")
}

/// Builds the page with one more feature of its crate, or with none.
pub fn release_with(folder: &str, feature: &str) -> Result {
    tools::rust()?;
    tools::page_tools()?;
    println!("Building the page for release into {folder}/ (about 1 minute cold, 10 seconds warm).");
    parts::stand_in()?;
    let mut trunk = parts::first_on_path(trunk());
    trunk.args(["build", "--release", "--dist", folder, "--log", "warn", "--features", &format!("parts,{feature}")]);
    trunk.env(FLAGS, nameless());
    // Taking the program apart needs to know what uses what.
    run(trunk.env("CARGO_PROFILE_RELEASE_STRIP", "none"), BROKEN)?;
    let dist = root().join(folder);
    comments::strip(&dist)?;
    parts::finish(&dist)?;
    still::write(&dist)?;
    learn::write(&dist)
}

/// What Cargo adds to the compiler's flags for the page alone, not for what runs while it is built.
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The flags with which a panic names a crate's file without the folder where this machine keeps its crates: a built page names no
/// path of the machine that built it. None if that folder is not known, or its name has a space, which these flags cannot hold.
fn nameless() -> String {
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    match home {
        Ok(home) if !home.contains(char::is_whitespace) => format!("--remap-path-prefix={home}/registry/src=crates"),
        _ => String::new(),
    }
}

/// Hides NO_COLOR=1 from Trunk, which rejects it.
fn trunk() -> Command {
    let mut trunk = program("trunk");
    trunk.env_remove("NO_COLOR");
    trunk
}

/// Builds for release, serves, and prints the address.
pub fn serve(arguments: &[String]) -> Result {
    let ports = match arguments {
        [] => 8080..8180,
        [flag, port] if flag == "--port" => {
            let number = port.parse::<u16>().ok().filter(|port| *port < u16::MAX);
            let port = number.ok_or_else(|| format!("`{port}` is no port: 0 to 65534."))?;
            port..port + 1
        }
        _ => return Err("serve takes nothing, or --port and a number.".into()),
    };
    release("dist")?;
    let server = Server::open(root().join("dist"), "/", ports)?;
    println!("\nLightcone is at {}\nCtrl-C stops it.", server.address()?);
    server.serve();
    Ok(())
}

/// Serves a development build, and builds again at every change. Reload the page by hand: the content security policy
/// forbids the inline script of an automatic reload.
pub fn watch() -> Result {
    tools::rust()?;
    tools::page_tools()?;
    let mut trunk = trunk();
    trunk.args(["serve", "--dist", "dist-watch", "--no-autoreload", "true"]);
    run(&mut trunk, BROKEN)
}
