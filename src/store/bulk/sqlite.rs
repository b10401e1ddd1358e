//! Whole tables to and from SQLite, without a channel and a copy of each value in between.

use super::cells::{CellError, Cells};
use super::{Problem, State};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Statement, params_from_iter};
use std::time::Duration;

/// Opens a file for reading.
pub fn open(file: &str) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA cache_size = -16384")?;
    Ok(connection)
}

/// Begins to read: state, and shards with something to read.
pub fn begin(connection: &Connection, since: i64) -> Result<(State, Vec<i32>), Problem> {
    connection.execute_batch("BEGIN")?;
    let state = |row: &Row<'_>| Ok(State::of(row.get(0)?, row.get(1)?, &row.get::<_, String>(2)?));
    let query = "SELECT revision, synthetic, secret FROM register WHERE id = 1";
    let state = connection.query_row(query, [], state).optional()?.unwrap_or_default();
    let mut shards = connection.prepare("SELECT shard FROM shard WHERE revision > ?1 ORDER BY shard")?;
    let shards = shards.query_map([since], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok((state, shards))
}

/// Reads what a query selects.
pub fn read(
    connection: &Connection,
    query: &str,
    mut each: impl FnMut(&mut Cursor<'_, '_>) -> Result<(), CellError>,
) -> Result<(), Problem> {
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&mut Cursor { row, at: 0 }).map_err(Problem::Row)?;
    }
    Ok(())
}

/// A row, and which of its cells is the next.
pub struct Cursor<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl<'r> Cursor<'r, '_> {
    fn get(&self) -> Result<ValueRef<'r>, CellError> {
        self.row.get_ref(self.at).map_err(|e| CellError(e.to_string()))
    }
}

impl Cells for Cursor<'_, '_> {
    fn is_null(&self) -> Result<bool, CellError> {
        Ok(self.get()? == ValueRef::Null)
    }
    fn skip(&mut self) -> Result<(), CellError> {
        self.at += 1;
        Ok(())
    }
    fn number(&mut self) -> Result<i64, CellError> {
        let number = self.get()?.as_i64().map_err(|e| CellError(e.to_string()))?;
        self.at += 1;
        Ok(number)
    }
    fn text(&mut self) -> Result<&str, CellError> {
        let text = self.get()?.as_str().map_err(|e| CellError(e.to_string()))?;
        self.at += 1;
        Ok(text)
    }
}

/// Opens a file for writing, alone at its work, and with each write on disk before it counts.
pub fn open_for_writing(file: &str) -> Result<Connection, Problem> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -262144; \
         BEGIN IMMEDIATE",
    )?;
    Ok(connection)
}

/// Writes rows that are CSV already. Empty cells are null, except in the columns named; types follow the columns.
pub fn write(
    connection: &Connection,
    table: &str,
    columns: &[&str],
    never_null: &[&str],
    csv: &[u8],
) -> Result<(), Problem> {
    let marks = vec!["?"; columns.len()].join(", ");
    let names = columns.join(", ");
    let mut insert: Statement<'_> =
        connection.prepare(&format!("INSERT INTO {table} ({names}) VALUES ({marks})"))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    let mut record = csv::StringRecord::new();
    let broken = |e: csv::Error| Problem::Row(CellError(e.to_string()));
    while reader.read_record(&mut record).map_err(broken)? {
        let cells = record.iter().zip(columns).map(|(cell, column)| match cell {
            "" if !never_null.contains(column) => None,
            "true" => Some("1"),
            "false" => Some("0"),
            text => Some(text),
        });
        insert.execute(params_from_iter(cells))?;
    }
    Ok(())
}
