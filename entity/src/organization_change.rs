//! A change of organisations (机构变动): what became of what.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A change of organisations (机构变动): what became of what.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organization_change")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// The reform it belongs to.
    pub reform_id: Option<i64>,
    /// Kind of change.
    pub kind: String,
    /// Day on which it takes effect.
    pub effective_on: String,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
