//! Bands of numbers: sizes of populations, ages.

use crate::code_list;

code_list! {
    /// Size of the population of a township (人口规模).
    PopulationBand {
        Below1 = "BELOW_10000", "1万人以下", "below 10,000";
        From1 = "FROM_10000", "1万—3万人", "10,000 to 29,999";
        From3 = "FROM_30000", "3万—5万人", "30,000 to 49,999";
        From5 = "FROM_50000", "5万—10万人", "50,000 to 99,999";
        From10 = "FROM_100000", "10万人以上", "100,000 and more";
    }
}

code_list! {
    /// Age of a person (年龄段).
    AgeBand {
        To35 = "TO_35", "35岁及以下", "35 and below";
        To45 = "FROM_36", "36—45岁", "36 to 45";
        To55 = "FROM_46", "46—55岁", "46 to 55";
        Above = "FROM_56", "56岁及以上", "56 and above";
    }
}

impl PopulationBand {
    /// The band of a number of residents.
    #[must_use]
    pub fn of(residents: i32) -> Self {
        match residents {
            ..10_000 => Self::Below1,
            10_000..30_000 => Self::From1,
            30_000..50_000 => Self::From3,
            50_000..100_000 => Self::From5,
            _ => Self::From10,
        }
    }
}

impl AgeBand {
    /// The band of an age in years.
    #[must_use]
    pub fn of(years: i64) -> Self {
        match years {
            ..36 => Self::To35,
            36..46 => Self::To45,
            46..56 => Self::To55,
            _ => Self::Above,
        }
    }
}
