//! The change log of a county in the snapshot: what was done, and of what was written the values that a reader understands. Ids and
//! numbers of versions stay in the database, where the whole of it is kept and verified.
//!
//! A log only grows: what a change adds is put behind a copy of what is in memory, however long that is, and read from nowhere again.

mod growing;

use super::links::Links;
use super::strings::Strings;
use super::table::{Span, Table};
use super::{BuildError, Sym};
use crate::domain::{ActKind, RecordKind, Role};
use crate::store::entity;
use growing::Growing;
use rustc_hash::FxHashMap;

/// A string of the log, which has strings of its own.
#[derive(Debug, Clone, Copy)]
pub struct Word(Sym);

/// An entry: one act, as far as it touched the county.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Revision that it made, together with all else that was done in it.
    pub revision: i64,
    /// When, in UTC.
    pub at: Word,
    /// Who: the subject of the token.
    pub principal: Word,
    /// In which role.
    pub role: Option<Role>,
    /// What.
    pub act: Option<ActKind>,
    /// Basis document.
    pub document: Option<i64>,
    /// Id of the request.
    pub request: Word,
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
    pub name: Word,
    /// The value before; nothing where there was none.
    pub before: Option<Word>,
    /// The value after.
    pub after: Option<Word>,
}

/// The log of a county.
#[derive(Debug, Clone)]
pub struct Log {
    strings: Strings,
    /// Its entries, ordered by revision. The place of an entry in the chain of its county is its id.
    pub entries: Table<EntryRow>,
    records: Vec<RecordRow>,
    fields: Vec<FieldRow>,
    links: Links,
    /// In which revisions an object was not disclosed, or came to be, or ceased: from one to another.
    hidden: FxHashMap<(RecordKind, i64), Vec<(i64, i64)>>,
    /// The hash of the last entry, which the next one follows.
    head: String,
}

impl Log {
    /// Whether rows go on where the log ends. Those of a database that was restored meanwhile may not.
    #[must_use]
    pub fn goes_on_with(&self, rows: &[entity::change::Model]) -> bool {
        let first = rows.iter().min_by_key(|row| (row.revision, row.ordinal));
        first.is_none_or(|first| first.previous == self.head)
    }

    /// Builds a log from its rows, or puts rows that came later behind an earlier state of it.
    pub(super) fn build(
        shard: u32,
        earlier: Option<&Self>,
        mut rows: Vec<entity::change::Model>,
    ) -> Result<Self, BuildError> {
        rows.sort_by_key(|row| (row.revision, row.ordinal));
        let mut out = Growing::after(shard, earlier);
        for row in rows {
            out.add(row)?;
        }
        Ok(out.finish(shard, earlier))
    }

    /// A string.
    #[must_use]
    pub fn word(&self, word: Word) -> &str {
        self.strings.get(word.0)
    }

    /// A row that was written, by its place among all of the county.
    #[must_use]
    pub fn record(&self, at: u32) -> &RecordRow {
        &self.records[at as usize]
    }

    /// The value of a written row that changed, by its place among all of the county.
    #[must_use]
    pub fn changed_field(&self, at: u32) -> &FieldRow {
        &self.fields[at as usize]
    }

    /// The entries that a revision made.
    pub fn of_revision(&self, revision: i64) -> impl Iterator<Item = u32> + use<> {
        let first = self.entries.partition_point(|entry| entry.revision < revision);
        first..self.entries.partition_point(|entry| entry.revision <= revision)
    }

    /// Whether a body or a document was not disclosed when a revision was made, or came to be or ceased to be by it.
    #[must_use]
    pub fn was_hidden(&self, of: RecordKind, id: i64, revision: i64) -> bool {
        let times = self.hidden.get(&(of, id));
        times.is_some_and(|times| times.iter().any(|(from, to)| (*from..=*to).contains(&revision)))
    }

    /// The entries by the objects that they are about.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    pub(super) fn bytes(&self) -> usize {
        let rows = size_of_val(self.records.as_slice()) + size_of_val(self.fields.as_slice());
        self.strings.bytes() + self.entries.bytes() + rows + self.links.bytes()
    }
}

/// Whether a column means nothing to a reader: ids and numbers by which rows are told apart.
#[must_use]
pub fn is_technical(column: &str) -> bool {
    // The content of a draft is long, and stands in the draft.
    matches!(column, "id" | "shard" | "version" | "ordinal" | "content") || column.ends_with("_id")
}

#[cfg(test)]
mod tests {
    use super::Log;
    use crate::store::entity::change::Model;

    const SHARD: u32 = 990_101;

    fn row(revision: i64, previous: &str, reverses: Option<i64>) -> Model {
        let name = |name: &str| {
            format!(r#"{{"organization_id":99010100000000{},"version":1,"name":"{name}"}}"#, revision % 3)
        };
        let (before, after) = (name(&format!("旧{revision}")), name("新"));
        Model {
            revision,
            ordinal: 1,
            shard: SHARD.cast_signed(),
            at: format!("2026-11-27T00:00:{revision:02}Z"),
            principal: "x".into(),
            role: "ESTABLISHMENT_DIRECTOR".into(),
            act: "ORGANIZATION_CORRECT".into(),
            document_id: None,
            request: format!("r{revision}"),
            records: format!(r#"[{{"table":"organization_version","before":{before},"after":{after}}}]"#),
            previous: previous.into(),
            hash: format!("h{revision}"),
            reverses,
        }
    }

    fn told(log: &Log) -> Vec<String> {
        let each = log.entries.ids().map(|(at, id)| {
            let entry = log.entries.get(at);
            let record = log.record(entry.records.at);
            let field = log.changed_field(record.fields.at);
            let words = [Some(entry.at), Some(entry.request), Some(field.name), field.before, field.after];
            let words = words.map(|word| word.map(|word| log.word(word)));
            let linked: Vec<u32> = log.links.get(record.object).collect();
            format!("{id} {} {:?} {words:?} {linked:?}", entry.revision, entry.reversed_by)
        });
        each.collect()
    }

    #[test]
    fn a_log_that_grew_is_the_one_that_is_read_at_once() {
        let rows: Vec<Model> = (1..=9)
            .map(|revision| {
                let previous = if revision == 1 { String::new() } else { format!("h{}", revision - 1) };
                row(revision, &previous, (revision == 8).then_some(5))
            })
            .collect();
        let whole = Log::build(SHARD, None, rows.clone()).expect("a log");
        for cut in 0..=rows.len() {
            let mut log = Log::build(SHARD, None, rows[..cut].to_vec()).expect("a log");
            for next in rows[cut..].chunks(2) {
                log =
                    Log::build(SHARD, Some(&log), next.to_vec()).unwrap_or_else(|e| panic!("{cut}: {}", e.0));
            }
            assert_eq!(told(&log), told(&whole), "{cut}");
        }
        assert!(told(&whole)[4].contains("Some(8)"), "what was taken back is marked by what came later");
        let log = Log::build(SHARD, None, rows[..4].to_vec()).expect("a log");
        assert!(log.goes_on_with(&rows[4..]) && log.goes_on_with(&[]));
        assert!(!log.goes_on_with(&[row(5, "another", None)]), "a database that was restored");
    }
}
