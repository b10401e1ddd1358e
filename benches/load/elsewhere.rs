//! What reports say, from elsewhere: by SQL in PostgreSQL, and by PostGraphile on it.

use crate::process::Server;
use crate::reports::{Client, Figures, number, row, times};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgConnection, Row};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};

/// What npm installs, with its version: aggregates are released for the fourth PostGraphile only.
const PACKAGES: [(&str, &str); 2] = [("postgraphile", "4.14.1"), ("@graphile/pg-aggregates", "0.1.1")];

/// The establishment of own bodies, and all bodies counted.
pub const OWN: &str = include_str!("own.sql");
pub const BODIES: &str = include_str!("bodies.sql");

/// One connection to PostgreSQL. What it asks is prepared when it is asked first.
pub struct Database {
    runtime: tokio::runtime::Runtime,
    connection: PgConnection,
}

impl Database {
    /// Brings the statistics of the database up to date, and gives its sessions room to group and join in memory.
    pub fn open(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connect = || runtime.block_on(PgConnection::connect(url)).expect("a connection");
        let mut first = connect();
        let name = url.rsplit('/').next().unwrap_or_default();
        let room = format!("ALTER DATABASE {name} SET work_mem = '256MB'");
        for sql in [room.as_str(), "VACUUM ANALYZE"] {
            run(&runtime, &mut first, sql);
        }
        // The setting holds for new sessions.
        let connection = connect();
        Self { runtime, connection }
    }

    /// Looks whether a statement says what our report says, times it, and prints it. Its last columns are numbers, after three keys.
    pub fn ask(&mut self, sql: &str, day: &str, ours: &Figures) {
        let Self { runtime, connection } = self;
        let mut rows = || {
            let query = sqlx::query(AssertSqlSafe(sql)).bind(day);
            runtime.block_on(query.fetch_all(&mut *connection)).expect("rows")
        };
        let first = rows();
        let numbers = first.iter().map(|row| (3..row.len()).map(|at| row.get(at)).collect());
        Figures::of(numbers).expect(ours, "SQL");
        let times = times(|| drop(rows()));
        row("  the same by SQL", &times, ours.groups, None, "");
    }

    /// PostGraphile can neither group by the beginning of a code in another table nor look for what holds on a day: its users make a
    /// view of it. This one is of a fixed day, which costs PostgreSQL less than `current_date`.
    pub fn view(&mut self, day: &str) {
        let text = OWN.replace("$1", &format!("'{day}'"));
        let sql = format!("CREATE SCHEMA bench; CREATE VIEW bench.report_establishment AS {text}");
        run(&self.runtime, &mut self.connection, &sql);
    }
}

fn run(runtime: &tokio::runtime::Runtime, connection: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection);
    runtime.block_on(done).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Times PostGraphile on the view, and prints it, or why it is not there.
pub fn postgraphile(url: &str, directory: &Path, ours: &Figures) {
    let name = "  the same by PostGraphile, on a view";
    let place = directory.join("postgraphile");
    if let Err(why) = install(&place) {
        return println!("{name:<44}not installed: {why}");
    }
    let mut command = Command::new("node");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/postgraphile.cjs"));
    command.arg(url).arg(&place).env("NODE_ENV", "production");
    let server = Server::other(command, directory);
    let client = Client::new(&server, None);
    let text = "{ of: allReportEstablishments { groups: groupedAggregates(groupBy: [PROVINCE, KIND, TYPE]) {
        keys sum { approved occupied vacant over } } } }";
    let body = json!({ "query": text });
    let data = client.ask(&body);
    let groups = data["of"]["groups"].as_array().expect("groups").iter().map(|group| {
        let sum = |measure| number(&group["sum"][measure]);
        ["approved", "occupied", "vacant", "over"].map(sum).to_vec()
    });
    Figures::of(groups).expect(ours, "PostGraphile");
    let mut size = 0;
    let times = times(|| size = client.bytes(&body).len());
    row(name, &times, ours.groups, Some(size), "");
}

/// Fetches what is not there yet.
fn install(place: &Path) -> Result<(), String> {
    if PACKAGES.iter().all(|(name, _)| place.join("node_modules").join(name).exists()) {
        return Ok(());
    }
    std::fs::create_dir_all(place).map_err(|error| error.to_string())?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(place);
    npm.args(PACKAGES.map(|(name, version)| format!("{name}@{version}")));
    let done = npm.stdin(Stdio::null()).output().map_err(|error| format!("npm: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    done.status.success().then_some(()).ok_or_else(|| said.lines().take(2).collect::<Vec<_>>().join(" "))
}
