//! Who may do what: one exhaustive table of acts and roles, and where a grant counts.

use super::rights::Reach;
use super::view::View;
use super::viewer::Viewer;
use crate::code_list;
use crate::domain::{ActKind, CodeList, CodeRange, DivisionCode, RecordKind, Role};
use crate::snapshot::Handle;
use std::collections::BTreeSet;

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
        A::ReformRegister | A::OrganizationEstablish | A::OrganizationRename => establishing(role),
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
        // Whoever decides puts the decision on file.
        A::DocumentRegister => match role {
            R::OrganizationDept | R::HrSocial => Hand::Carry,
            _ => establishing(role),
        },
        // What is undone also has to be allowed, act by act. It cannot be drafted.
        A::ChangeReverse => match role {
            R::OrganizationDept | R::HrSocial => Hand::Carry,
            R::EstablishmentClerk => Hand::None,
            _ => establishing(role),
        },
        // No part of a reform, so there is nothing to draft.
        A::OrganizationCorrect | A::EstablishmentCorrect | A::LeadershipPostCorrect => correcting(role),
        A::DocumentCorrect | A::DivisionCorrect => correcting(role),
        A::PersonAdd | A::PersonCorrect => match role {
            R::OrganizationDept | R::HrSocial => Hand::Carry,
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => Hand::None,
            R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => Hand::None,
            R::EstablishmentCommittee | R::Finance | R::Inspector | R::Dispatcher => Hand::None,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
        },
        // Who keeps personal data takes them out, and who inspects.
        A::PersonalDataExport => match role {
            R::OrganizationDept | R::HrSocial | R::Inspector => Hand::Carry,
            R::Public | R::Analyst | R::TownshipClerk | R::TownshipLeader | R::DepartmentClerk => Hand::None,
            R::DepartmentLeader | R::EstablishmentClerk | R::EstablishmentDirector => Hand::None,
            R::EstablishmentCommittee | R::Finance | R::Dispatcher => Hand::None,
            R::SystemAdmin | R::SecurityAdmin | R::Auditor => Hand::None,
        },
        A::AppointmentPropose | A::AppointmentConsult | A::AppointmentDiscuss => appointing(role),
        A::AppointmentPublicise | A::AppointmentTakeUp | A::AppointmentProbation => appointing(role),
        A::AppointmentRecord | A::AppointmentConfirm | A::AppointmentWithdraw => appointing(role),
        A::AppointmentRemove | A::AppointmentCorrect => appointing(role),
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

fn correcting(role: Role) -> Hand {
    match establishing(role) {
        Hand::Carry => Hand::Carry,
        Hand::Try | Hand::None => Hand::None,
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
    /// How far the viewer may go with an act at a place, and in which role: on the day of the view, and today where the place is there
    /// today. Which day an act takes effect on is the viewer's choice.
    #[must_use]
    pub fn hand(&self, act: ActKind, place: Place) -> (Hand, Role) {
        let roles = self.roles_at(place, |role| hand(act, role) > Hand::None).into_iter();
        let here = roles.map(|role| (hand(act, role), role));
        here.max_by_key(|(hand, _)| *hand).unwrap_or((Hand::None, Role::Public))
    }

    /// How far the viewer may go with each act at a place, of those that make or are about certain things.
    #[must_use]
    pub fn hands(&self, place: Place, about: &[Option<RecordKind>]) -> Vec<(ActKind, Hand)> {
        let roles = self.roles_at(place, |_| true);
        let acts =
            (0..).map_while(ActKind::at).filter(|act| about.contains(&act.about()) && !act.is_reading());
        let far = |act| roles.iter().map(|role| hand(act, *role)).max().unwrap_or(Hand::None);
        acts.map(|act| (act, far(act))).collect()
    }

    /// The acts that are undone with a revision, by county: its own, and where it undid others, those of the others too.
    #[must_use]
    pub fn undone_by(&self, revision: i64) -> BTreeSet<(i32, Option<ActKind>)> {
        let (mut out, mut next) = (BTreeSet::new(), Some(revision));
        while let Some(revision) = next.take() {
            for entry in self.whole_revision(CodeRange::ALL, revision) {
                let row = self.entry_row(entry);
                out.insert((self.county_of(entry), row.act));
                // What it takes back came before it.
                next = next.or(row.reverses.filter(|earlier| *earlier < revision));
            }
        }
        out
    }

    /// How far the viewer may go with undoing acts in their counties, and with which of them least. Nothing when there are none.
    #[must_use]
    pub fn hand_to_undo(&self, acts: &BTreeSet<(i32, Option<ActKind>)>) -> Option<(Hand, ActKind)> {
        let each = acts.iter().map(|(county, act)| {
            let place = Place::Territory(DivisionCode::of_shard(county.cast_unsigned()).range());
            match act {
                // Who asked the township for its answer may take the answer back.
                Some(ActKind::AppointmentAnswer) => {
                    (self.hand(ActKind::AppointmentConsult, place).0, ActKind::AppointmentConsult)
                }
                Some(act) => (self.hand(*act, place).0, *act),
                // What a later release did is undone by that.
                None => (Hand::None, ActKind::ChangeReverse),
            }
        });
        each.min_by_key(|(hand, _)| *hand)
    }

    /// The roles that the viewer has at a place, of some.
    fn roles_at(&self, place: Place, wanted: impl Fn(Role) -> bool) -> Vec<Role> {
        let grants = self.viewer().grants.iter().filter(|grant| wanted(grant.role));
        let here = grants.filter(|grant| {
            let one = Viewer { subject: None, grants: vec![(*grant).clone()] };
            let reach = Reach::of(&one, &self.snapshot, |other| other == grant.role);
            self.reaches(&reach, place)
        });
        here.map(|grant| grant.role).collect()
    }

    fn reaches(&self, reach: &Reach, place: Place) -> bool {
        match place {
            Place::Organization(body) => {
                let on = |day| {
                    let version = self.organization_at(body, day)?;
                    Some(reach.holds(version.division, self.line_of(body, version, day)))
                };
                match (on(self.as_of()), on(self.today)) {
                    (None, None) => reach.covers(self.home(body)),
                    (then, now) => then.unwrap_or(true) && now.unwrap_or(true),
                }
            }
            Place::Division(code) => reach.covers(code.range()),
            Place::Territory(range) => reach.covers(range),
        }
    }
}

/// The roles that may carry out an act.
#[must_use]
pub fn carriers(act: ActKind) -> Vec<&'static str> {
    let roles = (0..).map_while(Role::at).filter(|role| hand(act, *role) == Hand::Carry);
    roles.map(CodeList::value).collect()
}
