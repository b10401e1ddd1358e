//! The change log, and the one way to change the register: counties are read, acts change them, and what was written is noted in the same
//! transaction, chained by hash within each county.

use super::desk::{Desk, Done, Record};
use super::load::{advance, touch};
use super::{ID_SPACE, Rows, Store, StoreError, entity};
use crate::domain::CodeList;
use entity::change::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// What is asked for: which counties, by whom, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The counties that acts may touch.
    pub shards: BTreeSet<i32>,
    /// Who asks.
    pub author: Author,
    /// A key by which it is known when it is asked again (幂等键), and a hash of what is asked.
    pub once: Option<(String, String)>,
    /// The revision that was read before: what acts write must not have changed since.
    pub seen: Option<i64>,
    /// Only tried: nothing is written.
    pub dry_run: bool,
    /// The log of the counties is to lie on the desk too.
    pub with_log: bool,
}

/// What acts came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T, E> {
    /// They are done, now or when the same was asked before, and the register was at this revision then. Nothing was to be done when it
    /// is the one before.
    Done {
        /// What they said.
        said: T,
        /// The revision.
        revision: i64,
    },
    /// They are refused, and nothing was changed.
    Refused(E),
    /// What they were to write changed since it was read: in these revisions, newest first, of which some tens are told. Nothing was changed.
    Conflict(Vec<i64>),
    /// The key came with something else before. Nothing was changed.
    KeyTaken,
}

impl Store {
    /// Changes counties: they are read, `acts` changes them, and all that was written is committed with its entries in the log, or
    /// nothing is. It runs in a task of its own: who no longer waits for it does not break it off.
    ///
    /// # Errors
    /// `Database`. Then nothing was changed, unless the connection was lost at the commit itself: ask again with the same key.
    pub async fn change<T, E>(
        &self,
        wish: Wish,
        acts: impl FnOnce(&mut Desk) -> Result<T, E> + Send + 'static,
    ) -> Result<Outcome<T, E>, StoreError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: Send + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let transaction = store.begin().await?;
            let outcome = attempt(&transaction, &wish, acts).await?;
            let (said, desk) = match outcome {
                Ok(done) => done,
                Err(outcome) => {
                    transaction.rollback().await?;
                    return Ok(outcome);
                }
            };
            let (written, removed) = (desk.written(), desk.removed());
            let noted = desk.done.iter().flat_map(|done| done.noted.iter().copied());
            let touched = written.shards().union(&removed.shards()).copied().chain(noted).collect();
            // What goes makes room for what comes back.
            removed.delete(&transaction).await?;
            written.write(&transaction).await?;
            let revision = advance(&transaction, false).await?;
            transaction.execute_unprepared(&touch(&touched, revision)).await?;
            note(&transaction, &wish.author, revision, desk.done).await?;
            store.tell(&transaction).await?;
            if let Some(once) = wish.once {
                // What is said is made of plain values, which always have a JSON form.
                let answer = serde_json::to_string(&said).unwrap_or_default();
                remember(&transaction, wish.author.principal, once, revision, answer).await?;
            }
            transaction.commit().await?;
            Ok(Outcome::Done { said, revision })
        });
        let broke_off = |_| StoreError::Database(sea_orm::DbErr::Custom("a change broke off".to_owned()));
        task.await.map_err(broke_off)?
    }
}

impl Store {
    /// How something ended that was asked with a key before; nothing when the key is new.
    ///
    /// # Errors
    /// `Database`.
    pub async fn answered<T: DeserializeOwned, E>(
        &self,
        principal: &str,
        (key, digest): &(String, String),
    ) -> Result<Option<Outcome<T, E>>, StoreError> {
        before(&self.db, principal, key, digest).await
    }
}

/// How something ended that was asked with a key before.
async fn before<T: DeserializeOwned, E>(
    db: &impl ConnectionTrait,
    principal: &str,
    key: &str,
    digest: &str,
) -> Result<Option<Outcome<T, E>>, StoreError> {
    let known = entity::answered::Entity::find_by_id((principal.to_owned(), key.to_owned()));
    Ok(known.one(db).await?.map(|before| {
        // An answer of another release may no longer be read: then the key is as good as taken.
        let said = serde_json::from_str(&before.answer).ok().filter(|_| before.digest == digest);
        said.map_or(Outcome::KeyTaken, |said| Outcome::Done { said, revision: before.revision })
    }))
}

