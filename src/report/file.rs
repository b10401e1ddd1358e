//! Reports as files: text row by row, or a workbook.

use super::answer::{MeasureState, Row};
use super::table::{Table, Titled};
use super::{Input, shown};
use crate::code_list;
use crate::domain::{CodeList, ErrorCode, Fault};
use crate::sheet::{Columnar, Encoding, Filled, Frame, HAS_COLUMNAR, XLSX_ROWS, csv_mark, csv_row, workbook};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

code_list! {
    /// Format of a file (文件格式).
    ExportFormat {
        Csv = "CSV", "CSV 文本", "text with commas";
        Xlsx = "XLSX", "Excel 工作簿", "workbook of Excel, as it is shown";
        Jsonl = "JSONL", "JSON 行", "one JSON object a line";
        Parquet = "PARQUET", "Parquet 列式文件", "typed columns for pandas, DuckDB and Spark";
        Arrow = "ARROW", "Arrow 列式文件", "typed columns of Arrow IPC (Feather 2)";
    }
}

code_list! {
    /// Encoding of a text file (文本编码).
    TextEncoding {
        Utf8Bom = "UTF8_BOM", "UTF-8（带标记）", "UTF-8 after a byte order mark, as Excel reads it";
        Utf8 = "UTF8", "UTF-8（不带标记）", "UTF-8";
        Gb18030 = "GB18030", "GB18030（国标编码）", "GB 18030-2022, for older programs";
    }
}

impl TextEncoding {
    /// By its name: utf-8, utf-8-bom or gb18030.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let wanted = Encoding::named(name)?;
        (0..).map_while(Self::at).find(|known| known.encoding() == wanted)
    }

    /// The encoding for tables.
    #[must_use]
    pub fn encoding(self) -> Encoding {
        match self {
            Self::Utf8Bom => Encoding::Utf8Bom,
            Self::Utf8 => Encoding::Utf8,
            Self::Gb18030 => Encoding::Gb18030,
        }
    }
}

impl ExportFormat {
    /// How names of such files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// By how a name ends.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        (0..).map_while(Self::at).find(|format| format.extension() == extension)
    }

    /// What it is as a table for programs, if it is one.
    #[must_use]
    pub fn columnar(self) -> Option<Columnar> {
        match self {
            Self::Parquet => Some(Columnar::Parquet),
            Self::Arrow => Some(Columnar::Arrow),
            Self::Csv | Self::Xlsx | Self::Jsonl => None,
        }
    }

    /// Refuses what this build does not write, and more rows than the format can have.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub fn check(self, rows: usize) -> Result<(), Fault> {
        if self == Self::Xlsx {
            fits(rows)?;
        }
        if self.columnar().is_some() && !HAS_COLUMNAR {
            return Err(Fault::input(
                "This server was built without Parquet and Arrow (feature `columnar`): take CSV or JSONL.",
                "本服务未启用 Parquet 与 Arrow（构建特性 columnar）：请改用 CSV 或 JSONL。",
            ));
        }
        Ok(())
    }

    /// The media type.
    #[must_use]
    pub fn media(self, encoding: TextEncoding) -> &'static str {
        match (self, encoding) {
            (Self::Csv, TextEncoding::Gb18030) => "text/csv; charset=gb18030",
            (Self::Csv, _) => "text/csv; charset=utf-8",
            (Self::Xlsx, _) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            (Self::Jsonl, _) => "application/jsonl; charset=utf-8",
            (Self::Parquet, _) => "application/vnd.apache.parquet",
            (Self::Arrow, _) => "application/vnd.apache.arrow.file",
        }
    }
}

/// How many rows of text are handed out at once.
const ROWS: usize = 256;

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// The format.
    pub format: ExportFormat,
    /// The encoding of text.
    pub encoding: TextEncoding,
}

/// Writes a report, part by part, to who takes it; that ends when nobody does any more.
///
/// # Errors
/// `BAD_USER_INPUT` for more rows than a workbook can have, `INTERNAL`.
pub fn write(
    table: &Table<'_>,
    (titled, input): (&Titled<'_>, &Input),
    written: Written,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), Fault> {
    match written.format {
        ExportFormat::Csv => {
            let encoding = written.encoding.encoding();
            let mut part = csv_mark(encoding).to_vec();
            let heads: Vec<Filled> = table.flat().into_iter().map(Filled::Text).collect();
            part.extend(csv_row(&heads, encoding));
            in_parts(table.lines().map(|line| csv_row(&line.cells, encoding)), part, take);
        }
        ExportFormat::Jsonl => in_parts(table.objects(), Vec::new(), take),
        ExportFormat::Xlsx => {
            fits(table.count())?;
            let grid = table.grid(titled, input);
            take(workbook(&grid, table.count(), table.lines()).map_err(|error| broken(&error))?);
        }
        ExportFormat::Parquet => columnar(table, titled, Columnar::Parquet, take)?,
        ExportFormat::Arrow => columnar(table, titled, Columnar::Arrow, take)?,
    }
    Ok(())
}

/// What a library refuses is a fault of ours.
pub fn broken(error: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%error, "a file could not be written");
    Fault::plain(ErrorCode::Internal)
}

