//! An organisation (机构): what stays the same through its life. Its kind never changes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An organisation (机构): what stays the same through its life. Its kind never changes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// Kind, of the code list OrganizationKind.
    pub kind: String,
    /// Whether the public may see it.
    pub disclosed: bool,
    /// First day.
    pub valid_from: Option<String>,
    /// First day after its abolition.
    pub valid_to: Option<String>,
    /// Basis document of its founding.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
