//! A leadership post (领导职务) with its approved number.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A leadership post (领导职务) with its approved number.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "leadership_post")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// The organisation.
    pub organization_id: i64,
    /// Organ of the township.
    pub organ: Option<String>,
    /// Title.
    pub title: String,
    /// Principal or deputy.
    pub position: String,
    /// Post level.
    pub level: String,
    /// Approved number (职数).
    pub quota: i32,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer exists.
    pub valid_to: Option<String>,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
