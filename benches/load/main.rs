//! `make bench`: our server with the nation in memory, at each level, beside constant bytes of the same size from the same HTTP
//! library. Answers are checked before they are timed. How to read it stands in `docs/performance.md`.

mod change;
mod constant;
mod elsewhere;
mod generator;
mod process;
mod queries;
mod refresh;
mod reports;
mod sizes;

use constant::Of;
use generator::{Load, Outcome};
use process::{Cluster, Server, cpu_of};
use queries::{QUERIES, Question};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, size] = &arguments[..]
        && let Some(of) = Of::named(mode)
    {
        return constant::serve(of, size.parse().expect("a size"));
    }
    let seconds = std::env::var("SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(4);
    let within = std::env::var("WITHIN").ok();
    let time = Duration::from_secs(seconds);
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&directory).expect("a directory");
    let cluster = Cluster;
    let only = std::env::var("ONLY").unwrap_or_default();
    if only == "reports" {
        let on_postgres = cluster.database();
        process::generate(&on_postgres, within.as_deref(), &directory);
        let server = Server::start(&on_postgres, "direct", &directory);
        return reports::measure(&server, &on_postgres, &directory);
    }
    let file = sqlite(&directory, within.as_deref());
    process::generate(&file, within.as_deref(), &directory);
    println!(
        "{CONNECTIONS} connections, {seconds} s each; CPU in microseconds a request of server and generator\n"
    );
    change::measure("SQLite", &file, &directory);
    if only == "change" {
        let on_postgres = cluster.database();
        process::generate(&on_postgres, within.as_deref(), &directory);
        change::measure("PostgreSQL", &on_postgres, &directory);
        return;
    }
    let questions = measure(&file, Server::start(&file, "direct", &directory), time, &directory);
    refresh::measure(&file, &questions[0], time, &directory, CONNECTIONS);
    let on_postgres = cluster.database();
    if within.is_none() {
        sizes::measure("SQLite", |within| sqlite(&directory, within), &directory);
        // The last one, the nation, is asked below.
        let url = |within: Option<&str>| within.map_or_else(|| on_postgres.clone(), |_| cluster.database());
        sizes::measure("PostgreSQL", url, &directory);
    } else {
        process::generate(&on_postgres, within.as_deref(), &directory);
    }
    let server = Server::start(&on_postgres, "direct", &directory);
    change::measure("PostgreSQL", &on_postgres, &directory);
    let question = QUERIES[0].prepare(&server);
    let before = cluster.cpu();
    row("Q1 direct, PostgreSQL", &run(&server, &question, time), None);
    println!("{:<28}{:.2} s of CPU in the database meanwhile", "", cluster.cpu() - before);
    reports::measure(&server, &on_postgres, &directory);
}

fn sqlite(directory: &Path, within: Option<&str>) -> String {
    let file: PathBuf = directory.join(format!("{}.db", within.unwrap_or("nation")));
    format!("sqlite://{}", file.display())
}

/// All queries, at each level, and the constant bytes beside them, in one run.
fn measure(url: &str, direct: Server, time: Duration, directory: &Path) -> Vec<Question> {
    let questions: Vec<Question> = QUERIES.iter().map(|query| query.prepare(&direct)).collect();
    drop(direct);
    println!(
        "{:<28}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
        "", "req/s", "ratio", "p50 ms", "p99 ms", "server", "client", "bytes"
    );
    let mut floor = Vec::new();
    for question in &questions {
        let server = Server::constant(Of::Product, question.size, directory);
        let done = run(&server, question, time);
        row(&format!("{} constant", question.name), &done, None);
        floor.push(done.per_second());
        let server = Server::constant(Of::Poem, question.size, directory);
        let poem = run(&server, question, time);
        row(&format!("{} constant, poem", question.name), &poem, Some(done.per_second()));
    }
    for level in ["direct", "bytes", "ordinary"] {
        let server = Server::start(url, level, directory);
        for (question, floor) in questions.iter().zip(&floor) {
            for (variant, asked) in question.variants(&server) {
                let done = run(&server, &asked, time);
                row(&format!("{} {level}{variant}", question.name), &done, Some(*floor));
            }
        }
        println!("{:<28}{}", format!("memory, {level}"), server.memory());
    }
    println!();
    questions
}

fn run(server: &Server, question: &Question, time: Duration) -> Outcome {
    let load =
        Load { address: server.address.clone(), requests: &question.requests, connections: CONNECTIONS };
    load.run(time / 4);
    let (server_before, own_before) = (cpu_of(server.pid()), cpu_of(std::process::id()));
    let mut done = load.run(time);
    done.server = cpu_of(server.pid()) - server_before;
    done.client = cpu_of(std::process::id()) - own_before;
    done.bytes = question.size;
    done
}

fn row(name: &str, done: &Outcome, floor: Option<f64>) {
    let count = done.count.max(1) as f64;
    let ratio = floor.map_or(String::new(), |floor| format!("{:.2}", done.per_second() / floor));
    println!(
        "{name:<28}{:>9.0}{ratio:>8}{:>8.2}{:>8.2}{:>8.1}{:>8.1}{:>8}",
        done.per_second(),
        done.percentile(50.0),
        done.percentile(99.0),
        done.server * 1e6 / count,
        done.client * 1e6 / count,
        done.bytes,
    );
}
