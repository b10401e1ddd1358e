//! A log while entries are added to it.

use super::{EntryRow, FieldRow, Log, RecordRow, Word, is_technical};
use crate::domain::{ActKind, CodeList, RecordKind, Role};
use crate::snapshot::BuildError;
use crate::snapshot::builder::Builder;
use crate::snapshot::links::Links;
use crate::snapshot::strings::Interner;
use crate::snapshot::table::{Span, Table};
use crate::store::{ID_SPACE, Written, entity};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many of the last values lend their names to those that come after them.
const LENDING: usize = 1_000;

/// A log to which entries are added.
pub(super) struct Growing {
    b: Builder,
    next_id: i64,
    entries: Vec<(i64, EntryRow)>,
    records: Vec<RecordRow>,
    fields: Vec<FieldRow>,
    /// What the new entries are about.
    links: Vec<(i64, u32)>,
    hidden: FxHashMap<(RecordKind, i64), Vec<(i64, i64)>>,
    head: String,
}

impl Growing {
    pub(super) fn after(shard: u32, earlier: Option<&Log>) -> Self {
        let (b, next_id) = (Builder::new(shard), i64::from(shard) * ID_SPACE + 1);
        let (entries, records, fields) = Default::default();
        let (links, hidden, head) = Default::default();
        let mut out = Self { b, next_id, entries, records, fields, links, hidden, head };
        if let Some(earlier) = earlier {
            // The names of columns come again and again; who looked for all other strings would look through the whole of it.
            let last = earlier.fields.iter().rev().take(LENDING).map(|field| field.name.0);
            out.b.strings = Interner::after(&earlier.strings, last);
            let entries = earlier.entries.iter().map(|(row, entry)| (earlier.entries.id(row), entry.clone()));
            out.entries = entries.collect();
            out.next_id = out.entries.last().map_or(next_id, |(id, _)| id + 1);
            (out.records, out.fields) = (earlier.records.clone(), earlier.fields.clone());
            (out.hidden, out.head) = (earlier.hidden.clone(), earlier.head.clone());
        }
        out
    }

    pub(super) fn add(&mut self, row: entity::change::Model) -> Result<(), BuildError> {
        let written: Vec<Written> = serde_json::from_str(&row.records)
            .map_err(|error| BuildError(format!("the records of revision {}: {error}", row.revision)))?;
        let at = self.records.len();
        for record in written {
            self.add_record(&record, row.revision)?;
        }
        let entry = EntryRow {
            revision: row.revision,
            at: self.word(&row.at),
            principal: self.word(&row.principal),
            // An act or a role of a later release is shown as none.
            role: Role::parse(&row.role),
            act: ActKind::parse(&row.act),
            document: row.document_id,
            request: self.word(&row.request),
            records: span(at, self.records.len()),
            reverses: row.reverses,
            reversed_by: None,
        };
        let place = span(0, self.entries.len()).len;
        self.links.extend(self.records[at..].iter().map(|record| (record.object, place)));
        self.entries.push((self.next_id, entry));
        self.next_id += 1;
        self.head = row.hash;
        Ok(())
    }

    fn add_record(&mut self, record: &Written, revision: i64) -> Result<(), BuildError> {
        let kind = |table: &str| self.b.code::<RecordKind>(&table.to_uppercase());
        let unknown = || BuildError(format!("a record of the log about {}", record.table));
        let (of, object) = record.object().ok_or_else(unknown)?;
        let (kind, of) = (kind(&record.table)?, kind(of)?);
        self.note_hidden((of, object), record, revision);
        let from = self.fields.len();
        let nothing = Value::Null;
        for name in record.row().and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
            let of = |row: &'_ Option<Value>| row.as_ref().and_then(|row| row.get(name)).cloned();
            let (before, after) = (of(&record.before), of(&record.after));
            let (before, after) = (before.as_ref().unwrap_or(&nothing), after.as_ref().unwrap_or(&nothing));
            if is_technical(name) || before == after {
                continue;
            }
            let name = self.word(name);
            let field = FieldRow { name, before: self.value(before), after: self.value(after) };
            self.fields.push(field);
        }
        let fields = span(from, self.fields.len());
        let (created, removed) = (record.before.is_none(), record.after.is_none());
        self.records.push(RecordRow { kind, of, object, created, removed, fields });
        Ok(())
    }

    /// Notes when something ceases to be disclosed, and when it comes to be.
    fn note_hidden(&mut self, object: (RecordKind, i64), record: &Written, revision: i64) {
        let disclosed = |row: &Option<Value>| row.as_ref()?.get("disclosed")?.as_bool();
        match (disclosed(&record.before), disclosed(&record.after)) {
            (Some(true) | None, Some(false)) => {
                self.hidden.entry(object).or_default().push((revision, i64::MAX));
            }
            (Some(false), Some(true)) => {
                let times = self.hidden.entry(object).or_default();
                match times.last_mut().filter(|(_, to)| *to == i64::MAX) {
                    Some((_, to)) => *to = revision,
                    // It was loaded so.
                    None => times.push((0, revision)),
                }
            }
            _ => {}
        }
    }

    fn word(&mut self, text: &str) -> Word {
        Word(self.b.text(text))
    }

    fn value(&mut self, value: &Value) -> Option<Word> {
        match value {
            Value::Null => None,
            Value::String(text) => Some(self.word(text)),
            other => Some(self.word(&other.to_string())),
        }
    }

    pub(super) fn finish(mut self, shard: u32, earlier: Option<&Log>) -> Log {
        mark_reversed(&mut self.entries);
        let links = self.links.into_iter();
        Log {
            strings: self.b.strings.finish(),
            entries: Table::new(shard, self.entries),
            records: self.records,
            fields: self.fields,
            hidden: self.hidden,
            head: self.head,
            links: match earlier {
                Some(earlier) => earlier.links.with(links),
                None => Links::build(shard, links),
            },
        }
    }
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
