//! Lists: their arguments, their order, and how a page of them is read.

use super::adapter::{argument, plain_object, read_argument};
use super::cursor::{Cursor, CursorKey, refusal};
use super::filter::{Key, Where};
use super::order::Order;
use super::page::{EdgeRef, Page, PageInfo};
use super::record::{ArgGroup, Record};
use super::value::Int64;
use crate::domain::{CodeRange, Fault};
use crate::policy::View;
use crate::snapshot::Handle;
use async_graphql::registry::{MetaInputValue, MetaTypeId, Registry};
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
};
use std::borrow::Cow;

/// Place in the canonical order of a list. In lists over a territory its first part is the code.
pub type Rank = [i64; 8];

/// A record that lists hold.
pub trait Listed: Record<Key = Handle> {
    /// What stands in the list: the object, or an interface of it.
    type Item<'v>: OutputType + Send + Sync;
    /// The object as it stands in the list.
    fn item(view: &View, handle: Handle) -> Self::Item<'_>;
    /// Place in the canonical order.
    fn rank(view: &View, handle: Handle) -> Rank;
    /// All visible objects of a territory in canonical order.
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_>;
}

/// Where the objects of a list come from.
pub enum Source {
    /// All in a territory.
    Territory(CodeRange),
    /// These, which hang on an object (named by a number) and lie in a territory.
    Rows(i64, CodeRange, Vec<Handle>),
}

/// The arguments that every list has.
pub struct ListArgs<T> {
    first: usize,
    pub(super) after: Option<Cursor>,
    filter: Where<T>,
    order: Vec<Order<T>>,
}

/// The largest page.
const MAX_PAGE: i32 = 100;
/// The page when `first` is not given.
const DEFAULT_PAGE: i32 = 20;
/// The longest order.
const MAX_ORDER: usize = 5;

impl<T: Record> ArgGroup for ListArgs<T> {
    fn describe(registry: &mut Registry, into: &mut Vec<MetaInputValue>) {
        into.push(argument::<Option<Where<T>>>(
            registry,
            "where",
            "Which objects to list (筛选条件); all when absent.",
        ));
        let order = "In which order (排序); the canonical order when absent. At most 5 keys.";
        into.push(argument::<Option<Vec<Order<T>>>>(registry, "orderBy", order));
        let mut first = argument::<Option<i32>>(registry, "first", "How many objects, 1 to 100 (每页条数).");
        first.default_value = Some(DEFAULT_PAGE.to_string());
        into.push(first);
        let after = "The cursor after which the page begins (游标): `endCursor` of the page before.";
        into.push(argument::<Option<String>>(registry, "after", after));
    }

    fn read(ctx: &Context<'_>) -> ServerResult<Self> {
        let refuse = |fault: Fault| async_graphql::Error::from(fault).into_server_error(ctx.item.pos);
        let first = read_argument::<Option<i32>>(ctx, "first")?.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&first) {
            return Err(refuse(Fault::input(
                format!("`first` has to be between 1 and {MAX_PAGE}, not {first}. Get more with `after`."),
                format!("first 必须在 1 到 {MAX_PAGE} 之间（现为 {first}）。更多记录请用 after 翻页。"),
            )));
        }
        let order = read_argument::<Option<Vec<Order<T>>>>(ctx, "orderBy")?.unwrap_or_default();
        if order.len() > MAX_ORDER {
            return Err(refuse(Fault::input(
                format!("`orderBy` takes at most {MAX_ORDER} keys."),
                format!("orderBy 最多 {MAX_ORDER} 个排序键。"),
            )));
        }
        let after = match read_argument::<Option<String>>(ctx, "after")? {
            None => None,
            Some(text) => {
                let key = ctx.data::<CursorKey>().map_err(|e| e.into_server_error(ctx.item.pos))?;
                Some(key.open(&text).map_err(refuse)?)
            }
        };
        let filter = read_argument::<Option<Where<T>>>(ctx, "where")?.unwrap_or_default();
        Ok(Self { first: usize::try_from(first).unwrap_or(0), after, filter, order })
    }
}

/// A list of which a page is wanted. Nothing is read before it is resolved.
pub struct Conn<'v, T: Listed> {
    pub(super) view: &'v View,
    source: Source,
    pub(super) args: ListArgs<T>,
    /// Hash of the list, which its cursors carry.
    list: u32,
}

/// How many rows are walked over before others may run.
const BREATH: usize = 1_024;

impl<'v, T: Listed> Conn<'v, T> {
    /// A list.
    ///
    /// # Errors
    /// `CURSOR_INVALID` for a cursor of another list, `FORBIDDEN` for a filter or order by what the viewer may not read,
    /// `QUERY_TOO_EXPENSIVE`.
    pub fn new(view: &'v View, mut source: Source, args: ListArgs<T>) -> Result<Self, Fault> {
        let range = match &source {
            Source::Territory(range) | Source::Rows(_, range, _) => *range,
        };
        args.filter.check(view, range)?;
        for order in &args.order {
            order.check(view, range)?;
        }
        let list = identity::<T>(view, &source, &args);
        if args.after.as_ref().is_some_and(|c| c.list != list || c.keys.len() != args.order.len()) {
            return Err(refusal());
        }
        if let Source::Rows(_, _, rows) = &mut source {
            view.meter().charge(rows.len() as u64)?;
            rows.sort_by_cached_key(|h| T::rank(view, *h));
        }
        Ok(Self { view, source, args, list })
    }

