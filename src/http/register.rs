//! The register as this process holds it: in memory to be read, and behind it the store, which is followed and written to.

use super::server::LoadError;
use crate::domain::{ErrorCode, Fault};
use crate::snapshot::{BuildError, Shard, Snapshot};
use crate::store::{Rows, Store, StoreError};
use quick_cache::sync::Cache;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How often it is looked whether the register has moved on, where nobody says so.
const LOOK: Duration = Duration::from_millis(500);
/// How many earlier states of counties are kept.
const EARLIER: usize = 8;
/// After which time it is tried whether the store can be written again.
const AGAIN: Duration = Duration::from_secs(2);
/// How long a reader waits for a revision.
const PATIENCE: Duration = Duration::from_secs(5);

/// An earlier state of a county, by the county, its last revision then, and the revision of the register that it was taken from.
type Earlier = Cache<(u32, i64, i64), Arc<Snapshot>>;

/// The register in memory and behind it.
pub struct Register {
    pub(super) store: Store,
    snapshot: RwLock<Arc<Snapshot>>,
    /// One follows at a time: an earlier state never takes the place of a later one.
    following: tokio::sync::Mutex<()>,
    /// The revision in memory, for those who wait for one.
    revision: tokio::sync::watch::Sender<i64>,
    /// Whether the store was read when it was tried last.
    reads: AtomicBool,
    /// When the store could not be written last, as long as it was not found to be written again.
    pub(super) write_failed: Mutex<Option<Instant>>,
    /// Whether this process is there for reading alone, such as beside a standby.
    pub(super) only_reads: AtomicBool,
    pub(super) earlier: Earlier,
}

/// Reads the register, or of it what changed since an earlier snapshot.
async fn read(store: &Store, earlier: Option<&Arc<Snapshot>>) -> Result<Snapshot, LoadError> {
    let began = Instant::now();
    let since = earlier.map_or(0, |snapshot| snapshot.state.revision);
    let (before, whole) = (earlier.cloned(), earlier.is_none());
    // Nothing where the log goes on from another state than the one in memory.
    let build = move |code, rows: Rows| {
        let earlier = before.as_ref().and_then(|snapshot| snapshot.shard_of(code));
        if earlier.is_some_and(|shard| !shard.log.goes_on_with(&rows.log)) {
            return Ok(None);
        }
        Shard::build_after(earlier, code, rows).map(Some)
    };
    let settled = move |shard: Result<Option<Shard>, BuildError>| {
        shard.map(|shard| shard.map(|shard| shard.settled(whole)))
    };
    let (state, shards) = store.read_shards(since, build, settled).await.map_err(LoadError::Store)?;
    let shards = shards.into_iter().collect::<Result<Vec<_>, _>>().map_err(LoadError::Row)?;
    let Some(shards) = shards.into_iter().collect::<Option<Vec<_>>>() else {
        return Box::pin(read(store, None)).await;
    };
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

impl Register {
    /// Reads the register into memory.
    ///
    /// # Errors
    /// When the database does not answer or holds rows that make no sense.
    pub async fn open(store: Store) -> Result<Self, LoadError> {
        let snapshot = read(&store, None).await?;
        let parts = snapshot.memory().into_iter().map(|(name, bytes)| format!("{name} {}", bytes >> 20));
        tracing::info!(
            revision = snapshot.state.revision,
            millis = snapshot.took,
            mebibytes = snapshot.bytes >> 20,
            parts = parts.collect::<Vec<_>>().join(", "),
            "the register is in memory"
        );
        Ok(Self {
            store,
            revision: tokio::sync::watch::Sender::new(snapshot.state.revision),
            snapshot: RwLock::new(Arc::new(snapshot)),
            following: tokio::sync::Mutex::new(()),
            reads: AtomicBool::new(true),
            write_failed: Mutex::new(None),
            only_reads: AtomicBool::new(false),
            earlier: Cache::new(EARLIER),
        })
    }

    /// Changes nothing from now on: this process is there for reading alone.
    pub fn only_read(&self) {
        self.only_reads.store(true, Ordering::Relaxed);
    }

    /// Whether the store can be written: tries it.
    ///
    /// # Errors
    /// `Database`.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        self.store.try_writing().await
    }

    /// The register as it is now. Each attempt at a request takes it once.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The revision in memory, to wait for the next one.
    pub fn revisions(&self) -> tokio::sync::watch::Receiver<i64> {
        self.revision.subscribe()
    }

    /// Whether the store could be read and written when it was tried last.
    pub fn is_whole(&self) -> bool {
        self.reads.load(Ordering::Relaxed) && self.failed_for().is_none()
    }

    /// How long ago writing failed; nothing when it did not.
    fn failed_for(&self) -> Option<Duration> {
        let failed = self.write_failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.map(|at| at.elapsed())
    }

    /// Reads again what has moved on in the store.
    pub(super) async fn follow(&self) -> Result<(), LoadError> {
        let _alone = self.following.lock().await;
        let followed = self.follow_alone().await;
        self.reads.store(followed.is_ok(), Ordering::Relaxed);
        followed
    }

    async fn follow_alone(&self) -> Result<(), LoadError> {
        let state = self.store.state().await.map_err(LoadError::Store)?;
        if state != self.snapshot().state {
            let earlier = self.snapshot();
            let snapshot = Arc::new(read(&self.store, Some(&earlier)).await?);
            let (revision, millis) = (snapshot.state.revision, snapshot.took);
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
            // They are of a register that was.
            self.earlier.clear();
            self.revision.send_replace(revision);
            // The last to let go of the earlier one may be a request: then it is the request that clears up. Better here.
            drop(earlier);
            tracing::info!(revision, millis, "changed shards were read again");
        }
        Ok(())
    }

    /// Follows the store for ever.
    pub async fn follow_on(self: Arc<Self>) {
        let mut watch = self.store.watch().await;
        loop {
            if watch.wait(LOOK).await {
                watch = self.store.watch().await;
            }
            let turn = self.clone();
            // On a task of its own: whatever happens there, the next look comes.
            let looked = tokio::spawn(async move {
                let followed = turn.follow().await;
                // A small thing may be written where a larger one is not: it is tried after a while.
                let again = turn.failed_for().is_some_and(|since| since >= AGAIN);
                if again && turn.store.try_writing().await.is_ok() {
                    *turn.write_failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
                }
                followed
            });
            match looked.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(problem = error.advice(), "the register could not be read again");
                }
                Err(error) => tracing::error!(%error, "reading the register again broke off"),
            }
        }
    }

    /// Waits until at least a revision is in memory.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it does not come.
    pub async fn reach(&self, revision: i64) -> Result<(), Fault> {
        let is_there = || self.snapshot().state.revision >= revision;
        if is_there() {
            return Ok(());
        }
        let mut seen = self.revision.subscribe();
        let waited = tokio::time::timeout(PATIENCE, async {
            // An error shows in readiness; whoever waits here waits for the next look.
            let _ = self.follow().await;
            let _ = seen.wait_for(|there| *there >= revision).await;
        });
        let _ = waited.await;
        if is_there() {
            return Ok(());
        }
        let now = self.snapshot().state.revision;
        Err(Fault::new(
            ErrorCode::Unavailable,
            format!("Revision {revision} has not come here yet; this is {now}. Ask again."),
            format!("本服务尚未同步到修订号 {revision}（现为 {now}），请稍后重试。"),
        ))
    }
}
