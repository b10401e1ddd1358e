//! Rows in time: when they hold, and how one ends and the next begins. Dates are ISO texts, which are ordered as days are.

use super::notice::{Notice, Problem};
use crate::domain::Day;
use crate::store::{Row, Sheet, entity};
use std::ops::Range;

/// A row that holds from a day to another.
pub trait Timed {
    /// First day; open when absent.
    fn from(&self) -> Option<&str>;
    /// First day on which it no longer holds; open when absent.
    fn to(&self) -> Option<&str>;
    /// Lets it hold from a day to another.
    fn set(&mut self, from: Option<String>, to: Option<String>);

    /// Whether it holds on a day.
    fn holds(&self, on: &str) -> bool {
        self.from().is_none_or(|from| from <= on) && self.to().is_none_or(|to| on < to)
    }
    /// Whether there is a day on which both hold.
    fn overlaps(&self, other: &Self) -> bool {
        let before = |a: &Self, b: &Self| a.to().zip(b.from()).is_some_and(|(to, from)| to <= from);
        !before(self, other) && !before(other, self)
    }
    /// Whether it begins after a day.
    fn is_later(&self, on: &str) -> bool {
        self.from().is_some_and(|from| from > on)
    }
    /// Ends it on a day.
    fn end(&mut self, on: &str) {
        self.set(self.from().map(str::to_owned), Some(on.to_owned()));
    }
}

/// Ends the rows of a sheet between two keys that hold on a day.
pub fn end_all<R: Row + Timed>(sheet: &mut Sheet<R>, keys: Range<R::Key>, on: &str) {
    let holding: Vec<R> = sheet.range(keys).filter(|row| row.holds(on)).cloned().collect();
    for mut row in holding {
        row.end(on);
        sheet.put(row);
    }
}

/// How far ahead something may be set, in days: a slip in the year would block it for ever.
const FAR: i32 = 3_653;

/// Whether something may be said to take effect on a day: since the founding of the republic, and within ten years from now.
#[must_use]
pub fn is_near(day: Day) -> bool {
    day.0 <= Day::today().0 + FAR && Day::parse("1949-10-01").is_none_or(|first| day >= first)
}

/// Refuses a day that cannot be meant.
pub fn good_day(field: &str, day: Option<Day>) -> Result<(), Notice> {
    let Some(day) = day.filter(|day| !is_near(*day)) else { return Ok(()) };
    Err(Notice::new(
        Problem::OutOfRange,
        format!("a day lies between 1949-10-01 and ten years from now, not on {day}"),
        format!("日期应在 1949-10-01 至今后十年之间，而非 {day}"),
    )
    .of(field))
}

macro_rules! timed {
    ($($table:ident),+) => {$(
        impl Timed for entity::$table::Model {
            fn from(&self) -> Option<&str> {
                self.valid_from.as_deref()
            }
            fn to(&self) -> Option<&str> {
                self.valid_to.as_deref()
            }
            fn set(&mut self, from: Option<String>, to: Option<String>) {
                (self.valid_from, self.valid_to) = (from, to);
            }
        }
    )+};
}

timed!(
    appointment,
    competent_department,
    division,
    division_version,
    establishment,
    leadership_post,
    organization,
    organization_version,
    pattern_assignment
);
