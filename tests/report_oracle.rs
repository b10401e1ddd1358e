//! Reports by straight loops: groups, columns, totals and the values in them, as they have to come.

use crate::report_catalog::{DISTINCT, Kind, dimensions, is_amount, kind, measure};
use crate::report_facts::Facts;
use crate::report_inputs::{Asked, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// What came together in a group.
#[derive(Debug, Default)]
struct Sum {
    number: i64,
    who: BTreeSet<i64>,
}

/// Values of dimensions by what they are, one each; nothing where there is none.
type Ids = Vec<Option<String>>;
type Table = BTreeMap<Ids, Sum>;

/// A value with what it was worked out from.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Whether there is a value.
    pub some: bool,
    pub numerator: i64,
    pub denominator: Option<i64>,
    scale: i64,
    /// How many persons it is about.
    pub about: usize,
}

impl Cell {
    /// The value, rounded half up.
    pub fn value(&self, decimals: u32) -> Option<f64> {
        let unit = 10_i64.pow(decimals);
        self.some.then(|| match self.denominator {
            None => self.numerator as f64,
            Some(by) => ((2 * self.numerator * self.scale * unit + by) / (2 * by)) as f64 / unit as f64,
        })
    }

    /// Whether the value before rounding is at least half of this.
    fn reaches(&self, halves: i64) -> bool {
        self.some && 2 * self.numerator * self.scale >= halves * self.denominator.unwrap_or(1)
    }
}

/// A row or a total: its keys, and its values with what they are compared with, by measure and column.
#[derive(Debug)]
pub struct Line {
    /// How many of the dimensions it keeps, for a total; one more than there are for a row.
    pub level: usize,
    pub keys: Vec<String>,
    pub cells: BTreeMap<(String, String), (Cell, Option<Cell>)>,
}

/// The column over all columns of a pivot.
pub const OVER: &str = "Σ";

/// What a report has to be.
pub struct Expected {
    pub rows: Vec<Line>,
    pub totals: Vec<Line>,
    pub columns: BTreeSet<String>,
}

/// A report of one day.
struct Day<'a, 'o, 'r> {
    facts: &'a Facts<'o, 'r>,
    asked: &'a Asked,
    by: Vec<&'static str>,
    /// Facts that count, by position, each with the values of the dimensions that it has.
    counted: Vec<(usize, BTreeMap<usize, Ids>)>,
    /// The codes of values.
    codes: BTreeMap<(usize, String), String>,
}

/// Denominators: by which of the dimensions, and the sums.
type Below = (Vec<usize>, Table);

/// The sums of each measure by some dimensions; of denominators with the positions of those that their facts have.
struct Level(Vec<(Table, Option<Below>)>);

impl<'a, 'o, 'r> Day<'a, 'o, 'r> {
    fn new(facts: &'a Facts<'o, 'r>, asked: &'a Asked, territory: Territory) -> Self {
        let by: Vec<&str> = asked.dimensions.iter().chain(&asked.pivot).copied().collect();
        let mut day = Self { facts, asked, by, counted: Vec::new(), codes: BTreeMap::new() };
        let of = |name: &&'static str| [Some(measure(name).3), measure(name).4];
        let kinds: Vec<Kind> = asked.measures.iter().flat_map(of).flatten().map(kind).collect();
        for (at, fact) in facts.all.iter().enumerate().filter(|(_, fact)| kinds.contains(&fact.kind)) {
            let here = territory.map_or(!fact.code.starts_with("99"), |t| fact.code.starts_with(t));
            if here && asked.segments.iter().all(|s| facts.passes(fact, s)) {
                let own = dimensions(fact.kind);
                let has: Vec<usize> = (0..day.by.len()).filter(|d| own.contains(&day.by[*d])).collect();
                let values = has.into_iter().map(|d| (d, day.values(at, d))).collect();
                day.counted.push((at, values));
            }
        }
        day
    }

    fn values(&mut self, at: usize, dimension: usize) -> Ids {
        let values = self.facts.values(&self.facts.all[at], self.by[dimension]);
        let each = values.into_iter().map(|value| {
            let (id, code) = value?;
            self.codes.insert((dimension, id.clone()), code);
            Some(id)
        });
        each.collect()
    }

