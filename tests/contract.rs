//! The contract: current, described, classed.

use crate::harness::golden;
use std::collections::BTreeSet;
use tiaokuai::domain::CodeList;
use tiaokuai::graph;

#[test]
fn schema_graphql_is_current() {
    golden("schema.graphql", &graph::sdl());
}

/// Whether a deprecation says what to use instead and when it is gone, in the form that CONTRIBUTING.md gives; and whether its
/// time is not over yet.
fn says_what_to_do(reason: &str, today: &str) -> Result<(), String> {
    let rest = reason.strip_prefix("Use `").ok_or("it does not begin with: Use `…`")?;
    let (_, rest) =
        rest.split_once("`. Removed after ").ok_or("it does not say: Removed after YYYY-MM-DD.")?;
    let day = rest.strip_suffix('.').and_then(tiaokuai::domain::Day::parse).ok_or("the day is none")?;
    let today = tiaokuai::domain::Day::parse(today).ok_or("today is none")?;
    if day <= today { Err(format!("its time is over since {day}: remove it")) } else { Ok(()) }
}

#[test]
fn deprecations_say_what_to_use_and_until_when() {
    for info in graph::catalog() {
        for field in info.fields.iter().filter_map(|f| f.deprecated.map(|d| (f.name, d))) {
            let today = tiaokuai::domain::Day::today().to_string();
            let said = says_what_to_do(field.1, &today);
            assert!(said.is_ok(), "{}.{}: {:?}: {}", info.name, field.0, said, field.1);
        }
    }
    let today = "2026-11-22";
    assert!(says_what_to_do("Use `vacant`. Removed after 2027-06-01.", today).is_ok());
    for bad in
        ["", "old", "Use `x`.", "Use `x`. Removed after 2027-13-01.", "Use `x`. Removed after 2026-11-22."]
    {
        assert!(says_what_to_do(bad, today).is_err(), "{bad}");
    }
}

#[test]
fn what_is_protected_says_so_in_the_contract() {
    let sdl = graph::sdl();
    let mut protected = 0;
    for info in graph::catalog() {
        let start = sdl.find(&format!("\ntype {} ", info.name)).unwrap_or_else(|| panic!("{}", info.name));
        let block = &sdl[start..start + sdl[start..].find("\n}").unwrap()];
        for field in &info.fields {
            let lines = block.lines().map(str::trim_start);
            let line = lines.clone().find(|l| l.starts_with(&format!("{}: ", field.name)));
            // A field with arguments ends in a line of its own.
            let line = line.or_else(|| {
                lines
                    .skip_while(|l| !l.starts_with(&format!("{}(", field.name)))
                    .find(|l| l.starts_with("): "))
            });
            let line = line.unwrap_or_else(|| panic!("{}.{}", info.name, field.name));
            let open = field.class == tiaokuai::policy::Class::Public;
            let says =
                format!("@class(of: {}) @access(rule: {}, roles: [", field.class.value(), field.rule.value());
            assert_eq!(line.contains(&says), !open, "{}.{}: {line}", info.name, field.name);
            assert!(
                open || !line.contains('!') || line.contains("!]"),
                "{}.{} can be null",
                info.name,
                field.name
            );
            protected += usize::from(!open);
        }
    }
    assert!(protected > 40, "{protected}");
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

/// Types that hold nothing of the field: the register itself, who asks, vocabularies, the parts of a search.
const NOT_OF_THE_FIELD: &[&str] = &[
    "Query",
    "Subscription",
    "RegisterInfo",
    "RegisterCounts",
    "CodeList",
    "CodeValue",
    "Viewer",
    "ViewerCan",
    "Grant",
    "SearchEdge",
    "SearchFragment",
];

#[test]
fn numbers_have_a_unit_texts_an_example_and_types_a_source() {
    let schema = introspect();
    let catalog: BTreeSet<&str> = graph::catalog().iter().map(|i| i.name).collect();
    for ty in schema["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        if !catalog.contains(name) {
            continue;
        }
        let source = ty["description"].as_str().unwrap().contains("Source: ");
        assert!(source || NOT_OF_THE_FIELD.contains(&name), "{name} does not name its source");
        for field in ty["fields"].as_array().unwrap() {
            let mut inner = &field["type"];
            while !inner["ofType"].is_null() {
                inner = &inner["ofType"];
            }
            let (text, path) = (field["description"].as_str().unwrap(), format!("{name}.{}", field["name"]));
            let generic = text.contains("Label of `") || text.contains("Its cursor");
            let example = text.contains("Example: ") || text.contains("such as ");
            match inner["name"].as_str().unwrap() {
                "Int" => assert!(text.contains("Unit: ") && example, "{path}: {text}"),
                "String" | "DivisionCode" | "CreditCode" => assert!(example || generic, "{path}: {text}"),
                _ => {}
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