/// Lets acts change the desk: what they said and what they wrote, or how it ends without a change.
async fn attempt<T: DeserializeOwned, E>(
    db: &DatabaseTransaction,
    wish: &Wish,
    acts: impl FnOnce(&mut Desk) -> Result<T, E>,
) -> Result<Result<(T, Desk), Outcome<T, E>>, StoreError> {
    if let Some((key, digest)) = &wish.once
        && let Some(before) = before(db, &wish.author.principal, key, digest).await?
    {
        return Ok(Err(before));
    }
    let mut desk = lay(db, &wish.shards, wish.with_log).await?;
    let said = match acts(&mut desk) {
        Ok(said) => said,
        Err(refusal) => return Ok(Err(Outcome::Refused(refusal))),
    };
    if let Some(seen) = wish.seen {
        let later = later(db, &desk, seen).await?;
        if !later.is_empty() {
            return Ok(Err(Outcome::Conflict(later)));
        }
    }
    if desk.done.is_empty() || wish.dry_run {
        let row = entity::register::Entity::find_by_id(1).one(db).await?;
        return Ok(Err(Outcome::Done { said, revision: row.map_or(0, |row| row.revision) }));
    }
    Ok(Ok((said, desk)))
}

/// Keeps an answer with its key.
async fn remember(
    db: &DatabaseTransaction,
    principal: String,
    (key, digest): (String, String),
    revision: i64,
    answer: String,
) -> Result<(), StoreError> {
    let at = crate::domain::date::now_text();
    let row = entity::answered::Model { principal, key, digest, revision, answer, at };
    entity::answered::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// Of how many later revisions is told at most: the newest.
const MOST_LATER: u64 = 50;

/// The revisions after one that changed the objects which were written on a desk, newest first.
async fn later(db: &DatabaseTransaction, desk: &Desk, seen: i64) -> Result<Vec<i64>, StoreError> {
    use entity::change_object as object;
    let mut written: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for (kind, id) in desk.done.iter().flat_map(|done| &done.records).map(|record| record.object) {
        written.entry(kind).or_default().insert(id);
    }
    let of = |(kind, ids): (&str, BTreeSet<i64>)| {
        object::Column::Kind.eq(kind).and(object::Column::ObjectId.is_in(ids))
    };
    let found = object::Entity::find()
        .select_only()
        .column(object::Column::Revision)
        .distinct()
        .filter(object::Column::Revision.gt(seen))
        .filter(written.into_iter().map(of).fold(Condition::any(), Condition::add))
        .order_by_desc(object::Column::Revision)
        .limit(MOST_LATER);
    Ok(found.into_tuple().all(db).await?)
}

/// Lays counties on the desk.
async fn lay(db: &DatabaseTransaction, shards: &BTreeSet<i32>, with_log: bool) -> Result<Desk, StoreError> {
    let mut rows = Rows::read_within(db, shards).await?;
    if with_log {
        let log = Entity::find().filter(Column::Shard.is_in(shards.iter().copied()));
        rows.log = log.order_by_asc(Column::Revision).order_by_asc(Column::Ordinal).all(db).await?;
    }
    let mut last = BTreeMap::new();
    for shard in shards {
        let base = i64::from(*shard) * ID_SPACE;
        last.insert(*shard, Rows::last_id(db, base..base + ID_SPACE).await?.unwrap_or(base));
    }
    let among: Vec<String> = shards.iter().map(ToString::to_string).collect();
    let last_change =
        format!("SELECT MAX(revision) AS revision FROM shard WHERE shard IN ({})", among.join(", "));
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), last_change)).await?;
    let revision =
        row.and_then(|row| row.try_get::<Option<i64>>("", "revision").ok().flatten()).unwrap_or_default();
    Ok(Desk::new(rows, last).of_revision(revision))
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
    for Done { act, document, records, reverses, noted } in done {
        let mut by_shard: BTreeMap<i32, Vec<Record>> =
            noted.into_iter().map(|county| (county, Vec::new())).collect();
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
                act: act.value().to_owned(),
                document_id: document,
                request: author.request.clone(),
                // Rows of plain values always have a JSON form.
                records: serde_json::to_string(&records).unwrap_or_default(),
                previous,
                hash: String::new(),
                reverses,
            };
            change.hash = hash(&change);
            heads.insert(shard, change.hash.clone());
            Entity::insert(change.into_active_model()).exec_without_returning(db).await?;
            let objects: BTreeSet<(&str, i64)> = records.iter().map(|record| record.object).collect();
            let objects = objects.into_iter().map(|(kind, object_id)| {
                let kind = kind.to_owned();
                entity::change_object::Model { kind, object_id, revision, ordinal }.into_active_model()
            });
            if !records.is_empty() {
                entity::change_object::Entity::insert_many(objects).exec_without_returning(db).await?;
            }
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
pub(super) fn hash(change: &Model) -> String {
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
    // Most take nothing back, and those of earlier releases could not.
    if let Some(revision) = change.reverses {
        hasher.update(&revision.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
