//! The change log, and the one way to change the register: counties are read, acts change them, and what was written is noted in the same
//! transaction, chained by hash within each county.

use super::desk::{Desk, Done, Record};
use super::load::{advance, touch};
use super::{ID_SPACE, Rows, Store, StoreError, entity};
use entity::change::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who changes the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The subject of the token.
    pub principal: String,
    /// The role in which it is done.
    pub role: String,
    /// Id of the request.
    pub request: String,
}

/// What acts came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T, E> {
    /// They are done, and the register is at this revision. Nothing was to be done when it is the one before.
    Done {
        /// What they said.
        said: T,
        /// The revision.
        revision: i64,
    },
    /// They are refused, and nothing was changed.
    Refused(E),
}

impl Store {
    /// Changes counties: they are read, `acts` changes them, and all that was written is committed with its entries in the log, or
    /// nothing is. It runs in a task of its own: who no longer waits for it does not break it off.
    ///
    /// # Errors
    /// `Database`. Then nothing was changed, unless the connection was lost at the commit itself: ask again with the same key.
    pub async fn change<T: Send + 'static, E: Send + 'static>(
        &self,
        shards: BTreeSet<i32>,
        author: Author,
        acts: impl FnOnce(&mut Desk) -> Result<T, E> + Send + 'static,
    ) -> Result<Outcome<T, E>, StoreError> {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let transaction = store.begin().await?;
            let mut desk = lay(&transaction, &shards).await?;
            let said = match acts(&mut desk) {
                Ok(said) => said,
                Err(refusal) => {
                    transaction.rollback().await?;
                    return Ok(Outcome::Refused(refusal));
                }
            };
            if desk.done.is_empty() {
                transaction.rollback().await?;
                return Ok(Outcome::Done { said, revision: store.state().await?.revision });
            }
            let written = desk.written();
            let touched = written.shards();
            written.write(&transaction).await?;
            let revision = advance(&transaction, false).await?;
            transaction.execute_unprepared(&touch(&touched, revision)).await?;
            note(&transaction, &author, revision, desk.done).await?;
            transaction.commit().await?;
            Ok(Outcome::Done { said, revision })
        });
        let broke_off = |_| StoreError::Database(sea_orm::DbErr::Custom("a change broke off".to_owned()));
        task.await.map_err(broke_off)?
    }
}

/// Lays counties on the desk.
async fn lay(db: &DatabaseTransaction, shards: &BTreeSet<i32>) -> Result<Desk, StoreError> {
    let rows = Rows::read_within(db, shards).await?;
    let mut last = BTreeMap::new();
    for shard in shards {
        let base = i64::from(*shard) * ID_SPACE;
        last.insert(*shard, Rows::last_id(db, base..base + ID_SPACE).await?.unwrap_or(base));
    }
    Ok(Desk::new(rows, last))
}

/// Notes what was done: an entry for each act and each county that it touched.
async fn note(
    db: &DatabaseTransaction,
    author: &Author,
    revision: i64,
    done: Vec<Done>,
) -> Result<(), StoreError> {
    let at = crate::domain::date::now_text();
    let mut heads: BTreeMap<i32, String> = BTreeMap::new();
    let mut ordinal = 0;
    for Done { act, document, records } in done {
        let mut by_shard: BTreeMap<i32, Vec<Record>> = BTreeMap::new();
        records.into_iter().for_each(|record| by_shard.entry(record.shard).or_default().push(record));
        for (shard, records) in by_shard {
            ordinal += 1;
            let previous = match heads.remove(&shard) {
                Some(head) => head,
                None => head(db, shard).await?.unwrap_or_default(),
            };
            let mut change = Model {
                revision,
                ordinal,
                shard,
                at: at.clone(),
                principal: author.principal.clone(),
                role: author.role.clone(),
                act: act.clone(),
                document_id: document,
                request: author.request.clone(),
                // Rows of plain values always have a JSON form.
                records: serde_json::to_string(&records).unwrap_or_default(),
                previous,
                hash: String::new(),
            };
            change.hash = hash(&change);
            heads.insert(shard, change.hash.clone());
            Entity::insert(change.into_active_model()).exec_without_returning(db).await?;
            let objects: BTreeSet<(&str, i64)> = records.iter().map(|record| record.object).collect();
            let objects = objects.into_iter().map(|(kind, object_id)| {
                let kind = kind.to_owned();
                entity::change_object::Model { kind, object_id, revision, ordinal }.into_active_model()
            });
            entity::change_object::Entity::insert_many(objects).exec_without_returning(db).await?;
        }
    }
    Ok(())
}

