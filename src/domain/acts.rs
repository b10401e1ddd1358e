//! The vocabularies of the change log: what is done to the register, and which of its tables a record of it is about.

use crate::code_list;

code_list! {
    /// Kind of an act (业务操作): what officials do to the register.
    ActKind {
        DocumentRegister = "DOCUMENT_REGISTER", "登记依据文件", "a basis document is registered";
        ReformRegister = "REFORM_REGISTER", "登记机构改革", "a reform is registered";
        OrganizationEstablish = "ORGANIZATION_ESTABLISH", "设立机构", "a body is founded";
        OrganizationRename = "ORGANIZATION_RENAME", "机构更名", "a body gets another name";
        OrganizationRerank = "ORGANIZATION_RERANK", "调整机构规格", "a body gets another rank";
        OrganizationTransfer = "ORGANIZATION_TRANSFER", "机构划转", "a body ends, another takes over what it holds";
        OrganizationMerge = "ORGANIZATION_MERGE", "机构合并", "bodies end, one takes over what they hold";
        OrganizationSplit = "ORGANIZATION_SPLIT", "机构分设", "a body ends, several come out of it";
        OrganizationAbolish = "ORGANIZATION_ABOLISH", "撤销机构", "a body that holds nothing ends";
        EstablishmentSet = "ESTABLISHMENT_SET", "核定编制", "posts of a type are approved";
        EstablishmentTransfer = "ESTABLISHMENT_TRANSFER", "划转编制", "posts of a type move to another body";
        LeadershipPostCreate = "LEADERSHIP_POST_CREATE", "设置领导职数", "a leadership post is created";
        LeadershipPostClose = "LEADERSHIP_POST_CLOSE", "核销领导职数", "a leadership post is closed";
        PersonAdd = "PERSON_ADD", "人员登记", "somebody is added";
        PersonCorrect = "PERSON_CORRECT", "人员信息更正", "what is registered of somebody is corrected";
        AppointmentPropose = "APPOINTMENT_PROPOSE", "动议提名", "somebody is proposed for a post";
        AppointmentRecord = "APPOINTMENT_RECORD", "登记任职", "an appointment is registered that was decided before";
        AppointmentConsult = "APPOINTMENT_CONSULT", "征求乡镇意见", "the township is heard";
        AppointmentAnswer = "APPOINTMENT_ANSWER", "乡镇答复", "the township answers";
        AppointmentDiscuss = "APPOINTMENT_DISCUSS", "讨论决定", "it is discussed and decided";
        AppointmentPublicise = "APPOINTMENT_PUBLICISE", "任前公示", "it is on public notice";
        AppointmentTakeUp = "APPOINTMENT_TAKE_UP", "任职", "the post is taken up";
        AppointmentProbation = "APPOINTMENT_PROBATION", "试用", "probation begins";
        AppointmentConfirm = "APPOINTMENT_CONFIRM", "试用期满任职", "confirmed after probation";
        AppointmentWithdraw = "APPOINTMENT_WITHDRAW", "撤回", "it is dropped";
        AppointmentRemove = "APPOINTMENT_REMOVE", "免职", "the post is left";
        SettingPatternAssign = "SETTING_PATTERN_ASSIGN", "确定设置模式", "a setting pattern holds for a township";
        DivisionChange = "DIVISION_CHANGE", "区划变更", "a division gets another name or code";
        DivisionMerge = "DIVISION_MERGE", "区划合并", "divisions end, one takes in their land";
        ReformDraftWrite = "REFORM_DRAFT_WRITE", "起草改革方案", "a reform is drafted";
        ReformDraftSubmit = "REFORM_DRAFT_SUBMIT", "提交改革方案", "a draft is submitted for review";
        ReformDraftReturn = "REFORM_DRAFT_RETURN", "退回改革方案", "a draft is returned to its author";
        ReformDraftRelease = "REFORM_DRAFT_RELEASE", "核准改革方案", "a draft is released by another than its author";
        OrganizationCorrect = "ORGANIZATION_CORRECT", "机构信息更正", "what is registered of a body is corrected";
        EstablishmentCorrect = "ESTABLISHMENT_CORRECT", "编制数更正", "numbers of posts are corrected";
        LeadershipPostCorrect = "LEADERSHIP_POST_CORRECT", "领导职务信息更正", "what is registered of a leadership post is corrected";
        AppointmentCorrect = "APPOINTMENT_CORRECT", "任职信息更正", "what is registered of an appointment is corrected";
        DocumentCorrect = "DOCUMENT_CORRECT", "依据文件信息更正", "what is registered of a document is corrected";
        DivisionCorrect = "DIVISION_CORRECT", "区划名称更正", "the name of a division is corrected";
        ChangeReverse = "CHANGE_REVERSE", "撤销登记", "what was registered in error is taken back";
        PersonalDataExport = "PERSONAL_DATA_EXPORT", "导出个人信息", "personal data were taken out as a file";
    }
}

