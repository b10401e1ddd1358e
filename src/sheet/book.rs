//! Workbooks and text files as rows of texts: read from XLSX (calamine) and CSV (UTF-8 with or without a mark, GB18030), and written.

use super::columns::{Column, Kind, REASON, Sheet};
use crate::domain::{CodeList, Day};
use calamine::{Data, Reader, Xlsx};
use encoding_rs::GB18030;
use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook, XlsxError};
use std::io::Cursor;

/// The most rows of a sheet, and cells of a row.
const ROWS: usize = 50_000;
const CELLS: usize = 64;
/// Serial number of 1970-01-01 in a workbook.
const EPOCH: f64 = 25_569.0;

/// The rows of a sheet as they came: a heading, then rows of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which sheet.
    pub sheet: Sheet,
    /// Its headings.
    pub heading: Vec<String>,
    /// Its rows below the heading; the first is row 2 of the file.
    pub rows: Vec<Vec<String>>,
}

/// How a text file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark, as Excel wants it.
    Utf8Bom,
    /// GB 18030-2022 (国家标准).
    Gb18030,
}

impl Encoding {
    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "utf-8" => Some(Self::Utf8),
            "utf-8-bom" => Some(Self::Utf8Bom),
            "gb18030" => Some(Self::Gb18030),
            _ => None,
        }
    }
}

/// Why a file cannot be read: in English and in Chinese.
pub type Unreadable = (String, String);

fn unreadable<T>(en: impl Into<String>, zh: impl Into<String>) -> Result<T, Unreadable> {
    Err((en.into(), zh.into()))
}

/// Reads a file: a workbook, or a text of one sheet.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8], sheet: Option<Sheet>) -> Result<(Vec<Table>, Option<Encoding>), Unreadable> {
    if bytes.starts_with(b"PK") {
        return workbook(bytes).map(|tables| (tables, None));
    }
    let Some(sheet) = sheet else {
        return unreadable(
            "say which sheet a text file is, with `sheet` (`--sheet` on the command line): ORGANIZATIONS, ESTABLISHMENT, LEADERSHIP_POSTS, PERSONS or APPOINTMENTS",
            "文本文件须以 sheet（命令行为 --sheet）指明工作表：ORGANIZATIONS、ESTABLISHMENT、LEADERSHIP_POSTS、PERSONS 或 APPOINTMENTS",
        );
    };
    let (text, encoding) = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.or_else(|error| unreadable(format!("not a CSV: {error}"), "不是 CSV 文件"))?;
        rows.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    table(sheet, rows).map(|table| (vec![table], Some(encoding)))
}

/// The text of bytes: UTF-8 when they are that, else GB 18030.
fn decode(bytes: &[u8]) -> Result<(String, Encoding), Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = String::from_utf8(rest.to_vec());
        return text.map(|text| (text, Encoding::Utf8Bom)).or_else(|_| {
            unreadable("it begins like UTF-8 and is none", "文件以 UTF-8 标记开头，但内容不是 UTF-8")
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Encoding::Utf8));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), Encoding::Gb18030)),
        None => unreadable("it is neither UTF-8 nor GB18030", "文件编码既非 UTF-8 也非 GB18030"),
    }
}

/// The name of a sheet, and its rows.
type Named = (String, Vec<Vec<String>>);

fn workbook(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    let open = || -> Result<Vec<Named>, calamine::XlsxError> {
        let mut book = Xlsx::new(Cursor::new(bytes))?;
        let mut out = Vec::new();
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name)?;
            // A sheet may begin below or right of its first cell.
            let (top, left) = range.start().unwrap_or((0, 0));
            let blank = std::iter::repeat_n(Vec::new(), top as usize);
            let row = |row: &[Data]| {
                let before = std::iter::repeat_n(String::new(), left as usize);
                before.chain(row.iter().map(text)).collect::<Vec<String>>()
            };
            out.push((name, blank.chain(range.rows().map(row)).collect()));
        }
        Ok(out)
    };
    let sheets = open().or_else(|error| {
        unreadable(format!("not a workbook of Excel (XLSX): {error}"), "不是 Excel 工作簿（XLSX）")
    })?;
    let mut out = Vec::new();
    for (name, rows) in sheets {
        // Other sheets are the user's own affair.
        if let Some(sheet) = Sheet::named(&name) {
            out.push(table(sheet, rows)?);
        }
    }
    if out.is_empty() {
        let names: Vec<&str> = Sheet::ITEMS.iter().map(|item| item.zh).collect();
        return unreadable(
            format!("no sheet is called {}", names.join(", ")),
            format!("未找到工作表：{}", names.join("、")),
        );
    }
    out.sort_by_key(|table| table.sheet);
    Ok(out)
}

/// A cell as a text.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => (if *yes { "是" } else { "否" }).to_owned(),
        Data::DateTime(date) => day(date.as_f64()),
        Data::DateTimeIso(text) => text.chars().take(10).collect(),
        Data::DurationIso(text) => text.clone(),
        Data::Error(error) => format!("{error:?}"),
    }
}

