//! Reports and who sees them: a report is the one over a register without what is hidden, whatever it asks for; personal attributes in
//! groups only; nothing of what is masked can be asked by.

use crate::harness::register::{Register, pick, seeds};
use crate::oracle::Eyes;
use crate::random::{random_register, viewer};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tiaokuai::domain::{CodeList, Role};
use tiaokuai::graph::schema;
use tiaokuai::policy::{Rule, Viewer, allows};
use tiaokuai::report::{ReportDimension, ReportMeasure};
use tiaokuai::store::{Rows, entity};

const SCOPE: &str = "990101";
const QUERY: &str = "query($input: ReportInput!) { report(input: $input) { groupCount suppressedCells appliedScope
    rows { keys { dimension code label } values { numerator denominator previous value state rank } records(first: 100) { totalCount nodes { name } } }
    totals { keys { label } values { numerator denominator previous value state } } warnings { code } } }";

/// The same without records, which analysts do not get of persons.
const PLAIN: &str = "query($input: ReportInput!) { report(input: $input) { rows { values { numerator } } } }";

fn named(name: &str) -> Value {
    json!({ "dimension": name })
}

/// A random report: dimensions, and measures that fit them.
fn input(rng: &mut ChaCha8Rng) -> Value {
    let all: Vec<ReportDimension> = (0..).map_while(ReportDimension::at).collect();
    let mut dimensions: Vec<ReportDimension> = Vec::new();
    for _ in 0..rng.next_u32() % 3 {
        let one = all[pick(rng, &all)];
        if !dimensions.contains(&one) {
            dimensions.push(one);
        }
    }
    let fits = |m: &ReportMeasure| dimensions.iter().all(|d| d.spec().level.is_of(m.spec().fact()));
    let measures: Vec<ReportMeasure> = (0..).map_while(ReportMeasure::at).filter(fits).collect();
    if measures.is_empty() {
        return input(rng);
    }
    let chosen: BTreeSet<&str> = (0..3).map(|_| measures[pick(rng, &measures)].value()).collect();
    let mut out = json!({
        "dimensions": dimensions.iter().map(|d| named(d.value())).collect::<Vec<_>>(),
        "measures": chosen, "within": (["99", SCOPE, "9901", "990101103"][pick(rng, &[0; 4])]), "first": 1000,
    });
    if rng.next_u32().is_multiple_of(3) {
        out["compareTo"] = json!({ "asOf": "2020-06-30" });
    }
    if rng.next_u32().is_multiple_of(4) {
        out["asOf"] = json!(["2020-12-31", "2021-03-31", "2025-12-31"][pick(rng, &[0; 3])]);
    }
    out
}

fn ask(register: &Register<'_>, viewer: &Viewer, input: &Value) -> Result<Value, String> {
    let (done, _, _) = register.ask(viewer, QUERY, json!({ "input": input }));
    match done.errors.first() {
        Some(error) => Err(error.message.clone()),
        None => Ok(done.data.into_json().unwrap()),
    }
}

/// Takes away what the public does not see: bodies that are not disclosed with all that hangs on them, and appointments that are not published.
fn without_hidden(mut rows: Rows) -> Rows {
    let hidden: BTreeSet<i64> = rows.organization.iter().filter(|o| !o.disclosed).map(|o| o.id).collect();
    let posts: BTreeSet<i64> =
        rows.leadership_post.iter().filter(|p| hidden.contains(&p.organization_id)).map(|p| p.id).collect();
    let published = ["PUBLICISED", "APPOINTED", "PROBATION", "CONFIRMED", "REMOVED"];
    rows.appointment.retain(|a| !posts.contains(&a.post_id) && published.contains(&a.state.as_str()));
    rows.leadership_post.retain(|p| !posts.contains(&p.id));
    rows.establishment.retain(|e| !hidden.contains(&e.organization_id));
    rows.competent_department.retain(|c| !hidden.contains(&c.organization_id));
    rows.pattern_assignment.retain(|a| !hidden.contains(&a.organization_id));
    let told: BTreeSet<i64> = rows
        .organization_change_party
        .iter()
        .filter(|p| hidden.contains(&p.organization_id))
        .map(|p| p.change_id)
        .collect();
    rows.organization_change.retain(|c| !told.contains(&c.id));
    rows.organization_change_party.retain(|p| !told.contains(&p.change_id));
    let left: BTreeSet<i64> = rows.organization_change.iter().filter_map(|c| c.reform_id).collect();
    let had: BTreeSet<i64> = rows.reform.iter().map(|r| r.id).collect();
    rows.reform.retain(|r| left.contains(&r.id) || !had.contains(&r.id));
    rows.organization_version.retain(|v| !hidden.contains(&v.organization_id));
    rows.organization.retain(|o| !hidden.contains(&o.id));
    rows.log.clear();
    rows
}

