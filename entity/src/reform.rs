//! A reform (机构改革): changes which take effect together.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A reform (机构改革): changes which take effect together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reform")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// Name.
    pub name: String,
    /// Day on which it takes effect.
    pub effective_on: String,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
