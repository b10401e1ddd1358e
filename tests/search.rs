//! Search: what people type finds what they mean, and only what they may see.

use crate::harness::client::texts;
use crate::harness::{BACKENDS, Client, server};
use serde_json::{Value, json};

const HITS: &str = "query($text: String!, $in: [SearchKind!], $within: DivisionCode, $asOf: Date, $first: Int, $after: String) {
  search(text: $text, in: $in, within: $within, asOf: $asOf, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { cursor kind kindLabel name field fieldLabel score fragments { text marked } node { __typename id } } nodes { id } } }";

fn find(client: &Client, text: &str, more: Value) -> Value {
    let mut variables = json!({ "text": text });
    variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = client.raw(HITS, variables).json();
    assert!(answer.get("errors").is_none(), "{text}: {answer:#}");
    answer["data"]["search"].clone()
}

fn names(found: &Value) -> Vec<&str> {
    texts(&found["edges"], "/name")
}

#[test]
fn a_town_is_found_by_every_way_of_writing_it() {
    for backend in BACKENDS {
        let client = server(backend);
        for (typed, field, score) in [
            ("普基镇", "NAME", 100),
            ("普基鎮", "NAME", 100),
            ("puji", "NAME", 70),
            ("Pǔjī zhèn", "NAME", 90),
            ("pj", "NAME", 55),
            ("ＰＵＪＩ", "NAME", 70),
            ("513428100", "CODE", 100),
            ("513428100000", "CODE", 100),
            ("普基", "NAME", 80),
        ] {
            let found = find(&client, typed, json!({ "within": "513428", "in": ["DIVISION", "TOWNSHIP"] }));
            let best = &found["edges"][0];
            assert_eq!(
                (&best["name"], &best["field"]),
                (&json!("普基镇"), &json!(field)),
                "{typed}: {found}"
            );
            assert_eq!(best["score"], score, "{typed}");
            assert_eq!(
                (&found["edges"][0]["kind"], &found["edges"][1]["kind"]),
                (&json!("DIVISION"), &json!("TOWNSHIP"))
            );
        }
        // The beginning of a code, and a half-typed syllable, which stands below a whole one.
        for (typed, score) in [("5134281", 60), ("puj", 60), ("513428100", 100)] {
            let found = find(&client, typed, json!({ "within": "513428", "in": ["DIVISION"] }));
            let town = found["edges"].as_array().unwrap().iter().find(|h| h["name"] == "普基镇").unwrap();
            assert_eq!(town["score"], score, "{typed}");
        }
        let names_of = |typed: &str| names(&find(&client, typed, json!({ "first": 6 }))).join(" ");
        assert!(
            names_of("puji").contains("普基镇") && !names_of("puji").contains("浦江"),
            "{}",
            names_of("puji")
        );
        assert!(names_of("leqing").contains("乐清市") && names_of("qianxian").contains("乾县"));
        // Over the nation too, where many sound alike.
        for typed in ["普基镇", "puji", "pujizhen", "513428100"] {
            let found = find(&client, typed, json!({ "first": 20 }));
            assert!(names(&found).contains(&"普基镇"), "{typed}: {:?}", names(&found));
        }
        assert!(names(&find(&client, "yueqing", json!({})))[0].starts_with("乐清"));
        assert!(names(&find(&client, "樂清市", json!({})))[0].starts_with("乐清"));
        assert_eq!(names(&find(&client, "chongqing", json!({ "in": ["DIVISION"] })))[0], "重庆市");
    }
}

#[test]
fn what_was_found_is_marked() {
    let client = server(BACKENDS[0]);
    for (typed, marked) in [("puji", "普基"), ("pjz", "普基镇"), ("基鎮", "基镇"), ("pujiz", "普基镇")]
    {
        let found = find(&client, typed, json!({ "within": "513428100", "in": ["DIVISION"] }));
        let pieces = found["edges"][0]["fragments"].as_array().unwrap();
        let whole: String = pieces.iter().map(|p| p["text"].as_str().unwrap()).collect();
        let hit: Vec<_> =
            pieces.iter().filter(|p| p["marked"] == true).map(|p| p["text"].as_str().unwrap()).collect();
        assert_eq!((whole.as_str(), hit), ("普基镇", vec![marked]), "{typed}");
    }
}

