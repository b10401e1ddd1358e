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
    /// The row after.
    pub after: serde_json::Value,
}

/// A row that was written, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Written {
    /// Table.
    pub table: String,
    /// The row before; nothing for a new one.
    pub before: Option<serde_json::Value>,
    /// The row after.
    pub after: serde_json::Value,
}

/// The rows of a table.
#[derive(Debug, Clone)]
pub struct Sheet<R: Row> {
    rows: BTreeMap<R::Key, R>,
    /// The rows that were written since the last act was closed, as they were before it.
    before: BTreeMap<R::Key, Option<R>>,
    /// The keys of all that were written.
    written: BTreeSet<R::Key>,
}

impl<R: Row> Sheet<R> {
    fn new(rows: Vec<R>) -> Self {
        let rows = rows.into_iter().map(|row| (row.key(), row)).collect();
        Self { rows, before: BTreeMap::new(), written: BTreeSet::new() }
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
        self.written.insert(key);
    }

    fn take_records(&mut self, into: &mut Vec<Record>) {
        for (key, before) in std::mem::take(&mut self.before) {
            let Some(row) = self.rows.get(&key).filter(|row| before.as_ref() != Some(row)) else { continue };
            // A row of plain values always has a JSON form.
            let json = |row: &R| serde_json::to_value(row).unwrap_or_default();
            into.push(Record {
                table: R::TABLE,
                object: (R::OBJECT, row.object()),
                shard: row.shard(),
                before: before.as_ref().map(json),
                after: json(row),
            });
        }
    }

    /// Takes a row back to what it was before a record of the log.
    fn take_back(&mut self, before: Option<R>, after: &R) {
        match before {
            Some(before) => drop(self.rows.insert(before.key(), before)),
            None => drop(self.rows.remove(&after.key())),
        }
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
        }

        impl Desk {
            /// Lays rows on the desk, with the last id that was given out in each of their counties.
            #[must_use]
            pub fn new(rows: Rows, last: BTreeMap<i32, i64>) -> Self {
                Self { $($table: Sheet::new(rows.$table),)+ last, revision: 0, done: Vec::new() }
            }

            /// All rows as they are now.
            #[must_use]
            pub fn rows(&self) -> Rows {
                Rows { $($table: self.$table.all(),)+ log: Vec::new() }
            }

            /// The rows that were written.
            pub(super) fn written(&self) -> Rows {
                Rows { $($table: self.$table.written(),)+ log: Vec::new() }
            }

            /// Takes a row back to what it was before a record of the log; nothing when the record cannot be read.
            pub(super) fn take_back(&mut self, record: Written) -> Option<()> {
                match record.table.as_str() {
                    $(stringify!($table) => {
                        let read = |row| serde_json::from_value::<entity::$table::Model>(row).ok();
                        let before = match record.before {
                            Some(row) => Some(read(row)?),
                            None => None,
                        };
                        self.$table.take_back(before, &read(record.after)?);
                        Some(())
                    })+
                    _ => None,
                }
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
        Some((table, self.after.get(column)?.as_i64()?))
    }
}

/// An act that was done.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub act: ActKind,
    pub document: Option<i64>,
    pub records: Vec<Record>,
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
        let records = self.take_records();
        if !records.is_empty() {
            self.done.push(Done { act, document, records });
        }
    }
}
