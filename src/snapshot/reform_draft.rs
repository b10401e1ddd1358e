//! Drafts of reforms in the snapshot.

use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::DraftState;
use crate::store::entity;

/// A draft of a reform.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Name of the reform.
    pub name: Sym,
    /// State.
    pub state: DraftState,
    /// The acts and how they are done, as JSON.
    pub content: Sym,
    /// Who wrote it.
    pub author: Sym,
    /// Who returned or released it.
    pub reviewer: Option<Sym>,
    /// What the reviewer says.
    pub opinion: Option<Sym>,
    /// The reform that it became.
    pub reform: Option<i64>,
}

/// Builds the drafts, ordered by id.
pub fn build(b: &mut Builder, rows: Vec<entity::reform_draft::Model>) -> Result<Table<DraftRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let draft = DraftRow {
            name: b.text(&row.name),
            state: b.code(&row.state)?,
            content: b.new_text(&row.content),
            author: b.text(&row.author),
            reviewer: b.maybe_text(row.reviewer.as_deref()),
            opinion: b.maybe_text(row.opinion.as_deref()),
            reform: row.reform_id,
        };
        out.push((row.id, draft));
    }
    out.sort_by_key(|(id, _)| *id);
    Ok(Table::new(b.shard, out))
}
