//! An appointment (任免): a person and a leadership post, with the procedure that led to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An appointment (任免): a person and a leadership post, with the procedure that led to it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "appointment")]
pub struct Model {
    /// Surrogate id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Shard of the post.
    pub shard: i32,
    /// The post.
    pub post_id: i64,
    /// The person.
    pub person_id: i64,
    /// Promotion, move, …
    pub kind: String,
    /// Elected, appointed, engaged.
    pub mode: String,
    /// State of the procedure.
    pub state: String,
    /// Who nominated.
    pub nominator: Option<String>,
    /// Who decided.
    pub appointer: Option<String>,
    /// Held beside another post (兼任).
    pub concurrent: bool,
    /// Opinion or consent of the township.
    pub consultation: Option<String>,
    /// When the township was asked.
    pub consulted_on: Option<String>,
    /// When it answered.
    pub answered_on: Option<String>,
    /// What it answered.
    pub answer: Option<String>,
    /// First day in the post.
    pub valid_from: Option<String>,
    /// First day out of the post.
    pub valid_to: Option<String>,
    /// Basis document.
    pub document_id: Option<i64>,
    /// When the decision was put on public notice.
    pub publicised_on: Option<String>,
}

/// Relations are resolved in the snapshot, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
