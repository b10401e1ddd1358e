//! The state of the register as a whole: one row.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The state of the register as a whole: one row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "register")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Revision: 1, 2, 3, … in commit order.
    pub revision: i64,
    /// When the revision was committed.
    pub updated_at: String,
    /// Whether synthetic data were loaded.
    pub synthetic: bool,
    /// Secret of this register, in hexadecimal: global ids are sealed with it, so that they tell nothing of their neighbours.
    pub secret: String,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
