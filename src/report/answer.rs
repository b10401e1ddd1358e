//! The answer of a report: rows, columns, totals, and what is said of it.

use super::Warned;
use super::cube::Key;
use super::dimension::{ALL, ReportDimension};
use super::input::{Compare, Input};
use super::measure::ReportMeasure;
use super::scope::place;
use super::value::{Texts, Value};
use crate::code_list;
use crate::domain::{CodeRange, DivisionCode, Locale, Ratio};

code_list! {
    /// What a value of a report is worth (数值状态).
    MeasureState {
        Ok = "OK", "正常", "a value";
        Suppressed = "SUPPRESSED", "已抑制", "not shown: too few persons, or it would tell of a group with too few";
        NoData = "NO_DATA", "无数据", "nothing is registered, or the denominator is zero";
    }
}

/// A value of a row in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// What it is worth.
    pub state: MeasureState,
    /// The numerator, and the denominator of a ratio, else one.
    pub pair: (i64, i64),
    /// What it is compared with.
    pub previous: Option<(i64, i64)>,
    /// Its place among the rows, the largest first; nothing in totals.
    pub rank: Option<u32>,
}

impl Cell {
    fn ratio(pair: (i64, i64), scale: i64) -> Option<Ratio> {
        Ratio::new(i128::from(pair.0) * i128::from(scale), pair.1.into())
    }

    /// The value, before it is rounded.
    #[must_use]
    pub fn value(&self, scale: i64) -> Option<Ratio> {
        (self.state == MeasureState::Ok).then(|| Self::ratio(self.pair, scale)).flatten()
    }

    /// What it is compared with, before it is rounded.
    #[must_use]
    pub fn before(&self, scale: i64) -> Option<Ratio> {
        self.previous.and_then(|pair| Self::ratio(pair, scale))
    }
}

/// A column: a measure, for some values of the pivot.
#[derive(Debug, Clone)]
pub struct Column {
    /// The measure.
    pub measure: ReportMeasure,
    /// The values of the pivot; all where there is none.
    pub key: Key,
}

/// A row, or a total.
#[derive(Debug, Clone)]
pub struct Row {
    /// Values of the dimensions; those of the pivot are open.
    pub key: Key,
    /// Whether it is a total.
    pub is_total: bool,
    /// A value for each column.
    pub cells: Vec<Cell>,
    /// A value for each measure over all columns.
    pub whole: Vec<Cell>,
}

/// The answer of a report.
pub struct Answer {
    /// By what rows are grouped.
    pub dimensions: Vec<ReportDimension>,
    /// By what columns are grouped.
    pub pivot: Vec<ReportDimension>,
    /// What is said of each group.
    pub measures: Vec<ReportMeasure>,
    /// Decimals of ratios.
    pub decimals: u32,
    /// The columns.
    pub columns: Vec<Column>,
    /// All rows, in their order.
    pub rows: Vec<Row>,
    /// The totals, the grand one last.
    pub totals: Vec<Row>,
    /// Whether groups are left out, since they are of few persons or would tell of such.
    pub left_out: bool,
    /// How many values of the others are not shown.
    pub suppressed: usize,
    /// The territories that it is about.
    pub scope: Vec<CodeRange>,
    /// What is to be known of it.
    pub warnings: Vec<Warned>,
    /// Texts that values stand for.
    pub texts: Texts,
    /// Whether something is compared.
    pub compared: bool,
    /// Whether personal attributes are shown in groups only.
    pub grouped: bool,
}

impl Answer {
    /// The territories that it is about: their codes, or the nation.
    #[must_use]
    pub fn places(&self, locale: Locale) -> Vec<String> {
        self.scope.iter().map(|range| place(*range, locale)).collect()
    }

    /// Whose data the numbers tell: those of its own territories, and of the one that it is compared with.
    #[must_use]
    pub fn territories(&self, input: &Input) -> Vec<CodeRange> {
        let other = match &input.compare {
            Some(Compare::Within(code)) => Some(code.range()),
            Some(Compare::Peers(peers)) => {
                Some(peers.within.map_or(CodeRange::NATIONAL, DivisionCode::range))
            }
            _ => None,
        };
        self.scope.iter().copied().chain(other).collect()
    }

    /// A value of a row.
    #[must_use]
    pub fn value<'a>(&'a self, row: &Row, dimension: ReportDimension) -> Option<Value<'a>> {
        let at = self.dimensions.iter().position(|known| *known == dimension)?;
        let of_part = row.key[..self.dimensions.len()].iter().any(|value| *value != ALL);
        Some(Value { dimension, value: row.key[at], of_part, texts: &self.texts })
    }

    /// The values of the pivot of a column.
    pub fn pivot_of<'a>(&'a self, column: &Column) -> impl Iterator<Item = Value<'a>> {
        let (key, rows) = (column.key, self.dimensions.len());
        let at = self.pivot.iter().zip(rows..);
        at.map(move |(dimension, at)| Value {
            dimension: *dimension,
            value: key[at],
            of_part: false,
            texts: &self.texts,
        })
    }
}
