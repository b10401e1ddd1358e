//! InternalOffice: an office inside a township's authority.

use super::engine::{Code, Ref};
use super::{Department, NodeFields, OrganizationFields, TemporalFields};
use crate::domain::{OrganizationCategory, OrganizationField};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

#[fields(InternalOfficeFields)]
impl<'v> Ref<'v, InternalOffice> {
    /// Form, as patterns count it (机构形态): 办公室 or 局.
    #[field(Public, Open, filter, order)]
    pub fn category(self) -> Option<Code<OrganizationCategory>> {
        self.version()?.category.map(Code)
    }

    /// Business field, which decides the slot it fills (业务领域).
    #[field(Public, Open, filter, order)]
    pub fn slot(self) -> Option<Code<OrganizationField>> {
        self.version()?.field.map(Code)
    }

    /// Whether it is a featured institution (特色机构), set for a local task.
    #[field(Public, Open, filter)]
    pub fn featured(self) -> bool {
        self.version().is_some_and(|v| v.featured)
    }

    /// The departments whose work it does (对口主管部门), many to many; at most a few dozen.
    #[field(Public, Open, cost = 2)]
    pub fn competent_departments(self) -> Vec<Ref<'v, Department>> {
        let links = self.view.competent(self.key);
        links.filter_map(|c| self.view.find_organization(c.department)).map(|h| self.to(h)).collect()
    }
}

record! {
    /// An internal office (内设机构) of a township's authority, such as 党政办公室.
    InternalOffice as "InternalOffice" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<InternalOffice>::FIELDS,
        TemporalFields::<InternalOffice>::FIELDS,
        OrganizationFields::<InternalOffice>::FIELDS,
        InternalOfficeFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(InternalOffice, InternalOffice, [InternalOffice]);
