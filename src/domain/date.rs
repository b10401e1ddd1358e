//! Days and validity. A day is a count of days since 1970-01-01 in Asia/Shanghai; a validity is `[from, to)`.

use chrono::{Datelike, NaiveDate, Utc};
use std::fmt;

/// A calendar day. `Day::OPEN_FROM` and `Day::OPEN_TO` stand for "before the register begins" and "no end yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Earlier than any date: the start is not recorded.
    pub const OPEN_FROM: Day = Day(i32::MIN);
    /// Later than any date: not ended.
    pub const OPEN_TO: Day = Day(i32::MAX);

    /// Today in Asia/Shanghai (UTC+8, no daylight saving). The only clock of the program.
    #[must_use]
    pub fn today() -> Self {
        Self(i32::try_from((now_seconds() + 8 * 3600).div_euclid(86_400)).unwrap_or(0))
    }

    /// Reads `YYYY-MM-DD`; refuses anything else, and days that do not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Read by hand: a register holds millions of them.
        let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            digits
                .iter()
                .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
        };
        let year = i32::try_from(number(&[a, b, c, d])?).ok()?;
        let date = NaiveDate::from_ymd_opt(year, number(&[e, f])?, number(&[g, h])?)?;
        Some(Self(date.num_days_from_ce() - EPOCH_FROM_CE))
    }

    /// `YYYY-MM-DD` as bytes; `None` for what is no day between the years 0 and 9999.
    #[must_use]
    pub fn ascii(self) -> Option<[u8; 10]> {
        let date = NaiveDate::from_num_days_from_ce_opt(self.0.checked_add(EPOCH_FROM_CE)?)?;
        let year = u32::try_from(date.year()).ok().filter(|year| *year <= 9_999)?;
        let mut text = *b"0000-00-00";
        let digits = [(0, year / 100), (2, year % 100), (5, date.month()), (8, date.day())];
        for (at, two) in digits {
            text[at] += u8::try_from(two / 10).ok()?;
            text[at + 1] += u8::try_from(two % 10).ok()?;
        }
        Some(text)
    }

    /// Its year and month; `None` for a bound that is open.
    #[must_use]
    pub fn year_and_month(self) -> Option<(i32, u32)> {
        let date = NaiveDate::from_num_days_from_ce_opt(self.0.checked_add(EPOCH_FROM_CE)?)?;
        Some((date.year(), date.month()))
    }

    /// Whole years from this day to a later one (周岁).
    #[must_use]
    pub fn years_until(self, later: Self) -> i64 {
        let date = |day: Self| NaiveDate::from_num_days_from_ce_opt(day.0.checked_add(EPOCH_FROM_CE)?);
        let years = date(self).zip(date(later)).and_then(|(from, to)| to.years_since(from));
        years.map_or(0, i64::from)
    }

    /// Whether it is the last day of a quarter.
    #[must_use]
    pub fn ends_quarter(self) -> bool {
        let months = |day: Self| day.year_and_month().map(|(year, month)| (year, (month - 1) / 3));
        months(self) != months(Self(self.0.saturating_add(1)))
    }

    /// The last day of a quarter before this day, or this day.
    #[must_use]
    pub fn end_of_quarter(self) -> Self {
        (0..100).map(|back| Self(self.0.saturating_sub(back))).find(|day| day.ends_quarter()).unwrap_or(self)
    }

    /// The bound as a date, `None` when open.
    #[must_use]
    pub fn bound(self) -> Option<Day> {
        (self != Self::OPEN_FROM && self != Self::OPEN_TO).then_some(self)
    }
}

/// Seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn now_seconds() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    let now = Utc::now();
    now.timestamp()
}

/// The present moment as text in UTC, such as `2026-11-21T08:00:00Z`.
#[must_use]
pub fn now_text() -> String {
    moment(now_seconds())
}

/// A moment in seconds since 1970-01-01T00:00:00Z as text in UTC.
#[must_use]
pub fn moment(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether a text is a moment in UTC as [`now_text`] writes it.
#[must_use]
pub fn is_moment(text: &str) -> bool {
    let form = "%Y-%m-%dT%H:%M:%SZ";
    // Written again it has to be the same: the reader takes other widths too.
    chrono::NaiveDateTime::parse_from_str(text, form)
        .is_ok_and(|moment| moment.format(form).to_string() == text)
}

const EPOCH_FROM_CE: i32 = 719_163;

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.checked_add(EPOCH_FROM_CE).and_then(NaiveDate::from_num_days_from_ce_opt) {
            Some(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            None => f.write_str("open"),
        }
    }
}

/// The time in which a record holds: from (included) to (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Validity {
    /// First day; `Day::OPEN_FROM` when it began before the register.
    pub from: Day,
    /// First day on which it no longer holds; `Day::OPEN_TO` when it has not ended.
    pub to: Day,
}

impl Validity {
    /// Holds always.
    pub const ALWAYS: Validity = Validity { from: Day::OPEN_FROM, to: Day::OPEN_TO };

    /// Whether it holds on the day.
    #[inline]
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day < self.to
    }

    /// Whether it began on or before the day.
    #[inline]
    #[must_use]
    pub fn begun(self, day: Day) -> bool {
        self.from <= day
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Validity, is_moment, now_text};

    #[test]
    fn moments_that_do_not_exist_are_refused() {
        for bad in [
            "",
            "9999-99-99T99:99:99Z",
            "2026-02-29T00:00:00Z",
            "2026-03-01T24:00:00Z",
            "2026-03-01T8:00:00Z",
            "2026-03-01 08:00:00Z",
            "2026-03-01T08:00:00+08:00",
            "+026-03-01T08:00:00Z",
        ] {
            assert!(!is_moment(bad), "{bad}");
        }
        assert!(is_moment("2026-03-01T08:00:00Z") && is_moment(&now_text()));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for bad in [
            "2021-02-29",
            "2021-13-01",
            "2021-1-1",
            "20210101",
            "2021-01-01T00:00",
            "",
            "２０２１-01-01",
            "2021-00-10",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert_eq!(Day::parse("1970-01-02"), Some(Day(1)));
        assert_eq!(Day::parse("2024-02-29").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn validity_excludes_its_end() {
        let v = Validity { from: Day(10), to: Day(20) };
        assert!(!v.holds(Day(9)) && v.holds(Day(10)) && v.holds(Day(19)) && !v.holds(Day(20)));
        assert!(Validity::ALWAYS.holds(Day(0)));
    }
}
