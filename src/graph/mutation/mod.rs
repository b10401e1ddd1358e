//! The root of the mutations: a table of contents of what officials do. Reading acts stands in `inputs` and `opening`, what comes of
//! them in `payload`, the rules of each act in the room `act`.

mod corrections;
mod inputs;
mod opening;
mod order;
mod payload;

pub use payload::{
    AppointmentPayload, ChangePayload, DivisionPayload, DocumentPayload, LeadershipPostPayload,
    OrganizationPayload, PersonPayload, ReformDraftPayload, ReformPayload, UserError,
};

use crate::domain::Fault;
use crate::graph::engine::Ref;
use crate::graph::report::ReportMutationFields;
use crate::record;
use corrections::CorrectionFields;
use inputs::*;
use opening::county_range;
use order::{OfDraft, reform_of};
use tiaokuai_macros::fields;

/// The most acts of a reform.
const MOST_ACTS: usize = 200;
impl Ref<'_, Mutation> {
    /// Refuses a reform that cannot be one.
    fn sound(self, input: &ReformInput) -> Result<(), Fault> {
        if input.acts.is_empty() || input.acts.len() > MOST_ACTS {
            return Err(Fault::input(
                format!("A reform has 1 to {MOST_ACTS} acts, not {}.", input.acts.len()),
                format!("一次改革应有 1 至 {MOST_ACTS} 项操作（现为 {} 项）。", input.acts.len()),
            ));
        }
        let whole = county_range(input.within.shard().cast_signed());
        if self.view.division(input.within).is_none() || input.within.range() != whole {
            return Err(Fault::input(
                format!("`within` is the code of a county that exists, six digits, not {}.", input.within),
                format!("within 应为现存县级区划代码，而非 {}。", input.within),
            ));
        }
        Ok(())
    }
}

