//! One thing at a time: of what holds from a day to another, one alone is without an end, and no two begin on one day. What the acts refuse,
//! the database refuses too. Partial indexes are the same on SQLite and PostgreSQL; they need no extension.

use sea_orm_migration::prelude::*;

/// Creates the indexes.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables, and by what their rows belong together.
const TABLES: &[(&str, &str)] = &[
    ("division_version", "division_id"),
    ("organization_version", "organization_id"),
    ("establishment", "organization_id, kind"),
    ("pattern_assignment", "organization_id"),
    ("competent_department", "organization_id, department_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, key) in TABLES {
            let open = format!("CREATE UNIQUE INDEX {table}_open ON {table} ({key}) WHERE valid_to IS NULL");
            db.execute_unprepared(&open).await?;
            let begin = format!("CREATE UNIQUE INDEX {table}_begin ON {table} ({key}, valid_from)");
            db.execute_unprepared(&begin).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _) in TABLES {
            for index in ["open", "begin"] {
                manager.get_connection().execute_unprepared(&format!("DROP INDEX {table}_{index}")).await?;
            }
        }
        Ok(())
    }
}
