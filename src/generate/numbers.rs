//! The published totals, dealt out to townships so that the sums come out exactly.

use super::Named;
use super::builder::Builder;
use super::profile::PROFILES;
use crate::domain::DivisionCode;
use rustc_hash::FxHashMap;

/// Establishment of a township: before and after the reform, and how much of both is administrative.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub before: i32,
    pub after: i32,
    pub administrative: i32,
}

/// What every township gets.
pub struct Plan {
    shares: FxHashMap<DivisionCode, Share>,
}

/// Territory, total before and after. Dandong: 84 townships with 63 posts each on average (5,292); 2,973 institution posts
/// were sent down, so 2,319 before. Puge: 13 townships, 18.7 and 51.8 on average (243 and 673).
const PUBLISHED: &[(&str, i32, i32)] = &[("2106", 2_319, 5_292), ("513428", 243, 673)];

impl Plan {
    pub fn new(b: &mut Builder, divisions: &[Named]) -> Self {
        let mut shares = FxHashMap::default();
        let townships = townships(divisions);
        for (territory, before, after) in PUBLISHED {
            let range = DivisionCode::parse(territory).map(DivisionCode::range);
            let own: Vec<DivisionCode> =
                townships.iter().copied().filter(|c| range.is_some_and(|r| r.contains(*c))).collect();
            deal(b, &mut shares, &own, *before, *after);
        }
        let rest: Vec<DivisionCode> = townships.iter().copied().filter(|c| !shares.contains_key(c)).collect();
        for code in rest {
            let (before, after) = (b.between(26, 34), b.between(48, 68));
            deal(b, &mut shares, &[code], before, after);
        }
        Self { shares }
    }

    /// A plan with these shares.
    pub fn of(shares: impl IntoIterator<Item = (DivisionCode, Share)>) -> Self {
        Self { shares: shares.into_iter().collect() }
    }

    pub fn share(&self, code: DivisionCode) -> Share {
        self.shares.get(&code).copied().unwrap_or(Share { before: 20, after: 40, administrative: 14 })
    }
}

/// The townships of the demonstration counties.
fn townships(divisions: &[Named]) -> Vec<DivisionCode> {
    let counties: Vec<_> = PROFILES.iter().filter_map(|p| DivisionCode::parse(p.county)).collect();
    let inside = |code: DivisionCode| counties.iter().any(|c| c.range().contains(code));
    let all = divisions.iter().filter(|(code, name)| inside(*code) && code.division_type(name).is_township());
    all.map(|(code, _)| *code).collect()
}

fn deal(
    b: &mut Builder,
    shares: &mut FxHashMap<DivisionCode, Share>,
    codes: &[DivisionCode],
    before: i32,
    after: i32,
) {
    let weights: Vec<i32> = codes.iter().map(|_| b.between(85, 115)).collect();
    let (before, after) = (apportion(before, &weights), apportion(after, &weights));
    for (at, code) in codes.iter().enumerate() {
        // Administrative posts do not grow in a reform: those sent down were institution posts.
        let administrative = before[at] * 2 / 3;
        shares.insert(*code, Share { before: before[at], after: after[at], administrative });
    }
}

/// Splits a whole by weights: largest remainders get what is left over, so that the sum is exact.
pub fn apportion(total: i32, weights: &[i32]) -> Vec<i32> {
    let sum: i64 = weights.iter().map(|w| i64::from(*w)).sum::<i64>().max(1);
    let exact: Vec<i64> = weights.iter().map(|w| i64::from(total) * i64::from(*w)).collect();
    let mut parts: Vec<i32> = exact.iter().map(|e| i32::try_from(e / sum).unwrap_or(0)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (-(exact[*i] % sum), *i));
    let left = total - parts.iter().sum::<i32>();
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::apportion;

    #[test]
    fn parts_sum_to_the_whole() {
        assert_eq!(apportion(10, &[1, 1, 1]), [4, 3, 3]);
        for total in [0, 1, 7, 243, 5_292] {
            let weights: Vec<i32> = (0..84).map(|i| 85 + i % 31).collect();
            assert_eq!(apportion(total, &weights).iter().sum::<i32>(), total);
        }
    }
}
