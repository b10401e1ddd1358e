//! Walks over the register once and hands each fact, with its key, to who adds it up.

use super::cube::{Cube, Key};
use super::dimension::Level;
use super::fact::{Fact, Place, ReportFact};
use super::input::{Filter, Part};
use super::plan::Plan;
use super::sink::{Adding, Sink};
use crate::domain::{CodeRange, ErrorCode, Fault, OrganizationKind as K};
use crate::policy::{Sight, View};
use crate::snapshot::Handle;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Steps that a shard costs where many are walked over at once: it is paid ahead, and must not say how many bodies there are that the
/// viewer does not see.
const SHARD: u64 = 75;
/// How many bodies one step of the budget pays for.
const BODIES: u64 = 4;
/// Steps that a group costs, with its totals, its row and its values.
const GROUP: u64 = 4;
/// From how many shards on a report is worked out on several threads.
const MANY: usize = 64;
/// How many shards a thread takes at a time.
const TAKEN: usize = 8;

/// A walk over the register.
pub struct Scan<'s> {
    /// Through which view.
    pub view: &'s View,
    /// By which plan.
    pub plan: &'s Plan<'s>,
    /// The place of a dimension that is left out.
    pub dropped: Option<usize>,
}

/// The shards of a report, each with the territory that is looked at.
type Shards = Vec<(u32, CodeRange)>;

