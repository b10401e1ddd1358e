//! Tables for readers: a report as it is shown, as a workbook or as text.

use super::book::{Encoding, encode, harmless};
use crate::domain::Decimal;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// The most rows of a sheet of a workbook.
pub const XLSX_ROWS: usize = 1_048_576;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number, with the decimals that it is shown with.
    Number(Decimal, u32),
}

/// A heading: its text, and over how many columns and rows it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The text.
    pub text: String,
    /// Over how many columns.
    pub columns: u16,
    /// Over how many rows.
    pub rows: u32,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its cells.
    pub cells: Vec<Filled>,
    /// Whether it is a total.
    pub is_total: bool,
}

/// A table for readers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The name of its sheet, and the title above it.
    pub title: String,
    /// Lines below the title: unit, date, territory.
    pub notes: Vec<String>,
    /// Headings, from above. Each row of them fills the places that those above leave.
    pub header: Vec<Vec<Head>>,
    /// Headings in one row, for texts.
    pub flat: Vec<String>,
    /// How many columns say what a row is of: they stay in sight.
    pub keys: u16,
    /// What is said of it on a sheet of its own: rows of texts, the first of which are headings.
    pub about: Vec<Vec<String>>,
}

impl Filled {
    /// The cell as text.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number, _) => number.text(),
        }
    }
}

/// One row of a CSV, encoded. Texts that a program would take for a formula are made harmless; numbers stay numbers.
#[must_use]
pub fn csv_row(cells: &[Filled], encoding: Encoding) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let cells = cells.iter().map(|cell| match cell {
        Filled::Text(text) => harmless(text),
        other => other.text(),
    });
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    let bytes = writer.into_inner().unwrap_or_default();
    encode(
        &String::from_utf8_lossy(&bytes),
        if encoding == Encoding::Utf8Bom { Encoding::Utf8 } else { encoding },
    )
}

/// What a text file begins with.
#[must_use]
pub fn csv_mark(encoding: Encoding) -> &'static [u8] {
    if encoding == Encoding::Utf8Bom { b"\xef\xbb\xbf" } else { b"" }
}

struct Formats {
    title: Format,
    note: Format,
    head: Format,
    text: Format,
    total: Format,
}

impl Formats {
    fn new() -> Self {
        let framed = || Format::new().set_border(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            note: Format::new().set_font_color("595959"),
            head: framed()
                .set_bold()
                .set_background_color("DDEBF7")
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: framed(),
            total: framed().set_bold().set_background_color("F2F2F2"),
        }
    }

    /// The format of a cell; numbers with their decimals.
    fn of(&self, line: &Line, decimals: Option<u32>) -> Format {
        let base = if line.is_total { &self.total } else { &self.text };
        match decimals {
            None => base.clone(),
            Some(0) => base.clone().set_num_format("#,##0"),
            Some(count) => base.clone().set_num_format(format!("#,##0.{}", "0".repeat(count as usize))),
        }
    }
}

/// So much of a text as has room, in units of UTF-16 as the format counts, without what XML cannot say.
fn clean(text: &str, mut room: usize) -> String {
    let fine = |c: &char| !c.is_control() || matches!(c, '\t' | '\n');
    let known = text.chars().filter(|c| fine(c) && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    known.take_while(fits).collect()
}

/// What a cell may hold.
fn text(text: &str) -> String {
    clean(text, 32_767)
}

/// A name that a sheet may have.
fn sheet_name(title: &str) -> String {
    let fine = title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''));
    let name = clean(&fine.collect::<String>(), 31);
    if name.trim().is_empty() { "报表".to_owned() } else { name }
}

/// What the second sheet is called.
const ABOUT: &str = "说明";

/// From how many cells on a workbook is written row by row to disk: then its headings stand in one row, since cells over several rows
/// would have to wait for each other.
const LARGE: usize = 200_000;

