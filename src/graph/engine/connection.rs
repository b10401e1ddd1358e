//! Lists: their arguments, their order, and how a page of them is read.

use super::adapter::plain_object;
use super::cursor::{Cursor, CursorKey, refusal};
use super::key::Key;
use super::listing::{ListArgs, Listing};
use super::order::Order;
use super::page::{EdgeRef, PageInfo};
use super::record::{Arguments, FieldDef, Record, charge};
use super::relation::Condition;
use super::value::Int64;
use super::writer::Out;
use crate::domain::{CodeRange, Fault};
use crate::policy::View;
use async_graphql::registry::{MetaTypeId, Registry};
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

/// Place in the canonical order of a list. In lists over a territory its first part is the code.
pub type Rank = [i64; 8];

/// A record that lists hold.
pub trait Listed: Record {
    /// What stands in the list: the object, or an interface of it.
    type Item<'v>: OutputType + Out + Send + Sync;
    /// The object as it stands in the list.
    fn item(view: &View, key: Self::Key) -> Self::Item<'_>;
    /// Place in the canonical order.
    fn rank(view: &View, key: Self::Key) -> Rank;
    /// What the types of its lists are called.
    fn list_name() -> String {
        Self::Item::<'static>::type_name().into_owned()
    }
    /// Fields of an edge beside its cursor and its node: those of the record, where what is listed is not the node itself.
    const EDGE: &'static [&'static [FieldDef<Self::Key>]] = &[];
    /// All visible objects of a territory in canonical order.
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Self::Key> + Send + '_>;
}

/// Rows that hang on an object: mostly a few.
pub type Hanging<K> = SmallVec<[K; 8]>;

/// Where the objects of a list come from.
pub enum Source<K> {
    /// All in a territory.
    Territory(CodeRange),
    /// These, which hang on an object (named by a number) and lie in a territory.
    Rows(i64, CodeRange, Hanging<K>),
    /// The same, and they stand in canonical order already.
    InOrder(i64, CodeRange, Hanging<K>),
}

/// Steps that a cursor costs.
pub(super) const CURSOR: u64 = 4;

/// A list of which a page is wanted. Nothing is read before it is resolved.
pub struct Conn<'v, T: Listed> {
    pub(super) view: &'v View,
    pub(super) source: Source<T::Key>,
    pub(super) args: Arc<Listing<T>>,
    /// The rows in canonical order, once they were needed; nothing when they stand in it.
    sorted: OnceLock<Option<Vec<T::Key>>>,
    /// Hash of the list, which its cursors carry.
    list: OnceLock<u32>,
}

impl<'v, T: Listed> Conn<'v, T> {
    /// A list.
    ///
    /// # Errors
    /// `CURSOR_INVALID` for a cursor of another list, `FORBIDDEN` for a filter or order by what the viewer may not read,
    /// `QUERY_TOO_EXPENSIVE`.
    pub fn new(view: &'v View, source: Source<T::Key>, args: ListArgs<T>) -> Result<Self, Fault> {
        let range = match &source {
            Source::Territory(range) | Source::Rows(_, range, _) | Source::InOrder(_, range, _) => *range,
        };
        let args = args.0;
        args.filter.check(view, range)?;
        for order in &args.order {
            order.check(view, range)?;
        }
        if let Source::Rows(_, _, rows) | Source::InOrder(_, _, rows) = &source {
            view.meter().charge(rows.len() as u64)?;
        }
        let out = Self { view, source, args, sorted: OnceLock::new(), list: OnceLock::new() };
        let foreign = |c: &Cursor| c.list != out.list() || c.keys.len() != out.args.order.len();
        if [&out.args.paging.after, &out.args.paging.before].into_iter().flatten().any(foreign) {
            return Err(refusal());
        }
        Ok(out)
    }

