//! The pattern that holds for a township, in a time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The pattern that holds for a township, in a time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pattern_assignment")]
pub struct Model {
    /// The township.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// 1, 2, 3, … in time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// The pattern.
    pub pattern_id: i64,
    /// Shard.
    pub shard: i32,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer holds.
    pub valid_to: Option<String>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
