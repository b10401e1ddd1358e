//! Every level of reading gives the same bytes: random documents, five roles, past days, and three planted faults that have to
//! be noticed.

use crate::documents::{Document, World, document, pages};
use crate::harness::register::{Register, SECRET, pick, seeds, world};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::Value;
use tiaokuai::domain::{Day, DivisionCode, Role};
use tiaokuai::graph::engine::Planted;
use tiaokuai::policy::{Grant, Scope, Viewer};

/// The public, and roles that see more, in a county and everywhere.
fn viewers() -> Vec<Viewer> {
    let grant = |role, code: Option<&str>| Viewer {
        subject: Some("x".into()),
        grants: vec![Grant {
            role,
            scope: Scope { territory: code.and_then(DivisionCode::parse), line: None },
        }],
    };
    vec![
        Viewer::default(),
        grant(Role::Analyst, None),
        grant(Role::EstablishmentClerk, Some("990101")),
        grant(Role::OrganizationDept, None),
        grant(Role::TownshipClerk, Some("990101105")),
    ]
}

const DAYS: &[Option<&str>] = &[None, None, Some("2020-06-30"), Some("2022-03-02"), Some("2024-01-01")];

/// What became of a document at all levels.
#[derive(Debug, Default)]
struct Tally {
    answers: usize,
    refused: usize,
    invalid: usize,
    masked: usize,
    /// Pages before or after a cursor of their list.
    pages: usize,
    bytes: usize,
}

/// Asks at each level and says what differs.
fn compare(
    register: &Register<'_>,
    viewer: &Viewer,
    day: Option<Day>,
    asked: &Document,
    planted: Option<Planted>,
    tally: &mut Tally,
) -> Result<Option<Value>, String> {
    let variables = Value::Object(asked.variables.clone());
    let ordinary = register.ordinary(viewer, day, &asked.text, &variables);
    let Some(direct) = register.direct(viewer, day, &asked.text, &variables, planted) else {
        tally.invalid += 1;
        return Ok(None);
    };
    if ordinary.errors.iter().any(|e| e.path.is_empty()) {
        // What the validation refuses never reaches the direct level.
        tally.invalid += 1;
        return Ok(None);
    }
    let (bytes, bytes_masked) = register.bytes(viewer, day, &asked.text, &variables);
    if !ordinary.errors.is_empty() {
        tally.refused += 1;
        if direct.is_ok() || bytes.is_some() {
            return Err(format!("a fast level answers what is refused: {:?}", ordinary.errors[0].message));
        }
        return Ok(None);
    }
    tally.answers += 1;
    let expected = serde_json::to_string(&ordinary.data).unwrap();
    tally.bytes += expected.len();
    let Ok((direct, masked)) = direct else { return Err(format!("direct gave up; {expected}")) };
    for (level, text, masked) in
        [("direct", direct, masked), ("bytes", bytes.unwrap_or_default(), bytes_masked)]
    {
        if text != expected {
            return Err(format!("{level}:\n{text}\nordinary:\n{expected}"));
        }
        if masked != ordinary.masked {
            return Err(format!("{level} masked {masked:?}, ordinary {:?}", ordinary.masked));
        }
    }
    tally.masked += usize::from(!ordinary.masked.is_empty());
    Ok(Some(serde_json::from_str(&expected).unwrap()))
}

fn run(cases: u64, seed: u64, planted: Option<Planted>) -> (Tally, Option<String>) {
    let schema = tiaokuai::graph::schema();
    let register = Register::build(&schema, world());
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut world, viewers, mut tally) = (World::new(), viewers(), Tally::default());
    for case in 0..cases {
        let viewer = &viewers[pick(&mut rng, &viewers)];
        let day = DAYS[pick(&mut rng, DAYS)].and_then(Day::parse);
        let asked = if case % 5 == 0 {
            page(&register, viewer, day, &world, &mut rng, &mut tally)
        } else {
            document(&world, &mut rng)
        };
        match compare(&register, viewer, day, &asked, planted, &mut tally) {
            Ok(Some(answer)) if rng.next_u32().is_multiple_of(4) => world.learn(&answer),
            Ok(_) => {}
            Err(problem) => {
                let variables = Value::Object(asked.variables);
                let problem =
                    format!("case {case}, {viewer:?}, {day:?}\n{}\n{variables}\n{problem}", asked.text);
                return (tally, Some(problem));
            }
        }
    }
    (tally, None)
}

