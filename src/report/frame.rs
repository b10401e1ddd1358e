//! A report as a table for programs: code, label and id for each dimension, and for each column its value with what it came from.

use super::answer::{Cell, MeasureState, Row};
use super::dimension::Meaning;
use super::shown;
use super::table::Table;
use crate::domain::{CodeList, Decimal};
use crate::sheet::{Field, Kind, Typed};

/// Whether values of a dimension are records, which have ids: names repeat.
fn has_id(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Organization | Meaning::Post | Meaning::Pattern | Meaning::Reform | Meaning::Change => true,
        Meaning::Code(_) | Meaning::Truth | Meaning::Division | Meaning::Text => false,
        Meaning::Year | Meaning::Quarter | Meaning::Month | Meaning::Day => false,
    }
}

impl Table<'_> {
    /// The columns for programs. Without a pivot they depend on what is asked for alone: files of several days fit together.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let (_, answer) = self.of();
        let mut out = vec![Field::plain("AS_OF", Kind::Day)];
        for dimension in &answer.dimensions {
            let (name, label) = (dimension.value(), ("label", self.dimension(*dimension).to_owned()));
            out.push(Field { notes: vec![label], ..Field::plain(name, Kind::Text) });
            out.push(Field::plain(format!("{name}_LABEL"), Kind::Text));
            if has_id(dimension.spec().meaning) {
                out.push(Field::plain(format!("{name}_ID"), Kind::Text));
            }
        }
        out.push(Field::plain("IS_TOTAL", Kind::Truth));
        for (column, name) in answer.columns.iter().zip(self.names()) {
            let is_ratio = column.measure.spec().denominator.is_some();
            let kind = if is_ratio { Kind::Number } else { Kind::Whole };
            out.push(Field { notes: self.said(column.measure), ..Field::plain(&name, kind) });
            let mut more = |part: &str, kind| out.push(Field::plain(format!("{name}_{part}"), kind));
            more("STATE", Kind::Text);
            if is_ratio {
                more("NUMERATOR", Kind::Whole);
                more("DENOMINATOR", Kind::Whole);
            }
            if answer.compared {
                more("PREVIOUS", Kind::Number);
                more("DELTA", Kind::Number);
            }
        }
        out
    }

    /// Rows and then totals, as cells of the columns.
    pub fn typed(&self) -> impl Iterator<Item = Vec<Typed>> + '_ {
        let (_, answer) = self.of();
        answer.rows.iter().chain(&answer.totals).map(|row| self.typed_row(row))
    }

    fn typed_row(&self, row: &Row) -> Vec<Typed> {
        let (view, answer) = self.of();
        let text = |text: Option<String>| text.map_or(Typed::Empty, Typed::Text);
        let mut out = vec![Typed::Day(view.as_of())];
        for value in answer.dimensions.iter().filter_map(|dimension| answer.value(row, *dimension)) {
            out.push(text(value.code(view)));
            out.push(Typed::Text(self.label(value)));
            if has_id(value.dimension.spec().meaning) {
                out.push(text(self.id(value)));
            }
        }
        out.push(Typed::Truth(row.is_total));
        for (cell, column) in row.cells.iter().zip(&answer.columns) {
            let is_ratio = column.measure.spec().denominator.is_some();
            let value = shown(column.measure, cell, answer.decimals);
            typed_cells(cell, is_ratio, value.value, &mut out);
            if answer.compared {
                out.extend([number(value.previous), number(value.delta)]);
            }
        }
        out
    }
}

fn number(number: Option<Decimal>) -> Typed {
    number.map_or(Typed::Empty, |number| Typed::Number(number.number()))
}

/// A value, its state, and what a ratio came from: nothing of what is not shown.
fn typed_cells(cell: &Cell, is_ratio: bool, value: Option<Decimal>, out: &mut Vec<Typed>) {
    let is_shown = cell.state == MeasureState::Ok;
    let whole = |number: i64| if is_shown { Typed::Whole(number) } else { Typed::Empty };
    // Counts are not scaled: the numerator is the value.
    out.push(if is_ratio { number(value) } else { whole(cell.pair.0) });
    out.push(Typed::Text(cell.state.value().to_owned()));
    if is_ratio {
        out.extend([whole(cell.pair.0), whole(cell.pair.1)]);
    }
}
