//! Basis documents in the snapshot.

use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::Day;
use crate::store::entity;

/// A basis document.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    /// Document number (文号).
    pub number: Sym,
    /// Title.
    pub title: Sym,
    /// Issuing body.
    pub issuer: Sym,
    /// Date of issue.
    pub issued_on: Option<Day>,
    /// Whether the public may see it.
    pub disclosed: bool,
}

/// Builds the documents, ordered by id.
pub fn build(b: &mut Builder, rows: Vec<entity::document::Model>) -> Result<Table<DocumentRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let document = DocumentRow {
            number: b.text(&row.number),
            title: b.text(&row.title),
            issuer: b.text(&row.issuer),
            issued_on: b.maybe_day(row.issued_on.as_deref())?,
            disclosed: row.disclosed,
        };
        out.push((row.id, document));
    }
    out.sort_by_key(|(id, _)| *id);
    Ok(Table::new(b.shard, out))
}
