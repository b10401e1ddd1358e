//! Keys: the values of columns, comparable, and tests of them.

use super::gid::Gid;
use super::operator::{Family, Filter, FilterOf, FilterValue};
use super::value::{Code, Int64, Text};
use crate::domain::{CodeList, CodeRange, CreditCode, Day, DivisionCode};
use async_graphql::ID;
use std::borrow::Cow;

/// The value of a column. Null sorts first here; the order of a list says where it stands there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'v> {
    /// No value.
    Null,
    /// A number, a day, a code, a position in a code list, or a truth value.
    Number(i64),
    /// A text.
    Text(Cow<'v, str>),
}

/// A value that lists can be filtered and ordered by.
pub trait Sortable<'v> {
    /// The filter of its type.
    const FILTER: &'static FilterOf;
    /// Its key.
    fn sort_key(&self) -> Key<'v>;
}

/// One test of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    In(Vec<Key<'static>>),
    NotIn(Vec<Key<'static>>),
    Below(Key<'static>, bool),
    Above(Key<'static>, bool),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Within(CodeRange),
    IsNull(bool),
}

impl Test {
    /// Whether a value passes. A missing value passes only `isNull: true` and what is the negation of a test that it fails.
    #[must_use]
    pub fn passes(&self, value: &Key<'_>) -> bool {
        let text = |test: &dyn Fn(&str) -> bool| matches!(value, Key::Text(text) if test(text));
        match self {
            Self::In(values) => *value != Key::Null && values.contains(value),
            Self::NotIn(values) => !values.contains(value),
            Self::Below(limit, equal) => *value != Key::Null && (value < limit || *equal && value == limit),
            Self::Above(limit, equal) => *value != Key::Null && (value > limit || *equal && value == limit),
            Self::Contains(part) => text(&|t| t.contains(part)),
            Self::StartsWith(part) => text(&|t| t.starts_with(part)),
            Self::EndsWith(part) => text(&|t| t.ends_with(part)),
            Self::Within(range) => {
                matches!(value, Key::Number(n) if (range.from..range.to).contains(&n.cast_unsigned()))
            }
            Self::IsNull(wanted) => (*value == Key::Null) == *wanted,
        }
    }

    /// What it costs beyond one step: long lists of values are compared one by one.
    #[must_use]
    pub fn weight(&self) -> u64 {
        match self {
            Self::In(values) | Self::NotIn(values) => values.len() as u64 / 8,
            _ => 0,
        }
    }
}

/// A type of values: as a column of objects, and as a value of filters.
macro_rules! sortable {
    ($type:ty, $value:ty, |$this:ident| $key:expr) => {
        impl<'v> Sortable<'v> for $type {
            const FILTER: &'static FilterOf = &Filter::<$value>::OF;
            fn sort_key(&self) -> Key<'v> {
                let $this = self;
                $key
            }
        }
    };
}

macro_rules! filter_value {
    ($type:ty, $family:ident) => {
        impl FilterValue for $type {
            const FAMILY: Family = Family::$family;
            fn key(self) -> Key<'static> {
                self.sort_key()
            }
        }
    };
}

sortable!(Text<'v>, String, |this| Key::Text(Cow::Borrowed(this.0)));
sortable!(String, String, |this| Key::Text(Cow::Owned(this.clone())));
sortable!(Day, Day, |this| Key::Number(this.0.into()));
sortable!(DivisionCode, DivisionCode, |this| Key::Number(this.number().cast_signed()));
sortable!(CreditCode, CreditCode, |this| Key::Text(Cow::Owned(this.as_str().to_owned())));
sortable!(bool, bool, |this| Key::Number(i64::from(*this)));
sortable!(i32, i32, |this| Key::Number(i64::from(*this)));
sortable!(Int64, i32, |this| Key::Number(this.0));

sortable!(Gid, ID, |this| Key::Text(Cow::Owned(this.text().to_owned())));

impl FilterValue for ID {
    const FAMILY: Family = Family::Choice;
    fn key(self) -> Key<'static> {
        Key::Text(Cow::Owned(self.0))
    }
}

filter_value!(String, Text);
filter_value!(Day, Quantity);
filter_value!(DivisionCode, Place);
filter_value!(CreditCode, Choice);
filter_value!(bool, Truth);
filter_value!(i32, Quantity);

impl<'v, T: CodeList> Sortable<'v> for Code<T> {
    const FILTER: &'static FilterOf = &Filter::<Code<T>>::OF;
    fn sort_key(&self) -> Key<'v> {
        Key::Number(i64::try_from(self.0.index()).unwrap_or(0))
    }
}

impl<T: CodeList> FilterValue for Code<T> {
    const FAMILY: Family = Family::Choice;
    fn key(self) -> Key<'static> {
        self.sort_key()
    }
}

impl<'v, T: Sortable<'v>> Sortable<'v> for Option<T> {
    const FILTER: &'static FilterOf = T::FILTER;
    fn sort_key(&self) -> Key<'v> {
        self.as_ref().map_or(Key::Null, Sortable::sort_key)
    }
}

impl<'v, T: Sortable<'v>> Sortable<'v> for Result<T, crate::domain::Fault> {
    const FILTER: &'static FilterOf = T::FILTER;
    fn sort_key(&self) -> Key<'v> {
        self.as_ref().map_or(Key::Null, Sortable::sort_key)
    }
}
