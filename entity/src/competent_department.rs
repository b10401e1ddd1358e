//! A competent department (主管部门) of an organisation, in a time; many to many.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A competent department (主管部门) of an organisation, in a time; many to many.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "competent_department")]
pub struct Model {
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// The department.
    #[sea_orm(primary_key, auto_increment = false)]
    pub department_id: i64,
    /// 1, 2, 3, … in time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Shard of the organisation.
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
