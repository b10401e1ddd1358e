//! Changing what a viewer may not see changes no byte of its answers.

use crate::harness::register::{Register, pick, seeds, world};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use tiaokuai::domain::Role;
use tiaokuai::graph::{TiaokuaiSchema, schema};
use tiaokuai::policy::{Grant, Scope, Viewer};
use tiaokuai::store::{ID_SPACE, Rows, entity};

/// The county that is changed, and the one whose viewers look on.
const CHANGED: i32 = 990_101;
const WATCHED: &str = "513428";

/// What an organisation was last.
fn last_version(rows: &Rows, organization: i64) -> entity::organization_version::Model {
    let versions = &rows.organization_version;
    versions.iter().rfind(|v| v.organization_id == organization).cloned().expect("a version")
}

/// Changes something that nobody outside of the county may see.
fn change(rows: &mut Rows, rng: &mut ChaCha8Rng) {
    let number = (rng.next_u32() % 1_000).cast_signed();
    let own: Vec<usize> =
        (0..rows.organization.len()).filter(|i| rows.organization[*i].shard == CHANGED).collect();
    let new_id = i64::from(CHANGED) * ID_SPACE + 50_000_000 + i64::from(rng.next_u32() % 1_000_000);
    match rng.next_u32() % 10 {
        0 => {
            for row in rows.establishment.iter_mut().filter(|e| e.shard == CHANGED) {
                row.approved += number % 7;
                row.occupied = number % 20;
            }
        }
        1 => rows.establishment.retain(|e| e.shard != CHANGED || e.version != 1),
        2 => {
            for person in rows.person.iter_mut().filter(|p| p.shard == CHANGED) {
                person.id_number = Some(format!("{number}"));
                person.phone = None;
                person.birth_date = Some("1950-01-01".to_owned());
                person.identity = None;
            }
        }
        3 => {
            for post in rows.leadership_post.iter_mut().filter(|p| p.shard == CHANGED) {
                post.quota = number % 5;
            }
        }
        4 => {
            for a in rows.appointment.iter_mut().filter(|a| a.shard == CHANGED) {
                a.nominator = Some(format!("{number}"));
                a.appointer = None;
                a.consultation = None;
            }
        }
        5 => {
            let posts: Vec<i64> =
                rows.leadership_post.iter().filter(|p| p.shard == CHANGED).map(|p| p.id).collect();
            let person = entity::person::Model {
                id: new_id,
                shard: CHANGED,
                name: format!("示例候选{number}"),
                identity: None,
                gender: None,
                ethnicity: None,
                birth_date: None,
                id_number: None,
                phone: None,
            };
            rows.person.retain(|p| p.id != new_id);
            rows.person.push(person);
            let like = rows.appointment.iter().find(|a| a.shard == CHANGED).cloned().expect("an appointment");
            let state = ["PROPOSED", "CONSULTED", "DISCUSSED", "WITHDRAWN"][pick(rng, &[0; 4])].to_owned();
            let post_id = posts[pick(rng, &posts)];
            rows.appointment.retain(|a| a.id != new_id);
            let from = Some("2020-01-01".to_owned());
            rows.appointment.push(entity::appointment::Model {
                id: new_id,
                person_id: new_id,
                post_id,
                state,
                valid_from: from,
                valid_to: None,
                ..like
            });
        }
        6 => rows.appointment.retain(|a| !matches!(a.state.as_str(), "PROPOSED" | "CONSULTED")),
        7 => {
            let like = rows.organization[own[pick(rng, &own)]].clone();
            let version = last_version(rows, like.id);
            rows.organization.retain(|o| o.id != new_id);
            rows.organization_version.retain(|v| v.organization_id != new_id);
            rows.organization.push(entity::organization::Model { id: new_id, disclosed: false, ..like });
            let name = format!("未公开机构{number}");
            rows.organization_version.push(entity::organization_version::Model {
                organization_id: new_id,
                version: 1,
                name,
                uscc: None,
                ..version
            });
        }
        8 => {
            // A public body is split, and one of the results is hidden: not even the change is to be seen.
            let like = rows.organization[own[pick(rng, &own)]].clone();
            let version = last_version(rows, like.id);
            let first =
                rows.organization_change.iter().find(|c| c.shard == CHANGED).cloned().expect("a change");
            let hidden = new_id + 1;
            rows.organization.retain(|o| o.id != hidden);
            rows.organization_version.retain(|v| v.organization_id != hidden);
            rows.organization_change.retain(|c| c.id != new_id);
            rows.organization_change_party.retain(|p| p.change_id != new_id);
            rows.organization.push(entity::organization::Model {
                id: hidden,
                disclosed: false,
                valid_from: None,
                valid_to: None,
                ..like.clone()
            });
            rows.organization_version.push(entity::organization_version::Model {
                organization_id: hidden,
                version: 1,
                uscc: None,
                valid_from: None,
                valid_to: None,
                ..version
            });
            let kind = "SPLIT".to_owned();
            rows.organization_change.push(entity::organization_change::Model { id: new_id, kind, ..first });
            for (organization_id, resulting) in [(like.id, false), (hidden, true)] {
                let shard = CHANGED;
                let change_id = new_id;
                rows.organization_change_party.push(entity::organization_change_party::Model {
                    change_id,
                    organization_id,
                    resulting,
                    shard,
                });
            }
        }
        _ => {
            for document in rows.document.iter_mut().filter(|d| d.shard == CHANGED && !d.disclosed) {
                document.title = format!("{number}");
            }
            let like = rows.document.iter().find(|d| d.shard == CHANGED).cloned().expect("a document");
            rows.document.retain(|d| d.id != new_id);
            rows.document.push(entity::document::Model { id: new_id, disclosed: false, ..like });
        }
    }
}

