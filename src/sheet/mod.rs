//! Workbooks: what is registered, or is to be registered, as sheets that people fill in. Templates and exports have the same columns as
//! imports; a row of an import is the act that it stands for.

mod book;
#[cfg(feature = "columnar")]
mod columnar;
mod columns;
mod export;
mod frame;
mod grid;
mod people;
mod plan;
mod row;
mod rows;

#[cfg(feature = "columnar")]
pub use columnar::Frame;
#[cfg(not(feature = "columnar"))]
pub use frame::Frame;

pub use book::{Encoding, Table, Unreadable, csv, read, template, xlsx};
pub use columns::{Column, REASON, Sheet};
pub use export::export;
pub use frame::{Broken, Columnar, Field, HAS_COLUMNAR, Kind, Typed};
pub use grid::{Filled, Grid, Head, Line, XLSX_ROWS, csv_mark, csv_row, workbook};
pub use plan::{Outcome, Plan, Planned, Wanted, plan};
pub use row::Fault;

/// The tables as they came, with what is wrong with each row in a column of its own.
#[must_use]
pub fn marked(tables: &[Table], plan: &Plan) -> Vec<Table> {
    let mark = |table: &Table| {
        let old = table.heading.iter().position(|heading| heading == REASON);
        let cut = |row: &[String]| -> Vec<String> {
            let kept = row.iter().enumerate().filter(|(at, _)| Some(*at) != old);
            kept.map(|(_, cell)| cell.clone()).collect()
        };
        let mut out = Table { sheet: table.sheet, heading: cut(&table.heading), rows: Vec::new() };
        for (at, row) in (2..).zip(&table.rows) {
            let mut row = cut(row);
            row.resize(out.heading.len(), String::new());
            let reasons = plan.faults(table.sheet, at).iter().map(|fault| {
                let column = fault.column.as_ref().map(|column| format!("{column}：")).unwrap_or_default();
                format!("{column}{} / {}", fault.zh, fault.en)
            });
            row.push(reasons.collect::<Vec<_>>().join("；"));
            out.rows.push(row);
        }
        out.heading.push(REASON.to_owned());
        out
    };
    tables.iter().map(mark).collect()
}
