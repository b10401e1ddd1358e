//! InternalOffice: an office inside a township's authority.

use super::engine::Ref;
use super::{Department, NodeFields, OrganizationFields, PatternedFields, PatternedRecord, TemporalFields};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

#[fields(InternalOfficeFields)]
impl<'v> Ref<'v, InternalOffice> {
    /// The departments whose work it does (对口主管部门), many to many; at most a few dozen.
    #[field(Public, Open, cost = 2, relation = anywhere)]
    pub fn competent_departments(self) -> Vec<Ref<'v, Department>> {
        let links = self.view.competent(self.key);
        links.filter_map(|id| self.view.find_organization(id)).map(|h| self.to(h)).collect()
    }
}

record! {
    /// An internal office (内设机构) of a township's authority, such as 党政办公室. Source: its establishment plan (三定规定).
    InternalOffice as "InternalOffice" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<InternalOffice>::FIELDS,
        TemporalFields::<InternalOffice>::FIELDS,
        OrganizationFields::<InternalOffice>::FIELDS,
        PatternedFields::<InternalOffice>::FIELDS,
        InternalOfficeFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(InternalOffice, InternalOffice, [InternalOffice]);

impl PatternedRecord for InternalOffice {}
