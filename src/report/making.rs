//! Makes the rows of an answer from what was added up.

use super::answer::{Cell, Column, MeasureState, Row};
use super::compare::Previous;
use super::cube::{Key, NOTHING};
use super::input::{By, Having, Order};
use super::measure::ReportMeasure;
use super::plan::Plan;
use super::totals::{Totals, is_group};
use super::value::{Texts, Value};
use super::withheld::Withheld;
use crate::domain::{CodeList, Fault, Ratio};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// The most columns that a pivot may make.
const COLUMNS: usize = 500;

/// Makes the rows of an answer.
pub struct Making<'m> {
    /// By which plan.
    pub plan: &'m Plan<'m>,
    /// What was added up.
    pub totals: &'m Totals,
    /// With what it is compared.
    pub previous: Option<&'m Previous>,
    /// What is not shown.
    pub withheld: Withheld,
    /// What is not shown of what it is compared with.
    pub withheld_before: Withheld,
}

/// The distinct parts of groups: of rows and of columns, in their order.
pub fn parts(plan: &Plan<'_>, totals: &Totals, previous: Option<&Previous>, texts: &Texts) -> [Vec<Key>; 2] {
    let (rows, width) = (plan.input.dimensions.len(), plan.width());
    let mut sets = [FxHashSet::default(), FxHashSet::default()];
    let asked: Vec<usize> = plan.asked().collect();
    for cube in std::iter::once(totals.leaf()).chain(previous.and_then(Previous::groups)) {
        let said = |key: &&Key| is_group(key, width) && asked.iter().any(|slot| cube.has(key, *slot));
        for key in cube.keys().iter().filter(said) {
            sets[0].insert(plan.masked(key, |at| at < rows));
            sets[1].insert(plan.masked(key, |at| at >= rows));
        }
    }
    let by = |key: &Key| -> Vec<(u64, String)> {
        plan.dimensions()
            .map(|(at, d)| Value { dimension: d, value: key[at], of_part: false, texts }.sort_key())
            .collect()
    };
    sets.map(|set| {
        let mut keys: Vec<Key> = set.into_iter().collect();
        keys.sort_by_cached_key(by);
        keys
    })
}

/// A key of a row and one of a column, together.
fn joined(plan: &Plan<'_>, row: &Key, column: &Key) -> Key {
    let rows = plan.input.dimensions.len();
    let mut key = *row;
    (rows..plan.width()).for_each(|at| key[at] = column[at]);
    key
}

