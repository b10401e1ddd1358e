//! What reports walk over, as the [`View`] lets it through: bodies by shard, what belongs to whom, and where a rule is fulfilled.

use super::rights::Area;
use super::table::Rule;
use super::view::View;
use crate::domain::setting_pattern::Body;
use crate::domain::{CodeRange, DivisionCode, OrganizationCategory, OrganizationField, OrganizationKind};
use crate::snapshot::{Handle, OrganizationRow, OrganizationVersion, StatisticsRow};
use std::any::Any;
use std::sync::OnceLock;

/// How many codes a province has.
const PROVINCE: u64 = 10_000_000_000;

/// A body on the day of the view.
#[derive(Clone, Copy)]
pub struct Sight<'v> {
    /// The body.
    pub at: Handle,
    /// What stays the same of it.
    pub row: &'v OrganizationRow,
    /// What it is on the day.
    pub version: &'v OrganizationVersion,
}

impl View {
    /// A territory in stretches, one for each county or so, ordered by code: to read it from its end.
    #[must_use]
    pub fn stretches(&self, range: CodeRange) -> Vec<CodeRange> {
        let starts = self.snapshot.shards_within(range).map(|(_, shard)| shard.range().from);
        let mut bounds: Vec<u64> = starts.filter(|from| range.from < *from && *from < range.to).collect();
        bounds.insert(0, range.from);
        bounds.push(range.to);
        bounds.windows(2).map(|pair| CodeRange { from: pair[0], to: pair[1] }).collect()
    }

    /// The shards that may hold bodies of a territory.
    #[must_use]
    pub fn shards_in(&self, range: CodeRange) -> Vec<u32> {
        self.snapshot.shards_within(range).map(|(number, _)| number).collect()
    }

    /// Whether a rule is fulfilled for everything in a territory.
    #[must_use]
    pub fn covers(&self, rule: Rule, range: CodeRange) -> bool {
        self.rights.reach(rule).covers(range)
    }

