//! The engine of the graph: a field is defined once, and everything else is made from the definition.
//!
//! This is the *ordinary* level: async-graphql's own executor over the snapshot. The faster levels will be made from the
//! same definitions, so no noun knows how it is executed.

mod adapter;
mod connection;
mod cursor;
mod filter;
mod gid;
mod interface;
mod key;
mod many;
mod operator;
mod order;
mod page;
mod paging;
mod record;
pub mod relation;
mod value;
mod walk;

pub use adapter::{Placed, argument, interface_type, read_argument, resolve_value, unlisted};
pub use connection::{Conn, ListArgs, Listed, Rank, Source};
pub use cursor::CursorKey;
pub use filter::Where;
pub use gid::{Gid, Tag};
pub use interface::interface;
pub use key::{Key, Sortable};
pub use operator::{Filter, FilterOf};
pub use order::{Order, OrderDirection, OrderNulls};
pub use paging::Paging;
pub use record::{ArgGroup, Column, FieldDef, FieldInfo, Record, Ref, Root, TypeDef, TypeInfo, type_info};
pub use relation::{One, Relation};
pub use value::{Code, DateTime, Int64, Labelled, Text};
