//! `tiaokuai generate`.

use super::settings::Settings;
use super::{connect, load};
use clap::{Args, Subcommand};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;
use tiaokuai::domain::DivisionCode;
use tiaokuai::generate::{Nation, Wish};
use tiaokuai::store::{Import, Loaded, Rows};
use tiaokuai::{data, generate};

/// Flags of `generate`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Generate {
    /// A national register, written to the database: every township and sub-district with synthetic bodies, posts, people and
    /// five years of changes.
    #[arg(long)]
    nation: bool,
    /// The same seed makes the same register.
    #[arg(long, default_value_t = 1, requires = "nation")]
    seed: u64,
    /// Only this division and those in it: a division code. What it holds is the same as in the whole nation.
    #[arg(long, requires = "nation", value_name = "CODE")]
    within: Option<String>,
    /// Share of townships with an irregular case, from 0 to 1; the register is lawful without.
    #[arg(long, default_value_t = 0.0, requires = "nation", value_name = "SHARE")]
    findings: f64,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// The files of the demonstration counties.
    Demo {
        /// Directory for the files.
        #[arg(long, default_value = "data/demo")]
        out: PathBuf,
    },
}

impl Generate {
    /// Makes what is asked for.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        match &self.what {
            Some(What::Demo { out }) => {
                let rows = generate::demo(&data::names());
                generate::write(&rows, out).map_err(|e| format!("cannot write to {}: {e}", out.display()))?;
                println!("{} rows written to {}", rows.len(), out.display());
                Ok(())
            }
            None => self.nation(settings).await,
        }
    }

    async fn nation(&self, settings: &Settings) -> Result<(), String> {
        let began = Instant::now();
        let divisions = data::names();
        let wish = self.wish(&divisions)?;
        let store = connect(settings).await?;
        store.migrate().await.map_err(|e| e.advice())?;
        load(&store, false).await?;
        let key = format!("seed {} within {:?} findings {}", wish.seed, self.within, wish.findings);
        let import = Import { name: "nation", synthetic: true, key: &key };
        let nation = Progress { nation: Nation::new(wish, divisions), began, shown: None };
        match store.import(&import, nation).await.map_err(|e| e.advice())? {
            Loaded::Unchanged => println!("The register holds this nation already; nothing was changed."),
            Loaded::Changed { revision, rows } => println!(
                "{rows} rows in {:.0} seconds; the register is at revision {revision}.",
                began.elapsed().as_secs_f64()
            ),
        }
        Ok(())
    }

    fn wish(&self, divisions: &[generate::Named]) -> Result<Wish, String> {
        if !(0.0..=1.0).contains(&self.findings) {
            return Err(format!("--findings takes a share from 0 to 1, not {}", self.findings));
        }
        let within = match &self.within {
            None => None,
            Some(text) => {
                let code = DivisionCode::parse(text).filter(|c| !c.is_fictional() && c.digits() <= 6);
                let known = code.filter(|code| divisions.iter().any(|(c, _)| c == code));
                Some(known.ok_or_else(|| {
                    format!("--within takes the code of a real province, prefecture or county, such as 2106; `{text}` is none")
                })?)
            }
        };
        Ok(Wish { seed: self.seed, within, findings: self.findings })
    }
}

/// Says on a terminal how far it is.
struct Progress {
    nation: Nation,
    began: Instant,
    shown: Option<usize>,
}

impl Iterator for Progress {
    type Item = Rows;
    fn next(&mut self) -> Option<Rows> {
        let next = self.nation.next();
        let (made, all) = self.nation.progress();
        let percent = made * 100 / all.max(1);
        if std::io::stderr().is_terminal() && self.shown != Some(percent) {
            self.shown = Some(percent);
            let seconds = self.began.elapsed().as_secs();
            eprint!(
                "\r{percent:3} % · {made} of {all} shards · {seconds} s{}",
                if next.is_none() { "\n" } else { "" }
            );
            let _ = std::io::stderr().flush();
        }
        next
    }
}
