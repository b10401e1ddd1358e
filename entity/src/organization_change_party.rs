//! An organisation before (original) or after (resulting) a change.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An organisation before (original) or after (resulting) a change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organization_change_party")]
pub struct Model {
    /// The change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_id: i64,
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// After the change, not before it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resulting: bool,
    /// Shard of the change.
    pub shard: i32,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
