//! A large register, made elsewhere, written shard by shard in one transaction.

use super::{Problem, postgres, sqlite};
use crate::store::load::touch;
use crate::store::{LOCK, Loaded, Rows, Store, StoreError};
use sea_orm::sqlx::{self, Executor, Row as _};
use std::collections::BTreeSet;

/// How many rows are gathered before they are written.
const BATCH: usize = 200_000;
/// Columns in which an empty text is a text, not a null.
const NEVER_NULL: &[&str] = &["fields"];

/// What is imported: under which name the register remembers it, and by what it is told from another.
pub struct Import<'i> {
    /// Name, such as `nation`.
    pub name: &'i str,
    /// Whether its content is made up.
    pub synthetic: bool,
    /// What it was made from; another import of the name with another key is refused.
    pub key: &'i str,
}

impl Store {
    /// Writes rows in one transaction. They have to be new: nothing is overwritten.
    ///
    /// # Errors
    /// `File` when the register holds generated rows already, `Database`. After an error the register is as it was.
    pub async fn import(
        &self,
        import: &Import<'_>,
        rows: impl Iterator<Item = Rows> + Send,
    ) -> Result<Loaded, StoreError> {
        if self.is_embedded() {
            // It keeps its thread: whoever imports does nothing else.
            return self.import_sqlite(import, rows);
        }
        self.import_postgres(import, rows).await
    }

    async fn import_postgres(
        &self,
        import: &Import<'_>,
        rows: impl Iterator<Item = Rows> + Send,
    ) -> Result<Loaded, StoreError> {
        let lost = |error: sqlx::Error| StoreError::from(Problem::from(error));
        let mut connection = self.db.get_postgres_connection_pool().acquire().await.map_err(lost)?.detach();
        connection.execute("BEGIN").await.map_err(lost)?;
        let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
        connection.execute(sqlx::AssertSqlSafe(lock)).await.map_err(lost)?;
        let known = sqlx::query("SELECT name, digest FROM loaded_file").fetch_all(&mut connection).await;
        let known = known.map_err(lost)?;
        let known = known.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        let known: Vec<(String, String)> = known.collect::<Result<_, sqlx::Error>>().map_err(lost)?;
        if !import.is_new(&known)? {
            return Ok(Loaded::Unchanged);
        }
        let mut batches = Batches::new(rows);
        while let Some(batch) = batches.next() {
            for (table, csv) in csv(&batch)? {
                let columns = Rows::columns(table);
                let forced: Vec<&str> = columns.iter().copied().filter(|c| NEVER_NULL.contains(c)).collect();
                postgres::write(&mut connection, table, &columns.join(", "), &forced, csv).await?;
            }
        }
        let query = sqlx::query(FINISH).bind(crate::domain::date::now_text()).bind(import.synthetic);
        let revision: i64 =
            query.fetch_one(&mut connection).await.and_then(|row| row.try_get(0)).map_err(lost)?;
        let shards = touch(&batches.shards, revision);
        connection.execute(sqlx::AssertSqlSafe(shards)).await.map_err(lost)?;
        let mark = sqlx::query("INSERT INTO loaded_file (name, digest, revision) VALUES ($1, $2, $3)");
        let mark = mark.bind(import.name).bind(import.key).bind(revision);
        mark.execute(&mut connection).await.map_err(lost)?;
        connection.execute("COMMIT").await.map_err(lost)?;
        // Whoever reads new rows first has to settle for each of them whether it counts, and to write that down: a server would start
        // slowly. And plans of reading need to know how large the tables have become.
        let settle = format!("VACUUM (ANALYZE) {}", Rows::TABLES.join(", "));
        if let Err(error) = connection.execute(sqlx::AssertSqlSafe(settle)).await {
            tracing::warn!(%error, "the imported tables could not be settled");
        }
        Ok(Loaded::Changed { revision, rows: batches.rows })
    }

    fn import_sqlite(
        &self,
        import: &Import<'_>,
        rows: impl Iterator<Item = Rows>,
    ) -> Result<Loaded, StoreError> {
        let lost = |error: rusqlite::Error| StoreError::from(Problem::from(error));
        let connection = sqlite::open_for_writing(&self.file)?;
        let known: Vec<(String, String)> = connection
            .prepare("SELECT name, digest FROM loaded_file")
            .and_then(|mut q| q.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(lost)?;
        if !import.is_new(&known)? {
            return Ok(Loaded::Unchanged);
        }
        let mut batches = Batches::new(rows);
        while let Some(batch) = batches.next() {
            for (table, csv) in csv(&batch)? {
                sqlite::write(&connection, table, &Rows::columns(table), NEVER_NULL, &csv)?;
            }
        }
        let now = crate::domain::date::now_text();
        let revision: i64 =
            connection.query_row(FINISH, (now, import.synthetic), |row| row.get(0)).map_err(lost)?;
        connection.execute_batch(&touch(&batches.shards, revision)).map_err(lost)?;
        let mark = "INSERT INTO loaded_file (name, digest, revision) VALUES ($1, $2, $3)";
        connection.execute(mark, (import.name, import.key, revision)).map_err(lost)?;
        connection.execute_batch("COMMIT").map_err(lost)?;
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE") {
            tracing::warn!(%error, "the imported tables could not be analysed");
        }
        Ok(Loaded::Changed { revision, rows: batches.rows })
    }
}

/// Moves the register to its next revision.
const FINISH: &str = "UPDATE register SET revision = revision + 1, updated_at = $1, synthetic = synthetic OR $2 \
                      WHERE id = 1 RETURNING revision";

impl Import<'_> {
    /// Whether the rows are to be written: not when they are there already.
    fn is_new(&self, known: &[(String, String)]) -> Result<bool, StoreError> {
        let other = known.iter().find(|(name, _)| name != "divisions");
        match other {
            None => Ok(true),
            Some((name, key)) if name == self.name && key == self.key => Ok(false),
            Some((name, _)) => Err(StoreError::File {
                name: self.name.to_owned(),
                problem: format!("the register holds `{name}` already; use a new database"),
            }),
        }
    }
}

/// Rows of several shards together, so that each write is worth its while.
struct Batches<I> {
    from: I,
    shards: BTreeSet<i32>,
    rows: usize,
}

impl<I: Iterator<Item = Rows>> Batches<I> {
    fn new(from: I) -> Self {
        Self { from, shards: BTreeSet::new(), rows: 0 }
    }

    fn next(&mut self) -> Option<Rows> {
        let mut batch = Rows::default();
        while batch.len() < BATCH {
            let Some(rows) = self.from.next() else { break };
            self.shards.extend(rows.shards());
            self.rows += rows.len();
            batch.append(rows);
        }
        (batch.len() > 0).then_some(batch)
    }
}

/// The tables that have rows, as CSV without names of columns.
fn csv(rows: &Rows) -> Result<Vec<(&'static str, Vec<u8>)>, StoreError> {
    let mut out = Vec::new();
    for table in Rows::TABLES {
        let mut text = Vec::new();
        let problem = |e: csv::Error| StoreError::File { name: (*table).to_owned(), problem: e.to_string() };
        rows.write_csv(table, &mut text).map_err(problem)?;
        let names = text.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
        if text.len() > names {
            text.drain(..names);
            out.push((*table, text));
        }
    }
    Ok(out)
}