    /// What a sum is in each group by some of the dimensions.
    fn table(&self, sum: &str, by: &[usize]) -> Table {
        let mut table = Table::new();
        for (at, values) in &self.counted {
            let fact = &self.facts.all[*at];
            let Some((number, who)) =
                Some(fact).filter(|f| f.kind == kind(sum)).and_then(|f| self.facts.adds(f, sum))
            else {
                continue;
            };
            for ids in combinations(values, by) {
                let group = table.entry(ids).or_default();
                // Of each person the age counts once.
                let known = sum == "AGES" && who.is_some_and(|who| group.who.contains(&who));
                group.number += if known { 0 } else { number };
                group.who.extend(who);
            }
        }
        table
    }

    fn level(&self, by: &[usize]) -> Level {
        let tables = self.asked.measures.iter().map(|name| {
            let (_, _, _, numerator, denominator, _) = *measure(name);
            let below = denominator.map(|sum| {
                let own = dimensions(kind(sum));
                let has: Vec<usize> = (0..by.len()).filter(|at| own.contains(&self.by[by[*at]])).collect();
                let left: Vec<usize> = has.iter().map(|at| by[*at]).collect();
                (has, self.table(sum, &left))
            });
            (self.table(numerator, by), below)
        });
        Level(tables.collect())
    }
}

/// Each way to take one value of each of the dimensions.
fn combinations(values: &BTreeMap<usize, Ids>, by: &[usize]) -> Vec<Ids> {
    by.iter().fold(vec![Vec::new()], |all, dimension| {
        let longer =
            |ids: Ids| values[dimension].iter().map(move |id| [ids.clone(), vec![id.clone()]].concat());
        all.into_iter().flat_map(longer).collect()
    })
}

impl Level {
    /// The groups in which anything was counted: in a denominator only where it has all of the dimensions.
    fn groups(&self, by: usize) -> BTreeSet<Ids> {
        let below = self.0.iter().filter_map(|(_, b)| b.as_ref()).filter(|(has, _)| has.len() == by);
        let tables = self.0.iter().map(|(table, _)| table).chain(below.map(|(_, table)| table));
        tables.flat_map(BTreeMap::keys).cloned().collect()
    }

    fn cell(&self, asked: &Asked, at: usize, ids: &[Option<String>]) -> Cell {
        let (_, _, _, numerator, denominator, scale) = *measure(asked.measures[at]);
        let (above, below) = &self.0[at];
        let empty = Sum::default();
        let worth = |name: &str, sum: &Sum| match DISTINCT.contains(&name) {
            true => sum.who.len() as i64,
            false => sum.number,
        };
        let over = above.get(ids);
        let under = below.as_ref().map(|(has, table)| {
            let left: Ids = has.iter().map(|at| ids[*at].clone()).collect();
            table.get(&left).unwrap_or(&empty)
        });
        let by = under.map(|sum| worth(denominator.unwrap(), sum));
        let top = over.unwrap_or(&empty);
        Cell {
            some: (over.is_some() || !is_amount(numerator)) && by != Some(0),
            numerator: worth(numerator, top),
            denominator: by,
            scale,
            about: top.who.iter().chain(under.iter().flat_map(|sum| &sum.who)).collect::<BTreeSet<_>>().len(),
        }
    }
}

/// The levels of both days by the same dimensions.
type Pair = (Level, Option<Level>);

/// The whole report, from the facts of its day and of the day that it is compared with.
pub struct Work<'a, 'o, 'r> {
    now: Day<'a, 'o, 'r>,
    then: Option<Day<'a, 'o, 'r>>,
    asked: &'a Asked,
    columns: Vec<Ids>,
}

