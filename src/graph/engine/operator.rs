//! Operators: what a filter can ask of the values of a type, as an input type made from one table.

use super::adapter::{input_field, input_object};
use super::key::{Key, Test};
use super::value::Marker;
use crate::domain::DivisionCode;
use async_graphql::registry::{MetaInputValue, MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use std::borrow::Cow;

/// What a type offers to filters.
pub struct FilterOf {
    /// Registers the filter's input type and names it.
    pub describe: fn(&mut Registry) -> String,
    /// Reads the operators that were given.
    pub read: fn(Value) -> Result<Vec<Test>, String>,
}

/// Which operators the values of a type have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Yes or no.
    Truth,
    /// One of a vocabulary, or an identifier.
    Choice,
    /// Numbers and days.
    Quantity,
    /// Texts.
    Text,
    /// Division codes.
    Place,
}

/// An input type that filters can be given values of.
pub trait FilterValue: InputType {
    /// Its operators.
    const FAMILY: Family;
    /// The value as a key.
    fn key(self) -> Key<'static>;
}

/// The longest list of values in a filter.
const VALUES: usize = 200;
/// The longest text in a filter, in bytes.
const TEXT: usize = 1_000;

/// An operator: its name, whether it takes a list, the families that have it, and what it asks.
struct Operator {
    name: &'static str,
    list: bool,
    families: &'static [Family],
    doc: &'static str,
}

const fn operator(
    name: &'static str,
    list: bool,
    families: &'static [Family],
    doc: &'static str,
) -> Operator {
    Operator { name, list, families, doc }
}

use Family::{Choice, Place, Quantity, Text as Words, Truth};

/// Every family.
const ALL: &[Family] = &[Truth, Choice, Quantity, Words, Place];

const OPERATORS: &[Operator] = &[
    operator("eq", false, ALL, "Equal to the value (等于)."),
    operator("ne", false, ALL, "Not equal to the value (不等于); an object without a value passes."),
    operator("in", true, ALL, "Equal to one of the values, at most 200 (属于); an empty list passes none."),
    operator(
        "notIn",
        true,
        ALL,
        "Equal to none of the values, at most 200 (不属于); an object without a value passes.",
    ),
    operator("lt", false, &[Quantity], "Less than, or before, the value (小于、早于)."),
    operator("lte", false, &[Quantity], "Less than, before, or equal to the value (不大于、不晚于)."),
    operator("gt", false, &[Quantity], "Greater than, or after, the value (大于、晚于)."),
    operator("gte", false, &[Quantity], "Greater than, after, or equal to the value (不小于、不早于)."),
    operator(
        "contains",
        false,
        &[Words],
        "Holds the text, letter by letter (包含). `search` is for what sounds or looks alike.",
    ),
    operator("startsWith", false, &[Words], "Begins with the text (以…开头)."),
    operator("endsWith", false, &[Words], "Ends with the text (以…结尾)."),
    operator("within", false, &[Place], "Is the division or lies in it (在该区划范围内)."),
];

const IS_NULL: &str = "Whether there is no value (是否为空).";

/// The input type `TFilter`: the operators of a type.
pub struct Filter<T>(pub Vec<Test>, Marker<T>);

impl<T: FilterValue> Filter<T> {
    /// What columns of the type need.
    pub const OF: FilterOf = FilterOf { describe: Self::describe, read: Self::read };

    fn describe(registry: &mut Registry) -> String {
        <Option<Self> as InputType>::create_type_info(registry)
    }

    fn operators() -> impl Iterator<Item = &'static Operator> {
        OPERATORS.iter().filter(|o| o.families.contains(&T::FAMILY))
    }

    /// The operators as fields of an input object.
    pub fn fields(registry: &mut Registry) -> Vec<(String, MetaInputValue)> {
        let value = <Option<T> as InputType>::create_type_info(registry);
        let truth = <Option<bool> as InputType>::create_type_info(registry);
        let field = |o: &Operator| {
            let ty = if o.list { format!("[{value}!]") } else { value.clone() };
            input_field(o.name, ty, o.doc)
        };
        let mut fields: Vec<_> = Self::operators().map(field).collect();
        fields.push(input_field("isNull", truth, IS_NULL));
        fields
    }

    fn read(value: Value) -> Result<Vec<Test>, String> {
        let Value::Object(operators) = value else { return Err("takes an object such as {eq: …}".into()) };
        operators.into_iter().map(|(name, value)| Self::test(&name, value)).collect()
    }

    fn test(name: &str, value: Value) -> Result<Test, String> {
        if value == Value::Null {
            return Err(format!("`{name}` takes a value; `isNull: true` asks for objects without one"));
        }
        if name == "isNull" {
            let Value::Boolean(wanted) = value else { return Err("`isNull` takes true or false".into()) };
            return Ok(Test::IsNull(wanted));
        }
        let Some(operator) = Self::operators().find(|o| o.name == name) else {
            let known: Vec<_> = Self::operators().map(|o| o.name).collect();
            return Err(format!("there is no operator `{name}`; there are {} and isNull", known.join(", ")));
        };
        let values = match value {
            Value::List(values) if operator.list => values,
            value => vec![value],
        };
        if values.len() > VALUES {
            return Err(format!("`{name}` takes at most {VALUES} values"));
        }
        let keys = values.into_iter().map(|v| {
            let shown: String = v.to_string().chars().take(60).collect();
            let parsed = T::parse(Some(v)).map(FilterValue::key);
            parsed.map_err(|_| format!("`{name}`: {shown} is no {}", T::type_name()))
        });
        let mut keys = keys.collect::<Result<Vec<_>, _>>()?;
        if keys.iter().any(|k| matches!(k, Key::Text(text) if text.len() > TEXT)) {
            return Err(format!("`{name}`: the text is longer than {TEXT} bytes"));
        }
        keys.sort();
        keys.dedup();
        Ok(match name {
            "in" | "eq" => Test::In(keys),
            "notIn" | "ne" => Test::NotIn(keys),
            _ => one(name, keys.pop().unwrap_or(Key::Null)),
        })
    }
}

/// A test that takes one value.
fn one(name: &str, key: Key<'static>) -> Test {
    match (name, key) {
        ("lt" | "lte", key) => Test::Below(key, name == "lte"),
        ("gt" | "gte", key) => Test::Above(key, name == "gte"),
        ("contains", Key::Text(text)) => Test::Contains(text.into_owned()),
        ("startsWith", Key::Text(text)) => Test::StartsWith(text.into_owned()),
        ("endsWith", Key::Text(text)) => Test::EndsWith(text.into_owned()),
        ("within", Key::Number(code)) => {
            Test::Within(DivisionCode::from_number(code.cast_unsigned()).range())
        }
        // Only a fault in the table of operators leads here; then nothing passes.
        _ => Test::In(Vec::new()),
    }
}

impl<T: FilterValue> InputType for Filter<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        format!("{}Filter", T::type_name()).into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let doc = format!(
                "Conditions on a value of type {} (筛选条件). All given operators have to hold; an operator takes no null.",
                T::type_name()
            );
            let fields = Self::fields(registry);
            input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
        })
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let tests = Self::read(value.unwrap_or_default()).map_err(InputValueError::custom)?;
        Ok(Self(tests, std::marker::PhantomData))
    }
    fn to_value(&self) -> Value {
        Value::Null
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
