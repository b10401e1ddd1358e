//! Waiting for the register to move on: woken up by PostgreSQL, or after a while.

use super::{Store, StoreError};
use sea_orm::ConnectionTrait;
use sea_orm::sqlx::postgres::PgListener;
use std::time::Duration;

/// The channel on which PostgreSQL says that the register moved on.
const CHANNEL: &str = "tiaokuai_register";

/// Hears when the register may have moved on.
pub struct Watch(Option<PgListener>);

impl Store {
    /// Listens from now on. Where the database cannot tell, or its connection is lost, there is nothing but waiting a while.
    pub async fn watch(&self) -> Watch {
        if self.is_embedded() {
            return Watch(None);
        }
        let Ok(mut listener) = PgListener::connect_with(self.db.get_postgres_connection_pool()).await else {
            return Watch(None);
        };
        let listens = listener.listen(CHANNEL).await;
        Watch(listens.is_ok().then_some(listener))
    }

    /// Tells those who listen, once the transaction is committed.
    pub(super) async fn tell(&self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        if !self.is_embedded() {
            db.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
        }
        Ok(())
    }
}

impl Watch {
    /// Waits until the register may have moved on, at most for a while. Whether it is worth while to listen anew.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        match &mut self.0 {
            None => tokio::time::sleep(at_most).await,
            Some(listener) => match tokio::time::timeout(at_most, listener.recv()).await {
                Ok(Err(_)) => {
                    self.0 = None;
                    tokio::time::sleep(at_most).await;
                }
                Ok(Ok(_)) | Err(_) => return false,
            },
        }
        true
    }
}
