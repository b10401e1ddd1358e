//! The read model: the whole register in memory, one immutable value per revision, cut by county.
//!
//! A record is a [`Handle`]: shard and row. Nothing outside a shard holds a bare row, edges across shards go by id, and
//! every table is ordered by territory, so that a territory is a range of shards plus a range of rows.

mod appointment;
mod builder;
mod directory;
mod division;
mod document;
mod forms;
mod ids;
mod leadership_post;
mod lines;
mod links;
mod located;
mod log;
mod mark;
mod memory;
mod organization;
mod packed;
mod person;
mod reform;
mod reform_draft;
mod search;
mod setting_pattern;
mod shard;
mod strings;
mod table;

pub use appointment::{AppointmentRow, Consultation, Procedure};
pub use directory::Link;
pub use division::{DivisionRow, DivisionVersion, StatisticsRow};
pub use document::DocumentRow;
pub use forms::{Form, Forms};
pub use ids::Reference;
pub use leadership_post::{PostForm, PostRow};
pub use links::Links;
pub use log::{EntryRow, FieldRow, Log, RecordRow, Word, is_technical};
pub use mark::Mark;
pub use organization::{
    CompetentRow, EstablishmentRow, OrganizationForm, OrganizationRow, OrganizationVersion,
};
pub use packed::Packed;
pub use person::{PersonRow, PersonTrait};
pub use reform::{ChangeRow, Party, ReformRow};
pub use reform_draft::DraftRow;
pub use search::{How, Index, Layer, Match, Needle, Owner, TextOf};
pub use setting_pattern::{AssignmentRow, PatternRow};
pub use shard::Shard;
pub use strings::{Strings, Sym};
pub use table::{Span, Table};

use crate::domain::{CodeRange, Day, DivisionCode, IdSeal};
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
    /// The seal of its global ids.
    pub ids: IdSeal,
    /// When it was read, in UTC.
    pub loaded_at: String,
    /// How many milliseconds reading it took.
    pub took: u64,
    /// How many bytes it takes in memory.
    pub bytes: usize,
    shards: Vec<Arc<Shard>>,
    /// The codes of the shards, together: to find one without looking into all.
    codes: Vec<u32>,
    directory: Directory,
}

impl Snapshot {
    /// Builds the snapshot of a revision from all its rows.
    ///
    /// # Errors
    /// The row that could not be understood.
    pub fn build(state: State, rows: Rows) -> Result<Self, BuildError> {
        let shards = rows.split().into_iter();
        let shards = shards.map(|(code, rows)| Shard::build(code.cast_unsigned(), rows));
        Ok(Self::of(state, shards.collect::<Result<_, _>>()?))
    }

    /// The snapshot of a revision from all its shards.
    #[must_use]
    pub fn of(state: State, mut shards: Vec<Shard>) -> Self {
        shards.sort_by_key(Shard::code);
        let shards: Vec<Arc<Shard>> = shards.into_iter().map(Arc::new).collect();
        let directory = Directory::build(&shards);
        Self::from_parts(state, shards, directory)
    }

    fn from_parts(state: State, shards: Vec<Arc<Shard>>, directory: Directory) -> Self {
        let ids = IdSeal::new(&state.secret);
        let loaded_at = crate::domain::date::now_text();
        let codes = shards.iter().map(|shard| shard.code()).collect();
        let mut out = Self { state, ids, loaded_at, took: 0, bytes: 0, shards, codes, directory };
        out.bytes = out.memory().iter().map(|(_, bytes)| bytes).sum();
        out
    }

    /// The snapshot of a later revision, in which these shards changed. All others are shared with this one.
    #[must_use]
    pub fn with(&self, state: State, changed: Vec<Shard>) -> Self {
        let mut shards = self.shards.clone();
        let mut new = Vec::new();
        for shard in changed.into_iter().map(Arc::new) {
            match self.directory.position(shard.code()) {
                Some(at) => {
                    shards[at as usize] = shard.clone();
                    new.push((at, shard));
                }
                None => shards.push(shard),
            }
        }
        if shards.len() > self.shards.len() {
            // A new shard moves those behind it.
            shards.sort_by_key(|shard| shard.code());
            let directory = Directory::build(&shards);
            return Self::from_parts(state, shards, directory);
        }
        let new: Vec<(u32, &Shard)> = new.iter().map(|(at, shard)| (*at, shard.as_ref())).collect();
        let directory = self.directory.replace(&new);
        Self::from_parts(state, shards, directory)
    }

