//! The desk: counties as they lie before an official. Acts change their rows here, and what they changed is written down as it was
//! before and after.

use super::{ID_SPACE, Rows, entity};
use crate::domain::ActKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A row of a table of the register.
pub trait Row: Clone + PartialEq + Serialize {
    /// By what it is told from the others.
    type Key: Ord + Clone;
    /// The table.
    const TABLE: &'static str;
    /// Its key.
    fn key(&self) -> Self::Key;
    /// The table of the object in whose history it stands: ids are told apart within a table only.
    const OBJECT: &'static str;
    /// The id of that object.
    fn object(&self) -> i64;
    /// The county that keeps it.
    fn shard(&self) -> i32;
}

/// A row that was written: as it was and as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Table.
    pub table: &'static str,
    #[serde(skip)]
    pub(super) object: (&'static str, i64),
    #[serde(skip)]
    pub(super) shard: i32,
    /// The row before; nothing for a new one.
    pub before: Option<serde_json::Value>,
    /// The row after; nothing for one that was taken back.
    pub after: Option<serde_json::Value>,
}

/// A row that was written, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Written {
    /// Table.
    pub table: String,
    /// The row before; nothing for a new one.
    pub before: Option<serde_json::Value>,
    /// The row after; nothing for one that was taken back.
    pub after: Option<serde_json::Value>,
}

/// The rows of a table.
#[derive(Debug, Clone)]
pub struct Sheet<R: Row> {
    rows: BTreeMap<R::Key, R>,
    /// The rows that were written since the last act was closed, as they were before it.
    before: BTreeMap<R::Key, Option<R>>,
    /// The keys of all that were written.
    written: BTreeSet<R::Key>,
    /// The rows that were taken away.
    removed: BTreeMap<R::Key, R>,
}

impl<R: Row> Sheet<R> {
    fn new(rows: Vec<R>) -> Self {
        let rows = rows.into_iter().map(|row| (row.key(), row)).collect();
        Self { rows, before: BTreeMap::new(), written: BTreeSet::new(), removed: BTreeMap::new() }
    }

    /// The row with a key.
    pub fn get(&self, key: &R::Key) -> Option<&R> {
        self.rows.get(key)
    }

    /// All rows, ordered by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values()
    }

    /// The rows from one key to another, which is not among them.
    pub fn range(&self, keys: std::ops::Range<R::Key>) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.range(keys).map(|(_, row)| row)
    }

    /// Writes a row: a new one, or in place of the one with its key.
    pub fn put(&mut self, row: R) {
        let key = row.key();
        let before = self.rows.insert(key.clone(), row);
        self.before.entry(key.clone()).or_insert(before);
        self.removed.remove(&key);
        self.written.insert(key);
    }

    /// Takes a row away.
    fn remove(&mut self, key: &R::Key) {
        if let Some(row) = self.rows.remove(key) {
            self.before.entry(key.clone()).or_insert_with(|| Some(row.clone()));
            self.written.remove(key);
            self.removed.insert(key.clone(), row);
        }
    }

    fn is_changed(&self) -> bool {
        self.before.iter().any(|(key, before)| before.as_ref() != self.rows.get(key))
    }

    /// Undoes what was written since the last act was closed. What is written down of a desk after that is not to be committed.
    fn undo(&mut self) {
        for (key, before) in std::mem::take(&mut self.before) {
            match before {
                Some(row) => drop(self.rows.insert(key, row)),
                None => drop(self.rows.remove(&key)),
            }
        }
    }

    fn take_records(&mut self, into: &mut Vec<Record>) {
        for (key, before) in std::mem::take(&mut self.before) {
            let after = self.rows.get(&key);
            let Some(row) = after.or(before.as_ref()).filter(|_| before.as_ref() != after) else { continue };
            // A row of plain values always has a JSON form.
            let json = |row: &R| serde_json::to_value(row).unwrap_or_default();
            into.push(Record {
                table: R::TABLE,
                object: (R::OBJECT, row.object()),
                shard: row.shard(),
                before: before.as_ref().map(json),
                after: after.map(json),
            });
        }
    }

    /// Takes a row back to what it was before a record of the log; not when it is to be as the record left it, and is not.
    fn take_back(&mut self, before: Option<R>, after: Option<&R>, as_left: bool) -> bool {
        let Some(key) = after.or(before.as_ref()).map(Row::key) else { return false };
        if as_left && self.rows.get(&key) != after {
            return false;
        }
        match before {
            Some(before) => self.put(before),
            None => self.remove(&key),
        }
        true
    }

    fn written(&self) -> Vec<R> {
        self.written.iter().filter_map(|key| self.rows.get(key).cloned()).collect()
    }

    fn all(&self) -> Vec<R> {
        self.rows.values().cloned().collect()
    }
}

