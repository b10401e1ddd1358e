//! A basis document (依据文件).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A basis document (依据文件).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "document")]
pub struct Model {
    /// Surrogate id: home shard times 10^8 plus a number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Six digits of the county, or of the division above it.
    pub shard: i32,
    /// Document number (文号).
    pub number: String,
    /// Title.
    pub title: String,
    /// Issuing body.
    pub issuer: String,
    /// Date of issue.
    pub issued_on: Option<String>,
    /// Whether the public may see it.
    pub disclosed: bool,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
