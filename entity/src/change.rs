//! What was done to the register (变更日志): one row for each act and each county it touched. Never changed, never removed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What was done to the register (变更日志): one row for each act and each county it touched. Never changed, never removed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// The revision of the register that it made, together with all else that was done in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// 1, 2, 3, … within the revision.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    /// Shard.
    pub shard: i32,
    /// When, in UTC.
    pub at: String,
    /// Who: the subject of the token.
    pub principal: String,
    /// In which role.
    pub role: String,
    /// What.
    pub act: String,
    /// Basis document.
    pub document_id: Option<i64>,
    /// Id of the request.
    pub request: String,
    /// The rows that were written, before and after, as JSON.
    pub records: String,
    /// Hash of the change of the county before this one; empty for the first.
    pub previous: String,
    /// Hash of all this and of `previous`.
    pub hash: String,
    /// The revision that it takes back.
    pub reverses: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
