//! Records: what a type and a field are, and how async-graphql's executor reads them.

use super::adapter::{object, resolve_error};
use super::cursor::CursorKey;
use super::direct::Bytes;
use super::key::Key;
use super::operator::FilterOf;
use super::plan::{Read, Step, Sub};
use super::relation::Relation;
use super::request::{Bail, Request};
use super::writer::Writer;
use crate::domain::Fault;
use crate::policy::{Class, Rule, View};
use async_graphql::registry::{MetaInputValue, MetaTypeId, Registry};
use async_graphql::resolver_utils::{ContainerType, resolve_container};
use async_graphql::{
    Context, ContextSelectionSet, InputType, ObjectType, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, SelectionSet},
};
use std::borrow::Cow;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

/// What is said about a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// Name in the graph.
    pub name: &'static str,
    /// Description with the Chinese term.
    pub doc: &'static str,
    /// Class of the data.
    pub class: Class,
    /// Rule by which it is shown.
    pub rule: Rule,
    /// Steps that reading it costs.
    pub cost: u64,
    /// Why it is deprecated and until when it stays.
    pub deprecated: Option<&'static str>,
}

/// How a field is filtered and ordered by.
pub struct Column<K> {
    /// The filter of its type.
    pub of: &'static FilterOf,
    /// Its value as a key.
    pub key: for<'v> fn(&'v View, K) -> Key<'v>,
    /// Whether lists can be filtered by it.
    pub filter: bool,
    /// Whether lists can be ordered by it.
    pub order: bool,
}

/// What reading a field ends in.
pub type Resolved<'c> = Pin<Box<dyn Future<Output = ServerResult<Option<Value>>> + Send + 'c>>;

/// The definition of a field. Made by `#[fields]`, never by hand.
pub struct FieldDef<K> {
    /// What is said about it.
    pub info: FieldInfo,
    /// Registers its type and names it.
    pub ty: fn(&mut Registry) -> String,
    /// Describes its arguments.
    pub args: fn(&mut Registry) -> Vec<MetaInputValue>,
    /// How lists are filtered and ordered by it.
    pub column: Option<Column<K>>,
    /// How lists are filtered through it.
    pub relation: Option<Relation<K>>,
    /// Reads it in the library's executor: the ordinary level.
    pub resolve: for<'c> fn(&'c View, K, &'c Context<'c>) -> Resolved<'c>,
    /// Reads its arguments.
    pub arguments: Read,
    /// Compiles what is selected below it.
    pub below: for<'d> fn(&Request<'d, '_>, &[&'d SelectionSet]) -> Result<Sub<'d>, Bail>,
    /// Writes it as bytes of the answer: the direct level.
    pub write: for<'v, 'w, 'd> fn(&'v View, K, &Step<'d>, &mut Writer<'w, 'd>) -> Result<(), Bail>,
}

/// The definition of a type.
pub struct TypeDef<K: 'static> {
    /// Name in the graph.
    pub name: &'static str,
    /// Description with the Chinese term.
    pub doc: &'static str,
    /// Interfaces.
    pub implements: &'static [&'static str],
    /// Fields, those of interfaces first.
    pub fields: &'static [&'static [FieldDef<K>]],
}

impl<K> TypeDef<K> {
    /// All fields in the order of the schema.
    pub fn all(&self) -> impl Iterator<Item = &'static FieldDef<K>> {
        self.fields.iter().flat_map(|f| f.iter())
    }

    /// The field with the name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldDef<K>> {
        self.all().find(|f| f.info.name == name)
    }

    /// Whether a condition on a type holds for its objects.
    #[must_use]
    pub fn is(&self, condition: &str) -> bool {
        condition == self.name || self.implements.contains(&condition)
    }
}

/// A type of the graph whose objects are read from the register.
pub trait Record: Sized + Send + Sync + 'static {
    /// What an object is found by: a handle, or a small value.
    type Key: Copy + Send + Sync + 'static;
    /// The definition.
    const DEF: TypeDef<Self::Key>;
    /// Whether the rule is fulfilled for the object.
    fn permits(view: &View, key: Self::Key, rule: Rule) -> bool;
}

/// A type with what is said about its fields, for the policy matrix and the documentation.
#[derive(Debug, Clone)]
pub struct TypeInfo {
    /// Name of the type.
    pub name: &'static str,
    /// Its fields.
    pub fields: Vec<FieldInfo>,
}

