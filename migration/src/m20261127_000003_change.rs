//! The change log: what was done, by whom, on what document, chained by hash within each county.

use sea_orm_migration::{prelude::*, schema::*};

/// Creates the tables of the change log.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change = Table::create()
            .table("change")
            .col(big_integer("revision"))
            .col(integer("ordinal"))
            .col(integer("shard"))
            .col(text("at"))
            .col(text("principal"))
            .col(text("role"))
            .col(text("act"))
            .col(big_integer_null("document_id"))
            .col(text("request"))
            .col(text("records"))
            .col(text("previous"))
            .col(text("hash"))
            .primary_key(Index::create().col("revision").col("ordinal"))
            .to_owned();
        manager.create_table(change).await?;
        // Each change has one successor in its county, and each county one beginning: a log that forks is refused.
        for (name, columns, unique) in
            [("change_shard", ["shard", "revision"], false), ("change_chain", ["shard", "previous"], true)]
        {
            let mut index = Index::create().name(name).table("change").to_owned();
            columns.into_iter().for_each(|column| {
                index.col(column);
            });
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        let object = Table::create()
            .table("change_object")
            .col(text("kind"))
            .col(big_integer("object_id"))
            .col(big_integer("revision"))
            .col(integer("ordinal"))
            .primary_key(Index::create().col("kind").col("object_id").col("revision").col("ordinal"))
            .to_owned();
        manager.create_table(object).await?;
        let answered = Table::create()
            .table("answered")
            .col(text("principal"))
            .col(text("key"))
            .col(text("digest"))
            .col(big_integer("revision"))
            .col(text("answer"))
            .col(text("at"))
            .primary_key(Index::create().col("principal").col("key"))
            .to_owned();
        manager.create_table(answered).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["answered", "change_object", "change"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
