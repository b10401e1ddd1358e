//! Comparison: the same groups on another day, before a reform, in another territory, among peers, or as a pattern has them.

use super::band::PopulationBand;
use super::cube::{Cube, Key};
use super::dimension::{ALL, Meaning, NULL, packed, unpacked};
use super::fact::{Fact, ReportFact};
use super::input::{Compare, Peers};
use super::measure::{Absent, Measure};
use super::plan::Plan;
use super::quantity::Quantity;
use super::scan::Scan;
use super::sink::Sink;
use super::totals::{Leaves, Totals};
use crate::domain::setting_pattern::{Slot, provided};
use crate::domain::{
    Day, DivisionCode, DivisionType, ErrorCode, Fault, OrganizationCategory as C, OrganizationKind as K,
};
use crate::policy::View;
use rustc_hash::{FxHashMap, FxHashSet};

/// With what groups are compared.
pub enum Previous {
    /// The same groups, elsewhere or at another time.
    Same(Totals),
    /// Townships of the same kind: all of a kind together, each by itself, and of which kind each is.
    Peers { kinds: Box<Totals>, own: Box<Totals>, of: FxHashMap<u64, u64>, narrowed: bool, unknown: usize },
    /// What a pattern allows.
    Standard(Totals),
}

/// A value to compare with: numerator and denominator.
pub type Pair = (i64, i64);

impl Previous {
    /// What a group is compared with.
    #[must_use]
    pub fn get(&self, plan: &Plan<'_>, key: &Key, spec: &Measure) -> Option<Pair> {
        match self {
            Self::Same(totals) => totals.pair(plan, key, spec),
            Self::Standard(totals) => {
                allowed(spec.numerator)?;
                totals.pair(plan, key, spec)
            }
            Self::Peers { kinds, own, of, .. } => {
                let kind = kind_key(plan, key, of)?;
                let sum = |quantity: Quantity| {
                    let all = kinds.get(plan, &kind, quantity)?;
                    Some(all - own.get(plan, key, quantity).unwrap_or(0))
                };
                // A count is compared with the mean of a peer, a ratio with theirs together.
                let denominator =
                    sum(spec.denominator.unwrap_or(Quantity::Townships)).filter(|count| *count > 0)?;
                let counted = (spec.absent == Absent::Zero).then_some(0);
                Some((sum(spec.numerator).or(counted)?, denominator))
            }
        }
    }

    /// The groups that there were, for rows that are there no more.
    #[must_use]
    pub fn groups(&self) -> Option<&Cube> {
        match self {
            Self::Same(totals) => Some(totals.leaf()),
            Self::Peers { .. } | Self::Standard(_) => None,
        }
    }
}

/// Works out what a report is compared with.
///
/// # Errors
/// `BAD_USER_INPUT`, `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub fn previous(view: &View, plan: &Plan<'_>, compare: &Compare, here: &Totals) -> Result<Previous, Fault> {
    match compare {
        Compare::Day(day) => {
            let then = view.at(*day);
            let renamed = Renamed { view, then, became: FxHashMap::default() };
            renamed.totals(plan)
        }
        Compare::Reform(reform) => {
            let before = Day(view.reform_row(*reform).effective_on.0.saturating_sub(1));
            let renamed = Renamed { view, then: view.at(before), became: became(view, *reform) };
            renamed.totals(plan)
        }
        Compare::Within(code) => {
            let other = elsewhere(view, plan, Some(*code))?;
            if other.scope.ranges != [code.range()] {
                return Err(Fault::new(
                    ErrorCode::Forbidden,
                    "`compareTo.within` lies partly outside of where you may read what is asked for: compare with a part of your own.",
                    "compareTo.within 部分超出您的授权范围，请改用授权范围内的区划比较。",
                ));
            }
            Ok(Previous::Same(Totals::of(&other, Leaves::new(view, &other)?)))
        }
        Compare::Peers(peers) => among_peers(view, plan, peers, here),
        Compare::Standard(pattern) => {
            let slots = &view.pattern_row(*pattern).slots;
            Totals::by(plan, &|cube| {
                let mut standard = Standard { plan, slots, cube };
                Scan { view, plan, dropped: None }.all(&plan.scope.ranges, &mut standard)
            })
            .map(Previous::Standard)
        }
    }
}

