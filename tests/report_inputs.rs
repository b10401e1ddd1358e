//! Random reports to ask for, and registers with what reports count and the ordinary ones lack.

use crate::harness::register::pick;
use crate::oracle::{Eyes, Right};
use crate::random::{chance, random_register};
use crate::report_catalog::{Kind, MEASURES, Measure, NARROW, SEGMENTS, dimensions, measure, right};
use crate::report_secrets::in_groups;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tiaokuai::domain::Day;
use tiaokuai::store::{ID_SPACE, Rows, entity};

/// What a report is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub dimensions: Vec<&'static str>,
    pub pivot: Vec<&'static str>,
    pub measures: Vec<&'static str>,
    pub segments: Vec<&'static str>,
    pub within: Option<&'static str>,
    pub day: String,
    pub other: Option<String>,
    /// A measure, and twice the least value.
    pub having: Option<(&'static str, i64)>,
    pub decimals: u32,
}

/// What a report is of: the nation without the fictional divisions, or a territory.
pub type Territory = Option<&'static str>;

impl Asked {
    pub fn input(&self) -> Value {
        let by = |of: &[&str]| of.iter().map(|d| json!({ "dimension": d })).collect::<Vec<_>>();
        let mut input = json!({
            "dimensions": by(&self.dimensions), "pivot": by(&self.pivot), "measures": self.measures, "segments": self.segments,
            "asOf": self.day, "decimals": self.decimals, "totals": self.levels().map(|l| l.1).collect::<Vec<_>>(), "first": 1000,
        });
        if let Some(within) = self.within {
            input["within"] = json!(within);
        }
        if let Some(other) = &self.other {
            input["compareTo"] = json!({ "asOf": other });
        }
        if let Some((name, halves)) = self.having {
            input["having"] = json!([{ "measure": name, "gte": halves as f64 / 2.0 }]);
        }
        input
    }

    /// All totals that the number of dimensions allows: how many dimensions each keeps, and its name.
    pub fn levels(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let count = self.dimensions.len().max(1);
        ["GRAND", "FIRST", "SECOND", "THIRD"].into_iter().enumerate().take(count)
    }

    fn rights(&self) -> Vec<Right> {
        let segments = self.segments.iter().map(|s| SEGMENTS.iter().find(|k| k.0 == *s).unwrap().1);
        let measures = self.measures.iter().map(|m| measure(m).2);
        let by = self.dimensions.iter().chain(&self.pivot).map(|d| right(d));
        measures.chain(segments).chain(by).collect()
    }

    /// Whether it asks for personal attributes.
    pub fn is_personal(&self) -> bool {
        self.rights().contains(&Right::Staffing)
    }

    /// What the report is of for these eyes; nothing where it has to be refused.
    pub fn territory(&self, eyes: Eyes) -> Option<Territory> {
        let open = self.rights().iter().all(|r| *r == Right::Open);
        match (eyes, self.within) {
            (Eyes::Public, _) if !open => None,
            (Eyes::Clerk(scope), None) if !open => Some(Some(scope)),
            (Eyes::Clerk(scope), Some(within)) if !open => match () {
                () if within.starts_with(scope) => Some(Some(within)),
                () if scope.starts_with(within) => Some(Some(scope)),
                () => None,
            },
            _ => Some(self.within),
        }
    }
}

/// A random register with statistics, traits, slots with conditions, workers, bodies with several departments and, in
/// every other one, so few persons that groups of one and two are many.
pub fn report_register(rng: &mut ChaCha8Rng) -> Rows {
    let mut rows = random_register(rng);
    if chance(rng, 2) {
        rows.appointment.retain(|_| chance(rng, 5));
    }
    for person in &mut rows.person {
        person.gender = person.gender.take().filter(|_| !chance(rng, 12));
    }
    let townships: Vec<_> = rows.division_version.iter().filter(|v| v.code.len() == 9).cloned().collect();
    for township in &townships {
        figures(&mut rows, township, rng);
    }
    slots(&mut rows, rng);
    for body in &rows.organization {
        if chance(rng, 6) {
            rows.establishment.push(workers(body, rng));
        }
    }
    departments(&mut rows, rng);
    rows
}

