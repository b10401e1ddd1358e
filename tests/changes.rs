//! The change log: a change and its entry are committed together, no writer loses what another wrote, and a log that was tampered with
//! is found out.

use crate::harness::register::seeds;
use crate::harness::{BACKENDS, Backend, block_on, empty_database};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::collections::BTreeSet;
use std::time::Duration;
use tiaokuai::domain::ActKind;
use tiaokuai::store::{Author, Broken, Desk, Head, Outcome, Store, Wish, entity};

/// The fictional county.
const COUNTY: i32 = 990_101;

/// What an establishment clerk of the county asks for.
pub fn wish() -> Wish {
    Wish {
        shards: BTreeSet::from([COUNTY]),
        author: Author {
            principal: "经办甲".into(),
            role: "ESTABLISHMENT_CLERK".into(),
            request: "r-1".into(),
        },
        once: None,
        seen: None,
        dry_run: false,
        with_log: false,
    }
}

/// A register with the demonstration, and a way to reach behind it.
async fn register(backend: Backend, name: &str) -> (String, Store, DatabaseConnection) {
    let url = empty_database(backend, name);
    let store = Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.load(&tiaokuai::data::divisions()).await.unwrap();
    store.load(&tiaokuai::data::demo()).await.unwrap();
    let behind = Database::connect(&url).await.unwrap();
    (url, store, behind)
}

async fn ask(behind: &DatabaseConnection, query: &str) -> i64 {
    let statement = Statement::from_string(behind.get_database_backend(), query);
    behind.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Adds a post to the first establishment of the county, and says how many there are now.
fn add_post(desk: &mut Desk) -> Result<i32, &'static str> {
    let mut row = desk.establishment.iter().find(|row| row.valid_to.is_none()).ok_or("none")?.clone();
    row.approved += 1;
    let approved = row.approved;
    desk.establishment.put(row);
    desk.close(ActKind::EstablishmentSet, None);
    Ok(approved)
}

async fn change(store: &Store) -> Outcome<i32, &'static str> {
    store.change(wish(), add_post).await.unwrap()
}

async fn sound(store: &Store, anchor: &[Head]) -> Vec<Head> {
    let (heads, broken) = store.verify(anchor).await.unwrap();
    assert_eq!(broken, []);
    heads
}

#[test]
fn a_change_stands_in_the_register_and_in_the_log_or_in_neither() {
    for backend in BACKENDS {
        block_on(async {
            let (_, store, behind) = register(backend, "change").await;
            assert_eq!(sound(&store, &[]).await, []);
            let done = store.change(wish(), |desk| {
                let id = desk.new_id(COUNTY).ok_or("no id")?;
                assert_eq!(id / 100_000_000, i64::from(COUNTY));
                assert!(desk.organization.get(&id).is_none() && desk.person.get(&id).is_none());
                assert_eq!(desk.new_id(COUNTY), Some(id + 1));
                assert_eq!(desk.new_id(110_101), None, "a county that is not on the desk");
                desk.document.put(entity::document::Model {
                    id,
                    shard: COUNTY,
                    number: "虚编发〔2026〕1号".into(),
                    title: "关于调整编制的批复".into(),
                    issuer: "虚县编委".into(),
                    issued_on: Some("2026-11-27".into()),
                    disclosed: true,
                });
                desk.close(ActKind::DocumentRegister, Some(id));
                let approved = add_post(desk)?;
                // What is written as it was is no change.
                let same = desk.establishment.iter().next().unwrap().clone();
                desk.establishment.put(same);
                desk.close(ActKind::PersonAdd, None);
                Ok::<_, &str>((id, approved))
            });
            let Outcome::Done { said: (id, approved), revision } = done.await.unwrap() else { panic!() };
            assert_eq!(revision, 3);
            let (state, rows) = store.read().await.unwrap();
            assert_eq!(state.revision, 3);
            assert!(rows.document.iter().any(|d| d.id == id));
            assert!(rows.establishment.iter().any(|e| e.shard == COUNTY && e.approved == approved));
            let heads = sound(&store, &[]).await;
            let [head] = &heads[..] else { panic!("{heads:?}") };
            assert_eq!((head.shard, head.changes, head.revision), (COUNTY, 2, 3));
            assert_eq!(ask(&behind, "SELECT COUNT(*) FROM change WHERE act = 'NOTHING'").await, 0);
            let touched = format!("SELECT revision FROM shard WHERE shard = {COUNTY}");
            assert_eq!(ask(&behind, &touched).await, 3);
            let history =
                format!("SELECT COUNT(*) FROM change_object WHERE kind = 'document' AND object_id = {id}");
            assert_eq!(ask(&behind, &history).await, 1);

            let refused = store.change(wish(), |desk| {
                add_post(desk)?;
                Err::<(), _>("not so")
            });
            assert_eq!(refused.await.unwrap(), Outcome::Refused("not so"));
            let nothing = store.change(wish(), |_| Ok::<_, &str>(7));
            assert_eq!(nothing.await.unwrap(), Outcome::Done { said: 7, revision: 3 });
            assert_eq!(store.state().await.unwrap().revision, 3);
            assert_eq!(sound(&store, &heads).await, heads);
        });
    }
}

