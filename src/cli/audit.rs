//! `tiaokuai audit`: whether the change log is what was noted.

use super::connect_existing;
use super::settings::Settings;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use tiaokuai::store::{Broken, Head};

/// What to do with the log.
#[derive(Subcommand)]
pub enum Audit {
    /// Walk the log of each county and look whether a change was edited, removed, added or moved.
    Verify {
        /// Anchor that was written earlier: finds a tail that was cut off too.
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
    },
    /// Write down where the log of each county ends. Keep the file where nobody who writes to the database reaches it.
    Anchor {
        /// The file; one that exists is not overwritten.
        file: PathBuf,
    },
}

impl Audit {
    /// Does it. A log that is not sound is an error.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let store = connect_existing(settings).await?;
        store.check().await.map_err(|e| e.advice())?;
        let seen = match &self {
            Self::Verify { anchor: Some(file) } => read(file)?,
            Self::Verify { anchor: None } | Self::Anchor { .. } => Vec::new(),
        };
        let (heads, broken) = store.verify(&seen).await.map_err(|e| e.advice())?;
        for problem in &broken {
            println!("{}", say(problem));
        }
        if !broken.is_empty() {
            return Err(format!("the change log is not sound: {} problem(s)", broken.len()));
        }
        let changes: u64 = heads.iter().map(|head| head.changes).sum();
        println!("{changes} change(s) in {} counties, all as they were noted.", heads.len());
        match self {
            Self::Verify { .. } => Ok(()),
            Self::Anchor { file } => write(&file, &heads),
        }
    }
}

fn say(problem: &Broken) -> String {
    match problem {
        Broken::Edited { shard, revision } => {
            format!("{shard}: the change of revision {revision} was edited")
        }
        Broken::Torn { shard, revision } => {
            format!("{shard}: something was removed, added or moved before the change of revision {revision}")
        }
        Broken::Cut { shard, revision } => {
            format!("{shard}: the change of revision {revision}, which the anchor has seen, is not there")
        }
    }
}

fn read(file: &Path) -> Result<Vec<Head>, String> {
    let problem = |e: &dyn std::fmt::Display| format!("cannot read the anchor {}: {e}", file.display());
    let text = std::fs::read(file).map_err(|e| problem(&e))?;
    serde_json::from_slice(&text).map_err(|e| problem(&e))
}

fn write(file: &Path, heads: &[Head]) -> Result<(), String> {
    let problem = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", file.display());
    let mut out = std::fs::File::create_new(file).map_err(|e| problem(&e))?;
    serde_json::to_writer_pretty(&mut out, heads).map_err(|e| problem(&e))?;
    println!("The anchor stands in {}.", file.display());
    Ok(())
}
