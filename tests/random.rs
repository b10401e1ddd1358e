//! Random registers, and random filters and orders over what the oracle knows, with values that occur.

use crate::harness::register::{pick, world};
use crate::oracle::{Eyes, Obj, Ops, Oracle, Ty, columns, relations};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use serde_json::{Value, json};
use tiaokuai::domain::{DivisionCode, Role};
use tiaokuai::policy::{Grant, Scope, Viewer};
use tiaokuai::store::Rows;

/// Names in which nearly everything is alike, and polyphones.
const NAMES: &[&str] =
    &["党政办公室", "党建办公室", "乐清办", "乐亭办", "长安站", "长子站", "A站", "办公室", "重庆路中心"];

pub fn chance(rng: &mut ChaCha8Rng, of: u32) -> bool {
    rng.next_u32().is_multiple_of(of)
}

/// A random register: the fictional county and one real one, with much left out, changed and hidden.
pub fn random_register(rng: &mut ChaCha8Rng) -> Rows {
    let mut rows = world();
    let keep = |shard: i32| shard == 990_101 || shard == 513_428 || shard % 10_000 == 0 || shard % 100 == 0;
    rows.organization.retain(|o| keep(o.shard));
    rows.division.retain(|d| matches!(d.shard / 100, 9901 | 9900 | 5134 | 5100));
    let left: Vec<i64> = rows.division.iter().map(|d| d.id).collect();
    rows.division_version.retain(|v| left.contains(&v.division_id));
    for organization in &mut rows.organization {
        organization.disclosed = !chance(rng, 6);
    }
    for v in &mut rows.organization_version {
        if chance(rng, 3) {
            v.name = NAMES[pick(rng, NAMES)].to_owned();
        }
        v.short_name = chance(rng, 2).then(|| NAMES[pick(rng, NAMES)].to_owned());
        if chance(rng, 4) {
            v.rank = None;
        }
        v.featured = chance(rng, 4);
        v.appraisal_weight = chance(rng, 2).then(|| (rng.next_u32() % 50).cast_signed());
    }
    rows.establishment.retain(|_| !chance(rng, 4));
    for e in &mut rows.establishment {
        e.approved = (rng.next_u32() % 9).cast_signed();
        e.occupied = (rng.next_u32() % 9).cast_signed();
    }
    for p in &mut rows.leadership_post {
        p.quota = (rng.next_u32() % 4).cast_signed();
        if chance(rng, 8) {
            p.valid_from = Some("2021-01-01".to_owned());
        }
    }
    rows.appointment.retain(|_| !chance(rng, 3));
    for a in &mut rows.appointment {
        if chance(rng, 6) {
            a.state = ["PROPOSED", "PUBLICISED", "CONFIRMED", "WITHDRAWN"][pick(rng, &[0; 4])].to_owned();
        }
        a.concurrent = chance(rng, 3);
    }
    for d in &mut rows.document {
        d.disclosed = !chance(rng, 4);
        d.issued_on = d.issued_on.take().filter(|_| !chance(rng, 3));
    }
    for p in &mut rows.person {
        if chance(rng, 3) {
            p.birth_date = None;
        }
    }
    rows
}

/// A random filter over what the oracle knows, with values that occur.
pub fn random_filter(rng: &mut ChaCha8Rng, oracle: &Oracle, ty: Ty, sample: &[Obj], depth: u32) -> Value {
    let mut parts = serde_json::Map::new();
    for _ in 0..=rng.next_u32() % 2 {
        let (name, condition) = match rng.next_u32() % 10 {
            0 if depth < 3 => {
                let parts = |rng: &mut ChaCha8Rng| -> Vec<Value> {
                    (0..rng.next_u32() % 3)
                        .map(|_| random_filter(rng, oracle, ty, sample, depth + 1))
                        .collect()
                };
                let name = if chance(rng, 2) { "and" } else { "or" };
                (name, parts(rng).into())
            }
            1 if depth < 3 => ("not", random_filter(rng, oracle, ty, sample, depth + 1)),
            2..=4 if depth < 2 && !relations(ty).is_empty() => {
                let (name, to, many) = relations(ty)[pick(rng, relations(ty))];
                let there: Vec<Obj> = sample
                    .iter()
                    .filter(|o| known(oracle, **o))
                    .flat_map(|o| oracle.related(*o, name))
                    .collect();
                let inner = |rng: &mut ChaCha8Rng| random_filter(rng, oracle, to, &there, depth + 1);
                let condition = match (many, rng.next_u32() % 4) {
                    (false, _) => inner(rng),
                    (true, 0) => json!({ "some": inner(rng) }),
                    (true, 1) => json!({ "none": inner(rng) }),
                    (true, 2) => json!({ "every": inner(rng) }),
                    (true, _) => json!({ "count": { "where": inner(rng), "gte": rng.next_u32() % 4 } }),
                };
                (name, condition)
            }
            _ => {
                let (name, ops, _) = columns(ty)[pick(rng, columns(ty))];
                let values: Vec<Value> =
                    sample.iter().filter(|o| known(oracle, **o)).map(|o| oracle.column(*o, name)).collect();
                (name, random_test(rng, ops, &values))
            }
        };
        parts.insert(name.to_owned(), condition);
    }
    parts.into()
}

