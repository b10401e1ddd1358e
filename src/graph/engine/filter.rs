//! Filters: `where`. Its input types are made from the columns and relations of a record; what is not supported is an error.

use super::adapter::{input_field, input_object};
use super::key::{Key, Test};
use super::record::{FieldDef, Record};
use super::relation::{Condition, Erased};
use crate::domain::{CodeRange, ErrorCode, Fault};
use crate::policy::{Class, View};
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use std::borrow::Cow;

/// The input type `TWhere`: a condition for each column and each relation of the record, and `and`, `or`, `not`.
pub struct Where<T: Record> {
    all: Vec<Part<T>>,
    /// The filter as it was given, for cursors; empty inside of a larger one.
    pub text: String,
}

enum Part<T: Record> {
    All(Vec<Where<T>>),
    Any(Vec<Where<T>>),
    Not(Where<T>),
    Column(&'static FieldDef<T::Key>, Vec<Test>),
    Relation(&'static FieldDef<T::Key>, Erased),
}

impl<T: Record> Default for Where<T> {
    fn default() -> Self {
        Self { all: Vec::new(), text: String::new() }
    }
}

/// How large a filter may be.
#[derive(Default)]
pub struct Size {
    conditions: usize,
    depth: usize,
}

/// The most conditions of a filter.
const MAX_CONDITIONS: usize = 200;
/// The most levels of a filter.
const MAX_DEPTH: usize = 10;

impl Size {
    /// Counts a condition, one level further down.
    fn enter(&mut self) -> Result<(), String> {
        self.conditions += 1;
        self.depth += 1;
        if self.conditions > MAX_CONDITIONS {
            return Err(format!("`where` takes at most {MAX_CONDITIONS} conditions"));
        }
        if self.depth > MAX_DEPTH {
            return Err(format!("conditions can be nested at most {MAX_DEPTH} levels"));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// The value of a column; no value where the viewer may not read it. Filters and orders see what answers show.
pub fn value_of<'v, T: Record>(field: &FieldDef<T::Key>, view: &'v View, key: T::Key) -> Key<'v> {
    match &field.column {
        Some(column) if permits::<T>(field, view, key) => (column.key)(view, key),
        _ => Key::Null,
    }
}

fn permits<T: Record>(field: &FieldDef<T::Key>, view: &View, key: T::Key) -> bool {
    field.info.class == Class::Public || T::permits(view, key, field.info.rule)
}

impl<T: Record> Where<T> {
    /// Whether an object passes.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`.
    pub fn passes(&self, view: &View, key: T::Key) -> Result<bool, Fault> {
        for condition in &self.all {
            if !condition.holds(view, key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    fn list(value: Value, size: &mut Size) -> Result<Vec<Self>, String> {
        let parts = match value {
            Value::List(parts) => parts,
            one => vec![one],
        };
        let read = |part| {
            size.enter()?;
            let read = Self::read(part, size);
            size.leave();
            read
        };
        parts.into_iter().map(read).collect()
    }
}

impl<T: Record> Condition for Where<T> {
    fn read(value: Value, size: &mut Size) -> Result<Self, String> {
        let Value::Object(conditions) = value else {
            return Err(format!("{} takes an object such as {{name: {{eq: …}}}}", T::DEF.name));
        };
        let mut all = Vec::new();
        for (name, condition) in conditions {
            // A condition that is null is like one that is absent, as everywhere in GraphQL; an operator takes no null.
            if condition != Value::Null {
                size.enter()?;
                all.push(Part::read(&name, condition, size)?);
                size.leave();
            }
        }
        Ok(Self { all, text: String::new() })
    }

    /// Refuses a filter on a field that the viewer may not read everywhere in the territory of the list: otherwise the
    /// length of the list would tell its value.
    fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault> {
        self.all.iter().try_for_each(|condition| match condition {
            Part::All(parts) | Part::Any(parts) => parts.iter().try_for_each(|p| p.check(view, range)),
            Part::Not(part) => part.check(view, range),
            Part::Column(field, _) => readable::<T>(field, view, range),
            Part::Relation(field, condition) => {
                readable::<T>(field, view, range)?;
                field.relation.as_ref().map_or(Ok(()), |relation| {
                    let there = if relation.anywhere { CodeRange::ALL } else { range };
                    (relation.check)(condition, view, there)
                })
            }
        })
    }
}

impl<T: Record> Part<T> {
    /// Steps that testing it costs, without what it is made of.
    fn cost(&self) -> u64 {
        match self {
            Self::All(_) | Self::Any(_) | Self::Not(_) => 1,
            Self::Column(field, tests) => field.info.cost + tests.iter().map(Test::weight).sum::<u64>(),
            Self::Relation(field, _) => field.info.cost,
        }
    }

    fn holds(&self, view: &View, key: T::Key) -> Result<bool, Fault> {
        view.meter().charge(self.cost())?;
        Ok(match self {
            Self::All(parts) => {
                for part in parts {
                    if !part.passes(view, key)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.passes(view, key)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Not(part) => !part.passes(view, key)?,
            Self::Column(field, tests) => {
                let value = value_of::<T>(field, view, key);
                tests.iter().all(|test| test.passes(&value))
            }
            Self::Relation(field, condition) => match &field.relation {
                Some(relation) if permits::<T>(field, view, key) => (relation.test)(view, key, condition)?,
                _ => false,
            },
        })
    }

    fn read(name: &str, value: Value, size: &mut Size) -> Result<Self, String> {
        match name {
            "and" => return Where::list(value, size).map(Self::All),
            "or" => return Where::list(value, size).map(Self::Any),
            "not" => return Where::read(value, size).map(Self::Not),
            _ => {}
        }
        let Some(field) = T::DEF.field(name) else { return Err(format!("there is no `{name}`")) };
        if let Some(column) = field.column.as_ref().filter(|c| c.filter) {
            let tests = (column.of.read)(value).map_err(|e| format!("`{name}`: {e}"))?;
            return Ok(Self::Column(field, tests));
        }
        let Some(relation) = &field.relation else {
            return Err(format!("lists cannot be filtered by `{name}`"));
        };
        Ok(Self::Relation(field, (relation.read)(value, size).map_err(|e| format!("`{name}`: {e}"))?))
    }
}

/// Whether lists over a territory may be filtered and ordered by a field.
///
/// # Errors
/// `FORBIDDEN`.
pub fn readable<T: Record>(field: &FieldDef<T::Key>, view: &View, range: CodeRange) -> Result<(), Fault> {
    let (ty, name) = (T::DEF.name, field.info.name);
    if field.info.class == Class::Public || view.covers(field.info.rule, range) {
        return Ok(());
    }
    Err(Fault::new(
        ErrorCode::Forbidden,
        format!(
            "`{ty}.{name}` can be filtered and ordered by only where you may read it: use a token of a role that `@access` names there, and narrow `within` to its scope."
        ),
        format!(
            "只有在您可读取“{ty}.{name}”的范围内才能按其筛选或排序：请使用其 @access 所列角色的令牌，并将 within 限定在其范围内。"
        ),
    ))
}

/// Refuses a filter by what the viewer may not read everywhere in a territory.
///
/// # Errors
/// `FORBIDDEN`.
pub fn check<T: Record>(filter: &Where<T>, view: &View, range: CodeRange) -> Result<(), Fault> {
    Condition::check(filter, view, range)
}

/// A value as text: keys in order, and an enum value like the string that stands for it in variables.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, v)| **v != Value::Null).collect();
            fields.sort_by_key(|(k, _)| *k);
            let fields: Vec<_> = fields.iter().map(|(k, v)| format!("{k}:{}", canonical(v))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::List(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Enum(name) => Value::String(name.to_string()).to_string(),
        other => other.to_string(),
    }
}

impl<T: Record> InputType for Where<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        format!("{}Where", T::DEF.name).into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let own = Self::type_name();
            let mut fields = vec![
                input_field("and", format!("[{own}!]"), "All of these hold (且); also when the list is empty."),
                input_field("or", format!("[{own}!]"), "At least one of these holds (或); none does when the list is empty."),
                input_field("not", own.clone(), "This does not hold (非)."),
            ];
            for field in T::DEF.all() {
                let filter = field.column.as_ref().filter(|c| c.filter).map(|c| (c.of.describe)(registry));
                let ty = filter.or_else(|| field.relation.as_ref().map(|r| (r.describe)(registry)));
                if let Some(ty) = ty {
                    fields.push(input_field(field.info.name, ty, field.info.doc));
                }
            }
            let doc = format!(
                "Which objects of type {} (筛选). All conditions have to hold; a condition that is null is like an absent one.",
                T::DEF.name
            );
            input_object(&own, &doc, std::any::type_name::<Self>(), fields)
        })
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = canonical(&value);
        let read = Self::read(value, &mut Size::default()).map_err(InputValueError::custom)?;
        Ok(Self { text, ..read })
    }
    fn to_value(&self) -> Value {
        Value::Null
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
