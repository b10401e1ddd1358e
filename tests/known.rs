//! Documents that are asked again: they are compiled once and kept, so nothing of one request may show in another.

use crate::harness::{BACKENDS, Client, server};
use serde_json::{Value, json};

/// Asks three times: the first answer is made by way of the library, the second by a plan that is compiled for it, the third by the plan
/// that was kept. All have to be the same.
fn again(client: &Client, query: &str, variables: &Value) -> Value {
    let [first, second, third] = [(); 3].map(|()| client.raw(query, variables.clone()));
    assert_eq!(first.text, second.text, "{query} {variables}");
    assert_eq!(first.text, third.text, "{query} {variables}");
    third.json()
}

#[test]
fn variables_are_read_anew_each_time() {
    let client = server(BACKENDS[0]);
    let text = "query($code: DivisionCode!, $asOf: Date, $first: Int, $locale: LabelLocale, $name: String) {
        township(code: $code, asOf: $asOf) { name typeLabel(locale: $locale)
            internalOffices(first: $first, where: {name: {contains: $name}}) { totalCount nodes { name } } } }";
    let names = |answer: &Value| answer["data"]["township"]["internalOffices"]["nodes"].clone();
    let ask = |variables: Value| again(&client, text, &variables);
    let all = ask(json!({ "code": "610902111" }));
    let count = all["data"]["township"]["internalOffices"]["totalCount"].as_u64().unwrap();
    assert!(count > 2, "{all}");
    for first in [1, 2] {
        let answer = ask(json!({ "code": "610902111", "first": first }));
        assert_eq!(names(&answer).as_array().unwrap().len(), first, "{answer}");
    }
    let other = ask(json!({ "code": "610902112" }));
    assert_ne!(other["data"]["township"]["name"], all["data"]["township"]["name"]);
    assert_ne!(names(&ask(json!({ "code": "610902111", "asOf": "2022-05-31" }))), names(&all));
    assert_eq!(names(&ask(json!({ "code": "610902111", "name": "没有" }))), json!([]));
    assert_eq!(
        ask(json!({ "code": "610902111", "locale": "EN" }))["data"]["township"]["typeLabel"],
        json!("town")
    );
    // What was good once does not make good what comes after.
    for wrong in [
        json!({ "code": "x" }),
        json!({ "code": "610902111", "first": 0 }),
        json!({ "code": "610902111", "first": "2" }),
        json!({ "code": "610902111", "asOf": "2022-02-30" }),
        json!({ "code": "610902111", "locale": "DE" }),
        json!({ "code": "610902111", "name": 7 }),
        json!({}),
    ] {
        let answer = client.raw(text, wrong.clone());
        assert!(!answer.code().is_empty(), "{wrong}: {}", answer.text);
    }
    assert_eq!(ask(json!({ "code": "610902111" })), all);
}

#[test]
fn conditions_are_told_anew_each_time() {
    let client = server(BACKENDS[0]);
    let text = "query($with: Boolean!, $without: Boolean = false) { division(code: \"2106\") {
        code @include(if: $with) name @skip(if: $without) ... @include(if: $with) { level } } }";
    let ask = |with, without: Option<bool>| {
        let mut variables = json!({ "with": with });
        without.into_iter().for_each(|without| variables["without"] = json!(without));
        again(&client, text, &variables)["data"]["division"].clone()
    };
    let (code, level, name) = (json!("2106"), json!("PREFECTURE"), json!("丹东市"));
    for _ in 0..2 {
        assert_eq!(ask(true, None), json!({ "code": code, "name": name, "level": level }));
        assert_eq!(ask(false, None), json!({ "name": name }));
        assert_eq!(ask(true, Some(true)), json!({ "code": code, "level": level }));
        assert_eq!(ask(false, Some(true)), json!({}));
        for wrong in [json!({ "with": "x" }), json!({ "with": 1 }), json!({ "with": null }), json!({})] {
            let answer = client.raw(text, wrong.clone());
            assert!(!answer.code().is_empty(), "{wrong}: {}", answer.text);
        }
    }
}

#[test]
fn what_a_director_asked_tells_the_public_nothing() {
    let public = server(BACKENDS[0]);
    let director = public.role("ESTABLISHMENT_DIRECTOR", None);
    let elsewhere = public.role("ESTABLISHMENT_DIRECTOR", Some("2106"));
    let text = "query($code: DivisionCode!) { township(code: $code) {
        establishment { approved } leadershipPosts { nodes { title quota isVacant } } deviations { kind } } }";
    let ask = |client: &Client| again(client, text, &json!({ "code": "610902111" }));
    let open = ask(&director);
    assert!(
        open["data"]["township"]["establishment"]["approved"].as_i64().unwrap() > 0
            && open.get("extensions").is_none()
    );
    for stranger in [&public, &elsewhere] {
        let masked = ask(stranger);
        let township = &masked["data"]["township"];
        assert!(township["establishment"].is_null() && township["deviations"].is_null(), "{masked}");
        let posts = township["leadershipPosts"]["nodes"].as_array().unwrap();
        assert!(
            posts.iter().all(|p| p["quota"].is_null() && p["isVacant"].is_null() && p["title"].is_string())
        );
        assert_eq!(
            masked["extensions"]["masked"],
            json!([
                "LeadershipPost.isVacant",
                "LeadershipPost.quota",
                "Township.deviations",
                "Township.establishment"
            ])
        );
        assert_eq!(ask(&director), open);
    }
}

