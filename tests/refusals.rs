//! What is refused, and how it is told: every act of a batch with its field, periods that overlap, what a viewer may carry out.

use crate::harness::{BACKENDS, Backend, Client, block_on, demo_database};
use crate::reform::{COUNTY, TOWN, director, mutation, reform};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

#[test]
fn periods_that_overlap_are_refused_by_the_database() {
    for backend in BACKENDS {
        let url = demo_database(backend, "apart");
        block_on(async {
            let behind = Database::connect(&url).await.unwrap();
            let columns = "organization_id, kind, version, shard, approved, occupied, valid_from, valid_to, document_id";
            let insert = |to: &str| {
                format!(
                    "INSERT INTO establishment ({columns}) SELECT MIN(organization_id), MIN(kind), 900, MIN(shard), 1, 1, '1950-01-01', '{to}', NULL \
                     FROM (SELECT * FROM establishment WHERE valid_from > '1990-01-01' \
                     AND organization_id = (SELECT MAX(organization_id) FROM establishment) LIMIT 1) AS one"
                )
            };
            let overlap = behind.execute_unprepared(&insert("2999-01-01")).await;
            let said = overlap.expect_err("an overlap").to_string();
            assert!(said.contains("overlap"), "{backend:?}: {said}");
            let apart = behind.execute_unprepared(&insert("1950-06-01")).await.unwrap();
            assert_eq!(apart.rows_affected(), 1, "what is apart is taken");
            let longer = "UPDATE establishment SET valid_to = '2999-01-01' WHERE version = 900";
            let said = behind.execute_unprepared(longer).await.expect_err("an overlap").to_string();
            assert!(said.contains("overlap"), "{backend:?}: {said}");
        });
    }
}

#[test]
fn every_act_that_is_refused_is_told_with_its_field() {
    let client = crate::harness::own_server(Backend::Sqlite, "refusals");
    let clerk = director(&client);
    let body = crate::mended::office(&clerk, TOWN);
    let acts = json!([
        { "organizationRename": { "organization": body, "name": "" } },
        { "organizationEstablish": { "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": "未获准站", "agencyKind": "WATER_STATION", "managementMode": "DUAL" } },
        { "establishmentSet": { "organization": "#2", "establishmentType": "PUBLIC_INSTITUTION", "approved": -1 } },
        { "leadershipPostCreate": { "organization": "#1", "title": "站长", "position": "PRINCIPAL", "level": "SUBSECTION", "quota": 0 } },
        { "organizationAbolish": { "organization": body } }
    ]);
    let input = json!({ "within": COUNTY, "name": "多处有误", "acts": acts });
    let answer = clerk.act(&reform(), input);
    let told = |answer: &Value| -> Vec<(String, String)> {
        let errors = answer["errors"].as_array().unwrap();
        errors.iter().map(|e| (e["code"].as_str().unwrap().to_owned(), e["path"].to_string())).collect()
    };
    let expected = [
        ("OUT_OF_RANGE", r#"["input","acts","0","name"]"#),
        ("OUT_OF_RANGE", r#"["input","acts","2","approved"]"#),
        ("STILL_HOLDS", r#"["input","acts","4"]"#),
    ];
    let expected: Vec<(String, String)> =
        expected.iter().map(|(code, path)| ((*code).to_owned(), (*path).to_owned())).collect();
    assert_eq!(told(&answer), expected, "the fourth only follows from the first");
    // Ids that lead nowhere are told together as well.
    let acts = json!([
        { "organizationAbolish": { "organization": "nothing" } },
        { "establishmentSet": { "organization": "#1", "establishmentType": "WORKER", "approved": 1 } },
        { "organizationTransfer": { "organization": body, "successor": "nothing" } }
    ]);
    let answer = clerk.act(&reform(), json!({ "within": COUNTY, "name": "多处有误", "acts": acts }));
    let expected = [
        ("NOT_FOUND".to_owned(), r#"["input","acts","0","organization"]"#.to_owned()),
        ("NOT_FOUND".to_owned(), r#"["input","acts","2","successor"]"#.to_owned()),
    ];
    assert_eq!(told(&answer), expected);
    let one = clerk
        .act(&mutation("organizationRename", "__typename"), json!({ "organization": body, "name": " " }));
    assert_eq!(one["errors"][0]["path"], json!(["input", "name"]));
}

#[test]
fn a_viewer_is_told_what_may_be_carried_out() {
    let client = crate::harness::server(Backend::Sqlite);
    let query = format!(
        "{{ township(code: \"{TOWN}\") {{ viewerCan {{ carryOut draft }} division {{ viewerCan {{ carryOut }} }} leadershipPosts(first: 1) {{ nodes {{ viewerCan {{ carryOut }} }} }} }} }}"
    );
    let acts = |client: &Client| client.data(&query)["township"].take();
    let seen = acts(&client);
    assert_eq!((&seen["viewerCan"]["carryOut"], &seen["viewerCan"]["draft"]), (&json!([]), &json!([])));
    let seen = acts(&director(&client));
    let can = seen["viewerCan"]["carryOut"].as_array().unwrap();
    assert!(
        can.contains(&json!("ORGANIZATION_RENAME")) && !can.contains(&json!("APPOINTMENT_PROPOSE")),
        "{can:?}"
    );
    assert!(
        seen["division"]["viewerCan"]["carryOut"]
            .as_array()
            .unwrap()
            .contains(&json!("ORGANIZATION_ESTABLISH"))
    );
    let seen = acts(&client.role("ESTABLISHMENT_CLERK", Some(COUNTY)));
    assert_eq!(seen["viewerCan"]["carryOut"], json!([]));
    assert!(seen["viewerCan"]["draft"].as_array().unwrap().contains(&json!("ORGANIZATION_RENAME")));
    let seen = acts(&client.role("ORGANIZATION_DEPT", Some(COUNTY)));
    let post = seen["leadershipPosts"]["nodes"][0]["viewerCan"]["carryOut"].as_array().unwrap();
    assert!(post.contains(&json!("APPOINTMENT_PROPOSE")), "{post:?}");
    let elsewhere = acts(&client.role("ESTABLISHMENT_DIRECTOR", Some("610902")));
    assert_eq!(elsewhere["viewerCan"]["carryOut"], json!([]));
}

/// A new post in a township's office.
pub fn free_post(clerk: &Client, client: &Client) -> Value {
    let office = crate::mended::office(client, TOWN);
    let post = json!({ "organization": office, "title": "误示主任", "position": "DEPUTY", "level": "SUBSECTION", "effectiveOn": "2026-01-01" });
    let made = clerk.act(&mutation("leadershipPostCreate", "leadershipPost { id }"), post);
    crate::reform::done(made)["leadershipPost"]["id"].clone()
}

/// Somebody is proposed for a post, and on public notice.
pub fn publicised(personnel: &Client, post: &Value, person: &Value) -> Value {
    let input = json!({ "leadershipPost": post, "person": person, "kind": "PROMOTE", "mode": "APPOINTED", "effectiveOn": "2026-11-01" });
    let proposed = personnel.act(&mutation("appointmentPropose", "appointment { id }"), input);
    let appointment = crate::reform::done(proposed)["appointment"]["id"].clone();
    for step in ["appointmentDiscuss", "appointmentPublicise"] {
        let input = json!({ "appointment": appointment, "effectiveOn": "2026-11-02" });
        crate::reform::done(personnel.act(&mutation(step, "__typename"), input));
    }
    appointment
}
