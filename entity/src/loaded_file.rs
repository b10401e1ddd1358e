//! A file that was loaded, so that loading it again changes nothing.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A file that was loaded, so that loading it again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "loaded_file")]
pub struct Model {
    /// Name of the file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// BLAKE3 of its content.
    pub digest: String,
    /// Revision that loaded it.
    pub revision: i64,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
