//! Working days (工作日): weekdays without the public holidays of each year, and the weekends that are worked for them.
//!
//! Source: the yearly notices of the State Council's General Office on public holidays (国务院办公厅关于部分节假日安排的通知), one line a year in
//! `working_days.csv`. Of a year without a notice only weekends are known: what is counted in it is provisional.

use super::Day;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// What the notices say.
struct Calendar {
    years: FxHashSet<String>,
    /// Days on which it is not as the weekday says: whether they are worked.
    special: FxHashMap<Day, bool>,
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let mut out = Calendar { years: FxHashSet::default(), special: FxHashMap::default() };
    for line in include_str!("working_days.csv").lines().skip(1) {
        let mut cells = line.split(',');
        let (Some(year), Some(off), Some(worked)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        out.years.insert(year.to_owned());
        let day = |text: &str| Day::parse(&format!("{year}-{text}"));
        for (list, is_worked) in [(off, false), (worked, true)] {
            for part in list.split('/') {
                let (first, last) = part.split_once("..").unwrap_or((part, part));
                let (Some(first), Some(last)) = (day(first), day(last)) else { continue };
                out.special.extend((first.0..=last.0).map(|day| (Day(day), is_worked)));
            }
        }
    }
    out
});

/// Whether a day is a working day.
#[must_use]
pub fn is_working(day: Day) -> bool {
    // 1970-01-01 was a Thursday.
    let weekday = (day.0 + 3).rem_euclid(7);
    CALENDAR.special.get(&day).copied().unwrap_or(weekday < 5)
}

/// The day that is so many working days after another, which does not count; and whether it is provisional, since the notice of a year
/// on the way is not known.
#[must_use]
pub fn working_days_after(day: Day, count: u32) -> (Day, bool) {
    let (mut at, mut left) = (day, count);
    while left > 0 {
        at = Day(at.0 + 1);
        left -= u32::from(is_working(at));
    }
    let known = |day: Day| day.to_string().get(..4).is_some_and(|year| CALENDAR.years.contains(year));
    (at, !known(day) || !known(at))
}

#[cfg(test)]
mod tests {
    use super::{CALENDAR, is_working, working_days_after};
    use crate::domain::Day;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn deadlines_of_the_notices() {
        for (from, two, five) in [
            ("2026-02-13", "2026-02-24", "2026-02-27"),
            ("2026-09-18", "2026-09-21", "2026-09-24"),
            ("2026-09-30", "2026-10-09", "2026-10-13"),
            ("2026-04-30", "2026-05-07", "2026-05-11"),
            ("2026-03-10", "2026-03-12", "2026-03-17"),
        ] {
            assert_eq!(working_days_after(day(from), 2), (day(two), false), "{from}");
            assert_eq!(working_days_after(day(from), 5), (day(five), false), "{from}");
        }
        assert_eq!(working_days_after(day("2031-03-10"), 1), (day("2031-03-11"), true));
        assert!(working_days_after(day("2026-12-31"), 1).1, "into a year that is not known");
    }

    #[test]
    fn each_year_has_as_many_as_its_notice_leaves() {
        for (year, days) in [("2024", 251), ("2025", 248), ("2026", 248)] {
            let (first, last) = (day(&format!("{year}-01-01")), day(&format!("{year}-12-31")));
            let worked = (first.0..=last.0).filter(|day| is_working(Day(*day))).count();
            assert_eq!(worked, days, "{year}");
        }
        // Only weekends are worked that would not be, and only what is off is said to be.
        for (day, is_worked) in &CALENDAR.special {
            let weekend = (day.0 + 3).rem_euclid(7) >= 5;
            assert!(weekend || !is_worked, "{day}");
        }
    }
}
