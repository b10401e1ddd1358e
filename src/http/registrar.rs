//! Carrying out what the graph orders, on the register of this process.

use super::register::Register;
use super::server::LoadError;
use super::told::{Told, conflict, key_taken, on_desk, only_reads, refusal, reply};
use crate::domain::{CodeList, ErrorCode, Fault};
use crate::policy::{Meter, Order, ReadBatch, Registrar, Reply, Shelved, Stop, View};
use crate::snapshot::{Shard, Snapshot};
use crate::store::{Author, Desk, Outcome, Rows, State, StoreError, Wish};
use serde::Serialize;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

impl Register {
    pub(super) fn unavailable(&self, error: &StoreError) -> Fault {
        tracing::error!(problem = error.advice(), "the register could not be changed");
        Fault::new(
            ErrorCode::Unavailable,
            "The register cannot be changed just now. Ask again with the same `idempotencyKey`: what was done is not done twice.",
            "登记库暂时无法变更。请以相同的 idempotencyKey 重试：已办理的不会重复办理。",
        )
    }

    /// Waits for something on this thread, which is given up for it, at most until the end of the request.
    fn wait<T>(&self, end: Instant, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let late = |_| {
            Fault::new(
                ErrorCode::Timeout,
                "It took too long, and may be done yet. Ask again with the same `idempotencyKey`.",
                "办理超时，可能仍在进行。请以相同的 idempotencyKey 重试。",
            )
        };
        tokio::task::block_in_place(|| {
            let run = async { tokio::time::timeout_at(end.into(), work).await };
            tokio::runtime::Handle::current().block_on(run).map_err(late)?
        })
    }

    /// What came of writing; when it failed, readiness says so for a while.
    fn wrote<T>(&self, done: Result<T, StoreError>) -> Result<T, Fault> {
        let failed = done.is_err().then(Instant::now);
        *self.write_failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
        done.map_err(|error| self.unavailable(&error))
    }

    /// Changes the register as somebody wishes, and reads the change into memory.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn change_by<T, E>(
        &self,
        wish: Wish,
        acts: impl FnOnce(&mut Desk) -> Result<T, E> + Send + 'static,
    ) -> Result<Outcome<T, E>, Fault>
    where
        T: Serialize + serde::de::DeserializeOwned + Send + 'static,
        E: Send + 'static,
    {
        if !wish.dry_run && self.only_reads.load(Ordering::Relaxed) {
            return Err(only_reads());
        }
        let dry_run = wish.dry_run;
        let done = self.store.change(wish, acts).await;
        let outcome = self.wrote(done)?;
        if let Outcome::Done { revision, .. } = &outcome
            && !dry_run
        {
            // It is done, whatever comes now: a reader may ask for its revision.
            let committed = Instant::now();
            let _ = self.follow().await;
            let micros = u64::try_from(committed.elapsed().as_micros()).unwrap_or(u64::MAX);
            tracing::info!(revision, micros, "the change is seen");
        }
        Ok(outcome)
    }

    /// Refuses to write where this process only reads.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub(super) fn writes(&self) -> Result<(), Fault> {
        if self.only_reads.load(Ordering::Relaxed) { Err(only_reads()) } else { Ok(()) }
    }

    /// A county as it lies in the store.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn desk(&self, county: i32) -> Result<Desk, Fault> {
        self.store.desk(county).await.map_err(|error| self.unavailable(&error))
    }

    async fn carry(&self, order: Order, view: &View) -> Result<(Arc<Snapshot>, Reply), Fault> {
        if self.only_reads.load(Ordering::Relaxed) {
            return Err(only_reads());
        }
        // What another process made may be referred to here.
        self.follow().await.map_err(|error| match error {
            LoadError::Store(error) => self.unavailable(&error),
            LoadError::Row(_) => Fault::plain(ErrorCode::Internal),
        })?;
        let base = self.snapshot();
        let looking = Looking {
            base: base.clone(),
            read: order.read.clone(),
            dry_run: order.dry_run,
            view: look(view, base.clone()),
        };
        let principal = view.viewer().subject.clone().unwrap_or_default();
        let batch = match (order.read)(&looking.view) {
            Ok(batch) => batch,
            Err(stop) => {
                // What was done may have ended what it was done to.
                if let Some(once) = order.once.as_ref().filter(|_| !order.dry_run) {
                    let known = self.store.answered::<Told, Stop>(&principal, once).await;
                    match known.map_err(|error| self.unavailable(&error))? {
                        Some(Outcome::Done { said, revision }) => {
                            return Ok((base, reply(said, Some(revision))));
                        }
                        Some(_) => return Ok((base, key_taken())),
                        None => {}
                    }
                }
                return match stop {
                    Stop::Refused(why) => Ok((base, refusal(why))),
                    Stop::Fault(fault) => Err(fault),
                };
            }
        };
        if order.seen.is_some_and(|seen| seen > base.state.revision) {
            let now = base.state.revision;
            return Err(Fault::input(
                format!("`expectedVersion` is a revision that was read, at most {now}."),
                format!("expectedVersion 应为已读修订号，最大为 {now}。"),
            ));
        }
        let author =
            Author { principal, role: batch.role.value().to_owned(), request: view.means()?.request.clone() };
        let (once, seen, dry_run) = (order.once, order.seen, order.dry_run);
        let wish = Wish { shards: batch.counties, author, once, seen, dry_run, with_log: batch.with_log };
        let tried = Arc::new(Mutex::new(None));
        let keep = tried.clone();
        let outcome = self.change_by(wish, move |desk| looking.act(desk, &keep)).await?;
        let tried = tried.lock().unwrap_or_else(PoisonError::into_inner).take();
        match outcome {
            Outcome::Refused(Stop::Refused(why)) => Ok((base, Reply { home: batch.home, ..refusal(why) })),
            Outcome::Refused(Stop::Fault(fault)) => Err(fault),
            Outcome::KeyTaken => Ok((base, key_taken())),
            Outcome::Conflict(revisions) => Ok((base, conflict(revisions, batch.home))),
            Outcome::Done { said, revision } if !dry_run => {
                Ok((self.snapshot(), reply(said, Some(revision))))
            }
            Outcome::Done { said, .. } => Ok((tried.unwrap_or(base), reply(said, None))),
        }
    }

    /// The register with one county as it was known at a moment, when nothing has to be read for it.
    fn kept(&self, county: u32, moment: &str) -> Option<Arc<Snapshot>> {
        let now = self.snapshot();
        // The log in memory says whether anything was done since.
        match last_by(&now, county, moment) {
            None => Some(now),
            Some(revision) => self.earlier.get(&(county, revision, now.state.revision)),
        }
    }

    async fn earlier(&self, county: u32, moment: &str) -> Result<Arc<Snapshot>, Fault> {
        let now = self.snapshot();
        let Some(revision) = last_by(&now, county, moment) else { return Ok(now) };
        let key = (county, revision, now.state.revision);
        let rows = self.store.rows_at(county.cast_signed(), moment.to_owned()).await;
        let (revision, rows) = rows.map_err(|error| self.unavailable(&error))?;
        let shard = Shard::build(county, rows).map_err(|error| {
            tracing::error!(problem = error.0, "an earlier state of a county cannot be read");
            Fault::plain(ErrorCode::Internal)
        })?;
        let snapshot = Arc::new(now.with(State { revision, ..now.state }, vec![shard]));
        self.earlier.insert(key, snapshot.clone());
        Ok(snapshot)
    }
}