impl Scan<'_> {
    /// Adds up what lies in some territories.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
    pub fn cube(&self, ranges: &[CodeRange]) -> Result<Cube, Fault> {
        let shards = self.shards(ranges);
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let width = self.plan.quantities.len();
        if shards.len() < MANY || threads < 2 || self.plan.input.filter.is_some() {
            let mut cube = Cube::new(width);
            self.walk(&shards, &mut Adding::new(self.plan, &mut cube))?;
            self.view.meter().charge(cube.keys().len() as u64 * GROUP)?;
            return Ok(cube);
        }
        // Ahead: who has no time for it is told before, not after.
        self.view.meter().charge(shards.len() as u64 * SHARD)?;
        // Each takes the next ones, since counties differ in size and cores in what else they have to do.
        let (runs, taken) = (shards.chunks(TAKEN).collect::<Vec<_>>(), AtomicUsize::new(0));
        // Bodies that are counted themselves, or lead to posts, are looked at in full.
        let whole = !self.plan.own_only || self.plan.needs(ReportFact::Post);
        let work = || {
            let mut cube = Cube::new(width);
            let mut sink = Adding::new(self.plan, &mut cube);
            while let Some(next) = runs.get(taken.fetch_add(1, Ordering::Relaxed)) {
                self.view.meter().in_time()?;
                for shard in *next {
                    self.view.read_ahead(shard.0, whole);
                    self.shard(*shard, &mut sink, threads as u64)?;
                }
            }
            Ok(cube)
        };
        let done: Vec<Result<Cube, Fault>> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            let broken = |_| Err(Fault::plain(ErrorCode::Internal));
            let others = others.into_iter().map(|thread| thread.join().unwrap_or_else(broken));
            std::iter::once(own).chain(others).collect()
        });
        let mut all = Cube::new(width);
        for part in done {
            all.take(&part?, |key| Some(*key), u128::MAX);
        }
        self.view.meter().charge(all.keys().len() as u64 * GROUP)?;
        Ok(all)
    }

    fn shards(&self, ranges: &[CodeRange]) -> Shards {
        let of = |range: &CodeRange| {
            let range = *range;
            self.view.shards_in(range).into_iter().map(move |shard| (shard, range))
        };
        ranges.iter().flat_map(of).collect()
    }

    /// Walks over what lies in some territories.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
    pub fn all(&self, ranges: &[CodeRange], sink: &mut impl Sink) -> Result<(), Fault> {
        self.walk(&self.shards(ranges), sink)
    }

    fn walk(&self, shards: &Shards, sink: &mut impl Sink) -> Result<(), Fault> {
        for shard in shards {
            let bodies = self.shard(*shard, sink, 1)?;
            self.view.meter().charge(bodies / BODIES + 1)?;
        }
        Ok(())
    }

    /// One shard; how many bodies there were. What is left of the budget is for so many threads.
    fn shard(
        &self,
        (shard, range): (u32, CodeRange),
        sink: &mut impl Sink,
        threads: u64,
    ) -> Result<u64, Fault> {
        let (mut bodies, mut here): (u64, Vec<Sight>) = (0, Vec::new());
        if self.of_bodies() {
            let kinds = if self.own_only(sink) { K::OWN } else { K::ALL };
            self.view.bodies_in(shard, range, kinds).try_for_each(|body| {
                bodies += 1;
                if here.first().is_some_and(|first| first.code != body.code) {
                    here = self.place(std::mem::take(&mut here), sink)?;
                }
                here.push(body);
                Ok(())
            })?;
            self.place(here, sink)?;
        }
        if self.plan.needs(ReportFact::Change) {
            bodies += self.changes(shard, range, sink)?;
        }
        let most = self.view.meter().left() / GROUP / threads;
        if sink.groups() as u64 > most {
            // Spent they are all the same.
            let _ = self.view.meter().charge(sink.groups() as u64 * GROUP);
            return Err(Fault::new(
                ErrorCode::QueryTooExpensive,
                format!(
                    "The report has more than {most} groups. Group by fewer or coarser dimensions, or narrow `within`."
                ),
                format!("报表分组超过 {most} 个。请减少或放粗 dimensions，或缩小 within。"),
            ));
        }
        Ok(bodies)
    }

    /// Whether nothing else than the own bodies of townships has to be looked at: other bodies add nothing.
    fn own_only(&self, sink: &impl Sink) -> bool {
        self.plan.own_only && sink.adds()
    }

    fn of_bodies(&self) -> bool {
        self.plan.needs(ReportFact::Township) || self.below_township()
    }

    fn filter(&self, part: Part) -> Option<&dyn Filter> {
        self.plan.input.filter.as_deref().filter(|filter| filter.parts().contains(&part))
    }

    fn passes(&self, part: Part, at: Option<Handle>) -> Result<bool, Fault> {
        let Some(filter) = self.filter(part) else { return Ok(true) };
        at.map_or(Ok(false), |at| filter.passes(part, self.view, at))
    }

    fn in_segments(&self, level: Level, fact: &Fact<'_, '_>) -> bool {
        let mut all = self.plan.input.segments.iter().map(|segment| segment.spec());
        all.all(|segment| segment.level != level || (segment.holds)(fact))
    }

    /// The bodies of one division. Gives back the room that they took.
    fn place(&self, bodies: Vec<Sight>, sink: &mut impl Sink) -> Result<Vec<Sight>, Fault> {
        let Some(first) = bodies.first() else { return Ok(bodies) };
        let code = first.code;
        let township = bodies.iter().find(|body| body.is_township()).copied();
        let place = Place::new(self.view, code, township, bodies);
        let mut fact = Fact::of(&place);
        let of_township = township.map(|body| body.at);
        if self.in_segments(Level::Place, &fact) && self.passes(Part::Township, of_township)? {
            let key = self.plan.key_of_place(&fact);
            if let (true, Some(township)) = (self.plan.needs(ReportFact::Township), of_township)
                && self.may(township)
            {
                sink.fact(ReportFact::Township, &key, &fact);
            }
            if self.below_township() {
                for body in &place.bodies {
                    (fact.body, fact.own) = (Some(body), place.owns(body));
                    self.body(&mut fact, &key, sink)?;
                }
            }
        }
        let mut room = place.bodies;
        room.clear();
        Ok(room)
    }

    fn below_township(&self) -> bool {
        use ReportFact as F;
        [F::Body, F::Establishment, F::Post, F::Appointment].into_iter().any(|fact| self.plan.needs(fact))
    }

    /// Whether all rules are fulfilled for a body where they are not for the whole territory.
    fn may(&self, body: Handle) -> bool {
        self.plan.scope.by_line.iter().all(|rule| self.view.may_organization(*rule, body))
    }

    fn takes(&self, body: Handle, fact: &Fact<'_, '_>) -> Result<bool, Fault> {
        Ok(self.plan.takes_all
            || self.may(body)
                && self.in_segments(Level::Body, fact)
                && self.passes(Part::Organization, Some(body))?)
    }

    /// A body under each of its keys, with all that belongs to it.
    #[inline]
    fn body<'v>(&'v self, fact: &mut Fact<'_, 'v>, key: &Key, sink: &mut impl Sink) -> Result<(), Fault> {
        let Some(body) = fact.body.filter(|_| fact.own || !self.own_only(sink)) else { return Ok(()) };
        if !self.takes(body.at, fact)? {
            return Ok(());
        }
        let mut key = *key;
        self.complete(&mut key, Level::Body, fact, sink);
        let Some((at, values)) = self.plan.spread(fact, self.dropped) else {
            return self.within_body(body, fact, &key, sink);
        };
        for value in values {
            key[at] = value;
            self.within_body(body, fact, &key, sink)?;
        }
        Ok(())
    }

    fn within_body<'v>(
        &'v self,
        body: &Sight,
        fact: &mut Fact<'_, 'v>,
        key: &Key,
        sink: &mut impl Sink,
    ) -> Result<(), Fault> {
        use ReportFact as F;
        if self.plan.needs(F::Body) {
            sink.fact(F::Body, key, fact);
        }
        if self.plan.needs(F::Establishment) {
            let mut key = *key;
            for row in self.view.establishment_of(body) {
                fact.establishment = Some(row);
                self.complete(&mut key, Level::Establishment, fact, sink);
                sink.fact(F::Establishment, &key, fact);
            }
            fact.establishment = None;
        }
        if self.plan.needs(F::Post) || self.plan.needs(F::Appointment) {
            for post in self.view.posts_of(body.at) {
                fact.post = Some(post);
                self.post(post, fact, *key, sink)?;
            }
            fact.post = None;
        }
        Ok(())
    }

    fn post(
        &self,
        post: Handle,
        fact: &mut Fact<'_, '_>,
        mut key: Key,
        sink: &mut impl Sink,
    ) -> Result<(), Fault> {
        use ReportFact as F;
        if !self.in_segments(Level::Post, fact) || !self.passes(Part::LeadershipPost, Some(post))? {
            return Ok(());
        }
        self.complete(&mut key, Level::Post, fact, sink);
        if self.plan.needs(F::Post) {
            sink.fact(F::Post, &key, fact);
        }
        if !self.plan.needs(F::Appointment) {
            return Ok(());
        }
        for appointment in self.view.incumbents_of(post) {
            if self.passes(Part::Appointment, Some(appointment))? {
                fact.appointment = Some(appointment);
                self.complete(&mut key, Level::Appointment, fact, sink);
                sink.fact(F::Appointment, &key, fact);
            }
        }
        fact.appointment = None;
        Ok(())
    }

    /// The changes of organisations that took effect by the day: where the first body after them sits, or sat before them.
    fn changes(&self, shard: u32, range: CodeRange, sink: &mut impl Sink) -> Result<u64, Fault> {
        let mut count = 0;
        for change in self.view.changes_in(shard) {
            count += 1;
            if self.view.change_row(change).effective_on > self.view.as_of() {
                continue;
            }
            let party =
                self.view.parties(change, true).next().or_else(|| self.view.parties(change, false).next());
            let Some((then, body)) = party.filter(|(_, body)| self.may(*body)) else { continue };
            let code = then.seat(body);
            if !range.contains(code) || !self.passes(Part::Change, Some(change))? {
                continue;
            }
            let township = self.view.township_at(code);
            let place = Place::new(self.view, code, township, Vec::new());
            let fact = Fact { change: Some(change), ..Fact::of(&place) };
            if !self.in_segments(Level::Place, &fact)
                || !self.passes(Part::Township, township.map(|township| township.at))?
            {
                continue;
            }
            let mut key = self.plan.key_of_place(&fact);
            self.complete(&mut key, Level::Change, &fact, sink);
            sink.fact(ReportFact::Change, &key, &fact);
        }
        Ok(count)
    }

    #[inline]
    fn complete(&self, key: &mut Key, level: Level, fact: &Fact<'_, '_>, sink: &mut impl Sink) {
        self.plan.complete(key, level, fact, self.dropped, |value, text| sink.text(value, text));
    }
}
