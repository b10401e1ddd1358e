//! Lists on random registers, as three roles: every filter equals the straight loop, every page belongs to the whole.

use crate::harness::register::{Register, pick, seeds, world};
use crate::oracle::{Eyes, Obj, Ops, Oracle, Right, Ty, columns, order_key, relations};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use tiaokuai::domain::{Day, DivisionCode, Role};
use tiaokuai::graph::schema;
use tiaokuai::policy::{Grant, Scope, Viewer};
use tiaokuai::store::Rows;

const COUNTY: &str = "990101";

/// Names in which nearly everything is alike, and polyphones.
const NAMES: &[&str] =
    &["党政办公室", "党建办公室", "乐清办", "乐亭办", "长安站", "长子站", "A站", "办公室", "重庆路中心"];

fn chance(rng: &mut ChaCha8Rng, of: u32) -> bool {
    rng.next_u32().is_multiple_of(of)
}

/// A random register: the fictional county and one real one, with much left out, changed and hidden.
fn random_register(rng: &mut ChaCha8Rng) -> Rows {
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
    for p in &mut rows.person {
        if chance(rng, 3) {
            p.birth_date = None;
        }
    }
    rows
}

fn viewer(eyes: Eyes) -> Viewer {
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

/// The roots: type, field, name of the types of its arguments.
const LISTS: &[(Ty, &str, &str)] = &[
    (Ty::Township, "townships", "Township"),
    (Ty::InternalOffice, "internalOffices", "InternalOffice"),
    (Ty::PublicInstitution, "publicInstitutions", "PublicInstitution"),
    (Ty::SecondedAgency, "secondedAgencies", "SecondedAgency"),
    (Ty::Department, "departments", "Department"),
    (Ty::LeadershipPost, "leadershipPosts", "LeadershipPost"),
    (Ty::Appointment, "appointments", "Appointment"),
    (Ty::Division, "divisions", "Division"),
];

/// A random filter over what the oracle knows, with values that occur.
fn random_filter(rng: &mut ChaCha8Rng, oracle: &Oracle, ty: Ty, sample: &[Obj], depth: u32) -> Value {
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

fn may(eyes: Eyes, right: Right, within: Option<&str>) -> bool {
    match (right, eyes) {
        (Right::Open, _) | (Right::Numbers, Eyes::Analyst) => true,
        (_, Eyes::Clerk(scope)) => within.is_some_and(|w| w.starts_with(scope)),
        _ => false,
    }
}

/// Whether a viewer may filter so in a territory; none is anywhere.
fn may_filter(eyes: Eyes, ty: Ty, filter: &Value, within: Option<&str>) -> bool {
    filter.as_object().unwrap().iter().all(|(name, condition)| match name.as_str() {
        "and" | "or" => condition.as_array().unwrap().iter().all(|f| may_filter(eyes, ty, f, within)),
        "not" => may_filter(eyes, ty, condition, within),
        _ => match relations(ty).iter().find(|(n, _, _)| n == name) {
            None => columns(ty).iter().any(|(n, _, right)| n == name && may(eyes, *right, within)),
            Some((_, to, many)) => {
                let within = if name == "parent" { None } else { within };
                let right = match to {
                    Ty::Establishment => Right::Numbers,
                    Ty::PersonPrivate => Right::Staffing,
                    _ => Right::Open,
                };
                let part = |f: &Value| may_filter(eyes, *to, f, within);
                may(eyes, right, within)
                    && match many {
                        false => part(condition),
                        true => condition.as_object().unwrap().iter().all(|(how, f)| match how.as_str() {
                            "count" => f.get("where").is_none_or(part),
                            _ => part(f),
                        }),
                    }
            }
        },
    })
}

/// A random order by what the oracle can compare: the fields, and the argument.
fn random_order(rng: &mut ChaCha8Rng, ty: Ty) -> (Vec<(&'static str, bool, bool)>, Value) {
    let known: Vec<_> = columns(ty)
        .iter()
        .filter(|(name, ops, _)| *ops != Ops::Choice && !["shortName", "featured"].contains(name))
        .map(|(name, _, _)| *name)
        .filter(|name| !["featured", "concurrent", "isVacant", "fictional"].contains(name))
        .collect();
    let mut keys = Vec::new();
    let mut argument = Vec::new();
    for _ in 0..rng.next_u32() % 3 {
        let (name, down, first) = (known[pick(rng, &known)], chance(rng, 2), chance(rng, 2));
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

struct Asked<'a> {
    register: &'a Register<'a>,
    viewer: &'a Viewer,
    query: String,
    variables: Value,
    root: &'a str,
}

impl Asked<'_> {
    fn page(&self, paging: &Value) -> Result<Value, String> {
        let mut variables = self.variables.clone();
        variables.as_object_mut().unwrap().extend(paging.as_object().unwrap().clone());
        let (mut done, _) = self.register.ask(self.viewer, &self.query, variables);
        match done.errors.first() {
            Some(error) => Err(error
                .source::<tiaokuai::domain::Fault>()
                .map_or_else(|| error.message.clone(), |f| format!("{:?}", f.code))),
            None => Ok(std::mem::take(&mut done.data).into_json().unwrap()[self.root].take()),
        }
    }

    /// The whole list, page by page, in one direction. Every `pageInfo` has to be exact.
    fn walk(&self, size: u32, forwards: bool) -> Result<Vec<String>, String> {
        let (mut ids, mut cursor) = (Vec::<String>::new(), Value::Null);
        loop {
            let page = if forwards {
                self.page(&json!({ "first": size, "after": cursor }))?
            } else {
                self.page(&json!({ "last": size, "before": cursor }))?
            };
            let info = &page["pageInfo"];
            let here: Vec<String> = page["edges"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| e["node"]["id"].as_str().unwrap().to_owned())
                .collect();
            let (more, back) = if forwards {
                ("hasNextPage", "hasPreviousPage")
            } else {
                ("hasPreviousPage", "hasNextPage")
            };
            assert_eq!(info[back], !ids.is_empty(), "{back} after {} objects", ids.len());
            let total = usize::try_from(page["totalCount"].as_i64().unwrap()).unwrap();
            assert_eq!(info[more], ids.len() + here.len() < total, "{more} at {} of {total}", ids.len());
            cursor = info[if forwards { "endCursor" } else { "startCursor" }].clone();
            if forwards {
                ids.extend(here)
            } else {
                ids.splice(0..0, here);
            }
            if info[more] == false {
                assert_eq!(ids.len(), total);
                return Ok(ids);
            }
        }
    }
}

fn asked<'a>(
    register: &'a Register<'a>,
    viewer: &'a Viewer,
    (root, name): (&'a str, &str),
    variables: Value,
) -> Asked<'a> {
    let query = format!(
        "query($within: DivisionCode, $asOf: Date, $where: {name}Where, $orderBy: [{name}Order!], $first: Int, $after: String, $last: Int, $before: String) {{
           {root}(within: $within, asOf: $asOf, where: $where, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {{
             totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} edges {{ node {{ id }} }} }} }}"
    );
    Asked { register, viewer, query, variables, root }
}

