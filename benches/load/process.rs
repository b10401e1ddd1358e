//! Processes: our server, the floor, and PostgreSQL on a free port in a directory of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

#[path = "../../tests/harness/postgres.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "as in the tests, which use more of it")]
mod postgres;

/// What the harness of the tests brings along.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).expect("a directory");
    path
}

/// The program that is measured.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tiaokuai");

/// A server that runs until it is let go of.
pub struct Server {
    child: Child,
    pub address: String,
    pub origin: String,
    millis: u128,
    directory: PathBuf,
    url: Option<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Our server on a database, with levels up to one.
    pub fn start(url: &str, level: &str, directory: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--level", level]);
        command.args(["--database-url", url]).arg("--key-file").arg(directory.join("key"));
        command.env("TIAOKUAI_LOG", "warn");
        Self::run(command, directory, Some(url.to_owned()))
    }

    /// Constant bytes.
    pub fn constant(size: usize, directory: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["constant", &size.to_string()]);
        Self::run(command, directory, None)
    }

    fn run(mut command: Command, directory: &Path, url: Option<String>) -> Self {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a server");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        let origin = loop {
            line.clear();
            assert!(out.read_line(&mut line).expect("its output") > 0, "the server ended");
            if let Some((_, rest)) = line.split_once("http://") {
                break format!("http://{}", rest.split_whitespace().next().expect("an address"));
            }
        };
        let millis = began.elapsed().as_millis();
        // What it says later has to go somewhere.
        std::thread::spawn(move || for _ in out.lines() {});
        let address = origin.trim_start_matches("http://").to_owned();
        Self { child, address, origin, millis, directory: directory.to_owned(), url }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How long it took to be ready, and what it takes.
    pub fn started(&self) -> String {
        format!("ready after {:.1} s, {}", self.millis as f64 / 1e3, self.memory())
    }

    /// Resident memory, now and at its peak.
    pub fn memory(&self) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find(|l| l.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024 / 1_000_000
        };
        format!("{} MB resident, {} MB at most", of("VmRSS"), of("VmHWM"))
    }

    /// A token of a role.
    pub fn token(&self, role: &str, scope: Option<&str>) -> String {
        let mut command = Command::new(PROGRAM);
        command.args(["token", "--role", role]).arg("--key-file").arg(self.directory.join("key"));
        command.args(["--database-url", self.url.as_deref().unwrap_or("sqlite://none")]);
        if let Some(scope) = scope {
            command.args(["--scope", scope]);
        }
        let out = command.output().expect("a token");
        String::from_utf8(out.stdout).expect("a token").trim().to_owned()
    }
}

/// Loads the nation into a database that does not have it.
pub fn generate(url: &str, within: Option<&str>, directory: &Path) {
    let mut command = Command::new(PROGRAM);
    command.args(["generate", "--nation", "--database-url", url]);
    command.arg("--key-file").arg(directory.join("key"));
    if let Some(within) = within {
        command.args(["--within", within]);
    }
    assert!(command.status().expect("the program").success(), "the nation could not be generated");
}

/// CPU seconds that a process has used.
pub fn cpu_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    // Fields 14 and 15 of the line, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}

/// PostgreSQL, started as the tests start it.
pub struct Cluster;

impl Cluster {
    pub fn start(_: &Path) -> Self {
        Self
    }

    /// A database with the nation.
    pub fn database(&self, directory: &Path, within: Option<&str>) -> String {
        let url = postgres::cluster().create("bench");
        generate(&url, within, directory);
        url
    }
}
