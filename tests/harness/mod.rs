//! What the tests share: databases, servers in this process, and a client.

pub mod client;
pub mod postgres;
pub mod process;
pub mod register;

pub use client::Client;

use std::path::PathBuf;
use std::sync::OnceLock;
use tiaokuai::auth::{Claims, GrantClaim, SigningKey, sign};
use tiaokuai::http::{App, serve};
use tiaokuai::store::Store;

/// The databases that every test of behaviour runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

pub const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

/// A directory of this test run, under the target directory so that nothing is left in the tree.
pub fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The key of all servers of this run, as PEM.
pub fn key_pem() -> &'static str {
    static PEM: OnceLock<String> = OnceLock::new();
    PEM.get_or_init(|| SigningKey::new_pem().unwrap())
}

pub fn key() -> SigningKey {
    SigningKey::from_pem(key_pem()).unwrap()
}

/// A token with one grant.
pub fn token(role: &str, scope: Option<&str>, line: Option<i64>) -> String {
    let grant = GrantClaim { role: role.to_owned(), scope: scope.map(str::to_owned), line };
    sign(&key(), &Claims::new("test", vec![grant], 600)).unwrap()
}

/// A token of somebody with one grant.
pub fn token_of(subject: &str, role: &str, scope: Option<&str>) -> String {
    let grant = GrantClaim { role: role.to_owned(), scope: scope.map(str::to_owned), line: None };
    sign(&key(), &Claims::new(subject, vec![grant], 600)).unwrap()
}

/// A token with several grants: roles and their territories.
pub fn tokens_of(grants: &[(&str, Option<&str>)]) -> String {
    let grant = |(role, scope): &(&str, Option<&str>)| GrantClaim {
        role: (*role).to_owned(),
        scope: scope.map(str::to_owned),
        line: None,
    };
    sign(&key(), &Claims::new("test", grants.iter().map(grant).collect(), 600)).unwrap()
}

/// Address of an empty database of its own.
pub fn empty_database(backend: Backend, name: &str) -> String {
    match backend {
        Backend::Sqlite => format!("sqlite://{}", scratch(name).join("register.db").display()),
        Backend::Postgres => postgres::cluster().create(name),
    }
}

/// A store with tables.
pub async fn empty_store(backend: Backend, name: &str) -> Store {
    let store = Store::connect(&empty_database(backend, name)).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// Runs something to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A server with the demonstration, one for each database, shared by the tests.
pub fn server(backend: Backend) -> Client {
    static SQLITE: OnceLock<String> = OnceLock::new();
    static POSTGRES: OnceLock<String> = OnceLock::new();
    let cell = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    Client::new(cell.get_or_init(|| start(backend)))
}

fn start(backend: Backend) -> String {
    start_on(&demo_database(backend, "shared"))
}

/// Address of a database with the demonstration.
pub fn demo_database(backend: Backend, name: &str) -> String {
    let url = empty_database(backend, name);
    let load = || {
        block_on(async {
            let store = Store::connect(&url).await.unwrap();
            store.migrate().await.unwrap();
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            store.load(&tiaokuai::data::demo()).await.unwrap();
        });
    };
    std::thread::scope(|scope| scope.spawn(load).join()).unwrap();
    url
}

/// Starts a server on a database, in this process, and gives its address.
pub fn start_on(url: &str) -> String {
    let (told, hear) = std::sync::mpsc::channel();
    let url = url.to_owned();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::connect(&url).await.unwrap();
            let app = App::open(store, key()).await.unwrap_or_else(|e| panic!("{}", e.advice()));
            let origins = ["https://allowed.example".to_owned()];
            serve(app, "127.0.0.1:0", &origins, |address| told.send(format!("http://{address}")).unwrap())
                .await
                .unwrap();
        });
    });
    hear.recv().unwrap()
}

/// A server with the demonstration for one test alone, which may change it.
pub fn own_server(backend: Backend, name: &str) -> Client {
    Client::new(&start_on(&demo_database(backend, name)))
}

/// Compares with a golden file, or writes it when `UPDATE_GOLDEN` is set.
pub fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (was, is))) = (1..).zip(kept.lines().zip(text.lines())).find(|(_, (a, b))| a != b) {
        panic!(
            "{name} differs from line {line} on:\n  kept: {was}\n  now:  {is}\nreview it and run `make golden`"
        );
    }
    assert_eq!(kept.len(), text.len(), "{name} differs in length; review it and run `make golden`");
}
