//! Approved and occupied posts (编制) of an organisation by type, in a time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Approved and occupied posts (编制) of an organisation by type, in a time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "establishment")]
pub struct Model {
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// Type of establishment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// 1, 2, 3, … in time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Shard.
    pub shard: i32,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer holds.
    pub valid_to: Option<String>,
    /// Approved posts.
    pub approved: i32,
    /// Occupied posts.
    pub occupied: i32,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
