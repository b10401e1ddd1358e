//! Filters through relations: of one object its `where`, of many `some`, `none`, `every` and `count`.

use super::connection::{Conn, Listed};
use super::filter::{Size, Where};
use super::many::{Codes, Many};
use super::record::{Record, Ref};
use super::value::Code;
use crate::domain::{CodeList, CodeRange, Fault};
use crate::policy::View;
use async_graphql::registry::Registry;
use async_graphql::{InputType, Value};
use std::any::Any;

/// A condition whose type only the relation knows.
pub type Erased = Box<dyn Any + Send + Sync>;

/// How lists are filtered through a field. Made by `#[fields]`.
pub struct Relation<K> {
    /// Whether it leads out of the territory of a list.
    pub anywhere: bool,
    /// Registers the input type of its condition and names it.
    pub describe: fn(&mut Registry) -> String,
    /// Reads a condition.
    pub read: fn(Value, &mut Size) -> Result<Erased, String>,
    /// Refuses what the viewer may not filter by.
    pub check: fn(&Erased, &View, CodeRange) -> Result<(), Fault>,
    /// Whether an object passes.
    pub test: fn(&View, K, &Erased) -> Result<bool, Fault>,
}

/// A condition on what is related: an input type that is read inside of a filter.
pub trait Condition: InputType + 'static {
    /// Reads a condition.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(value: Value, size: &mut Size) -> Result<Self, String>;
    /// Refuses what the viewer may not filter by.
    ///
    /// # Errors
    /// `FORBIDDEN`.
    fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault>;
}

/// What a field returns that lists can be filtered through.
pub trait Relates {
    /// Its condition.
    type Condition: Condition;
    /// Whether what the field returned passes.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`.
    fn test(self, view: &View, condition: &Self::Condition) -> Result<bool, Fault>;
}

/// Registers the input type of a condition and names it.
pub fn describe<R: Relates>(registry: &mut Registry) -> String {
    <Option<R::Condition> as InputType>::create_type_info(registry)
}

/// Reads a condition and hides its type.
///
/// # Errors
/// What is wrong with it.
pub fn read<R: Relates>(value: Value, size: &mut Size) -> Result<Erased, String> {
    R::Condition::read(value, size).map(|condition| Box::new(condition) as Erased)
}

/// Refuses what the viewer may not filter by.
///
/// # Errors
/// `FORBIDDEN`.
pub fn check<R: Relates>(condition: &Erased, view: &View, range: CodeRange) -> Result<(), Fault> {
    condition.downcast_ref::<R::Condition>().map_or(Ok(()), |condition| condition.check(view, range))
}

/// Tests what a field returned.
///
/// # Errors
/// `QUERY_TOO_EXPENSIVE`.
pub fn test<R: Relates>(of: R, view: &View, condition: &Erased) -> Result<bool, Fault> {
    condition.downcast_ref().map_or(Ok(false), |condition| of.test(view, condition))
}

/// One object, whatever it is wrapped in: itself, or an interface.
pub trait One {
    /// Whose columns the filter sees.
    type Record: Record;
    /// The view it is seen through.
    fn view(&self) -> &View;
    /// What it is found by.
    fn key(&self) -> <Self::Record as Record>::Key;
}

impl<T: Record> One for Ref<'_, T> {
    type Record = T;
    fn view(&self) -> &View {
        self.view
    }
    fn key(&self) -> T::Key {
        self.key
    }
}

impl<O: One> Relates for Option<O> {
    type Condition = Where<O::Record>;
    /// An object that is absent passes nothing, not even `{}`.
    fn test(self, _: &View, condition: &Self::Condition) -> Result<bool, Fault> {
        self.map_or(Ok(false), |of| condition.passes(of.view(), of.key()))
    }
}

impl<O: One> Relates for Result<Option<O>, Fault> {
    type Condition = Where<O::Record>;
    fn test(self, view: &View, condition: &Self::Condition) -> Result<bool, Fault> {
        self?.test(view, condition)
    }
}

impl<O: One> Relates for Vec<O> {
    type Condition = Many<O::Record>;
    fn test(self, view: &View, condition: &Self::Condition) -> Result<bool, Fault> {
        condition.passes(view, self.iter().map(|of| (of.view(), of.key())))
    }
}

impl<T: Listed> Relates for Result<Conn<'_, T>, Fault> {
    type Condition = Many<T>;
    fn test(self, view: &View, condition: &Self::Condition) -> Result<bool, Fault> {
        let list = self?;
        condition.passes(view, list.unordered().map(|key| (list.view, key)))
    }
}

impl<T: CodeList> Relates for Vec<Code<T>> {
    type Condition = Codes<T>;
    fn test(self, _: &View, condition: &Codes<T>) -> Result<bool, Fault> {
        Ok(condition.passes(&self))
    }
}
