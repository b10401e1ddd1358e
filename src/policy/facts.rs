//! What reports walk over, as the [`View`] lets it through: bodies by shard, what belongs to whom, and where a rule is fulfilled.

use super::rights::Area;
use super::table::Rule;
use super::view::View;
use crate::domain::setting_pattern::Body;
use crate::domain::{CodeRange, DivisionCode, OrganizationCategory, OrganizationField, OrganizationKind};
use crate::snapshot::{EstablishmentRow, Handle, OrganizationForm, OrganizationVersion, Span, StatisticsRow};
use std::any::Any;
use std::sync::OnceLock;

/// How many codes a province has.
const PROVINCE: u64 = 10_000_000_000;

/// A body on the day of the view.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    /// The body.
    pub at: Handle,
    /// Where it sits.
    pub code: DivisionCode,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Whether it belongs to the authority of the township where it sits, where that is known without looking.
    owned: Option<bool>,
    /// Where its establishment stands.
    establishment: Span,
    /// The place of what it is on the day.
    version: u32,
}

impl Sight {
    /// Whether it is the authority of a township.
    #[must_use]
    pub fn is_township(&self) -> bool {
        OrganizationKind::TOWNSHIPS.contains(&self.kind)
    }
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

    /// Reads once what a walk over the bodies of a shard will look at, `whole` where it is for more than establishment: for who walks
    /// over many shards.
    pub fn read_ahead(&self, shard: u32, whole: bool) {
        self.shard(Handle { shard, row: 0 }).read_ahead(whole);
    }

    /// Whether a rule is fulfilled for everything in a territory.
    #[must_use]
    pub fn covers(&self, rule: Rule, range: CodeRange) -> bool {
        self.rights.reach(rule).covers(range)
    }

    /// The bodies of some kinds of a shard in a territory, ordered by division. They are charged by who walks over them.
    pub fn bodies_in<'v>(
        &'v self,
        shard: u32,
        range: CodeRange,
        kinds: &'v [OrganizationKind],
    ) -> impl Iterator<Item = Sight> + 'v {
        let (data, day) = (self.shard(Handle { shard, row: 0 }), self.as_of());
        let standing = data.standing(range, day);
        let others = standing.is_none().then(|| data.organizations_within(range, day, kinds));
        let others = others.into_iter().flatten().filter_map(move |(row, place)| {
            let at = Handle { shard, row };
            self.may_see_organization(at, day).then(|| self.sight(at, place))
        });
        // What is disclosed now is seen, unless what is shown is not the present.
        let present = self.present().is_none();
        let wanted = OrganizationKind::bits(kinds);
        let standing = standing.into_iter().flatten();
        let standing = standing.filter(move |(.., mark)| mark.kind.is_of(wanted));
        let standing = standing.filter_map(move |(code, row, mark)| {
            let at = Handle { shard, row };
            let seen = mark.disclosed && present || self.may_see_organization(at, day);
            seen.then_some(Sight {
                at,
                code: DivisionCode::from_number(code),
                kind: mark.kind,
                owned: mark.owned,
                establishment: mark.establishment,
                version: mark.version,
            })
        });
        standing.chain(others)
    }

    /// A body that is seen on the day, by the place of what it is.
    fn sight(&self, at: Handle, version: u32) -> Sight {
        let shard = self.shard(at);
        Sight {
            at,
            code: shard.organization_version(version).division,
            kind: self.organization_row(at).kind,
            owned: None,
            establishment: shard.establishment_span(at.row),
            version,
        }
    }

    /// What a body is on the day.
    #[inline]
    #[must_use]
    pub fn version_of(&self, body: &Sight) -> &OrganizationVersion {
        self.shard(body.at).organization_version(body.version)
    }

    /// What a body has in common with others on the day.
    #[inline]
    #[must_use]
    pub fn form_of(&self, body: &Sight) -> &OrganizationForm {
        self.organization_form(body.at, self.version_of(body))
    }

    /// Whether a body belongs to the authority of the township where it sits.
    #[inline]
    #[must_use]
    pub fn is_owned(&self, township: Handle, body: &Sight) -> bool {
        body.owned.unwrap_or_else(|| self.belongs(township, body.at, self.version_of(body)))
    }

    /// The establishment of a body, by type.
    pub fn establishment_of<'v>(
        &'v self,
        body: &Sight,
    ) -> impl Iterator<Item = &'v EstablishmentRow> + use<'v> {
        let day = self.as_of();
        let all = self.shard(body.at).establishment_in(body.establishment);
        all.iter().filter(move |row| row.validity.holds(day))
    }

    /// Whether a body is a township's own, not only on its territory.
    #[must_use]
    pub fn owns(&self, township: Handle, body: Handle) -> bool {
        self.organization(body).is_some_and(|version| self.belongs(township, body, version))
    }

    fn belongs(&self, township: Handle, body: Handle, version: &OrganizationVersion) -> bool {
        self.referred(body, version.parent) == Some(self.organization_id(township))
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
    pub fn township_at(&self, code: DivisionCode) -> Option<Sight> {
        let here = CodeRange { from: code.number(), to: code.number() + 1 };
        let mut all = self.organizations_within(here, OrganizationKind::TOWNSHIPS);
        let at = all.next()?;
        Some(self.sight(at, self.shard(at).organization_place(at.row, self.as_of())?))
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
