//! What clients send: an input for each act, and what all of them have in common.

use super::opening::{Opening, What};
use crate::act::{
    Act, Correction, NewAppointment, NewDocument, NewOrganization, NewPerson, NewPost, Object, Step,
};
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, ConsultationKind, Day, DivisionCode, EstablishmentType,
    InstitutionRank, ManagementMode, OrganizationCategory, OrganizationField, OrganizationKind,
    PersonnelIdentity, PostLevel, PostPosition, PublicInstitutionClass, TownshipOrgan,
};
use crate::graph::engine::Code;
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

/// Defines the input of an act: as it stands in a reform, and as the input of a mutation of its own.
macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $act:ident, $input:ident { $($(#[doc = $field_doc:literal])+ $(#[graphql($attr:meta)])? $field:ident: $ty:ty,)+ } |$self:ident, $open:ident| $read:expr;)+) => {
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
                pub how: How,
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

acts! {
    /// A body is founded (设立机构).
    OrganizationEstablishAct, OrganizationEstablishInput {
        /// Code of the division in which it sits (所在行政区划代码), such as 990101101.
        division_code: DivisionCode,
        /// Its kind (机构类别): INTERNAL_OFFICE, PUBLIC_INSTITUTION or SECONDED_AGENCY.
        kind: Code<OrganizationKind>,
        /// Its name (机构名称), at most 60 characters.
        name: String,
        /// Its short name (简称).
        short_name: Option<String>,
        /// The body that owns it (隶属机构): the township of an office or an institution.
        parent: Option<ID>,
        /// Its rank (机构规格).
        rank: Option<Code<InstitutionRank>>,
        /// Its form (机构形态).
        category: Option<Code<OrganizationCategory>>,
        /// Its field (工作领域).
        field: Option<Code<OrganizationField>>,
        /// Whether it fills a featured slot (特色机构); false when absent.
        #[graphql(default)]
        featured: bool,
        /// Class of an institution (事业单位分类).
        class: Option<Code<PublicInstitutionClass>>,
        /// Kind of an agency (派驻机构类别).
        agency_kind: Option<Code<AgencyKind>>,
        /// Management mode of an agency (管理体制).
        management_mode: Option<Code<ManagementMode>>,
        /// Its duties (主要职责).
        functions: Option<String>,
        /// Whether the public may see it (是否公开); true when absent.
        #[graphql(default = true)]
        disclosed: bool,
    } |input, open| {
        open.in_division(input.division_code)?;
        let parent = input.parent.as_ref().map(|id| open.object(id, What::Organization)).transpose()?;
        Ok(Act::OrganizationEstablish(NewOrganization {
            division: input.division_code,
            kind: input.kind.0,
            name: input.name.clone(),
            short_name: input.short_name.clone(),
            parent,
            rank: input.rank.map(|code| code.0),
            category: input.category.map(|code| code.0),
            field: input.field.map(|code| code.0),
            featured: input.featured,
            class: input.class.map(|code| code.0),
            agency_kind: input.agency_kind.map(|code| code.0),
            management_mode: input.management_mode.map(|code| code.0),
            functions: input.functions.clone(),
            disclosed: input.disclosed,
        }))
    };

    /// A body gets another name (机构更名).
    OrganizationRenameAct, OrganizationRenameInput {
        /// The body (机构).
        organization: ID,
        /// Its new name (新名称), at most 60 characters.
        name: String,
        /// Its new short name (新简称); none when absent.
        short_name: Option<String>,
    } |input, open| Ok(Act::OrganizationRename {
        organization: open.object(&input.organization, What::Organization)?,
        name: input.name.clone(),
        short_name: input.short_name.clone(),
    });

    /// A body gets another rank (调整机构规格).
    OrganizationRerankAct, OrganizationRerankInput {
        /// The body (机构).
        organization: ID,
        /// Its new rank (新规格).
        rank: Code<InstitutionRank>,
    } |input, open| Ok(Act::OrganizationRerank {
        organization: open.object(&input.organization, What::Organization)?,
        rank: input.rank.0,
    });

    /// A body ends, and another takes over its establishment, its posts with those who hold them, and the bodies below it (机构划转): such
    /// as the institution of a township what a seconded agency held.
    OrganizationTransferAct, OrganizationTransferInput {
        /// The body that ends (划出机构).
        organization: ID,
        /// Its successor (承接机构).
        successor: ID,
    } |input, open| Ok(Act::OrganizationTransfer {
        organization: open.object(&input.organization, What::Organization)?,
        successor: open.object(&input.successor, What::Organization)?,
    });

    /// Bodies end, and one takes over all that they hold (机构合并).
    OrganizationMergeAct, OrganizationMergeInput {
        /// The bodies that end (被合并机构), two or more.
        organizations: Vec<ID>,
        /// The body that takes over (合并后机构).
        into: ID,
    } |input, open| Ok(Act::OrganizationMerge {
        organizations: open.objects(&input.organizations, What::Organization)?,
        into: open.object(&input.into, What::Organization)?,
    });

    /// A body that holds nothing any more ends, and others come out of it (机构分设).
    OrganizationSplitAct, OrganizationSplitInput {
        /// The body that ends (被分设机构).
        organization: ID,
        /// The bodies that come out of it (分设后机构), two or more.
        into: Vec<ID>,
    } |input, open| Ok(Act::OrganizationSplit {
        organization: open.object(&input.organization, What::Organization)?,
        into: open.objects(&input.into, What::Organization)?,
    });

    /// A body ends that holds nothing (撤销机构).
    OrganizationAbolishAct, OrganizationAbolishInput {
        /// The body (机构).
        organization: ID,
    } |input, open| Ok(Act::OrganizationAbolish { organization: open.object(&input.organization, What::Organization)? });

    /// Posts of a type of establishment are approved for a body (核定编制).
    EstablishmentSetAct, EstablishmentSetInput {
        /// The body (机构).
        organization: ID,
        /// Type of establishment (编制类型).
        establishment_type: Code<EstablishmentType>,
        /// Approved posts (核定编制数). Unit: posts (个).
        approved: i32,
        /// Occupied posts (实有人数); as before when absent. Unit: posts (个).
        occupied: Option<i32>,
    } |input, open| Ok(Act::EstablishmentSet {
        organization: open.object(&input.organization, What::Organization)?,
        kind: input.establishment_type.0,
        approved: input.approved,
        occupied: input.occupied,
    });

    /// Posts of a type move from a body to another (划转编制). A type never becomes another.
    EstablishmentTransferAct, EstablishmentTransferInput {
        /// From this body (划出机构).
        from: ID,
        /// To this one (划入机构).
        to: ID,
        /// Type of establishment (编制类型).
        establishment_type: Code<EstablishmentType>,
        /// Approved posts that move (划转编制数). Unit: posts (个).
        approved: i32,
        /// Occupied posts that move with them (划转人数); none when absent. Unit: posts (个).
        #[graphql(default)]
        occupied: i32,
    } |input, open| Ok(Act::EstablishmentTransfer {
        from: open.object(&input.from, What::Organization)?,
        to: open.object(&input.to, What::Organization)?,
        kind: input.establishment_type.0,
        approved: input.approved,
        occupied: input.occupied,
    });

    /// A leadership post is created (设置领导职数).
    LeadershipPostCreateAct, LeadershipPostCreateInput {
        /// The body (机构).
        organization: ID,
        /// The organ of the township that it belongs to (所属领导班子); none when absent.
        organ: Option<Code<TownshipOrgan>>,
        /// Its title (职务名称), at most 40 characters.
        title: String,
        /// Principal or deputy (正副职).
        position: Code<PostPosition>,
        /// Its level (职务层次).
        level: Code<PostLevel>,
        /// How many may hold it (职数); one when absent. Unit: posts (职).
        #[graphql(default = 1)]
        quota: i32,
    } |input, open| Ok(Act::LeadershipPostCreate(NewPost {
        organization: open.object(&input.organization, What::Organization)?,
        organ: input.organ.map(|code| code.0),
        title: input.title.clone(),
        position: input.position.0,
        level: input.level.0,
        quota: input.quota,
    }));

    /// A leadership post is closed that nobody holds (核销领导职数).
    LeadershipPostCloseAct, LeadershipPostCloseInput {
        /// The post (领导职务).
        leadership_post: ID,
    } |input, open| Ok(Act::LeadershipPostClose { post: open.object(&input.leadership_post, What::LeadershipPost)? });

    /// Somebody is added to the register of a county (人员登记).
    PersonAddAct, PersonAddInput {
        /// Code of the county (县级行政区划代码), such as 990101.
        county_code: DivisionCode,
        /// Name (姓名), at most 40 characters.
        name: String,
        /// Personnel identity (人员身份).
        identity: Option<Code<PersonnelIdentity>>,
        /// Date of birth (出生日期).
        birth_date: Option<Day>,
        /// Identity number (身份证件号码).
        id_number: Option<String>,
    } |input, open| {
        open.in_division(input.county_code)?;
        Ok(Act::PersonAdd(NewPerson {
            shard: input.county_code.shard().cast_signed(),
            name: input.name.clone(),
            identity: input.identity.map(|code| code.0),
            birth_date: input.birth_date,
            id_number: input.id_number.clone(),
        }))
    };

    /// What is registered of somebody is corrected (人员信息更正). What is absent stays as it is; the change log keeps what stood there.
    PersonCorrectAct, PersonCorrectInput {
        /// The person (人员).
        person: ID,
        /// Name (姓名).
        name: Option<String>,
        /// Personnel identity (人员身份).
        identity: Option<Code<PersonnelIdentity>>,
        /// Date of birth (出生日期).
        birth_date: Option<Day>,
        /// Identity number (身份证件号码).
        id_number: Option<String>,
    } |input, open| Ok(Act::PersonCorrect {
        person: open.object(&input.person, What::Person)?,
        correction: Correction {
            name: input.name.clone(),
            identity: input.identity.map(|code| code.0),
            birth_date: input.birth_date,
            id_number: input.id_number.clone(),
        },
    });

    /// Somebody is proposed for a post (动议提名).
    AppointmentProposeAct, AppointmentProposeInput {
        /// The post (领导职务).
        leadership_post: ID,
        /// The person (人员).
        person: ID,
        /// Promotion, move, … (任职类型).
        kind: Code<AppointmentKind>,
        /// Elected, appointed, engaged (任职方式).
        mode: Code<AppointmentMode>,
        /// Held beside another post (是否兼任); false when absent.
        #[graphql(default)]
        concurrent: bool,
        /// Who nominates (提名机关).
        nominator: Option<String>,
    } |input, open| Ok(Act::AppointmentPropose(NewAppointment {
        post: open.object(&input.leadership_post, What::LeadershipPost)?,
        person: open.mention(&input.person, What::Person)?,
        kind: input.kind.0,
        mode: input.mode.0,
        concurrent: input.concurrent,
        nominator: input.nominator.clone(),
    }));

    /// The township is heard before an appointment (征求乡镇意见): an opinion advises, a consent that is asked for decides.
    AppointmentConsultAct, AppointmentConsultInput {
        /// The appointment (任职).
        appointment: ID,
        /// Opinion or consent (征求方式).
        kind: Code<ConsultationKind>,
    } |input, open| step(open, &input.appointment, Step::Consult(input.kind.0));

    /// The township answers (乡镇答复). A consent begins with 同意. Only the leader of the township answers.
    AppointmentAnswerAct, AppointmentAnswerInput {
        /// The appointment (任职).
        appointment: ID,
        /// What it answers (答复内容), at most 200 characters.
        answer: String,
    } |input, open| Ok(Act::AppointmentAnswer {
        appointment: open.object(&input.appointment, What::Appointment)?,
        answer: input.answer.clone(),
    });

    /// An appointment is discussed and decided (讨论决定).
    AppointmentDiscussAct, AppointmentDiscussInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Discuss);

    /// An appointment is put on public notice (任前公示).
    AppointmentPubliciseAct, AppointmentPubliciseInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Publicise);

    /// The person takes up the post on the day (任职).
    AppointmentTakeUpAct, AppointmentTakeUpInput {
        /// The appointment (任职).
        appointment: ID,
        /// Who decided (任命机关).
        appointer: Option<String>,
    } |input, open| step(open, &input.appointment, Step::Appoint(input.appointer.clone()));

    /// Probation begins (试用).
    AppointmentProbationAct, AppointmentProbationInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Probation);

    /// The person is confirmed after probation (试用期满任职).
    AppointmentConfirmAct, AppointmentConfirmInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Confirm);

    /// A proposal is dropped (撤回).
    AppointmentWithdrawAct, AppointmentWithdrawInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Withdraw);

    /// The person leaves the post on the day (免职).
    AppointmentRemoveAct, AppointmentRemoveInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Remove);

    /// A setting pattern holds for a township (确定设置模式).
    SettingPatternAssignAct, SettingPatternAssignInput {
        /// The township (乡镇、街道).
        township: ID,
        /// The pattern (设置模式).
        setting_pattern: ID,
    } |input, open| Ok(Act::SettingPatternAssign {
        township: open.object(&input.township, What::Organization)?,
        pattern: open.mention(&input.setting_pattern, What::SettingPattern)?,
    });

    /// A division gets another name, or another code, such as when a township becomes a town (撤乡设镇). It stays the same division, and
    /// its bodies stay in it.
    DivisionChangeAct, DivisionChangeInput {
        /// The division (行政区划).
        division: ID,
        /// Its new code (新代码); the same when absent.
        code: Option<DivisionCode>,
        /// Its name from then on (新名称).
        name: String,
    } |input, open| Ok(Act::DivisionChange {
        division: open.object(&input.division, What::Division)?,
        code: input.code,
        name: input.name.clone(),
    });

    /// Divisions in which nothing sits any more end, and another takes in their land (区划合并).
    DivisionMergeAct, DivisionMergeInput {
        /// The divisions that end (被合并区划).
        divisions: Vec<ID>,
        /// The division that stays (合并后区划).
        into: ID,
    } |input, open| Ok(Act::DivisionMerge {
        divisions: open.objects(&input.divisions, What::Division)?,
        into: open.object(&input.into, What::Division)?,
    });
}

fn step(open: &mut Opening<'_>, appointment: &ID, step: Step) -> Result<Act, Stop> {
    let appointment: Object = open.object(appointment, What::Appointment)?;
    Ok(Act::AppointmentStep { appointment, step })
}

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
