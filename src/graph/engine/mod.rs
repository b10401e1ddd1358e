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
mod order;
mod page;
mod record;
mod value;

pub use adapter::{argument, interface_type, read_argument, resolve_value};
pub use connection::{Conn, ListArgs, Listed, Rank, Source};
pub use cursor::CursorKey;
pub use filter::{Filter, Key, Operators, Sortable, Where};
pub use gid::{Gid, Tag};
pub use interface::interface;
pub use order::{Order, OrderDirection};
pub use record::{ArgGroup, Column, FieldDef, FieldInfo, Record, Ref, Root, TypeDef, TypeInfo, type_info};
pub use value::{Code, DateTime, Int64, Labelled, Text};
