//! `tiaokuai report`: reports straight from the database, for cron and for who has no server.

use super::settings::Settings;
use super::{connect_existing, key};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use tiaokuai::domain::{CodeList, Day, DivisionCode, Locale, Role};
use tiaokuai::graph::official_reports;
use tiaokuai::http::{App, Wanted, report_file};
use tiaokuai::policy::{Grant, Scope, Viewer};
use tiaokuai::report::{ExportFormat, TextEncoding, Written};

/// What is done with reports.
#[derive(Subcommand)]
pub enum Report {
    /// List the reports that come with the program.
    List {
        /// Language of their names.
        #[arg(long, default_value = "zh")]
        language: Language,
    },
    /// Work a report out and write it to a file.
    Run(Box<Run>),
}

/// Flags of `report run`.
#[derive(Args)]
pub struct Run {
    /// A file with the input of a report in JSON (`ReportInput` of the contract), or the id of one that comes with the program.
    report: String,
    /// Format of the file [default: by how the name of the file ends, else csv].
    #[arg(long, value_parser = formats())]
    format: Option<ExportFormat>,
    /// The file to write [default: standard output, for text].
    #[arg(short, long)]
    out: Option<PathBuf>,
    /// Encoding of text: utf-8-bom, utf-8 or gb18030.
    #[arg(long, default_value = "utf-8-bom")]
    encoding: String,
    /// As of this day, such as 2025-12-31.
    #[arg(long)]
    as_of: Option<String>,
    /// Only in this division, such as 2106.
    #[arg(long)]
    within: Option<String>,
    /// Rows alone, without totals: for programs that add up themselves.
    #[arg(long)]
    no_totals: bool,
    /// The role with whose eyes the register is seen.
    #[arg(long, default_value = "ANALYST")]
    role: String,
    /// Territory in which the role counts; everywhere when absent.
    #[arg(long)]
    scope: Option<String>,
    /// Language of headings and labels.
    #[arg(long, default_value = "zh")]
    language: Language,
}

/// The formats by how names of such files end.
fn formats() -> impl TypedValueParser<Value = ExportFormat> {
    let all = (0..).map_while(ExportFormat::at);
    let all = all.map(|format| PossibleValue::new(format.extension()).help(format.item().en));
    PossibleValuesParser::new(all).try_map(|name| ExportFormat::of_extension(&name).ok_or("no format"))
}

/// Languages of labels.
#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    fn locale(self) -> Locale {
        match self {
            Self::Zh => Locale::Zh,
            Self::En => Locale::En,
        }
    }
}

impl Report {
    /// Lists reports, or works one out.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        match self {
            Self::List { language } => {
                let locale = language.locale();
                for report in official_reports() {
                    let (name, about) =
                        (locale.pick(report.zh, report.en), locale.pick(report.about.0, report.about.1));
                    println!("{:<28}{name}\t{about}", report.id);
                }
                Ok(())
            }
            Self::Run(run) => run.run(settings).await,
        }
    }
}

impl Run {
    fn format(&self) -> ExportFormat {
        let by_name = || {
            let end = self.out.as_ref()?.extension()?.to_str()?;
            ExportFormat::of_extension(&end.to_ascii_lowercase())
        };
        self.format.or_else(by_name).unwrap_or(ExportFormat::Csv)
    }

