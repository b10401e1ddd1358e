//! Who may see what: one table of rules, the viewer, and the [`View`], which is the only window on the register.

mod acting;
mod event;
mod facts;
mod ids;
mod log;
mod meter;
mod progress;
mod registrar;
mod rights;
mod search;
mod seen;
mod table;
mod view;
mod viewer;
mod window;

pub use acting::{Hand, Place, carriers, hand};
pub use event::{Event, Gone};
pub use facts::Sight;
pub use meter::Meter;
pub use progress::{ImportStage, Importing, Imports, Progress, importer};
pub use registrar::{Batch, Means, Order, Paper, ReadBatch, Registrar, Reply, Said, Sharing, Shelved, Stop};
pub use rights::{Reach, Rights};
pub use search::{Found, SearchField};
pub use table::{Class, Rule, allows, column_rule};
pub use view::View;
pub use viewer::{Grant, Scope, Viewer};
