//! Conditions on many: `some`, `none`, `every` and `count` of related objects, or of the values of a list.

use super::adapter::{input_field, input_object};
use super::filter::{Size, Where};
use super::key::{Key, Sortable, Test};
use super::operator::{Filter, FilterOf};
use super::record::Record;
use super::relation::Condition;
use super::value::Code;
use crate::domain::{CodeList, CodeRange, Fault};
use crate::policy::View;
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use std::borrow::Cow;
use std::marker::PhantomData;

/// The input type `TListFilter`.
pub struct Many<T: Record> {
    some: Option<Where<T>>,
    none: Option<Where<T>>,
    every: Option<Where<T>>,
    count: Option<Count<T>>,
}

/// The input type `TCountFilter`.
struct Count<T: Record> {
    of: Where<T>,
    tests: Vec<Test>,
}

impl<T: Record> Many<T> {
    pub fn passes<'v>(
        &self,
        view: &View,
        objects: impl Iterator<Item = (&'v View, T::Key)>,
    ) -> Result<bool, Fault> {
        let (mut found, mut counted) = (self.some.is_none(), 0);
        let only_some = self.none.is_none() && self.every.is_none() && self.count.is_none();
        for (there, key) in objects {
            view.meter().charge(1)?;
            if let (Some(some), false) = (&self.some, found) {
                found = some.passes(there, key)?;
            }
            if let Some(none) = &self.none
                && none.passes(there, key)?
            {
                return Ok(false);
            }
            if let Some(every) = &self.every
                && !every.passes(there, key)?
            {
                return Ok(false);
            }
            if let Some(count) = &self.count
                && count.of.passes(there, key)?
            {
                counted += 1;
            }
            if found && only_some {
                break;
            }
        }
        let counted = Key::Number(counted);
        Ok(found && self.count.as_ref().is_none_or(|c| c.tests.iter().all(|t| t.passes(&counted))))
    }
}

impl<T: Record> Condition for Many<T> {
    fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault> {
        let parts =
            [self.some.as_ref(), self.none.as_ref(), self.every.as_ref(), self.count.as_ref().map(|c| &c.of)];
        parts.into_iter().flatten().try_for_each(|part| part.check(view, range))
    }

    fn read(value: Value, size: &mut Size) -> Result<Self, String> {
        let Value::Object(parts) = value else { return Err("takes an object such as {some: {…}}".into()) };
        let mut out = Self { some: None, none: None, every: None, count: None };
        for (name, value) in parts {
            if value == Value::Null {
                return Err(format!("`{name}` takes a condition; `{{}}` is one that every object fulfils"));
            }
            match name.as_str() {
                "some" => out.some = Some(Where::read(value, size)?),
                "none" => out.none = Some(Where::read(value, size)?),
                "every" => out.every = Some(Where::read(value, size)?),
                "count" => out.count = Some(Count::read(value, size)?),
                _ => return Err(format!("there is no `{name}`; there are some, none, every and count")),
            }
        }
        Ok(out)
    }
}

impl<T: Record> Count<T> {
    fn read(value: Value, size: &mut Size) -> Result<Self, String> {
        let Value::Object(mut parts) = value else {
            return Err("`count` takes an object such as {gte: 3}".into());
        };
        let of = parts.shift_remove("where").filter(|v| *v != Value::Null);
        let of = of.map_or_else(|| Ok(Where::default()), |v| Where::read(v, size))?;
        let tests = (Filter::<i32>::OF.read)(Value::Object(parts)).map_err(|e| format!("`count`: {e}"))?;
        if tests.is_empty() {
            return Err("`count` takes a comparison such as {gte: 3}".into());
        }
        Ok(Self { of, tests })
    }
}

