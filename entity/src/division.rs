//! An administrative division (行政区划): what stays the same while its name, code or type change.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An administrative division (行政区划): what stays the same while its name, code or type change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "division")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// First day; null before the register begins.
    pub valid_from: Option<String>,
    /// First day on which it no longer exists.
    pub valid_to: Option<String>,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
