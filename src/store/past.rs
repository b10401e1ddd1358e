//! A county as the register had it at an earlier moment: what was done since is taken back, newest first. What was loaded from files
//! stands in no log, so it is as it is now.

use super::desk::{Desk, Written};
use super::{Rows, Store, StoreError, entity};
use entity::change::{Column, Entity, Model};
use sea_orm::{
    AccessMode, ColumnTrait, EntityTrait, IsolationLevel, QueryFilter, QueryOrder, TransactionTrait,
};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// The rows of a county as they stood at a moment in UTC, with the log up to then, and the revision of its last change by then; 0
    /// when there was none.
    ///
    /// # Errors
    /// `Database`.
    pub async fn rows_at(&self, shard: i32, moment: String) -> Result<(i64, Rows), StoreError> {
        let store = self.clone();
        // In a task of its own: a transaction that is begun is also ended, whoever waits for it.
        let read = tokio::spawn(async move {
            let transaction = store.begin_reading().await?;
            let rows = Rows::read_within(&transaction, &BTreeSet::from([shard])).await?;
            let log = Entity::find()
                .filter(Column::Shard.eq(shard))
                .order_by_asc(Column::Revision)
                .order_by_asc(Column::Ordinal)
                .all(&transaction)
                .await?;
            transaction.rollback().await?;
            Ok::<_, StoreError>((rows, log))
        });
        let (rows, log) = read.await.map_err(|_| broke_off())??;
        let revision = log.iter().filter(|change| change.at <= moment).map(|change| change.revision).max();
        let revision = revision.unwrap_or_default();
        take_back(rows, log, revision).map(|rows| (revision, rows))
    }
}

impl Store {
    /// A county as it is, on a desk from which nothing is written.
    ///
    /// # Errors
    /// `Database`.
    pub async fn desk(&self, shard: i32) -> Result<Desk, StoreError> {
        let store = self.clone();
        // In a task of its own, as above.
        let read = tokio::spawn(async move {
            let transaction = store.begin_reading().await?;
            let rows = Rows::read_within(&transaction, &BTreeSet::from([shard])).await?;
            transaction.rollback().await?;
            Ok(Desk::new(rows, BTreeMap::new()))
        });
        read.await.map_err(|_| broke_off())?
    }
}

impl Store {
    /// A transaction in which all is read at one point in time.
    async fn begin_reading(&self) -> Result<sea_orm::DatabaseTransaction, StoreError> {
        let shared = !self.is_embedded();
        let isolation = shared.then_some(IsolationLevel::RepeatableRead);
        Ok(self.db.begin_with_config(isolation, shared.then_some(AccessMode::ReadOnly)).await?)
    }
}

fn broke_off() -> StoreError {
    StoreError::Database(sea_orm::DbErr::Custom("reading a county broke off".to_owned()))
}

/// Takes back all that was done after a revision.
fn take_back(rows: Rows, mut log: Vec<Model>, revision: i64) -> Result<Rows, StoreError> {
    let later = log.split_off(log.partition_point(|change| change.revision <= revision));
    let mut desk = Desk::new(rows, BTreeMap::new());
    let unreadable = |change: &Model| {
        StoreError::Database(sea_orm::DbErr::Custom(format!(
            "the records of revision {} cannot be read",
            change.revision
        )))
    };
    for change in later.into_iter().rev() {
        let records: Vec<Written> = serde_json::from_str(&change.records).map_err(|_| unreadable(&change))?;
        for record in records.into_iter().rev() {
            desk.take_back(record, false).ok_or_else(|| unreadable(&change))?;
        }
    }
    Ok(Rows { log, ..desk.rows() })
}