#[test]
fn operations_of_a_document_are_told_apart() {
    let client = server(BACKENDS[0]);
    let text = "query A { division(code: \"2106\") { name } } query B { division(code: \"2106\") { code } }";
    for _ in 0..3 {
        for (name, expected) in [("A", json!({ "name": "丹东市" })), ("B", json!({ "code": "2106" }))] {
            let body = json!({ "query": text, "operationName": name }).to_string();
            let answer = client.post(body.as_bytes(), &[("content-type", "application/json")]);
            assert_eq!(answer.json()["data"]["division"], expected);
        }
        assert_eq!(client.code(text), "OPERATION_NOT_FOUND");
    }
}

/// More variations than are kept: each is answered as if it were new.
#[test]
fn every_variation_of_a_document_is_answered() {
    let client = server(BACKENDS[0]);
    let names: Vec<String> = (0..6).map(|n| format!("v{n}")).collect();
    let declared: Vec<String> = names.iter().map(|n| format!("${n}: Boolean!")).collect();
    let fields = ["id", "code", "name", "level", "levelLabel", "fictional"];
    let selected: Vec<String> =
        names.iter().zip(fields).map(|(n, field)| format!("{field} @include(if: ${n})")).collect();
    let text = format!(
        "query({}) {{ division(code: \"2106\") {{ __typename {} }} }}",
        declared.join(", "),
        selected.join(" ")
    );
    for round in 0..3 {
        for bits in 0..64_u32 {
            let truth = |n: usize| bits >> n & 1 == 1;
            let variables: serde_json::Map<String, Value> =
                names.iter().enumerate().map(|(n, name)| (name.clone(), json!(truth(n)))).collect();
            let answer = client.raw(&text, Value::Object(variables)).json();
            let division = answer["data"]["division"].as_object().unwrap_or_else(|| panic!("{answer}"));
            let shown = fields.map(|field| division.contains_key(field));
            assert_eq!(shown, std::array::from_fn(truth), "round {round}, {bits:06b}: {answer}");
        }
    }
}

/// Fragments that double at every step are refused as too large however deep they are, and are never compiled.
#[test]
fn a_bomb_is_too_large_and_no_fault_of_the_server() {
    let client = server(BACKENDS[0]);
    for steps in [20, 62, 63, 64, 70, 100] {
        let fragments: String = (1..steps)
            .map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n - 1, n - 1))
            .collect();
        let text = format!(
            "query {{ ...f{} }} fragment f0 on Query {{ register {{ revision }} }} {fragments}",
            steps - 1
        );
        assert_eq!(client.code(&text), "QUERY_TOO_LARGE", "{steps}");
    }
}

/// Long literals that stand in many places: too large to be kept, answered by way of the library again and again.
#[test]
fn a_document_too_large_for_its_room_is_answered_all_the_same() {
    let client = server(BACKENDS[0]);
    let texts: Vec<String> = (0..60).map(|n| format!("\"{n}{}\"", "x".repeat(200))).collect();
    let roots: String = (0..9)
        .map(|n| {
            format!(
                "r{n}: organizations(first: 1) {{ nodes {{ ...F parent {{ ...F }} township {{ ...F }} }} }} "
            )
        })
        .collect();
    let text = format!(
        "query($all: Boolean = true) {{ {roots} register {{ synthetic @include(if: $all) }} }}
         fragment F on Organization {{ name leadershipPosts(first: 1, where: {{title: {{in: [{}]}}}}) {{ totalCount }} }}",
        texts.join(", ")
    );
    for _ in 0..2 {
        let answer = again(&client, &text, &json!({}));
        assert!(answer["data"]["r8"]["nodes"][0]["name"].is_string(), "{answer}");
        assert_eq!(again(&client, &text, &json!({ "all": false }))["data"]["register"], json!({}));
    }
}

/// Interfaces in interfaces: more types than there is room for in a kept plan are compiled as they are met.
#[test]
fn selections_on_interfaces_may_stand_in_each_other() {
    let client = server(BACKENDS[0]);
    let levels = "parent { name id ".repeat(5) + &"}".repeat(5);
    let text = format!(
        "query($code: DivisionCode!) {{ township(code: $code) {{ organizations(first: 100) {{ nodes {{ __typename name
            ... on SecondedAgency {{ agencyKind }} ... on InternalOffice {{ category }} {levels}
            successors {{ results {{ name {levels} }} }} predecessors {{ originals {{ name ... on SecondedAgency {{ managementMode }} {levels} }} }} }} }} }} }}"
    );
    for code in ["610902111", "990101001", "610902111"] {
        let answer = again(&client, &text, &json!({ "code": code }));
        let nodes = answer["data"]["township"]["organizations"]["nodes"].as_array();
        assert!(nodes.is_some_and(|nodes| nodes.len() > 5), "{answer}");
    }
}