impl Registrar for Register {
    fn snapshot(&self) -> Arc<Snapshot> {
        Self::snapshot(self)
    }

    fn carry_out(&self, order: Order, view: &View) -> Result<(Arc<Snapshot>, Reply), Fault> {
        self.wait(view.means()?.end, self.carry(order, view))
    }

    fn known_at(&self, county: u32, moment: &str, view: &View) -> Result<Arc<Snapshot>, Fault> {
        if let Some(known) = self.kept(county, moment) {
            return Ok(known);
        }
        let end = view.means()?.end;
        // Between other requests there is no time for it: it comes again when it has its turn.
        if Instant::now() >= end {
            return Err(Fault::plain(ErrorCode::Timeout));
        }
        self.wait(end, self.earlier(county, moment))
    }

    fn reports(&self, view: &View) -> Result<Vec<Shelved>, Fault> {
        let end = view.means()?.end;
        // As above: not between other requests.
        if Instant::now() >= end {
            return Err(Fault::plain(ErrorCode::Timeout));
        }
        self.wait(end, self.shelf(view.viewer()))
    }

    fn save_report(&self, report: Shelved, view: &View) -> Result<Shelved, Fault> {
        self.wait(view.means()?.end, self.shelve(report))
    }

    fn remove_report(&self, id: &str, view: &View) -> Result<bool, Fault> {
        let owner = view.viewer().subject.clone().unwrap_or_default();
        self.wait(view.means()?.end, self.unshelve(id, &owner))
    }
}

/// The last revision that changed a county by a moment, 0 when there was none; nothing when it was not changed since.
fn last_by(snapshot: &Snapshot, county: u32, moment: &str) -> Option<i64> {
    let shard = snapshot.shard_of(county)?;
    let (mut last, mut later) = (0, false);
    for (_, entry) in shard.log.entries.iter() {
        if shard.log.word(entry.at) <= moment {
            last = last.max(entry.revision);
        } else {
            later = true;
        }
    }
    later.then_some(last)
}

/// The same viewer, looking at another snapshot without a meter.
fn look(view: &View, snapshot: Arc<Snapshot>) -> View {
    View::new(snapshot, view.viewer().clone(), Arc::new(Meter::new(u64::MAX)), view.locale())
}

/// What is needed to carry out an order, wherever that is done.
struct Looking {
    base: Arc<Snapshot>,
    view: View,
    read: ReadBatch,
    dry_run: bool,
}

impl Looking {
    /// Carries out the order on a desk. When its counties moved on since they were read into memory, all is read and judged anew.
    fn act(self, desk: &mut Desk, tried: &Mutex<Option<Arc<Snapshot>>>) -> Result<Told, Stop> {
        let view = if desk.revision() > self.base.state.revision {
            look(&self.view, self.with(desk.rows(), desk.revision())?)
        } else {
            look(&self.view, self.base.clone())
        };
        let batch = (self.read)(&view)?;
        let who = view.viewer().subject.clone().unwrap_or_default();
        let told = on_desk(desk, &batch, &who)?;
        // Built in any case: what could not be read is not committed.
        let after = self.with(desk.rows(), view.revision())?;
        if self.dry_run {
            *tried.lock().unwrap_or_else(PoisonError::into_inner) = Some(after);
        }
        Ok(told)
    }

    /// The snapshot with the counties of a desk. Their log is there only where the order needs it.
    fn with(&self, rows: Rows, revision: i64) -> Result<Arc<Snapshot>, Stop> {
        let shards = rows.split().into_iter().map(|(code, rows)| Shard::build(code.cast_unsigned(), rows));
        let shards = shards.collect::<Result<Vec<_>, _>>().map_err(|error| {
            tracing::error!(problem = error.0, "what acts wrote cannot be read");
            Stop::Fault(Fault::plain(ErrorCode::Internal))
        })?;
        Ok(Arc::new(self.base.with(State { revision, ..self.base.state }, shards)))
    }
}
