//! Codes of administrative divisions (行政区划代码): GB/T 2260 and the rules for codes below the county.

use super::{DivisionLevel, DivisionType};
use std::fmt;

/// A division code in its shortest form: 2, 4, 6, 9 or 12 digits. `210600` and `210600000000` are the code `2106`.
///
/// Held as the twelve-digit number, so that codes sort by territory and a territory is one range of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u64);

/// The numbers of all divisions in a territory: `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRange {
    /// The territory's own code.
    pub from: u64,
    /// The first code after it.
    pub to: u64,
}

/// The first code of fictional divisions; the national list ends before it.
const FICTIONAL: u64 = 990_000_000_000;

impl CodeRange {
    /// Everything that is real: the national list, without the fictional divisions (99).
    pub const NATIONAL: CodeRange = CodeRange { from: 0, to: FICTIONAL };
    /// Everything, with the fictional divisions.
    pub const ALL: CodeRange = CodeRange { from: 0, to: u64::MAX };

    /// Whether the division lies in the territory.
    #[inline]
    #[must_use]
    pub fn contains(self, code: DivisionCode) -> bool {
        self.from <= code.0 && code.0 < self.to
    }

    /// Whether the other territory lies wholly in this one.
    #[must_use]
    pub fn covers(self, other: CodeRange) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// Whether the two share any code.
    #[must_use]
    pub fn overlaps(self, other: CodeRange) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl DivisionCode {
    /// Reads 2, 4, 6, 9 or 12 digits; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !matches!(text.len(), 2 | 4 | 6 | 9 | 12) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = text.parse().ok()?;
        let code = Self(number * 10_u64.pow(12 - u32::try_from(text.len()).ok()?));
        (code.0 >= 110_000_000_000).then_some(code)
    }

    /// The twelve-digit number.
    #[inline]
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// The code of a twelve-digit number that came from [`DivisionCode::number`].
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The division of a shard: a county, or what lies above counties.
    #[must_use]
    pub fn of_shard(six_digits: u32) -> Self {
        Self(u64::from(six_digits) * 1_000_000)
    }

    /// Digits in the shortest form.
    #[must_use]
    pub fn digits(self) -> u32 {
        match self.0 {
            n if n % 10_000_000_000 == 0 => 2,
            n if n % 100_000_000 == 0 => 4,
            n if n % 1_000_000 == 0 => 6,
            n if n % 1_000 == 0 => 9,
            _ => 12,
        }
    }

    /// The territory: the division and all that lies in it.
    #[must_use]
    pub fn range(self) -> CodeRange {
        CodeRange { from: self.0, to: self.0 + 10_u64.pow(12 - self.digits()) }
    }

    /// The code of the division above by the digits alone; `None` for a province.
    ///
    /// Four cities have no county level: there the digits name a county that is the city's own code, as they should.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let keep = match self.digits() {
            2 => return None,
            4 => 10,
            6 => 8,
            9 => 6,
            _ => 3,
        };
        let unit = 10_u64.pow(keep);
        Some(Self(self.0 / unit * unit))
    }

    /// The level that the length says.
    #[must_use]
    pub fn level(self) -> DivisionLevel {
        match self.digits() {
            2 => DivisionLevel::Province,
            4 => DivisionLevel::Prefecture,
            6 => DivisionLevel::County,
            9 => DivisionLevel::Township,
            _ => DivisionLevel::Village,
        }
    }

    /// The six digits of the shard that keeps the division: its county, or itself above the county.
    #[must_use]
    pub fn shard(self) -> u32 {
        u32::try_from(self.0 / 1_000_000).unwrap_or(0)
    }

    /// Whether it belongs to the fictional divisions (99), which no national total counts.
    #[must_use]
    pub fn is_fictional(self) -> bool {
        self.0 >= FICTIONAL
    }

    /// The type by code; the name decides only between 乡 and 民族乡.
    #[must_use]
    pub fn division_type(self, name: &str) -> DivisionType {
        match self.digits() {
            2 => DivisionType::Province,
            4 => DivisionType::Prefecture,
            6 => DivisionType::County,
            9 => match self.0 / 100_000 % 10 {
                0 => DivisionType::Subdistrict,
                1 => DivisionType::Town,
                2 | 3 if name.ends_with("族乡") => DivisionType::EthnicTownship,
                2 | 3 => DivisionType::Township,
                _ => DivisionType::TownshipLike,
            },
            _ => match self.0 / 100 % 10 {
                0 | 1 => DivisionType::Community,
                2 | 3 => DivisionType::Village,
                _ => DivisionType::Virtual,
            },
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / 10_u64.pow(12 - self.digits()))
    }
}

#[cfg(test)]
mod tests {
    use super::{DivisionCode, DivisionType};

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_longer_forms_are_the_same_code() {
        for (long, short) in
            [("210600", "2106"), ("210602002000", "210602002"), ("210000", "21"), ("2100", "21")]
        {
            assert_eq!(code(long), code(short));
            assert_eq!(code(long).to_string(), short);
        }
        assert_eq!(code("441900003").parent(), Some(code("4419")));
        assert_eq!(code("610902111").parent(), Some(code("610902")));
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in [
            "",
            "1",
            "123",
            "21060",
            "2106021",
            "2106021011",
            "21060210100a",
            "２１",
            "09",
            "-1",
            "2106 2",
            "00",
        ] {
            assert_eq!(DivisionCode::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_type_is_read_from_the_code() {
        assert_eq!(code("210624208").division_type("下露河朝鲜族乡"), DivisionType::EthnicTownship);
        assert_eq!(code("210681401").division_type("示范农场"), DivisionType::TownshipLike);
        assert_eq!(code("110101005").division_type("某地区"), DivisionType::Subdistrict);
        assert!(code("2106").range().contains(code("210681102")));
        assert!(!code("2106").range().contains(code("2107")));
    }
}