/// One more competent department for some bodies, of their county.
fn departments(rows: &mut Rows, rng: &mut ChaCha8Rng) {
    let known = rows.competent_department.clone();
    let mut taken: BTreeSet<(i64, i64)> =
        known.iter().map(|c| (c.organization_id, c.department_id)).collect();
    for row in known.iter().filter(|c| c.organization_id % 3 == 0) {
        let here = rows.organization.iter().filter(|o| o.shard == row.shard && o.kind == "DEPARTMENT");
        let department_id = one(rng, &here.map(|o| o.id).collect::<Vec<_>>());
        if taken.insert((row.organization_id, department_id)) {
            let more = entity::competent_department::Model { department_id, ..row.clone() };
            rows.competent_department.push(more);
        }
    }
}

/// Figures of two years, some without residents, and traits at random.
fn figures(rows: &mut Rows, township: &entity::division_version::Model, rng: &mut ChaCha8Rng) {
    let (division_id, shard) = (township.division_id, township.shard);
    for year in [2019, 2022] {
        if !chance(rng, 4) {
            rows.division_statistics.push(entity::division_statistics::Model {
                division_id,
                year,
                shard,
                population: (!chance(rng, 4)).then(|| (rng.next_u32() % 90_000).cast_signed()),
                residents_committees: None,
                village_committees: None,
                other_units: None,
                synthetic: true,
            });
        }
    }
    for name in ["BORDER", "COASTAL"] {
        let known = rows.division_trait.iter().any(|t| t.division_id == division_id && t.name == name);
        if !known && chance(rng, 3) {
            let name = name.to_owned();
            rows.division_trait.push(entity::division_trait::Model {
                division_id,
                name,
                shard,
                synthetic: true,
            });
        }
    }
}

/// A pattern by slots, some with a condition, for townships of the real county.
fn slots(rows: &mut Rows, rng: &mut ChaCha8Rng) {
    let shard = 513_428;
    let pattern_id = i64::from(shard) * ID_SPACE + 900;
    rows.setting_pattern.push(entity::setting_pattern::Model {
        id: pattern_id,
        shard,
        name: "随机模式".to_owned(),
        notation: None,
        valid_from: None,
        valid_to: None,
        document_id: None,
    });
    for (ordinal, condition) in (1..).zip([None, Some("COASTAL"), Some("AGRICULTURAL"), Some("BORDER")]) {
        let min = (rng.next_u32() % 3).cast_signed();
        rows.setting_slot.push(entity::setting_slot::Model {
            pattern_id,
            ordinal,
            shard,
            label: format!("项{ordinal}"),
            kind: None,
            category: Some("OFFICE".to_owned()),
            fields: String::new(),
            featured: None,
            min,
            max: min + (rng.next_u32() % 3).cast_signed(),
            condition: condition.map(str::to_owned),
        });
    }
    let assigned: Vec<i64> = rows.pattern_assignment.iter().map(|a| a.organization_id).collect();
    let towns = rows.organization.iter().filter(|o| o.shard == shard && o.kind == "GOVERNMENT");
    for town in towns.filter(|o| !assigned.contains(&o.id)) {
        if !chance(rng, 3) {
            rows.pattern_assignment.push(entity::pattern_assignment::Model {
                organization_id: town.id,
                version: 1,
                pattern_id,
                shard,
                valid_from: chance(rng, 2).then(|| "2022-03-01".to_owned()),
                valid_to: None,
            });
        }
    }
}

/// Establishment of one more type, of any body.
fn workers(body: &entity::organization::Model, rng: &mut ChaCha8Rng) -> entity::establishment::Model {
    entity::establishment::Model {
        organization_id: body.id,
        kind: "WORKER".to_owned(),
        version: 1,
        shard: body.shard,
        valid_from: body.valid_from.clone(),
        valid_to: body.valid_to.clone(),
        approved: (rng.next_u32() % 4).cast_signed(),
        occupied: (rng.next_u32() % 4).cast_signed(),
        document_id: None,
    }
}