code_list! {
    /// What a record of the change log is about (变更记录类别).
    RecordKind {
        Document = "DOCUMENT", "依据文件", "a basis document";
        Division = "DIVISION", "行政区划", "a division";
        DivisionVersion = "DIVISION_VERSION", "区划沿革", "what a division is called";
        DivisionTrait = "DIVISION_TRAIT", "区划特征", "a trait of a division";
        DivisionStatistics = "DIVISION_STATISTICS", "区划统计", "yearly figures of a division";
        Organization = "ORGANIZATION", "机构", "an organisation";
        OrganizationVersion = "ORGANIZATION_VERSION", "机构沿革", "what an organisation is";
        CompetentDepartment = "COMPETENT_DEPARTMENT", "主管部门", "a competent department of an agency";
        Establishment = "ESTABLISHMENT", "编制", "the establishment of an organisation";
        LeadershipPost = "LEADERSHIP_POST", "领导职务", "a leadership post";
        Person = "PERSON", "人员", "a person";
        Appointment = "APPOINTMENT", "任职", "an appointment";
        Reform = "REFORM", "机构改革", "a reform";
        ReformDraft = "REFORM_DRAFT", "改革方案草案", "a draft of a reform";
        OrganizationChange = "ORGANIZATION_CHANGE", "机构变动", "a change of organisations";
        OrganizationChangeParty = "ORGANIZATION_CHANGE_PARTY", "变动机构", "an organisation before or after a change";
        SettingPattern = "SETTING_PATTERN", "设置模式", "a setting pattern";
        SettingSlot = "SETTING_SLOT", "设置模式条目", "a slot of a setting pattern";
        PatternAssignment = "PATTERN_ASSIGNMENT", "模式适用", "which pattern holds for a township";
    }
}

impl ActKind {
    /// Whether it sets right what was written down wrongly, and changes nothing.
    #[must_use]
    pub fn is_correction(self) -> bool {
        matches!(self, Self::OrganizationCorrect | Self::EstablishmentCorrect | Self::LeadershipPostCorrect)
            || matches!(
                self,
                Self::AppointmentCorrect
                    | Self::DocumentCorrect
                    | Self::DivisionCorrect
                    | Self::PersonCorrect
            )
    }

    /// Whether it only reads: it is noted, and changes nothing.
    #[must_use]
    pub fn is_reading(self) -> bool {
        self == Self::PersonalDataExport
    }

    /// What the act makes, or is about; nothing when that is as many things as what it takes back.
    #[must_use]
    pub fn about(self) -> Option<RecordKind> {
        Some(match self {
            Self::DocumentRegister | Self::DocumentCorrect => RecordKind::Document,
            Self::ReformRegister => RecordKind::Reform,
            Self::OrganizationEstablish | Self::OrganizationRename | Self::OrganizationRerank => {
                RecordKind::Organization
            }
            Self::OrganizationTransfer | Self::OrganizationMerge | Self::OrganizationSplit => {
                RecordKind::Organization
            }
            Self::OrganizationAbolish | Self::EstablishmentSet | Self::EstablishmentTransfer => {
                RecordKind::Organization
            }
            Self::OrganizationCorrect | Self::EstablishmentCorrect => RecordKind::Organization,
            Self::SettingPatternAssign => RecordKind::Organization,
            Self::LeadershipPostCreate | Self::LeadershipPostClose | Self::LeadershipPostCorrect => {
                RecordKind::LeadershipPost
            }
            Self::PersonAdd | Self::PersonCorrect => RecordKind::Person,
            Self::AppointmentPropose | Self::AppointmentConsult | Self::AppointmentAnswer => {
                RecordKind::Appointment
            }
            Self::AppointmentDiscuss | Self::AppointmentPublicise | Self::AppointmentTakeUp => {
                RecordKind::Appointment
            }
            Self::AppointmentProbation | Self::AppointmentConfirm => RecordKind::Appointment,
            Self::AppointmentRecord | Self::AppointmentCorrect => RecordKind::Appointment,
            Self::AppointmentWithdraw | Self::AppointmentRemove => RecordKind::Appointment,
            Self::DivisionChange | Self::DivisionMerge | Self::DivisionCorrect => RecordKind::Division,
            Self::ReformDraftWrite | Self::ReformDraftSubmit => RecordKind::ReformDraft,
            Self::ReformDraftReturn | Self::ReformDraftRelease => RecordKind::ReformDraft,
            Self::PersonalDataExport => RecordKind::Person,
            Self::ChangeReverse => return None,
        })
    }
}