impl<'a, 'o, 'r> Work<'a, 'o, 'r> {
    pub fn new(
        asked: &'a Asked,
        of: Territory,
        now: &'a Facts<'o, 'r>,
        then: Option<&'a Facts<'o, 'r>>,
    ) -> Self {
        let (now, then) = (Day::new(now, asked, of), then.map(|facts| Day::new(facts, asked, of)));
        let mut work = Self { now, then, asked, columns: Vec::new() };
        let pivot: Vec<usize> = (asked.dimensions.len()..work.now.by.len()).collect();
        let columns = groups(&work.pair(&pivot), pivot.len());
        work.columns = if pivot.is_empty() { vec![Vec::new()] } else { columns.into_iter().collect() };
        work
    }

    fn pair(&self, by: &[usize]) -> Pair {
        (self.now.level(by), self.then.as_ref().map(|day| day.level(by)))
    }

    fn code(&self, dimension: usize, id: &Option<String>) -> String {
        let Some(id) = id else { return "∅".to_owned() };
        // A body that is there on the day of the report is called as on that day, whether it counts on it or not.
        let body = (self.now.by[dimension] == "ORGANIZATION").then(|| self.now.facts.name_of(id)).flatten();
        if let Some(name) = body {
            return name;
        }
        let key = (dimension, id.clone());
        let there = self.now.codes.get(&key).or_else(|| self.then.as_ref()?.codes.get(&key));
        there.unwrap().clone()
    }

    fn column(&self, ids: &Ids) -> String {
        let first = self.asked.dimensions.len();
        let codes: Vec<String> = ids.iter().enumerate().map(|(at, id)| self.code(first + at, id)).collect();
        codes.join(",")
    }

    pub fn expected(&self) -> Expected {
        let count = self.asked.dimensions.len();
        let all = groups(&self.pair(&(0..count).collect::<Vec<_>>()), count);
        let totals = self.asked.levels().flat_map(|(keep, _)| {
            let mut prefixes: BTreeSet<Ids> = all.iter().map(|ids| ids[..keep].to_vec()).collect();
            prefixes.extend((keep == 0).then(Vec::new));
            self.lines(keep, keep, prefixes)
        });
        let mut rows = self.lines(count, count + 1, all.clone());
        if let Some((name, halves)) = self.asked.having {
            let over = (name.to_owned(), OVER.to_owned());
            rows.retain(|line| line.cells[&over].0.reaches(halves));
        }
        let columns = self.columns.iter().map(|ids| self.column(ids)).collect();
        Expected { rows, totals: totals.collect(), columns }
    }

    /// The lines of groups by the first dimensions.
    fn lines(&self, keep: usize, level: usize, groups: BTreeSet<Ids>) -> Vec<Line> {
        let by: Vec<usize> = (0..keep).collect();
        let pivot: Vec<usize> = (self.asked.dimensions.len()..self.now.by.len()).collect();
        let (whole, parts) = (self.pair(&by), self.pair(&[by, pivot].concat()));
        let line = |ids: Ids| {
            let mut cells = BTreeMap::new();
            for (at, name) in self.asked.measures.iter().enumerate() {
                let cell = |pair: &Pair, ids: &Ids| {
                    let mut now = pair.0.cell(self.asked, at, ids);
                    let mut then = pair.1.as_ref().map(|level| level.cell(self.asked, at, ids));
                    // A sum that is there on one of the two days is zero on the other.
                    if let Some(then) = then.as_mut().filter(|_| now.denominator.is_none()) {
                        (now.some, then.some) = (now.some || then.some, now.some || then.some);
                    }
                    (now, then)
                };
                cells.insert(((*name).to_owned(), OVER.to_owned()), cell(&whole, &ids));
                for column in &self.columns {
                    let ids = [ids.clone(), column.clone()].concat();
                    cells.insert(((*name).to_owned(), self.column(column)), cell(&parts, &ids));
                }
            }
            let kept = ids.iter().enumerate().map(|(at, id)| self.code(at, id));
            let stars = std::iter::repeat_n("*".to_owned(), self.asked.dimensions.len() - keep);
            Line { level, keys: kept.chain(stars).collect(), cells }
        };
        groups.into_iter().map(line).collect()
    }
}

fn groups(pair: &Pair, by: usize) -> BTreeSet<Ids> {
    let then = pair.1.iter().flat_map(|level| level.groups(by));
    pair.0.groups(by).into_iter().chain(then).collect()
}
