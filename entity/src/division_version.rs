//! What a division was called, and under which code, in a time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What a division was called, and under which code, in a time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "division_version")]
pub struct Model {
    /// The division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub division_id: i64,
    /// 1, 2, 3, … in time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Shard.
    pub shard: i32,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer holds.
    pub valid_to: Option<String>,
    /// Code in its shortest form.
    pub code: String,
    /// Name.
    pub name: String,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
