//! Who takes facts from a walk: adds them up, or keeps what is behind them.

use super::counting::posts;
use super::cube::{Cube, Key};
use super::fact::{Fact, ReportFact};
use super::plan::Plan;
use super::quantity::{Add, Counted};
use crate::domain::Posts;
use crate::snapshot::Handle;

/// Takes facts.
pub trait Sink {
    /// A fact with one of its keys.
    fn fact(&mut self, kind: ReportFact, key: &Key, fact: &Fact<'_, '_>);
    /// How many groups there are so far.
    fn groups(&self) -> usize {
        0
    }
    /// Whether it adds up what facts add, and needs no others.
    fn adds(&self) -> bool {
        false
    }
    /// A text that a value of a key stands for.
    fn text(&mut self, _value: u64, _text: &str) {}
}

/// Adds facts up.
pub struct Adding<'c> {
    cube: &'c mut Cube,
    /// What is added up of each kind of fact, where, and the bit of that place.
    adds: [Vec<(usize, u128, Add)>; 6],
    /// Which numbers of own establishment are added up, and where.
    own: Vec<(usize, Posts)>,
    /// The bits of those places.
    of_own: u128,
}

impl<'c> Adding<'c> {
    /// Who adds into a cube.
    #[must_use]
    pub fn new(plan: &Plan<'_>, cube: &'c mut Cube) -> Self {
        let mut adds: [Vec<(usize, u128, Add)>; 6] = Default::default();
        let mut own = Vec::new();
        for (slot, quantity) in plan.quantities.iter().enumerate() {
            match quantity.add() {
                Add::Own(which) => own.push((slot, which)),
                add => adds[quantity.fact() as usize].push((slot, 1 << slot, add)),
            }
        }
        let of_own = own.iter().fold(0, |bits, (slot, _)| bits | 1 << slot);
        Self { cube, adds, own, of_own }
    }

    /// Adds the numbers of own establishment; to which group, if there are any.
    #[inline]
    fn own(&mut self, key: &Key, fact: &Fact<'_, '_>) -> Option<u32> {
        let numbers = posts(fact).filter(|_| self.of_own != 0)?.all();
        let group = self.cube.group(key);
        let sums = self.cube.sums(group);
        self.own.iter().for_each(|(slot, which)| sums[*slot] += numbers[*which as usize]);
        Some(group)
    }
}

impl Sink for Adding<'_> {
    #[inline]
    fn fact(&mut self, kind: ReportFact, key: &Key, fact: &Fact<'_, '_>) {
        let mut group = if kind == ReportFact::Establishment { self.own(key, fact) } else { None };
        let mut added = group.map_or(0, |_| self.of_own);
        for (slot, bit, add) in &self.adds[kind as usize] {
            let counted = match add {
                Add::Number(read) => {
                    let Some(number) = read(fact) else { continue };
                    let group = *group.get_or_insert_with(|| self.cube.group(key));
                    self.cube.sums(group)[*slot] += number;
                    Counted::None
                }
                Add::Once(read) => read(fact),
                // Added already, all at once.
                Add::Own(_) => continue,
            };
            if counted == Counted::Nothing {
                continue;
            }
            added |= bit;
            if let Counted::This(what) = counted {
                let group = *group.get_or_insert_with(|| self.cube.group(key));
                self.cube.add_once(group, *slot, what);
            }
        }
        if added != 0 {
            let group = group.unwrap_or_else(|| self.cube.group(key));
            self.cube.mark(group, added);
        }
    }

    fn groups(&self) -> usize {
        self.cube.keys().len()
    }

    fn adds(&self) -> bool {
        true
    }

    fn text(&mut self, value: u64, text: &str) {
        self.cube.texts.entry(value).or_insert_with(|| text.to_owned());
    }
}

/// Keeps the bodies of facts that are wanted.
pub struct Collecting<'w> {
    /// Whether a fact with a key is wanted.
    pub wanted: &'w dyn Fn(ReportFact, &Key, &Fact<'_, '_>) -> bool,
    /// The bodies, as they were walked over; of a change those before and after it that exist on the day.
    pub bodies: Vec<Handle>,
}

impl Sink for Collecting<'_> {
    fn fact(&mut self, kind: ReportFact, key: &Key, fact: &Fact<'_, '_>) {
        if !(self.wanted)(kind, key, fact) {
            return;
        }
        let view = fact.place.view;
        match (fact.body, fact.change) {
            (Some(body), _) => self.bodies.push(body.at),
            (None, Some(change)) => {
                let parties = view.parties(change, true).chain(view.parties(change, false));
                let there = parties.map(|(_, body)| body).filter(|body| view.organization(*body).is_some());
                self.bodies.extend(there);
            }
            (None, None) => self.bodies.extend(fact.place.township.map(|township| township.at)),
        }
    }
}