#[test]
fn a_body_is_found_by_its_former_name_and_by_its_founding_document() {
    for backend in BACKENDS {
        let client = server(backend);
        // A body with a former name, and one that rests on a document.
        let data = client.data(
            r#"{ organizations(within: "990101", first: 1, where: {formerNames: {some: {}}}) { nodes { id name formerNames { name to } } }
                 publicInstitutions(within: "513428", first: 1, where: {basis: {}}) { nodes { id basis { id number } } } }"#,
        );
        let body = &data["organizations"]["nodes"][0];
        let former = body["formerNames"][0]["name"].as_str().unwrap();
        let found = find(&client, former, json!({ "within": "990101", "first": 100 }));
        let hit = found["edges"].as_array().unwrap().iter().find(|h| h["node"]["id"] == body["id"]);
        let hit = hit.unwrap_or_else(|| panic!("{former} does not find {body}: {found}"));
        assert_eq!((&hit["field"], &hit["name"]), (&json!("FORMER_NAME"), &body["name"]));
        // On a day before the change that was the name.
        let name = body["name"].as_str().unwrap();
        let early = find(&client, name, json!({ "within": "990101", "first": 100, "asOf": "2015-01-01" }));
        let told = early["edges"].as_array().unwrap().iter().any(|h| h["node"]["id"] == body["id"]);
        assert!(!told, "a name to come is told: {name}");
        let before = json!({ "within": "990101", "first": 100, "asOf": "2015-01-01" });
        let found = find(&client, former, before);
        let hit = found["edges"].as_array().unwrap().iter().find(|h| h["node"]["id"] == body["id"]).unwrap();
        assert_eq!(hit["field"], "NAME");

        let founded = &data["publicInstitutions"]["nodes"][0];
        let number = founded["basis"]["number"].as_str().unwrap();
        for typed in [
            number.to_owned(),
            number.replace('〔', "[").replace('〕', "］"),
            number.replace('〔', " 〔 "),
            number.replace('〔', "(").replace('〕', "）"),
            number.replace(['〔', '〕'], ""),
        ] {
            let found = find(&client, &typed, json!({ "within": "513428", "first": 100 }));
            assert_eq!(
                found["edges"][0]["node"]["id"], founded["basis"]["id"],
                "the document first: {found}"
            );
            let hit =
                found["edges"].as_array().unwrap().iter().find(|h| h["node"]["id"] == founded["id"]).unwrap();
            assert_eq!((&hit["field"], &hit["score"]), (&json!("FOUNDING_DOCUMENT"), &json!(80)));
        }
    }
}

#[test]
fn search_pages_like_every_list() {
    let client = server(BACKENDS[0]);
    let whole = find(&client, "虚构", json!({ "within": "99", "first": 100 }));
    let all = texts(&whole["edges"], "/node/id");
    assert!(
        all.len() > 5 && whole["pageInfo"]["hasNextPage"] == (whole["totalCount"].as_u64().unwrap() > 100)
    );
    let scores: Vec<i64> =
        whole["edges"].as_array().unwrap().iter().map(|n| n["score"].as_i64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b));
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    while ids.len() < all.len() {
        let page = find(&client, "虚构", json!({ "within": "99", "first": 3, "after": after }));
        ids.extend(texts(&page["edges"], "/node/id").into_iter().map(str::to_owned));
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(ids[..all.len()], all);
    let code = |variables: Value| client.raw(HITS, variables).code();
    assert_eq!(code(json!({ "text": "虚拟", "within": "99", "after": after })), "CURSOR_INVALID");
    for bad in ["", " \n ", "（）", &"长".repeat(101)] {
        assert_eq!(code(json!({ "text": bad })), "BAD_USER_INPUT");
    }
    assert_eq!(find(&client, "\u{10ffff}%_'\"\\", json!({}))["totalCount"], 0);
}

#[test]
fn only_what_may_be_seen_is_found() {
    for backend in BACKENDS {
        let public = server(backend);
        let insider = public.role("ESTABLISHMENT_DIRECTOR", Some("990101"));
        let elsewhere = public.role("ESTABLISHMENT_DIRECTOR", Some("610902"));
        // A body that is not published.
        let hidden = |client: &Client| {
            find(client, "综合协调办公室", json!({ "within": "990101002", "in": ["INTERNAL_OFFICE"] }))["totalCount"].clone()
        };
        assert_eq!([hidden(&insider), hidden(&public), hidden(&elsewhere)], [json!(1), json!(0), json!(0)]);
        // Persons, for who may read their data.
        let name = insider.data(
            r#"{ leadershipPosts(within: "990101", first: 1, where: {incumbents: {some: {}}}) { nodes { incumbents { person { name } } } } }"#,
        )["leadershipPosts"]["nodes"][0]["incumbents"][0]["person"]["name"]
            .as_str()
            .unwrap()
            .to_owned();
        let person = |client: &Client| {
            find(client, &name, json!({ "within": "990101" }))["edges"]
                .as_array()
                .unwrap()
                .iter()
                .any(|h| h["kind"] == "PERSON")
        };
        assert_eq!([person(&insider), person(&public), person(&elsewhere)], [true, false, false]);
        let analyst = public.role("ANALYST", None);
        for client in [&public, &analyst] {
            assert!(!person(client));
            let asked = client.raw(HITS, json!({ "text": name, "in": ["PERSON"] }));
            assert_eq!(asked.code(), "FORBIDDEN");
        }
        // The names of the fictional county are no part of the nation.
        assert_eq!(find(&public, "虚构县", json!({}))["totalCount"], 0);
    }
}
