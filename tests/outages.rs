//! When the database is not there, or cannot be written: changes are refused with a clear error and nothing is half done, readiness says
//! so, reads go on from memory and are marked with their revision. When it is back, all goes on.

use crate::harness::postgres::cluster;
use crate::harness::process::{serve_narrow, serve_on, serve_reading, tiaokuai};
use crate::harness::{Backend, Client, demo_database, scratch};
use crate::reform::{TOWN, director, done, mutation, township};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn found(client: &Client, name: &str) -> Value {
    json!({ "divisionCode": TOWN, "kind": "INTERNAL_OFFICE", "name": name, "parent": township(client) })
}

fn establish() -> String {
    mutation("organizationEstablish", "organization { id }")
}

/// Waits until readiness is as it should be.
fn ready(client: &Client, status: u16) {
    let began = Instant::now();
    while client.get("/readyz", &[]).status != status {
        assert!(began.elapsed() < Duration::from_secs(20), "readiness is not {status}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A change is refused, readiness says so, and reads go on as before.
fn refuses(client: &Client, name: &str) {
    let clerk = director(client);
    let before = client.raw("{ register { revision } }", json!({}));
    let answer = clerk.raw(&establish(), json!({ "input": found(&clerk, name) })).json();
    let error = &answer["errors"][0];
    assert!(
        ["UNAVAILABLE", "TIMEOUT"].contains(&error["extensions"]["code"].as_str().unwrap()),
        "{answer:#}"
    );
    assert_eq!(error["extensions"]["retryable"], true);
    for secret in ["sqlx", "SQL", "disk", "pg_", "/tmp", "database is"] {
        assert!(!answer.to_string().contains(secret), "{answer}");
    }
    ready(client, 503);
    assert_eq!(client.get("/healthz", &[]).status, 200);
    let after = client.raw("{ register { revision } }", json!({}));
    assert_eq!(after.json()["data"], before.json()["data"]);
    assert_eq!(
        after.header("x-tiaokuai-revision"),
        before.json()["data"]["register"]["revision"].to_string()
    );
    let offices = clerk.data(&format!(
        "{{ internalOffices(within: \"{TOWN}\", where: {{name: {{eq: \"{name}\"}}}}) {{ totalCount }} }}"
    ));
    assert_eq!(offices["internalOffices"]["totalCount"], 0);
}

fn works(client: &Client, name: &str) {
    ready(client, 200);
    let clerk = director(client);
    done(clerk.act(&establish(), found(&clerk, name)));
}

/// Puts all into the file itself, so that the journal beside it begins anew.
fn settle(url: &str) {
    let file = url.strip_prefix("sqlite://").unwrap();
    let db = rusqlite::Connection::open(file).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

#[test]
fn a_disk_that_is_full_refuses_changes_until_there_is_room() {
    let url = demo_database(Backend::Sqlite, "full");
    // The journal may not grow beyond a few pages; what is there can be read.
    settle(&url);
    let served = serve_narrow(&url, 96);
    refuses(&served.client, "满盘办公室");
    let unlimited = Some((u64::MAX, u64::MAX));
    let pid = i32::try_from(served.child.id()).unwrap();
    let limited = rlimit::prlimit(pid, rlimit::Resource::FSIZE, unlimited, None);
    limited.unwrap_or_else(|e| panic!("prlimit: {e}"));
    works(&served.client, "有空办公室");
}

#[test]
fn a_database_that_is_gone_and_comes_back() {
    let url = demo_database(Backend::Postgres, "gone");
    let database = url.rsplit('/').next().unwrap();
    let served = serve_on(&url);
    works(&served.client, "先设办公室");
    let allow = |allowed: bool| {
        cluster().run(&format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS {allowed}"));
        cluster().run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        ));
    };
    allow(false);
    ready(&served.client, 503);
    refuses(&served.client, "断线办公室");
    allow(true);
    works(&served.client, "复线办公室");
}

#[test]
fn a_database_that_can_only_be_read() {
    let url = demo_database(Backend::Postgres, "frozen");
    let database = url.rsplit('/').next().unwrap();
    let served = serve_on(&url);
    works(&served.client, "先设办公室");
    let frozen = |on: &str| {
        cluster().run(&format!("ALTER DATABASE {database} SET default_transaction_read_only = {on}"));
        cluster().run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        ));
    };
    frozen("on");
    refuses(&served.client, "冻结办公室");
    frozen("off");
    works(&served.client, "解冻办公室");
}

#[test]
fn a_file_that_can_only_be_read_is_refused_with_advice() {
    let directory = scratch("readonly");
    let url = demo_database(Backend::Sqlite, "readonly_file");
    let file = url.strip_prefix("sqlite://").unwrap();
    // The way in which a file that belongs to another is opened.
    let done = tiaokuai(
        &directory,
        &["--database-url", &format!("sqlite://{file}?mode=ro"), "serve", "--listen", "127.0.0.1:0"],
    );
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("cannot be written"), "{said}");
    assert!(!said.contains("panicked") && said.contains("--read-only"), "{said}");
    // Reads alone are served from it, and changes are refused.
    let served = serve_reading(&format!("sqlite://{file}?mode=ro"));
    let clerk = director(&served.client);
    assert_eq!(served.client.get("/readyz", &[]).status, 200);
    let answer = clerk.raw(&establish(), json!({ "input": found(&clerk, "只读办公室") }));
    assert_eq!(answer.code(), "FORBIDDEN");
    assert_eq!(served.client.get("/readyz", &[]).status, 200);
}
