//! Who may see what: one table of rules, the viewer, and the [`View`], which is the only window on the register.

mod ids;
mod meter;
mod rights;
mod search;
mod seen;
mod table;
mod view;
mod viewer;
mod window;

pub use meter::Meter;
pub use rights::{Reach, Rights};
pub use search::{Found, SearchField};
pub use table::{Class, Rule, allows};
pub use view::View;
pub use viewer::{Grant, Scope, Viewer};