#[test]
fn every_filter_is_the_straight_loop_and_every_page_belongs_to_the_whole() {
    let (seed, cases) = seeds(60);
    let schema = schema();
    let (mut listed, mut narrowed, mut forbidden) = (0, 0, 0);
    for case in 0..cases {
        let mut rng = ChaCha8Rng::seed_from_u64(seed + case);
        let rows = random_register(&mut rng);
        let register = Register::build(&schema, rows.clone());
        let eyes = [Eyes::Public, Eyes::Analyst, Eyes::Clerk(COUNTY)][usize::try_from(case % 3).unwrap()];
        let viewer = viewer(eyes);
        let today = Day::today().to_string();
        for day in [today.clone(), "2020-06-01".to_owned()] {
            let oracle = Oracle { rows: &rows, day: day.clone(), today: today.clone(), eyes };
            for _ in 0..6 {
                let (ty, root, name) = LISTS[pick(&mut rng, LISTS)];
                let within = ["990101", "990101101", "99", "513428", "51"][pick(&mut rng, &[0; 5])];
                let whole = oracle.list(ty, within);
                let filter = random_filter(&mut rng, &oracle, ty, &whole, 0);
                let (keys, order) = random_order(&mut rng, ty);
                let what = format!(
                    "case {case} (SEED={} CASES=1): {eyes:?} {root} within {within} on {day}\nwhere {filter}\norder {order}",
                    seed + case
                );
                let base = json!({ "within": within, "asOf": day });
                let plain = asked(&register, &viewer, (root, name), base.clone());
                let canonical = plain.walk(100, true).unwrap_or_else(|e| panic!("{what}\n{e}"));
                let mut ids: Vec<String> = whole.iter().map(|o| oracle.id(*o)).collect();
                ids.sort();
                let mut sorted = canonical.clone();
                sorted.sort();
                assert_eq!(sorted, ids, "{what}: the unfiltered list");

                let mut variables = base;
                variables["where"] = filter.clone();
                variables["orderBy"] = order;
                let list = asked(&register, &viewer, (root, name), variables);
                let readable = keys.iter().all(|(key, _, _)| {
                    columns(ty).iter().any(|(n, _, right)| n == key && may(eyes, *right, Some(within)))
                });
                if !may_filter(eyes, ty, &filter, Some(within)) || !readable {
                    assert_eq!(list.walk(20, true), Err("Forbidden".to_owned()), "{what}");
                    forbidden += 1;
                    continue;
                }
                // The objects that pass, in canonical order, then sorted: a stable sort keeps that for what is equal.
                let mut expected: Vec<(Obj, &String)> = canonical
                    .iter()
                    .map(|id| (*whole.iter().find(|o| oracle.id(**o) == *id).unwrap(), id))
                    .filter(|(of, _)| oracle.passes(*of, &filter))
                    .collect();
                for (key, down, first) in keys.iter().rev() {
                    expected.sort_by(|a, b| {
                        let key = |of: Obj| order_key(key, &oracle.column(of, key));
                        match (key(a.0), key(b.0)) {
                            (Some(a), Some(b)) if *down => b.cmp(&a),
                            (Some(a), Some(b)) => a.cmp(&b),
                            (a, b) if *first => a.is_some().cmp(&b.is_some()),
                            (a, b) => a.is_none().cmp(&b.is_none()),
                        }
                    });
                }
                let expected: Vec<String> = expected.into_iter().map(|(_, id)| id.clone()).collect();
                let size = 1 + rng.next_u32() % 17;
                let size = size.max(u32::try_from(expected.len() / 40).unwrap());
                for forwards in [true, false] {
                    let got = list.walk(size, forwards).unwrap_or_else(|e| panic!("{what}\n{e}"));
                    assert_eq!(got, expected, "{what}\nforwards: {forwards}, pages of {size}");
                }
                listed += 1;
                narrowed += u64::from(!expected.is_empty() && expected.len() < canonical.len());
            }
        }
    }
    println!("{listed} lists, {narrowed} of them narrowed by their filter, {forbidden} refused");
    assert!(cases < 20 || (narrowed > listed / 4 && forbidden > cases / 2), "the cases are too easy");
}

