//! Filters by equality. The input types are made from the columns of a record; what is not supported is an error.

use super::adapter::{input_field, input_object};
use super::record::Record;
use super::value::{Code, Marker, Text};
use crate::domain::{CodeList, CodeRange, CreditCode, Day, DivisionCode, ErrorCode, Fault};
use crate::policy::{Class, View};
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use std::borrow::Cow;

/// The value of a column, comparable. Null sorts first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'v> {
    /// No value.
    Null,
    /// A number, a day, a code, a position in a code list, or a truth value.
    Number(i64),
    /// A text.
    Text(Cow<'v, str>),
}

/// What a type offers to filters.
pub struct Operators {
    /// Registers the filter's input type and names it.
    pub describe: fn(&mut Registry) -> String,
    /// Reads one value.
    pub parse: fn(Value) -> Option<Key<'static>>,
}

/// A value that lists can be filtered and ordered by.
pub trait Sortable<'v> {
    /// Its operators.
    const OPERATORS: &'static Operators;
    /// Its key.
    fn sort_key(&self) -> Key<'v>;
}

/// An input type that filters can be given values of.
pub trait FilterValue: InputType {
    /// Name of the filter's input type.
    fn filter_name() -> String {
        format!("{}Filter", Self::type_name())
    }
    /// The value as a key.
    fn key(self) -> Key<'static>;
}

macro_rules! sortable {
    ($type:ty, $value:ty, |$this:ident| $key:expr) => {
        impl<'v> Sortable<'v> for $type {
            const OPERATORS: &'static Operators = &operators::<$value>();
            fn sort_key(&self) -> Key<'v> {
                let $this = self;
                $key
            }
        }
    };
}

const fn operators<T: FilterValue>() -> Operators {
    Operators {
        describe: Filter::<T>::describe,
        parse: |value| T::parse(Some(value)).ok().map(FilterValue::key),
    }
}

sortable!(Text<'v>, String, |this| Key::Text(Cow::Borrowed(this.0)));
sortable!(Day, Day, |this| Key::Number(this.0.into()));
sortable!(DivisionCode, DivisionCode, |this| Key::Number(this.number().cast_signed()));
sortable!(CreditCode, CreditCode, |this| Key::Text(Cow::Owned(this.as_str().to_owned())));
sortable!(bool, bool, |this| Key::Number(i64::from(*this)));
sortable!(i32, i32, |this| Key::Number(i64::from(*this)));

impl<'v, T: CodeList> Sortable<'v> for Code<T> {
    const OPERATORS: &'static Operators = &operators::<Code<T>>();
    fn sort_key(&self) -> Key<'v> {
        Key::Number(i64::try_from(self.0.index()).unwrap_or(0))
    }
}

impl<'v, T: Sortable<'v>> Sortable<'v> for Option<T> {
    const OPERATORS: &'static Operators = T::OPERATORS;
    fn sort_key(&self) -> Key<'v> {
        self.as_ref().map_or(Key::Null, Sortable::sort_key)
    }
}

impl FilterValue for String {
    fn key(self) -> Key<'static> {
        Key::Text(Cow::Owned(self))
    }
}
impl FilterValue for Day {
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}
impl FilterValue for DivisionCode {
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}
impl FilterValue for CreditCode {
    fn key(self) -> Key<'static> {
        Key::Text(Cow::Owned(self.as_str().to_owned()))
    }
}
impl FilterValue for bool {
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}
impl FilterValue for i32 {
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}
impl<T: CodeList> FilterValue for Code<T> {
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}

/// The input type `TFilter`: `eq` and `in`. A marker; its values are read by [`Where`].
pub struct Filter<T>(Marker<T>);

impl<T: FilterValue> Filter<T> {
    fn describe(registry: &mut Registry) -> String {
        <Option<Self> as InputType>::create_type_info(registry)
    }
}

