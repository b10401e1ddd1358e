//! Values that fields return: texts, ids, codes, dates and the scalars of the contract.

use super::adapter::{enum_type, scalar};
use crate::domain::{CodeList, CreditCode, Day, DivisionCode, LabelLocale};
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, OutputType, Positioned, ServerResult,
    Value, parser::types::Field,
};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A text that stands in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'v>(pub &'v str);

impl OutputType for Text<'_> {
    fn type_name() -> Cow<'static, str> {
        "String".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.0.to_owned()))
    }
}

/// A whole number that may be larger than 32 bits; written as a JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int64(pub i64);

impl OutputType for Int64 {
    fn type_name() -> Cow<'static, str> {
        "Int".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <i32 as OutputType>::create_type_info(registry)
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Number(self.0.into()))
    }
}

/// A number with decimals; written as a JSON number, without zeros at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal(pub crate::domain::Decimal);

impl OutputType for Decimal {
    fn type_name() -> Cow<'static, str> {
        "Float".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let text = self.0.json();
        let whole = text.parse::<i64>().ok().map(Into::into);
        let number = whole.or_else(|| async_graphql::Number::from_f64(self.0.number()));
        Ok(number.map_or(Value::Null, Value::Number))
    }
}

/// A value of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code<T>(pub T);

impl<T: CodeList> Code<T> {
    fn register(registry: &mut Registry) -> String {
        let make = |_: &mut Registry| {
            let values = T::ITEMS.iter().map(|i| (i.value.to_owned(), format!("{} ({}).", i.en, i.zh)));
            enum_type(T::NAME, T::DOC.trim(), std::any::type_name::<Self>(), values.collect())
        };
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, make)
    }
}

impl<T: CodeList> OutputType for Code<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(async_graphql::Name::new(self.0.value())))
    }
}

impl<T: CodeList> InputType for Code<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = match value.unwrap_or_default() {
            Value::Enum(name) => name.to_string(),
            Value::String(text) => text,
            other => return Err(InputValueError::expected_type(other)),
        };
        T::parse(&text)
            .map(Self)
            .ok_or_else(|| InputValueError::custom(format!("there is no value `{text}`")))
    }
    fn to_value(&self) -> Value {
        Value::Enum(async_graphql::Name::new(self.0.value()))
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// A value with a label in two languages.
pub trait Labelled {
    /// A text, or perhaps none.
    type Label: OutputType;
    /// The label; Chinese when no language is given.
    fn label(&self, locale: Option<Code<LabelLocale>>) -> Self::Label;
}

impl<T: CodeList> Labelled for Code<T> {
    type Label = Text<'static>;
    fn label(&self, locale: Option<Code<LabelLocale>>) -> Text<'static> {
        let item = self.0.item();
        Text(if locale == Some(Code(LabelLocale::En)) { item.en } else { item.zh })
    }
}

impl<T: CodeList> Labelled for Option<Code<T>> {
    type Label = Option<Text<'static>>;
    fn label(&self, locale: Option<Code<LabelLocale>>) -> Option<Text<'static>> {
        self.as_ref().map(|code| code.label(locale))
    }
}

/// Implements a scalar whose text a domain type reads and writes.
macro_rules! text_scalar {
    ($type:ty, $name:literal, $doc:literal, $url:literal, $expect:literal, |$text:ident| $parse:expr, |$value:ident| $write:expr) => {
        impl OutputType for $type {
            fn type_name() -> Cow<'static, str> {
                $name.into()
            }
            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_output_type::<Self, _>(MetaTypeId::Scalar, |_| scalar($name, $doc, $url))
            }
            async fn resolve(
                &self,
                _: &ContextSelectionSet<'_>,
                _: &Positioned<Field>,
            ) -> ServerResult<Value> {
                let $value = self;
                Ok(Value::String($write))
            }
        }
        impl InputType for $type {
            type RawValueType = Self;
            fn type_name() -> Cow<'static, str> {
                $name.into()
            }
            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_input_type::<Self, _>(MetaTypeId::Scalar, |_| scalar($name, $doc, $url))
            }
            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                match value.unwrap_or_default() {
                    Value::String($text) => {
                        let parsed: Option<Self> = $parse;
                        parsed.ok_or_else(|| InputValueError::custom($expect))
                    }
                    other => Err(InputValueError::expected_type(other)),
                }
            }
            fn to_value(&self) -> Value {
                let $value = self;
                Value::String($write)
            }
            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }
    };
}

text_scalar!(
    Day,
    "Date",
    "A calendar day (日期) in Asia/Shanghai, `YYYY-MM-DD`. Refused: other shapes, and days that do not exist.",
    "https://scalars.graphql.org/andimarek/local-date.html",
    "expected a date that exists, such as 2026-03-01",
    |text| Day::parse(&text),
    |value| value.to_string()
);

text_scalar!(
    DivisionCode,
    "DivisionCode",
    "A division code (行政区划代码) of 2, 4, 6, 9 or 12 digits, such as 210681 or 610902111. Codes filled up with zeros mean the \
     same division (210600 is 2106); answers use the shortest form. Refused: other lengths and anything but digits.",
    "https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=C9C488FD717AFDCD52157F41C3302C6D",
    "expected a division code of 2, 4, 6, 9 or 12 digits, such as 210681",
    |text| DivisionCode::parse(&text),
    |value| value.to_string()
);

text_scalar!(
    CreditCode,
    "CreditCode",
    "A unified social credit code (统一社会信用代码), GB 32100-2015: eighteen characters of 0-9 and A-Z without I, O, S, V and Z. \
     A check character that does not fit is not refused: some early codes are like that.",
    "https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=24691C25985C1073D3A7C85629378AC0",
    "expected eighteen characters of 0-9 and A-Z without I, O, S, V and Z",
    |text| CreditCode::parse(&text),
    |value| value.as_str().to_owned()
);

/// A moment in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTime(pub String);

text_scalar!(
    DateTime,
    "DateTime",
    "A moment (时间) in UTC, `YYYY-MM-DDTHH:MM:SSZ`.",
    "https://scalars.graphql.org/andimarek/date-time.html",
    "expected a moment in UTC, such as 2026-03-01T08:00:00Z",
    |text| crate::domain::date::is_moment(&text).then_some(DateTime(text)),
    |value| value.0.clone()
);

/// Keeps the type parameter of generic markers.
pub type Marker<T> = PhantomData<fn() -> T>;
