//! What a viewer is told of as it happens: the changes that may be seen, and what is seen no more.

use super::view::View;
use crate::domain::{CodeRange, OrganizationKind, RecordKind};
use crate::snapshot::{Handle, RecordRow, Shard};
use std::collections::BTreeSet;

/// An event for a viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The revision that made it.
    pub revision: i64,
    /// The entry of the log, when the viewer may know of it.
    pub change: Option<Handle>,
    /// What the viewer saw before it and sees no more.
    pub gone: Vec<Gone>,
}

/// Something that is seen no more: in which table, which kind of organisation it was, and its id.
pub type Gone = (RecordKind, Option<OrganizationKind>, i64);

impl View {
    /// What is to be told of the counties of a territory after a revision, oldest first: of about so many entries, in whole revisions. With it
    /// the last revision that was looked at, when that is not the present one. `before` is the register as the viewer saw it last.
    #[must_use]
    pub fn events(
        &self,
        before: Option<&View>,
        range: CodeRange,
        kinds: Option<&[RecordKind]>,
        since: i64,
        most: usize,
    ) -> (Vec<Event>, Option<i64>) {
        let mut entries = self.all_entries(range, since);
        entries.sort_unstable_by_key(|h| (self.entry_row(*h).revision, h.shard, h.row));
        // Whole revisions: what is cut off is told with the next ones.
        let last = entries.get(most).map(|entry| self.entry_row(*entry).revision);
        let (mut out, mut told) = (Vec::new(), None);
        for entry in entries {
            let revision = self.entry_row(entry).revision;
            if last.is_some_and(|last| revision >= last) && told.is_some_and(|told| revision > told) {
                return (out, told);
            }
            told = Some(revision);
            let row = self.entry_row(entry);
            let wanted = |record: &Handle| is_wanted(kinds, self.record_row(*record));
            let seen = self.may_see_entry(entry)
                && (kinds.is_none() || self.records_of(entry).any(|record| wanted(&record)));
            let records = row.records.rows().map(|at| self.shard(entry).log.record(at));
            let gone = before.map_or_else(Vec::new, |before| self.gone(before, range, kinds, records));
            if seen || !gone.is_empty() {
                out.push(Event { revision: row.revision, change: seen.then_some(entry), gone });
            }
        }
        (out, None)
    }

    /// The objects of records that were seen in a territory before and are not any more, with the posts of bodies and who held them.
    fn gone<'r>(
        &self,
        before: &View,
        range: CodeRange,
        kinds: Option<&[RecordKind]>,
        records: impl Iterator<Item = &'r RecordRow>,
    ) -> Vec<Gone> {
        let mut objects = BTreeSet::new();
        for record in records {
            if is_wanted(kinds, record) {
                objects.insert((record.of, record.object));
            }
            let body = before.find_organization(record.object);
            let body = body.filter(|_| record.of == RecordKind::Organization);
            // Where a body is hidden, nothing is written of what belongs to it.
            if let Some(body) = body.filter(|_| !self.sees(record.of, record.object, range)) {
                let parts = before.parts_of(body);
                objects.extend(parts.filter(|(kind, _)| kinds.is_none_or(|kinds| kinds.contains(kind))));
            }
        }
        let objects = objects.into_iter();
        let gone = objects.filter(|(of, id)| before.sees(*of, *id, range) && !self.sees(*of, *id, range));
        gone.map(|(of, id)| (of, before.kind_of(of, id), id)).collect()
    }

    /// The posts of a body and the appointments to them, seen or not.
    fn parts_of(&self, body: Handle) -> impl Iterator<Item = (RecordKind, i64)> + '_ {
        let shard = self.shard(body);
        shard.posts_of(body.row).flat_map(move |post| {
            let held = shard.appointments_of(post);
            let held = held.map(move |at| (RecordKind::Appointment, shard.appointments().id(at)));
            std::iter::once((RecordKind::LeadershipPost, shard.posts.id(post))).chain(held)
        })
    }

    /// Whether an object is seen today, in a territory.
    fn sees(&self, of: RecordKind, id: i64, range: CodeRange) -> bool {
        let within = |body: Handle| range.contains(self.seat(body));
        match of {
            RecordKind::Organization => self.find_organization(id).is_some_and(within),
            RecordKind::LeadershipPost => {
                self.find_post(id).is_some_and(|post| within(self.post_owner(post)))
            }
            RecordKind::Appointment => {
                self.find_appointment(id).is_some_and(|at| self.in_force(at) && within(self.owner_of(at)))
            }
            RecordKind::Division => {
                self.find_division(id).is_some_and(|at| range.contains(self.division_shown(at).code))
            }
            RecordKind::Document => self.find_document(id).is_some(),
            // Persons are seen through their appointments; the others are public for ever.
            _ => false,
        }
    }

    /// The kind of an organisation, seen or not; nothing for what is none.
    #[must_use]
    pub fn kind_of(&self, of: RecordKind, id: i64) -> Option<OrganizationKind> {
        let body = self.snapshot.find(id, Shard::organizations).filter(|_| of == RecordKind::Organization);
        body.map(|body| self.organization_row(body).kind)
    }
}

/// Whether a record is of one of some kinds: a part of an object is of its kind too.
fn is_wanted(kinds: Option<&[RecordKind]>, record: &RecordRow) -> bool {
    kinds.is_none_or(|kinds| kinds.contains(&record.kind) || kinds.contains(&record.of))
}
