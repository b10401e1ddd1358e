//! The order of a list: `orderBy: [{field: NAME, direction: DESC}]`. Texts stand in the order of pinyin (拼音序). The canonical
//! order of the list is always the last key.

use super::adapter::{enum_type, input_field, input_object};
use super::filter::{readable, value_of};
use super::key::Key;
use super::record::{FieldDef, Record};
use super::value::Code;
use crate::code_list;
use crate::domain::{CodeRange, Fault, reading};
use crate::policy::View;
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Name, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

code_list! {
    /// Direction of an order (排序方向).
    OrderDirection {
        Asc = "ASC", "升序", "smallest first; texts by pinyin";
        Desc = "DESC", "降序", "largest first";
    }
}

code_list! {
    /// Where objects without a value stand (空值位置).
    OrderNulls {
        First = "FIRST", "空值在前", "objects without a value first";
        Last = "LAST", "空值在后", "objects without a value last";
    }
}

/// One key of an order.
pub struct Order<T: Record> {
    field: &'static FieldDef<T::Key>,
    direction: OrderDirection,
    nulls: OrderNulls,
}

/// `internalOffices` becomes `INTERNAL_OFFICES`.
fn constant(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

impl<T: Record> Order<T> {
    /// The key of an object; of a text its pinyin.
    pub fn key<'v>(&self, view: &'v View, key: T::Key) -> Key<'v> {
        match value_of::<T>(self.field, view, key) {
            Key::Text(text) => Key::Text(reading::sort_key(&text).into()),
            other => other,
        }
    }

    /// Steps that the key of an object costs.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.field.info.cost
    }

    /// Whether another key of an order is by the same field.
    #[must_use]
    pub fn same_field(&self, other: &Self) -> bool {
        self.field.info.name == other.field.info.name
    }

    /// Compares two keys in the direction of the order.
    #[must_use]
    pub fn compare(&self, a: &Key<'_>, b: &Key<'_>) -> Ordering {
        let nulls = match self.nulls {
            OrderNulls::First => Ordering::Less,
            OrderNulls::Last => Ordering::Greater,
        };
        match (a, b, self.direction) {
            (Key::Null, Key::Null, _) => Ordering::Equal,
            (Key::Null, _, _) => nulls,
            (_, Key::Null, _) => nulls.reverse(),
            (a, b, OrderDirection::Asc) => a.cmp(b),
            (a, b, OrderDirection::Desc) => b.cmp(a),
        }
    }

    /// Refuses an order by a field that the viewer may not read everywhere in the territory of the list.
    ///
    /// # Errors
    /// `FORBIDDEN`.
    pub fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault> {
        readable::<T>(self.field, view, range)
    }

    /// The order as text, for cursors.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {:?} {:?};", self.field.info.name, self.direction, self.nulls)
    }
}

/// The enum type `TOrderField`.
struct OrderField<T: Record>(&'static FieldDef<T::Key>);

impl<T: Record> OrderField<T> {
    fn columns() -> impl Iterator<Item = &'static FieldDef<T::Key>> {
        T::DEF.all().filter(|f| f.column.as_ref().is_some_and(|c| c.order))
    }
}

impl<T: Record> InputType for OrderField<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        format!("{}OrderField", T::DEF.name).into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| {
            let values = Self::columns()
                .map(|c| (constant(c.info.name), format!("By `{}`: {}", c.info.name, c.info.doc)));
            let doc = format!("What lists of type {} can be ordered by (排序字段).", T::DEF.name);
            enum_type(&Self::type_name(), &doc, std::any::type_name::<Self>(), values.collect())
        })
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = match value.unwrap_or_default() {
            Value::Enum(name) => name.to_string(),
            Value::String(text) => text,
            other => return Err(InputValueError::expected_type(other)),
        };
        let field = Self::columns().find(|c| constant(c.info.name) == text);
        field.map(Self).ok_or_else(|| InputValueError::custom(format!("lists cannot be ordered by `{text}`")))
    }
    fn to_value(&self) -> Value {
        Value::Enum(Name::new(constant(self.0.info.name)))
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Record> InputType for Order<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        format!("{}Order", T::DEF.name).into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let field = <OrderField<T> as InputType>::create_type_info(registry);
            let direction = <Option<Code<OrderDirection>> as InputType>::create_type_info(registry);
            let mut direction = input_field("direction", direction, "Direction (方向).");
            direction.1.default_value = Some("ASC".to_owned());
            let doc = format!("One key of the order of a list of type {} (排序).", T::DEF.name);
            let nulls = <Option<Code<OrderNulls>> as InputType>::create_type_info(registry);
            let mut nulls = input_field("nulls", nulls, "Where objects without a value stand (空值位置).");
            nulls.1.default_value = Some("LAST".to_owned());
            let fields = [input_field("field", field, "The field to order by (字段)."), direction, nulls];
            input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
        })
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let Value::Object(mut parts) = value else { return Err(InputValueError::expected_type(value)) };
        let field =
            OrderField::<T>::parse(parts.shift_remove("field")).map_err(InputValueError::propagate)?;
        let direction = Option::<Code<OrderDirection>>::parse(parts.shift_remove("direction"))
            .map_err(InputValueError::propagate)?;
        let nulls = Option::<Code<OrderNulls>>::parse(parts.shift_remove("nulls"))
            .map_err(InputValueError::propagate)?;
        if let Some((name, _)) = parts.first() {
            return Err(InputValueError::custom(format!("an order has no `{name}`")));
        }
        let direction = direction.map_or(OrderDirection::Asc, |d| d.0);
        Ok(Self { field: field.0, direction, nulls: nulls.map_or(OrderNulls::Last, |n| n.0) })
    }
    fn to_value(&self) -> Value {
        Value::Null
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