/// Notes something in the log of the county.
fn note(rows: &mut Rows, table: &str, before: Value, after: Value) {
    let revision = 100_000 + i64::try_from(rows.log.len()).unwrap();
    rows.log.push(entity::change::Model {
        revision,
        ordinal: 1,
        shard: CHANGED,
        at: format!("2026-11-20T00:00:{:02}Z", rows.log.len() % 60),
        principal: "示例经办".to_owned(),
        role: "ESTABLISHMENT_DIRECTOR".to_owned(),
        act: "ESTABLISHMENT_SET".to_owned(),
        document_id: None,
        request: "r".to_owned(),
        records: json!([{ "table": table, "before": before, "after": after }]).to_string(),
        previous: String::new(),
        hash: String::new(),
        reverses: None,
    });
}

/// The world, with something in the log that all may know of.
fn world_with_log() -> Rows {
    let mut rows = world();
    let reform = rows.reform.iter().find(|r| r.shard == CHANGED).cloned().expect("a reform");
    note(&mut rows, "reform", Value::Null, serde_json::to_value(reform).unwrap());
    let body = rows.organization.iter().find(|o| o.shard == CHANGED && o.disclosed).cloned().expect("a body");
    let name = json!({ "organization_id": body.id, "version": 1, "name": "旧名" });
    note(
        &mut rows,
        "organization_version",
        name.clone(),
        json!({ "organization_id": body.id, "version": 1, "name": "新名" }),
    );
    rows
}

/// Notes something that nobody outside of the county may know of.
fn note_hidden(rows: &mut Rows, rng: &mut ChaCha8Rng) {
    let number = rng.next_u32() % 1_000;
    let hidden = rows
        .organization
        .iter()
        .find(|o| o.shard == CHANGED && !o.disclosed)
        .cloned()
        .expect("a hidden body");
    let gone = i64::from(CHANGED) * ID_SPACE + 70_000;
    let (table, before, after) = match rng.next_u32() % 8 {
        0 => {
            let body =
                rows.organization.iter().find(|o| o.shard == CHANGED && o.disclosed).expect("a body").id;
            let row = |approved: u32| json!({ "organization_id": body, "kind": "ADMINISTRATIVE", "version": 1, "approved": approved });
            ("establishment", row(1), row(number + 2))
        }
        1 => {
            let person = rows.person.iter().find(|p| p.shard == CHANGED).expect("a person").id;
            (
                "person",
                json!({ "id": person, "name": "旧" }),
                json!({ "id": person, "name": format!("新{number}") }),
            )
        }
        2 => {
            let at = rows.appointment.iter().find(|a| a.shard == CHANGED).expect("an appointment").id;
            (
                "appointment",
                json!({ "id": at, "state": "PROPOSED" }),
                json!({ "id": at, "state": "CONSULTED" }),
            )
        }
        3 => ("reform_draft", Value::Null, json!({ "id": number, "name": format!("草案{number}") })),
        4 => {
            let row =
                json!({ "organization_id": hidden.id, "version": 1, "name": format!("未公开{number}") });
            ("organization_version", Value::Null, row)
        }
        5 => {
            let document =
                rows.document.iter().find(|d| d.shard == CHANGED && !d.disclosed).expect("a document").id;
            ("document", Value::Null, json!({ "id": document, "title": format!("{number}") }))
        }
        // What was taken back is there no more: neither itself nor that it was taken back is told.
        6 => {
            ("organization", json!({ "id": gone, "kind": "INTERNAL_OFFICE", "disclosed": true }), Value::Null)
        }
        _ => ("appointment", json!({ "id": gone + 1, "state": "CONFIRMED" }), Value::Null),
    };
    let taken_back = after.is_null();
    note(rows, table, before, after);
    if taken_back && let [first, .., last] = rows.log.as_mut_slice() {
        last.reverses = Some(first.revision);
    }
}

