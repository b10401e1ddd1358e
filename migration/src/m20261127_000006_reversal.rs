//! What is taken back, and what holds at one time: a change may take back another; of what holds from a day to another no two rows of one
//! thing overlap; an appointment knows since when it is on public notice.
//!
//! Triggers are the same in both databases and need no extension, where an exclusion constraint would need one for its keys. A row is
//! compared with those that the transaction sees; whoever writes through this program is alone at it.

use sea_orm_migration::sea_orm::{DbBackend, Statement};
use sea_orm_migration::{prelude::*, schema::*};

/// Creates columns, an index and triggers.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables, and by what their rows belong together.
const TABLES: &[(&str, &[&str])] = &[
    ("division_version", &["division_id"]),
    ("organization_version", &["organization_id"]),
    ("establishment", &["organization_id", "kind"]),
    ("pattern_assignment", &["organization_id"]),
    ("competent_department", &["organization_id", "department_id"]),
];

/// Whether another row of the same thing holds at a time at which a row holds.
fn overlaps(table: &str, key: &[&str], new: &str) -> String {
    let same: Vec<String> = key.iter().map(|column| format!("other.{column} = {new}.{column}")).collect();
    format!(
        "EXISTS (SELECT 1 FROM {table} AS other WHERE {} AND other.version <> {new}.version \
         AND (other.valid_from IS NULL OR {new}.valid_to IS NULL OR other.valid_from < {new}.valid_to) \
         AND ({new}.valid_from IS NULL OR other.valid_to IS NULL OR {new}.valid_from < other.valid_to))",
        same.join(" AND ")
    )
}

/// What keeps the rows of a table apart.
fn guards(backend: DbBackend, table: &str, key: &[&str]) -> Vec<String> {
    let (overlaps, said) = (overlaps(table, key, "NEW"), format!("periods of {table} overlap"));
    if backend == DbBackend::Sqlite {
        let guard = |name: &str, event: &str| {
            format!(
                "CREATE TRIGGER {table}_apart_{name} BEFORE {event} ON {table} WHEN {overlaps} \
                 BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        };
        return vec![guard("insert", "INSERT"), guard("update", "UPDATE")];
    }
    vec![
        format!(
            "CREATE FUNCTION {table}_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF {overlaps} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'exclusion_violation'; END IF; \
             RETURN NEW; END $$"
        ),
        format!(
            "CREATE TRIGGER {table}_apart BEFORE INSERT OR UPDATE ON {table} \
             FOR EACH ROW EXECUTE FUNCTION {table}_apart()"
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let reverses = Table::alter().table("change").add_column(big_integer_null("reverses")).to_owned();
        manager.alter_table(reverses).await?;
        let notice = Table::alter().table("appointment").add_column(text_null("publicised_on")).to_owned();
        manager.alter_table(notice).await?;
        let index =
            Index::create().name("change_object_id").table("change_object").col("object_id").to_owned();
        manager.create_index(index).await?;
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        for (table, key) in TABLES {
            let query =
                format!("SELECT COUNT(*) FROM {table} AS row_ WHERE {}", overlaps(table, key, "row_"));
            let found = db.query_one_raw(Statement::from_string(backend, query)).await?;
            let count: i64 = found.map_or(Ok(0), |row| row.try_get_by_index(0))?;
            if count > 0 {
                return Err(DbErr::Custom(format!(
                    "{count} periods in the table {table} overlap others of the same {}: mend them first",
                    key.join(", ")
                )));
            }
            for guard in guards(backend, table, key) {
                db.execute_unprepared(&guard).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, _) in TABLES {
            if manager.get_database_backend() == DbBackend::Sqlite {
                for name in ["insert", "update"] {
                    db.execute_unprepared(&format!("DROP TRIGGER {table}_apart_{name}")).await?;
                }
            } else {
                db.execute_unprepared(&format!("DROP FUNCTION {table}_apart() CASCADE")).await?;
            }
        }
        manager.drop_index(Index::drop().name("change_object_id").table("change_object").to_owned()).await?;
        for (table, column) in [("change", "reverses"), ("appointment", "publicised_on")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
