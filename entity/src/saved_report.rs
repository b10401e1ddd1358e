//! A saved report (保存的报表): what somebody asks for again, under a name. No part of the register.

use sea_orm::entity::prelude::*;

/// A saved report (保存的报表).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_report")]
pub struct Model {
    /// Its id, which nobody can guess.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose it is: the subject of the token.
    pub owner: String,
    /// Name.
    pub name: String,
    /// What it says.
    pub description: String,
    /// What is asked for, as JSON.
    pub input: String,
    /// With whom it is shared.
    pub sharing: String,
    /// With those of which territory.
    pub within: Option<String>,
    /// When it was saved last, in UTC.
    pub at: String,
}

/// Nothing hangs on it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
