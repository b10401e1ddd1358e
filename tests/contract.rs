//! The contract: current, described, classed.

use crate::harness::golden;
use std::collections::BTreeSet;
use tiaokuai::domain::CodeList;
use tiaokuai::graph;

#[test]
fn schema_graphql_is_current() {
    golden("schema.graphql", &graph::sdl());
}

/// Whether a text holds a Chinese character.
fn chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_field_has_a_description_with_the_chinese_term_a_class_and_a_rule() {
    let mut seen = BTreeSet::new();
    for info in graph::catalog() {
        for field in &info.fields {
            assert!(chinese(field.doc), "{}.{}: {}", info.name, field.name, field.doc);
            assert!(!field.class.value().is_empty() && !field.rule.value().is_empty() && field.cost > 0);
            let open = field.rule == tiaokuai::policy::Rule::Open;
            assert_eq!(open, field.class == tiaokuai::policy::Class::Public, "{}.{}", info.name, field.name);
            seen.insert(format!("{}.{}", info.name, field.name));
        }
    }
    // The catalog knows every field of the schema, except those that all connections have alike.
    let schema = introspect();
    for ty in schema["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        let generic = name.ends_with("Connection") || name.ends_with("Edge") || name == "PageInfo";
        if name.starts_with("__") || ty["kind"] != "OBJECT" || generic {
            continue;
        }
        for field in ty["fields"].as_array().unwrap() {
            let path = format!("{name}.{}", field["name"].as_str().unwrap());
            assert!(seen.contains(&path), "{path} is not in the catalog");
        }
    }
}

pub fn introspect() -> serde_json::Value {
    let query = "{ __schema { types { kind name description
        fields { name description args { name description } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
        inputFields { name description } enumValues { name description } } } }";
    let done = crate::harness::block_on(graph::schema().execute(query));
    assert!(done.errors.is_empty(), "{:?}", done.errors);
    done.data.into_json().unwrap()["__schema"].take()
}

#[test]
fn everything_in_the_schema_is_described() {
    let schema = introspect();
    for ty in schema["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        if name.starts_with("__") || ["Boolean", "Int", "Float", "String", "ID"].contains(&name) {
            continue;
        }
        let described = |thing: &serde_json::Value, path: &str| {
            let text = thing["description"].as_str().unwrap_or_default();
            assert!(chinese(text), "{path} has no description with the Chinese term: {text:?}");
        };
        described(ty, name);
        for part in ["fields", "inputFields", "enumValues"] {
            for thing in ty[part].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", thing["name"].as_str().unwrap());
                described(thing, &path);
                for arg in thing["args"].as_array().into_iter().flatten() {
                    described(arg, &format!("{path}({})", arg["name"].as_str().unwrap()));
                }
            }
        }
    }
}

#[test]
fn beside_an_enum_field_stands_its_label() {
    for info in graph::catalog() {
        let names: BTreeSet<&str> = info.fields.iter().map(|f| f.name).collect();
        for label in names.iter().filter_map(|n| n.strip_suffix("Label")) {
            assert!(names.contains(label), "{}.{label}", info.name);
        }
    }
}
