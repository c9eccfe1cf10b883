//! Runs the program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs the program where the cases are, with these arguments and this standard input.
pub fn lightcone(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lightcone"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that refuses its arguments does not read what is written to it.
    let _ = child.stdin.take().expect("it has a standard input").write_all(input.as_ref());
    child.wait_with_output().expect("the program ends")
}

/// What the program says, if this is its exit code.
#[track_caller]
pub fn answers(arguments: &[&str], input: &str, code: i32) -> String {
    let output = lightcone(arguments, input);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{arguments:?} says {said}{}", text(&output.stderr));
    assert_eq!(code == 2, said.is_empty(), "what is wrong with the question goes to the standard error");
    if code == 2 { text(&output.stderr) } else { said }
}
