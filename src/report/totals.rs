//! Groups with all the totals that an answer needs.

use super::cube::{Cube, Key};
use super::dimension::ALL;
use super::fact::ReportFact;
use super::measure::{Absent, Measure};
use super::plan::Plan;
use super::quantity::Quantity;
use super::scan::Scan;
use crate::domain::{CodeList, Fault};
use crate::policy::View;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Which dimensions are kept, one bit each.
type Mask = u8;

/// What was added up by group, before totals are made of it.
pub struct Leaves {
    cube: Cube,
    /// Where values of a dimension overlap, the same without it: what is left out of a total is not in its groups once.
    without: Option<Cube>,
}

impl Leaves {
    /// Adds up what lies in the territories of a plan.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
    pub fn new(view: &View, plan: &Plan<'_>) -> Result<Self, Fault> {
        let scan = |dropped| Scan { view, plan, dropped }.cube(&plan.scope.ranges);
        let without = plan.overlapping().map(|at| scan(Some(at))).transpose()?;
        Ok(Self { cube: scan(None)?, without })
    }

    /// The groups.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        self.cube.keys()
    }

    /// Steps that it costs to look at all totals over any of the dimensions: each sees all that is counted once, and each pair of them, of
    /// which one divides the other, all groups.
    #[must_use]
    pub fn cost_of_all(&self, plan: &Plan<'_>) -> u64 {
        let width = u32::try_from(plan.width()).unwrap_or(u32::MAX);
        let (groups, counted) = (self.cube.keys().len() as u64, self.cube.to_count() as u64);
        groups * 3_u64.pow(width) / 4 + (counted << width) / 32
    }

    /// The same under other values: `now` says what a value of a dimension is called.
    #[must_use]
    pub fn renamed(&self, plan: &Plan<'_>, now: &dyn Fn(usize, u64) -> u64) -> Self {
        let renamed = |cube: &Cube| {
            let mut out = Cube::new(plan.quantities.len());
            let to = |key: &Key| {
                let mut key = *key;
                let values = key.iter_mut().enumerate().take(plan.width());
                values.filter(|(_, value)| **value < ALL).for_each(|(at, value)| *value = now(at, *value));
                Some(key)
            };
            out.take(cube, to, u128::MAX);
            out
        };
        Self { cube: renamed(&self.cube), without: self.without.as_ref().map(renamed) }
    }
}

/// What was added up, by group and by total.
pub struct Totals {
    leaf: Cube,
    all: Cube,
}

impl Totals {
    /// What `work` adds up.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn by(plan: &Plan<'_>, work: &dyn Fn(&mut Cube) -> Result<(), Fault>) -> Result<Self, Fault> {
        let mut leaf = Cube::new(plan.quantities.len());
        work(&mut leaf)?;
        Ok(Self::of(plan, Leaves { cube: leaf, without: None }))
    }

    /// The groups with their totals.
    #[must_use]
    pub fn of(plan: &Plan<'_>, Leaves { cube: leaf, without }: Leaves) -> Self {
        let told = |slot: usize, counted: &FxHashSet<u64>| plan.quantities[slot].told(counted);
        let mut all = Cube::new(plan.quantities.len());
        let (masks, overlapping) = (masks(plan), plan.overlapping());
        for (fact, slots) in slots(plan) {
            let own =
                (0..plan.width()).filter(|at| plan.has(fact, *at)).fold(0, |bits: Mask, at| bits | 1 << at);
            // Totals that differ only in what the fact does not have are one.
            let totals: BTreeSet<Mask> =
                masks.iter().map(|mask| mask & own).filter(|mask| *mask != own).collect();
            for mask in totals {
                let kept = |at: usize| mask >> at & 1 == 1;
                // What counts in several groups is added up anew where they come together.
                let anew = overlapping.filter(|at| own >> at & 1 == 1 && !kept(*at));
                let from = without.as_ref().filter(|_| anew.is_some()).unwrap_or(&leaf);
                let mut total = Cube::new(plan.quantities.len());
                total.take(from, |key| Some(plan.masked(key, kept)), slots);
                // Persons are kept for one total at a time: of the nation they are millions.
                all.take(&total.counted(told), |key| Some(*key), u128::MAX);
            }
        }
        let leaf = leaf.counted(told);
        all.take(&leaf, |key| Some(*key), u128::MAX);
        Self { leaf, all }
    }

    /// The groups.
    #[must_use]
    pub fn leaf(&self) -> &Cube {
        &self.leaf
    }

    /// Keeps texts for values of a dimension, where `text` knows one.
    pub fn name(&mut self, at: usize, text: &dyn Fn(u64) -> Option<String>) {
        let values: BTreeSet<u64> = self.leaf.keys().iter().map(|key| key[at]).filter(|v| *v < ALL).collect();
        self.leaf.texts.extend(values.into_iter().filter_map(|value| Some((value, text(value)?))));
    }

    /// What was added up for a quantity in a group or a total.
    #[must_use]
    pub fn get(&self, plan: &Plan<'_>, key: &Key, quantity: Quantity) -> Option<i64> {
        self.all.get(&plan.key_of(key, quantity), plan.slot(quantity)?)
    }

    /// Numerator and denominator of a measure in a group; one where there is no denominator. Counts are zero where nothing was counted.
    #[must_use]
    pub fn pair(&self, plan: &Plan<'_>, key: &Key, spec: &Measure) -> Option<(i64, i64)> {
        let below = match spec.denominator {
            None => 1,
            Some(quantity) => self.get(plan, key, quantity).unwrap_or(0),
        };
        let counted = (spec.absent == Absent::Zero).then_some(0);
        Some((self.get(plan, key, spec.numerator).or(counted)?, below))
    }
}

/// Which quantities are added up over each kind of fact, one bit each.
fn slots(plan: &Plan<'_>) -> FxHashMap<ReportFact, u128> {
    let mut out = FxHashMap::default();
    for (slot, quantity) in plan.quantities.iter().enumerate() {
        *out.entry(quantity.fact()).or_default() |= 1 << slot;
    }
    out
}

/// Which dimensions are kept in the rows and totals of an answer, with its columns and over them.
fn masks(plan: &Plan<'_>) -> BTreeSet<Mask> {
    let (rows, width) = (plan.input.dimensions.len(), plan.width());
    if plan.scope.grouped {
        // What is withheld goes by all totals that could be asked for.
        return (0..1 << width).collect();
    }
    let first = |count: usize| (0..count).fold(0, |bits: Mask, at| bits | 1 << at);
    let columns = first(width) & !first(rows);
    let levels = plan.input.totals.iter().map(|level| level.index()).chain([rows]);
    levels.flat_map(|level| [first(level) | columns, first(level)]).collect()
}

/// Whether a key is one of a group, not of a total or of facts that lack a dimension.
#[must_use]
pub fn is_group(key: &Key, width: usize) -> bool {
    key[..width].iter().all(|value| *value != ALL)
}