/// Writes a table with so many rows as a workbook.
///
/// # Errors
/// When the library refuses, such as for too many rows.
pub fn workbook(grid: &Grid, count: usize, lines: impl Iterator<Item = Line>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    let is_large = count.saturating_mul(grid.flat.len()) > LARGE;
    let sheet = if is_large { book.add_worksheet_with_constant_memory()? } else { book.add_worksheet() };
    let name = sheet_name(&grid.title);
    // That of the second sheet is taken.
    sheet.set_name(if name == ABOUT { "报表" } else { &name })?;
    let width = u16::try_from(grid.flat.len().max(1)).unwrap_or(u16::MAX);
    let mut row = 0;
    if width > 1 && !is_large {
        sheet.merge_range(row, 0, row, width - 1, &text(&grid.title), &formats.title)?;
    } else {
        sheet.write_string_with_format(row, 0, text(&grid.title), &formats.title)?;
    }
    row += 1;
    for note in &grid.notes {
        sheet.write_string_with_format(row, 0, text(note), &formats.note)?;
        row += 1;
    }
    let top = row;
    row = if is_large { flat(sheet, row, grid, &formats)? } else { heads(sheet, row, grid, &formats)? };
    sheet.set_freeze_panes(row, grid.keys)?;
    // A4 across, all columns on a page, headings on each.
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(top, row.max(top + 1) - 1)?;
    for line in lines {
        for (at, cell) in (0_u16..).zip(&line.cells) {
            match cell {
                Filled::Empty => sheet.write_blank(row, at, &formats.of(&line, None))?,
                Filled::Text(content) => {
                    sheet.write_string_with_format(row, at, text(content), &formats.of(&line, None))?
                }
                Filled::Number(number, decimals) => sheet.write_number_with_format(
                    row,
                    at,
                    number.number(),
                    &formats.of(&line, Some(*decimals)),
                )?,
            };
        }
        row += 1;
    }
    about(&mut book, grid, &formats)?;
    book.save_to_buffer()
}

/// The headings in one row.
fn flat(sheet: &mut Worksheet, row: u32, grid: &Grid, formats: &Formats) -> Result<u32, XlsxError> {
    for (at, heading) in (0_u16..).zip(&grid.flat) {
        sheet.set_column_width(at, 16)?;
        sheet.write_string_with_format(row, at, text(heading), &formats.head)?;
    }
    Ok(row + 1)
}

/// The headings, merged where they stand over several columns or rows.
fn heads(sheet: &mut Worksheet, top: u32, grid: &Grid, formats: &Formats) -> Result<u32, XlsxError> {
    for at in (0_u16..).take(grid.flat.len()) {
        sheet.set_column_width(at, 16)?;
    }
    let depth = u32::try_from(grid.header.len()).unwrap_or(0);
    // Which places are taken by a heading further up.
    let mut taken = vec![0_u32; grid.flat.len()];
    for (level, row) in (0_u32..).zip(&grid.header) {
        let mut at = 0_u16;
        for head in row {
            while taken.get(usize::from(at)).is_some_and(|until| *until > level) {
                at += 1;
            }
            let (last_row, last) = (top + level + head.rows - 1, at + head.columns - 1);
            if head.columns > 1 || head.rows > 1 {
                sheet.merge_range(top + level, at, last_row, last, &text(&head.text), &formats.head)?;
            } else {
                sheet.write_string_with_format(top + level, at, text(&head.text), &formats.head)?;
            }
            for place in at..=last {
                taken[usize::from(place)] = level + head.rows;
            }
            at = last + 1;
        }
    }
    Ok(top + depth)
}

fn about(book: &mut Workbook, grid: &Grid, formats: &Formats) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(ABOUT)?;
    for (at, width) in [(0, 24), (1, 14), (2, 14), (3, 80), (4, 40)] {
        sheet.set_column_width(at, width)?;
    }
    for (row, cells) in (0_u32..).zip(&grid.about) {
        for (at, cell) in (0_u16..).zip(cells) {
            let format = if row == 0 { &formats.head } else { &formats.text };
            sheet.write_string_with_format(row, at, text(cell), format)?;
        }
    }
    Ok(())
}
