//! Lists on random registers, as three roles: every filter equals the straight loop, every page belongs to the whole.

use crate::harness::register::{Register, pick, seeds};
use crate::oracle::{Eyes, Obj, Oracle, Right, Ty, columns, order_key, relations};
use crate::random::{random_filter, random_order, random_register, viewer};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use tiaokuai::domain::Day;
use tiaokuai::graph::engine::Placed;
use tiaokuai::graph::schema;
use tiaokuai::policy::Viewer;

const COUNTY: &str = "990101";

/// The roots: type, field, name of the types of its arguments.
const LISTS: &[(Ty, &str, &str)] = &[
    (Ty::Township, "townships", "Township"),
    (Ty::InternalOffice, "internalOffices", "InternalOffice"),
    (Ty::PublicInstitution, "publicInstitutions", "PublicInstitution"),
    (Ty::SecondedAgency, "secondedAgencies", "SecondedAgency"),
    (Ty::Department, "departments", "Department"),
    (Ty::Organization, "organizations", "Organization"),
    (Ty::Document, "documents", "Document"),
    (Ty::Reform, "reforms", "Reform"),
    (Ty::LeadershipPost, "leadershipPosts", "LeadershipPost"),
    (Ty::Appointment, "appointments", "Appointment"),
    (Ty::Division, "divisions", "Division"),
];

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
        let (mut done, _, _) = self.register.ask(self.viewer, &self.query, variables);
        match done.errors.first() {
            Some(error) => Err(error
                .source::<Placed>()
                .and_then(|p| p.fault.as_ref())
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

/// The code of the division of an object, where it has one.
fn place(oracle: &Oracle, of: Obj) -> Option<String> {
    let column = columns(of.0).iter().find(|(name, _, _)| ["divisionCode", "code"].contains(name))?.0;
    oracle.column(of, column).as_str().map(str::to_owned)
}

/// Pages between two cursors, in both directions: a stretch of the list, and nothing of what lies outside.
fn between(list: &Asked, expected: &[String], rng: &mut ChaCha8Rng) -> Result<(), String> {
    if expected.is_empty() || expected.len() > 90 {
        return Ok(());
    }
    let (a, b) = (pick(rng, expected), pick(rng, expected));
    let cursor = |at: usize| -> Result<Value, String> {
        let page = list.page(&json!({ "first": at + 1 }))?;
        Ok(page["pageInfo"]["endCursor"].clone())
    };
    let (after, before, size) = (cursor(a)?, cursor(b)?, 1 + pick(rng, &[0; 9]));
    let inside = expected.get(a + 1..b).unwrap_or_default();
    for (count, forwards) in [("first", true), ("last", false)] {
        let page = list.page(&json!({ count: size, "after": after, "before": before }))?;
        let ids: Vec<&str> =
            page["edges"].as_array().unwrap().iter().map(|e| e["node"]["id"].as_str().unwrap()).collect();
        let kept = size.min(inside.len());
        let part = if forwards { &inside[..kept] } else { &inside[inside.len() - kept..] };
        assert_eq!(ids, part, "{count}: {size} after {a} before {b}");
        if !part.is_empty() {
            assert_eq!(page["pageInfo"]["hasPreviousPage"], true, "{count}: {size} after {a} before {b}");
            assert_eq!(page["pageInfo"]["hasNextPage"], true, "{count}: {size} after {a} before {b}");
        }
    }
    Ok(())
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

                let places: Vec<String> = canonical
                    .iter()
                    .map(|id| *whole.iter().find(|o| oracle.id(**o) == *id).unwrap())
                    .filter_map(|of| place(&oracle, of))
                    .collect();
                assert!(places.is_sorted(), "{what}: the canonical order is not by division");

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
                between(&list, &expected, &mut rng).unwrap_or_else(|e| panic!("{what}\n{e}"));
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
