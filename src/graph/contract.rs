//! What the contract says of fields, for who reads answers of queries that others wrote.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The contract as text, written once.
pub static SDL: LazyLock<String> = LazyLock::new(super::sdl);

/// A field of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The name of its type, without brackets.
    pub of: String,
    /// Whether it is a list.
    pub many: bool,
    /// What it is called in Chinese; its own name where the contract does not say.
    pub zh: String,
}

#[derive(Default)]
struct Contract {
    /// By type and field.
    fields: HashMap<String, HashMap<String, Described>>,
    /// The values of each enumeration.
    values: HashMap<String, Vec<String>>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let mut out = Contract::default();
    // A contract that cannot be read is found by tests; files are text without types then.
    let Ok(document) = parse_schema(SDL.as_str()) else { return out };
    for definition in document.definitions {
        let TypeSystemDefinition::Type(ty) = definition else { continue };
        let name = ty.node.name.node.to_string();
        let fields = match ty.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(of) => {
                let values = of.values.iter().map(|value| value.node.value.node.to_string());
                out.values.insert(name, values.collect());
                continue;
            }
            _ => continue,
        };
        out.fields.insert(name, fields.iter().map(|field| described(&field.node)).collect());
    }
    out
});

fn described(field: &FieldDefinition) -> (String, Described) {
    let name = field.name.node.to_string();
    let (of, many) = named(&field.ty.node);
    let zh = field.description.as_ref().and_then(|text| in_chinese(&text.node)).unwrap_or(&name).to_owned();
    (name, Described { of, many, zh })
}

fn named(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(of) => (named(of).0, true),
    }
}

/// The first words in brackets of a description that are Chinese: so it names what it describes.
fn in_chinese(text: &str) -> Option<&str> {
    let bracketed = text.split('(').skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    bracketed.into_iter().find(|words| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
}

/// What the contract says of a field of a type.
#[must_use]
pub fn describe(ty: &str, field: &str) -> Option<&'static Described> {
    CONTRACT.fields.get(ty)?.get(field)
}

/// The values of an enumeration that are written much like another text, the nearest first.
#[must_use]
pub fn near(enumeration: &str, text: &str) -> Vec<&'static str> {
    let text = text.to_uppercase();
    let likeness = |value: &&String| (strsim::jaro_winkler(value, &text) * 1e3) as u32;
    let all = CONTRACT.values.get(enumeration).into_iter().flatten();
    let mut near: Vec<&String> = all.filter(|value| likeness(value) > 800).collect();
    near.sort_by_key(|value| std::cmp::Reverse(likeness(value)));
    near.into_iter().take(3).map(String::as_str).collect()
}

/// How many values of an enumeration are told where none is near.
const TOLD: usize = 12;

/// What is said of a value that an enumeration does not have, in English and Chinese: with those that may be meant. Nothing where it has
/// it, or is none of the contract.
#[must_use]
pub fn no_value(place: &str, enumeration: &str, value: &str) -> Option<(String, String)> {
    let all = CONTRACT.values.get(enumeration).filter(|all| !all.iter().any(|known| known == value))?;
    let value: String = value.chars().take(100).collect();
    let near = near(enumeration, &value).join(", ");
    let (en, zh) = match (near.is_empty(), enumeration.strip_prefix("Report")) {
        (false, _) => (format!(" Do you mean {near}?"), format!("是否为 {near}？")),
        (true, _) if all.len() <= TOLD => {
            let all = all.join(", ");
            (format!(" Its values are {all}."), format!("可用取值：{all}。"))
        }
        (true, Some("Dimension" | "Measure" | "Segment")) => {
            (" `reportCatalog` lists them.".to_owned(), "可用取值见 reportCatalog。".to_owned())
        }
        (true, _) => Default::default(),
    };
    Some((
        format!("`{place}`: {enumeration} has no value `{value}`.{en}"),
        format!("{place}：{enumeration} 没有取值 {value}。{zh}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Described, describe, in_chinese, near, no_value};

    #[test]
    fn the_contract_says_what_fields_are() {
        let of = |of: &str, many, zh: &str| Described { of: of.to_owned(), many, zh: zh.to_owned() };
        let wanted = of("DivisionCode", false, "所在行政区划代码");
        assert_eq!(describe("Township", "divisionCode"), Some(&wanted));
        assert_eq!(describe("Township", "formerNames"), Some(&of("DatedName", true, "曾用名")));
        assert_eq!(describe("Organization", "name").map(|field| &field.of[..]), Some("String"));
        assert_eq!(describe("Township", "colour"), None);
        assert_eq!(near("ReportDimension", "COUNTRY")[0], "COUNTY");
        assert_eq!(near("ReportMeasure", "xyz"), [""; 0]);
        let said = |of, value| {
            no_value("of", of, value).expect("said").0.split_once("`. ").expect("advice").1.to_owned()
        };
        assert_eq!(said("ReportDimension", "COUNTRY"), "Do you mean COUNTY?");
        assert_eq!(said("ReportDimension", "xyz"), "`reportCatalog` lists them.");
        assert_eq!(said("OrderDirection", "xyz"), "Its values are ASC, DESC.");
        assert_eq!(no_value("of", "OrderDirection", "ASC").or(no_value("of", "Unknown", "ASC")), None);
        assert_eq!(in_chinese("Its code (GB/T 2260) or name (名称)."), Some("名称"));
    }
}
