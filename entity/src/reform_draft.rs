//! A draft of a reform (改革方案草案): acts that somebody wrote and another releases.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A draft of a reform (改革方案草案): acts that somebody wrote and another releases.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reform_draft")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard.
    pub shard: i32,
    /// Name of the reform.
    pub name: String,
    /// State.
    pub state: String,
    /// The acts and how they are done, as JSON.
    pub content: String,
    /// Who wrote it: the subject of the token.
    pub author: String,
    /// Who returned or released it.
    pub reviewer: Option<String>,
    /// What the reviewer says.
    pub opinion: Option<String>,
    /// The reform that it became.
    pub reform_id: Option<i64>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
