//! Drafts of reforms.

use sea_orm_migration::{prelude::*, schema::*};

/// Creates the table of drafts.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let draft = Table::create()
            .table("reform_draft")
            .col(big_integer("id").primary_key())
            .col(integer("shard"))
            .col(text("name"))
            .col(text("state"))
            .col(text("content"))
            .col(text("author"))
            .col(text_null("reviewer"))
            .col(text_null("opinion"))
            .col(big_integer_null("reform_id"))
            .to_owned();
        manager.create_table(draft).await?;
        let index = Index::create().name("reform_draft_shard").table("reform_draft").col("shard").to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("reform_draft").to_owned()).await
    }
}