/// Before, on and after the reforms of the two counties.
const DAYS: &[&str] = &["2019-06-01", "2020-12-31", "2021-01-01", "2022-02-28", "2022-03-01", "2024-05-15"];
pub const QUARTERS: &[&str] = &["2019-06-30", "2020-12-31", "2022-03-31", "2025-12-31"];
const PLACES: &[&str] = &["99", "990101", "990101101", "51", "5134", "513428"];
pub fn one<T: Copy>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    from[pick(rng, from)]
}

/// Takes some, each at most once.
pub fn some<T: Copy + PartialEq>(rng: &mut ChaCha8Rng, from: &[T], count: u32) -> Vec<T> {
    let mut out: Vec<T> = Vec::new();
    for _ in 0..if from.is_empty() { 0 } else { count } {
        let next = one(rng, from);
        if !out.contains(&next) {
            out.push(next);
        }
    }
    out
}

/// A random report for these eyes. Analysts ask for personal attributes as they may: in groups.
pub fn random_report(rng: &mut ChaCha8Rng, eyes: Eyes) -> Asked {
    if eyes == Eyes::Analyst && chance(rng, 2) {
        return in_groups(rng);
    }
    // Now and then what is not for these eyes.
    let fits = |r: Right, bold: bool| match eyes {
        Eyes::Public => bold || r == Right::Open,
        Eyes::Analyst => r != Right::Staffing,
        Eyes::Clerk(_) => true,
    };
    let bold = chance(rng, 5);
    let kinds = [
        Kind::Township,
        Kind::Body,
        Kind::Body,
        Kind::Establishment,
        Kind::Post,
        Kind::Appointment,
        Kind::Change,
    ];
    let mut by = dimensions(one(rng, &kinds));
    by.retain(|d| fits(right(d), bold));
    let count = rng.next_u32() % 4;
    let chosen = some(rng, &by, count);
    let narrow: Vec<&str> =
        NARROW.iter().copied().filter(|d| by.contains(d) && !chosen.contains(d)).collect();
    let pivot = if chance(rng, 3) { some(rng, &narrow, 1) } else { Vec::new() };
    let can = |m: &&Measure| {
        let own = dimensions(m.1);
        fits(m.2, bold) && chosen.iter().chain(&pivot).all(|d| own.contains(d))
    };
    let fitting: Vec<&str> = MEASURES.iter().filter(can).map(|m| m.0).collect();
    let count = 1 + rng.next_u32() % 4;
    let measures = some(rng, &fitting, count);
    let mut asked = Asked { dimensions: chosen, pivot, measures, ..Asked::default() };
    if chance(rng, 4) {
        asked.segments = segments(rng, &asked, |r| fits(r, bold));
    }
    asked.within = within(rng, eyes);
    asked.day = day(rng);
    asked.other = chance(rng, 4).then(|| day(rng)).filter(|other| *other != asked.day);
    asked.having = chance(rng, 4).then(|| (one(rng, &asked.measures), (rng.next_u32() % 12).into()));
    asked.decimals = one(rng, &[0, 1, 2, 2, 2, 4]);
    asked
}

fn day(rng: &mut ChaCha8Rng) -> String {
    if chance(rng, 3) { Day::today().to_string() } else { one(rng, DAYS).to_owned() }
}

fn within(rng: &mut ChaCha8Rng, eyes: Eyes) -> Option<&'static str> {
    match eyes {
        Eyes::Clerk(scope) if chance(rng, 2) => Some(scope),
        _ if chance(rng, 5) => None,
        _ => Some(one(rng, PLACES)),
    }
}

/// One segment that says something about all that is asked for.
fn segments(rng: &mut ChaCha8Rng, asked: &Asked, fits: impl Fn(Right) -> bool) -> Vec<&'static str> {
    let about = |kinds: &[Kind]| {
        kinds.is_empty()
            || asked.measures.iter().all(|m| {
                let (_, kind, _, _, denominator, _) = measure(m);
                kinds.contains(kind) && *denominator != Some("TOWNSHIPS")
            })
    };
    let can = SEGMENTS.iter().filter(|(_, r, kinds)| fits(*r) && about(kinds));
    let can: Vec<&str> = can.map(|s| s.0).collect();
    some(rng, &can, 1)
}