/// Questions about everything, near and far, with counts, pages, orders, ids and dates.
fn questions() -> Vec<String> {
    let mut out = vec![
        "{ register { revision counts { divisions townships internalOffices publicInstitutions secondedAgencies departments leadershipPosts appointments } } }".to_owned(),
        r#"{ division(code: "99") { registeredTownships establishment { approved over } children { nodes { name establishment { vacant } } } } }"#.to_owned(),
        r#"{ reforms(within: "99") { totalCount nodes { name changes(first: 50) { totalCount nodes { kind originals { name } results { name } } } } } documents(within: "99") { totalCount nodes { number title } } }"#.to_owned(),
    ];
    for within in ["99", "990101"] {
        out.push(format!(
            r#"{{ changes(within: "{within}", first: 50) {{ totalCount edges {{ cursor node {{ id revision at act principal role request basis {{ number }} county {{ name }} reverses {{ id }} reversedBy {{ id revision }} records {{ kind created removed object {{ id }} fields {{ name before after }} }} }} }} }} reformDrafts(within: "{within}") {{ totalCount nodes {{ content }} }} }}"#
        ));
        out.push(format!(r#"{{ organizations(within: "{within}", first: 100) {{ nodes {{ history {{ totalCount nodes {{ act records {{ fields {{ after }} }} }} }} }} }} }}"#));
    }
    for (dimensions, measures) in [
        ("{dimension: KIND}, {dimension: TOWNSHIP}", "BODIES, OWN_BODIES, COMPLETE_SHARE, PARALLEL_BODIES"),
        ("{dimension: COMPETENT_DEPARTMENT}", "SECONDED_AGENCIES, LEADERSHIP_POSTS, LEADERS, DAYS_IN_POST"),
        ("{dimension: CHANGE_KIND}, {dimension: YEAR}", "CHANGES, BODIES_FOUNDED"),
        ("", "APPROVED, LEADERSHIP_VACANT, PERSONS, CONSULTED_SHARE"),
    ] {
        out.push(format!(
            r#"{{ report(input: {{dimensions: [{dimensions}], measures: [{measures}], within: "99", compareTo: {{asOf: "2020-06-01"}}}}) {{ groupCount rows {{ keys {{ label }} values {{ numerator denominator previous rank state }} records {{ totalCount }} }} totals {{ values {{ text }} }} warnings {{ text }} pageInfo {{ endCursor }} }} }}"#
        ));
    }
    for text in ["办公室", "示例", "演示编", "zhongxin", "wgk", "未公开", "990101002"] {
        out.push(format!(
            r#"{{ search(text: "{text}", within: "99", first: 100) {{ totalCount edges {{ cursor name field score fragments {{ text }} node {{ id }} }} }} }}"#
        ));
    }
    for (list, filter, order) in [
        ("townships", "internalOffices: {count: {gte: 8}}", "NAME"),
        (
            "townships",
            "organizations: {every: {leadershipPosts: {some: {incumbents: {some: {}}}}}}",
            "DIVISION_CODE",
        ),
        ("organizations", "formerNames: {none: {}}, basis: {number: {contains: \"1\"}}", "NAME"),
        ("organizations", "successors: {some: {}}", "KIND"),
        ("appointments", "person: {name: {contains: \"1\"}}, basis: {}", "VALID_FROM"),
        ("departments", "secondedAgencies: {count: {where: {leadershipPosts: {some: {}}}, gte: 2}}", "NAME"),
    ] {
        out.push(format!(
            r#"{{ {list}(within: "99", where: {{{filter}}}, orderBy: [{{field: {order}, direction: DESC}}], last: 40) {{ totalCount pageInfo {{ startCursor hasPreviousPage }} nodes {{ id }} }} }}"#
        ));
    }
    for within in ["99", "990101002", "990101103", WATCHED] {
        for as_of in ["", ", asOf: \"2020-06-01\""] {
            out.push(format!(
                r#"{{ townships(within: "{within}"{as_of}, first: 30) {{ totalCount pageInfo {{ endCursor }} nodes {{ id name deviations {{ text }} establishment {{ approved occupied leadersInPost }}
                     organizations(first: 50, orderBy: [{{field: NAME, direction: DESC}}]) {{ totalCount nodes {{ id name basis {{ number }} formerNames {{ name }} successors {{ id kind }} predecessors {{ id }} }} }} }} }} }}"#
            ));
            out.push(format!(
                r#"{{ leadershipPosts(within: "{within}"{as_of}, first: 100) {{ totalCount edges {{ cursor node {{ id title quota vacant vacantSince isVacant
                     incumbents {{ id person {{ name identity }} }}
                     appointments(includeEnded: true, first: 20) {{ totalCount nodes {{ id state nominator publicisedOn viewerCan {{ carryOut draft }} consultation {{ answer }} person {{ id name private {{ idNumber birthDate phone }} appointments {{ totalCount }} }} }} }} }} }} }} }}"#
            ));
            out.push(format!(
                r#"{{ appointments(within: "{within}"{as_of}, first: 100, where: {{state: {{in: [PROPOSED, CONSULTED, CONFIRMED, WITHDRAWN]}}}}) {{ totalCount nodes {{ id state }} }} }}"#
            ));
        }
    }
    out
}

