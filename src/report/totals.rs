//! Groups with all the totals that an answer needs.

use super::cube::{Cube, Key};
use super::dimension::ALL;
use super::fact::ReportFact;
use super::plan::Plan;
use super::quantity::Quantity;
use super::scan::Scan;
use crate::domain::{CodeList, CodeRange, Fault};
use crate::policy::View;
use rustc_hash::FxHashSet;

/// Which dimensions are kept, one bit each.
type Mask = u8;

/// What was added up, by group and by total.
pub struct Totals {
    leaf: Cube,
    all: Cube,
}

impl Totals {
    /// Adds up what lies in some territories. `now` says what a value of a dimension is called in the answer.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
    pub fn new(
        view: &View,
        plan: &Plan<'_>,
        ranges: &[CodeRange],
        now: &dyn Fn(usize, u64) -> u64,
    ) -> Result<Self, Fault> {
        let renamed = |cube: Cube| {
            let mut out = Cube::new(plan.quantities.len());
            let to = |key: &Key| {
                let mut key = *key;
                let values = key.iter_mut().enumerate().take(plan.width());
                values.filter(|(_, value)| **value < ALL).for_each(|(at, value)| *value = now(at, *value));
                Some(key)
            };
            out.take(&cube, to, u128::MAX);
            out
        };
        let leaf = renamed(Scan { view, plan, dropped: None }.cube(ranges)?);
        // Where values overlap, what is left out of a total is not in its groups once.
        let without = match plan.overlapping() {
            Some(at) => Some(renamed(Scan { view, plan, dropped: Some(at) }.cube(ranges)?)),
            None => None,
        };
        Ok(Self::fold(plan, leaf, without.as_ref()))
    }

    /// The same for today's names.
    ///
    /// # Errors
    /// As above.
    pub fn plain(view: &View, plan: &Plan<'_>) -> Result<Self, Fault> {
        let leaf = Scan { view, plan, dropped: None }.cube(&plan.scope.ranges)?;
        let without = match plan.overlapping() {
            Some(at) => Some(Scan { view, plan, dropped: Some(at) }.cube(&plan.scope.ranges)?),
            None => None,
        };
        Ok(Self::fold(plan, leaf, without.as_ref()))
    }

    /// What `work` adds up.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn by(plan: &Plan<'_>, work: &dyn Fn(&mut Cube) -> Result<(), Fault>) -> Result<Self, Fault> {
        let mut leaf = Cube::new(plan.quantities.len());
        work(&mut leaf)?;
        Ok(Self::fold(plan, leaf, None))
    }

    fn fold(plan: &Plan<'_>, leaf: Cube, without: Option<&Cube>) -> Self {
        let mut all = leaf.clone();
        let overlapping = plan.overlapping();
        // Facts that have the overlapping dimension count anew where it is left out; others stand in the groups once.
        let bits = |has: bool| {
            let counts = |q: &Quantity| overlapping.is_some_and(|at| plan.has(q.fact(), at)) == has;
            let slots = plan.quantities.iter().enumerate().filter(|(_, quantity)| counts(quantity));
            slots.fold(0_u128, |bits, (slot, _)| bits | 1 << slot)
        };
        let (anew, once) = (bits(true), bits(false));
        for mask in masks(plan) {
            let keep = |at: usize| mask >> at & 1 == 1;
            let to = |key: &Key| Some(plan.masked(key, keep)).filter(|masked| masked != key);
            match without.filter(|_| overlapping.is_some_and(|at| !keep(at))) {
                None => all.take(&leaf, to, u128::MAX),
                Some(without) => {
                    all.take(&leaf, to, once);
                    all.take(without, |key| Some(plan.masked(key, keep)), anew);
                }
            }
        }
        Self { leaf, all }
    }

    /// The groups.
    #[must_use]
    pub fn leaf(&self) -> &Cube {
        &self.leaf
    }

    /// What was added up for a quantity in a group or a total.
    #[must_use]
    pub fn get(&self, plan: &Plan<'_>, key: &Key, quantity: Quantity) -> Option<i64> {
        self.all.get(&plan.key_of(key, quantity), plan.slot(quantity)?)
    }

    /// Numerator and denominator of a group; one where there is no denominator.
    #[must_use]
    pub fn pair(
        &self,
        plan: &Plan<'_>,
        key: &Key,
        numerator: Quantity,
        denominator: Option<Quantity>,
    ) -> Option<(i64, i64)> {
        let below = match denominator {
            None => 1,
            Some(quantity) => self.get(plan, key, quantity).unwrap_or(0),
        };
        Some((self.get(plan, key, numerator)?, below))
    }
}

/// Which dimensions are kept in the totals that an answer needs: those of its rows and columns, and of these without the dimensions that
/// the facts of a denominator do not have.
fn masks(plan: &Plan<'_>) -> Vec<Mask> {
    let (rows, width) = (plan.input.dimensions.len(), plan.width());
    let first = |count: usize| (0..count).fold(0, |bits: Mask, at| bits | 1 << at);
    let columns = first(width) & !first(rows);
    let totals = plan.input.totals.iter().map(|level| level.index());
    let levels: FxHashSet<usize> = totals.chain([rows]).collect();
    let facts: FxHashSet<ReportFact> = plan.quantities.iter().map(|quantity| quantity.fact()).collect();
    let mut out = FxHashSet::default();
    for level in levels {
        for mask in [first(level) | columns, first(level)] {
            for fact in &facts {
                let has = (0..width).filter(|at| plan.has(*fact, *at)).fold(0, |bits: Mask, at| bits | 1 << at);
                out.insert(mask & has);
            }
            out.insert(mask);
        }
    }
    out.remove(&first(width));
    let mut out: Vec<Mask> = out.into_iter().collect();
    out.sort_unstable();
    out
}

/// Whether a key is one of a group, not of a total or of facts that lack a dimension.
#[must_use]
pub fn is_group(key: &Key, width: usize) -> bool {
    key[..width].iter().all(|value| *value != ALL)
}
