//! The policy: one exhaustive table, with no default arm. A change of it shows as a diff of `tests/golden/policy.txt`.

use crate::code_list;
use crate::domain::{RecordKind, Role};

code_list! {
    /// Class of data (数据分级) of a field.
    Class {
        Public = "PUBLIC", "公开", "public";
        Internal = "INTERNAL", "内部", "internal: numbers and procedures";
        Personal = "PERSONAL", "个人信息", "personal data";
        Sensitive = "SENSITIVE", "敏感个人信息", "sensitive personal data";
    }
}

code_list! {
    /// Rule by which a field, or a row, is shown (访问规则). A rule names roles; the grant's scope says where.
    Rule {
        Open = "OPEN", "公开", "everybody";
        Numbers = "NUMBERS", "编制数据", "establishment, quotas, vacancies and deviations";
        Appointing = "APPOINTING", "任免过程", "how somebody came to a post: nomination, consultation";
        Staffing = "STAFFING", "人员信息", "identity, birth and telephone of a person";
        IdentityNumber = "IDENTITY_NUMBER", "身份证件", "identity number of a person";
        Undisclosed = "UNDISCLOSED", "未公开机构和文件", "rows: bodies and documents that are not published";
        Drafts = "DRAFTS", "改革方案草案", "rows: drafts of reforms";
        Structured = "STRUCTURED", "人员结构统计", "personal attributes of persons in groups";
        Logged = "LOGGED", "变更经办信息", "who changed the register, in which role and request";
        Pending = "PENDING", "未公布任免", "rows: appointments that are not published";
    }
}

/// Whether a role may read what a rule protects, within the scope of its grant.
///
/// Source: the roles and readers of each system of the field; personal data by the principle of minimum scope.
/// The three administrators read no business data: they see what the public sees.
#[must_use]
pub fn allows(rule: Rule, role: Role) -> bool {
    use Role as R;
    match rule {
        Rule::Open => match role {
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => true,
            R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => true,
            R::EstablishmentCommittee | R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector => true,
            R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => true,
        },
        Rule::Numbers => match role {
            R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk | R::DepartmentLeader => {
                true
            }
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => true,
            R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector => true,
            R::Public | R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        Rule::Appointing => match role {
            R::TownshipLeader | R::OrganizationDept | R::Inspector => true,
            R::Public | R::Analyst | R::TownshipClerk | R::DepartmentClerk | R::DepartmentLeader => false,
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => false,
            R::HrSocial | R::Finance | R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => {
                false
            }
        },
        Rule::Staffing => match role {
            R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk | R::DepartmentLeader => true,
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => true,
            R::OrganizationDept | R::HrSocial | R::Inspector => true,
            R::Public | R::Analyst | R::Finance | R::Dispatcher => false,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        // Who reads persons one by one, and who analyses them in groups.
        Rule::Structured => match role {
            R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk | R::DepartmentLeader => {
                true
            }
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => true,
            R::OrganizationDept | R::HrSocial | R::Inspector => true,
            R::Public | R::Finance | R::Dispatcher => false,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        Rule::IdentityNumber => match role {
            R::OrganizationDept | R::HrSocial => true,
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => false,
            R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => false,
            R::EstablishmentCommittee | R::Finance | R::Inspector | R::Dispatcher => false,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        Rule::Undisclosed => match role {
            R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk | R::DepartmentLeader => true,
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => true,
            R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector => true,
            R::Public | R::Analyst | R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        Rule::Drafts => match role {
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => true,
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => false,
            R::DepartmentLeader | R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector => false,
            R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
        Rule::Logged => match role {
            R::TownshipLeader | R::EstablishmentClerk | R::EstablishmentDirector => true,
            R::EstablishmentCommittee | R::OrganizationDept | R::HrSocial | R::Inspector => true,
            // What the administrator of audit is there for: who did what and when, never the values.
            R::Auditor => true,
            R::Public | R::Analyst | R::TownshipClerk | R::DepartmentClerk | R::DepartmentLeader => false,
            R::Finance | R::Dispatcher | R::SystemAdmin | R::SecurityAdmin => false,
        },
        Rule::Pending => match role {
            R::TownshipLeader | R::OrganizationDept => true,
            R::Public | R::Analyst | R::TownshipClerk | R::DepartmentClerk | R::DepartmentLeader => false,
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => false,
            R::HrSocial | R::Finance | R::Inspector | R::Dispatcher => false,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => false,
        },
    }
}

/// The rule by which a column of a record is shown. Nothing for one that is not known here: it is shown to nobody.
#[must_use]
pub fn column_rule(kind: RecordKind, column: &str) -> Option<Rule> {
    use RecordKind as K;
    let (open, rest): (&[&str], &[(&str, Rule)]) = match kind {
        K::Document => (&["number", "title", "issuer", "issued_on", "disclosed"], &[]),
        K::Division => (&[], &[]),
        K::DivisionVersion => (&["code", "name"], &[]),
        K::DivisionTrait => (&["name", "synthetic"], &[]),
        K::DivisionStatistics => (
            &["year", "population", "residents_committees", "village_committees", "other_units", "synthetic"],
            &[],
        ),
        K::Organization => (&["kind", "disclosed"], &[]),
        K::OrganizationVersion => (
            &[
                "name",
                "short_name",
                "rank",
                "division_code",
                "category",
                "field",
                "featured",
                "class",
                "uscc",
                "agency_kind",
                "management_mode",
                "unified_command",
                "head_rule",
                "appraisal_weight",
                "functions",
            ],
            &[],
        ),
        K::CompetentDepartment | K::PatternAssignment => (&[], &[]),
        K::Establishment => {
            (&[], &[("kind", Rule::Numbers), ("approved", Rule::Numbers), ("occupied", Rule::Numbers)])
        }
        K::LeadershipPost => (&["organ", "title", "position", "level"], &[("quota", Rule::Numbers)]),
        K::Person => (
            &["name"],
            &[
                ("identity", Rule::Staffing),
                ("gender", Rule::Staffing),
                ("ethnicity", Rule::Staffing),
                ("birth_date", Rule::Staffing),
                ("phone", Rule::Staffing),
                ("id_number", Rule::IdentityNumber),
            ],
        ),
        K::Appointment => (
            &["kind", "mode", "state", "concurrent"],
            &[
                ("nominator", Rule::Appointing),
                ("appointer", Rule::Appointing),
                ("consultation", Rule::Appointing),
                ("consulted_on", Rule::Appointing),
                ("answered_on", Rule::Appointing),
                ("answer", Rule::Appointing),
                ("publicised_on", Rule::Appointing),
            ],
        ),
        K::Reform => (&["name", "effective_on"], &[]),
        K::ReformDraft => (&["name", "state", "author", "reviewer", "opinion"], &[]),
        K::OrganizationChange => (&["kind", "effective_on"], &[]),
        K::OrganizationChangeParty => (&["resulting"], &[]),
        K::SettingPattern => (&["name", "notation"], &[]),
        K::SettingSlot => {
            (&["label", "kind", "category", "fields", "featured", "min", "max", "condition"], &[])
        }
    };
    if open.contains(&column) || matches!(column, "valid_from" | "valid_to") {
        return Some(Rule::Open);
    }
    rest.iter().find(|(name, _)| *name == column).map(|(_, rule)| *rule)
}