fn day(serial: f64) -> String {
    let days = (serial - EPOCH).floor();
    // Days of a workbook lie between 1900 and 9999.
    if days.abs() < 3e6 { Day(days as i32).to_string() } else { serial.to_string() }
}

fn table(sheet: Sheet, rows: Vec<Vec<String>>) -> Result<Table, Unreadable> {
    let name = sheet.item().zh;
    let mut rows = rows.into_iter();
    let heading: Vec<String> = rows.next().unwrap_or_default();
    let known: Vec<&str> =
        heading.iter().map(String::as_str).filter(|h| !h.is_empty() && *h != REASON).collect();
    if let Some(odd) = known.iter().find(|heading| sheet.column(heading).is_none()) {
        return unreadable(
            format!("{name}, row 1: there is no column {odd}; take the headings of the template"),
            format!("{name}第 1 行：没有“{odd}”列，请使用模板的表头"),
        );
    }
    if let Some(missing) = sheet.columns().iter().find(|c| c.required && !known.contains(&c.zh)) {
        return unreadable(
            format!("{name}, row 1: the column {} ({}) is missing", missing.zh, missing.en),
            format!("{name}第 1 行：缺少“{}”列", missing.zh),
        );
    }
    let twice = (1..known.len()).find(|at| known[..*at].contains(&known[*at]));
    if let Some(at) = twice {
        return unreadable(
            format!("{name}, row 1: the column {} is there twice", known[at]),
            format!("{name}第 1 行：“{}”列重复", known[at]),
        );
    }
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.len() > ROWS || heading.len() > CELLS {
        return unreadable(
            format!("{name}: a sheet has at most {ROWS} rows and {CELLS} columns"),
            format!("{name}：工作表最多 {ROWS} 行、{CELLS} 列"),
        );
    }
    Ok(Table { sheet, heading, rows })
}

/// Encodes a text. What GB 18030 has no bytes for does not exist: it has all of Unicode.
pub(super) fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
    }
}

/// A cell that no program takes for a formula.
pub(super) fn harmless(text: &str) -> String {
    // Programs set up for Chinese take the wide forms for the narrow ones.
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Writes one sheet as CSV.
#[must_use]
pub fn csv(table: &Table, encoding: Encoding) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in std::iter::once(&table.heading).chain(&table.rows) {
        let row: Vec<String> = row.iter().map(|cell| harmless(cell)).collect();
        // Writing to memory does not fail.
        let _ = writer.write_record(&row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    encode(&String::from_utf8_lossy(&bytes), encoding)
}

/// Writes tables as a workbook, with drop-downs; rows that begin with a reason have it in red.
///
/// # Errors
/// When the library refuses.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, red) = (Format::new().set_bold(), Format::new().set_font_color("C00000"));
    let mut lists: Vec<(String, Vec<&str>)> = Vec::new();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.sheet.item().zh)?.set_freeze_panes(1, 0)?;
        for (at, heading) in (0_u16..).zip(&table.heading) {
            sheet.write_string_with_format(0, at, heading, &bold)?;
            sheet.set_column_width(at, 16)?;
            if let Some(column) = table.sheet.column(heading)
                && let Some(choices) = choices(column)
            {
                let list = lists.iter().position(|(_, known)| *known == choices).unwrap_or_else(|| {
                    lists.push((heading.clone(), choices.clone()));
                    lists.len() - 1
                });
                let letter = char::from(b'A' + u8::try_from(list).unwrap_or(25));
                let last = choices.len() + 1;
                let among = Formula::new(format!("=代码!${letter}$2:${letter}${last}"));
                let rule = DataValidation::new().allow_list_formula(among);
                sheet.add_data_validation(1, at, 9_999, at, &rule)?;
            }
        }
        for (row, cells) in (1_u32..).zip(&table.rows) {
            for (at, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                let reason = table.heading.get(usize::from(at)).is_some_and(|heading| heading == REASON);
                let plain = Format::new();
                sheet.write_string_with_format(row, at, cell, if reason { &red } else { &plain })?;
            }
        }
    }
    let codes = book.add_worksheet();
    codes.set_name("代码")?.set_hidden(true);
    for (at, (heading, choices)) in (0_u16..).zip(&lists) {
        codes.write_string(0, at, heading)?;
        for (row, choice) in (1_u32..).zip(choices) {
            codes.write_string(row, at, *choice)?;
        }
    }
    book.save_to_buffer()
}

/// What may be chosen in a column.
fn choices(column: &Column) -> Option<Vec<&'static str>> {
    match column.kind {
        Kind::Code(items) => Some(items.iter().map(|item| item.zh).collect()),
        Kind::YesNo => Some(vec!["是", "否"]),
        Kind::Text | Kind::Number | Kind::Day | Kind::Division => None,
    }
}

/// An empty template of some sheets.
#[must_use]
pub fn template(sheets: &[Sheet]) -> Vec<Table> {
    let empty = |sheet: &Sheet| Table {
        sheet: *sheet,
        heading: sheet.columns().iter().map(|column| column.zh.to_owned()).collect(),
        rows: Vec::new(),
    };
    sheets.iter().map(empty).collect()
}
