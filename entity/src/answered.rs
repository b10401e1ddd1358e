//! What was answered to a change that came with a key (幂等键): asked again, it is answered so again and not done twice.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What was answered to a change that came with a key (幂等键): asked again, it is answered so again and not done twice.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "answered")]
pub struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    /// The key that came with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Hash of what was asked.
    pub digest: String,
    /// Revision that it made.
    pub revision: i64,
    /// The answer, as JSON.
    pub answer: String,
    /// When, in UTC.
    pub at: String,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
