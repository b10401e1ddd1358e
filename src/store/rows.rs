//! All rows of the register, or of one shard: one list a table.

use super::bulk::{Problem, cells, postgres, sqlite};
use super::desk::Row;
use super::{StoreError, entity};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, QueryFilter, Statement, sqlx,
};
use std::collections::{BTreeMap, BTreeSet};

/// A bound number of parameters in one statement: SQLite allows 32,766.
pub(super) const PARAMETERS: usize = 30_000;

/// The rows of each shard.
pub(super) type Shards = BTreeMap<i32, Rows>;

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $table:ident;)+) => {
        /// Plain rows, one list a table, in the order in which they can be written.
        #[derive(Debug, Default, Clone)]
        pub struct Rows {
            $($(#[doc = $doc])+ pub $table: Vec<entity::$table::Model>,)+
            /// What was done to them: read with them, and written by acts only.
            pub log: Vec<entity::change::Model>,
        }

        impl Rows {
            /// Names of the tables in the order in which they can be written.
            pub const TABLES: &'static [&'static str] = &[$(stringify!($table)),+];

            /// Reads what fulfils a condition from every table of PostgreSQL, by shard; of the log what came after a revision.
            pub(super) async fn copy_out(
                connection: &mut sqlx::PgConnection,
                condition: &str,
                since: i64,
            ) -> Result<Shards, Problem> {
                let mut out = Shards::new();
                $({
                    let query = select::<entity::$table::Entity>(stringify!($table), condition);
                    let each = |row: &mut postgres::Tuple<'_>| {
                        let row: entity::$table::Model = cells::row(row)?;
                        out.entry(row.shard).or_default().$table.push(row);
                        Ok(())
                    };
                    postgres::read(connection, &query, each).await?;
                })+
                let each = |row: &mut postgres::Tuple<'_>| {
                    let row: entity::change::Model = cells::row(row)?;
                    out.entry(row.shard).or_default().log.push(row);
                    Ok(())
                };
                postgres::read(connection, &select_log(condition, since), each).await?;
                Ok(out)
            }

            /// Reads what fulfils a condition from every table of SQLite, by shard; of the log what came after a revision.
            pub(super) fn step_through(
                connection: &rusqlite::Connection,
                condition: &str,
                since: i64,
            ) -> Result<Shards, Problem> {
                let mut out = Shards::new();
                $({
                    let query = select::<entity::$table::Entity>(stringify!($table), condition);
                    sqlite::read(connection, &query, |row| {
                        let row: entity::$table::Model = cells::row(row)?;
                        out.entry(row.shard).or_default().$table.push(row);
                        Ok(())
                    })?;
                })+
                sqlite::read(connection, &select_log(condition, since), |row| {
                    let row: entity::change::Model = cells::row(row)?;
                    out.entry(row.shard).or_default().log.push(row);
                    Ok(())
                })?;
                Ok(out)
            }

            /// Adds the rows of another.
            pub fn append(&mut self, other: Self) {
                $(self.$table.extend(other.$table);)+
                self.log.extend(other.log);
            }

            /// The shards that the rows belong to.
            #[must_use]
            pub fn shards(&self) -> BTreeSet<i32> {
                let mut out = BTreeSet::new();
                $(out.extend(self.$table.iter().map(|row| row.shard));)+
                out
            }

            /// The columns of a table, in the order of its rows.
            pub(super) fn columns(table: &str) -> Vec<&'static str> {
                match table {
                    $(stringify!($table) => columns::<entity::$table::Entity>(),)+
                    _ => Vec::new(),
                }
            }

            /// Reads the rows of some shards, without what was done to them, in a transaction.
            pub(super) async fn read_within(
                db: &impl ConnectionTrait,
                shards: &BTreeSet<i32>,
            ) -> Result<Self, StoreError> {
                let among = || shards.iter().copied();
                Ok(Self {
                    $($table: entity::$table::Entity::find()
                        .filter(entity::$table::Column::Shard.is_in(among()))
                        .all(db)
                        .await?,)+
                    log: Vec::new(),
                })
            }

            /// Writes every row: new ones are inserted, known ones take the new values.
            pub(super) async fn write(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
                $(upsert::<entity::$table::Entity, _, _>(self.$table, db).await?;)+
                Ok(())
            }

            /// Deletes every row: those that refer to others before these.
            pub(super) async fn delete(self, db: &sea_orm::DatabaseTransaction) -> Result<(), StoreError> {
                let mut each: Vec<BoxFuture<'_, Result<(), StoreError>>> =
                    vec![$(delete::<entity::$table::Model, _>(self.$table, db).boxed(),)+];
                each.reverse();
                for table in each {
                    table.await?;
                }
                Ok(())
            }

            /// Leaves out what stands in the histories of objects: tables and ids.
            pub(super) fn leave_out(&mut self, objects: &BTreeSet<(&str, i64)>) {
                $(self.$table.retain(|row| !objects.contains(&(entity::$table::Model::OBJECT, row.object())));)+
            }

            /// How many rows there are.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
            pub fn len(&self) -> usize { 0 $(+ self.$table.len())+ }

            /// Splits the rows by shard.
            #[must_use]
            pub fn split(self) -> BTreeMap<i32, Rows> {
                let mut shards: BTreeMap<i32, Rows> = BTreeMap::new();
                $(for row in self.$table { shards.entry(row.shard).or_default().$table.push(row); })+
                for row in self.log { shards.entry(row.shard).or_default().log.push(row); }
                shards
            }

            /// Reads a CSV text whose columns are those of the table.
            ///
            /// # Errors
            /// The name of the table when there is none such, or what is wrong in which line.
            pub fn read_csv(&mut self, table: &str, text: &[u8]) -> Result<(), String> {
                match table {
                    $(stringify!($table) => parse(text, &mut self.$table),)+
                    _ => Err("there is no such table".to_owned()),
                }
            }

            /// Writes the table as CSV.
            ///
            /// # Errors
            /// When the writer refuses.
            pub fn write_csv(&self, table: &str, out: impl std::io::Write) -> Result<(), csv::Error> {
                match table {
                    $(stringify!($table) => emit(&self.$table, out),)+
                    _ => Ok(()),
                }
            }
        }
    };
}

