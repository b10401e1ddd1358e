//! Inputs of corrections. What is absent stays as it is.

use super::{ActInput, HowCorrected};
use crate::act::{
    Act, AppointmentCorrection, DocumentCorrection, OrganizationCorrection, PersonCorrection, PostCorrection,
};
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, Day, EstablishmentType, InstitutionRank, ManagementMode,
    OrganizationCategory, OrganizationField, PersonnelIdentity, PostLevel, PostPosition,
    PublicInstitutionClass, TownshipOrgan,
};
use crate::graph::engine::Code;
use crate::graph::mutation::opening::{Opening, What};
use crate::policy::Stop;
use async_graphql::{ID, InputObject};

acts! {
    HowCorrected;

    /// What is registered of a body is corrected (机构信息更正), as it stands on the day `effectiveOn`. What is absent stays as it is; the
    /// change log keeps what stood there.
    OrganizationCorrectAct, OrganizationCorrectInput {
        /// The body (机构).
        organization: ID,
        /// Name (机构名称), at most 60 characters.
        name: Option<String>,
        /// Short name (简称); an empty text for none.
        short_name: Option<String>,
        /// Rank (机构规格).
        rank: Option<Code<InstitutionRank>>,
        /// Form (机构形态).
        category: Option<Code<OrganizationCategory>>,
        /// Field (工作领域).
        field: Option<Code<OrganizationField>>,
        /// Whether it fills a featured slot (特色机构).
        featured: Option<bool>,
        /// Class of an institution (事业单位分类).
        class: Option<Code<PublicInstitutionClass>>,
        /// Kind of an agency (派驻机构类别).
        agency_kind: Option<Code<AgencyKind>>,
        /// Management mode of an agency (管理体制).
        management_mode: Option<Code<ManagementMode>>,
        /// Unified social credit code (统一社会信用代码); an empty text for none. No two bodies of a county have one, so it takes a scope that
        /// covers the county.
        uscc: Option<String>,
        /// Duties (主要职责); an empty text for none.
        functions: Option<String>,
        /// Whether the public may see it (是否公开), on all days.
        disclosed: Option<bool>,
    } |input, open| {
        let organization = open.object("organization", &input.organization, What::Organization)?;
        if input.uscc.is_some() {
            open.in_whole_county();
        }
        let correction = Box::new(OrganizationCorrection {
            name: input.name.clone(),
            short_name: input.short_name.clone(),
            rank: input.rank.map(|code| code.0),
            category: input.category.map(|code| code.0),
            field: input.field.map(|code| code.0),
            featured: input.featured,
            class: input.class.map(|code| code.0),
            agency_kind: input.agency_kind.map(|code| code.0),
            management_mode: input.management_mode.map(|code| code.0),
            uscc: input.uscc.clone(),
            functions: input.functions.clone(),
            disclosed: input.disclosed,
        });
        Ok(Act::OrganizationCorrect { organization, correction })
    };

    /// The numbers of a type of establishment are corrected (编制数更正), as they stand on the day `effectiveOn`. What is absent stays as it
    /// is; the change log keeps what stood there.
    EstablishmentCorrectAct, EstablishmentCorrectInput {
        /// The body (机构).
        organization: ID,
        /// Type of establishment (编制类型).
        establishment_type: Code<EstablishmentType>,
        /// Approved posts (核定编制数). Unit: posts (个).
        approved: Option<i32>,
        /// Occupied posts (实有人数). Unit: posts (个).
        occupied: Option<i32>,
    } |input, open| Ok(Act::EstablishmentCorrect {
        organization: open.object("organization", &input.organization, What::Organization)?,
        kind: input.establishment_type.0,
        approved: input.approved,
        occupied: input.occupied,
    });

    /// What is registered of a leadership post is corrected (领导职务信息更正). What is absent stays as it is; the change log keeps what stood
    /// there.
    LeadershipPostCorrectAct, LeadershipPostCorrectInput {
        /// The post (领导职务).
        leadership_post: ID,
        /// The organ of the township that it belongs to (所属领导班子).
        organ: Option<Code<TownshipOrgan>>,
        /// Title (职务名称), at most 40 characters.
        title: Option<String>,
        /// Principal or deputy (正副职).
        position: Option<Code<PostPosition>>,
        /// Level (职务层次).
        level: Option<Code<PostLevel>>,
        /// How many may hold it (职数). Unit: posts (职).
        quota: Option<i32>,
    } |input, open| Ok(Act::LeadershipPostCorrect {
        post: open.object("leadershipPost", &input.leadership_post, What::LeadershipPost)?,
        correction: PostCorrection {
            organ: input.organ.map(|code| code.0),
            title: input.title.clone(),
            position: input.position.map(|code| code.0),
            level: input.level.map(|code| code.0),
            quota: input.quota,
        },
    });

    /// What is registered of an appointment is corrected (任职信息更正). What is absent stays as it is; the change log keeps what stood there.
    AppointmentCorrectAct, AppointmentCorrectInput {
        /// The appointment (任职).
        appointment: ID,
        /// Promotion, move, … (任职类型).
        kind: Option<Code<AppointmentKind>>,
        /// Elected, appointed, engaged (任职方式).
        mode: Option<Code<AppointmentMode>>,
        /// Held beside another post (是否兼任).
        concurrent: Option<bool>,
        /// Who nominated (提名机关); an empty text for none.
        nominator: Option<String>,
        /// Who decided (任命机关); an empty text for none.
        appointer: Option<String>,
        /// The day on which the post was taken up (任职日期).
        taken_up_on: Option<Day>,
        /// The day on which the post was left (免职日期), of one that was left.
        left_on: Option<Day>,
    } |input, open| Ok(Act::AppointmentCorrect {
        appointment: open.object("appointment", &input.appointment, What::Appointment)?,
        correction: AppointmentCorrection {
            kind: input.kind.map(|code| code.0),
            mode: input.mode.map(|code| code.0),
            concurrent: input.concurrent,
            nominator: input.nominator.clone(),
            appointer: input.appointer.clone(),
            taken_up_on: input.taken_up_on,
            left_on: input.left_on,
        },
    });

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
        person: open.object("person", &input.person, What::Person)?,
        correction: PersonCorrection {
            name: input.name.clone(),
            identity: input.identity.map(|code| code.0),
            birth_date: input.birth_date,
            id_number: input.id_number.clone(),
        },
    });

    /// What is registered of a document is corrected (依据文件信息更正). What is absent stays as it is; the change log keeps what stood there.
    DocumentCorrectAct, DocumentCorrectInput {
        /// The document (依据文件).
        document: ID,
        /// Document number (文号).
        number: Option<String>,
        /// Title (标题).
        title: Option<String>,
        /// Issuing body (发文机关).
        issuer: Option<String>,
        /// Date of issue (成文日期).
        issued_on: Option<Day>,
        /// Whether the public may see it (是否公开).
        disclosed: Option<bool>,
    } |input, open| Ok(Act::DocumentCorrect {
        document: open.object("document", &input.document, What::Document)?,
        correction: DocumentCorrection {
            number: input.number.clone(),
            title: input.title.clone(),
            issuer: input.issuer.clone(),
            issued_on: input.issued_on,
            disclosed: input.disclosed,
        },
    });

    /// The name of a division is corrected (区划名称更正), as it stands on the day `effectiveOn`. The change log keeps what stood there.
    DivisionCorrectAct, DivisionCorrectInput {
        /// The division (行政区划).
        division: ID,
        /// The name that is to stand there (名称), at most 60 characters.
        name: String,
    } |input, open| Ok(Act::DivisionCorrect {
        division: open.object("division", &input.division, What::Division)?,
        name: input.name.clone(),
    });
}