/// Input types that only describe themselves: what is in them is read by what they stand in.
macro_rules! described {
    (<$param:ident: $bound:path> $type:ty, $name:expr, |$registry:ident| $meta:expr, |$value:ident| $read:expr) => {
        impl<$param: $bound> InputType for $type {
            type RawValueType = Self;
            fn type_name() -> Cow<'static, str> {
                $name.into()
            }
            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |$registry| $meta)
            }
            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                let $value = value.unwrap_or_default();
                $read.map_err(InputValueError::custom)
            }
            fn to_value(&self) -> Value {
                Value::Null
            }
            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }
    };
}

described!(<T: Record> Many<T>, format!("{}ListFilter", T::DEF.name), |registry| {
    let object = <Option<Where<T>> as InputType>::create_type_info(registry);
    let count = <Option<Count<T>> as InputType>::create_type_info(registry);
    let doc = format!("Conditions on a list of objects of type {} (关联筛选). All given ones have to hold.", T::DEF.name);
    let fields = [
        input_field("some", object.clone(), "At least one of them passes (存在); `{}` asks only that there is one."),
        input_field("none", object.clone(), "None of them passes (均不)."),
        input_field("every", object, "Each of them passes (全部); also when there is none."),
        input_field("count", count, "How many there are (数量)."),
    ];
    input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
}, |value| Self::read(value, &mut Size::default()));

described!(<T: Record> Count<T>, format!("{}CountFilter", T::DEF.name), |registry| {
    let object = <Option<Where<T>> as InputType>::create_type_info(registry);
    let mut fields = vec![input_field("where", object, "Which of them are counted (计数范围); all when absent.")];
    // There is always a number.
    fields.extend(Filter::<i32>::fields(registry).into_iter().filter(|(name, _)| name != "isNull"));
    let doc = format!("Conditions on the number of objects of type {} (数量筛选). All given operators have to hold.", T::DEF.name);
    input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
}, |value| Self::read(value, &mut Size::default()));

/// The input type `CListFilter` of a list of values of a code list.
pub struct Codes<T> {
    some: Option<Vec<Test>>,
    none: Option<Vec<Test>>,
    every: Option<Vec<Test>>,
    of: PhantomData<fn() -> T>,
}

impl<T: CodeList> Condition for Codes<T> {
    fn read(value: Value, _: &mut Size) -> Result<Self, String> {
        let Value::Object(parts) = value else {
            return Err("takes an object such as {some: {eq: …}}".into());
        };
        let mut out = Self { some: None, none: None, every: None, of: PhantomData };
        for (name, value) in parts {
            let tests = Some((Filter::<Code<T>>::OF.read)(value)?);
            match name.as_str() {
                "some" => out.some = tests,
                "none" => out.none = tests,
                "every" => out.every = tests,
                _ => return Err(format!("there is no `{name}`; there are some, none and every")),
            }
        }
        Ok(out)
    }

    /// The lists of codes are public.
    fn check(&self, _: &View, _: CodeRange) -> Result<(), Fault> {
        Ok(())
    }
}

impl<T: CodeList> Codes<T> {
    /// Whether a list of values passes.
    pub fn passes(&self, codes: &[Code<T>]) -> bool {
        let passes = |tests: &Vec<Test>, code: &Code<T>| tests.iter().all(|t| t.passes(&code.sort_key()));
        self.some.as_ref().is_none_or(|t| codes.iter().any(|code| passes(t, code)))
            && !self.none.as_ref().is_some_and(|t| codes.iter().any(|code| passes(t, code)))
            && self.every.as_ref().is_none_or(|t| codes.iter().all(|code| passes(t, code)))
    }
}

described!(<T: CodeList> Codes<T>, format!("{}ListFilter", T::NAME), |registry| {
    let of: &FilterOf = &Filter::<Code<T>>::OF;
    let value = (of.describe)(registry);
    let doc = format!("Conditions on a list of values of type {} (多值筛选). All given ones have to hold.", T::NAME);
    let fields = [
        input_field("some", value.clone(), "At least one of them passes (存在)."),
        input_field("none", value.clone(), "None of them passes (均不)."),
        input_field("every", value, "Each of them passes (全部); also when there is none."),
    ];
    input_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), fields)
}, |value| Self::read(value, &mut Size::default()));