#[test]
fn cursors_survive_a_change_of_the_register() {
    let (seed, cases) = seeds(12);
    let schema = schema();
    let viewer = viewer(Eyes::Analyst);
    for case in 0..cases {
        let mut rng = ChaCha8Rng::seed_from_u64(seed + case);
        let before = random_register(&mut rng);
        let mut after = before.clone();
        // Some bodies leave, others were not there before.
        after.organization.retain(|o| o.kind != "INTERNAL_OFFICE" || o.id % 7 != 0);
        let mut before = before;
        before.organization.retain(|o| o.kind != "INTERNAL_OFFICE" || o.id % 5 != 0);
        for rows in [&mut before, &mut after] {
            let left: Vec<i64> = rows.organization.iter().map(|o| o.id).collect();
            rows.organization_version.retain(|v| left.contains(&v.organization_id));
            rows.leadership_post.retain(|p| left.contains(&p.organization_id));
            let posts: std::collections::HashSet<i64> = rows.leadership_post.iter().map(|p| p.id).collect();
            rows.appointment.retain(|a| posts.contains(&a.post_id));
            rows.pattern_assignment.retain(|a| left.contains(&a.organization_id));
        }
        let both: Vec<i64> = before
            .organization
            .iter()
            .filter(|o| {
                o.kind == "INTERNAL_OFFICE" && o.disclosed && after.organization.iter().any(|a| a.id == o.id)
            })
            .map(|o| o.id)
            .collect();
        let today = Day::today().to_string();
        let oracle = Oracle { rows: &before, day: today.clone(), today, eyes: Eyes::Analyst };
        let stay: Vec<String> = oracle
            .list(Ty::InternalOffice, COUNTY)
            .into_iter()
            .filter(|o| both.contains(&o.1))
            .map(|o| oracle.id(o))
            .collect();
        let (old, new) = (Register::build(&schema, before.clone()), Register::build(&schema, after));
        for order in [json!([]), json!([{ "field": "NAME", "direction": "DESC" }])] {
            let variables = json!({ "within": COUNTY, "orderBy": order });
            let mut seen: Vec<String> = Vec::new();
            let mut cursor = Value::Null;
            for step in 0.. {
                let register = if step % 2 == 0 { &old } else { &new };
                let list = asked(register, &viewer, ("internalOffices", "InternalOffice"), variables.clone());
                let page = list.page(&json!({ "first": 5, "after": cursor })).unwrap();
                let edges = page["edges"].as_array().unwrap();
                seen.extend(edges.iter().map(|e| e["node"]["id"].as_str().unwrap().to_owned()));
                if edges.is_empty() || (page["pageInfo"]["hasNextPage"] == false && step > 0) {
                    break;
                }
                cursor = page["pageInfo"]["endCursor"].clone();
            }
            for id in &stay {
                let times = seen.iter().filter(|s| *s == id).count();
                assert_eq!(
                    times,
                    1,
                    "case {case} (SEED={}): {id} came {times} times by {order}",
                    seed + case
                );
            }
            assert!(stay.len() > 10);
        }
    }
}
