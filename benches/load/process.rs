//! Processes: our server, the floor, and PostgreSQL on a free port in a directory of its own.

use crate::constant::Of;
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
    pub fn constant(of: Of, size: usize, directory: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args([of.mode(), &size.to_string()]);
        Self::run(command, directory, None)
    }

    /// Another program that says on which address it serves.
    pub fn other(command: Command, directory: &Path) -> Self {
        Self::run(command, directory, None)
    }

    /// Our server with a log of what it reads, in a file.
    pub fn start_logged(url: &str, log: &Path) -> Self {
        let directory = log.parent().expect("a directory");
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.args(["--database-url", url]).arg("--key-file").arg(directory.join("key"));
        command.env("TIAOKUAI_LOG", "warn,tiaokuai::http::register=info,tiaokuai::http::registrar=info");
        command.stderr(std::fs::File::create(log).expect("a log"));
        Self::run(command, directory, Some(url.to_owned()))
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

    /// How many seconds it took to be ready.
    pub fn seconds(&self) -> f64 {
        self.millis as f64 / 1e3
    }

    /// What it holds, by its own account.
    pub fn counts(&self) -> Counts {
        let text = "{ register { memory } townships { totalCount } }";
        let token = self.token("ESTABLISHMENT_DIRECTOR", None);
        let mut answer = ureq::post(format!("{}/graphql", self.origin))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .send(serde_json::json!({ "query": text }).to_string().as_bytes())
            .expect("an answer");
        let answer = answer.body_mut().read_to_string().expect("an answer");
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        let number = |value: &serde_json::Value| value.as_u64().unwrap_or_else(|| panic!("{answer}"));
        let data = &answer["data"];
        Counts {
            townships: number(&data["townships"]["totalCount"]),
            memory: number(&data["register"]["memory"]),
        }
    }

    /// Resident memory, now and at its peak.
    pub fn memory(&self) -> String {
        format!("{} MB resident, {} MB at most", self.status("VmRSS"), self.status("VmHWM"))
    }

    /// Megabytes of memory by the account of the system: `VmRSS` now, `VmHWM` at their most.
    pub fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024 / 1_000_000
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

/// What a server holds.
pub struct Counts {
    pub townships: u64,
    /// Mebibytes of its tables.
    pub memory: u64,
}

/// The file of an SQLite address.
pub fn sqlite_file(url: &str) -> &str {
    url.trim_start_matches("sqlite://")
}

/// PostgreSQL, started as the tests start it.
pub struct Cluster;

impl Cluster {
    /// An empty database.
    pub fn database(&self) -> String {
        postgres::cluster().create("bench")
    }

    /// CPU seconds of all its processes.
    pub fn cpu(&self) -> f64 {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let name = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        pids.filter(|pid| name(pid).trim() == "postgres").map(cpu_of).sum()
    }
}