    /// All objects, in no order, without a filter: for conditions on relations.
    pub(super) fn unordered(&self) -> Box<dyn Iterator<Item = T::Key> + Send + '_> {
        match &self.source {
            Source::Territory(range) => T::scan(self.view, *range),
            Source::Rows(_, _, rows) | Source::InOrder(_, _, rows) => Box::new(rows.iter().copied()),
        }
    }

    /// The rows in canonical order, when the list begins with the first of them and holds them all.
    pub(super) fn as_they_stand(&self) -> Option<&[T::Key]> {
        let paging = &self.args.paging;
        let plain = self.args.order.is_empty() && self.args.filter.is_empty() && !paging.backwards;
        match &self.source {
            Source::Rows(_, _, rows) | Source::InOrder(_, _, rows)
                if plain && paging.after.is_none() && paging.before.is_none() =>
            {
                Some(self.sorted(rows))
            }
            _ => None,
        }
    }

    fn sorted<'c>(&'c self, rows: &'c [T::Key]) -> &'c [T::Key] {
        if let Source::InOrder(..) = &self.source {
            debug_assert!(
                rows.is_sorted_by_key(|key| T::rank(self.view, *key)),
                "{} out of order",
                T::DEF.name
            );
            return rows;
        }
        let sorted = self.sorted.get_or_init(|| {
            if rows.is_sorted_by_key(|key| T::rank(self.view, *key)) {
                return None;
            }
            let mut rows = rows.to_vec();
            rows.sort_by_cached_key(|key| T::rank(self.view, *key));
            Some(rows)
        });
        sorted.as_deref().unwrap_or(rows)
    }

    /// All objects in canonical order; in a territory only those of a stretch of codes.
    fn all(&self, stretch: CodeRange) -> Box<dyn Iterator<Item = T::Key> + Send + '_> {
        match &self.source {
            Source::Territory(range) => T::scan(
                self.view,
                CodeRange { from: range.from.max(stretch.from), to: range.to.min(stretch.to) },
            ),
            Source::Rows(_, _, rows) | Source::InOrder(_, _, rows) => {
                Box::new(self.sorted(rows).iter().copied())
            }
        }
    }

    /// Walks over the objects that pass the filter until `visit` has enough.
    pub(super) fn walk(
        &self,
        stretch: CodeRange,
        mut visit: impl FnMut(T::Key) -> bool,
    ) -> Result<(), Fault> {
        for key in self.all(stretch) {
            self.view.meter().charge(1)?;
            if self.args.filter.passes(self.view, key)? && visit(key) {
                break;
            }
        }
        // What was noted as walked over on the way counts too, and keys that the budget cut short are not used.
        self.view.meter().charge(0)?;
        Ok(())
    }

    /// The keys of the order; charged, since some are worked out from many rows.
    pub(super) fn keys(&self, key: T::Key) -> Result<Vec<Key<'v>>, Fault> {
        let read = |order: &Order<T>| {
            self.view.meter().charge(order.cost())?;
            Ok(order.key(self.view, key))
        };
        self.args.order.iter().map(read).collect()
    }

    pub(super) fn compare(&self, a: &[Key<'_>], b: &[Key<'_>]) -> Ordering {
        let pairs = self.args.order.iter().zip(a.iter().zip(b));
        pairs.map(|(order, (a, b))| order.compare(a, b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The cursor of an object. Writing it costs `CURSOR` steps, beside those of its keys.
    pub(super) fn seal(&self, key: T::Key, secret: &CursorKey) -> Result<String, Fault> {
        let keys = self.keys(key)?;
        // A key that could not be worked out within the budget is none: no cursor is made of it.
        self.view.meter().charge(0)?;
        Ok(secret.seal(self.list(), &keys, T::rank(self.view, key)))
    }

    pub(super) fn cursor(&self, key: T::Key, ctx: &Context<'_>) -> ServerResult<Value> {
        charge(self.view, ctx, CURSOR)?;
        let sealed = self.seal(key, ctx.secret()?).map_err(|fault| ctx.refuse(fault))?;
        Ok(Value::String(sealed))
    }

    pub(super) fn total(&self) -> Result<i64, Fault> {
        if let (Source::Rows(_, _, rows) | Source::InOrder(_, _, rows), true) =
            (&self.source, self.args.filter.is_empty())
        {
            return Ok(i64::try_from(rows.len()).unwrap_or(0));
        }
        let mut count = 0;
        self.walk(CodeRange::ALL, |_| {
            count += 1;
            false
        })?;
        Ok(count)
    }

    /// Hash of what makes a list: cursors of one list are refused by another.
    fn list(&self) -> u32 {
        *self.list.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(T::DEF.name.as_bytes());
            match &self.source {
                Source::Territory(range) => {
                    hasher.update(&range.from.to_le_bytes()).update(&range.to.to_le_bytes())
                }
                Source::Rows(owner, ..) | Source::InOrder(owner, ..) => {
                    hasher.update(b"rows").update(&owner.to_le_bytes())
                }
            };
            hasher.update(self.args.filter.text.as_bytes()).update(b"\0");
            for order in &self.args.order {
                hasher.update(order.text().as_bytes());
            }
            hasher.update(&self.view.explicit_day().map_or(i32::MIN, |d| d.0).to_le_bytes());
            let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
            u32::from_le_bytes([a, b, c, d])
        })
    }
}

impl<T: Listed> OutputType for Conn<'_, T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::list_name()).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let edge = <EdgeRef<'static, 'static, T> as OutputType>::create_type_info(registry);
            let item = <T::Item<'static> as OutputType>::create_type_info(registry);
            let info = <PageInfo<'static, 'static, 'static, T> as OutputType>::create_type_info(registry);
            let count = <Int64 as OutputType>::create_type_info(registry);
            let doc = format!(
                "A page of a list of objects of type {} (分页列表).",
                T::Item::<'static>::type_name()
            );
            plain_object(
                &Self::type_name(),
                &doc,
                std::any::type_name::<Self>(),
                &[
                    (
                        "edges",
                        format!("[{edge}]!"),
                        "The objects with their cursors, at most as many as asked for (边).",
                    ),
                    (
                        "nodes",
                        format!("[{item}]!"),
                        "The objects themselves, at most as many as asked for (节点).",
                    ),
                    ("pageInfo", info, "Whether there is more, and from where (分页信息)."),
                    ("totalCount", count, "How many objects the whole list has, over all pages (总数)."),
                ],
            )
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let page = self.page();
        let page = page.map_err(|fault| async_graphql::Error::from(fault).into_server_error(field.pos))?;
        resolve_container(ctx, &page).await
    }
}