impl Making<'_> {
    fn cell(&self, key: &Key, measure: ReportMeasure) -> Cell {
        let spec = measure.spec();
        let pair = self.totals.pair(self.plan, key, spec);
        let is_hidden = self.withheld.hides(self.plan, key, measure);
        let before = self.previous.and_then(|previous| previous.get(self.plan, key, spec));
        // A sum that is on one of two days only is nothing on the other, whatever else is asked for: changes add up to those of totals.
        let (pair, before) = match self.previous {
            Some(Previous::Same(_)) if spec.denominator.is_none() => {
                let nothing = |other: Option<(i64, i64)>| other.map(|_| (0, 1));
                (pair.or(nothing(before)), before.or(nothing(pair)))
            }
            _ => (pair, before),
        };
        let (state, pair) = state_of(pair, is_hidden);
        let previous = before.filter(|pair| {
            !is_hidden && pair.1 != 0 && !self.withheld_before.hides_previous(self.plan, key, measure)
        });
        Cell { state, pair, previous, rank: None }
    }

    fn row(&self, key: Key, is_total: bool, columns: &[Column]) -> Row {
        let cells: Vec<Cell> = columns
            .iter()
            .map(|column| self.cell(&joined(self.plan, &key, &column.key), column.measure))
            .collect();
        let whole = if self.plan.input.pivot.is_empty() {
            cells.clone()
        } else {
            self.plan.input.measures.iter().map(|measure| self.cell(&key, *measure)).collect()
        };
        Row { key, is_total, cells, whole }
    }

    /// The columns, for the values of the pivot that there are.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` where there are too many.
    pub fn columns(&self, pivots: &[Key]) -> Result<Vec<Column>, Fault> {
        let measures = &self.plan.input.measures;
        let open = [self.plan.masked(&NOTHING, |_| false)];
        let pivots = if self.plan.input.pivot.is_empty() { &open[..] } else { pivots };
        let count = pivots.len() * measures.len();
        if count > COLUMNS {
            return Err(Fault::input(
                format!(
                    "`pivot` makes {count} columns; {COLUMNS} are allowed. Move a dimension from `pivot` to `dimensions`, or narrow `within`."
                ),
                format!(
                    "pivot 产生 {count} 列，上限为 {COLUMNS} 列。请将维度移至 dimensions，或缩小 within。"
                ),
            ));
        }
        let of = |key: &Key| {
            let key = *key;
            measures.iter().map(move |measure| Column { measure: *measure, key })
        };
        Ok(pivots.iter().flat_map(of).collect())
    }

    /// Whether a row, a total or a column is in the answer.
    #[must_use]
    pub fn is_listed(&self, key: &Key) -> bool {
        !self.withheld.leaves_out(self.plan, key)
    }

    /// The rows in their order, as far as they pass.
    #[must_use]
    pub fn rows(&self, keys: &[Key], columns: &[Column], texts: &Texts) -> Vec<Row> {
        let input = self.plan.input;
        let mut rows: Vec<Row> = keys.iter().map(|key| self.row(*key, false, columns)).collect();
        rows.retain(|row| input.having.iter().all(|having| self.passes(row, having)));
        self.rank(&mut rows, columns);
        if !input.order.is_empty() {
            rows.sort_by(|a, b| {
                let mut by = input.order.iter().map(|order| self.compare(order, a, b, texts));
                by.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
            });
        }
        rows
    }

    /// The totals that are asked for: of the finest level first, the grand total last.
    #[must_use]
    pub fn totals(&self, rows: &[Key], columns: &[Column]) -> Vec<Row> {
        let mut levels: Vec<usize> = self.plan.input.totals.iter().map(|level| level.index()).collect();
        levels.sort_unstable_by(|a, b| b.cmp(a));
        levels.dedup();
        let mut out = Vec::new();
        for level in levels {
            let mut keys: Vec<Key> = rows.iter().map(|key| self.plan.masked(key, |at| at < level)).collect();
            keys.dedup();
            if keys.is_empty() && level == 0 {
                keys.push(self.plan.masked(&NOTHING, |_| false));
            }
            let listed = keys.into_iter().filter(|key| self.is_listed(key));
            out.extend(listed.map(|key| self.row(key, true, columns)));
        }
        out
    }

    fn of_measure(&self, row: &Row, measure: ReportMeasure) -> Option<Cell> {
        let at = self.plan.input.measures.iter().position(|known| *known == measure)?;
        row.whole.get(at).copied()
    }

    fn passes(&self, row: &Row, having: &Having) -> bool {
        let value =
            self.of_measure(row, having.measure).and_then(|cell| cell.value(having.measure.spec().scale));
        if having.is_null.is_some_and(|wanted| wanted != value.is_none()) {
            return false;
        }
        let [least, above, most, below] = having.bounds;
        let holds = |bound: Option<Ratio>, fits: fn(Ordering) -> bool| {
            bound.is_none_or(|bound| value.is_some_and(|value| fits(value.cmp(&bound))))
        };
        holds(least, Ordering::is_ge)
            && holds(above, Ordering::is_gt)
            && holds(most, Ordering::is_le)
            && holds(below, Ordering::is_lt)
    }

    fn compare(&self, order: &Order, a: &Row, b: &Row, texts: &Texts) -> Ordering {
        let turned = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
        let value = |row: &Row, measure: ReportMeasure, delta: bool| {
            let (cell, scale) = (self.of_measure(row, measure)?, measure.spec().scale);
            let value = cell.value(scale)?;
            if delta { Some(value.minus(cell.before(scale)?)) } else { Some(value) }
        };
        let (a, b) = match order.by {
            By::Measure(measure) => (value(a, measure, false), value(b, measure, false)),
            By::Delta(measure) => (value(a, measure, true), value(b, measure, true)),
            By::Dimension(dimension) => {
                let at =
                    self.plan.dimensions().find(|(_, known)| *known == dimension).map_or(0, |(at, _)| at);
                let key =
                    |row: &Row| Value { dimension, value: row.key[at], of_part: false, texts }.sort_key();
                return turned(key(a).cmp(&key(b)));
            }
        };
        // What has no value stands last in both directions.
        match (a, b) {
            (Some(a), Some(b)) => turned(a.cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }

    /// The place of each value among the rows: one more than there are larger ones.
    fn rank(&self, rows: &mut [Row], columns: &[Column]) {
        let measures = self.plan.input.measures.iter().copied();
        rank(rows, columns.iter().map(|column| column.measure), |row| &mut row.cells);
        rank(rows, measures, |row| &mut row.whole);
    }
}

fn rank(rows: &mut [Row], measures: impl Iterator<Item = ReportMeasure>, of: fn(&mut Row) -> &mut Vec<Cell>) {
    for (at, measure) in measures.enumerate() {
        let scale = measure.spec().scale;
        let mut values: Vec<(Ratio, usize)> = Vec::new();
        for (number, row) in rows.iter_mut().enumerate() {
            values.extend(of(row)[at].value(scale).map(|value| (value, number)));
        }
        values.sort_by_key(|value| std::cmp::Reverse(value.0));
        let mut place = 0;
        for number in 0..values.len() {
            if number == 0 || values[number].0 != values[number - 1].0 {
                place = number;
            }
            of(&mut rows[values[number].1])[at].rank = u32::try_from(place + 1).ok();
        }
    }
}

fn state_of(pair: Option<(i64, i64)>, is_hidden: bool) -> (MeasureState, (i64, i64)) {
    match pair {
        _ if is_hidden => (MeasureState::Suppressed, (0, 1)),
        Some(pair) if pair.1 != 0 => (MeasureState::Ok, pair),
        _ => (MeasureState::NoData, (0, 1)),
    }
}
