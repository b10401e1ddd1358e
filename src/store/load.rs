//! Loading files into the register. Loading the same files twice changes nothing; newer ones leave alone what acts changed.

use super::rows::PARAMETERS;
use super::{Rows, Store, StoreError, entity};
use crate::domain::DivisionCode;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A set of files which is loaded as one, all or nothing.
pub struct Source {
    /// Name under which the register remembers it, such as `divisions`.
    pub name: &'static str,
    /// Whether its content is made up.
    pub synthetic: bool,
    /// Path and content. `divisions/NN.csv` holds codes and names; any other file is named after its table.
    pub files: Vec<(String, Cow<'static, [u8]>)>,
}

/// What a load did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// The register has these files already: nothing was changed.
    Unchanged,
    /// The rows stand in the register, at the new revision.
    Changed {
        /// The new revision.
        revision: i64,
        /// How many rows were written.
        rows: usize,
    },
}

impl Store {
    /// Loads a set of files in one transaction.
    ///
    /// # Errors
    /// `File` with line and reason, `Database`. After an error the register is as it was.
    pub async fn load(&self, source: &Source) -> Result<Loaded, StoreError> {
        let digest = digest(source);
        let transaction = self.begin().await?;
        let known = entity::loaded_file::Entity::find_by_id(source.name.to_owned()).one(&transaction).await?;
        if known.as_ref().is_some_and(|k| k.digest == digest) {
            transaction.rollback().await?;
            return Ok(Loaded::Unchanged);
        }
        // Generated rows are numbered anew in each release: what an older one left behind would hang on the wrong bodies.
        if known.is_some() && source.synthetic {
            let name = source.name.to_owned();
            let problem =
                "the register holds those of another release; load this one into a new database".to_owned();
            return Err(StoreError::File { name, problem });
        }
        if source.synthetic && known.is_none() {
            self.refuse_beside(source, &transaction).await?;
        }
        let mut rows = parse(source)?;
        if known.is_some() {
            rows.make_way(&transaction).await?;
        }
        let (count, shards) = (rows.len(), rows.shards());
        rows.write(&transaction).await?;
        let revision = advance(&transaction, source.synthetic).await?;
        transaction.execute_unprepared(&touch(&shards, revision)).await?;
        let mark = entity::loaded_file::Model { name: source.name.to_owned(), digest, revision };
        entity::loaded_file::Entity::delete_by_id(source.name.to_owned()).exec(&transaction).await?;
        mark.into_active_model().insert(&transaction).await?;
        transaction.commit().await?;
        Ok(Loaded::Changed { revision, rows: count })
    }
}

impl Store {
    /// Refuses generated rows beside those of a national register: both number their rows from one.
    async fn refuse_beside(&self, source: &Source, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let nation = entity::loaded_file::Entity::find_by_id("nation".to_owned()).one(db).await?;
        nation.map_or(Ok(()), |_| {
            Err(StoreError::File {
                name: source.name.to_owned(),
                problem: "the register holds `nation` already; use a new database".to_owned(),
            })
        })
    }
}

/// Moves the register to its next revision.
pub(super) async fn advance(db: &impl sea_orm::ConnectionTrait, synthetic: bool) -> Result<i64, StoreError> {
    let old = entity::register::Entity::find_by_id(1).one(db).await?;
    let revision = old.as_ref().map_or(0, |r| r.revision) + 1;
    let synthetic = synthetic || old.as_ref().is_some_and(|r| r.synthetic);
    let now = crate::domain::date::now_text();
    let secret = match &old {
        Some(row) => row.secret.clone(),
        None => new_secret()?,
    };
    let row =
        entity::register::Model { id: 1, revision, updated_at: now, synthetic, secret }.into_active_model();
    if old.is_some() {
        row.reset_all().update(db).await?;
    } else {
        row.insert(db).await?;
    }
    Ok(revision)
}

/// Says which revision changed shards last: servers read those again.
pub(super) fn touch(shards: &BTreeSet<i32>, revision: i64) -> String {
    let rows: Vec<String> = shards.iter().map(|shard| format!("({shard}, {revision})")).collect();
    format!(
        "INSERT INTO shard (shard, revision) VALUES {} ON CONFLICT (shard) DO UPDATE SET revision = excluded.revision",
        rows.join(", ")
    )
}

/// A secret for a new register.
fn new_secret() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Database(sea_orm::DbErr::Custom(e.to_string())))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

fn digest(source: &Source) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, content) in &source.files {
        hasher.update(name.as_bytes());
        hasher.update(&(content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize().to_hex().to_string()
}

fn parse(source: &Source) -> Result<Rows, StoreError> {
    let mut rows = Rows::default();
    for (path, content) in &source.files {
        let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".csv");
        let parsed = if file.bytes().all(|b| b.is_ascii_digit()) {
            divisions(content, &mut rows)
        } else {
            rows.read_csv(file, content)
        };
        parsed.map_err(|problem| StoreError::File { name: path.clone(), problem })?;
    }
    Ok(rows)
}

/// Reads `code,name` lines: each becomes a division that has always existed.
fn divisions(content: &[u8], rows: &mut Rows) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(content);
    for (at, line) in reader.records().enumerate() {
        let line = line.map_err(|e| e.to_string())?;
        let (code, name) = (line.get(0).unwrap_or_default(), line.get(1).unwrap_or_default());
        let code = DivisionCode::parse(code).filter(|_| !name.is_empty()).ok_or_else(|| {
            format!("line {}: expected a division code and a name, found `{code},{name}`", at + 2)
        })?;
        rows.add_division(code, name);
    }
    Ok(())
}

impl Rows {
    /// Makes way before newer files are written: what acts changed is left as it is, and of all other divisions what they were goes, so
    /// that it can begin and end on other days.
    async fn make_way(&mut self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        use entity::change_object::{Column, Entity};
        let changed = Entity::find().select_only().columns([Column::Kind, Column::ObjectId]).distinct();
        let changed: Vec<(String, i64)> = changed.into_tuple().all(db).await?;
        self.leave_out(&changed.iter().map(|(kind, id)| (kind.as_str(), *id)).collect());
        let ids: BTreeSet<i64> = self.division_version.iter().map(|row| row.division_id).collect();
        for ids in ids.into_iter().collect::<Vec<_>>().chunks(PARAMETERS) {
            use entity::division_version::{Column, Entity};
            Entity::delete_many().filter(Column::DivisionId.is_in(ids.iter().copied())).exec(db).await?;
        }
        Ok(())
    }

    /// Adds a division that has always existed under this code and name.
    pub fn add_division(&mut self, code: DivisionCode, name: &str) {
        let (id, shard) = (division_id(code), code.shard().cast_signed());
        self.division.push(entity::division::Model {
            id,
            shard,
            valid_from: None,
            valid_to: None,
            document_id: None,
        });
        self.division_version.push(entity::division_version::Model {
            division_id: id,
            version: 1,
            shard,
            valid_from: None,
            valid_to: None,
            code: code.to_string(),
            name: name.to_owned(),
            document_id: None,
        });
    }
}

/// The surrogate id of a division that was loaded under this code. It stays when the code changes.
#[must_use]
pub fn division_id(code: DivisionCode) -> i64 {
    i64::from(code.shard()) * super::ID_SPACE + (code.number() % 1_000_000).cast_signed()
}
