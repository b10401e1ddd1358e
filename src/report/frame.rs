//! A report as a table for programs: a code and a label for each dimension, and for each column its value with what it came from.

use super::answer::{Cell, MeasureState, Row};
use super::table::Table;
use super::{Column, shown};
use crate::domain::{CodeList, Decimal};
use crate::sheet::{Field, Kind, Typed};

/// The columns that a value has.
struct Shape {
    name: String,
    is_ratio: bool,
    is_compared: bool,
}

impl Table<'_> {
    /// The columns for programs. They depend on what is asked for and on nothing that is found: files of several days fit together.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let (_, answer) = self.of();
        let mut out = Vec::new();
        for dimension in &answer.dimensions {
            let (name, label) = (dimension.value(), ("label", self.dimension(*dimension).to_owned()));
            out.push(Field { notes: vec![label], ..Field::plain(name, Kind::Text) });
            out.push(Field::plain(format!("{name}_LABEL"), Kind::Text));
        }
        out.push(Field::plain("IS_TOTAL", Kind::Truth));
        for column in &answer.columns {
            let Shape { name, is_ratio, is_compared } = self.shape(column);
            let kind = if is_ratio { Kind::Number } else { Kind::Whole };
            out.push(Field { notes: self.said(column.measure), ..Field::plain(&name, kind) });
            let mut more = |part: &str, kind| out.push(Field::plain(format!("{name}_{part}"), kind));
            more("STATE", Kind::Text);
            if is_ratio {
                more("NUMERATOR", Kind::Whole);
                more("DENOMINATOR", Kind::Whole);
            }
            if is_compared {
                more("PREVIOUS", Kind::Number);
                more("DELTA", Kind::Number);
            }
        }
        out
    }

    fn shape(&self, column: &Column) -> Shape {
        Shape {
            name: self.name(column),
            is_ratio: column.measure.spec().denominator.is_some(),
            is_compared: self.of().1.compared,
        }
    }

    /// Rows and then totals, as cells of the columns.
    pub fn typed(&self) -> impl Iterator<Item = Vec<Typed>> + '_ {
        let (_, answer) = self.of();
        answer.rows.iter().chain(&answer.totals).map(|row| self.typed_row(row))
    }

    fn typed_row(&self, row: &Row) -> Vec<Typed> {
        let (view, answer) = self.of();
        let mut out = Vec::new();
        for value in answer.dimensions.iter().filter_map(|dimension| answer.value(row, *dimension)) {
            out.push(value.code(view).map_or(Typed::Empty, Typed::Text));
            out.push(Typed::Text(self.label(value)));
        }
        out.push(Typed::Truth(row.is_total));
        for (cell, column) in row.cells.iter().zip(&answer.columns) {
            self.typed_cells(cell, column, &mut out);
        }
        out
    }

    fn typed_cells(&self, cell: &Cell, column: &Column, out: &mut Vec<Typed>) {
        let Shape { is_ratio, is_compared, .. } = self.shape(column);
        let value = shown(column.measure, cell, self.of().1.decimals);
        let number = |number: Option<Decimal>| number.map_or(Typed::Empty, |n| Typed::Number(n.number()));
        let is_shown = cell.state == MeasureState::Ok;
        let whole = |number: i64| if is_shown { Typed::Whole(number) } else { Typed::Empty };
        // Counts are not scaled: the numerator is the value.
        out.push(if is_ratio { number(value.value) } else { whole(cell.pair.0) });
        out.push(Typed::Text(cell.state.value().to_owned()));
        if is_ratio {
            out.extend([whole(cell.pair.0), whole(cell.pair.1)]);
        }
        if is_compared {
            out.extend([number(value.previous), number(value.delta)]);
        }
    }
}