#[test]
fn a_report_is_that_of_a_register_without_what_is_hidden() {
    let (seed, cases) = seeds(60);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let schema = schema();
    let (mut compared, mut registers) = (0, None);
    for case in 0..cases {
        if case % 15 == 0 {
            let mut rows = random_register(&mut rng);
            rows.log.clear();
            let bare = without_hidden(rows.clone());
            assert!(bare.organization.len() < rows.organization.len());
            registers = Some((Register::build(&schema, rows), Register::build(&schema, bare)));
        }
        let (whole, bare) = registers.as_ref().unwrap();
        let input = input(&mut rng);
        for eyes in [Eyes::Public, Eyes::Analyst] {
            let viewer = viewer(eyes);
            let (a, b) = (ask(whole, &viewer, &input), ask(bare, &viewer, &input));
            assert_eq!(a, b, "seed {seed}, case {case}, {eyes:?}: {input:#}");
            compared += usize::from(a.is_ok());
        }
    }
    assert!(compared * 2 > usize::try_from(cases).unwrap(), "{compared}");
}

#[test]
fn what_is_masked_is_neither_dimension_nor_measure_nor_filter() {
    let schema = schema();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let register = Register::build(&schema, random_register(&mut rng));
    for role in (0..).map_while(Role::at) {
        let viewer = if role == Role::Public {
            Viewer::default()
        } else {
            let scope = tiaokuai::policy::Scope {
                territory: tiaokuai::domain::DivisionCode::parse(SCOPE),
                line: None,
            };
            Viewer { subject: Some("x".into()), grants: vec![tiaokuai::policy::Grant { role, scope }] }
        };
        let may = |rule: Rule| allows(rule, role) || allows(rule, Role::Public);
        let asked = |input: Value| {
            let (done, _, _) = register.ask(&viewer, PLAIN, json!({ "input": input }));
            done.errors.first().map_or(Ok(()), |error| Err(error.message.clone()))
        };
        for measure in (0..).map_while(ReportMeasure::at) {
            let done = asked(json!({ "dimensions": [], "measures": [measure.value()], "within": SCOPE }));
            assert_eq!(done.is_ok(), may(measure.spec().rule), "{role:?} {measure:?}: {done:?}");
        }
        for dimension in (0..).map_while(ReportDimension::at) {
            let fits =
                |m: &ReportMeasure| dimension.spec().level.is_of(m.spec().fact()) && may(m.spec().rule);
            let Some(measure) = (0..).map_while(ReportMeasure::at).find(fits) else { continue };
            let done = asked(
                json!({ "dimensions": [named(dimension.value())], "measures": [measure.value()], "within": SCOPE, "first": 1 }),
            );
            // Who reads persons in groups does not get all dimensions with them, but never more than the rule says.
            let grouped = done.as_ref().err().is_some_and(|why: &String| why.contains("in groups only"));
            assert_eq!(
                done.is_ok() || grouped,
                may(dimension.spec().rule),
                "{role:?} {dimension:?}: {done:?}"
            );
        }
        let by_vacancy = json!({ "dimensions": [], "measures": ["LEADERSHIP_POSTS"], "within": SCOPE,
            "where": { "leadershipPost": { "isVacant": { "eq": true } } } });
        assert_eq!(asked(by_vacancy).is_ok(), may(Rule::Numbers), "{role:?}");
        let by_birth = json!({ "dimensions": [], "measures": ["APPOINTMENTS"], "within": SCOPE,
            "where": { "appointment": { "person": { "private": { "birthDate": { "lt": "1980-01-01" } } } } } });
        assert_eq!(asked(by_birth).is_ok(), may(Rule::Staffing), "{role:?}");
    }
}

