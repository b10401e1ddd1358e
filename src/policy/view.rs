//! The [`View`]: a snapshot, a viewer and a date. Made once for a request; all reading goes through it.

use super::event::Event;
use super::facts::Kept;
use super::meter::Meter;
use super::registrar::{Means, Order, Reply};
use super::rights::Rights;
use super::seen::Seen;
use super::viewer::Viewer;
use crate::domain::{Day, DivisionCode, ErrorCode, Fault, IdSeal, Locale};
use crate::snapshot::Snapshot;
use std::sync::{Arc, OnceLock};

/// How many codes a county has.
const COUNTY: u64 = 1_000_000;

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
    /// Views of the same request at other dates: a tree, so that they live as long as the request.
    other: [OnceLock<Box<View>>; 2],
    /// Views of the same request on other snapshots, as a chain too.
    elsewhere: OnceLock<Box<View>>,
    /// The present, by which persons are judged, where this view is on an earlier state.
    present: Option<Arc<View>>,
    /// What this view was made for, where it is on another snapshot.
    made_for: MadeFor,
    /// With what the request may change the register.
    means: Option<Means>,
    /// The organisations that were seen lately on the day.
    pub(super) seen: Seen,
    /// What was worked out for the request.
    pub(super) kept: Kept,
}

/// Why a view is on another snapshot than that of its request.
enum MadeFor {
    /// It is on that one.
    Request,
    /// To see a county as it was known at a moment.
    Known(u32, String),
    /// To see what came of an order.
    Reply(Reply),
    /// To tell of something that happened.
    Event(Event),
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
            other: Default::default(),
            elsewhere: OnceLock::new(),
            present: None,
            made_for: MadeFor::Request,
            means: None,
            seen: Seen::default(),
            kept: Kept::default(),
        }
    }

    /// The view of a request that may change the register.
    #[must_use]
    pub fn able(mut self, means: Means) -> Self {
        self.means = Some(means);
        self
    }

    /// With what the request may change the register.
    ///
    /// # Errors
    /// `INTERNAL` where there is nothing but memory.
    pub fn means(&self) -> Result<&Means, Fault> {
        self.means.as_ref().ok_or_else(|| Fault::plain(ErrorCode::Internal))
    }

    /// The same with a meter of its own, and with nothing kept: for the next part of a long answer.
    #[must_use]
    pub fn anew(&self, meter: Meter) -> View {
        let mut view = self.on(self.snapshot.clone(), MadeFor::Request);
        view.meter = Arc::new(meter);
        *view
    }

    /// The same viewer and request on another snapshot.
    fn on(&self, snapshot: Arc<Snapshot>, made_for: MadeFor) -> Box<View> {
        let mut view = View::new(snapshot, self.viewer.clone(), self.meter.clone(), self.locale);
        view = view.dated(self.explicit_day());
        (view.means, view.made_for) = (self.means.clone(), made_for);
        Box::new(view)
    }

    /// Carries out an order. What comes of it is seen through the view that is given back.
    ///
    /// # Errors
    /// Those of [`super::Registrar::carry_out`].
    pub fn carry_out(&self, order: Order) -> Result<&View, Fault> {
        // What an earlier order of the request did is there for the next one.
        let mut last = self;
        while let Some(next) = last.elsewhere.get() {
            last = next;
        }
        let acts_at = order.acts_at;
        let (snapshot, reply) = self.means()?.registrar.carry_out(order, last)?;
        let reply = Reply { acts_at, ..reply };
        let on = reply.on.filter(|on| *on != self.as_of);
        let made = self.on(snapshot, MadeFor::Reply(reply));
        let view = if on.is_some() { Box::new(made.dated(on)) } else { made };
        Ok(last.elsewhere.get_or_init(|| view))
    }

    /// What came of the order that this view was made for.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match &self.made_for {
            MadeFor::Reply(reply) => Some(reply),
            MadeFor::Request | MadeFor::Known(..) | MadeFor::Event(_) => None,
        }
    }

    /// The view that tells of something that happened.
    #[must_use]
    pub fn telling(mut self, event: Event) -> Self {
        self.made_for = MadeFor::Event(event);
        self
    }

    /// The present, where this view is on an earlier state.
    pub(super) fn present(&self) -> Option<&View> {
        self.present.as_deref()
    }

    /// What the view tells of.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match &self.made_for {
            MadeFor::Event(event) => Some(event),
            MadeFor::Request | MadeFor::Known(..) | MadeFor::Reply(_) => None,
        }
    }

    /// The same view, with a county as it was known at a moment; unchanged without one.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a place that lies in no one county, else those of [`super::Registrar::known_at`].
    pub fn known_at(&self, moment: Option<&str>, place: Option<DivisionCode>) -> Result<&View, Fault> {
        let Some(moment) = moment else { return Ok(self) };
        let county = place.filter(|code| code.range().to - code.range().from <= COUNTY);
        let county = county.map(DivisionCode::shard).ok_or_else(|| {
            Fault::input(
                "`knownAt` asks for one county, or a place in it: narrow `within` to a code of six digits or more.",
                "knownAt 仅适用于一个县或其下区划：请将 within 限定为 6 位以上代码。",
            )
        });
        self.known_in(moment, county?)
    }

    /// The same for a county, or for what lies above counties, by the code of its shard.
    ///
    /// # Errors
    /// Those of [`super::Registrar::known_at`].
    pub fn known_in(&self, moment: &str, county: u32) -> Result<&View, Fault> {
        let mut last = self;
        while let Some(next) = last.elsewhere.get() {
            if matches!(&next.made_for, MadeFor::Known(code, at) if *code == county && at == moment) {
                return Ok(next);
            }
            last = next;
        }
        let snapshot = self.means()?.registrar.known_at(county, moment, self)?;
        let mut view = self.on(snapshot, MadeFor::Known(county, moment.to_owned()));
        // What was known is seen with the rights of today.
        view.rights = self.rights.clone();
        let present = self.on(self.snapshot.clone(), MadeFor::Request);
        view.present = Some(Arc::from(present));
        Ok(last.elsewhere.get_or_init(|| view))
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
        // Which of two further ones is tried next goes by the day, so that of many days each is found in a few steps.
        let (mut view, mut way) = (self, day.0.cast_unsigned().wrapping_mul(0x9e37_79b1).reverse_bits());
        while !(view.as_of == day && view.dated) {
            let next = &view.other[(way & 1) as usize];
            way >>= 1;
            view = next.get_or_init(|| {
                Box::new(View {
                    snapshot: self.snapshot.clone(),
                    rights: self.rights.clone(),
                    viewer: self.viewer.clone(),
                    meter: self.meter.clone(),
                    locale: self.locale,
                    today: self.today,
                    as_of: day,
                    dated: true,
                    other: Default::default(),
                    elsewhere: OnceLock::new(),
                    present: self.present.clone(),
                    made_for: MadeFor::Request,
                    means: self.means.clone(),
                    seen: Seen::default(),
                    kept: Kept::default(),
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
    pub fn viewer(&self) -> &Arc<Viewer> {
        &self.viewer
    }

    /// The register that is seen.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
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
}

/// Views at other dates hang on each other: let go of them one by one, not one inside the other.
impl Drop for View {
    fn drop(&mut self) {
        let others = |View { other: [one, two], elsewhere, .. }: &mut View| {
            [one.take(), two.take(), elsewhere.take()].into_iter().flatten()
        };
        let mut next: Vec<Box<View>> = others(self).collect();
        while let Some(mut view) = next.pop() {
            next.extend(others(&mut view));
        }
    }
}
