//! The database: the only room that names SeaORM. It hands out plain rows and takes plain rows.

mod audit;
mod bulk;
mod change;
mod desk;
mod load;
mod past;
mod rows;
mod saved_report;
mod watch;

pub use audit::{Broken, Head};
pub use bulk::Import;
pub use change::{Author, Outcome, Wish};
pub use desk::{Desk, Record, Row, Sheet, Written};
pub use load::{Loaded, Source, division_id};
pub use rows::Rows;
pub use tiaokuai_entity as entity;
pub use watch::Watch;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, TransactionTrait,
};
use std::time::Duration;
use tiaokuai_migration::{Migrator, MigratorTrait};

/// What went wrong in the store. It has no `Display`: database text goes to the log, never to a client.
#[derive(Debug)]
pub enum StoreError {
    /// The address of the database is not one of ours.
    Url(String),
    /// There is no such file.
    Missing(String),
    /// The database answered with an error, or did not answer.
    Database(sea_orm::DbErr),
    /// The tables are missing or older than this program.
    Migrations(usize),
    /// A file that was to be loaded is not as it should be.
    File {
        /// Name of the file.
        name: String,
        /// What is wrong and where.
        problem: String,
    },
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error)
    }
}

impl StoreError {
    /// For the operator at the command line: what happened and what to do. Not for clients.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Url(url) => {
                format!(
                    "`{url}` is not a database address; use sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME"
                )
            }
            Self::Missing(file) => format!("there is no file {file}: give another with --database-url"),
            Self::Database(error) => {
                let text = error.to_string();
                if text.contains("readonly database") || text.contains("read-only transaction") {
                    return format!(
                        "the database cannot be written: give the program a file, or a role, that it may write ({text})"
                    );
                }
                format!("the database refused: {text}")
            }
            Self::Migrations(n) => format!("{n} migration(s) are pending; run `tiaokuai migrate` first"),
            Self::File { name, problem } => format!("{name}: {problem}"),
        }
    }
}

/// The register as a whole. Revision 0 is an empty register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// Revision.
    pub revision: i64,
    /// Whether synthetic data were loaded.
    pub synthetic: bool,
    /// The secret that global ids are sealed with.
    pub secret: [u8; 16],
}

impl State {
    fn of(revision: i64, synthetic: bool, secret: &str) -> Self {
        let bytes = data_encoding::HEXLOWER.decode(secret.as_bytes()).unwrap_or_default();
        Self { revision, synthetic, secret: bytes.try_into().unwrap_or_default() }
    }
}

/// A connection to the register.
#[derive(Debug, Clone)]
pub struct Store {
    db: DatabaseConnection,
    /// The file of an embedded database.
    file: String,
}

/// Surrogate ids are the number of the shard in which they were born times this, plus a number of their own; so an id
/// says where to look first.
pub const ID_SPACE: i64 = 100_000_000;

/// The key of the advisory lock under which migrations and loads run on PostgreSQL.
const LOCK: i64 = 0x7469_616f_6b75_6169;

impl Store {
    /// Connects to `sqlite://FILE` (made when missing) or `postgres://…`.
    ///
    /// # Errors
    /// `Url` for another address, `Database` when the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(url, true).await
    }

    /// Connects to a register that is there already.
    ///
    /// # Errors
    /// Those of `connect`, and `Missing` when there is no such file.
    pub async fn connect_existing(url: &str) -> Result<Self, StoreError> {
        Self::open(url, false).await
    }

    async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            // A password may stand in the address: do not repeat more than its scheme.
            return Err(StoreError::Url(url.split("//").next().unwrap_or_default().to_owned()));
        }
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(if sqlite { 4 } else { 9 })
            .acquire_timeout(Duration::from_secs(10))
            .sqlx_logging(false);
        if sqlite {
            options.map_sqlx_sqlite_opts(move |o| {
                o.create_if_missing(create)
                    .busy_timeout(Duration::from_secs(5))
                    .foreign_keys(true)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
            });
        }
        let file = url.strip_prefix("sqlite:").unwrap_or_default();
        let file = file.strip_prefix("//").unwrap_or(file);
        let file = file.split('?').next().unwrap_or_default().to_owned();
        if sqlite && !create && !std::path::Path::new(&file).exists() {
            return Err(StoreError::Missing(file));
        }
        Ok(Self { db: Database::connect(options).await?, file })
    }

    /// Whether the database is the embedded one.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Sqlite
    }

    /// Brings the tables up to date. Several processes may call it at once: one migrates, the others wait.
    ///
    /// # Errors
    /// `Database`.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Checks that no migration is pending.
    ///
    /// # Errors
    /// `Migrations` with their number, `Database`.
    pub async fn check(&self) -> Result<(), StoreError> {
        match Migrator::get_pending_migrations_read_only(&self.db).await?.len() {
            0 => Ok(()),
            n => Err(StoreError::Migrations(n)),
        }
    }

    /// The register as a whole.
    ///
    /// # Errors
    /// `Database`.
    pub async fn state(&self) -> Result<State, StoreError> {
        let row = entity::register::Entity::find_by_id(1).one(&self.db).await?;
        Ok(row.map_or_else(State::default, |row| State::of(row.revision, row.synthetic, &row.secret)))
    }

    /// Reads the whole register at one point in time.
    ///
    /// # Errors
    /// `Database`.
    pub async fn read(&self) -> Result<(State, Rows), StoreError> {
        let (state, shards) = self.read_shards(0, |code, rows| (code, rows), |shard| shard).await?;
        let mut shards = shards;
        shards.sort_by_key(|(code, _)| *code);
        let mut out = Rows::default();
        shards.into_iter().for_each(|(_, rows)| out.append(rows));
        Ok((state, out))
    }

    /// Whether the register can be written now: tries it, and changes nothing.
    ///
    /// # Errors
    /// `Database`.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        let store = self.clone();
        let tried = tokio::spawn(async move {
            let transaction = store.begin().await?;
            transaction.execute_unprepared("UPDATE register SET revision = revision WHERE id = 1").await?;
            transaction.commit().await?;
            Ok(())
        });
        tried
            .await
            .map_err(|_| StoreError::Database(sea_orm::DbErr::Custom("writing broke off".to_owned())))?
    }

    /// A transaction for writing, alone at its work.
    async fn begin(&self) -> Result<sea_orm::DatabaseTransaction, StoreError> {
        if self.is_embedded() {
            let options = sea_orm::TransactionOptions {
                sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
                ..Default::default()
            };
            return Ok(self.db.begin_with_options(options).await?);
        }
        let transaction = self.db.begin().await?;
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        Ok(transaction)
    }
}

impl Store {
    /// The department of a name in a division, as it is called now.
    ///
    /// # Errors
    /// `Database`.
    pub async fn department(&self, code: &str, name: &str) -> Result<Option<i64>, StoreError> {
        use entity::organization_version::{Column, Entity};
        use sea_orm::{ColumnTrait, QueryFilter};
        let query = Entity::find()
            .filter(Column::DivisionCode.eq(code))
            .filter(Column::Name.eq(name))
            .filter(Column::ValidTo.is_null());
        for version in query.all(&self.db).await? {
            let row = entity::organization::Entity::find_by_id(version.organization_id).one(&self.db).await?;
            if row.is_some_and(|r| r.kind == "DEPARTMENT") {
                return Ok(Some(version.organization_id));
            }
        }
        Ok(None)
    }
}