    /// All objects in canonical order, in a territory from a code on.
    fn all(&self, from: u64) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        match &self.source {
            Source::Territory(range) => {
                T::scan(self.view, CodeRange { from: range.from.max(from), to: range.to })
            }
            Source::Rows(_, _, rows) => Box::new(rows.iter().copied()),
        }
    }

    /// Walks over the objects that pass the filter until `visit` has enough, and lets others run on the way.
    async fn walk(&self, from: u64, mut visit: impl FnMut(Handle) -> bool + Send) -> Result<(), Fault> {
        let cost = 1 + self.args.filter.weight();
        for (at, handle) in self.all(from).enumerate() {
            self.view.meter().charge(cost)?;
            if at % BREATH == BREATH - 1 {
                tokio::task::yield_now().await;
            }
            if self.args.filter.passes(self.view, handle) && visit(handle) {
                break;
            }
        }
        Ok(())
    }

    async fn page(&self) -> Result<Page<'_, 'v, T>, Fault> {
        let wanted = self.args.first + 1;
        let mut rows = Vec::with_capacity(wanted);
        if self.args.order.is_empty() {
            let after = self.args.after.as_ref().map(|c| c.rank);
            // The first part of a rank is the code of the territory: what lies before need not be walked over.
            let from = after.and_then(|rank| u64::try_from(rank[0]).ok()).unwrap_or(0);
            self.walk(from, |handle| {
                if after.is_none_or(|after| T::rank(self.view, handle) > after) {
                    rows.push(handle);
                }
                rows.len() == wanted
            })
            .await?;
        } else {
            let mut all = Vec::new();
            self.walk(0, |handle| {
                all.push((self.keys(handle), T::rank(self.view, handle), handle));
                false
            })
            .await?;
            all.sort_by(|a, b| self.compare(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
            let start = self.args.after.as_ref().map_or(0, |after| {
                all.partition_point(|(keys, rank, _)| {
                    self.compare(keys, &after.keys).then_with(|| rank.cmp(&after.rank)).is_le()
                })
            });
            rows.extend(all[start..].iter().take(wanted).map(|(_, _, handle)| *handle));
        }
        let has_next = rows.len() == wanted;
        rows.truncate(self.args.first);
        Ok(Page { conn: self, rows, has_next })
    }

    fn keys(&self, handle: Handle) -> Vec<Key<'v>> {
        self.args.order.iter().map(|o| o.key(self.view, handle)).collect()
    }

    fn compare(&self, a: &[Key<'_>], b: &[Key<'_>]) -> std::cmp::Ordering {
        let pairs = self.args.order.iter().zip(a.iter().zip(b));
        pairs
            .map(|(order, (a, b))| order.compare(a, b))
            .find(|o| o.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    }

    pub(super) fn cursor(&self, handle: Handle, ctx: &Context<'_>) -> ServerResult<Value> {
        let key = ctx.data::<CursorKey>().map_err(|e| e.into_server_error(ctx.item.pos))?;
        Ok(Value::String(key.seal(self.list, &self.keys(handle), T::rank(self.view, handle))))
    }

    pub(super) async fn total(&self) -> Result<i64, Fault> {
        if let (Source::Rows(_, _, rows), true) = (&self.source, self.args.filter.is_empty()) {
            return Ok(i64::try_from(rows.len()).unwrap_or(0));
        }
        let mut count = 0;
        self.walk(0, |_| {
            count += 1;
            false
        })
        .await?;
        Ok(count)
    }

    fn item_name() -> String {
        T::Item::<'static>::type_name().into_owned()
    }
}

/// Hash of what makes a list: cursors of one list are refused by another.
fn identity<T: Listed>(view: &View, source: &Source, args: &ListArgs<T>) -> u32 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(T::DEF.name.as_bytes());
    match source {
        Source::Territory(range) => hasher.update(&range.from.to_le_bytes()).update(&range.to.to_le_bytes()),
        Source::Rows(owner, ..) => hasher.update(b"rows").update(&owner.to_le_bytes()),
    };
    hasher.update(args.filter.text.as_bytes()).update(b"\0");
    for order in &args.order {
        hasher.update(order.text().as_bytes());
    }
    hasher.update(&view.explicit_day().map_or(i32::MIN, |d| d.0).to_le_bytes());
    let bytes = hasher.finalize();
    u32::from_le_bytes([bytes.as_bytes()[0], bytes.as_bytes()[1], bytes.as_bytes()[2], bytes.as_bytes()[3]])
}

impl<T: Listed> OutputType for Conn<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", Self::item_name()).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let edge = <EdgeRef<'static, 'static, T> as OutputType>::create_type_info(registry);
            let item = <T::Item<'static> as OutputType>::create_type_info(registry);
            let info = <PageInfo<'static, 'static, 'static, T> as OutputType>::create_type_info(registry);
            let count = <Int64 as OutputType>::create_type_info(registry);
            let doc = format!("A page of a list of objects of type {} (分页列表).", Self::item_name());
            plain_object(
                &Self::type_name(),
                &doc,
                std::any::type_name::<Self>(),
                &[
                    ("edges", format!("[{edge}]!"), "The objects with their cursors, at most `first` (边)."),
                    ("nodes", format!("[{item}]!"), "The objects themselves, at most `first` (节点)."),
                    ("pageInfo", info, "Whether there is more, and from where (分页信息)."),
                    ("totalCount", count, "How many objects the whole list has, over all pages (总数)."),
                ],
            )
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let page = self.page().await;
        let page = page.map_err(|fault| async_graphql::Error::from(fault).into_server_error(field.pos))?;
        resolve_container(ctx, &page).await
    }
}
