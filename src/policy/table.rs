//! The policy: one exhaustive table, with no default arm. A change of it shows as a diff of `tests/golden/policy.txt`.

use crate::code_list;
use crate::domain::Role;

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
