//! What an answer withholds from who may read personal attributes in groups only.

use super::cube::Key;
use super::dimension::ALL;
use super::measure::ReportMeasure;
use super::plan::Plan;
use super::quantity::Quantity;
use super::suppress::{Group, LEAST, hidden};
use super::totals::{Totals, is_group};
use crate::policy::Class;
use rustc_hash::{FxHashMap, FxHashSet};

/// What is withheld of the groups and totals of an answer, and of what it is compared with. Nothing, where persons may be read one by one.
#[derive(Default)]
pub struct Withheld {
    /// Groups of few persons, and those that would tell of them: of these nothing is said.
    groups: FxHashSet<Key>,
    /// Of others, what tells by itself: one woman, two whose age is known.
    values: FxHashMap<ReportMeasure, FxHashSet<Key>>,
    /// Rows of which some column is withheld: columns in which there is nobody are withheld beside it.
    rows: FxHashSet<Key>,
    /// Groups with persons; nothing where groups are not made by personal attributes.
    filled: Option<FxHashSet<Key>>,
}

impl Withheld {
    /// What is withheld. All totals are looked at that could be asked for, so that what is withheld does not depend on which of them are.
    #[must_use]
    pub fn of(plan: &Plan<'_>, totals: &Totals) -> Self {
        let leaves = totals.leaf().keys().iter().filter(|key| is_group(key, plan.width()));
        let masks = 0..1_u8 << plan.width();
        let masked = |leaf| masks.clone().map(move |mask| plan.masked(leaf, |at| mask >> at & 1 == 1));
        let keys: FxHashSet<Key> = leaves.flat_map(masked).collect();
        let weigh = Weigh { plan, totals, blocks: Blocks::new(plan, totals, &keys) };
        let by = |group: &dyn Fn(&Key) -> Group, known: &FxHashSet<Key>| {
            hidden(&keys.iter().map(|key| (*key, group(key))).collect(), known)
        };
        let groups = by(&|key| weigh.persons(key), &FxHashSet::default());
        let measures = plan.input.measures.iter().filter(|measure| is_personal(plan, **measure));
        let values = measures.map(|measure| (*measure, by(&|key| weigh.measure(key, *measure), &groups)));
        let first = plan.input.dimensions.len();
        let columns = groups.iter().filter(|key| key[first..plan.width()].iter().any(|value| *value != ALL));
        Self {
            values: values.collect(),
            rows: columns.map(|key| plan.masked(key, |at| at < first)).collect(),
            filled: by_attributes(plan).then(|| {
                keys.iter().copied().filter(|key| weigh.count(key, Quantity::Persons) > 0).collect()
            }),
            groups,
        }
    }

    /// Whether a row, a total or a column is left out: where its very name would be about few persons.
    #[must_use]
    pub fn leaves_out(&self, plan: &Plan<'_>, key: &Key) -> bool {
        let named = |(at, dimension): (usize, super::ReportDimension)| {
            key[at] != ALL && dimension.spec().class >= Class::Personal
        };
        let nobody = self.filled.as_ref().is_some_and(|filled| !filled.contains(key));
        (nobody || self.groups.contains(key)) && plan.dimensions().any(named)
    }

    /// Whether a value is not shown.
    #[must_use]
    pub fn hides(&self, plan: &Plan<'_>, key: &Key, measure: ReportMeasure) -> bool {
        let first = plan.input.dimensions.len();
        let veiled = || {
            let nobody = self.filled.as_ref().is_some_and(|filled| !filled.contains(key));
            nobody && self.rows.contains(&plan.masked(key, |at| at < first))
        };
        let own = || self.values.get(&measure).is_some_and(|values| values.contains(key));
        is_personal(plan, measure) && (self.groups.contains(key) || own() || veiled())
    }

    /// The same of what it is compared with, of which nobody is as little said as of few.
    #[must_use]
    pub fn hides_previous(&self, plan: &Plan<'_>, key: &Key, measure: ReportMeasure) -> bool {
        let nobody = self.filled.as_ref().is_some_and(|filled| !filled.contains(key));
        nobody || self.hides(plan, key, measure)
    }
}

/// Whether groups are made by personal attributes.
fn by_attributes(plan: &Plan<'_>) -> bool {
    plan.dimensions().any(|(_, dimension)| dimension.spec().class >= Class::Personal)
}

/// Whether a value tells of persons.
fn is_personal(plan: &Plan<'_>, measure: ReportMeasure) -> bool {
    by_attributes(plan) || measure.spec().class >= Class::Personal
}

fn few(persons: i64) -> bool {
    persons > 0 && persons < LEAST
}

/// What groups weigh.
struct Weigh<'w> {
    plan: &'w Plan<'w>,
    totals: &'w Totals,
    blocks: Blocks,
}

impl Weigh<'_> {
    fn count(&self, key: &Key, quantity: Quantity) -> i64 {
        self.totals.get(self.plan, key, quantity).unwrap_or(0)
    }

    /// The persons of a group.
    fn persons(&self, key: &Key) -> Group {
        let persons = self.count(key, Quantity::Persons);
        let small = few(persons) || few(self.blocks.persons(self.plan, key));
        Group { weights: [persons; 2], small, filled: persons > 0 }
    }

    /// What a measure says of them.
    fn measure(&self, key: &Key, measure: ReportMeasure) -> Group {
        let (spec, all) = (measure.spec(), self.persons(key));
        let above = self.count(key, spec.numerator);
        let below = spec.denominator.map_or(above, |quantity| self.count(key, quantity));
        let mut small = all.small || few(above) || few(below);
        let mut weights = [above, below];
        if spec.numerator == Quantity::Women {
            // Who is no woman is a man: of neither there are few.
            let men = spec.denominator.map_or(all.weights[0], |_| below) - above;
            weights = [above, men];
            small |= few(men);
        }
        if spec.numerator == Quantity::Years {
            weights = [below, below];
        }
        // Zero is as telling as one: whoever is hidden by a number is hidden by its absence too.
        Group { weights, small, filled: all.filled || above > 0 || below > 0 }
    }
}

/// How many persons there are in each place, whatever their attributes: of one or two not even zeros are shown, since the place of
/// the one number that is missing would be theirs.
struct Blocks(FxHashMap<Key, i64>);

impl Blocks {
    fn new(plan: &Plan<'_>, totals: &Totals, keys: &FxHashSet<Key>) -> Self {
        let open = |key: &Key| (0..plan.width()).map(|at| key[at] == ALL).collect::<Vec<bool>>();
        let shapes: FxHashSet<Vec<bool>> = keys.iter().map(|key| open(&Self::place(plan, key))).collect();
        let mut persons: FxHashMap<Key, i64> = FxHashMap::default();
        for key in totals.leaf().keys().iter().filter(|key| is_group(key, plan.width())) {
            let own = totals.get(plan, key, Quantity::Persons).unwrap_or(0);
            for shape in &shapes {
                *persons.entry(plan.masked(key, |at| !shape[at])).or_default() += own;
            }
        }
        Self(persons)
    }

    /// A key without personal attributes.
    fn place(plan: &Plan<'_>, key: &Key) -> Key {
        let personal: Vec<bool> = plan.dimensions().map(|(_, d)| d.spec().class >= Class::Personal).collect();
        plan.masked(key, |at| !personal[at])
    }

    fn persons(&self, plan: &Plan<'_>, key: &Key) -> i64 {
        self.0.get(&Self::place(plan, key)).copied().unwrap_or(0)
    }
}