/// What divisions and bodies of an earlier day are called on the day of the report.
struct Renamed<'v> {
    view: &'v View,
    then: &'v View,
    /// What became of bodies in a reform.
    became: FxHashMap<u64, u64>,
}

impl Renamed<'_> {
    /// What there was, under the names of the day of the report.
    fn totals(&self, plan: &Plan<'_>) -> Result<Previous, Fault> {
        let then = Leaves::new(self.then, plan)?;
        let mut totals = Totals::of(plan, then.renamed(plan, &|at, value| self.now(plan, at, value)));
        for (at, dimension) in plan.dimensions() {
            if matches!(dimension.spec().meaning, Meaning::Organization) {
                totals.name(at, &|value| self.name(value));
            }
        }
        Ok(Previous::Same(totals))
    }

    /// What a body was called then; one that there is on the day of the report has its name of that day.
    fn name(&self, value: u64) -> Option<String> {
        let body = unpacked(value);
        let then =
            || self.then.organization(body).map(|version| self.then.text(body, version.name).to_owned());
        if self.view.organization(body).is_some() { None } else { then() }
    }

    fn now(&self, plan: &Plan<'_>, at: usize, value: u64) -> u64 {
        let Some((_, dimension)) = plan.dimensions().nth(at) else { return value };
        match dimension.spec().meaning {
            Meaning::Division => {
                // The same division may have another code now.
                let code = DivisionCode::from_number(value);
                let division = self.then.division(code).map(|at| self.then.division_id(at));
                let now = division.and_then(|id| self.view.find_division(id));
                now.map_or(value, |at| self.view.division_shown(at).code.number())
            }
            Meaning::Organization => self.became.get(&value).copied().unwrap_or(value),
            _ => value,
        }
    }
}

/// What became of each body in a reform, where it is one body: merged or renamed ones are followed, what was divided is not.
fn became(view: &View, reform: crate::snapshot::Handle) -> FxHashMap<u64, u64> {
    let mut out = FxHashMap::default();
    for change in view.changes_of_reform(reform) {
        let into: Vec<_> = view.parties(change, true).map(|(_, body)| body).collect();
        if let [into] = into[..] {
            for (_, body) in view.parties(change, false) {
                out.insert(packed(body), packed(into));
            }
        }
    }
    out
}

fn township(plan: &Plan<'_>) -> Option<usize> {
    plan.dimensions().find(|(_, d)| *d == super::ReportDimension::Township).map(|(at, _)| at)
}

/// The same report in another territory: what the viewer may read is looked at there anew.
fn elsewhere<'i>(view: &View, plan: &Plan<'i>, within: Option<DivisionCode>) -> Result<Plan<'i>, Fault> {
    let scope = super::scope::reach(plan.input, view, super::territory(view, within)?)?;
    if scope.grouped != plan.scope.grouped {
        return Err(Fault::new(
            ErrorCode::Forbidden,
            "You may read persons one by one in one of the two territories, and in groups only in the other: they cannot be compared.",
            "两地的个人属性授权不同（逐人与分组），不能比较。",
        ));
    }
    Ok(Plan::new(plan.input, scope))
}

fn among_peers(view: &View, plan: &Plan<'_>, peers: &Peers, here: &Totals) -> Result<Previous, Fault> {
    let other = elsewhere(view, plan, peers.within)?;
    let all = Leaves::new(view, &other)?;
    let at = township(plan).unwrap_or_default();
    let codes: FxHashSet<u64> =
        all.keys().iter().chain(here.leaf().keys()).map(|key| key[at]).filter(|code| *code < ALL).collect();
    let of: FxHashMap<u64, u64> = codes.into_iter().map(|code| (code, kind_of(view, code, peers))).collect();
    let to_kind = |place: usize, value: u64| {
        if place == at {
            of.get(&value).copied().unwrap_or(NULL)
        } else if is_place(plan, place) {
            NULL
        } else {
            value
        }
    };
    let kinds = Totals::of(&other, all.renamed(&other, &to_kind));
    let own = Totals::of(&other, all);
    let (kinds, own, narrowed) = (Box::new(kinds), Box::new(own), other.scope.narrowed);
    let mine: FxHashSet<u64> =
        here.leaf().keys().iter().map(|key| key[at]).filter(|code| *code < ALL).collect();
    let unknown =
        mine.iter().filter(|code| peers.same_band && of.get(code).is_some_and(|kind| kind % 100 == UNKNOWN));
    let unknown = unknown.count();
    Ok(Previous::Peers { kinds, own, of, narrowed, unknown })
}

