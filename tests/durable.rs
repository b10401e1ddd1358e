//! Nothing that was acknowledged is lost, and nothing is done twice: servers that are killed, clients that hang up, several servers.

use crate::harness::postgres::cluster;
use crate::harness::process::{Served, key_file, serve_on, tiaokuai};
use crate::harness::register::seeds;
use crate::harness::{BACKENDS, Backend, Client, demo_database, scratch};
use crate::reform::{COUNTY, director, done, mutation, refused, township};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often something is done: as often as the variable says, or so often.
fn times(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Founds bodies to write to, and gives their ids.
fn bodies(client: &Client, count: usize) -> Vec<String> {
    let parent = township(client);
    let found = |at: usize| {
        let input = json!({ "divisionCode": "990101101", "kind": "PUBLIC_INSTITUTION", "name": format!("试验中心{at}"), "parent": parent, "effectiveOn": "2026-01-01" });
        let made = done(client.act(&mutation("organizationEstablish", "organization { id }"), input));
        made["organization"]["id"].as_str().unwrap().to_owned()
    };
    (0..count).map(found).collect()
}

fn set(organization: &str, approved: i64, key: &str) -> Value {
    json!({ "organization": organization, "establishmentType": "PUBLIC_INSTITUTION", "approved": approved, "idempotencyKey": key })
}

/// Asks, when there is somebody who answers.
fn try_act(client: &Client, query: &str, input: &Value) -> Option<Value> {
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let answer = client.try_post(body.as_bytes())?.json();
    let payload = answer["data"].as_object()?.values().next()?.clone();
    (!payload.is_null()).then_some(payload)
}

/// Runs `audit verify`, and the check of SQLite itself.
fn verify(url: &str) {
    let done = tiaokuai(&scratch("verify"), &["--database-url", url, "audit", "verify"]);
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    if let Some(file) = url.strip_prefix("sqlite://") {
        let checked: String = rusqlite::Connection::open(file)
            .and_then(|db| db.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(checked, "ok");
    }
}

/// What became of each key: its number, and its revision once it was acknowledged.
type Kept = BTreeMap<String, (usize, i64, Option<i64>)>;

/// Writers write until the server is killed under them.
fn round(mut served: Served, round: usize, bodies: &[String], kept: &Mutex<Kept>, after: Duration) {
    let query = mutation("establishmentSet", "__typename");
    let (clerk, ending) = (director(&served.client), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for (at, body) in bodies.iter().enumerate() {
            let (clerk, query, ending) = (&clerk, &query, &ending);
            scope.spawn(move || {
                for number in 1.. {
                    if ending.load(Ordering::Relaxed) {
                        return;
                    }
                    let (key, number) =
                        (format!("{round}-{at}-{number}"), i64::try_from(round * 400 + number).unwrap());
                    kept.lock().unwrap().insert(key.clone(), (at, number, None));
                    let Some(answer) = try_act(clerk, query, &set(body, number, &key)) else { return };
                    let revision = done(answer)["revision"].as_i64();
                    kept.lock().unwrap().get_mut(&key).unwrap().2 = Some(revision.unwrap());
                }
            });
        }
        // Every other round is killed at any time, the others some time after the first change was acknowledged, however slow the machine is.
        let acknowledged = || {
            let own = format!("{round}-");
            kept.lock()
                .unwrap()
                .iter()
                .any(|(key, (_, _, revision))| key.starts_with(&own) && revision.is_some())
        };
        let patience = Instant::now() + Duration::from_secs(30);
        while round % 2 == 1 && !acknowledged() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(after);
        served.kill();
        ending.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_server_that_is_killed_loses_nothing_and_does_nothing_twice() {
    let (seed, _) = seeds(1);
    let rounds = times("ROUNDS", 20);
    for backend in BACKENDS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let url = demo_database(backend, "killed");
        let (bodies, before) = {
            let served = serve_on(&url);
            let clerk = director(&served.client);
            (
                bodies(&clerk, 4),
                clerk.data("{ register { revision } }")["register"]["revision"].as_i64().unwrap(),
            )
        };
        let kept = Mutex::new(Kept::new());
        for at in 0..rounds {
            let after = Duration::from_millis(20 + u64::from(rng.next_u32() % 300));
            round(serve_on(&url), at, &bodies, &kept, after);
        }
        let kept = kept.into_inner().unwrap();
        let acknowledged: Vec<&String> =
            kept.iter().filter(|(_, (_, _, r))| r.is_some()).map(|(key, _)| key).collect();
        assert!(
            acknowledged.len() >= rounds / 2,
            "{backend:?}: only {} of {}",
            acknowledged.len(),
            kept.len()
        );
        // Each is asked again: what was done is told as it was, what was not is done now.
        let served = serve_on(&url);
        let clerk = director(&served.client);
        let query = mutation("establishmentSet", "__typename");
        let mut revisions = BTreeSet::new();
        for (key, (body, number, revision)) in &kept {
            let again = clerk.act(&query, set(&bodies[*body], *number, key));
            let told = again["revision"].as_i64();
            // What was not done, and has been overtaken, has nothing to change any more only by chance.
            assert!(told.is_some() || refused(&again) == ["NO_CHANGE"], "{backend:?} {key}: {again}");
            assert!(revision.is_none() || told == *revision, "{backend:?} {key}: {revision:?}, now {told:?}");
            assert!(told.is_none_or(|told| revisions.insert(told)), "{key}: two with one revision");
        }
        let now = clerk.data("{ register { revision } }")["register"]["revision"].as_i64().unwrap();
        assert_eq!(
            now - before,
            i64::try_from(revisions.len()).unwrap(),
            "{backend:?}: as many changes as keys"
        );
        println!(
            "{backend:?}: seed {seed}, {rounds} rounds, {} changes, {} acknowledged",
            revisions.len(),
            acknowledged.len()
        );
        drop(served);
        verify(&url);
    }
}

#[test]
fn what_one_server_wrote_another_reads_when_asked_for_the_revision() {
    let url = demo_database(Backend::Postgres, "pair");
    let (one, two) = (serve_on(&url), serve_on(&url));
    let (mut writer, mut reader) = (director(&one.client), director(&two.client));
    let body = bodies(&writer, 1).remove(0);
    let query = mutation("establishmentSet", "__typename");
    let read = format!(
        "{{ node(id: \"{body}\") {{ ... on PublicInstitution {{ establishment {{ approved }} }} }} }}"
    );
    let (pairs, mut slowest) = (times("PAIRS", 1_000), Duration::ZERO);
    for number in 1..=pairs {
        let number = i64::try_from(number).unwrap();
        if number % 500 == 0 {
            // A long run lasts longer than a token.
            (writer, reader) = (director(&one.client), director(&two.client));
        }
        let (from, to) = if number % 2 == 0 { (&writer, &reader) } else { (&reader, &writer) };
        let revision =
            done(from.act(&query, set(&body, number, &format!("p{number}"))))["revision"].to_string();
        let began = Instant::now();
        let answer = to.raw_with(&read, json!({}), &[("X-Tiaokuai-Min-Revision", &revision)]).json();
        slowest = slowest.max(began.elapsed());
        assert_eq!(answer["data"]["node"]["establishment"]["approved"], number, "stale: {answer}");
    }
    println!("{pairs} pairs, none stale; the slowest read took {slowest:?}");
    // Without asking for it, it comes in a moment.
    let mut lags = Vec::new();
    for number in 0..20 {
        done(writer.act(&query, set(&body, 5_000 + number, &format!("l{number}"))));
        let began = Instant::now();
        while reader.data(&read)["node"]["establishment"]["approved"] != 5_000 + number {
            assert!(began.elapsed() < Duration::from_secs(10), "the other server does not follow");
        }
        lags.push(began.elapsed());
    }
    lags.sort();
    println!("lag: median {:?}, longest {:?}", lags[10], lags[19]);
}

#[test]
fn a_hundred_writers_never_exceed_what_there_is() {
    const POSTS: i64 = 30;
    let url = demo_database(Backend::Postgres, "ceiling");
    let (one, two) = (serve_on(&url), serve_on(&url));
    let clerk = director(&one.client);
    let pair = bodies(&clerk, 2);
    done(clerk.act(&mutation("establishmentSet", "__typename"), set(&pair[0], POSTS, "all")));
    let query = mutation("establishmentTransfer", "__typename");
    let input =
        json!({ "from": pair[0], "to": pair[1], "establishmentType": "PUBLIC_INSTITUTION", "approved": 1 });
    let write = |at: usize| {
        let client = director(if at.is_multiple_of(2) { &one.client } else { &two.client });
        let answer = client.act(&query, input.clone());
        answer["revision"].is_i64().then_some(()).ok_or_else(|| refused(&answer)[0].to_owned())
    };
    let counts = std::thread::scope(|scope| {
        let write = &write;
        let writers: Vec<_> = (0..100).map(|at| scope.spawn(move || write(at))).collect();
        writers.into_iter().map(|w| w.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(counts.iter().filter(|c| c.is_ok()).count(), usize::try_from(POSTS).unwrap());
    assert!(counts.iter().all(|c| c.as_ref().err().is_none_or(|code| code == "NOT_ENOUGH")), "{counts:?}");
    let ids = json!([pair[0], pair[1]]);
    let numbers = clerk.raw("query($ids: [ID!]!) { nodes(ids: $ids) { ... on PublicInstitution { establishment { approved } } } }", json!({ "ids": ids })).json();
    let numbers = numbers["data"]["nodes"].clone();
    assert_eq!(
        (numbers[0]["establishment"]["approved"].as_i64(), numbers[1]["establishment"]["approved"].as_i64()),
        (Some(0), Some(POSTS))
    );
    verify(&url);
}

/// Sends a change and hangs up: at once, or after a moment.
fn cut_off(origin: &str, token: &str, body: &str, wait: Duration) {
    let Ok(mut stream) = TcpStream::connect(origin.trim_start_matches("http://")) else { return };
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    std::thread::sleep(wait);
}

#[test]
fn clients_that_hang_up_leave_no_transaction_and_lose_no_write() {
    let requests = u64::try_from(times("CUT", 10_000)).unwrap();
    let url = demo_database(Backend::Postgres, "cut");
    let database = url.rsplit('/').next().unwrap().to_owned();
    let served = serve_on(&url);
    let clerk = director(&served.client);
    let bodies = bodies(&clerk, 9);
    let query = mutation("establishmentSet", "__typename");
    let token = crate::harness::token_of("cutter", "ESTABLISHMENT_DIRECTOR", Some(COUNTY));
    let (next, ending) = (AtomicU64::new(0), AtomicBool::new(false));
    let canaries = std::thread::scope(|scope| {
        let cutters: Vec<_> = (0..8_usize)
            .map(|at| {
                let (next, query, token, body, origin) =
                    (&next, &query, &token, &bodies[at], &served.client.origin);
                scope.spawn(move || {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= requests {
                            return;
                        }
                        let input = set(body, i64::try_from(number).unwrap() + 1, &format!("cut{number}"));
                        let body = json!({ "query": query, "variables": { "input": input } }).to_string();
                        cut_off(origin, token, &body, Duration::from_millis(number % 8));
                    }
                })
            })
            .collect();
        let canary = scope.spawn(|| {
            let mut written = Vec::new();
            while !ending.load(Ordering::Relaxed) {
                let number = i64::try_from(written.len()).unwrap() + 1;
                written.push(
                    done(clerk.act(&query, set(&bodies[8], number, &format!("canary{number}"))))["revision"]
                        .as_i64()
                        .unwrap(),
                );
            }
            written
        });
        cutters.into_iter().for_each(|cutter| cutter.join().unwrap());
        ending.store(true, Ordering::Relaxed);
        canary.join().unwrap()
    });
    // What was begun ends by itself.
    std::thread::sleep(Duration::from_secs(1));
    let open = format!(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{database}' AND state LIKE 'idle in transaction%'"
    );
    assert_eq!(cluster().number(&open), 0);
    // The connections of the pool are cut: what was acknowledged does not hang on them.
    cluster()
        .run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"));
    std::thread::sleep(Duration::from_millis(1_500));
    let last = clerk.data(&format!(
        "{{ node(id: \"{}\") {{ ... on PublicInstitution {{ establishment {{ approved }} }} }} }}",
        bodies[8]
    ));
    assert_eq!(last["node"]["establishment"]["approved"], canaries.len());
    let query = "query($of: ID!, $after: String) { changes(of: $of, first: 100, after: $after, where: {act: {eq: ESTABLISHMENT_SET}}) { nodes { revision } pageInfo { hasNextPage endCursor } } }";
    let (mut logged, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let page =
            clerk.raw(query, json!({ "of": bodies[8], "after": after })).json()["data"]["changes"].clone();
        logged.extend(page["nodes"].as_array().unwrap().iter().map(|n| n["revision"].as_i64().unwrap()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(logged, canaries.iter().copied().collect(), "every canary stands in the log, and no other");
    println!("{requests} requests cut off, {} canaries", canaries.len());
    drop(served);
    verify(&url);
    let _ = key_file();
}
