//! SecondedAgency: a body of a department, stationed in a township. Here a line (条) meets a block (块).

use super::engine::{Code, Ref};
use super::{Department, NodeFields, OrganizationFields, TemporalFields, Township};
use crate::domain::{AgencyKind, ConsultationKind, ManagementMode};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

#[fields(SecondedAgencyFields)]
impl<'v> Ref<'v, SecondedAgency> {
    /// Kind of agency (派驻机构类别), such as 公安派出所; null when not classed.
    #[field(Public, Open, filter, order)]
    pub fn agency_kind(self) -> Option<Code<AgencyKind>> {
        self.form()?.agency_kind.map(Code)
    }

    /// How it is managed (管理体制): 属地管理, 双重管理 or 垂直管理; null when not laid down.
    #[field(Public, Open, filter, order)]
    pub fn management_mode(self) -> Option<Code<ManagementMode>> {
        self.form()?.management_mode.map(Code)
    }

    /// The departments it belongs to (主管部门), many to many; at most a few.
    #[field(Public, Open, cost = 2, relation = anywhere)]
    pub fn competent_departments(self) -> Vec<Ref<'v, Department>> {
        let links = self.view.competent(self.key);
        links.filter_map(|id| self.view.find_organization(id)).map(|h| self.to(h)).collect()
    }

    /// The township that commands and coordinates it (统一指挥协调); null when none does.
    #[field(Public, Open, cost = 4, relation)]
    pub fn commanded_by(self) -> Option<Ref<'v, Township>> {
        self.form()?.unified_command.then(|| self.township()).flatten()
    }

    /// How the township is heard before its head is appointed or removed (负责人任免征求意见方式): an opinion advises, a
    /// consent blocks. Null when the township is not heard.
    #[field(Public, Open, filter, order)]
    pub fn head_appointment_rule(self) -> Option<Code<ConsultationKind>> {
        self.form()?.head_rule.map(Code)
    }

    /// Weight of the township's score in its yearly appraisal, in percent (乡镇考核权重); null when not laid down.
    #[field(Public, Open, filter, order, unit = "percent (%)", example = "30")]
    pub fn appraisal_weight(self) -> Option<i32> {
        self.form()?.appraisal_weight
    }
}

record! {
    /// A seconded agency (派驻机构): it belongs to a department (条) and stands in a township (块), such as 司法所.
    /// Source: the departments that send it (主管部门报送).
    SecondedAgency as "SecondedAgency" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<SecondedAgency>::FIELDS,
        TemporalFields::<SecondedAgency>::FIELDS,
        OrganizationFields::<SecondedAgency>::FIELDS,
        SecondedAgencyFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(SecondedAgency, SecondedAgency, [SecondedAgency]);
