//! The program as a process of its own: what may be killed.

use super::{Client, key_pem, scratch};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Runs the program to its end.
pub fn tiaokuai(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tiaokuai"))
        .args(args)
        .current_dir(directory)
        .env_clear()
        .output()
        .unwrap()
}

/// A served program; it is stopped when the test ends.
pub struct Served {
    pub child: Child,
    pub client: Client,
    pub said: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Served {
    /// Kills it as the kernel does when memory is short: it does not hear of it.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves with some flags, in a directory.
pub fn serve(directory: &Path, args: &[&str]) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaokuai"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).args(args).current_dir(directory);
    start(command)
}

/// Serves a database, with the key of this run.
pub fn serve_on(url: &str) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaokuai"));
    start(on(command.args(["serve", "--listen", "127.0.0.1:0"]), url))
}

/// Serves reads of a database alone.
pub fn serve_reading(url: &str) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaokuai"));
    start(on(command.args(["serve", "--listen", "127.0.0.1:0", "--read-only"]), url))
}

/// Serves a database where no file may grow beyond a number of blocks of 512 bytes.
pub fn serve_narrow(url: &str, blocks: u64) -> Served {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
    let program = env!("CARGO_BIN_EXE_tiaokuai");
    start(on(command.args(["-c", &script, program, "serve", "--listen", "127.0.0.1:0"]), url))
}

fn on(command: &mut Command, url: &str) -> Command {
    let mut out = Command::new(command.get_program());
    out.args(command.get_args());
    out.args(["--database-url", url, "--key-file"]).arg(key_file()).current_dir(scratch("served"));
    out
}

/// The key of this run in a file.
pub fn key_file() -> PathBuf {
    let path = scratch("key").join("tiaokuai.key");
    if !path.exists() {
        std::fs::write(&path, key_pem()).unwrap();
    }
    path
}

fn start(mut command: Command) -> Served {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.next().unwrap_or_else(|| panic!("{command:?} did not serve")).unwrap();
    let address = said.split_whitespace().find(|w| w.starts_with("http://")).unwrap().to_owned();
    Served { child, client: Client::new(&address), said }
}
