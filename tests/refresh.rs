//! A county that changes while it is read: every answer is of one revision, and no reader waits.

use crate::harness::{BACKENDS, Backend, Client, block_on, empty_store, key};
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tiaokuai::http::{App, serve};
use tiaokuai::store::{Source, Store};

/// Two offices of one county, whose duties always change together.
const OFFICES: &str = "{ register { revision } internalOffices(within: \"990101\", where: {functions: {startsWith: \"职责\"}}) { nodes { id functions } } }";

/// A file that gives two offices the same duties.
async fn change(store: &Store, number: usize) {
    let (_, rows) = store.read().await.unwrap();
    let mut changed = tiaokuai::store::Rows::default();
    for id in [offices(&rows)[0], offices(&rows)[1]] {
        let mut versions = rows.organization_version.iter().rev();
        let mut version = versions.find(|v| v.organization_id == id && v.valid_to.is_none()).unwrap().clone();
        version.functions = Some(format!("职责{number}"));
        changed.organization_version.push(version);
    }
    let mut csv = Vec::new();
    changed.write_csv("organization_version", &mut csv).unwrap();
    let files = vec![("organization_version.csv".to_owned(), Cow::Owned(csv))];
    store.load(&Source { name: "change", synthetic: false, files }).await.unwrap();
}

/// The offices of the county, the first of them first.
fn offices(rows: &tiaokuai::store::Rows) -> Vec<i64> {
    let mut all: Vec<(String, i64)> = rows
        .organization_version
        .iter()
        .filter(|v| v.division_code.starts_with("990101") && v.valid_to.is_none() && v.version > 0)
        .filter(|v| {
            rows.organization
                .iter()
                .any(|o| o.id == v.organization_id && o.kind == "INTERNAL_OFFICE" && o.disclosed)
        })
        .map(|v| (v.division_code.clone(), v.organization_id))
        .collect();
    all.sort();
    all.into_iter().map(|(_, id)| id).take(2).collect()
}

fn start(backend: Backend) -> (Client, Store) {
    let (told, hear) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let store = empty_store(backend, "refresh").await;
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            store.load(&tiaokuai::data::demo()).await.unwrap();
            change(&store, 0).await;
            let app = App::open(store.clone(), key()).await.unwrap_or_else(|e| panic!("{}", e.advice()));
            serve(app, "127.0.0.1:0", &[], |address| {
                told.send((format!("http://{address}"), store)).unwrap()
            })
            .await
            .unwrap();
        });
    });
    let (address, store) = hear.recv().unwrap();
    (Client::new(&address), store)
}

#[test]
fn every_answer_is_of_one_revision_while_a_county_changes() {
    for backend in BACKENDS {
        let (client, store) = start(backend);
        let ending = AtomicBool::new(false);
        let seen = std::thread::scope(|scope| {
            let read = || {
                let client = Client::new(&client.origin);
                let mut seen = BTreeSet::new();
                while !ending.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    let answer = client.raw(OFFICES, json!({})).json();
                    assert!(began.elapsed() < Duration::from_secs(3), "a reader waited");
                    let nodes = &answer["data"]["internalOffices"]["nodes"];
                    assert_eq!(nodes.as_array().map(Vec::len), Some(2), "{answer}");
                    assert_eq!(nodes[0]["functions"], nodes[1]["functions"], "{answer}");
                    let revision = answer["data"]["register"]["revision"].as_i64().unwrap();
                    seen.insert((revision, nodes[0]["functions"].as_str().unwrap().to_owned()));
                }
                seen
            };
            let readers: Vec<_> = (0..32).map(|_| scope.spawn(read)).collect();
            let text = |number: usize| json!(format!("职责{number}"));
            for number in 1..=3 {
                block_on(change(&store, number));
                // Until it is seen, and a while longer for the readers.
                let patience = Instant::now() + Duration::from_secs(30);
                let now = || {
                    client.raw(OFFICES, json!({})).json()["data"]["internalOffices"]["nodes"][0]["functions"]
                        .take()
                };
                while now() != text(number) && Instant::now() < patience {
                    std::thread::sleep(Duration::from_millis(20));
                }
                std::thread::sleep(Duration::from_millis(500));
            }
            ending.store(true, Ordering::Relaxed);
            readers.into_iter().flat_map(|r| r.join().unwrap()).collect::<BTreeSet<_>>()
        });
        // Each revision was seen, and with the one text that belongs to it.
        let revisions: BTreeSet<i64> = seen.iter().map(|(revision, _)| *revision).collect();
        assert_eq!(revisions.len(), seen.len(), "{backend:?}: {seen:?}");
        assert!(seen.len() >= 4, "{backend:?}: {seen:?}");
    }
}