    /// What is asked for, and what it is called.
    fn input(&self) -> Result<(Value, String), String> {
        let official = official_reports().into_iter().find(|report| report.id == self.report);
        let (mut input, title) = match official {
            Some(report) => (report.input, self.language.locale().pick(report.zh, report.en).to_owned()),
            None => {
                let text = std::fs::read_to_string(&self.report).map_err(|error| {
                    let known = official_reports();
                    let near = known.iter().map(|report| (strsim::jaro_winkler(report.id, &self.report), report.id));
                    let near = near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness > 0.8);
                    let meant = near.map(|(_, id)| format!(" Do you mean {id}?")).unwrap_or_default();
                    format!(
                        "no report that comes with the program is called {0}, and there is no such file ({error}).{meant} `tiaokuai report list` shows them; reports that people saved are run by a server: /v1/reports/{0}.csv",
                        self.report
                    )
                })?;
                let input = serde_json::from_str(&text)
                    .map_err(|error| format!("{} is no JSON: {error}", self.report))?;
                let name = PathBuf::from(&self.report);
                (
                    input,
                    name.file_stem()
                        .map_or_else(|| "报表".to_owned(), |stem| stem.to_string_lossy().into_owned()),
                )
            }
        };
        for (name, given) in [("asOf", &self.as_of), ("within", &self.within)] {
            if let (Some(text), Some(fields)) = (given, input.as_object_mut()) {
                fields.insert(name.to_owned(), json!(text));
            }
        }
        if let (true, Some(fields)) = (self.no_totals, input.as_object_mut()) {
            fields.insert("totals".to_owned(), json!([]));
        }
        Ok((input, title))
    }

    fn viewer(&self) -> Result<Viewer, String> {
        let role = Role::parse(&self.role).ok_or_else(|| {
            let all: Vec<&str> = Role::ITEMS.iter().map(|item| item.value).collect();
            format!("there is no role `{}`; the roles are {}", self.role, all.join(", "))
        })?;
        let code = |text: &String| {
            DivisionCode::parse(text).ok_or_else(|| format!("--scope is the code of a division, not {text}"))
        };
        let territory = self.scope.as_ref().map(code).transpose()?;
        let user = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
        let grants = vec![Grant { role, scope: Scope { territory, line: None } }];
        Ok(Viewer { subject: Some(format!("operator:{user}")), grants })
    }

    async fn run(self, settings: &Settings) -> Result<(), String> {
        let format = self.format();
        let end = self
            .out
            .as_ref()
            .and_then(|path| path.extension())
            .map(|end| end.to_string_lossy().to_lowercase());
        if let (Some(end), None) = (end.filter(|end| ExportFormat::of_extension(end).is_none()), &self.format)
        {
            return Err(format!(
                "no format is known by .{end}: the file ends in .csv, .xlsx, .jsonl, .parquet or .arrow, or --format says it"
            ));
        }
        let is_text = matches!(format, ExportFormat::Csv | ExportFormat::Jsonl);
        if !is_text && self.out.is_none() {
            return Err("what is no text goes to a file: give one with -o".to_owned());
        }
        let encoding = TextEncoding::named(&self.encoding)
            .ok_or_else(|| format!("--encoding is utf-8-bom, utf-8 or gb18030, not {}", self.encoding))?;
        if let Some(text) = self.as_of.as_ref().filter(|text| Day::parse(text).is_none()) {
            return Err(format!("--as-of is a date, such as 2025-12-31, not {text}"));
        }
        let (input, title) = self.input()?;
        let locale = self.language.locale();
        let viewer = Arc::new(self.viewer()?);
        let wanted =
            Wanted { input, title, viewer, locale, day: None, written: Written { format, encoding } };
        let store = connect_existing(settings).await?;
        store.check().await.map_err(|e| e.advice())?;
        let app = App::open(store, key(settings)?).await.map_err(|e| e.advice())?;
        let mut bytes = Vec::new();
        let rows = tokio::task::block_in_place(|| {
            report_file(&app, &wanted, &mut |part| {
                bytes.extend(part);
                true
            })
        });
        let (rows, facts, warnings) = rows.map_err(|fault| format!("{} ({})", fault.en, fault.zh))?;
        for warning in &warnings {
            eprintln!("note: {warning}");
        }
        match &self.out {
            Some(path) => {
                std::fs::write(path, bytes)
                    .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
                eprintln!("{rows} rows of {} ({}) are in {}.", facts.as_of, facts.scope, path.display());
            }
            // Nobody has to read it: a closed pipe is no reason to fail.
            None => drop(std::io::stdout().write_all(&bytes)),
        }
        Ok(())
    }
}
