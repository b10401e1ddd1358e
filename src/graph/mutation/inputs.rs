//! What clients send: an input for each act, and what all of them have in common.

use super::opening::Opening;
use crate::act::{Act, NewDocument};
use crate::domain::{Day, DivisionCode};
use crate::policy::Stop;
use async_graphql::{ID, InputObject, InputType, OneofObject};

/// An act as a client sends it.
pub trait ActInput: InputType + Clone + 'static {
    /// Reads it: ids are opened, and it is said where the act is done.
    fn read(&self, opening: &mut Opening<'_>) -> Result<Act, Stop>;
}

/// The document that an act rests on (依据文件). One that is registered in the county under the same number, title, issuer and date is
/// taken; else it is registered.
#[derive(Debug, Clone, InputObject)]
pub struct BasisInput {
    /// Document number (文号), such as 虚编发〔2026〕3号.
    pub number: String,
    /// Title (标题).
    pub title: String,
    /// Issuing body (发文机关).
    pub issuer: String,
    /// Date of issue (成文日期).
    pub issued_on: Option<Day>,
    /// Whether the public may see it (是否公开); true when absent.
    #[graphql(default = true)]
    pub disclosed: bool,
}

impl BasisInput {
    /// The document as it is registered.
    pub fn document(&self) -> NewDocument {
        NewDocument {
            number: self.number.clone(),
            title: self.title.clone(),
            issuer: self.issuer.clone(),
            issued_on: self.issued_on,
            disclosed: self.disclosed,
        }
    }
}

/// How an act is done (办理方式): what the inputs of all acts have in common.
#[derive(Debug, Clone, InputObject)]
pub struct How {
    /// The day on which it takes effect (生效日期); today when absent.
    pub effective_on: Option<Day>,
    /// The document it rests on (依据文件), when it is new or its id is not at hand.
    pub basis: Option<BasisInput>,
    /// Id of the registered document it rests on (依据文件标识), instead of `basis`.
    pub basis_id: Option<ID>,
    /// The revision of the register that was read before (已读修订号): when what is to be written changed since, it is refused with
    /// `CONFLICT`.
    pub expected_version: Option<i64>,
    /// A key of your own (幂等键), at most 64 characters: sent again with the same input, it is answered again and not done twice.
    pub idempotency_key: Option<String>,
    /// Only try it (试算): the same answer, and nothing is changed; false when absent.
    #[graphql(default)]
    pub dry_run: bool,
}

/// How a correction is done (更正方式): what the inputs of all corrections have in common.
#[derive(Debug, Clone, InputObject)]
pub struct HowCorrected {
    /// A day on which what is corrected holds (有效期内的日期); today when absent. Nothing takes effect on it: for what changes from a day on
    /// there are acts such as `organizationRename`.
    pub effective_on: Option<Day>,
    /// The document that the correction rests on (更正依据文件), when it is new or its id is not at hand.
    pub basis: Option<BasisInput>,
    /// Id of the registered document that the correction rests on (更正依据文件标识), instead of `basis`.
    pub basis_id: Option<ID>,
    /// The revision of the register that was read before (已读修订号).
    pub expected_version: Option<i64>,
    /// A key of your own (幂等键), at most 64 characters.
    pub idempotency_key: Option<String>,
    /// Only try it (试算); false when absent.
    #[graphql(default)]
    pub dry_run: bool,
}

impl From<HowCorrected> for How {
    fn from(how: HowCorrected) -> Self {
        let plain = plainly(how.expected_version, how.idempotency_key, how.dry_run);
        Self { effective_on: how.effective_on, basis: how.basis, basis_id: how.basis_id, ..plain }
    }
}

