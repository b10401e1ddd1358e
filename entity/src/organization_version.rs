//! What an organisation was in a time: name, rank, owner and the attributes of its kind.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What an organisation was in a time: name, rank, owner and the attributes of its kind.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organization_version")]
pub struct Model {
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    /// 1, 2, 3, … in time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Shard.
    pub shard: i32,
    /// First day.
    pub valid_from: Option<String>,
    /// First day on which it no longer holds.
    pub valid_to: Option<String>,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: Option<String>,
    /// Rank.
    pub rank: Option<String>,
    /// Division it sits in.
    pub division_code: String,
    /// Organisation that owns it.
    pub parent_id: Option<i64>,
    /// Form, as patterns count it.
    pub category: Option<String>,
    /// Business field.
    pub field: Option<String>,
    /// Featured institution (特色机构).
    pub featured: bool,
    /// Class of a public institution.
    pub class: Option<String>,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Kind of a seconded agency.
    pub agency_kind: Option<String>,
    /// Management mode of an agency.
    pub management_mode: Option<String>,
    /// Whether the township commands it (统一指挥协调).
    pub unified_command: bool,
    /// How the township is heard on its head.
    pub head_rule: Option<String>,
    /// Weight of the township's appraisal in percent.
    pub appraisal_weight: Option<i32>,
    /// Department above, in the line.
    pub superior_id: Option<i64>,
    /// Duties in words.
    pub functions: Option<String>,
    /// Basis document.
    pub document_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