#[fields(MutationFields)]
impl<'v> Ref<'v, Mutation> {
    /// Carries out a reform (办理机构改革): all of its acts, or none.
    #[field(Public, Open, cost = 16)]
    pub fn reform_carry_out(
        self,
        #[arg("The reform (机构改革).")] input: ReformInput,
    ) -> Result<Ref<'v, ReformPayload>, Fault> {
        self.sound(&input)?;
        self.carry_out(reform_of(&input, "reformCarryOut"), input.acts)
    }

    /// Drafts a reform (起草改革方案), for another to release. What its acts would be refused for stands in the warnings.
    #[field(Public, Open, cost = 16)]
    pub fn reform_draft_write(
        self,
        #[arg("The draft (草案).")] input: ReformDraftWriteInput,
    ) -> Result<Ref<'v, ReformDraftPayload>, Fault> {
        self.sound(&input.reform)?;
        let how = input.how();
        let wanted = OfDraft::Write(input.reform_draft.clone(), Box::new(input.reform.clone()));
        self.draft("reformDraftWrite", wanted, how, &input)
    }

    /// Submits a draft for review (提交改革方案). Only its author does.
    #[field(Public, Open, cost = 16)]
    pub fn reform_draft_submit(
        self,
        #[arg("The step (办理).")] input: ReformDraftStepInput,
    ) -> Result<Ref<'v, ReformDraftPayload>, Fault> {
        self.draft("reformDraftSubmit", OfDraft::Submit(input.reform_draft.clone()), input.how(), &input)
    }

    /// Returns a draft to its author, with a reason (退回改革方案). Another than its author does.
    #[field(Public, Open, cost = 16)]
    pub fn reform_draft_return(
        self,
        #[arg("The step (办理), with an opinion.")] input: ReformDraftStepInput,
    ) -> Result<Ref<'v, ReformDraftPayload>, Fault> {
        let opinion = input.opinion.clone().unwrap_or_default();
        self.draft(
            "reformDraftReturn",
            OfDraft::Return(input.reform_draft.clone(), opinion),
            input.how(),
            &input,
        )
    }

    /// Releases a draft (核准改革方案): its acts are carried out, all or none. Another than its author does, who may carry out all of them.
    #[field(Public, Open, cost = 16)]
    pub fn reform_draft_release(
        self,
        #[arg("The step (办理).")] input: ReformDraftStepInput,
    ) -> Result<Ref<'v, ReformDraftPayload>, Fault> {
        self.draft("reformDraftRelease", OfDraft::Release(input.reform_draft.clone()), input.how(), &input)
    }

    /// A body is founded (设立机构).
    #[field(Public, Open, cost = 16)]
    pub fn organization_establish(
        self,
        #[arg("The act (操作).")] input: OrganizationEstablishInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationEstablish", input.act, input.how)
    }

    /// A body gets another name (机构更名).
    #[field(Public, Open, cost = 16)]
    pub fn organization_rename(
        self,
        #[arg("The act (操作).")] input: OrganizationRenameInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationRename", input.act, input.how)
    }

    /// A body gets another rank (调整机构规格).
    #[field(Public, Open, cost = 16)]
    pub fn organization_rerank(
        self,
        #[arg("The act (操作).")] input: OrganizationRerankInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationRerank", input.act, input.how)
    }

    /// A body ends, and another takes over what it holds (机构划转). Gives the successor.
    #[field(Public, Open, cost = 16)]
    pub fn organization_transfer(
        self,
        #[arg("The act (操作).")] input: OrganizationTransferInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationTransfer", input.act, input.how)
    }

    /// Bodies end, and one takes over what they hold (机构合并). Gives that one.
    #[field(Public, Open, cost = 16)]
    pub fn organization_merge(
        self,
        #[arg("The act (操作).")] input: OrganizationMergeInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationMerge", input.act, input.how)
    }

    /// A body ends, and others come out of it (机构分设).
    #[field(Public, Open, cost = 16)]
    pub fn organization_split(
        self,
        #[arg("The act (操作).")] input: OrganizationSplitInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationSplit", input.act, input.how)
    }

    /// A body that holds nothing ends (撤销机构).
    #[field(Public, Open, cost = 16)]
    pub fn organization_abolish(
        self,
        #[arg("The act (操作).")] input: OrganizationAbolishInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("organizationAbolish", input.act, input.how)
    }

    /// Posts of a type of establishment are approved for a body (核定编制).
    #[field(Public, Open, cost = 16)]
    pub fn establishment_set(
        self,
        #[arg("The act (操作).")] input: EstablishmentSetInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("establishmentSet", input.act, input.how)
    }

    /// Posts of a type move to another body (划转编制). Gives that one.
    #[field(Public, Open, cost = 16)]
    pub fn establishment_transfer(
        self,
        #[arg("The act (操作).")] input: EstablishmentTransferInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("establishmentTransfer", input.act, input.how)
    }

    /// A leadership post is created (设置领导职数).
    #[field(Public, Open, cost = 16)]
    pub fn leadership_post_create(
        self,
        #[arg("The act (操作).")] input: LeadershipPostCreateInput,
    ) -> Result<Ref<'v, LeadershipPostPayload>, Fault> {
        self.one("leadershipPostCreate", input.act, input.how)
    }

    /// A leadership post is closed that nobody holds (核销领导职数).
    #[field(Public, Open, cost = 16)]
    pub fn leadership_post_close(
        self,
        #[arg("The act (操作).")] input: LeadershipPostCloseInput,
    ) -> Result<Ref<'v, LeadershipPostPayload>, Fault> {
        self.one("leadershipPostClose", input.act, input.how)
    }

    /// Somebody is added to the register of a county (人员登记).
    #[field(Public, Open, cost = 16)]
    pub fn person_add(
        self,
        #[arg("The act (操作).")] input: PersonAddInput,
    ) -> Result<Ref<'v, PersonPayload>, Fault> {
        self.one("personAdd", input.act, input.how)
    }

    /// Somebody is proposed for a post (动议提名).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_propose(
        self,
        #[arg("The act (操作).")] input: AppointmentProposeInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentPropose", input.act, input.how)
    }

    /// An appointment is registered that was decided before (登记任职).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_record(
        self,
        #[arg("The act (操作).")] input: AppointmentRecordInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentRecord", input.act, input.how)
    }

    /// The township is heard before an appointment (征求乡镇意见).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_consult(
        self,
        #[arg("The act (操作).")] input: AppointmentConsultInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentConsult", input.act, input.how)
    }

    /// The township answers (乡镇答复).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_answer(
        self,
        #[arg("The act (操作).")] input: AppointmentAnswerInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentAnswer", input.act, input.how)
    }

    /// An appointment is discussed and decided (讨论决定).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_discuss(
        self,
        #[arg("The act (操作).")] input: AppointmentDiscussInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentDiscuss", input.act, input.how)
    }

    /// An appointment is put on public notice (任前公示).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_publicise(
        self,
        #[arg("The act (操作).")] input: AppointmentPubliciseInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentPublicise", input.act, input.how)
    }

    /// The person takes up the post on the day (任职).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_take_up(
        self,
        #[arg("The act (操作).")] input: AppointmentTakeUpInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentTakeUp", input.act, input.how)
    }

    /// Probation begins (试用).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_probation(
        self,
        #[arg("The act (操作).")] input: AppointmentProbationInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentProbation", input.act, input.how)
    }

    /// The person is confirmed after probation (试用期满任职).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_confirm(
        self,
        #[arg("The act (操作).")] input: AppointmentConfirmInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentConfirm", input.act, input.how)
    }

    /// A proposal is dropped (撤回).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_withdraw(
        self,
        #[arg("The act (操作).")] input: AppointmentWithdrawInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentWithdraw", input.act, input.how)
    }

    /// The person leaves the post on the day (免职).
    #[field(Public, Open, cost = 16)]
    pub fn appointment_remove(
        self,
        #[arg("The act (操作).")] input: AppointmentRemoveInput,
    ) -> Result<Ref<'v, AppointmentPayload>, Fault> {
        self.one("appointmentRemove", input.act, input.how)
    }

    /// A setting pattern holds for a township (确定设置模式).
    #[field(Public, Open, cost = 16)]
    pub fn setting_pattern_assign(
        self,
        #[arg("The act (操作).")] input: SettingPatternAssignInput,
    ) -> Result<Ref<'v, OrganizationPayload>, Fault> {
        self.one("settingPatternAssign", input.act, input.how)
    }

    /// A division gets another name or code (区划变更).
    #[field(Public, Open, cost = 16)]
    pub fn division_change(
        self,
        #[arg("The act (操作).")] input: DivisionChangeInput,
    ) -> Result<Ref<'v, DivisionPayload>, Fault> {
        self.one("divisionChange", input.act, input.how)
    }

    /// Divisions in which nothing sits any more end, and another takes in their land (区划合并). Gives that one.
    #[field(Public, Open, cost = 16)]
    pub fn division_merge(
        self,
        #[arg("The act (操作).")] input: DivisionMergeInput,
    ) -> Result<Ref<'v, DivisionPayload>, Fault> {
        self.one("divisionMerge", input.act, input.how)
    }

    /// A change that was registered in error is taken back (撤销登记), with all that was done in its revision: what was made is there no
    /// more, what ended goes on. Only while no later change builds on it, and by who may do all that is taken back; the log keeps both.
    #[field(Public, Open, cost = 16)]
    pub fn change_reverse(
        self,
        #[arg("The reversal (撤销).")] input: ChangeReverseInput,
    ) -> Result<Ref<'v, ChangePayload>, Fault> {
        let how = input.how();
        self.one("changeReverse", input, how)
    }
}

record! {
    /// Changes of the register (登记变更): one for each act of the field. Who may do what is in the policy: for the others it is `FORBIDDEN`.
    /// Source: the acts of each system of the field.
    Mutation as "Mutation" by (), implements [], fields [MutationFields::FIELDS, CorrectionFields::FIELDS, ReportMutationFields::FIELDS],
    |_view, _at, _rule| true
}