/// What is said about a type.
#[must_use]
pub fn type_info<T: Record>() -> TypeInfo {
    TypeInfo { name: T::DEF.name, fields: T::DEF.all().map(|f| f.info).collect() }
}

/// The arguments of a field, at whatever level it is read.
pub trait Arguments {
    /// What is said of one that is not acceptable.
    type Error;
    /// The value of an argument.
    ///
    /// # Errors
    /// When it is not acceptable.
    fn value<T: InputType>(&self, name: &str) -> Result<T, Self::Error>;
    /// Refuses the arguments.
    fn refuse(&self, fault: Fault) -> Self::Error;
    /// The key of the request's cursors.
    ///
    /// # Errors
    /// When the request has none.
    fn secret(&self) -> Result<&CursorKey, Self::Error>;
}

/// Several arguments that always come together.
pub trait ArgGroup: Sized {
    /// Describes the arguments.
    fn describe(registry: &mut Registry, into: &mut Vec<MetaInputValue>);
    /// Reads the arguments of a field.
    ///
    /// # Errors
    /// When a value is not acceptable.
    fn read<A: Arguments>(given: &A) -> Result<Self, A::Error>;
}

/// An object: the view it is seen through, and what it is found by.
pub struct Ref<'v, T: Record> {
    /// The view; all that is reached from here is seen through it.
    pub view: &'v View,
    /// What the object is found by.
    pub key: T::Key,
}

impl<T: Record> Clone for Ref<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Record> Copy for Ref<'_, T> {}

impl<'v, T: Record> Ref<'v, T> {
    /// An object.
    pub fn new(view: &'v View, key: T::Key) -> Self {
        Self { view, key }
    }

    /// An object of another type seen through the same view.
    pub fn to<U: Record>(self, key: U::Key) -> Ref<'v, U> {
        Ref::new(self.view, key)
    }
}

impl<T: Record> OutputType for Ref<'_, T> {
    fn type_name() -> Cow<'static, str> {
        T::DEF.name.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, object::<T>)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: Record> ContainerType for Ref<'_, T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        read_field::<T>(self.view, self.key, ctx).await
    }
}

/// Charges a field that is about to be written. Long keys make long answers: they are charged too.
///
/// # Errors
/// `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub fn charge(view: &View, ctx: &Context<'_>, cost: u64) -> ServerResult<()> {
    let key_length = ctx.item.node.response_key().node.len() as u64;
    let refuse =
        |fault| ctx.set_error_path(async_graphql::Error::from(fault).into_server_error(ctx.item.pos));
    view.meter().charge(cost + key_length / 16).map_err(refuse)
}

/// Reads a field of an object: charged and masked.
pub async fn read_field<T: Record>(
    view: &View,
    key: T::Key,
    ctx: &Context<'_>,
) -> ServerResult<Option<Value>> {
    let Some(def) = T::DEF.field(&ctx.item.node.name.node) else { return Ok(None) };
    charge(view, ctx, def.info.cost)?;
    if def.info.class != Class::Public && !T::permits(view, key, def.info.rule) {
        view.meter().mask(T::DEF.name, def.info.name);
        return Ok(Some(Value::Null));
    }
    match (def.resolve)(view, key, ctx).await {
        Err(error) => resolve_error(error, T::DEF.name, ctx),
        Ok(Some(Value::String(text))) => {
            view.meter().will_write(text.len()).map_err(|fault| ctx.refuse(fault))?;
            Ok(Some(Value::String(text)))
        }
        done => done,
    }
}

/// The root of the queries. The view is data of the request.
pub struct Root<T>(pub PhantomData<T>);

impl<T: Record<Key = ()>> OutputType for Root<T> {
    fn type_name() -> Cow<'static, str> {
        T::DEF.name.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Ref<'static, T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: Record<Key = ()>> ContainerType for Root<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let view = ctx.data::<std::sync::Arc<View>>().map_err(|e| e.into_server_error(ctx.item.pos))?;
        if let Some(bytes) = ctx.data_opt::<std::sync::Arc<Bytes>>() {
            // Once it gave up the answer is thrown away: nothing more is to be worked out for it.
            let gave_up = || async_graphql::ServerError::new("", Some(ctx.item.pos));
            return bytes.field::<T>(ctx, view).map(Some).ok_or_else(gave_up);
        }
        read_field::<T>(view, (), ctx).await
    }
}

impl<T: Record<Key = ()>> ObjectType for Root<T> {}
