//! Persons in the snapshot.

use super::table::{Row, Table};
use super::{BuildError, Sym, shard::Builder};
use crate::domain::{Day, PersonnelIdentity};
use crate::store::entity;

/// A person.
#[derive(Debug)]
pub struct PersonRow {
    /// Surrogate id.
    pub id: i64,
    /// Name.
    pub name: Sym,
    /// Personnel identity.
    pub identity: Option<PersonnelIdentity>,
    /// Gender.
    pub gender: Option<Sym>,
    /// Ethnicity.
    pub ethnicity: Option<Sym>,
    /// Date of birth.
    pub birth_date: Option<Day>,
    /// Identity number.
    pub id_number: Option<Sym>,
    /// Telephone.
    pub phone: Option<Sym>,
}

impl Row for PersonRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// Builds the persons, ordered by id.
pub fn build(b: &mut Builder, rows: Vec<entity::person::Model>) -> Result<Table<PersonRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(PersonRow {
            id: row.id,
            name: b.text(&row.name),
            identity: b.maybe_code(row.identity.as_deref())?,
            gender: b.maybe_text(row.gender.as_deref()),
            ethnicity: b.maybe_text(row.ethnicity.as_deref()),
            birth_date: b.maybe_day(row.birth_date.as_deref())?,
            id_number: b.maybe_text(row.id_number.as_deref()),
            phone: b.maybe_text(row.phone.as_deref()),
        });
    }
    out.sort_by_key(|p| p.id);
    Ok(Table::new(out))
}
