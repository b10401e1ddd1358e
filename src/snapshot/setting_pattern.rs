//! Setting patterns in the snapshot.

use super::organization::OrganizationRow;
use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::Validity;
use crate::domain::setting_pattern::{Slot, parse_notation};
use crate::store::entity;

/// A setting pattern of a county.
#[derive(Debug, Clone)]
pub struct PatternRow {
    /// Name.
    pub name: Sym,
    /// Short notation.
    pub notation: Option<Sym>,
    /// Its slots, read from the notation where there is one.
    pub slots: Vec<Slot>,
    /// When it holds.
    pub validity: Validity,
    /// Basis document.
    pub document: Option<i64>,
}

/// Which pattern holds for a township.
#[derive(Debug, Clone)]
pub struct AssignmentRow {
    /// Row of the township in the same shard.
    pub organization: u32,
    /// The pattern, perhaps of another shard.
    pub pattern: i64,
    /// When it holds.
    pub validity: Validity,
}

/// Builds the patterns, ordered by id.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::setting_pattern::Model>,
    mut slots: Vec<entity::setting_slot::Model>,
) -> Result<Table<PatternRow>, BuildError> {
    slots.sort_by_key(|s| (s.pattern_id, s.ordinal));
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut own = match row.notation.as_deref() {
            Some(text) => parse_notation(text).map_err(|e| {
                BuildError(format!(
                    "setting_pattern {}: the notation is not understood from `{}` on",
                    row.id, e.rest
                ))
            })?,
            None => Vec::new(),
        };
        for slot in slots.iter().filter(|s| s.pattern_id == row.id) {
            own.push(build_slot(b, slot)?);
        }
        let pattern = PatternRow {
            name: b.text(&row.name),
            notation: b.maybe_text(row.notation.as_deref()),
            slots: own,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id,
        };
        out.push((row.id, pattern));
    }
    out.sort_by_key(|(id, _)| *id);
    Ok(Table::new(b.shard, out))
}

fn build_slot(b: &mut Builder, slot: &entity::setting_slot::Model) -> Result<Slot, BuildError> {
    Ok(Slot {
        label: slot.label.clone(),
        kind: b.maybe_code(slot.kind.as_deref())?,
        category: b.maybe_code(slot.category.as_deref())?,
        fields: slot.fields.split_whitespace().map(|f| b.code(f)).collect::<Result<_, _>>()?,
        featured: slot.featured,
        min: slot.min.max(0).cast_unsigned(),
        max: slot.max.max(0).cast_unsigned(),
        condition: b.maybe_code(slot.condition.as_deref())?,
    })
}

/// Builds the assignments, ordered by township and time.
pub fn build_assignments(
    b: &mut Builder,
    mut rows: Vec<entity::pattern_assignment::Model>,
    organizations: &Table<OrganizationRow>,
) -> Result<Vec<AssignmentRow>, BuildError> {
    rows.sort_by_key(|a| (a.organization_id, a.version));
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let organization = organizations.find(row.organization_id).ok_or_else(|| {
            BuildError(format!(
                "pattern_assignment: organization {} is not in its shard",
                row.organization_id
            ))
        })?;
        out.push(AssignmentRow {
            organization,
            pattern: row.pattern_id,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
        });
    }
    out.sort_by_key(|a| (a.organization, a.validity.from));
    Ok(out)
}
