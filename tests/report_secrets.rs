//! Whether a report keeps to itself what it has to: no value about one or two persons is shown, none follows by subtraction.

use crate::random::chance;
use crate::report_inputs::{Asked, QUARTERS, one, some};
use crate::report_oracle::{Cell, Line, OVER};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use std::collections::{BTreeMap, BTreeSet};

/// A prime to calculate with.
const P: i64 = 1_000_000_007;

/// A value of a measure: its line and its column.
type Spot<'e> = (usize, &'e str);

impl Asked {
    /// Whether a row or a total with these keys is named by a personal attribute.
    pub fn is_by_person(&self, keys: &[String]) -> bool {
        let personal = |dimension: &str| ["GENDER", "AGE_BAND"].contains(&dimension);
        self.dimensions.iter().zip(keys).any(|(dimension, key)| personal(dimension) && key != "*")
    }
}

/// Lines of a report with what is not shown: the line, the measure, the column.
pub struct Secrets<'e> {
    pub asked: &'e Asked,
    pub lines: Vec<&'e Line>,
    pub hidden: BTreeSet<(usize, String, String)>,
}

/// A value that is the sum of others.
struct Equation<'e> {
    whole: Spot<'e>,
    parts: Vec<Spot<'e>>,
}

impl<'e> Secrets<'e> {
    /// Whether values of a measure are about persons here: of those that are open only if grouped by a personal attribute.
    fn is_about_persons(&self, measure: &str) -> bool {
        let by: Vec<&&str> = self.asked.dimensions.iter().chain(&self.asked.pivot).collect();
        ["PERSONS", "WOMEN", "AVERAGE_AGE"].contains(&measure)
            || ["GENDER", "AGE_BAND"].iter().any(|d| by.contains(&d))
    }

    fn cell(&self, spot: Spot, measure: &str) -> &'e Cell {
        &self.lines[spot.0].cells[&(measure.to_owned(), spot.1.to_owned())].0
    }

    /// Whether a value is nowhere to be read: leaders are persons, and one tells of the other.
    fn is_hidden(&self, spot: Spot, measure: &str) -> bool {
        let same = ["PERSONS", "LEADERS"];
        let twins: Vec<&str> = self.asked.measures.iter().copied().filter(|m| same.contains(m)).collect();
        let all =
            if same.contains(&measure) && self.is_about_persons("LEADERS") { twins } else { vec![measure] };
        all.into_iter().all(|m| self.hidden.contains(&(spot.0, m.to_owned(), spot.1.to_owned())))
    }

    pub fn check(&self) -> Result<(), String> {
        let persons = self.asked.measures.iter().filter(|m| self.is_about_persons(m));
        let mut small = 0;
        for name in persons.clone() {
            for (at, line) in self.lines.iter().enumerate() {
                for ((_, column), (cell, _)) in line.cells.iter().filter(|((m, _), _)| m == name) {
                    let few = (1..=2).contains(&cell.about);
                    small += u64::from(few);
                    if few && !self.hidden.contains(&(at, (*name).to_owned(), column.clone())) {
                        return Err(format!(
                            "{name} of {:?} [{column}] is about {} and shown",
                            line.keys, cell.about
                        ));
                    }
                }
            }
        }
        // How many persons a group has is known where they are asked for; of few not even zeros are shown.
        // And who is no woman is a man.
        let sized = self.asked.measures.contains(&"PERSONS") && !self.asked.measures.contains(&"WOMEN");
        if sized && small == 0 && !self.hidden.is_empty() {
            return Err(format!("hidden without need: {:?}", self.hidden));
        }
        persons.into_iter().try_for_each(|name| self.subtract(name))
    }

    /// What an attacker knows of a measure: each total is the sum of what is below it, each line of its columns.
    fn equations(&self, measure: &str) -> Vec<Equation<'e>> {
        let mut all = Vec::new();
        let columns =
            |at: usize| self.lines[at].cells.keys().filter(|(m, _)| m == measure).map(|(_, c)| c.as_str());
        let levels: BTreeSet<usize> = self.lines.iter().map(|line| line.level).collect();
        for (at, line) in self.lines.iter().enumerate() {
            let parts = columns(at).filter(|c| *c != OVER).map(|c| (at, c)).collect();
            all.push(Equation { whole: (at, OVER), parts });
            for finer in levels.range(line.level + 1..) {
                let below = |other: &Line| {
                    other.level == *finer && other.keys[..line.level] == line.keys[..line.level]
                };
                let below: Vec<usize> = (0..self.lines.len()).filter(|i| below(self.lines[*i])).collect();
                for column in columns(at) {
                    all.push(Equation {
                        whole: (at, column),
                        parts: below.iter().map(|i| (*i, column)).collect(),
                    });
                }
            }
        }
        // Of persons that stand in several groups no sum is the total: nothing follows from it.
        let number = |spot: &Spot| self.amount(*spot, measure);
        all.retain(|e| number(&e.whole) == e.parts.iter().map(number).sum::<i64>());
        all
    }

    /// What adds up: the value, of an average that by which is divided.
    fn amount(&self, spot: Spot, measure: &str) -> i64 {
        let cell = self.cell(spot, measure);
        cell.denominator.unwrap_or(cell.numerator)
    }

    fn subtract(&self, measure: &str) -> Result<(), String> {
        let equations = self.equations(measure);
        let tell = |spot: &Spot| format!("{measure} of {:?} [{}]", self.lines[spot.0].keys, spot.1);
        let mut unknown: BTreeMap<Spot, usize> = BTreeMap::new();
        let mut matrix = Vec::new();
        for Equation { whole, parts } in &equations {
            let hidden: Vec<&Spot> = parts.iter().filter(|spot| self.is_hidden(**spot, measure)).collect();
            let numbers: Vec<i64> = hidden.iter().map(|spot| self.amount(**spot, measure)).collect();
            let each_one = !numbers.is_empty() && numbers.iter().all(|n| *n == 1);
            if each_one && !self.is_hidden(*whole, measure) {
                return Err(format!(
                    "{} tells that each of its {} hidden parts is 1",
                    tell(whole),
                    hidden.len()
                ));
            }
            let mut row: BTreeMap<usize, i64> = BTreeMap::new();
            let own = [(whole, P - 1)].into_iter().chain(hidden.into_iter().map(|spot| (spot, 1)));
            for (spot, sign) in own.filter(|(spot, _)| self.is_hidden(**spot, measure)) {
                let next = unknown.len();
                row.insert(*unknown.entry(*spot).or_insert(next), sign);
            }
            matrix.push(row);
        }
        let told = determined(matrix);
        let small = |spot: &Spot| (1..=2).contains(&self.cell(*spot, measure).about);
        match unknown.iter().find(|(spot, at)| told.contains(at) && small(spot)) {
            Some((spot, _)) => Err(format!("{} follows by subtraction", tell(spot))),
            None => Ok(()),
        }
    }
}

