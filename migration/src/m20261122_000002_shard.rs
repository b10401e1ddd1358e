//! Which revision changed a shard last, so that servers read again only what changed.

use sea_orm_migration::{prelude::*, schema::*};

/// Creates the table of the shards, with those that have rows already.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables that every shard has rows in, or may be the only ones of.
const TABLES: &[&str] = &["document", "division", "organization", "person", "setting_pattern", "reform"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("shard")
            .col(integer("shard").primary_key())
            .col(big_integer("revision").not_null())
            .to_owned();
        manager.create_table(table).await?;
        let all: Vec<String> = TABLES.iter().map(|table| format!("SELECT shard FROM {table}")).collect();
        let fill = format!(
            "INSERT INTO shard (shard, revision) \
             SELECT s.shard, (SELECT revision FROM register WHERE id = 1) FROM ({}) AS s",
            all.join(" UNION ")
        );
        manager.get_connection().execute_unprepared(&fill).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("shard").to_owned()).await
    }
}
