//! A slot of a pattern that no short notation can say.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A slot of a pattern that no short notation can say.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "setting_slot")]
pub struct Model {
    /// The pattern.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pattern_id: i64,
    /// 1, 2, 3, …
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    /// Shard.
    pub shard: i32,
    /// What the slot is called.
    pub label: String,
    /// Only bodies of this kind.
    pub kind: Option<String>,
    /// Only bodies of this form.
    pub category: Option<String>,
    /// Only bodies of one of these business fields, separated by blanks.
    pub fields: String,
    /// Only featured bodies, or only others.
    pub featured: Option<bool>,
    /// Fewest bodies.
    pub min: i32,
    /// Most bodies.
    pub max: i32,
    /// Trait of the division without which the slot does not exist.
    pub condition: Option<String>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