/// The unknowns that linear equations leave no choice: those that stand alone in a row of the reduced matrix.
fn determined(matrix: Vec<BTreeMap<usize, i64>>) -> BTreeSet<usize> {
    let mut reduced: Vec<(usize, BTreeMap<usize, i64>)> = Vec::new();
    for mut row in matrix {
        for (pivot, other) in &reduced {
            clear(&mut row, *pivot, other);
        }
        let Some((&pivot, &value)) = row.first_key_value() else { continue };
        let inverse = power(value, P - 2);
        row.values_mut().for_each(|v| *v = *v * inverse % P);
        for (_, other) in &mut reduced {
            clear(other, pivot, &row);
        }
        reduced.push((pivot, row));
    }
    reduced.into_iter().filter(|(_, row)| row.len() == 1).map(|(pivot, _)| pivot).collect()
}

/// Takes a row so often from another that nothing is left of the pivot.
fn clear(row: &mut BTreeMap<usize, i64>, pivot: usize, other: &BTreeMap<usize, i64>) {
    let Some(factor) = row.get(&pivot).copied() else { return };
    for (at, value) in other {
        let left = row.entry(*at).or_default();
        *left = (*left + (P - factor) * value) % P;
    }
    row.retain(|_, value| *value != 0);
}

fn power(base: i64, exponent: i64) -> i64 {
    match exponent {
        0 => 1,
        _ if exponent % 2 == 0 => power(base * base % P, exponent / 2),
        _ => base * power(base, exponent - 1) % P,
    }
}

/// Personal attributes in groups: by county or above, at the end of a quarter, without any filter.
pub fn in_groups(rng: &mut ChaCha8Rng) -> Asked {
    let by = ["COUNTY", "PROVINCE", "GENDER", "AGE_BAND", "GENDER", "AGE_BAND"];
    let measures =
        ["PERSONS", "WOMEN", "AVERAGE_AGE", "LEADERS", "APPOINTMENTS", "LEADERS_WITH_SEVERAL_POSTS"];
    let (count, many) = (rng.next_u32() % 4, 1 + rng.next_u32() % 4);
    let mut asked = Asked {
        dimensions: some(rng, &by, count),
        measures: some(rng, &measures, many),
        within: (!chance(rng, 4)).then(|| one(rng, &["99", "990101", "51", "5134", "513428"])),
        day: one(rng, QUARTERS).to_owned(),
        decimals: 2,
        ..Asked::default()
    };
    let left: Vec<&str> = by.into_iter().filter(|d| !asked.dimensions.contains(d)).collect();
    asked.pivot = if chance(rng, 2) { some(rng, &left, 1) } else { Vec::new() };
    // What is public of posts is not told by personal attributes, nor women beside their gender.
    let by: Vec<&str> = asked.dimensions.iter().chain(&asked.pivot).copied().collect();
    let (gender, age) = (by.contains(&"GENDER"), by.contains(&"AGE_BAND"));
    let fits = |m: &&str| match *m {
        "WOMEN" => !gender,
        "PERSONS" | "AVERAGE_AGE" => true,
        _ => !gender && !age,
    };
    asked.measures.retain(|m| fits(m));
    if asked.measures.is_empty() {
        asked.measures.push("PERSONS");
    }
    asked
}
