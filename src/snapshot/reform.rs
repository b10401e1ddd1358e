//! Reforms and changes of organisations in the snapshot.

use super::table::{Span, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{ChangeKind, Day};
use crate::store::entity;

/// A reform: changes which take effect together.
#[derive(Debug, Clone)]
pub struct ReformRow {
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

/// Builds the reforms, ordered by day and id.
pub fn build(b: &mut Builder, rows: Vec<entity::reform::Model>) -> Result<Table<ReformRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let reform = ReformRow {
            name: b.text(&row.name),
            effective_on: b.day(&row.effective_on)?,
            document: row.document_id,
        };
        out.push((row.id, reform));
    }
    out.sort_by_key(|(id, reform)| (reform.effective_on, *id));
    Ok(Table::new(b.shard, out))
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
        let change = ChangeRow {
            reform: row.reform_id,
            kind: b.code(&row.kind)?,
            effective_on: b.day(&row.effective_on)?,
            document: row.document_id,
            parties: b.span(&parties, row.id, |p| p.change_id),
        };
        out.push((row.id, change));
    }
    out.sort_by_key(|(id, change)| (change.effective_on, *id));
    let parties =
        parties.iter().map(|p| Party { organization: p.organization_id, resulting: p.resulting }).collect();
    Ok((Table::new(b.shard, out), parties))
}
