//! Department: a department of the county or above. The line (条).

use super::engine::{Conn, ListArgs, Ref, Source};
use super::{NodeFields, OrganizationFields, SecondedAgency, TemporalFields};
use crate::domain::{CodeRange, Fault};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

#[fields(DepartmentFields)]
impl<'v> Ref<'v, Department> {
    /// The department above it in its line (上级业务主管部门); null at the top of the register.
    #[field(Public, Open, relation = anywhere)]
    pub fn superior(self) -> Option<Ref<'v, Department>> {
        Some(self.to(self.view.find_organization(self.view.referred(self.key, self.form()?.superior)?)?))
    }

    /// Its agencies in the townships (派驻乡镇机构).
    #[field(Public, Open, cost = 8, relation = anywhere)]
    pub fn seconded_agencies(
        self,
        #[group] list: ListArgs<SecondedAgency>,
    ) -> Result<Conn<'v, SecondedAgency>, Fault> {
        let id = self.view.organization_id(self.key);
        let rows = self.view.agencies_of(id).collect();
        Conn::new(self.view, Source::Rows(id, CodeRange::ALL, rows), list)
    }
}

record! {
    /// A department of the county or above (部门): a line (条), with agencies in the townships. Source: the establishment ledger
    /// (机构编制台账).
    Department as "Department" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<Department>::FIELDS,
        TemporalFields::<Department>::FIELDS,
        OrganizationFields::<Department>::FIELDS,
        DepartmentFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(Department, Department, [Department]);
