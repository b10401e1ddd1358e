//! Structure only, no data. The same migrations run on SQLite and PostgreSQL.

pub use sea_orm_migration::prelude::*;

mod m20261121_000001_register;
mod m20261122_000002_shard;
mod m20261127_000003_change;
mod m20261127_000004_reform_draft;
mod m20261127_000005_one_at_a_time;
mod m20261127_000006_reversal;
mod m20261128_000007_saved_report;

/// All migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_register::Migration),
            Box::new(m20261122_000002_shard::Migration),
            Box::new(m20261127_000003_change::Migration),
            Box::new(m20261127_000004_reform_draft::Migration),
            Box::new(m20261127_000005_one_at_a_time::Migration),
            Box::new(m20261127_000006_reversal::Migration),
            Box::new(m20261128_000007_saved_report::Migration),
        ]
    }
}