fn viewers() -> Vec<Viewer> {
    let territory = tiaokuai::domain::DivisionCode::parse(WATCHED);
    let one = |role| Viewer {
        subject: Some("x".into()),
        grants: vec![Grant { role, scope: Scope { territory, line: None } }],
    };
    let line = Viewer {
        subject: Some("x".into()),
        grants: vec![Grant {
            role: Role::DepartmentLeader,
            scope: Scope { territory: None, line: Some(513_428 * ID_SPACE + 1) },
        }],
    };
    let everywhere = Viewer {
        subject: Some("x".into()),
        grants: vec![Grant { role: Role::SystemAdmin, scope: Scope::default() }],
    };
    vec![
        Viewer::default(),
        one(Role::OrganizationDept),
        one(Role::EstablishmentDirector),
        one(Role::TownshipLeader),
        one(Role::Analyst),
        line,
        everywhere,
    ]
}

fn answers(schema: &TiaokuaiSchema, rows: Rows, viewers: &[Viewer]) -> Vec<String> {
    let register = Register::build(schema, rows);
    let ask = |viewer: &Viewer, question: &String| {
        let (done, masked, steps) = register.ask(viewer, question, serde_json::json!({}));
        // A report of what a viewer may not read is refused, in the same words.
        let refused: Vec<&String> = done.errors.iter().map(|error| &error.message).collect();
        assert!(refused.is_empty() || question.starts_with("{ report("), "{question}\n{refused:?}");
        // The steps too: who may see them run out could count what is hidden.
        format!("{} {refused:?} {masked:?} {steps}", done.data)
    };
    let asked = questions();
    viewers.iter().flat_map(|viewer| asked.iter().map(move |question| ask(viewer, question))).collect()
}

#[test]
fn what_is_out_of_sight_changes_no_byte() {
    let (seed, cases) = seeds(40);
    let (schema, world, viewers) = (schema(), world_with_log(), viewers());
    let before = answers(&schema, world.clone(), &viewers);
    let insider = [Viewer {
        subject: Some("x".into()),
        grants: vec![
            Grant { role: Role::OrganizationDept, scope: Scope::default() },
            Grant { role: Role::EstablishmentDirector, scope: Scope::default() },
        ],
    }];
    let seen = answers(&schema, world.clone(), &insider);
    for case in 0..cases {
        let mut rng = ChaCha8Rng::seed_from_u64(seed + case);
        let mut changed = world.clone();
        for _ in 0..=rng.next_u32() % 4 {
            change(&mut changed, &mut rng);
            note_hidden(&mut changed, &mut rng);
        }
        let after = answers(&schema, changed.clone(), &viewers);
        let count = questions().len();
        for (at, (a, b)) in before.iter().zip(&after).enumerate() {
            assert!(
                a == b,
                "case {case} (seed {}): viewer {} learnt something by\n{}\n{a}\n{b}",
                seed + case,
                at / count,
                questions()[at % count]
            );
        }
        // And the changes are real: who may see everything sees them.
        assert!(answers(&schema, changed, &insider) != seen, "case {case}: nothing was changed");
    }
}
