//! `tiaokuai import` and `tiaokuai export`: workbooks, straight into and out of the database.

use super::connect_existing;
use super::settings::Settings;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tiaokuai::domain::{CodeList, Day, DivisionCode};
use tiaokuai::sheet::{self, Encoding, Outcome, Plan, Sheet, Table};
use tiaokuai::store::{Author, Desk, Outcome as Done, Store, Wish};

/// Flags of `import`.
#[derive(Args)]
pub struct Import {
    /// The workbook (.xlsx) or text file (.csv: UTF-8 or GB18030).
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// Code of the county, such as 990101.
    #[arg(long, required_unless_present = "template")]
    within: Option<String>,
    /// Which sheet a text file is: ORGANIZATIONS, ESTABLISHMENT, LEADERSHIP_POSTS, PERSONS or APPOINTMENTS.
    #[arg(long)]
    sheet: Option<String>,
    /// The day on which takes effect what names no day of its own [default: today].
    #[arg(long)]
    effective_on: Option<String>,
    /// Apply it, when nothing of it is wrong; else only the plan is shown.
    #[arg(long)]
    apply: bool,
    /// Write an empty template to this file (.xlsx, or .csv with --sheet), and nothing else.
    #[arg(long)]
    template: Option<PathBuf>,
}

/// Flags of `export`.
#[derive(Args)]
pub struct Export {
    /// The file to write: .xlsx, or .csv with --sheet.
    file: PathBuf,
    /// Code of the county, such as 990101.
    #[arg(long)]
    within: String,
    /// Which sheet a text file is.
    #[arg(long)]
    sheet: Option<String>,
    /// Encoding of a text file: utf-8, utf-8-bom or gb18030.
    #[arg(long, default_value = "utf-8-bom")]
    encoding: String,
}

fn sheet_named(name: Option<&str>) -> Result<Option<Sheet>, String> {
    let all: Vec<&str> = Sheet::ITEMS.iter().map(|item| item.value).collect();
    name.map(|name| Sheet::named(name).ok_or_else(|| format!("--sheet is one of {}", all.join(", "))))
        .transpose()
}

fn county(text: &str) -> Result<DivisionCode, String> {
    let code = DivisionCode::parse(text).filter(|code| code.to_string().len() == 6);
    code.ok_or_else(|| format!("--within is the code of a county, six digits, not {text}"))
}

/// Writes tables to a file by its name.
fn write(path: &Path, tables: &[Table], encoding: Encoding) -> Result<(), String> {
    let bytes = if path.extension().is_some_and(|end| end == "csv") {
        let [table] = tables else {
            return Err("a text file holds one sheet: say which with --sheet".to_owned());
        };
        sheet::csv(table, encoding)
    } else {
        sheet::xlsx(tables).map_err(|error| format!("the workbook cannot be made: {error}"))?
    };
    std::fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Why it is not applied.
struct Wrong(Plan);

impl Import {
    /// Shows the plan of a file, and applies it when that is asked for.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let sheet = sheet_named(self.sheet.as_deref())?;
        if let Some(path) = &self.template {
            let sheets = sheet.map_or_else(|| Sheet::ALL.to_vec(), |sheet| vec![sheet]);
            write(path, &sheet::template(&sheets), Encoding::Utf8Bom)?;
            println!("The template is in {}.", path.display());
            return Ok(());
        }
        let (Some(file), Some(within)) = (&self.file, &self.within) else {
            return Err("give a file and --within".to_owned());
        };
        let county = county(within)?;
        let on = match &self.effective_on {
            None => Day::today(),
            Some(text) => Day::parse(text).ok_or_else(|| format!("--effective-on is a date, not {text}"))?,
        };
        let bytes =
            std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let (tables, encoding) =
            sheet::read(&bytes, sheet).map_err(|(en, zh)| format!("{}: {en} ({zh})", file.display()))?;
        let store = connect_existing(settings).await?;
        store.check().await.map_err(|e| e.advice())?;
        let (plan, revision) = carry_out(&store, &tables, county, on, self.apply).await?;
        let count = |outcome| plan.count(outcome);
        println!(
            "新增 {}，变更 {}，无变化 {}，错误 {} (create {0}, update {1}, unchanged {2}, error {3})",
            count(Outcome::Create),
            count(Outcome::Update),
            count(Outcome::Unchanged),
            count(Outcome::Error)
        );
        if count(Outcome::Error) > 0 {
            return Err(report(file, &tables, &plan, encoding)?);
        }
        match revision {
            Some(revision) => println!("Applied: the register is at revision {revision}."),
            None => println!("Nothing was changed; apply it with --apply."),
        }
        Ok(())
    }
}

