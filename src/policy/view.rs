//! The [`View`]: a snapshot, a viewer and a date. Made once for a request; all reading goes through it.

use super::rights::Rights;
use super::table::Rule;
use super::viewer::Viewer;
use crate::domain::{CodeRange, Day, ErrorCode, Fault, IdSeal, Locale};
use crate::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

/// What a request may cost, what it has cost, and which fields it did not get to see.
#[derive(Debug)]
pub struct Meter {
    limit: u64,
    deadline: Option<Instant>,
    spent: AtomicU64,
    /// The most bytes that an answer may have.
    bytes: usize,
    /// How many bytes will be written, as far as values wait for it.
    to_write: AtomicUsize,
    /// Whether an answer was longer.
    too_long: AtomicBool,
    masked: Mutex<BTreeSet<(&'static str, &'static str)>>,
}

/// After how many steps the clock is asked.
const CLOCK: u64 = 1_024;

impl Meter {
    /// A meter with a limit.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self {
            limit,
            deadline: None,
            spent: AtomicU64::new(0),
            bytes: usize::MAX,
            to_write: AtomicUsize::new(0),
            too_long: AtomicBool::new(false),
            masked: Mutex::default(),
        }
    }

    /// The same meter, which also refuses when the time is over: code that does not wait cannot be interrupted.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same meter, which also refuses answers of more bytes.
    #[must_use]
    pub fn at_most(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// Notes how many bytes were written so far.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE` when they are too many.
    #[inline]
    pub fn wrote(&self, bytes: usize) -> Result<(), Fault> {
        if bytes <= self.bytes {
            return Ok(());
        }
        self.too_long.store(true, Ordering::Relaxed);
        Err(self.too_long_refusal())
    }

    /// Notes that so many more bytes will be written, where they are not written yet.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE` when they are too many.
    pub fn will_write(&self, bytes: usize) -> Result<(), Fault> {
        self.wrote(self.to_write.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes))
    }

    /// Whether the answer became too long: then no part of it is given.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE` when it did.
    pub fn fits(&self) -> Result<(), Fault> {
        if self.too_long.load(Ordering::Relaxed) { Err(self.too_long_refusal()) } else { Ok(()) }
    }

    #[cold]
    fn too_long_refusal(&self) -> Fault {
        let limit = self.bytes >> 20;
        Fault::new(
            ErrorCode::QueryTooExpensive,
            format!("The answer is longer than {limit} MiB. Ask for fewer fields or a smaller page."),
            format!("应答超过 {limit} MiB。请减少字段或缩小分页。"),
        )
    }

    /// Charges some steps.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE` when the limit is reached, `TIMEOUT` when the time is over.
    #[inline]
    pub fn charge(&self, steps: u64) -> Result<(), Fault> {
        let spent = self.add(steps);
        if spent > self.limit {
            return Err(self.refusal());
        }
        // The clock is asked now and then, not at every step.
        if (spent - steps) / CLOCK != spent / CLOCK && self.deadline.is_some_and(|end| Instant::now() > end) {
            return Err(Fault::plain(ErrorCode::Timeout));
        }
        Ok(())
    }

    /// What was spent so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Notes a row that was walked over; the next charge refuses when it was one too many.
    #[inline]
    pub fn walked(&self) {
        self.add(1);
    }

    /// A request is worked on by one thread at a time, so reading and writing need not be one step of the processor.
    #[inline]
    fn add(&self, steps: u64) -> u64 {
        let spent = self.spent.load(Ordering::Relaxed).saturating_add(steps);
        self.spent.store(spent, Ordering::Relaxed);
        spent
    }

    #[cold]
    fn refusal(&self) -> Fault {
        let limit = self.limit;
        Fault::new(
            ErrorCode::QueryTooExpensive,
            format!(
                "The answer takes more than {limit} steps. Ask for fewer fields, a smaller page, a smaller territory or a simpler filter."
            ),
            format!("查询步数超过上限 {limit}。请减少字段、缩小分页或地域范围，或简化筛选条件。"),
        )
    }

    /// Notes that a field was masked.
    pub fn mask(&self, type_name: &'static str, field: &'static str) {
        self.masked.lock().unwrap_or_else(PoisonError::into_inner).insert((type_name, field));
    }

    /// The masked fields as `Type.field`, ordered.
    #[must_use]
    pub fn masked(&self) -> Vec<String> {
        let masked = self.masked.lock().unwrap_or_else(PoisonError::into_inner);
        masked.iter().map(|(type_name, field)| format!("{type_name}.{field}")).collect()
    }
}