#[test]
fn a_log_that_was_tampered_with_is_found_out() {
    for backend in BACKENDS {
        block_on(async {
            let (_, store, behind) = register(backend, "tampered").await;
            for _ in 0..6 {
                change(&store).await;
            }
            let anchor = sound(&store, &[]).await;
            change(&store).await;
            sound(&store, &anchor).await;
            let broken = async || store.verify(&[]).await.unwrap().1;
            let against = async || store.verify(&anchor).await.unwrap().1;
            // The revisions are 3 to 9; the anchor has seen 8.
            let at = |revision| (COUNTY, revision);
            let edited = |(shard, revision)| Broken::Edited { shard, revision };
            let torn = |(shard, revision)| Broken::Torn { shard, revision };
            let cut = Broken::Cut { shard: COUNTY, revision: 8 };
            let run = async |sql: &str| {
                behind.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            };
            run("CREATE TABLE kept AS SELECT * FROM change").await;
            let restore = async || {
                run("DELETE FROM change").await;
                run("INSERT INTO change SELECT * FROM kept").await;
                assert_eq!(against().await, []);
            };
            for column in ["principal", "role", "act", "request", "records", "at"] {
                run(&format!("UPDATE change SET {column} = {column} || ' ' WHERE revision = 5")).await;
                assert_eq!(broken().await, [edited(at(5))], "{column}");
                restore().await;
            }
            run("UPDATE change SET document_id = 1 WHERE revision = 5").await;
            assert_eq!(broken().await, [edited(at(5))]);
            restore().await;
            run("DELETE FROM change WHERE revision = 5").await;
            assert_eq!(broken().await, [torn(at(6))]);
            restore().await;
            // The first is not torn from anything: it says itself that it was not the first.
            run("DELETE FROM change WHERE revision = 3").await;
            assert_eq!(broken().await, [torn(at(4))]);
            restore().await;
            // Two change places.
            run("UPDATE change SET revision = 50 WHERE revision = 5").await;
            run("UPDATE change SET revision = 5 WHERE revision = 6").await;
            run("UPDATE change SET revision = 6 WHERE revision = 50").await;
            let found = broken().await;
            assert!(found.contains(&edited(at(5))) && found.contains(&torn(at(6))), "{found:?}");
            restore().await;
            // A tail that was cut off is sound in itself.
            run("DELETE FROM change WHERE revision >= 8").await;
            assert_eq!(broken().await, []);
            assert_eq!(against().await, std::slice::from_ref(&cut));
            restore().await;
            // So is a log that was forgotten as a whole.
            run("DELETE FROM change").await;
            assert_eq!(broken().await, []);
            assert_eq!(against().await, [cut]);
            // A log does not fork.
            restore().await;
            let fork = "INSERT INTO change SELECT 99, ordinal, shard, at, principal, role, act, document_id, request, \
                        records, previous, hash FROM kept WHERE revision = 5";
            assert!(behind.execute_unprepared(fork).await.is_err());
        });
    }
}