#[test]
fn a_scope_narrows_the_whole_report_alike() {
    let schema = schema();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let register = Register::build(&schema, random_register(&mut rng));
    let clerk = viewer(Eyes::Clerk(SCOPE));
    let input = |within: Value| json!({ "dimensions": [named("TOWNSHIP_TYPE")], "measures": ["APPROVED_PER_TOWNSHIP", "TOWNSHIPS", "BODIES"], "within": within });
    let narrowed = ask(&register, &clerk, &input(json!("99"))).unwrap();
    let own = ask(&register, &clerk, &input(json!(SCOPE))).unwrap();
    assert_eq!(narrowed["report"]["appliedScope"], json!([SCOPE]));
    assert!(narrowed["report"]["warnings"].to_string().contains("NARROWED"));
    assert_eq!(narrowed["report"]["rows"], own["report"]["rows"]);
    // What is public is asked for everywhere.
    let public = json!({ "dimensions": [], "measures": ["TOWNSHIPS"] });
    assert!(!ask(&register, &clerk, &public).unwrap()["report"]["warnings"].to_string().contains("NARROWED"));
}

#[test]
fn few_persons_are_not_shown_nor_told_by_subtraction() {
    let schema = schema();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut rows = random_register(&mut rng);
    // One person of a kind that nobody else is of.
    let held: BTreeSet<i64> =
        rows.appointment.iter().filter(|a| a.valid_to.is_none()).map(|a| a.person_id).collect();
    let one = rows.person.iter_mut().filter(|p| p.shard == 990_101 && held.contains(&p.id));
    one.take(1).for_each(|person: &mut entity::person::Model| person.ethnicity = Some("示例族".to_owned()));
    let register = Register::build(&schema, rows);
    let query = "query($input: ReportInput!) { report(input: $input) { suppressedCells rows { keys { label } values { numerator state } } totals { values { numerator state } } } }";
    let ask = |viewer: &Viewer, measure: &str| {
        let input = json!({ "dimensions": [named("ETHNICITY")], "measures": [measure], "within": SCOPE, "asOf": "2025-12-31" });
        let (done, _, _) = register.ask(viewer, query, json!({ "input": input }));
        assert!(done.errors.is_empty(), "{:?}", done.errors);
        done.data.into_json().unwrap()["report"].clone()
    };
    // Whatever is counted of the one person, be it zero: neither it nor what it follows from is shown.
    for measure in ["PERSONS", "WOMEN", "WOMEN_SHARE", "AVERAGE_AGE"] {
        let (grouped, whole) =
            (ask(&viewer(Eyes::Analyst), measure), ask(&viewer(Eyes::Clerk(SCOPE)), measure));
        assert_eq!(whole["suppressedCells"], 0);
        let names = |report: &Value| -> BTreeSet<String> {
            let rows = report["rows"].as_array().unwrap().iter();
            rows.map(|row| row["keys"][0]["label"].as_str().unwrap().to_owned()).collect()
        };
        let (all, listed) = (names(&whole), names(&grouped));
        let gone = all.difference(&listed).count();
        assert!(listed.is_subset(&all) && all.contains("示例族") && !listed.contains("示例族"), "{measure}");
        assert!(
            gone >= 2 || gone == 1 && grouped["totals"][0]["values"][0]["state"] == "SUPPRESSED",
            "{measure}: {grouped:#}"
        );
    }
    for (viewer, input) in [
        (Eyes::Analyst, json!({ "dimensions": [named("TOWNSHIP")], "measures": ["WOMEN"], "within": SCOPE })),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": "990101103" }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": SCOPE, "asOf": "2025-12-30" }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "segments": ["OWN_BODIES"] }),
        ),
        // What is public of posts is an attribute too, and women are a gender.
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS", "APPOINTMENTS"], "within": SCOPE }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("AGE_BAND")], "pivot": [named("GENDER")], "measures": ["WOMEN_SHARE"], "within": SCOPE }),
        ),
        // What is public of posts and townships tells who the only one of a group is, and the empty cells beside it what they are.
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("POST_LEVEL")], "pivot": [named("GENDER")], "measures": ["PERSONS"], "within": SCOPE }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("TOWNSHIP_TYPE")], "measures": ["WOMEN"], "within": SCOPE }),
        ),
        // Two days differ in who came and went, and the day of tomorrow in what is done today.
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": SCOPE, "asOf": "2025-12-31", "compareTo": { "asOf": "2025-09-30" } }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": SCOPE, "asOf": "2099-12-31" }),
        ),
        // A whole less its part is the rest.
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": "9901", "compareTo": { "within": SCOPE } }),
        ),
        (
            Eyes::Analyst,
            json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"], "within": SCOPE, "compareTo": { "within": "9901" } }),
        ),
        (Eyes::Public, json!({ "dimensions": [named("GENDER")], "measures": ["PERSONS"] })),
    ] {
        let (done, _, _) = register.ask(&crate::random::viewer(viewer), query, json!({ "input": input }));
        assert!(!done.errors.is_empty(), "{input}");
    }
}
