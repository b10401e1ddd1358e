//! Yearly figures of a division (区划统计).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Yearly figures of a division (区划统计).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "division_statistics")]
pub struct Model {
    /// The division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub division_id: i64,
    /// Year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// Shard.
    pub shard: i32,
    /// Residents at the end of the year.
    pub population: Option<i32>,
    /// 居委会.
    pub residents_committees: Option<i32>,
    /// 村委会.
    pub village_committees: Option<i32>,
    /// Other village-level units.
    pub other_units: Option<i32>,
    /// Whether the figures are made up for demonstration.
    pub synthetic: bool,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
