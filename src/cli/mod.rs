//! Commands and settings. A setting comes from a flag, else from a `TIAOKUAI_*` variable, else from a TOML file.

mod audit;
mod generate;
mod import;
mod report;
mod serve;
mod settings;
mod token;

use clap::{Parser, Subcommand, ValueEnum};
use settings::{Global, Settings};
use tiaokuai::auth::SigningKey;
use tiaokuai::store::{Loaded, Source, Store};
use tiaokuai::{data, graph};

/// The organisational structure of China's townships as one graph (乡镇机构编制登记库).
#[derive(Parser)]
#[command(name = "tiaokuai", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the register over HTTP.
    Serve(serve::Serve),
    /// Bring the tables of the database up to date.
    Migrate,
    /// Load data that come with the program; loading twice changes nothing.
    Load {
        /// What to load.
        what: What,
    },
    /// Make a token for development, signed with the key of this installation.
    Token(token::Token),
    /// Print the contract (schema.graphql).
    Schema,
    /// Verify the change log, or write down where it ends.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Show what a workbook would change, or apply it.
    Import(import::Import),
    /// Write what is registered in a county as a workbook.
    Export(import::Export),
    /// Work out reports: those that come with the program, or one from a file.
    #[command(subcommand)]
    Report(report::Report),
    /// Make synthetic registers: a national one for tests of scale, or the demonstration's files again.
    Generate(generate::Generate),
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// The divisions of the 31 provincial units down to the township.
    Divisions,
    /// The divisions and the demonstration counties, which are synthetic.
    Demo,
}

impl Cli {
    /// Whether a server is to run.
    pub fn serves(&self) -> bool {
        matches!(self.command, Command::Serve(_))
    }

    /// Runs the command. An error is a sentence for the operator.
    pub async fn run(self) -> Result<(), String> {
        let settings = self.global.settle()?;
        match self.command {
            Command::Serve(serve) => serve.run(&settings).await,
            Command::Migrate => {
                let store = connect(&settings).await?;
                store.migrate().await.map_err(|e| e.advice())?;
                println!("The tables are up to date.");
                Ok(())
            }
            Command::Load { what } => {
                let store = connect(&settings).await?;
                if store.is_embedded() {
                    store.migrate().await.map_err(|e| e.advice())?;
                }
                store.check().await.map_err(|e| e.advice())?;
                load(&store, matches!(what, What::Demo)).await
            }
            Command::Token(token) => token.run(&settings).await,
            Command::Schema => {
                print!("{}", graph::sdl());
                Ok(())
            }
            Command::Audit(audit) => audit.run(&settings).await,
            Command::Import(import) => import.run(&settings).await,
            Command::Export(export) => export.run(&settings).await,
            Command::Report(report) => report.run(&settings).await,
            Command::Generate(generate) => generate.run(&settings).await,
        }
    }
}

/// Connects to the database of the settings.
async fn connect(settings: &Settings) -> Result<Store, String> {
    Store::connect(&settings.database_url).await.map_err(|e| e.advice())
}

/// Connects to a register that is there already.
async fn connect_existing(settings: &Settings) -> Result<Store, String> {
    Store::connect_existing(&settings.database_url).await.map_err(|e| e.advice())
}

/// Opens the signing key, or makes one.
fn key(settings: &Settings) -> Result<SigningKey, String> {
    SigningKey::open(&settings.key_file).map_err(|e| e.advice(&settings.key_file))
}

/// Loads the divisions, and the demonstration when asked for, and says what changed.
async fn load(store: &Store, demo: bool) -> Result<(), String> {
    let one = async |source: Source| {
        eprintln!("loading {} …", source.name);
        match store.load(&source).await.map_err(|e| e.advice())? {
            Loaded::Unchanged => eprintln!("{}: already loaded, nothing changed", source.name),
            Loaded::Changed { revision, rows } => {
                eprintln!("{}: {rows} rows, the register is at revision {revision}", source.name);
            }
        }
        Ok::<(), String>(())
    };
    one(data::divisions()).await?;
    if demo {
        one(data::demo()).await?;
    }
    Ok(())
}
