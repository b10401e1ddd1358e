//! The acts: what officials do.

use super::{
    AppointmentCorrection, DocumentCorrection, NewAppointment, NewOrganization, NewPerson, NewPost,
    OrganizationCorrection, Past, PersonCorrection, PostCorrection, Step,
};
use crate::domain::{ActKind, DivisionCode, EstablishmentType, InstitutionRank};

/// An object that an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// One that is there, by its surrogate id.
    Id(i64),
    /// What an earlier act of the same batch made, by its place.
    Made(usize),
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A body is founded (设立).
    OrganizationEstablish(NewOrganization),
    /// A body gets another name (更名).
    OrganizationRename {
        /// The body.
        organization: Object,
        /// Its new name.
        name: String,
        /// Its new short name; none when absent.
        short_name: Option<String>,
    },
    /// A body gets another rank (规格调整).
    OrganizationRerank {
        /// The body.
        organization: Object,
        /// Its new rank.
        rank: InstitutionRank,
    },
    /// A body ends, and another that is there, or was founded in the same batch, takes over all that it holds (划转), such as the
    /// institution of a township what a seconded agency held.
    OrganizationTransfer {
        /// The body that ends.
        organization: Object,
        /// Its successor.
        successor: Object,
    },
    /// Bodies end, and one takes over all that they hold (合并).
    OrganizationMerge {
        /// The bodies that end.
        organizations: Vec<Object>,
        /// The body that takes over.
        into: Object,
    },
    /// A body that holds nothing any more ends, and several that are there, or were founded in the same batch, come out of it (分设).
    OrganizationSplit {
        /// The body that ends.
        organization: Object,
        /// The bodies that come out of it.
        into: Vec<Object>,
    },
    /// A body ends that holds nothing (撤销).
    OrganizationAbolish {
        /// The body.
        organization: Object,
    },
    /// Approved, and perhaps occupied posts of one type are set (核定编制).
    EstablishmentSet {
        /// The body.
        organization: Object,
        /// Type of establishment.
        kind: EstablishmentType,
        /// Approved posts.
        approved: i32,
        /// Occupied posts; as before when absent.
        occupied: Option<i32>,
    },
    /// Posts of one type move from a body to another (划转编制). A type never becomes another.
    EstablishmentTransfer {
        /// From this body.
        from: Object,
        /// To this one.
        to: Object,
        /// Type of establishment.
        kind: EstablishmentType,
        /// Approved posts that move.
        approved: i32,
        /// Occupied posts that move with them.
        occupied: i32,
    },
    /// A leadership post is created (设置领导职数).
    LeadershipPostCreate(NewPost),
    /// A leadership post is closed that nobody holds (核销领导职数).
    LeadershipPostClose {
        /// The post.
        post: Object,
    },
    /// Somebody is added to the register (人员登记).
    PersonAdd(NewPerson),
    /// What is registered of somebody is corrected (人员信息更正).
    PersonCorrect {
        /// The person.
        person: Object,
        /// What is to stand there.
        correction: PersonCorrection,
    },
    /// Somebody is proposed for a post (动议提名).
    AppointmentPropose(NewAppointment),
    /// Somebody holds, or held, a post: registered as it was decided before (登记任职).
    AppointmentRecord(Past),
    /// The township answers (乡镇答复): consent begins with 同意.
    AppointmentAnswer {
        /// The appointment.
        appointment: Object,
        /// What it answers.
        answer: String,
    },
    /// An appointment goes on by a step of its procedure.
    AppointmentStep {
        /// The appointment.
        appointment: Object,
        /// The step.
        step: Step,
    },
    /// A setting pattern holds for a township (确定设置模式).
    SettingPatternAssign {
        /// The township.
        township: Object,
        /// The pattern.
        pattern: Object,
    },
    /// A division gets another name, or another code, such as when a township becomes a town (撤乡设镇). It stays the same division.
    DivisionChange {
        /// The division.
        division: Object,
        /// Its new code; the same when absent.
        code: Option<DivisionCode>,
        /// Its new name.
        name: String,
    },
    /// Divisions in which no body sits any more end, and another takes in their land (区划合并).
    DivisionMerge {
        /// The divisions that end.
        divisions: Vec<Object>,
        /// The division that stays.
        into: Object,
    },
    /// What is registered of a body on the day is corrected (机构信息更正).
    OrganizationCorrect {
        /// The body.
        organization: Object,
        /// What is to stand there.
        correction: Box<OrganizationCorrection>,
    },
    /// The numbers of a type of establishment on the day are corrected (编制数更正).
    EstablishmentCorrect {
        /// The body.
        organization: Object,
        /// Type of establishment.
        kind: EstablishmentType,
        /// Approved posts; as they stand when absent.
        approved: Option<i32>,
        /// Occupied posts; as they stand when absent.
        occupied: Option<i32>,
    },
    /// What is registered of a leadership post is corrected (领导职务信息更正).
    LeadershipPostCorrect {
        /// The post.
        post: Object,
        /// What is to stand there.
        correction: PostCorrection,
    },
    /// What is registered of an appointment is corrected (任职信息更正).
    AppointmentCorrect {
        /// The appointment.
        appointment: Object,
        /// What is to stand there.
        correction: AppointmentCorrection,
    },
    /// What is registered of a document is corrected (依据文件信息更正).
    DocumentCorrect {
        /// The document.
        document: Object,
        /// What is to stand there.
        correction: DocumentCorrection,
    },
    /// The name that a division has on the day is corrected (区划名称更正).
    DivisionCorrect {
        /// The division.
        division: Object,
        /// The name that is to stand there.
        name: String,
    },
    /// All that was done in a revision is taken back (撤销登记), as if it had never been registered; the log keeps both.
    ChangeReverse {
        /// The revision. The log of its counties lies on the desk.
        revision: i64,
    },
}

