//! The whole register in and out: many shards at once, each table in one sweep, at one point in time.

pub(super) mod cells;
mod import;
pub(super) mod postgres;
pub(super) mod sqlite;

pub use import::Import;

use super::rows::Shards;
use super::{Rows, State, Store, StoreError};
use cells::CellError;
use sea_orm::sqlx;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use tokio::runtime::RuntimeFlavor;

/// How many shards are read at once: few enough that their rows take little memory, enough that queries are few.
const CHUNK: usize = 6;

/// How many finished shards may wait to be put away: those that wait are twice in memory before long.
const WAITING: usize = 4;

/// What went wrong on the way; becomes a `StoreError`.
#[derive(Debug)]
pub(super) enum Problem {
    Postgres(sqlx::Error),
    Sqlite(rusqlite::Error),
    Row(CellError),
    /// The register moved on between two connections.
    Moved,
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Problem> for StoreError {
    fn from(problem: Problem) -> Self {
        Self::Database(sea_orm::DbErr::Custom(match problem {
            Problem::Postgres(error) => error.to_string(),
            Problem::Sqlite(error) => error.to_string(),
            Problem::Row(error) => format!("a row cannot be read: {error}"),
            Problem::Moved => "the register moved on while it was read".to_owned(),
        }))
    }
}

/// The shards of a chunk, in the words of SQL.
fn among(shards: &[i32]) -> String {
    let list: Vec<String> = shards.iter().map(ToString::to_string).collect();
    format!("shard IN ({})", list.join(", "))
}

/// The work that several readers share: chunks of shards, taken one after the other.
struct Work<F> {
    shards: Vec<i32>,
    since: i64,
    next: AtomicUsize,
    each: F,
}

impl<F> Work<F> {
    fn take(&self) -> Option<&[i32]> {
        let from = self.next.fetch_add(CHUNK, Ordering::Relaxed);
        self.shards.get(from..self.shards.len().min(from + CHUNK)).filter(|chunk| !chunk.is_empty())
    }
}

/// Hands each shard of a chunk on.
fn hand<T>(shards: Shards, each: &impl Fn(u32, Rows) -> T, made: &SyncSender<T>) {
    for (code, rows) in shards {
        // Nobody takes it only when the keeper broke off, which is noticed when it is waited for.
        let _ = made.send(each(code.cast_unsigned(), rows));
    }
}

impl Store {
    /// Reads all shards that changed after a revision (all of them after 0), of their log what came after it, at one point in time, by
    /// several readers. `each` makes something of the rows of a shard; `keep` puts it away, on one thread that does nothing else. It comes in no order.
    ///
    /// # Errors
    /// `Database`.
    pub async fn read_shards<T: Send + 'static, U: Send + 'static>(
        &self,
        since: i64,
        each: impl Fn(u32, Rows) -> T + Send + Sync + 'static,
        keep: impl Fn(T) -> U + Send + 'static,
    ) -> Result<(State, Vec<U>), StoreError> {
        let readers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let broke_off = || StoreError::Database(sea_orm::DbErr::Custom("a reader broke off".to_owned()));
        let (made, take) = std::sync::mpsc::sync_channel::<T>(WAITING);
        let keeper = std::thread::spawn(move || take.into_iter().map(keep).collect::<Vec<U>>());
        let state = if self.is_embedded() {
            let file = self.file.clone();
            let read = move || read_sqlite(&file, since, readers, &each, made);
            tokio::task::spawn_blocking(read).await.map_err(|_| broke_off())??
        } else {
            self.read_postgres(since, readers, each, made).await?
        };
        Ok((state, keeper.join().map_err(|_| broke_off())?))
    }

    async fn read_postgres<T: Send + 'static>(
        &self,
        since: i64,
        readers: usize,
        each: impl Fn(u32, Rows) -> T + Send + Sync + 'static,
        made: SyncSender<T>,
    ) -> Result<State, Problem> {
        let pool = self.db.get_postgres_connection_pool();
        // Detached: a connection whose transaction broke off does not go back to the pool.
        let mut first = pool.acquire().await?.detach();
        let (state, shards, name) = postgres::begin(&mut first, since).await?;
        let work = Arc::new(Work { shards, since, next: AtomicUsize::new(0), each });
        let readers = readers.min(work.shards.len().div_ceil(CHUNK));
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..readers {
            let (work, name, made) = (work.clone(), name.clone(), made.clone());
            let mut connection = pool.acquire().await?.detach();
            running.spawn(async move {
                postgres::join(&mut connection, &name).await?;
                while let Some(chunk) = work.take() {
                    let shards = Rows::copy_out(&mut connection, &among(chunk), work.since).await?;
                    // Building keeps its thread: where there are several, the others go on.
                    let several =
                        tokio::runtime::Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
                    if several {
                        tokio::task::block_in_place(|| hand(shards, &work.each, &made));
                    } else {
                        hand(shards, &work.each, &made);
                    }
                }
                Ok::<_, Problem>(())
            });
        }
        while let Some(done) = running.join_next().await {
            done.map_err(|e| Problem::Row(CellError(e.to_string())))??;
        }
        drop(first);
        Ok(state)
    }
}

fn read_sqlite<T: Send>(
    file: &str,
    since: i64,
    readers: usize,
    each: &(impl Fn(u32, Rows) -> T + Sync),
    made: SyncSender<T>,
) -> Result<State, Problem> {
    let first = sqlite::open(file)?;
    let (state, shards) = sqlite::begin(&first, since)?;
    let work = Work { shards, since, next: AtomicUsize::new(0), each };
    let readers = readers.min(work.shards.len().div_ceil(CHUNK));
    let run = |connection: rusqlite::Connection, made: SyncSender<T>| {
        while let Some(chunk) = work.take() {
            hand(Rows::step_through(&connection, &among(chunk), since)?, work.each, &made);
        }
        Ok::<_, Problem>(())
    };
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for _ in 1..readers {
            let other = sqlite::open(file)?;
            if sqlite::begin(&other, since)?.0 != state {
                return Err(Problem::Moved);
            }
            let (run, made) = (&run, made.clone());
            running.push(scope.spawn(move || run(other, made)));
        }
        run(first, made)?;
        for reader in running {
            reader.join().map_err(|_| Problem::Row(CellError("a reader broke off".into())))??;
        }
        Ok(state)
    })
}