fn columnar(
    table: &Table<'_>,
    titled: &Titled<'_>,
    format: Columnar,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), Fault> {
    let mut notes = table.facts().notes();
    notes.extend([("title", titled.title.to_owned()), ("input", titled.input.to_owned())]);
    let mut frame = Frame::new(format, &table.fields(), &notes).map_err(|error| broken(&error))?;
    for (count, row) in table.typed().enumerate() {
        frame.push(row).map_err(|error| broken(&error))?;
        // Nothing leaves before there is a batch; whether anybody waits for it is looked at nevertheless.
        if count % ROWS == 0 && !take(frame.part()) {
            return Ok(());
        }
    }
    take(frame.finish().map_err(|error| broken(&error))?);
    Ok(())
}

/// Refuses more rows than a workbook can have: none is left out silently.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn fits(rows: usize) -> Result<(), Fault> {
    // Title, notes and headings take some.
    let most = XLSX_ROWS - 20;
    if rows <= most {
        return Ok(());
    }
    Err(Fault::input(
        format!(
            "The file has {rows} rows or more, and a workbook takes {most}: take CSV, JSONL or PARQUET, or narrow `within`."
        ),
        format!(
            "文件有 {rows} 行以上，超过工作簿上限 {most} 行：请改用 CSV、JSONL 或 PARQUET，或缩小 within。"
        ),
    ))
}

fn in_parts(rows: impl Iterator<Item = Vec<u8>>, first: Vec<u8>, take: &mut dyn FnMut(Vec<u8>) -> bool) {
    let (mut part, mut count) = (first, 0);
    for row in rows {
        part.extend(row);
        count += 1;
        if count % ROWS == 0 && !take(std::mem::take(&mut part)) {
            return;
        }
    }
    if !part.is_empty() {
        take(part);
    }
}

impl Table<'_> {
    /// Rows and totals as JSON objects, a line each: codes and labels of dimensions, numbers of measures.
    pub fn objects(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let (_, answer) = self.of();
        let names = self.names();
        answer.rows.iter().chain(&answer.totals).map(move |row| {
            let mut line = self.object(row, &names).to_string().into_bytes();
            line.push(b'\n');
            line
        })
    }

    fn object(&self, row: &Row, names: &[String]) -> Value {
        let (view, answer) = self.of();
        let mut out = Map::new();
        out.insert("isTotal".to_owned(), json!(row.is_total));
        for dimension in &answer.dimensions {
            let Some(value) = answer.value(row, *dimension) else { continue };
            let mut of = json!({ "code": value.code(view), "label": self.label(value) });
            if let Some(id) = self.id(value) {
                of["id"] = json!(id);
            }
            out.insert(dimension.value().to_owned(), of);
        }
        for ((cell, column), name) in row.cells.iter().zip(&answer.columns).zip(names) {
            let value = shown(column.measure, cell, answer.decimals);
            let number = |number: Option<crate::domain::Decimal>| {
                number.and_then(|number| serde_json::from_str::<Value>(&number.json()).ok())
            };
            let mut of = Map::new();
            of.insert("value".to_owned(), json!(number(value.value)));
            if cell.state != MeasureState::Ok {
                of.insert("state".to_owned(), json!(cell.state.value()));
            } else if column.measure.spec().denominator.is_some() {
                of.insert("numerator".to_owned(), json!(cell.pair.0));
                of.insert("denominator".to_owned(), json!(cell.pair.1));
            }
            if answer.compared {
                of.insert("previous".to_owned(), json!(number(value.previous)));
                of.insert("delta".to_owned(), json!(number(value.delta)));
            }
            out.insert(name.clone(), of.into());
        }
        out.into()
    }

    /// The columns by the codes of the pivot and their measures. Bodies and posts may have the same name: further ones are numbered.
    pub(super) fn names(&self) -> Vec<String> {
        let (view, answer) = self.of();
        let mut taken: FxHashMap<String, usize> = FxHashMap::default();
        let name = |column: &super::Column| {
            let codes =
                answer.pivot_of(column).map(|value| value.code(view).unwrap_or_else(|| "NULL".to_owned()));
            let mut parts: Vec<String> = codes.collect();
            parts.push(column.measure.value().to_owned());
            let name = parts.join(".");
            let count = taken.entry(name.clone()).or_default();
            *count += 1;
            if *count == 1 { name } else { format!("{name}.{count}") }
        };
        answer.columns.iter().map(name).collect()
    }
}
