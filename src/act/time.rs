//! Rows in time: when they hold, and how one ends and the next begins. Dates are ISO texts, which are ordered as days are.

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
