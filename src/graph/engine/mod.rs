//! The engine of the graph: a field is defined once, and everything else is made from the definition.
//!
//! A field is read at one of three levels, and no noun knows at which. *Direct*: a document that was validated before is
//! compiled (`plan`) and written to bytes (`writer`, `list`). *Bytes*: async-graphql validates and dispatches, and what stands
//! below a field of the root is written to bytes. *Ordinary*: async-graphql alone; every error is made there.

mod adapter;
mod collect;
mod connection;
mod cursor;
mod direct;
mod filter;
mod gid;
mod interface;
mod key;
mod list;
mod listing;
mod many;
mod operator;
mod order;
mod page;
mod paging;
mod plan;
mod quoted;
mod record;
pub mod relation;
mod request;
mod splice;
mod value;
mod walk;
mod writer;
mod written;

pub use adapter::{Placed, argument, interface_type, resolve_value, unlisted};
pub use connection::{Conn, Hanging, Listed, Rank, Source};
pub use cursor::{Cursor, CursorKey, refusal};
pub use direct::{Bytes, direct};
pub use filter::{Where, check as check_filter};
pub use gid::{Gid, Tag};
pub use interface::interface;
pub use key::{Key, Sortable};
pub use listing::ListArgs;
pub use operator::{Filter, FilterOf};
pub use order::{Order, OrderDirection, OrderNulls};
pub use page::PageInfoOf;
pub use paging::Paging;
pub use plan::{Plan, Step, Sub, Tuple};
pub use record::{
    ArgGroup, Arguments, Column, FieldDef, FieldInfo, Record, Ref, Root, TypeDef, TypeInfo, type_info,
};
pub use relation::{One, Relation};
#[cfg(debug_assertions)]
pub use request::Planted;
pub use request::{Bail, Reading, Request, bind};
pub use splice::json;
pub use value::{Code, DateTime, Decimal, Int64, Labelled, Text};
pub use writer::{Out, Writer};
pub use written::read_json;