rows! {
    /// Basis documents.
    document;
    /// Divisions.
    division;
    /// What divisions were called.
    division_version;
    /// Traits of divisions.
    division_trait;
    /// Yearly figures of divisions.
    division_statistics;
    /// Organisations.
    organization;
    /// What organisations were.
    organization_version;
    /// Competent departments.
    competent_department;
    /// Establishment.
    establishment;
    /// Leadership posts.
    leadership_post;
    /// Persons.
    person;
    /// Appointments.
    appointment;
    /// Reforms.
    reform;
    /// Drafts of reforms.
    reform_draft;
    /// Changes of organisations.
    organization_change;
    /// What became of what.
    organization_change_party;
    /// Setting patterns.
    setting_pattern;
    /// Their slots.
    setting_slot;
    /// Which pattern holds where.
    pattern_assignment;
}

impl Rows {
    /// The last id among some that a record has, or had.
    pub(super) async fn last_id(
        db: &impl ConnectionTrait,
        among: std::ops::Range<i64>,
    ) -> Result<Option<i64>, StoreError> {
        let (from, to) = (among.start, among.end);
        let with_id = Self::TABLES.iter().filter(|table| Self::columns(table).contains(&"id"));
        let last = |table| format!("SELECT MAX(id) AS id FROM {table} WHERE id >= {from} AND id < {to}");
        // What was taken back leaves its id in the log: it is not given out again.
        let logged = "SELECT MAX(object_id) AS id FROM change_object WHERE object_id >= ";
        let logged = format!("{logged}{from} AND object_id < {to}");
        let each: Vec<String> = with_id.map(last).chain([logged]).collect();
        let all = format!("SELECT MAX(id) AS id FROM ({}) AS each_table", each.join(" UNION ALL "));
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), all)).await?;
        Ok(row.and_then(|row| row.try_get::<Option<i64>>("", "id").ok().flatten()))
    }
}

fn columns<E: EntityTrait>() -> Vec<&'static str> {
    E::Column::iter().map(|column| IdenStatic::as_str(&column)).collect()
}

fn select<E: EntityTrait>(table: &str, condition: &str) -> String {
    format!("SELECT {} FROM {table} WHERE {condition}", columns::<E>().join(", "))
}

fn select_log(condition: &str, since: i64) -> String {
    select::<entity::change::Entity>("change", &format!("{condition} AND revision > {since}"))
}

async fn upsert<E, M, A>(rows: Vec<M>, db: &impl ConnectionTrait) -> Result<(), StoreError>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<A> + sea_orm::FromQueryResult + Sync,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let key_names: Vec<String> = keys.iter().map(|k| sea_orm::IdenStatic::as_str(k).to_owned()).collect();
    let others =
        columns.iter().filter(|c| !key_names.iter().any(|k| k == sea_orm::IdenStatic::as_str(*c))).copied();
    let conflict = OnConflict::columns(keys.iter().copied()).update_columns(others).to_owned();
    let mut rows = rows.into_iter();
    loop {
        let batch: Vec<A> =
            rows.by_ref().take(PARAMETERS / columns.len()).map(IntoActiveModel::into_active_model).collect();
        if batch.is_empty() {
            return Ok(());
        }
        E::insert_many(batch).on_conflict(conflict.clone()).exec_without_returning(db).await?;
    }
}

async fn delete<M, A>(rows: Vec<M>, db: &sea_orm::DatabaseTransaction) -> Result<(), StoreError>
where
    M: IntoActiveModel<A> + Send,
    A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
{
    for row in rows {
        row.into_active_model().delete(db).await?;
    }
    Ok(())
}

fn parse<T: serde::de::DeserializeOwned>(text: &[u8], into: &mut Vec<T>) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(text);
    for row in reader.deserialize() {
        into.push(row.map_err(|e| e.to_string())?);
    }
    Ok(())
}

fn emit<T: serde::Serialize>(rows: &[T], out: impl std::io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()?;
    Ok(())
}