/// Plans it, and applies it when nothing is wrong.
async fn carry_out(
    store: &Store,
    tables: &[Table],
    county: DivisionCode,
    on: Day,
    apply: bool,
) -> Result<(Plan, Option<i64>), String> {
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    let bar = ProgressBar::new(rows as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} 行") {
        bar.set_style(style);
    }
    let user = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
    let wish = Wish {
        shards: BTreeSet::from([county.shard().cast_signed()]),
        // Who has the database may do all; the log says that it was done past the server.
        author: Author {
            principal: format!("operator:{user}"),
            role: "SYSTEM_ADMIN".to_owned(),
            request: "import".to_owned(),
        },
        once: None,
        seen: None,
        dry_run: !apply,
        with_log: false,
    };
    let (read, told) = (tables.to_vec(), bar.clone());
    let done = store.change(wish, move |desk: &mut Desk| {
        let wanted = sheet::Wanted { county, on, document: None, may: &|_, _| true };
        let plan = sheet::plan(desk, &read, &wanted, &mut |row| told.set_position(row as u64));
        if apply && plan.count(Outcome::Error) > 0 { Err(Wrong(plan)) } else { Ok(plan) }
    });
    let done = done.await.map_err(|e| e.advice())?;
    bar.finish_and_clear();
    match done {
        Done::Done { said, revision } => Ok((said, apply.then_some(revision))),
        Done::Refused(Wrong(plan)) => Ok((plan, None)),
        Done::Conflict(_) | Done::KeyTaken => Err("the register changed meanwhile: try again".to_owned()),
    }
}

/// Says what is wrong, and writes it beside the rows of the file.
fn report(file: &Path, tables: &[Table], plan: &Plan, encoding: Option<Encoding>) -> Result<String, String> {
    const SHOWN: usize = 20;
    let wrong: Vec<_> = plan.rows.iter().filter(|row| !row.faults.is_empty()).collect();
    for row in wrong.iter().take(SHOWN) {
        for fault in &row.faults {
            let column = fault.column.as_deref().unwrap_or("-");
            eprintln!("{} row {}, {column}: {} / {}", row.sheet, row.row, fault.zh, fault.en);
        }
    }
    if wrong.len() > SHOWN {
        eprintln!("… and {} more rows", wrong.len() - SHOWN);
    }
    let end = if encoding.is_some() { "csv" } else { "xlsx" };
    let path = file.with_extension(format!("错误.{end}"));
    write(&path, &sheet::marked(tables, plan), encoding.unwrap_or(Encoding::Utf8Bom))?;
    Ok(format!(
        "{} row(s) are wrong and nothing was changed; {} says beside each row why",
        wrong.len(),
        path.display()
    ))
}

impl Export {
    /// Writes what is registered in a county.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let county = county(&self.within)?;
        let sheet = sheet_named(self.sheet.as_deref())?;
        let encoding = Encoding::named(&self.encoding).ok_or("--encoding is utf-8, utf-8-bom or gb18030")?;
        let store = connect_existing(settings).await?;
        store.check().await.map_err(|e| e.advice())?;
        let desk = store.desk(county.shard().cast_signed()).await.map_err(|e| e.advice())?;
        let sheets = sheet.map_or_else(|| Sheet::ALL.to_vec(), |sheet| vec![sheet]);
        write(&self.file, &sheet::export(&desk, &sheets), encoding)?;
        println!("{} holds what is registered in {county}.", self.file.display());
        Ok(())
    }
}
