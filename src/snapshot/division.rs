//! Divisions in the snapshot.

use super::table::{Row, Span, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{Day, DivisionCode, DivisionTrait, DivisionType, Validity};
use crate::store::entity;

/// What stays the same of a division.
#[derive(Debug, Clone)]
pub struct DivisionRow {
    /// Surrogate id.
    pub id: i64,
    /// When it exists.
    pub validity: Validity,
    /// Basis document.
    pub document: Option<i64>,
    /// Its versions.
    pub versions: Span,
    /// Its yearly figures.
    pub statistics: Span,
    /// Its traits.
    pub traits: Box<[DivisionTrait]>,
    /// Whether a trait is made up.
    pub synthetic_traits: bool,
}

/// What a division was called in a time.
#[derive(Debug, Clone)]
pub struct DivisionVersion {
    /// When it held.
    pub validity: Validity,
    /// Its code.
    pub code: DivisionCode,
    /// Its name.
    pub name: Sym,
    /// Its type, by code.
    pub kind: DivisionType,
}

/// Yearly figures of a division.
#[derive(Debug, Clone)]
pub struct StatisticsRow {
    /// Year.
    pub year: i32,
    /// Residents.
    pub population: Option<i32>,
    /// 居委会.
    pub residents_committees: Option<i32>,
    /// 村委会.
    pub village_committees: Option<i32>,
    /// Other village-level units.
    pub other_units: Option<i32>,
    /// Whether the figures are made up.
    pub synthetic: bool,
}

impl Row for DivisionRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// The divisions of a shard.
#[derive(Clone)]
pub struct Divisions {
    pub rows: Table<DivisionRow>,
    pub versions: Vec<DivisionVersion>,
    pub statistics: Vec<StatisticsRow>,
}

impl Divisions {
    /// The version that held on a day, if the division existed.
    #[inline]
    pub fn on(&self, row: u32, day: Day) -> Option<&DivisionVersion> {
        let division = self.rows.get(row);
        if !division.validity.holds(day) {
            return None;
        }
        let span = division.versions;
        let range = span.at as usize..(span.at + span.len) as usize;
        self.versions[range].iter().rev().find(|v| v.validity.holds(day))
    }
}

/// Builds the divisions, ordered by their latest code.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::division::Model>,
    mut versions: Vec<entity::division_version::Model>,
    traits: &[entity::division_trait::Model],
    mut statistics: Vec<entity::division_statistics::Model>,
) -> Result<Divisions, BuildError> {
    versions.sort_by_key(|v| (v.division_id, v.version));
    statistics.sort_by_key(|s| (s.division_id, s.year));
    let mut out: Vec<(u64, DivisionRow)> = Vec::with_capacity(rows.len());
    for row in rows {
        let span = b.span(&versions, row.id, |v| v.division_id);
        let last =
            span.rows().last().ok_or_else(|| BuildError(format!("division {} has no version", row.id)))?;
        let own: Vec<_> = traits.iter().filter(|t| t.division_id == row.id).collect();
        let division = DivisionRow {
            id: row.id,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id,
            versions: span,
            statistics: b.span(&statistics, row.id, |s| s.division_id),
            traits: own.iter().map(|t| b.code::<DivisionTrait>(&t.name)).collect::<Result<_, _>>()?,
            synthetic_traits: own.iter().any(|t| t.synthetic),
        };
        out.push((b.division_code(&versions[last as usize].code)?.number(), division));
    }
    out.sort_by_key(|(code, row)| (*code, row.id));
    let versions = versions
        .into_iter()
        .map(|v| {
            let code = b.division_code(&v.code)?;
            Ok(DivisionVersion {
                validity: b.validity(v.valid_from.as_deref(), v.valid_to.as_deref())?,
                code,
                kind: code.division_type(&v.name),
                name: b.text(&v.name),
            })
        })
        .collect::<Result<_, BuildError>>()?;
    let statistics = statistics
        .into_iter()
        .map(|s| StatisticsRow {
            year: s.year,
            population: s.population,
            residents_committees: s.residents_committees,
            village_committees: s.village_committees,
            other_units: s.other_units,
            synthetic: s.synthetic,
        })
        .collect();
    Ok(Divisions { rows: Table::new(out.into_iter().map(|(_, row)| row).collect()), versions, statistics })
}
