//! What others found and what was mended: each once more, so that it does not come back.

use crate::harness::{BACKENDS, Backend, Client, own_server};
use crate::reform::{COUNTY, TOWN, director, done, mutation, reform, refused, township};
use crate::subscribers::Socket;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

fn personnel(client: &Client) -> Client {
    client.person("personnel", "ORGANIZATION_DEPT", Some(COUNTY))
}

pub fn office(client: &Client, town: &str) -> String {
    let query =
        format!("{{ township(code: \"{town}\") {{ internalOffices(first: 1) {{ nodes {{ id }} }} }} }}");
    let found = client.data(&query);
    found["township"]["internalOffices"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

fn found(client: &Client, name: &str) -> String {
    let input = json!({ "divisionCode": TOWN, "kind": "INTERNAL_OFFICE", "name": name, "parent": township(client), "effectiveOn": "2026-01-01" });
    let made = done(client.act(&mutation("organizationEstablish", "organization { id }"), input));
    made["organization"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_body_is_taken_over_within_its_county_and_the_register_can_always_be_read() {
    for backend in BACKENDS {
        let client = own_server(backend, "counties");
        let committee = client.person("committee", "ESTABLISHMENT_COMMITTEE", None);
        let (here, there) = (office(&committee, TOWN), office(&committee, "610902111"));
        for dry_run in [true, false] {
            let input = json!({ "organization": here, "successor": there, "dryRun": dry_run });
            let answer = committee.act(&mutation("organizationTransfer", "__typename"), input);
            assert_eq!(refused(&answer), ["OUT_OF_RANGE"], "{backend:?}");
        }
        let huge = json!({ "from": here, "to": found(&committee, "甲办"), "establishmentType": "ADMINISTRATIVE", "approved": i32::MAX, "occupied": 1 });
        assert_eq!(
            refused(&committee.act(&mutation("establishmentTransfer", "__typename"), huge)),
            ["OUT_OF_RANGE"]
        );
        assert_eq!(client.get("/readyz", &[]).status, 200);
        let nul = json!({ "organization": here, "name": "办\u{0}公室" });
        assert_eq!(
            refused(&committee.act(&mutation("organizationRename", "__typename"), nul)),
            ["OUT_OF_RANGE"]
        );
        assert_eq!(client.get("/readyz", &[]).status, 200);
    }
}

#[test]
fn what_ended_something_is_answered_again_with_its_key() {
    for backend in BACKENDS {
        let client = own_server(backend, "ended");
        let clerk = director(&client);
        let body = found(&clerk, "乙办");
        let abolish = mutation("organizationAbolish", "organization { id }");
        let input = json!({ "organization": body, "idempotencyKey": "once" });
        let first = done(clerk.act(&abolish, input.clone()));
        assert_eq!(done(clerk.act(&abolish, input)), first, "{backend:?}");
        assert_eq!(refused(&clerk.act(&abolish, json!({ "organization": body }))), ["NOT_FOUND"]);
        let far = json!({ "organization": office(&clerk, TOWN), "name": "丙办", "expectedVersion": 999 });
        let answer = clerk.raw(&mutation("organizationRename", "__typename"), json!({ "input": far }));
        assert_eq!(answer.code(), "BAD_USER_INPUT");
        let late =
            json!({ "organization": office(&clerk, TOWN), "name": "丙办", "effectiveOn": "9999-12-31" });
        assert_eq!(
            clerk.raw(&mutation("organizationRename", "__typename"), json!({ "input": late })).code(),
            "BAD_USER_INPUT"
        );
    }
}

#[test]
fn a_candidacy_shows_to_nobody_by_who_is_seen_or_what_is_logged() {
    let client = own_server(Backend::Sqlite, "candidacy");
    let (clerk, personnel) = (director(&client), personnel(&client));
    let body = found(&clerk, "丁办");
    let post = json!({ "organization": body, "title": "主任", "position": "PRINCIPAL", "level": "SUBSECTION", "effectiveOn": "2026-01-01" });
    let post = done(clerk.act(&mutation("leadershipPostCreate", "leadershipPost { id }"), post))["leadershipPost"]["id"].clone();
    let person = json!({ "countyCode": COUNTY, "name": "示例候选甲" });
    let person = done(personnel.act(&mutation("personAdd", "person { id }"), person))["person"]["id"].clone();
    let others = [
        client.role("HR_SOCIAL", Some(COUNTY)),
        clerk.clone(),
        client.role("INSPECTOR", Some(COUNTY)),
        client.role("TOWNSHIP_LEADER", Some(TOWN)),
        client.clone(),
    ];
    let seen = || {
        others.iter().map(|who| who.data(&format!("{{ node(id: {person}) {{ id ... on Person {{ name identity private {{ birthDate }} }} }} }}")).to_string()).collect::<Vec<_>>()
    };
    let before = seen();
    let propose = json!({ "leadershipPost": post, "person": person, "kind": "PROMOTE", "mode": "APPOINTED", "nominator": "密提名" });
    let proposed = done(personnel.act(&mutation("appointmentPropose", "appointment { id }"), propose));
    let others_before: Vec<&String> =
        before.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, text)| text).collect();
    let after = seen();
    let others_after: Vec<&String> =
        after.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, text)| text).collect();
    // The leader of the township may know of candidacies there.
    assert_eq!(others_before, others_after);
    let log = format!(
        "{{ changes(within: \"{COUNTY}\", where: {{act: {{eq: APPOINTMENT_PROPOSE}}}}) {{ nodes {{ records {{ kind fields {{ after }} }} }} }} }}"
    );
    for who in &others[..3] {
        assert_eq!(who.data(&log)["changes"]["nodes"], json!([{ "records": [] }]));
    }
    assert!(personnel.data(&log).to_string().contains("密提名"));
    // Dropped, the person is still there for those who keep the staff.
    let withdraw = json!({ "appointment": proposed["appointment"]["id"] });
    done(personnel.act(&mutation("appointmentWithdraw", "__typename"), withdraw));
    assert_eq!(seen()[0], before[0]);
    let again = json!({ "leadershipPost": post, "person": person, "kind": "PROMOTE", "mode": "APPOINTED" });
    done(personnel.act(&mutation("appointmentPropose", "__typename"), again));
}

