//! A county that changes while the nation is read: how long answers take with and without, and how long the swap.

use crate::generator::{Load, Outcome};
use crate::process::{Server, sqlite_file};
use crate::queries::Question;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often the county changes. The server looks every two seconds.
const EVERY: Duration = Duration::from_millis(2_100);

/// Asks a question quietly, then while a county changes, and prints both, and what the server says of its swaps.
pub fn measure(url: &str, question: &Question, time: Duration, directory: &Path, connections: usize) {
    let log = directory.join("refresh.log");
    let server = Server::start_logged(url, &log);
    let load = |time| {
        let load = Load { address: server.address.clone(), requests: &question.requests, connections };
        load.run(time)
    };
    load(time / 4);
    let time = time.max(EVERY * 3);
    let quiet = load(time);
    let (ending, mut changes) = (AtomicBool::new(false), 0);
    let busy = std::thread::scope(|scope| {
        let changing = scope.spawn(|| change(url, &ending));
        let busy = load(time);
        ending.store(true, Ordering::Relaxed);
        changes += changing.join().expect("the changes");
        busy
    });
    let text = std::fs::read_to_string(&log).expect("the log");
    let of = |message: &str, field: &str| -> Vec<f64> {
        let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let lines = lines.filter(|line| line["message"] == message);
        lines.filter_map(|line| line[field].as_f64()).collect()
    };
    // The first swap is that of the start.
    let swaps: Vec<f64> = of("the shards were put together", "micros").into_iter().skip(1).collect();
    let reads = of("changed shards were read again", "millis");
    row("quiet", &quiet);
    row("while a county changes", &busy);
    let worst = |all: &[f64]| all.iter().copied().fold(0.0, f64::max);
    println!(
        "{changes} changes, {} swaps: at most {:.1} ms to put the shards together, {:.0} ms with reading the county; p99 {:.2} times as long\n",
        swaps.len(),
        worst(&swaps) / 1e3,
        worst(&reads),
        busy.percentile(99.0) / quiet.percentile(99.0).max(0.001)
    );
}

fn row(name: &str, done: &Outcome) {
    println!(
        "{:<28}{:>9.0} req/s  p50 {:.2} ms  p99 {:.2} ms",
        name,
        done.per_second(),
        done.percentile(50.0),
        done.percentile(99.0)
    );
}

/// Changes the duties of the bodies of one county again and again, as another program would; says how often.
fn change(url: &str, ending: &AtomicBool) -> usize {
    let connection = rusqlite::Connection::open(sqlite_file(url)).expect("the database");
    connection.busy_timeout(Duration::from_secs(10)).expect("a timeout");
    let mut count = 0;
    while !ending.load(Ordering::Relaxed) {
        count += 1;
        let changes = format!(
            "BEGIN IMMEDIATE;
             UPDATE organization_version SET functions = 'duties {count}' WHERE shard = 210681;
             UPDATE register SET revision = revision + 1;
             UPDATE shard SET revision = (SELECT revision FROM register) WHERE shard = 210681;
             COMMIT;"
        );
        connection.execute_batch(&changes).expect("a change");
        let until = Instant::now() + EVERY;
        while Instant::now() < until && !ending.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    count
}