impl<T: FilterValue> InputType for Filter<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        T::filter_name().into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let value = <Option<T> as InputType>::create_type_info(registry);
            let name = T::filter_name();
            let doc = format!(
                "Conditions on a value of type {value} (筛选条件). All given operators have to hold."
            );
            input_object(
                &name,
                &doc,
                std::any::type_name::<Self>(),
                [
                    input_field("eq", value.clone(), "Equal to the value (等于)."),
                    input_field(
                        "in",
                        format!("[{value}!]"),
                        "Equal to one of the values, at most 200 (属于).",
                    ),
                ],
            )
        })
    }
    fn parse(_: Option<Value>) -> InputValueResult<Self> {
        Ok(Self(std::marker::PhantomData))
    }
    fn to_value(&self) -> Value {
        Value::Null
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The input type `TWhere`: a filter for each column of the record.
pub struct Where<T> {
    tests: Vec<Test>,
    /// The filter as text, for cursors.
    pub text: String,
    marker: Marker<T>,
}

struct Test {
    field: &'static str,
    any_of: Vec<Key<'static>>,
}

impl<T> Default for Where<T> {
    fn default() -> Self {
        Self { tests: Vec::new(), text: String::new(), marker: std::marker::PhantomData }
    }
}

/// The longest list of values in a filter.
const VALUES: usize = 200;

impl<T: Record> Where<T> {
    /// Whether an object passes.
    pub fn passes(&self, view: &View, key: T::Key) -> bool {
        self.tests.iter().all(|test| {
            let column = T::DEF.field(test.field).and_then(|f| f.column.as_ref());
            column.is_some_and(|c| test.any_of.contains(&(c.key)(view, key)))
        })
    }

    /// Refuses a filter on a field that the viewer may not read everywhere in the territory of the list: otherwise the
    /// length of the list would tell its value.
    ///
    /// # Errors
    /// `FORBIDDEN`, whether such rows exist or not.
    pub fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault> {
        self.tests.iter().try_for_each(|test| readable::<T>(view, range, test.field))
    }

    /// What testing an object costs beyond one step: long lists of values are compared one by one.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.tests.iter().map(|t| t.any_of.len() as u64 / 8).sum()
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }
}

/// Whether lists over a territory may be filtered and ordered by a field.
pub fn readable<T: Record>(view: &View, range: CodeRange, name: &str) -> Result<(), Fault> {
    match T::DEF.field(name) {
        Some(f) if f.info.class != Class::Public && !view.covers(f.info.rule, range) => Err(Fault::new(
            ErrorCode::Forbidden,
            format!(
                "`{name}` can be filtered and ordered by only where you may read it: use a token of a role that may, and narrow `within` to its scope."
            ),
            format!(
                "只有在您可读取“{name}”的范围内才能按其筛选或排序：请使用有权限角色的令牌，并将 within 限定在其范围内。"
            ),
        )),
        _ => Ok(()),
    }
}

impl<T: Record> InputType for Where<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        format!("{}Where", T::DEF.name).into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let mut fields = Vec::new();
            for field in T::DEF.all() {
                if let Some(column) = field.column.as_ref().filter(|c| c.filter) {
                    let ty = (column.ops.describe)(registry);
                    fields.push(input_field(field.info.name, ty, field.info.doc));
                }
            }
            let doc =
                format!("Which objects of type {} to list (筛选). All conditions have to hold.", T::DEF.name);
            input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
        })
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = value.to_string();
        let Value::Object(conditions) = value else { return Err(InputValueError::expected_type(value)) };
        let mut out = Self { text, ..Self::default() };
        for (name, condition) in conditions {
            let field = T::DEF.field(&name).filter(|f| f.column.as_ref().is_some_and(|c| c.filter));
            let (Some(field), Some(column)) = (field, field.and_then(|f| f.column.as_ref())) else {
                return Err(InputValueError::custom(format!("`{name}` cannot be filtered by")));
            };
            // Null is like absent, as everywhere in GraphQL.
            if condition == Value::Null {
                continue;
            }
            let Value::Object(operators) = condition else {
                return Err(InputValueError::custom(format!("`{name}` takes an object such as {{eq: …}}")));
            };
            for (operator, value) in operators {
                if value == Value::Null {
                    continue;
                }
                let values = match (operator.as_str(), value) {
                    ("eq", value) => vec![value],
                    ("in", Value::List(values)) if values.len() <= VALUES => values,
                    ("in", value) if !matches!(value, Value::List(_)) => vec![value],
                    ("in", _) => {
                        return Err(InputValueError::custom(format!(
                            "`{name}.in` takes a list of at most {VALUES} values"
                        )));
                    }
                    (other, _) => {
                        return Err(InputValueError::custom(format!("`{name}` has no operator `{other}`")));
                    }
                };
                let any_of = values.into_iter().map(column.ops.parse).collect::<Option<Vec<_>>>();
                let mut any_of = any_of.ok_or_else(|| {
                    InputValueError::custom(format!("`{name}.{operator}`: a value is not acceptable"))
                })?;
                any_of.sort();
                any_of.dedup();
                out.tests.push(Test { field: field.info.name, any_of });
            }
        }
        Ok(out)
    }
    fn to_value(&self) -> Value {
        Value::Null
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