#[test]
fn what_is_asked_twice_with_a_key_is_done_once() {
    for backend in BACKENDS {
        block_on(async {
            let (_, store, behind) = register(backend, "once").await;
            let ask = async |principal: &str, digest: &str| {
                let mut wish = wish();
                wish.author.principal = principal.to_owned();
                wish.once = Some(("key-1".to_owned(), digest.to_owned()));
                store.change(wish, add_post).await.unwrap()
            };
            let first = ask("甲", "a").await;
            let Outcome::Done { said, revision: 3 } = first else { panic!("{first:?}") };
            change(&store).await;
            assert_eq!(ask("甲", "a").await, first, "answered as before, though the register moved on");
            assert_eq!(ask("甲", "b").await, Outcome::KeyTaken);
            assert_eq!(
                ask("乙", "b").await,
                Outcome::Done { said: said + 2, revision: 5 },
                "a key is its asker's"
            );
            assert_eq!(ask_count(&behind).await, 3);
            // What is refused, or only tried, leaves the key free.
            let with_key = |dry_run| Wish { once: Some(("key-2".into(), "a".into())), dry_run, ..wish() };
            let refused = store.change(with_key(false), |_| Err::<i32, _>("no")).await.unwrap();
            assert_eq!(refused, Outcome::Refused("no"));
            let tried = store.change(with_key(true), add_post).await.unwrap();
            assert_eq!(tried, Outcome::Done { said: said + 3, revision: 5 });
            assert_eq!((ask_count(&behind).await, store.state().await.unwrap().revision), (3, 5));
            let done = store.change(with_key(false), add_post).await.unwrap();
            assert_eq!(done, Outcome::Done { said: said + 3, revision: 6 });
            sound(&store, &[]).await;
        });
    }
}

async fn ask_count(behind: &DatabaseConnection) -> i64 {
    ask(behind, "SELECT COUNT(*) FROM change").await
}

#[test]
fn who_read_what_has_changed_since_is_told_by_what() {
    for backend in BACKENDS {
        block_on(async {
            let (_, store, _) = register(backend, "stale").await;
            change(&store).await;
            let seen = |seen| Wish { seen: Some(seen), ..wish() };
            let stale = store.change(seen(2), add_post).await.unwrap();
            assert_eq!(stale, Outcome::Conflict(vec![3]));
            let fresh = store.change(seen(3), add_post).await.unwrap();
            assert!(matches!(fresh, Outcome::Done { revision: 4, .. }), "{fresh:?}");
            let stale = store.change(seen(2), add_post).await.unwrap();
            assert_eq!(stale, Outcome::Conflict(vec![4, 3]));
            // What others did to other objects is no conflict.
            let other = store.change(seen(2), |desk| {
                let mut person = desk.person.iter().next().ok_or("nobody")?.clone();
                person.name.push('甲');
                desk.person.put(person);
                desk.close(ActKind::PersonCorrect, None);
                Ok::<_, &str>(0)
            });
            let other = other.await.unwrap();
            assert!(matches!(other, Outcome::Done { revision: 5, .. }), "{other:?}");
        });
    }
}

#[test]
fn no_writer_loses_what_another_wrote() {
    const WRITERS: i32 = 30;
    for backend in BACKENDS {
        block_on(async {
            let (url, store, _) = register(backend, "writers").await;
            let Outcome::Done { said: first, .. } = change(&store).await else { panic!() };
            let other = Store::connect(&url).await.unwrap();
            let mut running = tokio::task::JoinSet::new();
            for at in 0..WRITERS {
                let store = if at % 2 == 0 { store.clone() } else { other.clone() };
                running.spawn(async move { change(&store).await });
            }
            let mut seen = BTreeSet::new();
            while let Some(done) = running.join_next().await {
                let Outcome::Done { said, revision } = done.unwrap() else { panic!() };
                assert_eq!(i64::from(said - first), revision - 3, "each sees what the one before wrote");
                assert!(seen.insert(revision));
            }
            assert_eq!(seen, (4..4 + i64::from(WRITERS)).collect());
            assert_eq!(sound(&store, &[]).await[0].changes, u64::try_from(WRITERS).unwrap() + 1);
        });
    }
}

#[test]
fn who_stops_waiting_breaks_nothing_off() {
    let (seed, cases) = seeds(60);
    for backend in BACKENDS {
        block_on(async {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (_, store, behind) = register(backend, "dropped").await;
            let Outcome::Done { said: first, .. } = change(&store).await else { panic!() };
            for _ in 0..cases {
                let patience = Duration::from_micros(u64::from(rng.next_u32() % 40_000));
                let _ = tokio::time::timeout(patience, change(&store)).await;
            }
            // One more waits for all that are still at it.
            let Outcome::Done { said: last, .. } = change(&store).await else { panic!() };
            let entries = ask(&behind, "SELECT COUNT(*) FROM change").await;
            assert_eq!(i64::from(last - first) + 1, entries, "seed {seed}: an entry for each post");
            assert!(i64::from(last - first) > 0);
            if backend == Backend::Postgres {
                let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
                            AND datname = current_database()";
                assert_eq!(ask(&behind, open).await, 0, "seed {seed}");
            }
            sound(&store, &[]).await;
        });
    }
}
