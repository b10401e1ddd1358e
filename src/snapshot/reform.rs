//! Reforms and changes of organisations in the snapshot.

use super::table::{Row, Span, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{ChangeKind, Day};
use crate::store::entity;

/// A reform: changes which take effect together.
#[derive(Debug, Clone)]
pub struct ReformRow {
    /// Surrogate id.
    pub id: i64,
    /// Name.
    pub name: Sym,
    /// Day on which it takes effect.
    pub effective_on: Day,
    /// Basis document.
    pub document: Option<i64>,
}

/// A change of organisations: what became of what.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// Surrogate id.
    pub id: i64,
    /// The reform it belongs to.
    pub reform: Option<i64>,
    /// Kind of change.
    pub kind: ChangeKind,
    /// Day on which it takes effect.
    pub effective_on: Day,
    /// Basis document.
    pub document: Option<i64>,
    /// The organisations before and after.
    pub parties: Span,
}

/// An organisation before or after a change.
#[derive(Debug, Clone)]
pub struct Party {
    /// The organisation.
    pub organization: i64,
    /// After the change, not before it.
    pub resulting: bool,
}

impl Row for ReformRow {
    fn id(&self) -> i64 {
        self.id
    }
}

impl Row for ChangeRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// Builds the reforms, ordered by day and id.
pub fn build(b: &mut Builder, rows: Vec<entity::reform::Model>) -> Result<Table<ReformRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(ReformRow {
            id: row.id,
            name: b.text(&row.name),
            effective_on: b.day(&row.effective_on)?,
            document: row.document_id,
        });
    }
    out.sort_by_key(|r| (r.effective_on, r.id));
    Ok(Table::new(out))
}

/// Builds the changes, ordered by day and id, and the organisations before and after them.
pub fn build_changes(
    b: &mut Builder,
    rows: Vec<entity::organization_change::Model>,
    mut parties: Vec<entity::organization_change_party::Model>,
) -> Result<(Table<ChangeRow>, Vec<Party>), BuildError> {
    parties.sort_by_key(|p| (p.change_id, p.resulting, p.organization_id));
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(ChangeRow {
            id: row.id,
            reform: row.reform_id,
            kind: b.code(&row.kind)?,
            effective_on: b.day(&row.effective_on)?,
            document: row.document_id,
            parties: b.span(&parties, row.id, |p| p.change_id),
        });
    }
    out.sort_by_key(|c| (c.effective_on, c.id));
    let parties =
        parties.iter().map(|p| Party { organization: p.organization_id, resulting: p.resulting }).collect();
    Ok((Table::new(out), parties))
}