/// A page of a list before or after one of its own cursors.
fn page(
    register: &Register<'_>,
    viewer: &Viewer,
    day: Option<Day>,
    world: &World,
    rng: &mut ChaCha8Rng,
    tally: &mut Tally,
) -> Document {
    let (first, next) = pages(world, rng);
    let done = register.ordinary(viewer, day, &first.text, &Value::Null);
    let data = done.data.into_json().unwrap();
    let edges = data.as_object().and_then(|d| d.values().next()).map_or(&Value::Null, |list| &list["edges"]);
    let edges = edges.as_array().cloned().unwrap_or_default();
    if edges.is_empty() {
        return first;
    }
    tally.pages += 1;
    let cursor = edges[pick(rng, &edges)]["cursor"].as_str().unwrap().to_owned();
    next(world, rng, &cursor)
}

#[test]
fn all_levels_give_the_same_bytes() {
    assert_eq!(SECRET.len(), 16);
    let (seed, cases) = seeds(5_000);
    let (tally, problem) = run(cases, seed, None);
    println!("{tally:?}");
    if let Some(problem) = problem {
        panic!("{problem}");
    }
    let cases = usize::try_from(cases).unwrap();
    // The documents are worth something: most are answered, some are refused, some see masks.
    assert!(
        tally.answers * 2 > cases && tally.refused * 50 > cases && tally.masked * 20 > cases,
        "{tally:?}"
    );
    assert!(tally.bytes / tally.answers > 100, "{tally:?}");
}

#[test]
fn planted_faults_are_noticed() {
    for fault in [Planted::NoMerging, Planted::NoTypeConditions, Planted::NoMask] {
        let (tally, problem) = run(2_000, 7, Some(fault));
        assert!(problem.is_some(), "{fault:?} was not noticed: {tally:?}");
    }
}

/// A budget gives all of an answer or nothing of it: nobody is told a sum of which the end was cut off. Every budget is tried, up to
/// the one that is enough.
#[test]
fn no_budget_gives_a_part_of_an_answer() {
    let schema = tiaokuai::graph::schema();
    let mut register = Register::build(&schema, world());
    let director = Viewer {
        subject: Some("x".into()),
        grants: vec![Grant { role: Role::EstablishmentDirector, scope: Scope::default() }],
    };
    for query in [
        r#"{ township(code: "990101101") { establishment { approved leadershipQuota leadersInPost } } }"#,
        r#"{ township(code: "990101101") { name deviations { text } internalOffices { totalCount nodes { name township { name } } } } }"#,
        r#"{ division(code: "990101") { establishment { leadersInPost } registeredTownships townships { totalCount } } }"#,
        r#"{ a: township(code: "990101102") { name } townships(within: "990101", first: 2) { nodes { establishment { leadersInPost } } } }"#,
        r#"{ organizations(within: "990101", first: 3, where: {leadershipPosts: {some: {}}}) { totalCount nodes { name township { id } } } }"#,
    ] {
        register.budget = u64::MAX;
        let ask = |register: &Register<'_>| register.direct(&director, None, query, &Value::Null, None);
        let whole = ask(&register).expect("bound").expect("an answer");
        assert!(whole.0.len() > 30 && !whole.0.contains(":null"), "{query}: {}", whole.0);
        let enough = (1..100_000).find(|budget| {
            register.budget = *budget;
            let part = ask(&register).expect("bound");
            part.is_ok_and(|part| {
                assert_eq!(part, whole, "{query} with a budget of {budget}");
                true
            })
        });
        assert!(enough.is_some_and(|enough| enough > 20), "{query}: {enough:?}");
    }
}
