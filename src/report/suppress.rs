//! Suppression (小数抑制): groups of one or two persons are not shown, nor what would tell of them by subtraction from totals.

use super::cube::Key;
use super::dimension::ALL;
use super::follows::{Equation, MINUS, told};
use rustc_hash::{FxHashMap, FxHashSet};

/// Groups of fewer persons are not shown.
pub const LEAST: i64 = 3;

/// What is known of a group.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What totals are made of: the persons that are counted, and of a ratio or of women those beside them. Who knows a total knows
    /// what hidden parts leave over of each.
    pub weights: [i64; 2],
    /// Whether it tells of few persons by itself.
    pub small: bool,
    /// Whether there is anybody, counted or not: a zero of some persons tells of them as well.
    pub filled: bool,
}

/// Which dimensions a key leaves open, one bit each.
fn open(key: &Key) -> u8 {
    key.iter().enumerate().filter(|(_, value)| **value == ALL).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The groups of an answer, totals among them, that are not shown.
///
/// Beside the small ones that is, for every total and its parts as they stand in the answer: where a part is hidden, another one too,
/// the smallest, so that what the total leaves over is at least two groups of more than one person each on average; and where a total
/// is hidden, one of its parts, since they add up to it. And where several totals together tell what none tells alone, one more. What is
/// hidden `already` stays so.
#[must_use]
pub fn hidden(groups: &FxHashMap<Key, Group>, already: &FxHashSet<Key>) -> FxHashSet<Key> {
    let small = groups.iter().filter(|(key, group)| group.small || already.contains(*key));
    let mut hidden: FxHashSet<Key> = small.map(|(key, _)| *key).collect();
    let families = families(groups);
    loop {
        let before = hidden.len();
        for family in &families {
            settle(groups, family.total, &family.parts, &mut hidden);
        }
        if hidden.len() == before && !loosen(groups, &families, &mut hidden) {
            return hidden;
        }
    }
}

/// How many hidden groups are looked at together; where there are more, no total that could tell of them is shown.
const TOGETHER: usize = 3_000;

/// Hides more where all totals together tell of a group that is small; whether there was such a one.
fn loosen(groups: &FxHashMap<Key, Group>, families: &[Family], hidden: &mut FxHashSet<Key>) -> bool {
    let before = hidden.len();
    let touched = |Family { total, parts, .. }: &&Family| {
        hidden.contains(total) || parts.iter().any(|part| hidden.contains(part))
    };
    if before > TOGETHER {
        let totals: Vec<Key> = families.iter().filter(touched).map(|family| family.total).collect();
        hidden.extend(totals);
        return hidden.len() > before;
    }
    // What coarser totals tell follows from those between.
    let touched: Vec<&Family> = families.iter().filter(|family| family.is_next).filter(touched).collect();
    let mut numbers: FxHashMap<Key, usize> = FxHashMap::default();
    let equations: Vec<Equation> = touched
        .iter()
        .map(|Family { total, parts, .. }| {
            let unknown = parts.iter().map(|part| (*part, 1)).chain([(*total, MINUS)]);
            let unknown = unknown.filter(|(key, _)| hidden.contains(key));
            unknown
                .map(|(key, factor)| {
                    let next = numbers.len();
                    (*numbers.entry(key).or_insert(next), factor)
                })
                .collect()
        })
        .collect();
    let told = told(equations.into_iter());
    let small = |key: &Key| groups.get(key).is_some_and(|group| group.small);
    let mut known: Vec<&Key> =
        numbers.iter().filter(|(key, at)| told.contains(at) && small(key)).map(|(key, _)| key).collect();
    known.sort_unstable();
    for key in known {
        // What is hidden beside it in one of its sums leaves it open again; where all is hidden already, the total.
        let own = touched.iter().filter(|family| family.total == *key || family.parts.contains(key));
        let others = own.flat_map(|family| family.parts.iter().chain([&family.total]));
        let shown = others
            .filter(|other| !hidden.contains(*other) && groups.get(*other).is_some_and(|group| group.filled));
        let size = |other: &&Key| {
            (groups.get(*other).map_or(0, |group| group.weights[0] + group.weights[1]), **other)
        };
        match shown.min_by_key(size).copied() {
            Some(other) => drop(hidden.insert(other)),
            None => hidden.extend(touched.iter().map(|family| family.total)),
        }
    }
    hidden.len() > before
}

/// A total with its parts, by one way to divide it.
struct Family {
    total: Key,
    parts: Vec<Key>,
    /// Whether no other totals stand between them.
    is_next: bool,
}

/// Each total with its parts, once for each way in which the answer divides it. In an order of their own: what is hidden does not depend
/// on how a table was walked over.
fn families(groups: &FxHashMap<Key, Group>) -> Vec<Family> {
    let mut shapes: Vec<u8> = groups.keys().map(open).collect();
    shapes.sort_unstable();
    shapes.dedup();
    let mut keys: Vec<&Key> = groups.keys().collect();
    keys.sort_unstable();
    let mut out = Vec::new();
    for coarse in &shapes {
        for fine in shapes.iter().filter(|fine| *fine != coarse && **fine & coarse == **fine) {
            let mut parts: FxHashMap<Key, Vec<Key>> = FxHashMap::default();
            for key in keys.iter().filter(|key| open(key) == *fine) {
                let mut total = **key;
                (0..total.len()).filter(|at| coarse >> at & 1 == 1).for_each(|at| total[at] = ALL);
                parts.entry(total).or_default().push(**key);
            }
            let mut parts: Vec<_> =
                parts.into_iter().filter(|(total, _)| groups.contains_key(total)).collect();
            parts.sort_unstable();
            let between = |other: &&u8| {
                *other & coarse == **other && fine & *other == *fine && ![coarse, fine].contains(other)
            };
            let is_next = !shapes.iter().any(|other| between(&other));
            out.extend(parts.into_iter().map(|(total, parts)| Family { total, parts, is_next }));
        }
    }
    out
}

fn settle(groups: &FxHashMap<Key, Group>, total: Key, parts: &[Key], hidden: &mut FxHashSet<Key>) {
    let filled = |key: &Key| groups.get(key).is_some_and(|group| group.filled);
    let weight = |key: &Key, at: usize| groups.get(key).map_or(0, |group| group.weights[at]);
    loop {
        let gone: Vec<&Key> = parts.iter().filter(|part| hidden.contains(*part) && filled(part)).collect();
        let count = i64::try_from(gone.len()).unwrap_or(i64::MAX);
        let open = |at: usize| gone.iter().map(|part| weight(part, at)).sum::<i64>() > count;
        let enough = if hidden.contains(&total) {
            count >= 1 || !parts.iter().any(filled)
        } else {
            count == 0 || count >= 2 && open(0) && open(1)
        };
        if enough {
            return;
        }
        let shown = parts.iter().filter(|part| !hidden.contains(*part) && filled(part));
        // What has none of what is counted hides nothing: those come last.
        let size = |part: &&Key| {
            let (a, b) = (weight(part, 0), weight(part, 1));
            (a == 0 && b == 0, a + b, **part)
        };
        match shown.min_by_key(size) {
            Some(part) => {
                hidden.insert(*part);
            }
            // Nothing is left to hide it behind: the total goes too.
            None => {
                hidden.insert(total);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Group, Key, LEAST, TOGETHER};
    use rustc_hash::{FxHashMap, FxHashSet};

    fn hidden(groups: &FxHashMap<Key, Group>) -> FxHashSet<Key> {
        super::hidden(groups, &FxHashSet::default())
    }

    fn key(a: u64, b: u64) -> Key {
        [a, b, 0, 0, 0, 0]
    }

    fn groups(of: &[(u64, u64, i64)]) -> FxHashMap<Key, Group> {
        let group = |weight: i64| Group {
            weights: [weight; 2],
            small: weight > 0 && weight < LEAST,
            filled: weight > 0,
        };
        of.iter().map(|(a, b, weight)| (key(*a, *b), group(*weight))).collect()
    }

    #[test]
    fn a_second_group_goes_where_a_total_would_tell_of_the_first() {
        let gone = hidden(&groups(&[(1, ALL, 2), (2, ALL, 5), (3, ALL, 9), (ALL, ALL, 16)]));
        assert!(gone.contains(&key(1, ALL)) && gone.contains(&key(2, ALL)) && gone.len() == 2);
        // Without the total nothing tells of it.
        assert_eq!(hidden(&groups(&[(1, ALL, 2), (2, ALL, 5)])).len(), 1);
        // Two ones and their total: each is one.
        let gone = hidden(&groups(&[(1, ALL, 1), (2, ALL, 1), (3, ALL, 9), (ALL, ALL, 11)]));
        assert_eq!(gone.len(), 3, "{gone:?}");
        // One and two leave open which is which.
        assert_eq!(hidden(&groups(&[(1, ALL, 1), (2, ALL, 2), (3, ALL, 9), (ALL, ALL, 12)])).len(), 2);
    }

    #[test]
    fn a_zero_of_few_persons_is_as_telling() {
        let group = |women: i64, men: i64, small: bool| Group { weights: [women, men], small, filled: true };
        let of = |second: Group, total: Group| {
            let all = [(key(1, ALL), group(0, 2, true)), (key(2, ALL), second), (key(ALL, ALL), total)];
            hidden(&all.into_iter().collect())
        };
        // Two men and nobody else: the total less the others would say that none of them is a woman.
        assert_eq!(of(group(9, 9, false), group(9, 11, false)).len(), 2);
        // Where the others have no women either, the total says it too.
        assert_eq!(of(group(0, 9, false), group(0, 11, false)).len(), 3);
    }

    #[test]
    fn where_too_many_are_hidden_to_look_at_them_together_no_total_tells_of_them() {
        let hidden_of = |rows: u64| {
            let row = |a: u64| [(a, 1, 2), (a, 2, 2), (a, 3, 9), (a, ALL, 13)];
            let open = [(0, 1, 8), (0, 2, 9), (0, ALL, 17)];
            let all: Vec<_> = (1..=rows).flat_map(row).chain(open).collect();
            hidden(&groups(&all))
        };
        let many = u64::try_from(TOGETHER).expect("small");
        // Two of each row leave open which is which.
        let gone = hidden_of(many / 2);
        assert!((1..=many / 2).all(|a| !gone.contains(&key(a, ALL))));
        let gone = hidden_of(many / 2 + 1);
        assert!((1..=many / 2 + 1).all(|a| gone.contains(&key(a, ALL))), "a total tells of hidden parts");
        assert!(!gone.contains(&key(0, ALL)) && !gone.contains(&key(1, 3)), "more is hidden than tells");
    }

    #[test]
    fn hidden_totals_hide_a_part_and_rows_and_columns_are_both_looked_at() {
        let gone = hidden(&groups(&[(1, ALL, 2), (ALL, ALL, 2)]));
        assert_eq!(gone.len(), 2);
        let table = [
            (1, 1, 2),
            (1, 2, 8),
            (2, 1, 7),
            (2, 2, 9),
            (1, ALL, 10),
            (2, ALL, 16),
            (ALL, 1, 9),
            (ALL, 2, 17),
            (ALL, ALL, 26),
        ];
        let gone = hidden(&groups(&table));
        // One small cell takes one of its row, one of its column, and the one where they cross.
        assert!(
            [key(1, 1), key(1, 2), key(2, 1), key(2, 2)].iter().all(|key| gone.contains(key)),
            "{gone:?}"
        );
        assert!(!gone.contains(&key(ALL, ALL)) && !gone.contains(&key(1, ALL)));
    }
}
