//! Surrogate ids of records that were found through the [`View`].

use super::view::View;
use crate::domain::RecordKind;
use crate::snapshot::{Handle, Reference, Shard};

impl View {
    /// The six digits of the shard that keeps a record.
    #[must_use]
    pub fn county_of(&self, at: Handle) -> i32 {
        self.shard(at).code().cast_signed()
    }

    /// The six digits of the shard in which an object of a table is now; nothing when it is nowhere.
    #[must_use]
    pub fn county_now(&self, of: RecordKind, id: i64) -> Option<u32> {
        let at = match of {
            RecordKind::Organization => self.snapshot.find(id, Shard::organizations),
            RecordKind::Division => self.snapshot.find(id, Shard::divisions),
            RecordKind::LeadershipPost => self.snapshot.find(id, |s| &s.posts),
            RecordKind::Appointment => self.snapshot.find(id, Shard::appointments),
            RecordKind::Person => self.snapshot.find(id, |s| &s.persons),
            // The others stay where they were registered.
            _ => None,
        };
        at.map(|at| self.shard(at).code())
    }

    /// The id of a division.
    #[must_use]
    pub fn division_id(&self, handle: Handle) -> i64 {
        self.shard(handle).divisions().id(handle.row)
    }

    /// The id of an organisation.
    #[must_use]
    pub fn organization_id(&self, handle: Handle) -> i64 {
        self.shard(handle).organizations().id(handle.row)
    }

    /// The id of a post.
    #[must_use]
    pub fn post_id(&self, handle: Handle) -> i64 {
        self.shard(handle).posts.id(handle.row)
    }

    /// The id of an appointment.
    #[must_use]
    pub fn appointment_id(&self, handle: Handle) -> i64 {
        self.shard(handle).appointments().id(handle.row)
    }

    /// The id of a person.
    #[must_use]
    pub fn person_id(&self, handle: Handle) -> i64 {
        self.shard(handle).persons.id(handle.row)
    }

    /// The id of a document.
    #[must_use]
    pub fn document_id(&self, handle: Handle) -> i64 {
        self.shard(handle).documents.id(handle.row)
    }

    /// The id of a reform.
    #[must_use]
    pub fn reform_id(&self, handle: Handle) -> i64 {
        self.shard(handle).reforms.id(handle.row)
    }

    /// The id of a draft of a reform.
    #[must_use]
    pub fn draft_id(&self, handle: Handle) -> i64 {
        self.shard(handle).drafts.id(handle.row)
    }

    /// The id of a change.
    #[must_use]
    pub fn change_id(&self, handle: Handle) -> i64 {
        self.shard(handle).changes.id(handle.row)
    }

    /// The id of a pattern.
    #[must_use]
    pub fn pattern_id(&self, handle: Handle) -> i64 {
        self.shard(handle).patterns.id(handle.row)
    }

    /// The id that a reference in a record leads to.
    #[must_use]
    pub fn referred(&self, handle: Handle, reference: Reference) -> Option<i64> {
        self.shard(handle).referred(reference)
    }
}
