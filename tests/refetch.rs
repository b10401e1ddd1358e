//! What a client asks again: an object by its id, several, and all of it as of a day, by argument or by header.

use crate::harness::client::Answer;
use crate::harness::{BACKENDS, Client, server};
use serde_json::{Value, json};

const DAY: &str = "2020-12-31";
const HEADER: &str = "x-tiaokuai-as-of";

fn ask(client: &Client, query: &str, day: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    client.post(body.as_bytes(), &[("content-type", "application/json"), (HEADER, day)])
}

#[test]
fn a_day_in_the_header_holds_for_the_whole_request() {
    for backend in BACKENDS {
        let client = server(backend).role("ESTABLISHMENT_DIRECTOR", None);
        let body =
            r#"name validFrom establishment { approved } internalOffices { totalCount nodes { id name } }"#;
        let by_argument =
            client.data(&format!(r#"{{ township(code: "513428100", asOf: "{DAY}") {{ {body} }} }}"#));
        let plain = format!(r#"{{ township(code: "513428100") {{ {body} }} }}"#);
        assert_eq!(ask(&client, &plain, DAY).json()["data"], by_argument, "{backend:?}");
        assert_ne!(client.data(&plain), by_argument, "the day makes a difference");
        // The argument goes before the header.
        let both = format!(r#"{{ township(code: "513428100", asOf: "{DAY}") {{ {body} }} }}"#);
        assert_eq!(ask(&client, &both, "2026-01-01").json()["data"], by_argument);
        for bad in ["", "2021-02-29", "today", "2020-12-31T00:00:00Z"] {
            let answer = ask(&client, &plain, bad);
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{bad}");
            assert!(answer.json().get("data").is_none());
        }
    }
}

#[test]
fn a_refetch_keeps_the_date() {
    for backend in BACKENDS {
        let client = server(backend);
        // A body that was abolished since.
        let then = client.data(&format!(
            r#"{{ publicInstitutions(within: "513428100", asOf: "{DAY}", where: {{validTo: {{isNull: false}}}}, first: 3) {{ nodes {{ __typename id name }} }} }}"#
        ));
        let nodes = then["publicInstitutions"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 3, "{then}");
        let id = nodes[0]["id"].as_str().unwrap();
        let one = format!(r#"{{ node(id: "{id}") {{ __typename id ... on Organization {{ name }} }} }}"#);
        assert!(client.data(&one)["node"].is_null());
        assert_eq!(ask(&client, &one, DAY).json()["data"]["node"], nodes[0]);
        let dated = one.replace("\")", &format!("\", asOf: \"{DAY}\")"));
        assert_eq!(client.data(&dated)["node"], nodes[0]);
        // Several, in the order asked for, twice if asked twice, with null for what is not there on the day.
        let ids: Vec<&Value> = nodes.iter().rev().chain(nodes).map(|n| &n["id"]).collect();
        let expected: Vec<&Value> = nodes.iter().rev().chain(nodes).collect();
        let query = "query($ids: [ID!]!, $day: Date) { nodes(ids: $ids, asOf: $day) { __typename id ... on Organization { name } } }";
        let answer = client.raw(query, json!({ "ids": ids, "day": DAY })).json();
        assert_eq!(answer["data"]["nodes"], json!(expected));
        let answer = client.raw(query, json!({ "ids": ids })).json();
        assert!(answer["data"]["nodes"].as_array().unwrap().iter().all(Value::is_null));
    }
}

#[test]
fn a_cursor_of_one_day_is_no_cursor_of_another() {
    let client = server(BACKENDS[0]);
    let page = |after: &str| {
        format!(
            r#"{{ townships(within: "2106", first: 2 {after}) {{ pageInfo {{ endCursor }} nodes {{ name }} }} }}"#
        )
    };
    let first = ask(&client, &page(""), DAY).json();
    let cursor = first["data"]["townships"]["pageInfo"]["endCursor"].as_str().unwrap();
    let next = page(&format!("after: \"{cursor}\""));
    assert!(ask(&client, &next, DAY).json().get("errors").is_none());
    assert_eq!(client.code(&next), "CURSOR_INVALID");
    assert_eq!(ask(&client, &next, "2020-12-30").code(), "CURSOR_INVALID");
}

#[test]
fn a_front_end_knows_what_to_offer() {
    for backend in BACKENDS {
        let public = server(backend);
        let clerk = public.role("TOWNSHIP_CLERK", Some("610902111"));
        let can = |client: &Client, code: &str| {
            let query = format!(
                r#"{{ township(code: "{code}") {{ viewerCan {{ readNumbers readAppointing readStaffing readIdentityNumbers seeUndisclosed seePending }} }} }}"#
            );
            let can = client.data(&query)["township"]["viewerCan"].take();
            can.as_object()
                .unwrap()
                .iter()
                .filter(|(_, v)| **v == true)
                .map(|(k, _)| k.clone())
                .collect::<Vec<_>>()
        };
        assert!(can(&public, "610902111").is_empty());
        assert_eq!(can(&clerk, "610902111"), ["readNumbers", "readStaffing", "seeUndisclosed"]);
        assert!(can(&clerk, "513428100").is_empty());
        // Of a division: with all that lies in it, so that a list over it may be filtered by numbers.
        let county = r#"{ division(code: "610902") { viewerCan { readNumbers } } }"#;
        assert_eq!(clerk.data(county)["division"]["viewerCan"]["readNumbers"], false);
        let county_clerk = public.role("ESTABLISHMENT_CLERK", Some("610902"));
        assert_eq!(county_clerk.data(county)["division"]["viewerCan"]["readNumbers"], true);
    }
}

#[test]
fn what_a_filter_does_not_know_is_an_error_and_never_ignored() {
    let client = server(BACKENDS[0]);
    let query = "query($where: TownshipWhere, $orderBy: [TownshipOrder!]) { townships(within: \"2106\", where: $where, orderBy: $orderBy) { totalCount } }";
    let ask = |filter: Value, order: Value| client.raw(query, json!({ "where": filter, "orderBy": order }));
    for bad in [
        json!({ "colour": { "eq": "red" } }),
        json!({ "name": { "like": "%" } }),
        json!({ "name": "凤城" }),
        json!({ "name": { "eq": null } }),
        json!({ "name": { "in": ["a", 1] } }),
        json!({ "name": { "contains": "长".repeat(400) } }),
        json!({ "type": { "eq": "CITY" } }),
        json!({ "type": { "contains": "TOWN" } }),
        json!({ "validFrom": { "gte": "2021-02-29" } }),
        json!({ "divisionCode": { "within": "12345" } }),
        json!({ "internalOffices": { "any": {} } }),
        json!({ "internalOffices": { "some": null } }),
        json!({ "internalOffices": { "count": 3 } }),
        json!({ "internalOffices": { "count": { "gte": "3" } } }),
        json!({ "division": { "traits": { "some": { "eq": "SEASIDE" } } } }),
        json!([{ "name": { "eq": "a" } }, { "name": { "eq": "b" } }]),
        json!({ "name": { "in": vec!["a"; 201] } }),
        json!({ "and": vec![json!({ "name": { "ne": "a" } }); 300] }),
        json!({ "and": vec![json!({}); 300] }),
        json!({ "internalOffices": { "count": { "where": {} } } }),
    ] {
        let answer = ask(bad.clone(), json!([]));
        let code = answer.code();
        assert!(
            ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code.as_str()),
            "{bad}: {}",
            answer.text
        );
    }
    let mut deep = json!({ "name": { "eq": "a" } });
    for _ in 0..40 {
        deep = json!({ "not": deep });
    }
    assert_eq!(ask(deep, json!([])).code(), "BAD_USER_INPUT");
    for bad in [
        json!([{ "field": "COLOUR" }]),
        json!([{}]),
        json!([{ "field": "NAME" }, { "field": "NAME", "direction": "DESC" }]),
        json!([{ "field": "NAME", "nulls": "HIGH" }]),
        json!(vec![json!({ "field": "NAME" }); 6]),
    ] {
        let code = ask(json!({}), bad.clone()).code();
        assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code.as_str()), "{bad}");
    }
    // What is absent, or null in place of a whole condition, is no condition.
    let total = |filter: Value| ask(filter, json!(null)).json()["data"]["townships"]["totalCount"].clone();
    for nothing in
        [json!(null), json!({}), json!({ "name": null }), json!({ "and": [] }), json!({ "name": {} })]
    {
        assert_eq!(total(nothing.clone()), 84, "{nothing}");
    }
    assert_eq!(total(json!({ "or": [] })), 0);
    assert_eq!(total(json!({ "not": {} })), 0);
    // The question of the field: townships with a vacant head of a border office; and with deviations from their pattern.
    let director = client.role("ESTABLISHMENT_DIRECTOR", None);
    let border = r#"{ townships(within: "99", where: {division: {traits: {some: {eq: BORDER}}}, internalOffices: {some: {leadershipPosts: {some: {position: {eq: PRINCIPAL}, vacant: {gt: 0}}}}}}) { totalCount nodes { name } }
                      deviating: townships(within: "99", where: {deviations: {count: {gte: 1}}}) { totalCount nodes { deviations { text } } }
                      all: townships(within: "99") { totalCount } }"#;
    let data = director.data(border);
    let (deviating, all) =
        (data["deviating"]["totalCount"].as_i64().unwrap(), data["all"]["totalCount"].as_i64().unwrap());
    assert!(0 < deviating && deviating < all, "{data}");
    assert!(
        data["deviating"]["nodes"].as_array().unwrap().iter().all(|n| n["deviations"][0]["text"].is_string())
    );
    assert_eq!(client.code(border), "FORBIDDEN");
}

#[test]
fn an_error_names_the_field_that_failed() {
    let client = server(BACKENDS[0]);
    for (query, path) in [
        (
            r#"{ townships(within: "2106", first: 2) { nodes { leadershipPosts(where: {vacant: {gt: 0}}) { totalCount } } } }"#,
            json!(["townships", "nodes", 0, "leadershipPosts"]),
        ),
        (
            r#"{ t: township(code: "610902111") { posts: leadershipPosts { edges { node { incumbents { person { appointments(first: 0) { totalCount } } } } } } } }"#,
            json!(["t", "posts", "edges", 0, "node", "incumbents", 0, "person", "appointments"]),
        ),
        (
            r#"{ division(code: "2106") { townships(first: 0) { totalCount } } }"#,
            json!(["division", "townships"]),
        ),
    ] {
        let answer = client.ask(query);
        assert_eq!(answer["errors"][0]["path"], path, "{answer}");
    }
}

#[test]
fn pages_take_first_or_last() {
    let client = server(BACKENDS[0]);
    for (args, code) in [
        ("first: 3, last: 3", "BAD_USER_INPUT"),
        ("last: 0", "BAD_USER_INPUT"),
        ("last: 101", "BAD_USER_INPUT"),
        ("before: \"x\"", "CURSOR_INVALID"),
        ("last: 3, before: \"\"", "CURSOR_INVALID"),
    ] {
        assert_eq!(client.code(&format!("{{ townships({args}) {{ totalCount }} }}")), code, "{args}");
    }
    // The end of the nation is read from its end, not over all that lies before.
    let data =
        client.data("{ divisions(last: 5) { nodes { code } pageInfo { hasNextPage hasPreviousPage } } }");
    assert_eq!(data["divisions"]["nodes"].as_array().unwrap().len(), 5);
    assert_eq!(data["divisions"]["pageInfo"], json!({ "hasNextPage": false, "hasPreviousPage": true }));
}