    /// The bodies of a shard in a territory, ordered by division. They are charged by who walks over them.
    pub fn bodies_in(&self, shard: u32, range: CodeRange) -> impl Iterator<Item = Sight<'_>> {
        let (data, day) = (self.shard(Handle { shard, row: 0 }), self.as_of());
        let all = data.organizations_within(range, day, OrganizationKind::ALL);
        all.filter_map(move |(row, place)| {
            let at = Handle { shard, row };
            let sight =
                Sight { at, row: data.organizations().get(row), version: data.organization_version(place) };
            self.may_see_organization(at, day).then_some(sight)
        })
    }

    /// Whether a body is a township's own, not only on its territory.
    #[must_use]
    pub fn owns(&self, township: Handle, body: Handle) -> bool {
        let own = self.organization_id(township);
        self.organization(body).is_some_and(|v| self.referred(body, v.parent) == Some(own))
    }

    /// What a setting pattern sees of a body that was found through this view.
    #[must_use]
    pub fn pattern_body(&self, body: Handle) -> Option<Body> {
        let form = self.organization_form(body, self.organization(body)?);
        Some(Body {
            kind: self.organization_row(body).kind,
            category: form.category.unwrap_or(OrganizationCategory::Other),
            field: form.field.unwrap_or(OrganizationField::Other),
            featured: form.featured,
        })
    }

    /// The latest yearly figures of a division up to the day of the view.
    #[must_use]
    pub fn statistics_then(&self, division: Handle) -> Option<&StatisticsRow> {
        let year = self.as_of().year_and_month().map_or(i32::MAX, |(year, _)| year);
        self.statistics(division).iter().rev().find(|row| row.year <= year)
    }

    /// The changes of organisations that a county keeps.
    pub fn changes_in(&self, shard: u32) -> impl Iterator<Item = Handle> + '_ {
        let all = self.shard(Handle { shard, row: 0 }).changes.len();
        let rows = 0..u32::try_from(all).unwrap_or(0);
        rows.map(move |row| Handle { shard, row }).filter(|change| self.may_see_change(*change))
    }

    /// In whose logs stands what is done in a territory as a whole: of provinces for a province and above, else of all that lies in it.
    pub fn logs_of(&self, range: CodeRange) -> impl Iterator<Item = i32> + '_ {
        let is_large = range.to - range.from >= PROVINCE;
        let all = self.snapshot.shards_within(range).map(|(_, shard)| shard.code().cast_signed());
        all.filter(move |code| !is_large || code % 10_000 == 0)
    }

    /// The authority of the township with a code.
    #[must_use]
    pub fn township_at(&self, code: DivisionCode) -> Option<Sight<'_>> {
        let here = CodeRange { from: code.number(), to: code.number() + 1 };
        let mut all = self.organizations_within(here, OrganizationKind::TOWNSHIPS);
        all.next().and_then(|at| {
            Some(Sight { at, row: self.organization_row(at), version: self.organization(at)? })
        })
    }

    /// Where in a territory all of some rules may be fulfilled. What lies in a line needs [`View::may_organization`] for each body.
    #[must_use]
    pub fn reached(&self, rules: &[Rule], within: CodeRange) -> Vec<CodeRange> {
        let mut out = vec![within];
        for rule in rules {
            let areas = self.rights.reach(*rule).areas();
            out = out.iter().flat_map(|range| areas.iter().filter_map(|area| area.cut(*range))).collect();
            out.sort_unstable_by_key(|range| (range.from, std::cmp::Reverse(range.to)));
            // One that lies in another adds nothing; territories of codes never overlap in part.
            out.dedup_by(|next, kept| kept.covers(*next));
        }
        out
    }

    /// Whether the view is on what was known at an earlier moment.
    #[must_use]
    pub fn present_is_other(&self) -> bool {
        self.present().is_some()
    }

    /// Keeps what was worked out as long as the view lasts, and says by which number it is found.
    pub fn keep(&self, what: Box<dyn Any + Send + Sync>) -> usize {
        self.kept.add(what)
    }

    /// What was kept under a number.
    #[must_use]
    pub fn kept<T: 'static>(&self, number: usize) -> Option<&T> {
        self.kept.get(number)?.downcast_ref()
    }

    /// How much was kept so far.
    #[must_use]
    pub fn kept_so_far(&self) -> usize {
        self.kept.len()
    }

    /// The code of the division of so many digits in which a code lies; nothing where the code is shorter.
    #[must_use]
    pub fn code_at(code: DivisionCode, digits: u32) -> Option<DivisionCode> {
        (code.digits() >= digits).then(|| {
            let unit = 10_u64.pow(12 - digits);
            DivisionCode::from_number(code.number() / unit * unit)
        })
    }
}

impl Area {
    /// The part of a territory that lies in it.
    fn cut(&self, range: CodeRange) -> Option<CodeRange> {
        let own = self.territory();
        let cut = CodeRange { from: own.from.max(range.from), to: own.to.min(range.to) };
        (cut.from < cut.to).then_some(cut)
    }
}

/// What was worked out for a request: added to, never taken from, so that it may be referred to.
#[derive(Default)]
pub struct Kept {
    first: OnceLock<Box<Link>>,
}

struct Link {
    what: Box<dyn Any + Send + Sync>,
    next: OnceLock<Box<Link>>,
}

impl Kept {
    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.first.get(), |link| link.next.get()).map(AsRef::as_ref)
    }

    fn add(&self, what: Box<dyn Any + Send + Sync>) -> usize {
        let mut new = Box::new(Link { what, next: OnceLock::new() });
        let (mut number, mut end) = (0, &self.first);
        loop {
            match end.set(new) {
                Ok(()) => return number,
                Err(back) => new = back,
            }
            // Somebody else's stands there: behind it is room.
            if let Some(link) = end.get() {
                (number, end) = (number + 1, &link.next);
            }
        }
    }

    fn get(&self, number: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.links().nth(number).map(|link| link.what.as_ref())
    }

    fn len(&self) -> usize {
        self.links().count()
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_is_kept_is_found_by_its_number() {
        let kept = Kept::default();
        assert_eq!((kept.add(Box::new(7_i32)), kept.add(Box::new("text"))), (0, 1));
        assert_eq!(kept.get(0).and_then(|any| any.downcast_ref::<i32>()), Some(&7));
        assert_eq!(kept.get(1).and_then(|any| any.downcast_ref::<&str>()), Some(&"text"));
        assert!(kept.get(2).is_none());
        assert_eq!(kept.len(), 2);
    }
}
