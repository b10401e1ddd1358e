//! Corrections among the mutations: what was registered wrongly is set right where it stands. The log keeps what stood there.

use super::Mutation;
use super::inputs::{
    AppointmentCorrectInput, DivisionCorrectInput, DocumentCorrectInput, EstablishmentCorrectInput,
    LeadershipPostCorrectInput, OrganizationCorrectInput, PersonCorrectInput,
};
use super::payload::{
    AppointmentPayload, DivisionPayload, DocumentPayload, LeadershipPostPayload, OrganizationPayload,
    PersonPayload,
};
use crate::domain::Fault;
use crate::graph::engine::Ref;
use tiaokuai_macros::fields;

#[fields(CorrectionFields)]
impl<'v> Ref<'v, Mutation> {
    /// What is registered of a body is corrected (机构信息更正).
    #[field(Public, Open, cost = 16)]
    pub fn organization_correct(
        self,
        #[arg("The act (操作).")] input: OrganizationCorrectInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationCorrect", input.act, input.how.into())
    }

    /// Numbers of posts are corrected (编制数更正).
    #[field(Public, Open, cost = 16)]
    pub fn establishment_correct(
        self,
        #[arg("The act (操作).")] input: EstablishmentCorrectInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("establishmentCorrect", input.act, input.how.into())
    }

    /// What is registered of a leadership post is corrected (领导职务信息更正).
    #[field(Public, Open, cost = 16)]
    pub fn leadership_post_correct(
        self,
        #[arg("The act (操作).")] input: LeadershipPostCorrectInput,
    ) -> Result<Ref<'v, LeadershipPostPayload>, Fault> {
        self.one("leadershipPostCorrect", input.act, input.how.into())
    }

    /// What is registered of an appointment is corrected (任职信息更正).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_correct(
        self,
        #[arg("The act (操作).")] input: AppointmentCorrectInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentCorrect", input.act, input.how.into())
    }

    /// What is registered of somebody is corrected (人员信息更正).
    #[field(Public, Open, cost = 16)]
    pub fn person_correct(
        self,
        #[arg("The act (操作).")] input: PersonCorrectInput,
    ) -> Result<Ref<'v, PersonPayload>, Fault> {
        self.one("personCorrect", input.act, input.how.into())
    }

    /// What is registered of a document is corrected (依据文件信息更正).
    #[field(Public, Open, cost = 16)]
    pub fn document_correct(
        self,
        #[arg("The act (操作).")] input: DocumentCorrectInput,
    ) -> Result<Ref<'v, DocumentPayload>, Fault> {
        self.one("documentCorrect", input.act, input.how.into())
    }

    /// The name of a division is corrected (区划名称更正).
    #[field(Public, Open, cost = 16)]
    pub fn division_correct(
        self,
        #[arg("The act (操作).")] input: DivisionCorrectInput,
    ) -> Result<Ref<'v, DivisionPayload>, Fault> {
        self.one("divisionCorrect", input.act, input.how.into())
    }
}