#[test]
fn what_was_known_opens_no_personal_data() {
    let client = own_server(Backend::Sqlite, "past_person");
    let (personnel, leader) = (personnel(&client), client.role("TOWNSHIP_CLERK", Some(TOWN)));
    let held = format!(
        "{{ appointments(within: \"{TOWN}\", first: 1, where: {{state: {{eq: CONFIRMED}}}}) {{ nodes {{ id person {{ id private {{ birthDate phone }} }} }} }} }}"
    );
    let known = leader.data(&held);
    let first = &known["appointments"]["nodes"][0];
    assert!(first["person"]["private"].is_object(), "{known}");
    done(personnel.act(&mutation("appointmentRemove", "__typename"), json!({ "appointment": first["id"] })));
    let moment =
        personnel.data(&format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ at }} }} }}"));
    let at = moment["changes"]["nodes"][0]["at"].as_str().unwrap();
    let second: u32 = at[17..19].parse().unwrap();
    // The second before it was registered, or the end of the minute before.
    let before = if second == 0 {
        format!("{}00Z", &at[..17].replace(&at[14..16], "00"))
    } else {
        format!("{}{:02}Z", &at[..17], second - 1)
    };
    let past = held.replace("first: 1,", &format!("first: 50, knownAt: \"{before}\","));
    let then = leader.data(&past);
    let id = first["person"]["id"].as_str().unwrap();
    let same = then["appointments"]["nodes"].as_array().unwrap().iter().find(|at| at["person"]["id"] == id);
    let same = same.unwrap_or_else(|| panic!("it was not known at {before}: {then}"));
    assert!(same["person"]["private"].is_null(), "{same}");
}

#[test]
fn a_long_replay_leaves_nothing_out() {
    let client = own_server(Backend::Sqlite, "replay");
    let clerk = director(&client);
    let body = office(&clerk, TOWN);
    let since = clerk.data("{ register { revision } }")["register"]["revision"].as_i64().unwrap();
    for round in 0..2 {
        let acts: Vec<Value> = (0..180).map(|at| json!({ "organizationRename": { "organization": body, "name": format!("第{round}轮{at}办") } })).collect();
        done(clerk.act(&reform(), json!({ "within": COUNTY, "name": format!("第{round}轮"), "acts": acts })));
    }
    let query = "{ changes(within: \"990101\", first: 1) { totalCount } }";
    let all = clerk.data(query)["changes"]["totalCount"].as_u64().unwrap();
    assert!(all > 360);
    let mut socket = Socket::open(&client.origin);
    let token = crate::harness::token_of("reader", "ESTABLISHMENT_DIRECTOR", Some(COUNTY));
    socket.say(&json!({ "type": "connection_init", "payload": { "authorization": token } }).to_string());
    assert!(socket.text().contains("connection_ack"));
    let query = format!(
        "subscription {{ changes(within: \"990101\", since: {since}) {{ revision change {{ id }} }} }}"
    );
    socket.say(&json!({ "type": "subscribe", "id": "r", "payload": { "query": query } }).to_string());
    let mut ids = BTreeSet::new();
    for _ in 0..all {
        let told: Value = serde_json::from_str(&socket.text()).unwrap();
        ids.insert(told["payload"]["data"]["changes"]["change"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len() as u64, all);
}

#[test]
fn clients_that_ask_for_more_than_they_need_are_answered() {
    let client = own_server(Backend::Sqlite, "clients");
    let body = br#"{"query":"{ viewer { subject } }"}"#;
    let json = ("content-type", "application/json");
    // Java asks on every request for HTTP/2; urql takes events too.
    let upgraded = client.post(
        body,
        &[
            json,
            ("connection", "Upgrade, HTTP2-Settings"),
            ("upgrade", "h2c"),
            ("http2-settings", "AAMAAABkAARAAAAAAAIAAAAA"),
        ],
    );
    assert_eq!(upgraded.json()["data"]["viewer"]["subject"], Value::Null);
    let urql = client.post(body, &[json, ("accept", "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed")]);
    assert!(urql.header("content-type").starts_with("application/graphql-response+json"), "{}", urql.text);
    // A token that ends lets go of who listens.
    let grant = tiaokuai::auth::GrantClaim { role: "ANALYST".to_owned(), scope: None, line: None };
    let claims = tiaokuai::auth::Claims::new("ending", vec![grant], -28);
    let ending = tiaokuai::auth::sign(&crate::harness::key(), &claims).unwrap();
    let listen = br#"{"query":"subscription { changes { revision } }"}"#;
    let began = std::time::Instant::now();
    let told = client.with_token(&ending).post(listen, &[json, ("accept", "text/event-stream")]);
    assert!(
        told.text.contains("event: complete") && began.elapsed() < Duration::from_secs(15),
        "{}",
        told.text
    );
}