/// The hash of the last change of a county.
async fn head(db: &impl ConnectionTrait, shard: i32) -> Result<Option<String>, StoreError> {
    let last = Entity::find()
        .filter(Column::Shard.eq(shard))
        .order_by_desc(Column::Revision)
        .order_by_desc(Column::Ordinal)
        .one(db)
        .await?;
    Ok(last.map(|change| change.hash))
}

/// The hash of a change with all that was noted, each part after its length.
fn hash(change: &Model) -> String {
    let mut hasher = blake3::Hasher::new();
    let (revision, ordinal, shard) =
        (change.revision.to_string(), change.ordinal.to_string(), change.shard.to_string());
    let document = change.document_id.map_or(String::new(), |id| id.to_string());
    for part in [
        &change.previous,
        &revision,
        &ordinal,
        &shard,
        &change.at,
        &change.principal,
        &change.role,
        &change.act,
        &document,
        &change.request,
        &change.records,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Where the log of a county ends.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// County, by its six digits.
    pub shard: i32,
    /// How many changes.
    pub changes: u64,
    /// Revision of the last.
    pub revision: i64,
    /// Hash of the last.
    pub hash: String,
}

/// What is wrong with the log of a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A change is not what was noted.
    Edited {
        /// County.
        shard: i32,
        /// Revision of the change.
        revision: i64,
    },
    /// A change does not follow the one before it: one was removed, added or moved.
    Torn {
        /// County.
        shard: i32,
        /// Revision of the change.
        revision: i64,
    },
    /// The log does not hold what an earlier anchor has seen: its tail was cut, or all of it was written anew.
    Cut {
        /// County.
        shard: i32,
        /// Revision that the anchor has seen.
        revision: i64,
    },
}

impl Store {
    /// Walks the log of each county from its beginning. Gives where each ends, and all that is wrong: with itself, and against what an
    /// earlier walk has seen.
    ///
    /// # Errors
    /// `Database`.
    pub async fn verify(&self, anchor: &[Head]) -> Result<(Vec<Head>, Vec<Broken>), StoreError> {
        let known = Entity::find().select_only().column(Column::Shard).distinct();
        let mut shards: BTreeSet<i32> = known.into_tuple().all(&self.db).await?.into_iter().collect();
        shards.extend(anchor.iter().map(|head| head.shard));
        let (mut heads, mut broken) = (Vec::new(), Vec::new());
        for shard in shards {
            let seen = anchor.iter().find(|head| head.shard == shard);
            let mut end = Head { shard, changes: 0, revision: 0, hash: String::new() };
            let mut found = seen.is_none();
            // Page by page: a county may have many.
            let mut after = (0_i64, 0_i32);
            loop {
                let later = sea_orm::Condition::any().add(Column::Revision.gt(after.0)).add(
                    sea_orm::Condition::all()
                        .add(Column::Revision.eq(after.0))
                        .add(Column::Ordinal.gt(after.1)),
                );
                let page = Entity::find()
                    .filter(Column::Shard.eq(shard))
                    .filter(later)
                    .order_by_asc(Column::Revision)
                    .order_by_asc(Column::Ordinal)
                    .limit(PAGE);
                let page = page.all(&self.db).await?;
                let Some(last) = page.last() else { break };
                after = (last.revision, last.ordinal);
                for change in page {
                    let revision = change.revision;
                    if change.previous != end.hash {
                        broken.push(Broken::Torn { shard, revision });
                    }
                    if hash(&change) != change.hash {
                        broken.push(Broken::Edited { shard, revision });
                    }
                    end = Head { shard, changes: end.changes + 1, revision, hash: change.hash };
                    found |= seen.is_some_and(|seen| *seen == end);
                }
            }
            if let Some(seen) = seen.filter(|_| !found) {
                broken.push(Broken::Cut { shard, revision: seen.revision });
            }
            if end.changes > 0 {
                heads.push(end);
            }
        }
        Ok((heads, broken))
    }
}

/// How many changes are read at once.
const PAGE: u64 = 1_000;