impl Act {
    /// What it is called in the log.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::OrganizationEstablish(_) => ActKind::OrganizationEstablish,
            Self::OrganizationRename { .. } => ActKind::OrganizationRename,
            Self::OrganizationRerank { .. } => ActKind::OrganizationRerank,
            Self::OrganizationTransfer { .. } => ActKind::OrganizationTransfer,
            Self::OrganizationMerge { .. } => ActKind::OrganizationMerge,
            Self::OrganizationSplit { .. } => ActKind::OrganizationSplit,
            Self::OrganizationAbolish { .. } => ActKind::OrganizationAbolish,
            Self::EstablishmentSet { .. } => ActKind::EstablishmentSet,
            Self::EstablishmentTransfer { .. } => ActKind::EstablishmentTransfer,
            Self::LeadershipPostCreate(_) => ActKind::LeadershipPostCreate,
            Self::LeadershipPostClose { .. } => ActKind::LeadershipPostClose,
            Self::PersonAdd(_) => ActKind::PersonAdd,
            Self::PersonCorrect { .. } => ActKind::PersonCorrect,
            Self::AppointmentPropose(_) => ActKind::AppointmentPropose,
            Self::AppointmentRecord(_) => ActKind::AppointmentRecord,
            Self::AppointmentAnswer { .. } => ActKind::AppointmentAnswer,
            Self::AppointmentStep { step, .. } => step.kind(),
            Self::SettingPatternAssign { .. } => ActKind::SettingPatternAssign,
            Self::DivisionChange { .. } => ActKind::DivisionChange,
            Self::DivisionMerge { .. } => ActKind::DivisionMerge,
            Self::OrganizationCorrect { .. } => ActKind::OrganizationCorrect,
            Self::EstablishmentCorrect { .. } => ActKind::EstablishmentCorrect,
            Self::LeadershipPostCorrect { .. } => ActKind::LeadershipPostCorrect,
            Self::AppointmentCorrect { .. } => ActKind::AppointmentCorrect,
            Self::DocumentCorrect { .. } => ActKind::DocumentCorrect,
            Self::DivisionCorrect { .. } => ActKind::DivisionCorrect,
            Self::ChangeReverse { .. } => ActKind::ChangeReverse,
        }
    }

    /// The revision that it takes back.
    #[must_use]
    pub fn reverses(&self) -> Option<i64> {
        match self {
            Self::ChangeReverse { revision } => Some(*revision),
            _ => None,
        }
    }
}
