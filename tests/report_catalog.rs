//! What the oracle of reports knows of dimensions, measures and segments.

use crate::oracle::Right;

/// The kinds of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Township,
    Body,
    Establishment,
    Post,
    Appointment,
    Change,
}

pub const PLACE: &[&str] = &[
    "PROVINCE",
    "PREFECTURE",
    "COUNTY",
    "TOWNSHIP",
    "TOWNSHIP_TYPE",
    "BORDER",
    "COASTAL",
    "AGRICULTURAL",
    "SETTING_PATTERN",
];
pub const BODY: &[&str] = &[
    "KIND",
    "CATEGORY",
    "FIELD",
    "FEATURED",
    "INSTITUTION_CLASS",
    "RANK",
    "AGENCY_KIND",
    "MANAGEMENT_MODE",
    "UNIFIED_COMMAND",
    "HEAD_APPOINTMENT_RULE",
    "COMPETENT_DEPARTMENT",
    "ORGANIZATION",
    "STAFFING_STATE",
];
const POST: &[&str] = &["POST_POSITION", "POST_LEVEL", "ORGAN", "LEADERSHIP_POST"];
pub const PERSONAL: &[&str] = &["PERSONNEL_IDENTITY", "GENDER", "ETHNICITY", "AGE_BAND"];
pub const CHANGE: &[&str] = &["CHANGE_KIND", "REFORM", "YEAR", "QUARTER", "MONTH", "DAY"];

/// Dimensions with few values, to pivot by.
pub const NARROW: &[&str] = &[
    "PROVINCE",
    "COUNTY",
    "TOWNSHIP_TYPE",
    "COASTAL",
    "KIND",
    "CATEGORY",
    "RANK",
    "AGENCY_KIND",
    "UNIFIED_COMMAND",
    "STAFFING_STATE",
    "ESTABLISHMENT_TYPE",
    "POST_POSITION",
    "POST_LEVEL",
    "APPOINTMENT_MODE",
    "GENDER",
    "AGE_BAND",
    "CHANGE_KIND",
    "YEAR",
];

/// The dimensions that a kind of fact has.
pub fn dimensions(kind: Kind) -> Vec<&'static str> {
    let more: &[&[&str]] = match kind {
        Kind::Township => &[],
        Kind::Body => &[BODY],
        Kind::Establishment => &[BODY, &["ESTABLISHMENT_TYPE"]],
        Kind::Post => &[BODY, POST],
        Kind::Appointment => &[BODY, POST, &["APPOINTMENT_MODE", "APPOINTMENT_KIND"], PERSONAL],
        Kind::Change => &[CHANGE],
    };
    [&[PLACE], more].concat().concat()
}

/// What a dimension takes to be seen.
pub fn right(dimension: &str) -> Right {
    match dimension {
        "STAFFING_STATE" | "ESTABLISHMENT_TYPE" => Right::Numbers,
        _ if PERSONAL.contains(&dimension) => Right::Staffing,
        _ => Right::Open,
    }
}

/// A measure: its name, the facts of its numerator, what it takes to be seen, numerator, denominator, scale.
pub type Measure = (&'static str, Kind, Right, &'static str, Option<&'static str>, i64);

const fn sum(name: &'static str, kind: Kind, right: Right) -> Measure {
    (name, kind, right, name, None, 1)
}

const fn ratio(name: &'static str, kind: Kind, right: Right, of: [&'static str; 2], scale: i64) -> Measure {
    (name, kind, right, of[0], Some(of[1]), scale)
}

