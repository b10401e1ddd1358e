//! What follows from sums: which unknowns linear equations leave no choice.

use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A prime to calculate with: numbers of it that are not zero can be divided by.
const P: u128 = (1 << 61) - 1;

/// An equation: unknowns with their factors. What they add up to is of no matter, only whether they are told.
pub type Equation = BTreeMap<usize, u128>;

/// A factor of minus one.
pub const MINUS: u128 = P - 1;

/// The unknowns that the equations tell: those that stand alone in a row of the reduced matrix.
#[must_use]
pub fn told(equations: impl Iterator<Item = Equation>) -> FxHashSet<usize> {
    let mut reduced: BTreeMap<usize, Equation> = BTreeMap::new();
    for mut row in equations {
        let pivots: Vec<usize> = row.keys().copied().filter(|at| reduced.contains_key(at)).collect();
        pivots.into_iter().for_each(|pivot| clear(&mut row, pivot, &reduced[&pivot]));
        let Some((&pivot, &factor)) = row.first_key_value() else { continue };
        let inverse = power(factor, P - 2);
        row.values_mut().for_each(|value| *value = *value * inverse % P);
        for other in reduced.values_mut() {
            clear(other, pivot, &row);
        }
        reduced.insert(pivot, row);
    }
    reduced.into_iter().filter(|(_, row)| row.len() == 1).map(|(pivot, _)| pivot).collect()
}

/// Takes a row so often from another that nothing is left of the pivot. Reduced rows hold no other pivots.
fn clear(row: &mut Equation, pivot: usize, other: &Equation) {
    let Some(factor) = row.get(&pivot).copied() else { return };
    for (at, value) in other {
        let left = row.entry(*at).or_default();
        *left = (*left + (P - factor) * value) % P;
        if *left == 0 {
            row.remove(at);
        }
    }
}

fn power(base: u128, exponent: u128) -> u128 {
    let (mut base, mut exponent, mut out) = (base, exponent, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            out = out * base % P;
        }
        (base, exponent) = (base * base % P, exponent >> 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Equation, MINUS, told};

    fn sum(of: &[usize], whole: Option<usize>) -> Equation {
        of.iter().map(|at| (*at, 1)).chain(whole.map(|at| (at, MINUS))).collect()
    }

    #[test]
    fn what_no_single_sum_tells_several_may() {
        // Two rows and two columns of a table, and a fifth cell below the second column: the four leave each other open, but not it.
        let table = [sum(&[0, 1], None), sum(&[2, 3], None), sum(&[0, 2], None), sum(&[1, 3, 4], None)];
        assert_eq!(told(table.into_iter()).into_iter().collect::<Vec<_>>(), [4]);
        assert!(told([sum(&[0, 1], None), sum(&[1, 2], None)].into_iter()).is_empty());
        assert!(told([sum(&[0, 1], Some(2))].into_iter()).is_empty());
        assert_eq!(told([sum(&[0], Some(1)), sum(&[0, 1], None)].into_iter()).len(), 2);
    }
}
