//! The departments of the demonstration: one line from the province down to the county for each kind of agency.

use super::Named;
use super::builder::{Body, Builder, Term};
use super::profile::PROFILES;
use crate::domain::{CodeList, DivisionCode, InstitutionRank, OrganizationField as F, OrganizationKind};
use rustc_hash::FxHashMap;

/// Names of a line in the county and prefecture, and in the province.
pub const LINES: &[(&str, &str, &str, F)] = &[
    ("police", "公安局", "公安厅", F::Other),
    ("justice", "司法局", "司法厅", F::Other),
    ("market", "市场监督管理局", "市场监督管理局", F::Other),
    ("land", "自然资源局", "自然资源厅", F::Other),
    ("water", "水利局", "水利厅", F::Water),
    ("agriculture", "农业农村局", "农业农村厅", F::Agriculture),
    ("veterans", "退役军人事务局", "退役军人事务厅", F::Veterans),
];

/// Makes the departments, those above first, and links each to the one above it.
pub fn build(b: &mut Builder, divisions: &[Named]) {
    let mut made: FxHashMap<(DivisionCode, &str), i64> = FxHashMap::default();
    let mut seats: Vec<DivisionCode> = Vec::new();
    for county in PROFILES.iter().filter_map(|p| DivisionCode::parse(p.county)) {
        for seat in [county.parent().and_then(DivisionCode::parent), county.parent(), Some(county)]
            .into_iter()
            .flatten()
        {
            if !seats.contains(&seat) {
                seats.push(seat);
            }
        }
    }
    seats.sort_by_key(|s| (s.digits(), *s));
    for seat in seats {
        for (line, below, top, field) in LINES {
            let superior = seat.parent().and_then(|p| made.get(&(p, *line))).copied();
            let name = if seat.digits() == 2 { top } else { below };
            let name = format!("{}{name}", name_of(divisions, seat));
            let id = one(b, seat, name, *field, superior);
            made.insert((seat, line), id);
        }
    }
}

/// Makes a department.
pub fn one(b: &mut Builder, seat: DivisionCode, name: String, field: F, superior: Option<i64>) -> i64 {
    let id = b.organization(Body {
        kind: OrganizationKind::Department,
        name,
        division: seat,
        parent: None,
        category: None,
        field: Some(field),
        term: Term::default(),
        document: None,
    });
    let credit = b.credit_code('1');
    let version = b.last_version();
    version.superior_id = superior;
    version.uscc = Some(credit);
    if seat.digits() == 6 {
        version.rank = Some(InstitutionRank::SectionChief.value().to_owned());
    }
    id
}

/// The department of a line in a county.
pub fn department(b: &Builder, divisions: &[Named], county: DivisionCode, line: &str) -> Option<i64> {
    let below = LINES.iter().find(|l| l.0 == line)?.1;
    let name = format!("{}{below}", name_of(divisions, county));
    let code = county.to_string();
    let versions = &b.rows.organization_version;
    versions.iter().find(|v| v.division_code == code && v.name == name).map(|v| v.organization_id)
}

/// The name of a division.
pub fn name_of(divisions: &[Named], code: DivisionCode) -> &str {
    divisions.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| name)
}
