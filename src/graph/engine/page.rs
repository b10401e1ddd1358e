//! A page of a list as the contract has it: `edges`, `nodes`, `pageInfo`, `totalCount`. What is not selected is not made.

use super::adapter::{plain_object, resolve_error, resolve_value, with_fields};
use super::connection::{Conn, Listed};
use super::plan::Sub;
use super::record::{Record, Ref, charge, read_field};
use super::request::{Bail, Request};
use super::value::Int64;
use super::writer::{Out, Writer};
use crate::domain::Fault;
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::resolver_utils::{ContainerType, resolve_container};
use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, SelectionSet},
};
use std::borrow::Cow;

/// A page that was read.
pub struct Page<'c, 'v, T: Listed> {
    pub conn: &'c Conn<'v, T>,
    pub rows: Cow<'c, [T::Key]>,
    /// Whether objects stand before it; `None` when that was not found out on the way.
    pub previous: Option<bool>,
    /// Whether objects stand after it.
    pub next: Option<bool>,
}

impl<T: Listed> Page<'_, '_, T> {
    pub(super) fn previous(&self) -> Result<bool, Fault> {
        self.previous.map_or_else(|| self.conn.exists(true), Ok)
    }

    pub(super) fn next(&self) -> Result<bool, Fault> {
        self.next.map_or_else(|| self.conn.exists(false), Ok)
    }
}

impl<T: Listed> OutputType for Page<'_, '_, T> {
    fn type_name() -> Cow<'static, str> {
        Conn::<T>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Conn<'static, T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: Listed> ContainerType for Page<'_, '_, T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let (conn, view) = (self.conn, self.conn.view);
        // Each object that is written costs a step, even when nothing but its type is asked for.
        let objects = matches!(ctx.item.node.name.node.as_str(), "nodes" | "edges");
        charge(view, ctx, if objects { 1 + self.rows.len() as u64 } else { 1 })?;
        match ctx.item.node.name.node.as_str() {
            "nodes" => {
                let items: Vec<_> = self.rows.iter().map(|h| T::item(view, *h)).collect();
                resolve_value(&items, ctx).await
            }
            "edges" => {
                let edges: Vec<_> = self.rows.iter().map(|h| EdgeRef { conn, key: *h }).collect();
                resolve_value(&edges, ctx).await
            }
            "pageInfo" => resolve_value(&PageInfo { page: self }, ctx).await,
            "totalCount" => match conn.total() {
                Ok(total) => resolve_value(&Int64(total), ctx).await,
                Err(fault) => {
                    let error = async_graphql::Error::from(fault).into_server_error(ctx.item.pos);
                    resolve_error(error, &Self::type_name(), ctx)
                }
            },
            _ => Ok(None),
        }
    }
}

/// An object in a list.
pub struct EdgeRef<'c, 'v, T: Listed> {
    pub conn: &'c Conn<'v, T>,
    pub key: T::Key,
}

impl<T: Listed> OutputType for EdgeRef<'_, '_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::list_name()).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let item = <T::Item<'static> as OutputType>::create_type_info(registry);
            let doc = format!("An object of type {} in a list (列表项).", T::Item::<'static>::type_name());
            let fields = [
                ("cursor", "String!".to_owned(), "Its cursor, for `after` and `before` (游标)."),
                ("node", item, "The object (节点)."),
            ];
            let edge = plain_object(&Self::type_name(), &doc, std::any::type_name::<Self>(), &fields);
            with_fields(edge, registry, T::EDGE)
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: Listed> ContainerType for EdgeRef<'_, '_, T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        match ctx.item.node.name.node.as_str() {
            "cursor" => self.conn.cursor(self.key, ctx).map(Some),
            "node" => {
                charge(self.conn.view, ctx, 1)?;
                resolve_value(&T::item(self.conn.view, self.key), ctx).await
            }
            _ => read_field::<T>(self.conn.view, self.key, ctx).await,
        }
    }
}

/// Where a page stands in its list.
pub struct PageInfo<'p, 'c, 'v, T: Listed> {
    pub page: &'p Page<'c, 'v, T>,
}

/// All pages share one type in the schema.
struct PageInfoType;

/// Registers the type that all pages share.
fn page_info_type(registry: &mut Registry) {
    if !registry.types.contains_key("PageInfo") {
        let meta = plain_object(
            "PageInfo",
            "Where a page stands in its list (分页信息).",
            std::any::type_name::<PageInfoType>(),
            &[
                (
                    "hasNextPage",
                    "Boolean!".to_owned(),
                    "Whether objects stand after the page (是否有下一页).",
                ),
                (
                    "hasPreviousPage",
                    "Boolean!".to_owned(),
                    "Whether objects stand before the page (是否有上一页).",
                ),
                (
                    "startCursor",
                    "String".to_owned(),
                    "Cursor of the first object, for `before`; null on an empty page (首条游标).",
                ),
                (
                    "endCursor",
                    "String".to_owned(),
                    "Cursor of the last object, for `after`; null on an empty page (末条游标).",
                ),
            ],
        );
        registry.types.insert("PageInfo".to_owned(), meta);
    }
}

/// Where a page stands that is no page of a list: `T` has the fields of the shared type.
pub struct PageInfoOf<'v, T: Record>(pub Ref<'v, T>);

impl<T: Record> OutputType for PageInfoOf<'_, T> {
    fn type_name() -> Cow<'static, str> {
        "PageInfo".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        page_info_type(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, &self.0).await
    }
}

impl<T: Record> Out for PageInfoOf<'_, T> {
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        <Ref<'_, T> as Out>::compile(request, sets)
    }
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        self.0.write(sub, out)
    }
}

impl<T: Listed> OutputType for PageInfo<'_, '_, '_, T> {
    fn type_name() -> Cow<'static, str> {
        "PageInfo".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        page_info_type(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: Listed> ContainerType for PageInfo<'_, '_, '_, T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let refuse = |fault: Fault| {
            ctx.set_error_path(async_graphql::Error::from(fault).into_server_error(ctx.item.pos))
        };
        let cursor =
            |key: Option<&T::Key>| key.map_or(Ok(Value::Null), |key| self.page.conn.cursor(*key, ctx));
        charge(self.page.conn.view, ctx, 1)?;
        Ok(Some(match ctx.item.node.name.node.as_str() {
            "hasNextPage" => Value::Boolean(self.page.next().map_err(refuse)?),
            "hasPreviousPage" => Value::Boolean(self.page.previous().map_err(refuse)?),
            "startCursor" => cursor(self.page.rows.first())?,
            "endCursor" => cursor(self.page.rows.last())?,
            _ => return Ok(None),
        }))
    }
}
