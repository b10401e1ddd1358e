//! Indexes across shards: where a shard stands, which division has a code, and the lines of the departments.

use super::{Handle, Shard};
use crate::domain::{CodeRange, OrganizationKind, Validity};
use crate::store::ID_SPACE;
use rustc_hash::FxHashMap;
use std::sync::Arc;

#[derive(Default)]
pub struct Directory {
    shards: FxHashMap<u32, u32>,
    divisions: Vec<(u64, Handle)>,
    agencies: FxHashMap<i64, Vec<Handle>>,
    departments: FxHashMap<i64, Vec<(Validity, i64)>>,
    appointments: FxHashMap<i64, Vec<Handle>>,
    /// Shards where a record lives whose id names another: its county or its code changed.
    moved: FxHashMap<i64, Vec<u32>>,
    credit_codes: FxHashMap<Box<str>, Vec<Handle>>,
    /// Organisations by the document they were founded on.
    founded: FxHashMap<i64, Vec<Handle>>,
    changes: FxHashMap<i64, Vec<(Handle, bool)>>,
    reforms: FxHashMap<i64, Vec<Handle>>,
}

impl Directory {
    pub fn build(shards: &[Arc<Shard>]) -> Self {
        let mut out = Self::default();
        for (at, shard) in (0..).zip(shards) {
            out.shards.insert(shard.code(), at);
            out.add_divisions(at, shard);
            out.add_lines(at, shard);
            out.add_changes(at, shard);
            for id in shard.ids() {
                if u32::try_from(id / ID_SPACE) != Ok(shard.code()) {
                    out.moved.entry(id).or_default().push(at);
                }
            }
            for (row, appointment) in shard.appointments.iter() {
                out.appointments.entry(appointment.person).or_default().push(Handle { shard: at, row });
            }
        }
        out.divisions.sort_unstable();
        out.divisions.dedup();
        out
    }

    fn add_divisions(&mut self, at: u32, shard: &Shard) {
        for (row, _) in shard.divisions().ids() {
            for version in shard.division_versions(row) {
                self.divisions.push((version.code.number(), Handle { shard: at, row }));
            }
        }
    }

    fn add_lines(&mut self, at: u32, shard: &Shard) {
        for (row, organization) in shard.organizations().iter() {
            if let Some(document) = organization.document {
                self.founded.entry(document).or_default().push(Handle { shard: at, row });
            }
            if organization.kind == OrganizationKind::SecondedAgency {
                for link in shard.competent(row) {
                    let agencies = self.agencies.entry(link.department).or_default();
                    let handle = Handle { shard: at, row };
                    if agencies.last() != Some(&handle) {
                        agencies.push(handle);
                    }
                }
            }
            for version in shard.organization_versions(row) {
                if let Some(code) = version.uscc {
                    let holders = self.credit_codes.entry(shard.text(code).into()).or_default();
                    if holders.last() != Some(&Handle { shard: at, row }) {
                        holders.push(Handle { shard: at, row });
                    }
                }
                if let Some(superior) = version.superior {
                    let below = self.departments.entry(superior).or_default();
                    below.push((version.validity, organization.id));
                }
            }
        }
    }

    fn add_changes(&mut self, at: u32, shard: &Shard) {
        for (row, change) in shard.changes.iter() {
            let handle = Handle { shard: at, row };
            if let Some(reform) = change.reform {
                self.reforms.entry(reform).or_default().push(handle);
            }
            for party in shard.parties(row) {
                self.changes.entry(party.organization).or_default().push((handle, party.resulting));
            }
        }
    }

    /// The shards that may hold a record with the id: that of its birth, then those it may have moved to.
    pub fn shards_of(&self, id: i64) -> impl Iterator<Item = u32> + '_ {
        let birth = u32::try_from(id / ID_SPACE).ok().and_then(|code| self.shards.get(&code).copied());
        birth.into_iter().chain(self.moved.get(&id).into_iter().flatten().copied())
    }

    /// All divisions that ever had the code.
    pub fn divisions(&self, code: u64) -> impl Iterator<Item = Handle> + '_ {
        self.range(CodeRange { from: code, to: code + 1 }).map(|(_, handle)| handle)
    }

    /// All divisions that ever had a code in the territory, ordered by code.
    pub fn range(&self, range: CodeRange) -> impl Iterator<Item = (u64, Handle)> + '_ {
        let from = self.divisions.partition_point(|(code, _)| *code < range.from);
        self.divisions[from..].iter().copied().take_while(move |(code, _)| *code < range.to)
    }

    /// All organisations that ever had the code: a successor may inherit it.
    pub fn by_credit_code(&self, code: &str) -> &[Handle] {
        self.credit_codes.get(code).map_or(&[], Vec::as_slice)
    }

    pub fn founded_on(&self, document: i64) -> &[Handle] {
        self.founded.get(&document).map_or(&[], Vec::as_slice)
    }

    pub fn changes_of(&self, organization: i64) -> &[(Handle, bool)] {
        self.changes.get(&organization).map_or(&[], Vec::as_slice)
    }

    pub fn changes_of_reform(&self, reform: i64) -> &[Handle] {
        self.reforms.get(&reform).map_or(&[], Vec::as_slice)
    }

    pub fn agencies_of(&self, department: i64) -> &[Handle] {
        self.agencies.get(&department).map_or(&[], Vec::as_slice)
    }

    pub fn departments_below(&self, department: i64) -> &[(Validity, i64)] {
        self.departments.get(&department).map_or(&[], Vec::as_slice)
    }

    pub fn appointments_of(&self, person: i64) -> &[Handle] {
        self.appointments.get(&person).map_or(&[], Vec::as_slice)
    }
}
