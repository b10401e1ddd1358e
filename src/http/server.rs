//! The server: its state, its routes, its beginning and its end.

use super::connections::{self, Bounds};
use super::cors::Origins;
use super::documents::Documents;
use super::execute::Level;
use super::front::Front;
use super::pages;
use super::register::Register;
use crate::auth::{SigningKey, Visitors};
use crate::domain::Day;
use crate::graph::{self, TiaokuaiSchema, schema};
use crate::policy::{Imports, View};
use crate::snapshot::{BuildError, Snapshot};
use crate::store::{Store, StoreError};
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, endpoint::make, get};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// How many requests are worked on at once for each processor; the others wait for their turn. More would not be faster
/// and would only need more memory.
const TURNS: usize = 4;
/// How many changes wait for the store at once, each on a thread given up for it.
const WRITERS: usize = 16;

/// How many files are written at once.
const FILES: usize = 8;

/// What all requests share.
pub struct App {
    /// The schema.
    pub schema: TiaokuaiSchema,
    /// Who comes with which token.
    pub visitors: Visitors,
    /// The fastest level that may answer.
    pub level: Level,
    /// Documents that were validated before.
    pub documents: Documents,
    /// Turns to execute: how many requests are worked on at once.
    pub turns: Semaphore,
    /// Turns to change the register: whoever waits for the store keeps no reader waiting.
    pub writers: Semaphore,
    /// The register.
    pub register: Arc<Register>,
    started: String,
    requests: AtomicU64,
    /// Turns to write a file.
    pub files: Arc<Semaphore>,
    /// The same for the public.
    pub public_files: Arc<Semaphore>,
    /// Who took how many.
    pub taken: super::turns::Quota,
    /// Turns of sockets: half of what there may be of connections.
    pub sockets: Arc<Semaphore>,
    /// The turn of who makes an event of a subscription.
    pub telling: Arc<Semaphore>,
    /// Imports that are watched.
    pub imports: Arc<Imports>,
    ending: watch::Sender<bool>,
    /// Counts for the start page, of a revision and a day.
    counts: Mutex<Option<(i64, Day, Counts)>>,
}

/// Labels in Chinese and English, and how many.
type Counts = Vec<(&'static str, &'static str, i64)>;

/// Why the register could not be read into memory.
#[derive(Debug)]
pub enum LoadError {
    /// The database.
    Store(StoreError),
    /// A row that makes no sense.
    Row(BuildError),
}

impl LoadError {
    /// For the operator.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Store(error) => error.advice(),
            Self::Row(error) => format!("the register holds a row that cannot be read: {}", error.0),
        }
    }
}

impl App {
    /// Reads the register into memory.
    ///
    /// # Errors
    /// When the database does not answer or holds rows that make no sense.
    pub async fn open(store: Store, key: SigningKey) -> Result<Self, LoadError> {
        let mut seed = [0_u8; 6];
        // Ids of requests differ between processes; nothing depends on how.
        seed.copy_from_slice(
            &blake3::hash(format!("{:?}{}", std::time::Instant::now(), std::process::id()).as_bytes())
                .as_bytes()[..6],
        );
        Ok(Self {
            schema: schema(),
            visitors: Visitors::new(key),
            level: Level::default(),
            documents: Documents::new(),
            turns: Semaphore::new(TURNS * std::thread::available_parallelism().map_or(2, usize::from)),
            writers: Semaphore::new(WRITERS),
            register: Arc::new(Register::open(store).await?),
            started: data_encoding::HEXLOWER.encode(&seed),
            requests: AtomicU64::new(0),
            files: Arc::new(Semaphore::new(FILES)),
            public_files: Arc::new(Semaphore::new(FILES)),
            taken: super::turns::Quota::default(),
            sockets: Arc::new(Semaphore::new(Bounds::of_system().connections / 2)),
            telling: Arc::new(Semaphore::new(1)),
            imports: Arc::default(),
            ending: watch::Sender::new(false),
            counts: Mutex::new(None),
        })
    }

    /// The register as it is now. Each attempt at a request takes it once.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.register.snapshot()
    }

    /// An id for the next request.
    pub fn next_request_id(&self) -> String {
        format!("{}-{:x}", self.started, self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// What the public sees today, counted once for a revision and a day: anybody may ask for the start page.
    pub fn counts(&self, view: &View) -> Counts {
        let mut kept = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((revision, day, counts)) if (*revision, *day) == (view.revision(), view.as_of()) => {
                counts.clone()
            }
            _ => {
                let counts = graph::counts(view);
                *kept = Some((view.revision(), view.as_of(), counts.clone()));
                counts
            }
        }
    }

    /// Says when the server is told to end.
    pub fn ended(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// Answers come from memory, and go on when the store is gone; but whoever can choose should ask a server that is whole.
    fn is_ready(&self) -> bool {
        !*self.ending.borrow() && self.register.is_whole()
    }
}

/// All routes.
fn routes(app: &Arc<App>, origins: &[String]) -> impl Endpoint<Output = Response> + use<> {
    let (ready, start) = (app.clone(), app.clone());
    let health = || make(|_| async { "ok\n" });
    let rest = Route::new()
        .at("/favicon.ico", get(make(|_| async { StatusCode::NO_CONTENT })))
        .at("/healthz", get(health()))
        .at(
            "/readyz",
            get(make(move |_| {
                let app = ready.clone();
                async move {
                    if app.is_ready() {
                        "ready\n".into_response()
                    } else {
                        Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body("not ready\n")
                    }
                }
            })),
        )
        .at("/schema.graphql", get(make(|_| async { pages::sdl() })))
        .at("/graphiql", get(make(|request| async move { pages::asset("index.html", &request) })))
        .at(
            "/graphiql/*path",
            get(make(|request: poem::Request| async move {
                let path: String = request.path_params().unwrap_or_default();
                pages::asset(&path, &request)
            })),
        )
        .at(
            "/",
            get(make(move |request: poem::Request| {
                let app = start.clone();
                async move { pages::start(&app, &request) }
            })),
        )
        .map_to_response()
        .catch_all_error(|error| async move { pages::route_error(&error) });
    Front { app: app.clone(), origins: Origins::new(origins), rest }
}

/// Serves until the process is told to end. `listening` is called with the address once connections are accepted.
///
/// # Errors
/// When the address cannot be used.
pub async fn serve(
    app: App,
    listen: &str,
    origins: &[String],
    listening: impl FnOnce(String),
) -> std::io::Result<()> {
    let app = Arc::new(app);
    let listener = TcpListener::bind(listen).await?;
    let told = told_to_end()?;
    listening(listener.local_addr()?.to_string());
    let follower = tokio::spawn(app.register.clone().follow_on());
    let ended = {
        let app = app.clone();
        async move {
            told.await;
            app.ending.send_replace(true);
        }
    };
    let whole = Bounds::of_system();
    // The other half is for sockets, which give back the turn of their connection.
    let bounds = Bounds { connections: whole.connections - whole.connections / 2, ..whole };
    connections::serve(listener, routes(&app, origins), ended, bounds).await;
    follower.abort();
    Ok(())
}

/// Ends when the process is told to end. The signals are heard from the call on, not only from the first poll.
fn told_to_end() -> std::io::Result<impl Future<Output = ()> + Send> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = tokio::signal::ctrl_c();
        #[cfg(unix)]
        tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        #[cfg(not(unix))]
        let _ = interrupted.await;
    })
}