/// Whether a dimension says where a township is, or which: peers are anywhere.
fn is_place(plan: &Plan<'_>, at: usize) -> bool {
    let level = plan.dimensions().nth(at).map(|(_, dimension)| dimension.spec().level);
    level == Some(super::dimension::Level::Place)
}

/// The key of all townships of the kind of one: wherever they are.
fn kind_key(plan: &Plan<'_>, key: &Key, of: &FxHashMap<u64, u64>) -> Option<Key> {
    let at = township(plan)?;
    let mut kind = *key;
    let places = (0..plan.width()).filter(|place| is_place(plan, *place) && key[*place] != ALL);
    places.for_each(|place| kind[place] = NULL);
    kind[at] = *of.get(&key[at])?;
    Some(kind)
}

/// The band of townships of which no population is registered.
const UNKNOWN: u64 = 99;

/// Type and size of a township, as one number.
fn kind_of(view: &View, code: u64, peers: &Peers) -> u64 {
    let division = (code < ALL).then(|| view.division(DivisionCode::from_number(code))).flatten();
    let Some(division) = division else { return NULL };
    let kind: DivisionType = view.division_shown(division).kind;
    let residents = view.statistics_then(division).and_then(|row| row.population);
    let band = residents.map_or(UNKNOWN, |residents| PopulationBand::of(residents) as u64);
    let part = |wanted: bool, value: u64| if wanted { value } else { 0 };
    part(peers.same_type, kind as u64) * 100 + part(peers.same_band, band)
}

/// Adds up what a pattern allows for each township.
struct Standard<'s> {
    plan: &'s Plan<'s>,
    slots: &'s [Slot],
    cube: &'s mut Cube,
}

/// Which bodies of a pattern a quantity counts; nothing for what no pattern speaks of.
pub fn allowed(quantity: Quantity) -> Option<fn(&Slot) -> bool> {
    Some(match quantity {
        Quantity::Townships => |_| true,
        Quantity::OwnBodies => |_| true,
        Quantity::Offices => |slot| {
            let form = slot.category.is_some_and(|c| matches!(c, C::Office | C::Bureau));
            slot.kind.map_or(form, |kind| kind == K::InternalOffice)
        },
        Quantity::Institutions => |slot| {
            let form =
                slot.category.is_some_and(|c| matches!(c, C::Centre | C::Station | C::EnforcementTeam));
            slot.kind.map_or(form, |kind| kind == K::PublicInstitution)
        },
        Quantity::Teams => |slot| slot.category == Some(C::EnforcementTeam),
        Quantity::Featured => |slot| slot.featured == Some(true),
        _ => return None,
    })
}

impl Sink for Standard<'_> {
    fn fact(&mut self, kind: ReportFact, key: &Key, fact: &Fact<'_, '_>) {
        if kind != ReportFact::Township {
            return;
        }
        let traits = fact.place.division_row().map_or(&[][..], |row| &row.traits);
        let group = self.cube.group(key);
        for (slot, quantity) in self.plan.quantities.iter().enumerate() {
            let Some(counts) = allowed(*quantity) else { continue };
            let number = if *quantity == Quantity::Townships {
                1
            } else {
                let counted = provided(self.slots, traits).filter(|slot| counts(slot));
                counted.map(|slot| i64::from(slot.max)).sum()
            };
            self.cube.sums(group)[slot] += number;
            self.cube.mark(group, 1 << slot);
        }
    }
}
