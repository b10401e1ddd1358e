//! The [`View`]: a snapshot, a viewer and a date. Made once for a request; all reading goes through it.

use super::meter::Meter;
use super::rights::Rights;
use super::seen::Seen;
use super::table::Rule;
use super::viewer::Viewer;
use crate::domain::{CodeRange, Day, IdSeal, Locale};
use crate::snapshot::Snapshot;
use std::sync::{Arc, OnceLock};

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
    /// The organisations that were seen lately on the day.
    pub(super) seen: Seen,
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
            seen: Seen::default(),
        }
    }

    /// The view as of a day that holds for the whole request.
    #[must_use]
    pub fn dated(mut self, day: Option<Day>) -> Self {
        self.as_of = day.unwrap_or(self.as_of);
        self.seen = Seen::default();
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
                    seen: Seen::default(),
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
