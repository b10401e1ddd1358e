//! The plan of a report: what is added up, over which facts, into which groups.

use super::check::facts;
use super::cube::{Key, NOTHING};
use super::dimension::{ALL, Dimension, Level, NULL, Read, ReportDimension};
use super::fact::{Fact, ReportFact};
use super::input::{Compare, Input};
use super::quantity::Quantity;
use crate::domain::CodeRange;
use crate::policy::Rule;
use rustc_hash::FxHasher;
use smallvec::SmallVec;
use std::hash::Hasher;

/// Where a report looks.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The territories.
    pub ranges: Vec<CodeRange>,
    /// Rules that are fulfilled for some bodies of them only: those of a line.
    pub by_line: Vec<Rule>,
    /// Whether that is less than was asked for.
    pub narrowed: bool,
    /// Whether personal attributes are shown in groups only.
    pub grouped: bool,
}

/// The plan of a report.
pub struct Plan<'i> {
    /// What is asked for.
    pub input: &'i Input,
    /// Where it looks.
    pub scope: Scope,
    /// What is added up, by place.
    pub quantities: Vec<Quantity>,
    /// Which facts are needed.
    facts: [bool; 6],
    /// All dimensions, by their place in keys.
    dimensions: Vec<ReportDimension>,
    /// What facts have of them at each level, with their places.
    levels: [Vec<(usize, &'static Dimension)>; 6],
    /// The dimension of which a body may have several values.
    several: Option<(usize, Several)>,
    /// Whether bodies that are not a township's own add nothing.
    pub own_only: bool,
    /// Whether all that is seen counts: there is no filter, no segment, and nothing that is fulfilled in a line only.
    pub takes_all: bool,
}

/// How several values of a body are read.
type Several = fn(&Fact<'_, '_>) -> SmallVec<[u64; 4]>;

impl<'i> Plan<'i> {
    /// Plans a report.
    #[must_use]
    pub fn new(input: &'i Input, scope: Scope) -> Self {
        let mut quantities = Vec::new();
        let mut need = |quantity: Quantity| {
            if !quantities.contains(&quantity) {
                quantities.push(quantity);
            }
        };
        for measure in &input.measures {
            let spec = measure.spec();
            need(spec.numerator);
            spec.denominator.iter().for_each(|quantity| need(*quantity));
        }
        if super::check::is_personal(input) {
            need(Quantity::Persons);
        }
        let mut needed = [false; 6];
        facts(input).into_iter().for_each(|fact| needed[fact as usize] = true);
        if matches!(input.compare, Some(Compare::Peers(_) | Compare::Standard(_))) {
            need(Quantity::Townships);
            needed[ReportFact::Township as usize] = true;
        }
        let used = |quantity: &Quantity| needed[quantity.fact() as usize];
        quantities.retain(used);
        let own_only = quantities.iter().all(|quantity| quantity.is_own());
        let dimensions: Vec<ReportDimension> = input.all_dimensions().collect();
        let mut levels: [Vec<(usize, &'static Dimension)>; 6] = Default::default();
        let mut several = None;
        for (at, dimension) in dimensions.iter().enumerate() {
            let spec = dimension.spec();
            match spec.read {
                Read::Many(read) => several = Some((at, read)),
                Read::One(_) | Read::Text(_) => levels[spec.level as usize].push((at, spec)),
            }
        }
        let takes_all = input.filter.is_none() && input.segments.is_empty() && scope.by_line.is_empty();
        Self { input, scope, quantities, facts: needed, dimensions, levels, several, own_only, takes_all }
    }

    /// Whether facts of a kind are needed.
    #[must_use]
    pub fn needs(&self, fact: ReportFact) -> bool {
        self.facts[fact as usize]
    }

    /// The rules that what it says is protected by.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        super::scope::rules(self.input).into_iter().collect()
    }

    /// Where a quantity is added up.
    #[must_use]
    pub fn slot(&self, quantity: Quantity) -> Option<usize> {
        self.quantities.iter().position(|known| *known == quantity)
    }

    /// Where the quantities of the measures are added up. What is added up besides, to compare with or to hide by, makes no groups.
    pub fn asked(&self) -> impl Iterator<Item = usize> + '_ {
        let specs = self.input.measures.iter().map(|measure| measure.spec());
        let quantities = specs.flat_map(|spec| std::iter::once(spec.numerator).chain(spec.denominator));
        quantities.filter_map(|quantity| self.slot(quantity))
    }

    /// How many dimensions there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.dimensions.len()
    }

    /// The dimension at a place of keys.
    pub fn dimensions(&self) -> impl Iterator<Item = (usize, ReportDimension)> + '_ {
        self.dimensions.iter().copied().enumerate()
    }

    /// The place of a dimension whose values overlap.
    #[must_use]
    pub fn overlapping(&self) -> Option<usize> {
        self.several.map(|(at, _)| at)
    }

    /// Whether facts of a kind have the dimension at a place.
    #[must_use]
    pub fn has(&self, fact: ReportFact, at: usize) -> bool {
        self.dimensions.get(at).is_some_and(|dimension| dimension.spec().level.is_of(fact))
    }

    /// A key of which only the dimensions at some places are kept.
    #[must_use]
    pub fn masked(&self, key: &Key, keep: impl Fn(usize) -> bool) -> Key {
        let mut out = *key;
        (0..self.width()).filter(|at| !keep(*at)).for_each(|at| out[at] = ALL);
        out
    }

    /// The key by which a quantity of a group is found: without the dimensions that its facts do not have.
    #[must_use]
    pub fn key_of(&self, key: &Key, quantity: Quantity) -> Key {
        self.masked(key, |at| self.has(quantity.fact(), at))
    }

    /// The key of the place of a fact: all other dimensions are open.
    #[must_use]
    pub fn key_of_place(&self, fact: &Fact<'_, '_>) -> Key {
        let mut key = NOTHING;
        for (at, dimension) in self.dimensions() {
            let spec = dimension.spec();
            key[at] = match &spec.read {
                Read::One(read) if spec.level == Level::Place => read(fact),
                _ => ALL,
            };
        }
        key
    }

    /// Completes a key by what a fact has at a level. Texts are told to `note`.
    #[inline]
    pub fn complete(
        &self,
        key: &mut Key,
        level: Level,
        fact: &Fact<'_, '_>,
        dropped: Option<usize>,
        mut note: impl FnMut(u64, &str),
    ) {
        for (at, spec) in &self.levels[level as usize] {
            if dropped == Some(*at) {
                continue;
            }
            match &spec.read {
                Read::One(read) => key[*at] = read(fact),
                Read::Text(read) => {
                    key[*at] = read(fact).map_or(NULL, |text| {
                        let hash = hash(text);
                        note(hash, text);
                        hash
                    });
                }
                Read::Many(_) => {}
            }
        }
    }

    /// The place and the values of a dimension of which a body has several; none where the report has no such dimension.
    #[inline]
    #[must_use]
    pub fn spread(&self, fact: &Fact<'_, '_>, dropped: Option<usize>) -> Option<(usize, SmallVec<[u64; 4]>)> {
        let (at, read) = self.several.filter(|(at, _)| dropped != Some(*at))?;
        let mut values = read(fact);
        if values.is_empty() {
            values.push(NULL);
        }
        Some((at, values))
    }
}

/// A text as the value of a dimension.
fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    // The last two stand for something else.
    hasher.finish() >> 1
}
