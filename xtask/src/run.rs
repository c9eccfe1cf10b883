//! Runs other programs, with a sentence for people before and after.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The result of a command: nothing, or a sentence that says what failed and what to do.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The repository's top folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder of the build's results.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(path) => root().join(path),
        None => root().join("target"),
    }
}

/// A program that starts in the top folder and looks for tools in `target/tools` first.
pub fn program(name: &str) -> Command {
    let mut path = vec![target().join("tools/bin")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(name);
    command.current_dir(root());
    if let Ok(path) = std::env::join_paths(path) {
        command.env("PATH", path);
    }
    command
}

/// `cargo` with arguments, written as one line.
pub fn cargo(arguments: &str) -> Command {
    let mut command = program("cargo");
    command.args(arguments.split_whitespace());
    command
}

/// Runs a program to its end. If it fails, the error is `advice`, which says what to do.
pub fn run(command: &mut Command, advice: &str) -> Result {
    let status =
        command.status().map_err(|error| format!("`{}` could not be started: {error}. {advice}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed. {advice}", shown(command))) }
}

/// Runs a program to its end and returns what it prints; its messages go to the terminal. If it fails, the error is `advice`.
pub fn printed(command: &mut Command, advice: &str) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("`{}` could not be started: {error}. {advice}", shown(command)))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(format!("{text}\n`{}` failed. {advice}", shown(command))) }
}

/// The output of a program; none if it cannot run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The first of these programs that is found on the path.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// Reads a file of the repository.
pub fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path} cannot be read: {error}."))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
