//! The read model: the whole register in memory, one immutable value per revision, cut by county.
//!
//! A record is a [`Handle`]: shard and row. Nothing outside a shard holds a bare row, edges across shards go by id, and
//! every table is ordered by territory, so that a territory is a range of shards plus a range of rows.

mod appointment;
mod directory;
mod division;
mod document;
mod leadership_post;
mod organization;
mod person;
mod reform;
mod search;
mod setting_pattern;
mod shard;
mod strings;
mod table;

pub use appointment::{AppointmentRow, Consultation};
pub use division::{DivisionRow, DivisionVersion, StatisticsRow};
pub use document::DocumentRow;
pub use leadership_post::PostRow;
pub use organization::{CompetentRow, EstablishmentRow, OrganizationRow, OrganizationVersion};
pub use person::PersonRow;
pub use reform::{ChangeRow, Party, ReformRow};
pub use search::{How, Index, Layer, Match, Needle, Owner, TextOf};
pub use setting_pattern::{AssignmentRow, PatternRow};
pub use shard::Shard;
pub use strings::{Strings, Sym};
pub use table::{Row, Span, Table};

use crate::domain::{CodeRange, Day, DivisionCode};
use crate::store::{Rows, State};
use directory::Directory;
use std::sync::Arc;

/// A record: shard and row. Valid in the snapshot it came from and in no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    /// Position of the shard in the snapshot.
    pub shard: u32,
    /// Position of the row in its table.
    pub row: u32,
}

/// A row that the snapshot cannot hold: which, and why. For the log of the operator.
#[derive(Debug)]
pub struct BuildError(pub String);

/// The register at one revision.
pub struct Snapshot {
    /// The register as a whole: revision, and the secret of its ids.
    pub state: State,
    /// When it was read, in UTC.
    pub loaded_at: String,
    shards: Vec<Arc<Shard>>,
    directory: Directory,
}

impl Snapshot {
    /// Builds the snapshot of a revision from all its rows.
    ///
    /// # Errors
    /// The row that could not be understood.
    pub fn build(state: State, rows: Rows) -> Result<Self, BuildError> {
        let mut shards = Vec::new();
        for (code, rows) in rows.split() {
            shards.push(Arc::new(Shard::build(code.cast_unsigned(), rows)?));
        }
        let directory = Directory::build(&shards);
        Ok(Self { state, loaded_at: crate::domain::date::now_text(), shards, directory })
    }

    /// The shard of a handle.
    #[inline]
    #[must_use]
    pub fn shard(&self, handle: Handle) -> &Shard {
        &self.shards[handle.shard as usize]
    }

    /// All shards in the order of their codes.
    pub fn shards(&self) -> impl Iterator<Item = (u32, &Shard)> {
        (0..).zip(self.shards.iter().map(AsRef::as_ref))
    }

    /// The shards which may hold divisions of the territory.
    pub fn shards_within(&self, range: CodeRange) -> impl Iterator<Item = (u32, &Shard)> {
        // They stand in the order of their codes.
        let from = self.shards.partition_point(|shard| shard.range().to <= range.from);
        let to = self.shards.partition_point(|shard| shard.range().from < range.to).max(from);
        (0..).zip(self.shards.iter().map(AsRef::as_ref)).skip(from).take(to - from)
    }

    /// Finds a record by its id in the table that `table` picks.
    #[must_use]
    pub fn find<R: Row>(&self, id: i64, table: impl Fn(&Shard) -> &Table<R>) -> Option<Handle> {
        self.directory.shards_of(id).find_map(|shard| {
            let row = table(&self.shards[shard as usize]).find(id)?;
            Some(Handle { shard, row })
        })
    }

    /// The division that has the code on the day.
    #[must_use]
    pub fn division(&self, code: DivisionCode, day: Day) -> Option<Handle> {
        self.directory.divisions(code.number()).find(|handle| self.code_of(*handle, day) == Some(code))
    }

    /// Code of a division on a day.
    #[must_use]
    pub fn code_of(&self, division: Handle, day: Day) -> Option<DivisionCode> {
        Some(self.shard(division).division_on(division.row, day)?.code)
    }

    /// The division above: the nearest existing one whose code is the beginning of this one.
    #[must_use]
    pub fn parent_of(&self, code: DivisionCode, day: Day) -> Option<Handle> {
        let mut above = code.parent();
        while let Some(code) = above {
            if let Some(found) = self.division(code, day) {
                return Some(found);
            }
            above = code.parent();
        }
        None
    }

    /// All divisions in a territory that exist on the day, ordered by code.
    pub fn divisions_within(
        &self,
        range: CodeRange,
        day: Day,
    ) -> impl Iterator<Item = (DivisionCode, Handle)> + '_ {
        self.directory.range(range).filter_map(move |(number, handle)| {
            let code = self.code_of(handle, day)?;
            (code.number() == number).then_some((code, handle))
        })
    }

    /// The divisions directly below a division, ordered by code.
    #[must_use]
    pub fn children_of(&self, code: DivisionCode, day: Day) -> Vec<Handle> {
        let range = code.range();
        let mut children = Vec::new();
        let mut from = code.number() + 1;
        while let Some((child, handle)) = self.divisions_within(CodeRange { from, to: range.to }, day).next()
        {
            children.push(handle);
            from = child.range().to;
        }
        children
    }

    /// The organisations that have, or had, a unified social credit code.
    #[must_use]
    pub fn by_credit_code(&self, code: &str) -> &[Handle] {
        self.directory.by_credit_code(code)
    }

    /// The organisations that were founded on a document.
    #[must_use]
    pub fn founded_on(&self, document: i64) -> &[Handle] {
        self.directory.founded_on(document)
    }

    /// The changes that an organisation took part in, and whether it came out of them.
    #[must_use]
    pub fn changes_of(&self, organization: i64) -> &[(Handle, bool)] {
        self.directory.changes_of(organization)
    }

    /// The changes of a reform, in all shards.
    #[must_use]
    pub fn changes_of_reform(&self, reform: i64) -> &[Handle] {
        self.directory.changes_of_reform(reform)
    }

    /// The agencies of a department in all shards.
    #[must_use]
    pub fn agencies_of(&self, department: i64) -> &[Handle] {
        self.directory.agencies_of(department)
    }

    /// The departments directly below a department in its line on a day.
    pub fn departments_below(&self, department: i64, day: Day) -> impl Iterator<Item = i64> + '_ {
        let below = self.directory.departments_below(department).iter();
        below.filter(move |(validity, _)| validity.holds(day)).map(|(_, id)| *id)
    }

    /// The appointments of a person in all shards, in the order of shards.
    #[must_use]
    pub fn appointments_of(&self, person: i64) -> &[Handle] {
        self.directory.appointments_of(person)
    }
}
