//! The change log as the [`View`] lets it through. An entry is seen by who may read the log of its county, and by all who may know of an
//! object that it is about; of what was written everybody sees what may be read of the object itself.

use super::table::{Rule, column_rule};
use super::view::View;
use crate::domain::{CodeRange, Day, RecordKind, Validity};
use crate::snapshot::{EntryRow, FieldRow, Handle, Link, RecordRow, Shard, Word};

impl View {
    /// An entry of the log that was found through this view.
    #[must_use]
    pub fn entry_row(&self, entry: Handle) -> &EntryRow {
        self.shard(entry).log.entries.get(entry.row)
    }

    /// A string of the log to which an entry, a record or a value belongs.
    #[must_use]
    pub fn word(&self, at: Handle, word: Word) -> &str {
        self.shard(at).log.word(word)
    }

    /// The id of an entry of the log.
    #[must_use]
    pub fn entry_id(&self, entry: Handle) -> i64 {
        self.shard(entry).log.entries.id(entry.row)
    }

    /// The entry of the log with the id, as far as it may be seen.
    #[must_use]
    pub fn find_entry(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.log.entries).filter(|h| self.may_see_entry(*h))
    }

    pub(super) fn may_see_entry(&self, entry: Handle) -> bool {
        self.covers(Rule::Logged, self.home(entry)) || self.records_of(entry).next().is_some()
    }

    /// The entries of the counties of a territory that were made after a revision, newest first.
    #[must_use]
    pub fn entries_within(&self, range: CodeRange, since: i64) -> Vec<Handle> {
        let later = self.all_entries(range, since).into_iter();
        let later = later.take_while(|_| self.meter().has_room()).filter(|h| self.may_see_entry(*h));
        self.newest_first(later.inspect(|_| self.meter().walked()).collect())
    }

    fn shards_touching(&self, range: CodeRange) -> impl Iterator<Item = (u32, &Shard)> {
        let touches = move |home: CodeRange| range.covers(home) || home.covers(range);
        self.snapshot.shards_within(range).filter(move |(_, shard)| touches(shard.home().range()))
    }

    /// The same, seen or not, in no order.
    pub(super) fn all_entries(&self, range: CodeRange, since: i64) -> Vec<Handle> {
        let later = self.shards_touching(range).flat_map(|(at, shard)| {
            let rows = 0..u32::try_from(shard.log.entries.len()).unwrap_or(0);
            let later = rows.rev().take_while(move |row| shard.log.entries.get(*row).revision > since);
            later.map(move |row| Handle { shard: at, row })
        });
        later.collect()
    }

    /// The entries about an object that were made after a revision, newest first.
    #[must_use]
    pub fn entries_of(&self, of: RecordKind, id: i64, since: i64) -> Vec<Handle> {
        let entries = self.snapshot.linking(Link::Entry, id);
        let about = |entry: &Handle| {
            self.entry_row(*entry).revision > since
                && self.records_of(*entry).any(|record| {
                    let record = self.record_row(record);
                    record.of == of && record.object == id
                })
        };
        self.newest_first(entries.filter(about).collect())
    }

    /// The entries that a revision made in the counties of a territory.
    #[must_use]
    pub fn entries_at(&self, range: CodeRange, revision: i64) -> Vec<Handle> {
        let mut entries = self.whole_revision(range, revision);
        entries.retain(|entry| self.may_see_entry(*entry));
        self.newest_first(entries)
    }

    /// The same, seen or not.
    #[must_use]
    pub fn whole_revision(&self, range: CodeRange, revision: i64) -> Vec<Handle> {
        let shards = self.shards_touching(range);
        let own = shards.flat_map(|(at, shard)| {
            shard.log.of_revision(revision).map(move |row| Handle { shard: at, row })
        });
        own.collect()
    }

    fn newest_first(&self, mut entries: Vec<Handle>) -> Vec<Handle> {
        entries.sort_unstable_by_key(|h| (std::cmp::Reverse((self.entry_row(*h).revision, h.row)), h.shard));
        entries
    }

    /// The records of an entry that may be seen: handles of the shard, with the places of the records in it.
    pub fn records_of(&self, entry: Handle) -> impl Iterator<Item = Handle> + '_ {
        let row = self.entry_row(entry);
        let records = row.records.rows().map(move |row| Handle { shard: entry.shard, row });
        records.filter(|record| self.may_see_record(*record, row.revision))
    }

    /// A record of the log that was found through this view.
    #[must_use]
    pub fn record_row(&self, record: Handle) -> &RecordRow {
        self.shard(record).log.record(record.row)
    }

    /// The changed values of a record, of columns that may be read.
    pub fn changed_fields(&self, record: Handle) -> impl Iterator<Item = Handle> + '_ {
        let row = self.record_row(record);
        let fields = row.fields.rows().map(move |row| Handle { shard: record.shard, row });
        fields.filter(move |field| {
            let name = self.word(*field, self.changed_field(*field).name);
            column_rule(row.kind, name).is_some_and(|rule| self.may_read(rule, record))
        })
    }

    /// A changed value that was found through this view.
    #[must_use]
    pub fn changed_field(&self, field: Handle) -> &FieldRow {
        self.shard(field).log.changed_field(field.row)
    }

    fn may_see_record(&self, record: Handle, revision: i64) -> bool {
        let row = self.record_row(record);
        // One of several bodies would tell of those that are hidden: the change itself is told when all of them are seen.
        if row.kind == RecordKind::OrganizationChangeParty {
            return self.covers(Rule::Undisclosed, self.home(record));
        }
        let whole = match row.kind {
            RecordKind::Establishment => Rule::Numbers,
            // How somebody comes to a post is told step by step.
            RecordKind::Appointment => Rule::Appointing,
            RecordKind::Person => Rule::Staffing,
            RecordKind::ReformDraft => Rule::Drafts,
            RecordKind::SettingPattern | RecordKind::SettingSlot => Rule::Open,
            RecordKind::Organization | RecordKind::OrganizationVersion | RecordKind::LeadershipPost => {
                Rule::Open
            }
            RecordKind::CompetentDepartment | RecordKind::PatternAssignment | RecordKind::Reform => {
                Rule::Open
            }
            RecordKind::OrganizationChange | RecordKind::OrganizationChangeParty => Rule::Open,
            RecordKind::Division | RecordKind::DivisionVersion | RecordKind::DivisionTrait => Rule::Open,
            RecordKind::DivisionStatistics | RecordKind::Document => Rule::Open,
        };
        self.may_read(whole, record) && self.may_know(record) && self.may_recall(record, revision)
    }

    /// Whether the viewer may know what a revision did to a body or a document: what was done while it was not disclosed is not told by
    /// disclosing it.
    fn may_recall(&self, record: Handle, revision: i64) -> bool {
        let (row, log) = (self.record_row(record), &self.shard(record).log);
        let body = self.body_of(row);
        let (of, id) =
            body.map_or((row.of, row.object), |body| (RecordKind::Organization, self.organization_id(body)));
        if !log.was_hidden(of, id, revision) {
            return true;
        }
        body.map_or_else(
            || self.covers(Rule::Undisclosed, self.home(record)),
            |body| self.may_organization_at(Rule::Undisclosed, body, self.lately(body)),
        )
    }

    /// The division of the shard that keeps a record.
    #[must_use]
    pub fn home_division(&self, at: Handle) -> Option<Handle> {
        self.division(self.shard(at).home())
    }

    /// The organisation of the post of an appointment.
    #[must_use]
    pub fn owner_of(&self, appointment: Handle) -> Handle {
        self.post_owner(Handle { shard: appointment.shard, row: self.appointment_row(appointment).post })
    }

    /// Whether the rule is fulfilled for the object of a record.
    fn may_read(&self, rule: Rule, record: Handle) -> bool {
        let row = self.record_row(record);
        match row.of {
            RecordKind::Organization | RecordKind::LeadershipPost | RecordKind::Appointment => {
                self.body_of(row).map_or_else(
                    || self.covers(rule, self.home(record)),
                    |body| self.may_organization_at(rule, body, self.lately(body)),
                )
            }
            RecordKind::Person => {
                let person = self.snapshot.find_from(record, row.object, |s| &s.persons);
                person.map_or_else(
                    || self.covers(rule, self.home(record)),
                    |person| self.may_person(rule, person),
                )
            }
            _ => self.covers(rule, self.home(record)),
        }
    }

    /// Whether the viewer may know that the object of a record is there, or was.
    fn may_know(&self, record: Handle) -> bool {
        let row = self.record_row(record);
        // What was taken back is remembered by those who may see whatever there is.
        let gone = || self.covers(Rule::Undisclosed, self.home(record));
        match row.of {
            RecordKind::Organization | RecordKind::LeadershipPost => {
                let body = self.body_of(row);
                body.map_or_else(gone, |body| self.may_see_organization(body, self.lately(body)))
            }
            RecordKind::Appointment if self.body_of(row).is_none() => {
                gone() && self.covers(Rule::Pending, self.home(record))
            }
            RecordKind::Appointment => self.may_know_appointment(row.object),
            RecordKind::Document => self.find_document(row.object).is_some(),
            RecordKind::Reform if self.snapshot.find(row.object, |s| &s.reforms).is_none() => gone(),
            RecordKind::Reform => self.find_reform(row.object).is_some(),
            RecordKind::OrganizationChange if self.snapshot.find(row.object, |s| &s.changes).is_none() => {
                gone()
            }
            RecordKind::OrganizationChange => self.find_change(row.object).is_some(),
            // Divisions and patterns are public; of persons and drafts `may_read` says it.
            _ => true,
        }
    }

    /// Appointments that are not published are for those who may see them, step by step too.
    fn may_know_appointment(&self, id: i64) -> bool {
        let Some(at) = self.snapshot.find(id, Shard::appointments) else { return false };
        let (owner, published) = (self.owner_of(at), self.appointment_row(at).state.is_published());
        let day = self.lately(owner);
        self.may_see_organization(owner, day)
            && (published || self.may_organization_at(Rule::Pending, owner, day))
    }

    /// Whether the rule is fulfilled for an entry: for its county, or for all that it wrote.
    #[must_use]
    pub fn may_entry(&self, rule: Rule, entry: Handle) -> bool {
        if self.covers(rule, self.home(entry)) {
            return true;
        }
        let records = self.entry_row(entry).records.rows();
        let mut records = records.map(|row| Handle { shard: entry.shard, row });
        records.all(|record| self.may_read(rule, record))
    }

    /// The body in whose history, or with whose post, a record stands.
    fn body_of(&self, row: &RecordRow) -> Option<Handle> {
        match row.of {
            RecordKind::Organization => self.snapshot.find(row.object, Shard::organizations),
            RecordKind::LeadershipPost => {
                self.snapshot.find(row.object, |s| &s.posts).map(|post| self.post_owner(post))
            }
            RecordKind::Appointment => {
                self.snapshot.find(row.object, Shard::appointments).map(|at| self.owner_of(at))
            }
            _ => None,
        }
    }

    /// The real day of the request, or the nearest one on which an organisation exists.
    fn lately(&self, body: Handle) -> Day {
        // No organisation is built without a version.
        let versions = self.shard(body).organization_versions(body.row);
        let whole =
            Validity { from: versions[0].validity.from, to: versions[versions.len() - 1].validity.to };
        if self.today < whole.from {
            whole.from
        } else if whole.holds(self.today) {
            self.today
        } else {
            Day(whole.to.0 - 1)
        }
    }
}
