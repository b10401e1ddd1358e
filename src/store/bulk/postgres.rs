//! Whole tables to and from PostgreSQL: by `COPY`, in its binary format when reading, as CSV when writing.

use super::cells::{CellError, Cells};
use super::{Problem, State};
use futures_util::TryStreamExt;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{self, Executor, Row as _};

/// Eleven bytes by which a binary copy begins, then flags and the length of an extension: both are zero.
const HEADER: usize = 19;

/// Begins to read: state, shards with something to read, and the name by which other connections see the same.
pub async fn begin(connection: &mut PgConnection, since: i64) -> Result<(State, Vec<i32>, String), Problem> {
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let row = sqlx::query("SELECT revision, synthetic, secret FROM register WHERE id = 1")
        .fetch_optional(&mut *connection)
        .await?;
    let state = match row {
        None => State::default(),
        Some(row) => State::of(row.try_get(0)?, row.try_get(1)?, row.try_get::<&str, _>(2)?),
    };
    let shards = sqlx::query("SELECT shard FROM shard WHERE revision > $1 ORDER BY shard").bind(since);
    let shards = shards.fetch_all(&mut *connection).await?;
    let shards = shards.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let name = sqlx::query("SELECT pg_export_snapshot()").fetch_one(&mut *connection).await?.try_get(0)?;
    Ok((state, shards, name))
}

/// Lets another connection see what the first one sees.
pub async fn join(connection: &mut PgConnection, name: &str) -> Result<(), Problem> {
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    // The name comes from the database itself.
    connection.execute(sqlx::AssertSqlSafe(format!("SET TRANSACTION SNAPSHOT '{name}'"))).await?;
    Ok(())
}

/// Reads what a query selects.
pub async fn read(
    connection: &mut PgConnection,
    query: &str,
    mut each: impl FnMut(&mut Tuple<'_>) -> Result<(), CellError>,
) -> Result<(), Problem> {
    let copy = format!("COPY ({query}) TO STDOUT (FORMAT binary)");
    let mut stream = connection.copy_out_raw(&copy).await?;
    let (mut kept, mut begun) = (Vec::new(), false);
    while let Some(chunk) = stream.try_next().await? {
        // Mostly a part is one row, which is read where it lies.
        let whole = begun && kept.is_empty();
        if !whole {
            kept.extend_from_slice(&chunk);
        }
        if !begun && kept.len() < HEADER {
            continue;
        }
        let bytes: &[u8] = if whole { &chunk } else { &kept };
        let mut at = if begun { 0 } else { HEADER };
        begun = true;
        // A row may be cut by the end of a part: its beginning is kept for the next.
        while let Some((length, rest)) = tuple(&bytes[at..]) {
            each(&mut Tuple { rest }).map_err(Problem::Row)?;
            at += length;
        }
        if whole {
            kept.extend_from_slice(&chunk[at..]);
        } else {
            kept.drain(..at);
        }
    }
    Ok(())
}

/// The first whole row of some bytes: its length with its head, and its cells. `None` at the end, or when it is cut.
fn tuple(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let count = i16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
    let mut at = 2;
    // The end is marked by a count of -1.
    for _ in 0..usize::try_from(count).ok()? {
        let length = i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        at += 4 + usize::try_from(length).unwrap_or(0);
    }
    Some((at, bytes.get(2..at)?))
}

/// A row in the binary format.
pub struct Tuple<'t> {
    rest: &'t [u8],
}

impl<'t> Tuple<'t> {
    fn take(&mut self) -> Result<&'t [u8], CellError> {
        let cut = || CellError("a row is cut".to_owned());
        let (head, rest) = self.rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = usize::try_from(i32::from_be_bytes(*head)).unwrap_or(0);
        let (cell, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        self.rest = rest;
        Ok(cell)
    }
}

impl Cells for Tuple<'_> {
    fn is_null(&self) -> Result<bool, CellError> {
        Ok(self.rest.starts_with(&[0xff; 4]))
    }
    fn skip(&mut self) -> Result<(), CellError> {
        self.take().map(|_| ())
    }
    fn number(&mut self) -> Result<i64, CellError> {
        let cell = self.take()?;
        match *cell {
            [truth] => Ok(truth.into()),
            [a, b, c, d] => Ok(i32::from_be_bytes([a, b, c, d]).into()),
            _ => cell.try_into().map(i64::from_be_bytes).map_err(|_| CellError("a number is cut".to_owned())),
        }
    }
    fn text(&mut self) -> Result<&str, CellError> {
        std::str::from_utf8(self.take()?).map_err(|e| CellError(e.to_string()))
    }
}

/// Writes rows that are CSV already. Empty cells are null, except in the columns named.
pub async fn write(
    connection: &mut PgConnection,
    table: &str,
    columns: &str,
    never_null: &[&str],
    csv: Vec<u8>,
) -> Result<(), Problem> {
    let force = match never_null {
        [] => String::new(),
        names => format!(", FORCE_NOT_NULL ({})", names.join(", ")),
    };
    let statement = format!("COPY {table} ({columns}) FROM STDIN (FORMAT csv{force})");
    let mut copy = connection.copy_in_raw(&statement).await?;
    copy.send(csv).await?;
    copy.finish().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Cells, Tuple, tuple};

    #[test]
    fn a_row_is_read_only_when_it_is_whole() {
        let mut bytes = vec![0, 3, 0, 0, 0, 4, 0, 0, 1, 0];
        bytes.extend_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        bytes.extend_from_slice(&[0, 0, 0, 3]);
        bytes.extend_from_slice("镇".as_bytes());
        for cut in 0..bytes.len() {
            assert_eq!(tuple(&bytes[..cut]), None, "{cut}");
        }
        let (length, rest) = tuple(&bytes).expect("whole");
        assert_eq!(length, bytes.len());
        let mut row = Tuple { rest };
        assert_eq!(row.number().expect("number"), 256);
        assert!(row.is_null().expect("null"));
        row.skip().expect("null");
        assert_eq!(row.text().expect("text"), "镇");
        assert!(row.text().is_err());
        assert_eq!(tuple(&[0xff, 0xff]), None);
    }
}
