//! The server: its state, its routes, its beginning and its end.

use super::connections::{self, Bounds};
use super::cors::Origins;
use super::documents::Documents;
use super::execute::Level;
use super::front::Front;
use super::pages;
use crate::auth::{SigningKey, Visitors};
use crate::domain::Day;
use crate::graph::{self, TiaokuaiSchema, schema};
use crate::policy::View;
use crate::snapshot::{BuildError, Shard, Snapshot};
use crate::store::{Store, StoreError};
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, endpoint::make, get};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How often the server looks whether the register has moved on.
const LOOK: Duration = Duration::from_secs(2);
/// How many requests are worked on at once for each processor; the others wait for their turn. More would not be faster
/// and would only need more memory.
const TURNS: usize = 4;

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
    store: Store,
    snapshot: RwLock<Arc<Snapshot>>,
    started: String,
    requests: AtomicU64,
    ending: AtomicBool,
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

/// Reads the register, or of it what changed since an earlier snapshot.
async fn read(store: &Store, earlier: Option<&Snapshot>) -> Result<Snapshot, LoadError> {
    let began = Instant::now();
    let since = earlier.map_or(0, |snapshot| snapshot.state.revision);
    let settled = |shard: Result<Shard, BuildError>| shard.map(Shard::settled);
    let (state, shards) = store.read_shards(since, Shard::build, settled).await.map_err(LoadError::Store)?;
    let shards = shards.into_iter().collect::<Result<Vec<_>, _>>().map_err(LoadError::Row)?;
    let here = Instant::now();
    let mut snapshot = match earlier {
        // Another register, or an earlier revision of it that was restored: nothing of the old one holds.
        Some(earlier) if earlier.state.secret != state.secret || state.revision < since => {
            return Box::pin(read(store, None)).await;
        }
        Some(earlier) => earlier.with(state, shards),
        None => Snapshot::of(state, shards),
    };
    snapshot.took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        micros = u64::try_from(here.elapsed().as_micros()).unwrap_or(u64::MAX),
        "the shards were put together"
    );
    Ok(snapshot)
}

impl App {
    /// Reads the register into memory.
    ///
    /// # Errors
    /// When the database does not answer or holds rows that make no sense.
    pub async fn open(store: Store, key: SigningKey) -> Result<Self, LoadError> {
        let snapshot = read(&store, None).await?;
        let parts = snapshot.memory().into_iter().map(|(name, bytes)| format!("{name} {}", bytes >> 20));
        tracing::info!(
            revision = snapshot.state.revision,
            millis = snapshot.took,
            mebibytes = snapshot.bytes >> 20,
            parts = parts.collect::<Vec<_>>().join(", "),
            "the register is in memory"
        );
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
            store,
            snapshot: RwLock::new(Arc::new(snapshot)),
            started: data_encoding::HEXLOWER.encode(&seed),
            requests: AtomicU64::new(0),
            ending: AtomicBool::new(false),
            counts: Mutex::new(None),
        })
    }

    /// The register as it is now. Each attempt at a request takes it once.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An id for the next request.
    pub fn next_request_id(&self) -> String {
        format!("{}-{:x}", self.started, self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// Reads the register again when it has moved on.
    async fn follow(&self) -> Result<(), LoadError> {
        let state = self.store.state().await.map_err(LoadError::Store)?;
        if state != self.snapshot().state {
            let earlier = self.snapshot();
            let snapshot = Arc::new(read(&self.store, Some(&earlier)).await?);
            let (revision, millis) = (snapshot.state.revision, snapshot.took);
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
            // The last to let go of the earlier one may be a request: then it is the request that clears up. Better here.
            drop(earlier);
            tracing::info!(revision, millis, "changed shards were read again");
        }
        Ok(())
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

    /// Answers come from memory: the server is ready once it serves, and until it is told to end.
    fn is_ready(&self) -> bool {
        !self.ending.load(Ordering::Relaxed)
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
    let follower = tokio::spawn({
        let app = app.clone();
        async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let turn = app.clone();
                // On a task of its own: whatever happens there, the next look comes.
                match tokio::spawn(async move { turn.follow().await }).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::error!(problem = error.advice(), "the register could not be read again")
                    }
                    Err(error) => tracing::error!(%error, "reading the register again broke off"),
                }
            }
        }
    });
    let ended = {
        let app = app.clone();
        async move {
            told.await;
            app.ending.store(true, Ordering::Relaxed);
        }
    };
    connections::serve(listener, routes(&app, origins), ended, Bounds::of_system()).await;
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
