//! A row of a sheet while it is read: each cell by its column, and what is wrong with it.

use super::columns::{Kind, Sheet};
use crate::domain::{CodeItem, CodeList, Day, DivisionCode};
use std::collections::BTreeMap;

/// What is wrong with a cell, or with a row as a whole.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fault {
    /// The heading of the column; nothing for the row as a whole.
    pub column: Option<String>,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Fault {
    /// A fault of a column, or of the row.
    pub fn new(column: Option<&str>, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { column: column.map(str::to_owned), en: en.into(), zh: zh.into() }
    }
}

/// The place of a text among values: as its Chinese label, or as the value itself.
fn position(items: &[CodeItem], text: &str) -> Option<usize> {
    items.iter().position(|item| item.zh == text || item.value == text)
}

/// A row with its cells by heading; empty cells are absent.
pub struct Cells<'t> {
    sheet: Sheet,
    cells: BTreeMap<&'t str, &'t str>,
    /// What was wrong so far.
    pub faults: Vec<Fault>,
}

impl<'t> Cells<'t> {
    /// The cells of a row below a heading.
    pub fn new(sheet: Sheet, heading: &'t [String], row: &'t [String]) -> Self {
        let cells = heading.iter().map(String::as_str).zip(row.iter().map(String::as_str));
        Self { sheet, cells: cells.filter(|(_, cell)| !cell.is_empty()).collect(), faults: Vec::new() }
    }

    /// Whether nothing stands in the columns of the sheet.
    pub fn is_empty(&self) -> bool {
        self.sheet.columns().iter().all(|column| !self.cells.contains_key(column.zh))
    }

    /// The text of a cell; a fault when it has to be there and is not.
    pub fn text(&mut self, heading: &str) -> Option<&'t str> {
        let found = self.cells.get(heading).copied();
        let column = self.sheet.column(heading)?;
        if found.is_none() && column.required {
            self.refuse(heading, format!("{} is missing", column.en), format!("缺少{heading}"));
        }
        found
    }

    fn refuse(&mut self, heading: &str, en: String, zh: String) {
        self.faults.push(Fault::new(Some(heading), en, zh));
    }

    /// The place of a cell's text among what may stand there.
    fn choice(&mut self, heading: &str, items: &[CodeItem]) -> Option<usize> {
        let text = self.text(heading)?;
        let found = position(items, text);
        if found.is_none() {
            let all: Vec<&str> = items.iter().map(|item| item.zh).collect();
            self.refuse(
                heading,
                format!("“{text}” is none of {}", all.join(", ")),
                format!("“{text}”不在可选值中：{}", all.join("、")),
            );
        }
        found
    }

    /// A value of a code list.
    pub fn code<T: CodeList>(&mut self, heading: &str) -> Option<T> {
        T::at(self.choice(heading, T::ITEMS)?)
    }

    /// The value of a cell of a code list, whichever; nothing when it is empty or none.
    pub fn coded(&mut self, heading: &str) -> Option<&'static str> {
        let Kind::Code(items) = self.sheet.column(heading)?.kind else { return None };
        let text = self.text(heading)?;
        Some(items[position(items, text)?].value)
    }

    /// A whole number.
    pub fn number(&mut self, heading: &str) -> Option<i32> {
        let text = self.text(heading)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.refuse(heading, format!("“{text}” is no whole number"), format!("“{text}”不是整数"));
        }
        number
    }

    /// A day.
    pub fn day(&mut self, heading: &str) -> Option<Day> {
        let text = self.text(heading)?;
        let day = Day::parse(text);
        if day.is_none() {
            self.refuse(
                heading,
                format!("“{text}” is no date, such as 2026-03-01"),
                format!("“{text}”不是日期（应如 2026-03-01）"),
            );
        }
        day
    }

    /// 是 or 否.
    pub fn yes(&mut self, heading: &str, absent: bool) -> bool {
        match self.text(heading) {
            None => absent,
            Some("是") => true,
            Some("否") => false,
            Some(text) => {
                self.refuse(
                    heading,
                    format!("“{text}” is neither 是 nor 否"),
                    format!("“{text}”应为“是”或“否”"),
                );
                absent
            }
        }
    }

    /// A division code.
    pub fn division(&mut self, heading: &str) -> Option<DivisionCode> {
        let text = self.text(heading)?;
        let code = DivisionCode::parse(text);
        if code.is_none() {
            self.refuse(heading, format!("“{text}” is no division code"), format!("“{text}”不是区划代码"));
        }
        code
    }

    /// Looks at all cells of the row in which nothing was found wrong so far: each has to be what its column says.
    pub fn check(&mut self) {
        let known: Vec<String> = self.faults.iter().filter_map(|fault| fault.column.clone()).collect();
        for column in self.sheet.columns().iter().filter(|column| !known.iter().any(|name| name == column.zh))
        {
            match column.kind {
                Kind::Text => drop(self.text(column.zh)),
                Kind::Number => drop(self.number(column.zh)),
                Kind::Day => drop(self.day(column.zh)),
                Kind::YesNo => drop(self.yes(column.zh, false)),
                Kind::Division => drop(self.division(column.zh)),
                Kind::Code(items) => drop(self.choice(column.zh, items)),
            }
        }
    }
}
