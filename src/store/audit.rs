//! Whether the change log is what was noted: a walk over the chain of each county.

use super::change::hash;
use super::entity::change::{Column, Entity};
use super::{Store, StoreError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

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
