//! Whoever may not read a value cannot work it out: not by filters, orders, searches, counts or cursors.

use crate::contract::introspect;
use crate::harness::{BACKENDS, Client, server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tiaokuai::graph::catalog;
use tiaokuai::policy::Class;

/// The input types: name to fields, each with the name of its type.
fn inputs() -> BTreeMap<String, BTreeMap<String, String>> {
    let query = "{ __schema { types { kind name enumValues { name } inputFields { name type { name ofType { name ofType { name ofType { name } } } } } } } }";
    let done = crate::harness::block_on(tiaokuai::graph::schema().execute(query));
    let schema = done.data.into_json().unwrap();
    let mut out = BTreeMap::new();
    for ty in schema["__schema"]["types"].as_array().unwrap() {
        let mut fields = BTreeMap::new();
        for field in ty["inputFields"].as_array().into_iter().flatten() {
            let mut inner = &field["type"];
            while inner["name"].is_null() {
                inner = &inner["ofType"];
            }
            fields.insert(
                field["name"].as_str().unwrap().to_owned(),
                inner["name"].as_str().unwrap().to_owned(),
            );
        }
        for value in ty["enumValues"].as_array().into_iter().flatten() {
            fields.insert(value["name"].as_str().unwrap().to_owned(), String::new());
        }
        out.insert(ty["name"].as_str().unwrap().to_owned(), fields);
    }
    out
}

/// The fields that are masked for somebody, by type.
fn masked() -> BTreeSet<(String, String)> {
    let all = catalog().into_iter().flat_map(|info| info.fields.into_iter().map(move |f| (info.name, f)));
    all.filter(|(_, f)| f.class != Class::Public).map(|(ty, f)| (ty.to_owned(), f.name.to_owned())).collect()
}

/// A test of a value for each operator that an input type has.
fn probes(inputs: &BTreeMap<String, BTreeMap<String, String>>, filter: &str) -> Vec<Value> {
    let mut out = Vec::new();
    for (operator, ty) in &inputs[filter] {
        let value = match ty.as_str() {
            "Int" => json!(1),
            "Boolean" => json!(true),
            "Date" => json!("1980-01-01"),
            "String" | "ID" => json!("1"),
            "DivisionCode" => json!("99"),
            other => match inputs.get(other).and_then(|t| t.keys().next()) {
                Some(value) => json!(value),
                None => continue,
            },
        };
        let value = if operator == "in" || operator == "notIn" { json!([value]) } else { value };
        out.push(json!({ operator: value }));
    }
    out
}

/// All filters on a masked field that are reached from a type over at most two relations, each with its path.
fn filters(
    inputs: &BTreeMap<String, BTreeMap<String, String>>,
    of: &str,
    depth: u32,
) -> Vec<(String, Value)> {
    let masked = masked();
    let mut out = Vec::new();
    let Some(fields) = inputs.get(&format!("{of}Where")) else { return out };
    for (name, ty) in fields {
        if ["and", "or", "not"].contains(&name.as_str()) {
            continue;
        }
        let path = format!("{of}.{name}");
        let hidden = masked.contains(&(of.to_owned(), name.clone()));
        let relation = ty.strip_suffix("Where").or(ty.strip_suffix("ListFilter"));
        if hidden && relation.is_none() {
            out.extend(probes(inputs, ty).into_iter().map(|p| (path.clone(), json!({ name: p }))));
        } else if hidden && ty.ends_with("Where") {
            out.push((path.clone(), json!({ name: {} })));
        } else if hidden {
            for how in ["some", "none", "every"] {
                out.push((path.clone(), json!({ name: { how: {} } })));
            }
            out.push((path.clone(), json!({ name: { "count": { "gte": 1 } } })));
        }
        if let (Some(to), true) = (relation, depth > 0) {
            for (inner, filter) in filters(inputs, to, depth - 1) {
                let filter = match ty.ends_with("Where") {
                    true => filter,
                    // One way through each list is enough for what lies far.
                    false if depth > 1 => json!({ "count": { "where": filter, "gte": 1 } }),
                    false => json!({ "some": filter }),
                };
                out.push((format!("{path}.{inner}"), json!({ name: filter })));
            }
        }
    }
    out
}

const ROOTS: &[(&str, &str)] = &[
    ("townships", "Township"),
    ("internalOffices", "InternalOffice"),
    ("publicInstitutions", "PublicInstitution"),
    ("secondedAgencies", "SecondedAgency"),
    ("departments", "Department"),
    ("organizations", "Organization"),
    ("leadershipPosts", "LeadershipPost"),
    ("appointments", "Appointment"),
    ("divisions", "Division"),
    ("changes", "Change"),
];

/// Whether the answers to the same question about a territory with the rows and about one without them are alike.
fn refused(client: &Client, root: &str, ty: &str, filter: &Value, order: &Value) -> bool {
    let query = format!(
        "query($within: DivisionCode, $where: {ty}Where, $orderBy: [{ty}Order!]) {{ {root}(within: $within, where: $where, orderBy: $orderBy, first: 1) {{ totalCount edges {{ cursor }} }} }}"
    );
    // 990101 is full of rows; nothing at all is registered in 110101.
    let texts: Vec<String> = ["990101", "110101"]
        .iter()
        .map(|within| {
            let answer =
                client.raw(&query, json!({ "within": within, "where": filter, "orderBy": order })).json();
            assert!(
                answer["data"].is_null() || answer["data"][root].is_null(),
                "{root} {filter} {order}: {answer}"
            );
            let error = &answer["errors"][0];
            format!("{} {}", error["extensions"]["code"], error["message"])
        })
        .collect();
    texts[0] == texts[1] && texts[0].starts_with("\"FORBIDDEN\"")
}

#[test]
fn a_masked_value_cannot_be_searched_for_by_halves() {
    let inputs = inputs();
    let server = server(BACKENDS[0]);
    // In the county all three are strangers: the clerk and the analyst have their rights elsewhere.
    let strangers = [
        server.clone(),
        server.role("ESTABLISHMENT_CLERK", Some("513428")),
        server.role("ANALYST", Some("513428")),
    ];
    let (mut asked, mut paths) = (0, BTreeSet::new());
    for (root, ty) in ROOTS {
        let all = filters(&inputs, ty, 2);
        // Deep paths repeat the near ones: every operator of the near, one in nine of the far.
        let mut ends = BTreeSet::new();
        let chosen = all.iter().enumerate().filter(|(at, (path, _))| {
            let end: Vec<&str> = path.rsplit('.').take(2).collect();
            path.matches('.').count() < 3 || at % 9 == 0 || ends.insert(end)
        });
        for (at, (path, filter)) in chosen {
            let client = &strangers[at % strangers.len()];
            assert!(refused(client, root, ty, filter, &json!([])), "{path}: {filter}");
            let inverted = json!({ "or": [{ "not": filter }] });
            assert!(refused(client, root, ty, &inverted, &json!([])), "{path}: {inverted}");
            asked += 2;
            paths.insert(path.clone());
        }
        let hidden: BTreeSet<String> =
            masked().into_iter().filter(|(t, _)| t == ty).map(|(_, f)| f).collect();
        for constant in inputs.get(&format!("{ty}OrderField")).into_iter().flat_map(|f| f.keys()) {
            let camel: String =
                constant
                    .split('_')
                    .enumerate()
                    .map(|(at, w)| {
                        if at == 0 {
                            w.to_lowercase()
                        } else {
                            format!("{}{}", &w[..1], w[1..].to_lowercase())
                        }
                    })
                    .collect();
            if hidden.contains(&camel) {
                for direction in ["ASC", "DESC"] {
                    let order = json!([{ "field": constant, "direction": direction }]);
                    assert!(
                        strangers.iter().all(|c| refused(c, root, ty, &json!({}), &order)),
                        "{root} by {constant}"
                    );
                    asked += 3;
                }
            }
        }
    }
    println!("{asked} questions over {} paths", paths.len());
    // Every masked column that can be filtered by at all was tried.
    for (ty, field) in masked() {
        let filterable = inputs.get(&format!("{ty}Where")).is_some_and(|f| f.contains_key(&field));
        let tried = paths.iter().any(|p| p.ends_with(&format!("{ty}.{field}")));
        assert!(tried || !filterable, "{ty}.{field} was not tried");
    }
    assert!(asked > 1_000, "{asked}");
}

#[test]
fn a_search_for_a_masked_value_finds_what_a_search_for_nonsense_finds() {
    let server = server(BACKENDS[0]);
    let insider = server.role("ORGANIZATION_DEPT", Some("990101"));
    let data = insider.data(
        r#"{ leadershipPosts(within: "990101", first: 5, where: {incumbents: {some: {}}}) { nodes { incumbents { person { private { idNumber phone birthDate } } } } } }"#,
    );
    let post = &data["leadershipPosts"]["nodes"][0]["incumbents"][0]["person"]["private"];
    for secret in ["idNumber", "phone", "birthDate"] {
        let value = post[secret].as_str().unwrap();
        for client in [&server, &insider] {
            let found = client.raw(
                "query($text: String!) { search(text: $text, within: \"99\") { totalCount } }",
                json!({ "text": value }),
            );
            assert_eq!(found.json()["data"]["search"]["totalCount"], 0, "{secret}");
        }
    }
}

#[test]
fn who_may_read_a_value_may_filter_by_it() {
    // The same filters that strangers are refused work for who has the right, so the test above refuses no nonsense.
    let client = server(BACKENDS[0]).with_token(&crate::harness::tokens_of(&[
        ("ORGANIZATION_DEPT", None),
        ("ESTABLISHMENT_DIRECTOR", None),
    ]));
    let inputs = inputs();
    for (root, ty) in ROOTS {
        for (path, filter) in filters(&inputs, ty, 1) {
            let query = format!(
                "query($where: {ty}Where) {{ {root}(within: \"990101101\", where: $where, first: 1) {{ totalCount }} }}"
            );
            let answer = client.raw(&query, json!({ "where": filter })).json();
            assert!(answer.get("errors").is_none(), "{path} {filter}: {answer}");
        }
    }
}

#[test]
fn every_where_is_known_to_the_attack() {
    // A new root list has to be attacked too.
    let schema = introspect();
    let query = schema["types"].as_array().unwrap().iter().find(|t| t["name"] == "Query").unwrap();
    for field in query["fields"].as_array().unwrap() {
        let listed = field["args"].as_array().unwrap().iter().any(|a| a["name"] == "where");
        let name = field["name"].as_str().unwrap();
        let open = ["reforms", "documents", "reformDrafts"].contains(&name);
        assert!(!listed || open || ROOTS.iter().any(|(root, _)| *root == name), "{name}");
    }
}