/// Defines the input of an act: as it stands in a reform, and as the input of a mutation of its own.
macro_rules! acts {
    ($how:ident; $($(#[doc = $doc:literal])+ $act:ident, $input:ident { $($(#[doc = $field_doc:literal])+ $(#[graphql($attr:meta)])? $field:ident: $ty:ty,)+ } |$self:ident, $open:ident| $read:expr;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, InputObject)]
            pub struct $act { $($(#[doc = $field_doc])+ $(#[graphql($attr)])? pub $field: $ty,)+ }

            $(#[doc = $doc])+
            #[derive(Debug, Clone, InputObject)]
            pub struct $input {
                /// The act (操作).
                #[graphql(flatten)]
                pub act: $act,
                /// How it is done (办理方式).
                #[graphql(flatten)]
                pub how: $how,
            }

            impl ActInput for $act {
                fn read(&self, $open: &mut Opening<'_>) -> Result<Act, Stop> {
                    let $self = self;
                    $read
                }
            }
        )+
    };
}

mod corrections;
mod organizations;
mod people;
mod places;

pub use corrections::*;
pub use organizations::*;
pub use people::*;
pub use places::*;

/// Defines the choice between all acts.
macro_rules! choice {
    ($($(#[doc = $doc:literal])+ $variant:ident($act:ident);)+) => {
        /// An act of a reform (改革事项): exactly one of these.
        #[derive(Debug, Clone, OneofObject)]
        pub enum ReformActInput { $($(#[doc = $doc])+ $variant($act)),+ }

        impl ActInput for ReformActInput {
            fn read(&self, opening: &mut Opening<'_>) -> Result<Act, Stop> {
                match self { $(Self::$variant(act) => act.read(opening)),+ }
            }
        }
    };
}

choice! {
    /// A body is founded (设立机构).
    OrganizationEstablish(OrganizationEstablishAct);
    /// A body gets another name (机构更名).
    OrganizationRename(OrganizationRenameAct);
    /// A body gets another rank (调整机构规格).
    OrganizationRerank(OrganizationRerankAct);
    /// A body ends, another takes over what it holds (机构划转).
    OrganizationTransfer(OrganizationTransferAct);
    /// Bodies end, one takes over what they hold (机构合并).
    OrganizationMerge(OrganizationMergeAct);
    /// A body ends, several come out of it (机构分设).
    OrganizationSplit(OrganizationSplitAct);
    /// A body that holds nothing ends (撤销机构).
    OrganizationAbolish(OrganizationAbolishAct);
    /// Posts of a type are approved (核定编制).
    EstablishmentSet(EstablishmentSetAct);
    /// Posts of a type move to another body (划转编制).
    EstablishmentTransfer(EstablishmentTransferAct);
    /// A leadership post is created (设置领导职数).
    LeadershipPostCreate(LeadershipPostCreateAct);
    /// A leadership post is closed (核销领导职数).
    LeadershipPostClose(LeadershipPostCloseAct);
    /// A setting pattern holds for a township (确定设置模式).
    SettingPatternAssign(SettingPatternAssignAct);
    /// A division gets another name or code (区划变更).
    DivisionChange(DivisionChangeAct);
    /// Divisions end, one takes in their land (区划合并).
    DivisionMerge(DivisionMergeAct);
    /// The person leaves the post (免职).
    AppointmentRemove(AppointmentRemoveAct);
}

/// A draft of a reform (改革方案草案): written anew, or in place of what it held.
#[derive(Debug, Clone, InputObject)]
pub struct ReformDraftWriteInput {
    /// The draft (草案) that is written anew; a new one when absent.
    pub reform_draft: Option<ID>,
    /// The reform (机构改革) as it is to be carried out. How it is tried, its key and its version are not kept: they are of one request.
    pub reform: ReformInput,
    /// The revision of the register that was read before (已读修订号).
    pub expected_version: Option<i64>,
    /// A key of your own (幂等键), at most 64 characters.
    pub idempotency_key: Option<String>,
    /// Only try it (试算): the draft is not kept; false when absent.
    #[graphql(default)]
    pub dry_run: bool,
}

/// How something is done that rests on no document of its own.
fn plainly(expected_version: Option<i64>, idempotency_key: Option<String>, dry_run: bool) -> How {
    How { effective_on: None, basis: None, basis_id: None, expected_version, idempotency_key, dry_run }
}

impl ReformDraftWriteInput {
    /// How it is done.
    pub fn how(&self) -> How {
        plainly(self.expected_version, self.idempotency_key.clone(), self.dry_run)
    }
}

/// A change is taken back (撤销登记), with all that was done in its revision, as if it had never been registered. The log keeps both.
#[derive(Debug, Clone, InputObject)]
pub struct ChangeReverseInput {
    /// The change (变更): an entry of the log, such as `changes` lists.
    pub change: ID,
    /// The document it rests on (依据文件), when it is new or its id is not at hand.
    pub basis: Option<BasisInput>,
    /// Id of the registered document it rests on (依据文件标识), instead of `basis`.
    pub basis_id: Option<ID>,
    /// The revision of the register that was read before (已读修订号).
    pub expected_version: Option<i64>,
    /// A key of your own (幂等键), at most 64 characters.
    pub idempotency_key: Option<String>,
    /// Only try it (试算); false when absent.
    #[graphql(default)]
    pub dry_run: bool,
}

impl ChangeReverseInput {
    /// How it is done.
    pub fn how(&self) -> How {
        let plain = plainly(self.expected_version, self.idempotency_key.clone(), self.dry_run);
        How { basis: self.basis.clone(), basis_id: self.basis_id.clone(), ..plain }
    }
}

impl ActInput for ChangeReverseInput {
    fn read(&self, opening: &mut Opening<'_>) -> Result<Act, Stop> {
        Ok(Act::ChangeReverse { revision: opening.reversal("change", &self.change)? })
    }
}

/// What is done with a draft of a reform (草案办理).
#[derive(Debug, Clone, InputObject)]
pub struct ReformDraftStepInput {
    /// The draft (草案).
    pub reform_draft: ID,
    /// Why it is returned (退回理由), at most 500 characters; for nothing else.
    pub opinion: Option<String>,
    /// The revision of the register that was read before (已读修订号).
    pub expected_version: Option<i64>,
    /// A key of your own (幂等键), at most 64 characters.
    pub idempotency_key: Option<String>,
    /// Only try it (试算); false when absent.
    #[graphql(default)]
    pub dry_run: bool,
}

impl ReformDraftStepInput {
    /// How it is done.
    pub fn how(&self) -> How {
        plainly(self.expected_version, self.idempotency_key.clone(), self.dry_run)
    }
}

/// A reform (机构改革): acts which take effect together, all or nothing. They are carried out in their order, and checked as a whole.
#[derive(Debug, Clone, InputObject)]
pub struct ReformInput {
    /// Code of the county (县级行政区划代码), such as 990101.
    pub within: DivisionCode,
    /// Its name (改革名称), at most 100 characters.
    pub name: String,
    /// The acts (改革事项), at most 200. An id of what an earlier one makes is written `#1`, `#2`, … by its place.
    pub acts: Vec<ReformActInput>,
    /// How it is done (办理方式).
    #[graphql(flatten)]
    pub how: How,
}
