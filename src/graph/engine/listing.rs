//! The arguments of lists: which objects, in which order, which part.

use super::adapter::argument;
use super::filter::Where;
use super::order::Order;
use super::paging::Paging;
use super::record::{ArgGroup, Arguments, Record};
use crate::domain::Fault;
use async_graphql::registry::{MetaInputValue, Registry};
use std::sync::Arc;

/// The arguments that every list has. By default: everything, in canonical order. Read once, shared by all lists that a field
/// of a document makes.
pub struct ListArgs<T: Record>(pub(super) Arc<Listing<T>>);

/// Which part of a list is wanted, and in which order.
pub(super) struct Listing<T: Record> {
    pub(super) paging: Paging,
    pub(super) filter: Where<T>,
    pub(super) order: Vec<Order<T>>,
}

impl<T: Record> Clone for ListArgs<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Record> Default for ListArgs<T> {
    fn default() -> Self {
        Paging::default().into()
    }
}

impl<T: Record> From<Paging> for ListArgs<T> {
    fn from(paging: Paging) -> Self {
        Self(Arc::new(Listing { paging, filter: Where::default(), order: Vec::new() }))
    }
}

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
        Paging::describe(registry, into);
    }

    fn read<A: Arguments>(given: &A) -> Result<Self, A::Error> {
        let order = given.value::<Option<Vec<Order<T>>>>("orderBy")?.unwrap_or_default();
        let twice = order.iter().enumerate().any(|(at, o)| order[..at].iter().any(|p| p.same_field(o)));
        if order.len() > MAX_ORDER || twice {
            let fault = Fault::input(
                format!("`orderBy` takes at most {MAX_ORDER} keys, each field once."),
                format!("orderBy 最多 {MAX_ORDER} 个排序键，且字段不得重复。"),
            );
            return Err(given.refuse(fault));
        }
        let filter = given.value::<Option<Where<T>>>("where")?.unwrap_or_default();
        Ok(Self(Arc::new(Listing { paging: Paging::read(given)?, filter, order })))
    }
}
