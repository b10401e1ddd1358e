//! The meter of a request: steps, time and bytes.

use crate::domain::{ErrorCode, Fault};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What a request may cost, what it has cost, and which fields it did not get to see.
#[derive(Debug)]
pub struct Meter {
    limit: u64,
    deadline: Option<Instant>,
    spent: AtomicU64,
    /// What was spent when the clock was asked last.
    asked: AtomicU64,
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
            asked: AtomicU64::new(0),
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

    /// The most bytes that an answer may have.
    #[must_use]
    pub fn most(&self) -> usize {
        self.bytes
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
        if spent - self.asked.load(Ordering::Relaxed).min(spent) >= CLOCK {
            self.asked.store(spent, Ordering::Relaxed);
            return self.in_time();
        }
        Ok(())
    }

    /// Whether there is time left, for who charged ahead.
    ///
    /// # Errors
    /// `TIMEOUT` when it is over.
    pub fn in_time(&self) -> Result<(), Fault> {
        if self.deadline.is_some_and(|end| Instant::now() > end) {
            return Err(Fault::plain(ErrorCode::Timeout));
        }
        Ok(())
    }

    /// What was spent so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// What is left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.spent())
    }

    /// Whether anything is left. Who walks over rows ends when nothing is: the next charge refuses.
    #[inline]
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.spent() <= self.limit
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