    fn directory_in_memory(&self) -> usize {
        self.directory.in_memory()
    }

    /// The shard of a handle.
    #[inline]
    #[must_use]
    pub fn shard(&self, handle: Handle) -> &Shard {
        &self.shards[handle.shard as usize]
    }

    /// The shard with a code.
    #[must_use]
    pub fn shard_of(&self, code: u32) -> Option<&Shard> {
        self.codes.binary_search(&code).ok().map(|at| self.shards[at].as_ref())
    }

    /// All shards in the order of their codes.
    pub fn shards(&self) -> impl Iterator<Item = (u32, &Shard)> {
        (0..).zip(self.shards.iter().map(AsRef::as_ref))
    }

    /// The shards which may hold divisions of the territory.
    pub fn shards_within(&self, range: CodeRange) -> impl Iterator<Item = (u32, &Shard)> {
        // They stand in the order of their codes.
        let from = self.codes.partition_point(|code| Shard::range_of(*code).to <= range.from);
        let numbers = u32::try_from(from).unwrap_or(u32::MAX)..;
        let rest = self.codes[from..].iter().zip(&self.shards[from..]);
        let inside = rest.take_while(move |(code, _)| Shard::range_of(**code).from < range.to);
        numbers.zip(inside.map(|(_, shard)| shard.as_ref()))
    }

    /// The six digits of the shard in which a record was registered first.
    #[must_use]
    pub fn county_of_birth(id: i64) -> u32 {
        u32::try_from(id / crate::store::ID_SPACE).unwrap_or_default()
    }

    /// Finds a record by its id in the table that `table` picks.
    #[must_use]
    pub fn find<R>(&self, id: i64, table: impl Fn(&Shard) -> &Table<R>) -> Option<Handle> {
        self.directory.shards_of(id).find_map(|shard| {
            let row = table(&self.shards[shard as usize]).find(id)?;
            Some(Handle { shard, row })
        })
    }

    /// Finds a record by its id, first in the shard of another record: most of what belongs together stands in one.
    #[must_use]
    pub fn find_from<R>(&self, near: Handle, id: i64, table: impl Fn(&Shard) -> &Table<R>) -> Option<Handle> {
        match table(self.shard(near)).find(id) {
            Some(row) => Some(Handle { shard: near.shard, row }),
            None => self.find(id, table),
        }
    }

    /// The division that has the code on the day.
    #[must_use]
    pub fn division(&self, code: DivisionCode, day: Day) -> Option<Handle> {
        let number = code.number();
        let shard = u32::try_from(number / 1_000_000).ok();
        let here = shard.and_then(|code| self.codes.binary_search(&code).ok()).and_then(|at| {
            let row = self.shards[at].division(code, day)?;
            Some(Handle { shard: u32::try_from(at).ok()?, row })
        });
        // One that has moved may stand in the shard of its birth.
        let moved =
            || self.directory.divisions(number).find(|handle| self.code_of(*handle, day) == Some(code));
        here.or_else(moved)
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
    pub fn by_credit_code(&self, code: &str) -> Vec<Handle> {
        let shards = self.directory.with_credit_code(code);
        let rows = |shard: u32| {
            let rows = self.shards[shard as usize].by_credit_code(code);
            rows.map(move |row| Handle { shard, row })
        };
        shards.flat_map(rows).collect()
    }

    /// What points to a record by a link, in the order of shards and rows.
    pub fn linking(&self, link: Link, id: i64) -> impl Iterator<Item = Handle> + '_ {
        self.directory.linking(link, id).flat_map(move |shard| {
            self.shards[shard as usize].links(link).get(id).map(move |row| Handle { shard, row })
        })
    }

    /// The departments directly below a department in its line on a day.
    pub fn departments_below(&self, department: i64, day: Day) -> impl Iterator<Item = i64> + '_ {
        self.linking(Link::Superior, department).filter_map(move |h| {
            let shard = self.shard(h);
            let below = shard.organization_versions(h.row).iter();
            let mut now = below.filter(|v| {
                shard.referred(shard.organization_form(v).superior) == Some(department)
                    && v.validity.holds(day)
            });
            now.next().map(|_| shard.organizations().id(h.row))
        })
    }
}
