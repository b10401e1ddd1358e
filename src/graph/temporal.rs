//! Temporal: whatever holds from a day to a day, on the basis of a document.

use super::Document;
use super::engine::{Record, Ref, interface};
use crate::domain::{Day, Validity};
use crate::record;
use crate::snapshot::Handle;
use tiaokuai_macros::fields;

/// A record with a validity and a basis.
pub trait TemporalRecord: Record {
    /// When it holds.
    fn validity(of: Ref<'_, Self>) -> Validity;
    /// Id of the document it rests on.
    fn document(of: Ref<'_, Self>) -> Option<i64>;
}

#[fields(TemporalFields)]
impl<'v, T: TemporalRecord> Ref<'v, T> {
    /// First day on which it exists (起始日期); null when that was before the register begins.
    #[field(Public, Open, filter, order)]
    pub fn valid_from(self) -> Option<Day> {
        T::validity(self).from.bound()
    }

    /// First day on which it no longer exists (终止日期); null while it lasts.
    #[field(Public, Open, filter, order)]
    pub fn valid_to(self) -> Option<Day> {
        T::validity(self).to.bound()
    }

    /// The document it rests on (依据文件); null when none is registered or it is not for the viewer.
    #[field(Public, Open, relation = anywhere)]
    pub fn basis(self) -> Option<Ref<'v, Document>> {
        let handle = self.view.find_document(T::document(self)?)?;
        Some(self.to(handle))
    }
}

record! {
    /// Whatever holds from a day to a day, on the basis of a document (有效期).
    Temporal as "Temporal" by Handle, implements [], fields [TemporalFields::<Temporal>::FIELDS], |_view, _at, _rule| false
}

impl TemporalRecord for Temporal {
    fn validity(_: Ref<'_, Self>) -> Validity {
        Validity::ALWAYS
    }
    fn document(_: Ref<'_, Self>) -> Option<i64> {
        None
    }
}

interface! {
    /// Any object with a validity.
    TemporalRef is Temporal;
    Division, Township, InternalOffice, PublicInstitution, SecondedAgency, Department, LeadershipPost, Appointment,
    SettingPattern,
}
