//! Decimals: a value is a whole number over a whole number, and is rounded once, when it is shown.

use std::cmp::Ordering;

/// The most decimals that a value is shown with.
pub const MOST: u32 = 6;

/// A value before it is rounded: numerator over denominator. The denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// A value; nothing where the denominator is zero.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        match denominator.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Self { numerator, denominator }),
            Ordering::Less => Some(Self { numerator: -numerator, denominator: -denominator }),
        }
    }

    /// How much larger this one is than another.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            numerator: self.numerator * other.denominator - other.numerator * self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }

    /// This one in hundredths of another; nothing where the other is zero.
    #[must_use]
    pub fn percent_of(self, other: Self) -> Option<Self> {
        Self::new(self.numerator * other.denominator * 100, self.denominator * other.numerator.abs())
    }

    /// The value with some decimals, half up away from zero (四舍五入): 2687/84 is 31.99, not 31.98.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Decimal {
        let decimals = decimals.min(MOST);
        let scaled = self.numerator.abs() * 10_i128.pow(decimals);
        let whole = (scaled * 2 + self.denominator) / (self.denominator * 2);
        Decimal { scaled: if self.numerator < 0 { -whole } else { whole }, decimals }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

/// A rounded value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    scaled: i128,
    decimals: u32,
}

impl Decimal {
    /// The value with all of its decimals, such as `31.90`.
    #[must_use]
    pub fn text(self) -> String {
        if self.decimals == 0 {
            return self.scaled.to_string();
        }
        let unit = 10_u128.pow(self.decimals);
        let (whole, part) = (self.scaled.unsigned_abs() / unit, self.scaled.unsigned_abs() % unit);
        let sign = if self.scaled < 0 { "-" } else { "" };
        format!("{sign}{whole}.{part:0width$}", width = self.decimals as usize)
    }

    /// The value as JSON writes it: without zeros at its end.
    #[must_use]
    pub fn json(self) -> String {
        let text = self.text();
        if self.decimals == 0 {
            return text;
        }
        let short = text.trim_end_matches('0').trim_end_matches('.');
        (if short == "-0" { "0" } else { short }).to_owned()
    }

    /// The value as a number of programs, which is the nearest one to it.
    #[must_use]
    pub fn number(self) -> f64 {
        self.text().parse().unwrap_or_default()
    }
}

/// A number of a client as a value: what it wrote, not what its program made of it.
#[must_use]
pub fn of_number(number: f64) -> Option<Ratio> {
    let text = number.is_finite().then(|| format!("{number}"))?;
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if whole.len() > 15 || part.len() > 12 {
        return None;
    }
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    Ratio::new(digits, 10_i128.pow(u32::try_from(part.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Ratio, of_number};

    fn text(numerator: i128, denominator: i128, decimals: u32) -> String {
        Ratio::new(numerator, denominator).map_or_else(String::new, |ratio| ratio.rounded(decimals).text())
    }

    #[test]
    fn values_are_rounded_half_up() {
        // One of the published texts cuts it off: 31.98.
        assert_eq!(text(2687, 84, 2), "31.99");
        assert_eq!(text(2505, 84, 2), "29.82");
        assert_eq!(text(192_700, 2973, 1), "64.8");
        assert_eq!((text(673, 13, 1), text(243, 13, 1)), ("51.8".to_owned(), "18.7".to_owned()));
        assert_eq!(
            (text(1, 8, 2), text(-1, 8, 2), text(5, 2, 0)),
            ("0.13".into(), "-0.13".into(), "3".into())
        );
        assert_eq!(text(1, 0, 2), "");
    }

    #[test]
    fn a_difference_is_taken_before_rounding() {
        let (after, before) = (Ratio::new(673, 13).expect("one"), Ratio::new(243, 13).expect("one"));
        assert_eq!(after.minus(before).rounded(1).text(), "33.1");
        assert_eq!(after.minus(before).percent_of(before).map(|p| p.rounded(1).text()), Some("177.0".into()));
        assert_eq!(before.minus(after).rounded(1).text(), "-33.1");
    }

    #[test]
    fn json_has_no_zeros_at_the_end() {
        let json = |n, d| Ratio::new(n, d).map(|r| r.rounded(2).json());
        assert_eq!((json(63, 1), json(1, 2)), (Some("63".into()), Some("0.5".into())));
        assert_eq!((json(-1, 1_000), json(100, 1)), (Some("0".into()), Some("100".into())));
        assert_eq!(of_number(0.1), Ratio::new(1, 10));
        assert!(of_number(f64::NAN).is_none() && of_number(1e300).is_none());
        assert_eq!(of_number(-2.5).map(|r| r.rounded(1).text()), Some("-2.5".into()));
    }
}