/// The measures that the oracle knows.
pub const MEASURES: &[Measure] = &[
    sum("TOWNSHIPS", Kind::Township, Right::Open),
    sum("RESIDENTS", Kind::Township, Right::Open),
    sum("PATTERN_LEAST", Kind::Township, Right::Open),
    sum("PATTERN_MOST", Kind::Township, Right::Open),
    sum("BODIES", Kind::Body, Right::Open),
    sum("OWN_BODIES", Kind::Body, Right::Open),
    sum("INTERNAL_OFFICES", Kind::Body, Right::Open),
    sum("PUBLIC_INSTITUTIONS", Kind::Body, Right::Open),
    sum("SECONDED_AGENCIES", Kind::Body, Right::Open),
    sum("DEPARTMENTS", Kind::Body, Right::Open),
    ratio("BODIES_PER_TOWNSHIP", Kind::Body, Right::Open, ["OWN_BODIES", "TOWNSHIPS"], 1),
    ratio("AGENCIES_PER_TOWNSHIP", Kind::Body, Right::Open, ["SECONDED_AGENCIES", "TOWNSHIPS"], 1),
    ratio("SECONDED_SHARE", Kind::Body, Right::Open, ["SECONDED_AGENCIES", "IN_TOWNSHIPS"], 100),
    sum("OVER_BODIES", Kind::Body, Right::Numbers),
    sum("APPROVED", Kind::Establishment, Right::Numbers),
    sum("OCCUPIED", Kind::Establishment, Right::Numbers),
    sum("VACANT", Kind::Establishment, Right::Numbers),
    sum("OVER", Kind::Establishment, Right::Numbers),
    ratio("FILL_RATE", Kind::Establishment, Right::Numbers, ["OCCUPIED", "APPROVED"], 100),
    ratio("VACANCY_RATE", Kind::Establishment, Right::Numbers, ["VACANT", "APPROVED"], 100),
    ratio("APPROVED_PER_TOWNSHIP", Kind::Establishment, Right::Numbers, ["APPROVED", "TOWNSHIPS"], 1),
    sum("LEADERSHIP_POSTS", Kind::Post, Right::Open),
    sum("VACANT_LEADERSHIP_POSTS", Kind::Post, Right::Numbers),
    sum("LEADERSHIP_QUOTA", Kind::Post, Right::Numbers),
    sum("LEADERS_IN_POST", Kind::Post, Right::Numbers),
    sum("LEADERSHIP_VACANT", Kind::Post, Right::Numbers),
    sum("LEADERSHIP_OVER", Kind::Post, Right::Numbers),
    ratio("LEADERSHIP_FILL_RATE", Kind::Post, Right::Numbers, ["LEADERS_IN_POST", "LEADERSHIP_QUOTA"], 100),
    sum("APPOINTMENTS", Kind::Appointment, Right::Open),
    sum("LEADERS", Kind::Appointment, Right::Open),
    sum("LEADERS_WITH_SEVERAL_POSTS", Kind::Appointment, Right::Open),
    sum("PERSONS", Kind::Appointment, Right::Staffing),
    sum("WOMEN", Kind::Appointment, Right::Staffing),
    ratio("AVERAGE_AGE", Kind::Appointment, Right::Staffing, ["AGES", "AGED"], 1),
    sum("CHANGES", Kind::Change, Right::Open),
];

/// The measure of a name.
pub fn measure(name: &str) -> &'static Measure {
    MEASURES.iter().find(|m| m.0 == name).unwrap()
}

/// Amounts: where nothing adds to them there is no value. All others are counts, and zero there.
const AMOUNTS: &[&str] = &[
    "RESIDENTS",
    "PATTERN_LEAST",
    "PATTERN_MOST",
    "APPROVED",
    "OCCUPIED",
    "VACANT",
    "OVER",
    "LEADERSHIP_QUOTA",
    "LEADERS_IN_POST",
    "LEADERSHIP_VACANT",
    "LEADERSHIP_OVER",
    "AGES",
];

/// Whether there is no value where the numerator counts nothing: an empty count is zero, and so is a ratio of one.
pub fn is_amount(numerator: &str) -> bool {
    AMOUNTS.contains(&numerator)
}

/// Sums that count each person once.
pub const DISTINCT: &[&str] = &["LEADERS", "LEADERS_WITH_SEVERAL_POSTS", "PERSONS", "WOMEN", "AGED"];

/// The facts that a sum counts.
pub fn kind(sum: &str) -> Kind {
    match sum {
        "IN_TOWNSHIPS" => Kind::Body,
        "AGES" | "AGED" => Kind::Appointment,
        _ => MEASURES.iter().find(|m| m.0 == sum).unwrap().1,
    }
}

/// Townships, and parts of the register, under a name: what it takes to be seen, and which facts can be asked.
pub const SEGMENTS: &[(&str, Right, &[Kind])] = &[
    ("BORDER_TOWNSHIPS", Right::Open, &[]),
    ("COASTAL_TOWNSHIPS", Right::Open, &[]),
    ("AGRICULTURAL_TOWNSHIPS", Right::Open, &[]),
    ("TOWNS_AND_TOWNSHIPS", Right::Open, &[]),
    ("SUBDISTRICTS", Right::Open, &[]),
    ("PATTERNED_TOWNSHIPS", Right::Open, &[]),
    ("OWN_BODIES", Right::Open, &[Kind::Body, Kind::Establishment, Kind::Post, Kind::Appointment]),
    ("OVER_ESTABLISHED", Right::Numbers, &[Kind::Body, Kind::Establishment, Kind::Post, Kind::Appointment]),
    ("VACANT_POSTS", Right::Numbers, &[Kind::Post, Kind::Appointment]),
];
