//! Persons in the snapshot.

use super::forms::{Form, Forms, FormsBuilder};
use super::packed::Packed;
use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{Day, PersonnelIdentity};
use crate::store::entity;

/// A person.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Name.
    pub name: Sym,
    /// What many persons have in common.
    pub trait_: Form<PersonTrait>,
    /// Date of birth; open when not registered.
    pub birth_date: Day,
    /// Identity number.
    pub id_number: Packed,
    /// Telephone.
    pub phone: Packed,
}

/// What many persons have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonTrait {
    /// Personnel identity.
    pub identity: Option<PersonnelIdentity>,
    /// Gender.
    pub gender: Option<Sym>,
    /// Ethnicity.
    pub ethnicity: Option<Sym>,
}

/// Builds the persons, ordered by id, and what they have in common.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::person::Model>,
) -> Result<(Table<PersonRow>, Forms<PersonTrait>), BuildError> {
    let mut traits = FormsBuilder::default();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let person = PersonRow {
            name: b.text(&row.name),
            trait_: traits.add(PersonTrait {
                identity: b.maybe_code(row.identity.as_deref())?,
                gender: b.maybe_text(row.gender.as_deref()),
                ethnicity: b.maybe_text(row.ethnicity.as_deref()),
            }),
            birth_date: b.maybe_day(row.birth_date.as_deref())?.unwrap_or(Day::OPEN_FROM),
            id_number: b.packed(row.id_number.as_deref()),
            phone: b.packed(row.phone.as_deref()),
        };
        out.push((row.id, person));
    }
    out.sort_by_key(|(id, _)| *id);
    Ok((Table::new(b.shard, out), traits.finish()))
}
