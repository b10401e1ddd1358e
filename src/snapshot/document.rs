//! Basis documents in the snapshot.

use super::table::{Row, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::Day;
use crate::store::entity;

/// A basis document.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    /// Surrogate id.
    pub id: i64,
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

impl Row for DocumentRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// Builds the documents, ordered by id.
pub fn build(b: &mut Builder, rows: Vec<entity::document::Model>) -> Result<Table<DocumentRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(DocumentRow {
            id: row.id,
            number: b.text(&row.number),
            title: b.text(&row.title),
            issuer: b.text(&row.issuer),
            issued_on: b.maybe_day(row.issued_on.as_deref())?,
            disclosed: row.disclosed,
        });
    }
    out.sort_by_key(|d| d.id);
    Ok(Table::new(out))
}
