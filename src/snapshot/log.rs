//! The change log of a county in the snapshot: what was done, and of what was written the values that a reader understands. Ids and
//! numbers of versions stay in the database, where the whole of it is kept and verified.

use super::table::{Span, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{ActKind, CodeList, RecordKind, Role};
use crate::store::{ID_SPACE, Written, entity};
use serde_json::Value;
use std::collections::BTreeMap;

/// An entry: one act, as far as it touched the county.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Revision that it made, together with all else that was done in it.
    pub revision: i64,
    /// When, in UTC.
    pub at: Sym,
    /// Who: the subject of the token.
    pub principal: Sym,
    /// In which role.
    pub role: Option<Role>,
    /// What.
    pub act: Option<ActKind>,
    /// Basis document.
    pub document: Option<i64>,
    /// Id of the request.
    pub request: Sym,
    /// What was written.
    pub records: Span,
    /// The revision that it takes back.
    pub reverses: Option<i64>,
    /// The revision that took it back.
    pub reversed_by: Option<i64>,
}

/// A row that was written.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// What it is about.
    pub kind: RecordKind,
    /// In whose history it stands: a document, division, organisation, post, person, appointment, reform, change or pattern.
    pub of: RecordKind,
    /// The id of that object.
    pub object: i64,
    /// Whether there was none before.
    pub created: bool,
    /// Whether there is none after.
    pub removed: bool,
    /// The values that changed.
    pub fields: Span,
}

/// A value that changed.
#[derive(Debug, Clone)]
pub struct FieldRow {
    /// The column.
    pub name: Sym,
    /// The value before; nothing where there was none.
    pub before: Option<Sym>,
    /// The value after.
    pub after: Option<Sym>,
}

/// The log of a county.
#[derive(Debug, Clone, Default)]
pub struct Log {
    pub(super) records: Vec<RecordRow>,
    pub(super) fields: Vec<FieldRow>,
}

impl Log {
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.records.as_slice()) + size_of_val(self.fields.as_slice())
    }
}

/// Whether a column means nothing to a reader: ids and numbers by which rows are told apart.
#[must_use]
pub fn is_technical(column: &str) -> bool {
    // The content of a draft is long, and stands in the draft.
    matches!(column, "id" | "shard" | "version" | "ordinal" | "content") || column.ends_with("_id")
}

/// Builds the log in the order of its revisions. The place of an entry in the chain of its county is its id.
pub fn build(
    b: &mut Builder,
    mut rows: Vec<entity::change::Model>,
) -> Result<(Table<EntryRow>, Log), BuildError> {
    rows.sort_by_key(|row| (row.revision, row.ordinal));
    let (mut entries, mut log) = (Vec::with_capacity(rows.len()), Log::default());
    for (id, row) in (i64::from(b.shard) * ID_SPACE + 1..).zip(rows) {
        let written: Vec<Written> = serde_json::from_str(&row.records)
            .map_err(|error| BuildError(format!("the records of revision {}: {error}", row.revision)))?;
        let at = log.records.len();
        for record in written {
            add(b, &mut log, &record)?;
        }
        let entry = EntryRow {
            revision: row.revision,
            at: b.text(&row.at),
            principal: b.text(&row.principal),
            // An act or a role of a later release is shown as none.
            role: Role::parse(&row.role),
            act: ActKind::parse(&row.act),
            document: row.document_id,
            request: b.text(&row.request),
            records: span(at, log.records.len()),
            reverses: row.reverses,
            reversed_by: None,
        };
        entries.push((id, entry));
    }
    mark_reversed(&mut entries);
    Ok((Table::new(b.shard, entries), log))
}

/// Marks what was taken back, by what was not taken back itself.
fn mark_reversed(entries: &mut [(i64, EntryRow)]) {
    let mut by = BTreeMap::new();
    for (_, entry) in entries.iter_mut().rev() {
        // Documents stay on file.
        let stays = entry.act == Some(ActKind::DocumentRegister);
        entry.reversed_by = by.get(&entry.revision).copied().filter(|_| !stays);
        if let (Some(earlier), None) = (entry.reverses, entry.reversed_by) {
            by.insert(earlier, entry.revision);
        }
    }
}

fn span(from: usize, to: usize) -> Span {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { at: place(from), len: place(to - from) }
}

fn add(b: &mut Builder, log: &mut Log, record: &Written) -> Result<(), BuildError> {
    let kind = |table: &str| b.code::<RecordKind>(&table.to_uppercase());
    let (of, object) =
        record.object().ok_or_else(|| BuildError(format!("a record of the log about {}", record.table)))?;
    let (kind, of) = (kind(&record.table)?, kind(of)?);
    let from = log.fields.len();
    let nothing = Value::Null;
    for name in record.row().and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
        let of = |row: &'_ Option<Value>| row.as_ref().and_then(|row| row.get(name)).cloned();
        let (before, after) = (of(&record.before), of(&record.after));
        let (before, after) = (before.as_ref().unwrap_or(&nothing), after.as_ref().unwrap_or(&nothing));
        if is_technical(name) || before == after {
            continue;
        }
        let field = FieldRow { name: b.text(name), before: value(b, before), after: value(b, after) };
        log.fields.push(field);
    }
    let fields = span(from, log.fields.len());
    let (created, removed) = (record.before.is_none(), record.after.is_none());
    log.records.push(RecordRow { kind, of, object, created, removed, fields });
    Ok(())
}

fn value(b: &mut Builder, value: &Value) -> Option<Sym> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(b.text(text)),
        other => Some(b.text(&other.to_string())),
    }
}
