//! Settings that all commands share.

use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where the log goes and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Flags and variables.
#[derive(Args)]
pub struct Global {
    /// TOML file with settings [default: tiaokuai.toml where it exists].
    #[arg(long, global = true, env = "TIAOKUAI_CONFIG")]
    config: Option<PathBuf>,
    /// Database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME [default: sqlite://tiaokuai.db].
    #[arg(long, global = true, env = "TIAOKUAI_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// File with the signing key of tokens; made when missing [default: tiaokuai.key].
    #[arg(long, global = true, env = "TIAOKUAI_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Format of the log [default: text on a terminal, else json].
    #[arg(long, global = true, env = "TIAOKUAI_LOG_FORMAT")]
    log_format: Option<LogFormat>,
}

/// What may stand in the TOML file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    database_url: Option<String>,
    key_file: Option<PathBuf>,
    log_format: Option<LogFormat>,
    listen: Option<String>,
    cors_origin: Option<Vec<String>>,
}

/// The settings as they hold.
pub struct Settings {
    /// Address of the database.
    pub database_url: String,
    /// File with the signing key.
    pub key_file: PathBuf,
    /// Format of the log; by the terminal when absent.
    pub log_format: Option<LogFormat>,
    /// Address to listen on, from the file.
    pub listen: Option<String>,
    /// Origins that may call from a browser, from the file.
    pub cors_origin: Option<Vec<String>>,
}

impl Global {
    /// Reads the file and puts everything together.
    pub fn settle(&self) -> Result<Settings, String> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None if Path::new("tiaokuai.toml").exists() => read(Path::new("tiaokuai.toml"))?,
            None => File::default(),
        };
        Ok(Settings {
            database_url: self
                .database_url
                .clone()
                .or(file.database_url)
                .unwrap_or_else(|| "sqlite://tiaokuai.db".to_owned()),
            key_file: self.key_file.clone().or(file.key_file).unwrap_or_else(|| "tiaokuai.key".into()),
            log_format: self.log_format.or(file.log_format),
            listen: file.listen,
            cors_origin: file.cors_origin,
        })
    }
}

fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{} is not as it should be: {e}", path.display()))
}
