//! Divisions in the snapshot.

use super::table::{Span, Table};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{Day, DivisionCode, DivisionTrait, DivisionType, Validity};
use crate::store::entity;

/// What stays the same of a division.
#[derive(Debug, Clone)]
pub struct DivisionRow {
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

/// The divisions of a shard.
#[derive(Clone)]
pub struct Divisions {
    pub rows: Table<DivisionRow>,
    pub versions: Vec<DivisionVersion>,
    pub statistics: Vec<StatisticsRow>,
    /// Which division ever had which code, ordered.
    codes: Box<[(u64, u32)]>,
}

impl Divisions {
    /// The division that has the code on a day.
    pub fn with_code(&self, code: DivisionCode, day: Day) -> Option<u32> {
        let from = self.codes.partition_point(|(c, _)| *c < code.number());
        let same = self.codes[from..].iter().take_while(|(c, _)| *c == code.number());
        let mut rows = same.map(|(_, row)| *row);
        rows.find(|row| self.on(*row, day).is_some_and(|version| version.code == code))
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + size_of_val(self.versions.as_slice()) + size_of_val(&*self.codes)
    }

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
    let mut out: Vec<(u64, i64, DivisionRow)> = Vec::with_capacity(rows.len());
    for row in rows {
        let span = b.span(&versions, row.id, |v| v.division_id);
        let last =
            span.rows().last().ok_or_else(|| BuildError(format!("division {} has no version", row.id)))?;
        let own: Vec<_> = traits.iter().filter(|t| t.division_id == row.id).collect();
        let division = DivisionRow {
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id,
            versions: span,
            statistics: b.span(&statistics, row.id, |s| s.division_id),
            traits: own.iter().map(|t| b.code::<DivisionTrait>(&t.name)).collect::<Result<_, _>>()?,
            synthetic_traits: own.iter().any(|t| t.synthetic),
        };
        out.push((b.division_code(&versions[last as usize].code)?.number(), row.id, division));
    }
    out.sort_by_key(|(code, id, _)| (*code, *id));
    let rows = out.into_iter().map(|(_, id, row)| (id, row)).collect();
    let versions: Vec<DivisionVersion> = versions
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
    let rows: Table<DivisionRow> = Table::new(b.shard, rows);
    let of = |row: &DivisionRow| row.versions.rows();
    let codes = rows.iter().flat_map(|(at, row)| of(row).map(move |v| (v, at)));
    let mut codes: Vec<(u64, u32)> =
        codes.map(|(version, at)| (versions[version as usize].code.number(), at)).collect();
    codes.sort_unstable();
    codes.dedup();
    Ok(Divisions { rows, versions, statistics, codes: codes.into() })
}
