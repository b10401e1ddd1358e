//! All rows of the register, or of one shard: one list a table.

use super::{StoreError, entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryOrder,
};
use std::collections::BTreeMap;

/// A bound number of parameters in one statement: SQLite allows 32,766.
const PARAMETERS: usize = 30_000;

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $table:ident by $order:ident;)+) => {
        /// Plain rows, one list a table, in the order in which they can be written.
        #[derive(Debug, Default, Clone)]
        pub struct Rows { $($(#[doc = $doc])+ pub $table: Vec<entity::$table::Model>),+ }

        impl Rows {
            /// Names of the tables in the order in which they can be written.
            pub const TABLES: &'static [&'static str] = &[$(stringify!($table)),+];

            /// Reads every table.
            pub(super) async fn read(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
                Ok(Self { $($table: entity::$table::Entity::find()
                    .order_by_asc(entity::$table::Column::Shard)
                    .order_by_asc(entity::$table::Column::$order).all(db).await?),+ })
            }

            /// Writes every row: new ones are inserted, known ones take the new values.
            pub(super) async fn write(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
                $(upsert::<entity::$table::Entity, _, _>(self.$table, db).await?;)+
                Ok(())
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
    document by Id;
    /// Divisions.
    division by Id;
    /// What divisions were called.
    division_version by DivisionId;
    /// Traits of divisions.
    division_trait by DivisionId;
    /// Yearly figures of divisions.
    division_statistics by DivisionId;
    /// Organisations.
    organization by Id;
    /// What organisations were.
    organization_version by OrganizationId;
    /// Competent departments.
    competent_department by OrganizationId;
    /// Establishment.
    establishment by OrganizationId;
    /// Leadership posts.
    leadership_post by Id;
    /// Persons.
    person by Id;
    /// Appointments.
    appointment by Id;
    /// Reforms.
    reform by Id;
    /// Changes of organisations.
    organization_change by Id;
    /// What became of what.
    organization_change_party by ChangeId;
    /// Setting patterns.
    setting_pattern by Id;
    /// Their slots.
    setting_slot by PatternId;
    /// Which pattern holds where.
    pattern_assignment by OrganizationId;
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