/// The only window on the register. What it does not hand out, no answer can hold.
pub struct View {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) rights: Arc<Rights>,
    viewer: Arc<Viewer>,
    meter: Arc<Meter>,
    locale: Locale,
    /// The real day of the request, whatever day is asked about.
    pub(super) today: Day,
    as_of: Day,
    dated: bool,
    /// Views of the same request at other dates: a chain, so that they live as long as the request.
    other: OnceLock<Box<View>>,
}

impl View {
    /// The view of a request, as of today.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, viewer: Arc<Viewer>, meter: Arc<Meter>, locale: Locale) -> Self {
        let rights = Arc::new(Rights::of(&viewer, &snapshot));
        let today = Day::today();
        Self {
            snapshot,
            rights,
            viewer,
            meter,
            locale,
            today,
            as_of: today,
            dated: false,
            other: OnceLock::new(),
        }
    }

    /// The view as of a day that holds for the whole request.
    #[must_use]
    pub fn dated(mut self, day: Option<Day>) -> Self {
        self.as_of = day.unwrap_or(self.as_of);
        self.dated = day.is_some();
        self
    }

    /// The same view as of another day. Everything reached from it is seen as of that day.
    #[must_use]
    pub fn at(&self, day: Day) -> &View {
        let mut view = self;
        while !(view.as_of == day && view.dated) {
            view = view.other.get_or_init(|| {
                Box::new(View {
                    snapshot: self.snapshot.clone(),
                    rights: self.rights.clone(),
                    viewer: self.viewer.clone(),
                    meter: self.meter.clone(),
                    locale: self.locale,
                    today: self.today,
                    as_of: day,
                    dated: true,
                    other: OnceLock::new(),
                })
            });
        }
        view
    }

    /// The same view as of a day, or unchanged.
    #[must_use]
    pub fn maybe_at(&self, day: Option<Day>) -> &View {
        day.map_or(self, |day| self.at(day))
    }

    /// The day as of which everything is seen.
    #[inline]
    #[must_use]
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// The day, when it was asked for; `None` means today.
    #[must_use]
    pub fn explicit_day(&self) -> Option<Day> {
        self.dated.then_some(self.as_of)
    }

    /// Who asks.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// What the request costs and did not get to see.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Language of labels and messages.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Revision of the register.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.snapshot.state.revision
    }

    /// Whether synthetic data were loaded.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.snapshot.state.synthetic
    }

    /// When the register was read into memory, in UTC.
    #[must_use]
    pub fn loaded_at(&self) -> &str {
        &self.snapshot.loaded_at
    }

    /// How many milliseconds reading the register into memory took.
    #[must_use]
    pub fn load_millis(&self) -> u64 {
        self.snapshot.took
    }

    /// How many mebibytes the register takes in memory.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.snapshot.bytes >> 20
    }

    /// The seal of global ids.
    #[inline]
    #[must_use]
    pub fn id_seal(&self) -> &IdSeal {
        &self.snapshot.ids
    }

    /// A territory in stretches, one for each county or so, ordered by code: to read it from its end.
    #[must_use]
    pub fn stretches(&self, range: CodeRange) -> Vec<CodeRange> {
        let starts = self.snapshot.shards_within(range).map(|(_, shard)| shard.range().from);
        let mut bounds: Vec<u64> = starts.filter(|from| range.from < *from && *from < range.to).collect();
        bounds.insert(0, range.from);
        bounds.push(range.to);
        bounds.windows(2).map(|pair| CodeRange { from: pair[0], to: pair[1] }).collect()
    }

    /// Whether a rule is fulfilled for everything in a territory.
    #[must_use]
    pub fn covers(&self, rule: Rule, range: CodeRange) -> bool {
        self.rights.reach(rule).covers(range)
    }
}

/// Views at other dates hang on each other: let go of them one by one, not one inside the other.
impl Drop for View {
    fn drop(&mut self) {
        let mut next = self.other.take();
        while let Some(mut view) = next {
            next = view.other.take();
        }
    }
}
