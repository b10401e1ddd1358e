//! A trait of a division (区划特征) in a time, such as lying on the border.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A trait of a division (区划特征) in a time, such as lying on the border.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "division_trait")]
pub struct Model {
    /// The division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub division_id: i64,
    /// The trait, of the code list DivisionTrait.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Shard.
    pub shard: i32,
    /// Whether it is made up for demonstration.
    pub synthetic: bool,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