/// Objects on the way of a relation may be such as the oracle has no columns for.
fn known(oracle: &Oracle, (ty, id): Obj) -> bool {
    !columns(ty).is_empty()
        && (ty != Ty::PersonPrivate || !oracle.related((Ty::Person, id), "private").is_empty())
}

fn random_test(rng: &mut ChaCha8Rng, ops: Ops, values: &[Value]) -> Value {
    let there: Vec<&Value> = values.iter().filter(|v| !v.is_null()).collect();
    if there.is_empty() || chance(rng, 8) {
        return json!({ "isNull": chance(rng, 2) });
    }
    let value = there[pick(rng, &there)].clone();
    let one = |ops: &[&str], rng: &mut ChaCha8Rng| json!({ ops[pick(rng, ops)]: value });
    let list = json!([value, there[pick(rng, &there)]]);
    match (ops, rng.next_u32() % 4) {
        (Ops::Truth, _) => json!({ "eq": value }),
        (_, 0) => json!({ "in": list }),
        (_, 1) => json!({ "notIn": list }),
        (Ops::Choice, _) => one(&["eq", "ne"], rng),
        (Ops::Quantity, _) => one(&["eq", "ne", "lt", "lte", "gt", "gte"], rng),
        (Ops::Place, 2) => json!({ "within": value.as_str().unwrap().chars().take(6).collect::<String>() }),
        (Ops::Place, _) => one(&["eq", "ne"], rng),
        (Ops::Text, 2) => {
            let part: Vec<char> = value.as_str().unwrap().chars().collect();
            let op = ["contains", "startsWith", "endsWith"][pick(rng, &[0; 3])];
            json!({ op: part[pick(rng, &part)..].iter().take(2).collect::<String>() })
        }
        (Ops::Text, _) => one(&["eq", "ne", "contains", "startsWith", "endsWith"], rng),
    }
}

/// A random order by what the oracle can compare: the fields, and the argument.
pub fn random_order(rng: &mut ChaCha8Rng, ty: Ty) -> (Vec<(&'static str, bool, bool)>, Value) {
    let known: Vec<_> = columns(ty)
        .iter()
        .filter(|(_, ops, _)| *ops != Ops::Choice)
        .map(|(name, _, _)| *name)
        .filter(|name| !["featured", "concurrent", "isVacant", "fictional"].contains(name))
        .collect();
    let mut keys = Vec::new();
    let mut argument = Vec::new();
    for _ in 0..rng.next_u32() % 3 {
        let (name, down, first) = (known[pick(rng, &known)], chance(rng, 2), chance(rng, 2));
        // An order names each field once.
        if keys.iter().any(|(known, _, _)| *known == name) {
            continue;
        }
        let constant: String = name
            .chars()
            .flat_map(|c| if c.is_uppercase() { vec!['_', c] } else { vec![c.to_ascii_uppercase()] })
            .collect();
        let direction = if down { "DESC" } else { "ASC" };
        argument.push(json!({ "field": constant, "direction": direction, "nulls": if first { "FIRST" } else { "LAST" } }));
        keys.push((name, down, first));
    }
    (keys, argument.into())
}

/// Who looks through these eyes.
pub fn viewer(eyes: Eyes) -> Viewer {
    let grant = |role, territory| Viewer {
        subject: Some("x".into()),
        grants: vec![Grant { role, scope: Scope { territory, line: None } }],
    };
    match eyes {
        Eyes::Public => Viewer::default(),
        Eyes::Analyst => grant(Role::Analyst, None),
        Eyes::Clerk(scope) => grant(Role::EstablishmentClerk, DivisionCode::parse(scope)),
    }
}