macro_rules! desk {
    ($($table:ident: $key:ty = |$row:ident| $of:expr, $object:ident of $kind:ident;)+) => {
        $(impl Row for entity::$table::Model {
            type Key = $key;
            const TABLE: &'static str = stringify!($table);
            const OBJECT: &'static str = stringify!($kind);
            fn key(&self) -> $key {
                let $row = self;
                $of
            }
            fn object(&self) -> i64 {
                self.$object
            }
            fn shard(&self) -> i32 {
                self.shard
            }
        })+

        /// Counties on the desk.
        #[derive(Debug, Clone)]
        pub struct Desk {
            $(#[doc = concat!("The table `", stringify!($table), "`.")] pub $table: Sheet<entity::$table::Model>,)+
            /// The last id that was given out in each county.
            last: BTreeMap<i32, i64>,
            /// The last revision that changed one of the counties.
            revision: i64,
            /// What was done, in order.
            pub(super) done: Vec<Done>,
            /// What was done to the counties, where that was asked for: in order.
            log: Vec<entity::change::Model>,
        }

        impl Desk {
            /// Lays rows on the desk, with the last id that was given out in each of their counties.
            #[must_use]
            pub fn new(rows: Rows, last: BTreeMap<i32, i64>) -> Self {
                Self { $($table: Sheet::new(rows.$table),)+ last, revision: 0, done: Vec::new(), log: rows.log }
            }

            /// All rows as they are now.
            #[must_use]
            pub fn rows(&self) -> Rows {
                Rows { $($table: self.$table.all(),)+ log: self.log.clone() }
            }

            /// The rows that were written.
            pub(super) fn written(&self) -> Rows {
                Rows { $($table: self.$table.written(),)+ log: Vec::new() }
            }

            /// The rows that were taken away.
            pub(super) fn removed(&self) -> Rows {
                Rows { $($table: self.$table.removed.values().cloned().collect(),)+ log: Vec::new() }
            }

            /// Takes a row back to what it was before a record of the log: whether that was done. With `as_left` it is not when the
            /// row is not as the record left it. Nothing when the record cannot be read.
            pub fn take_back(&mut self, record: Written, as_left: bool) -> Option<bool> {
                match record.table.as_str() {
                    $(stringify!($table) => {
                        let read = |row: Option<serde_json::Value>| {
                            row.map(serde_json::from_value::<entity::$table::Model>).transpose().ok()
                        };
                        let (before, after) = (read(record.before)?, read(record.after)?);
                        Some(self.$table.take_back(before, after.as_ref(), as_left))
                    })+
                    _ => None,
                }
            }

            /// Whether anything is other than when the last act was closed.
            #[must_use]
            pub fn is_changed(&self) -> bool {
                false $(|| self.$table.is_changed())+
            }

            /// Undoes what was written since the last act was closed, so that others can be tried. The desk is not to be committed.
            pub fn undo(&mut self) {
                $(self.$table.undo();)+
            }

            fn take_records(&mut self) -> Vec<Record> {
                let mut out = Vec::new();
                $(self.$table.take_records(&mut out);)+
                out
            }
        }

        /// The table of the object in whose history the rows of a table stand, and the column with its id.
        fn object_of(table: &str) -> Option<(&'static str, &'static str)> {
            match table {
                $(stringify!($table) => Some((stringify!($kind), stringify!($object))),)+
                _ => None,
            }
        }
    };
}

desk! {
    document: i64 = |row| row.id, id of document;
    division: i64 = |row| row.id, id of division;
    division_version: (i64, i32) = |row| (row.division_id, row.version), division_id of division;
    division_trait: (i64, String) = |row| (row.division_id, row.name.clone()), division_id of division;
    division_statistics: (i64, i32) = |row| (row.division_id, row.year), division_id of division;
    organization: i64 = |row| row.id, id of organization;
    organization_version: (i64, i32) = |row| (row.organization_id, row.version), organization_id of organization;
    competent_department: (i64, i64, i32) = |row| (row.organization_id, row.department_id, row.version), organization_id of organization;
    establishment: (i64, String, i32) = |row| (row.organization_id, row.kind.clone(), row.version), organization_id of organization;
    leadership_post: i64 = |row| row.id, id of leadership_post;
    person: i64 = |row| row.id, id of person;
    appointment: i64 = |row| row.id, id of appointment;
    reform: i64 = |row| row.id, id of reform;
    reform_draft: i64 = |row| row.id, id of reform_draft;
    organization_change: i64 = |row| row.id, id of organization_change;
    organization_change_party: (i64, i64, bool) = |row| (row.change_id, row.organization_id, row.resulting), organization_id of organization;
    setting_pattern: i64 = |row| row.id, id of setting_pattern;
    setting_slot: (i64, i32) = |row| (row.pattern_id, row.ordinal), pattern_id of setting_pattern;
    pattern_assignment: (i64, i32) = |row| (row.organization_id, row.version), organization_id of organization;
}

impl Written {
    /// The object in whose history a record stands: its table and its id.
    #[must_use]
    pub fn object(&self) -> Option<(&'static str, i64)> {
        let (table, column) = object_of(&self.table)?;
        Some((table, self.row()?.get(column)?.as_i64()?))
    }

    /// The row as it is, or as it was last.
    #[must_use]
    pub fn row(&self) -> Option<&serde_json::Value> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// An act that was done.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub act: ActKind,
    pub document: Option<i64>,
    pub records: Vec<Record>,
    /// The revision that it takes back.
    pub reverses: Option<i64>,
    /// Counties in whose log it stands beside those of its records.
    pub noted: BTreeSet<i32>,
}

impl Desk {
    /// The last revision of the register that changed one of the counties.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The same desk, of counties which a revision changed last.
    pub(super) fn of_revision(self, revision: i64) -> Self {
        Self { revision, ..self }
    }

    /// An id for a new record of a county; nothing when there is none left, or the county does not lie here.
    pub fn new_id(&mut self, shard: i32) -> Option<i64> {
        let last = self.last.get_mut(&shard)?;
        let next = *last + 1;
        let fits = next / ID_SPACE == i64::from(shard);
        fits.then(|| {
            *last = next;
            next
        })
    }

    /// Closes an act: what was written since the one before is what it did. Nothing is noted when that is nothing.
    pub fn close(&mut self, act: ActKind, document: Option<i64>) {
        self.close_reversal(act, document, None);
    }

    /// The same, of an act that takes back a revision.
    pub fn close_reversal(&mut self, act: ActKind, document: Option<i64>, reverses: Option<i64>) {
        let records = self.take_records();
        if !records.is_empty() {
            self.done.push(Done { act, document, records, reverses, noted: BTreeSet::new() });
        }
    }

    /// Notes an act that wrote nothing in the log of counties.
    pub fn note(&mut self, act: ActKind, counties: BTreeSet<i32>) {
        let (records, document, reverses) = (Vec::new(), None, None);
        self.done.push(Done { act, document, records, reverses, noted: counties });
    }

    /// What was done to the counties, in order; empty where nobody asked for it.
    #[must_use]
    pub fn log(&self) -> &[entity::change::Model] {
        &self.log
    }
}
