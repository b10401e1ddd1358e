//! Who may do what: one exhaustive table of acts and roles, and where a grant counts.

use super::rights::Reach;
use super::view::View;
use crate::code_list;
use crate::domain::{ActKind, CodeRange, DivisionCode, Role};
use crate::snapshot::Handle;

code_list! {
    /// How far a role may go with an act (操作权限).
    Hand {
        None = "NONE", "无权操作", "not at all";
        Try = "TRY", "仅可试算和起草", "try it, and draft it for another to release";
        Carry = "CARRY", "可办理", "carry it out";
    }
}

/// How far a role may go with an act, within the scope of its grant.
///
/// Source: establishment is approved by the office of the establishment committee (机构编制委员会办公室), whose clerks prepare what its
/// director signs; leaders are appointed by the organisation department; the township's leader answers for the township.
#[must_use]
pub fn hand(act: ActKind, role: Role) -> Hand {
    use ActKind as A;
    use Role as R;
    match act {
        A::DocumentRegister | A::ReformRegister | A::OrganizationEstablish | A::OrganizationRename => {
            establishing(role)
        }
        A::OrganizationRerank | A::OrganizationTransfer | A::OrganizationMerge => establishing(role),
        A::OrganizationSplit | A::OrganizationAbolish | A::EstablishmentSet => establishing(role),
        A::EstablishmentTransfer | A::LeadershipPostCreate | A::LeadershipPostClose => establishing(role),
        A::SettingPatternAssign | A::DivisionChange | A::DivisionMerge => establishing(role),
        // Another than the author releases it: that is a rule of drafts, not of roles.
        A::ReformDraftReturn | A::ReformDraftRelease => establishing(role),
        A::ReformDraftWrite | A::ReformDraftSubmit => match establishing(role) {
            Hand::Try | Hand::Carry => Hand::Carry,
            Hand::None => Hand::None,
        },
        A::PersonAdd | A::PersonCorrect => match role {
            R::OrganizationDept | R::HrSocial => Hand::Carry,
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => Hand::None,
            R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => Hand::None,
            R::EstablishmentCommittee | R::Finance | R::Inspector | R::Dispatcher => Hand::None,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
        },
        A::AppointmentPropose | A::AppointmentConsult | A::AppointmentDiscuss => appointing(role),
        A::AppointmentPublicise | A::AppointmentTakeUp | A::AppointmentProbation => appointing(role),
        A::AppointmentRecord | A::AppointmentConfirm | A::AppointmentWithdraw | A::AppointmentRemove => {
            appointing(role)
        }
        A::AppointmentAnswer => match role {
            R::TownshipLeader => Hand::Carry,
            R::Public | R::Analyst | R::TownshipClerk | R::DepartmentClerk | R::DepartmentLeader => {
                Hand::None
            }
            R::EstablishmentClerk | R::EstablishmentDirector | R::EstablishmentCommittee => Hand::None,
            R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector | R::Dispatcher => Hand::None,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
        },
    }
}

fn establishing(role: Role) -> Hand {
    use Role as R;
    match role {
        R::EstablishmentDirector | R::EstablishmentCommittee => Hand::Carry,
        R::EstablishmentClerk => Hand::Try,
        R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => Hand::None,
        R::DepartmentLeader | R::OrganizationDept | R::HrSocial | R::Finance | R::Inspector => Hand::None,
        R::Dispatcher | R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
    }
}

fn appointing(role: Role) -> Hand {
    use Role as R;
    match role {
        R::OrganizationDept => Hand::Carry,
        R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => Hand::None,
        R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => Hand::None,
        R::EstablishmentCommittee | R::HrSocial | R::Finance | R::Inspector | R::Dispatcher => Hand::None,
        R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
    }
}

/// Where an act is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// With a body.
    Organization(Handle),
    /// In a division.
    Division(DivisionCode),
    /// In a whole territory.
    Territory(CodeRange),
}

impl View {
    /// How far the viewer may go with an act at a place.
    #[must_use]
    pub fn hand(&self, act: ActKind, place: Place) -> Hand {
        let reaches = |least: Hand| {
            let reach = Reach::of(self.viewer(), &self.snapshot, |role| hand(act, role) >= least);
            match place {
                Place::Organization(body) => match self.organization(body) {
                    Some(version) => reach.holds(version.division, self.line_of(body, version, self.as_of())),
                    None => reach.covers(self.home(body)),
                },
                Place::Division(code) => reach.covers(code.range()),
                Place::Territory(range) => reach.covers(range),
            }
        };
        [Hand::Carry, Hand::Try].into_iter().find(|least| reaches(*least)).unwrap_or(Hand::None)
    }

    /// The role in which the viewer does an act: the first of the grants that allows it.
    #[must_use]
    pub fn acting_role(&self, act: ActKind, least: Hand) -> Role {
        let grants = self.viewer().grants.iter().map(|grant| grant.role);
        grants.into_iter().find(|role| hand(act, *role) >= least).unwrap_or(Role::Public)
    }
}
