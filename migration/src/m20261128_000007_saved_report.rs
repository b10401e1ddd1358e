//! Saved reports.

use sea_orm_migration::{prelude::*, schema::*};

/// Creates the table of saved reports.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let report = Table::create()
            .table("saved_report")
            .col(text("id").primary_key())
            .col(text("owner"))
            .col(text("name"))
            .col(text("description"))
            .col(text("input"))
            .col(text("sharing"))
            .col(text_null("within"))
            .col(text("at"))
            .to_owned();
        manager.create_table(report).await?;
        let index = Index::create().name("saved_report_owner").table("saved_report").col("owner").to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("saved_report").to_owned()).await
    }
}
