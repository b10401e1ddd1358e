//! Which objects a change touched: the way from an object to its history.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Which objects a change touched: the way from an object to its history.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "change_object")]
pub struct Model {
    /// Table of the object: ids are told apart within a table only.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Surrogate id of the object.
    #[sea_orm(primary_key, auto_increment = false)]
    pub object_id: i64,
    /// Revision of the change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// Its number within the revision.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
