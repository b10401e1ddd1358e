//! A setting pattern (机构设置模式) of a county.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A setting pattern (机构设置模式) of a county.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "setting_pattern")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// Name.
    pub name: String,
    /// Short notation, such as 7+5; its slots are read from it.
    pub notation: Option<String>,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer holds.
    pub valid_to: Option<String>,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
