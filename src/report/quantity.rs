//! Quantities: what is added up over facts. Measures are quantities, or one divided by another.

use super::attribute::{age, numbers, residents};
use super::counting::{
    above_rank, age_of, complete, departed, figures, gender, goes_on, here, holds_several, leader, managed,
    mandatory, only, own_numbers, own_places, parties, pattern, places, posts, since, slots, with_age, woman,
};
use super::fact::{Fact, ReportFact};
use crate::domain::{ManagementMode, OrganizationCategory, OrganizationKind as K, PostPosition, Posts};
use rustc_hash::FxHashSet;

/// How a fact adds to a quantity.
#[derive(Clone, Copy)]
pub enum Add {
    /// A number; nothing where the fact has none.
    Number(fn(&Fact<'_, '_>) -> Option<i64>),
    /// One of the numbers of an own body: all that are asked for are worked out together.
    Own(Posts),
    /// Something that is counted once in each group and in each total.
    Once(fn(&Fact<'_, '_>) -> Counted),
}

/// What a fact has that is counted once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The fact says nothing of it.
    Nothing,
    /// The fact has none.
    None,
    /// This.
    This(u64),
}

impl From<Option<u64>> for Counted {
    fn from(what: Option<u64>) -> Self {
        what.map_or(Self::Nothing, Self::This)
    }
}

macro_rules! quantities {
    ($($(#[doc = $doc:literal])+ $variant:ident, $fact:ident, $add:expr;)+) => {
        /// What is added up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Quantity { $($(#[doc = $doc])+ $variant),+ }

        const FACTS: &[(ReportFact, Add)] = &[$((ReportFact::$fact, $add)),+];
    };
}

use Add::{Number, Once, Own};

quantities! {
    /// Townships.
    Townships, Township, Number(|_| Some(1));
    /// Townships to which a pattern is assigned.
    Patterned, Township, Number(|f| Some(i64::from(pattern(f).is_some())));
    /// The fewest bodies that patterns ask for.
    Least, Township, Number(|f| slots(f, |slot| slot.0));
    /// The most bodies that patterns allow.
    Most, Township, Number(|f| slots(f, |slot| slot.1));
    /// Departures from patterns, in bodies.
    Deviations, Township, Number(departed);
    /// Townships that depart from their pattern.
    Deviating, Township, Number(|f| departed(f).map(|count| i64::from(count > 0)));
    /// Slots that a township has to fill.
    Mandatory, Township, Number(|f| mandatory(f).map(|(slots, _)| slots));
    /// Those that are filled.
    Filled, Township, Number(|f| mandatory(f).map(|(_, filled)| filled));
    /// Residents.
    Residents, Township, Number(|f| residents(f).map(i64::from));
    /// Villagers' committees.
    VillageCommittees, Township, Number(|f| figures(f).and_then(|row| row.village_committees).map(i64::from));
    /// Residents' committees.
    ResidentsCommittees, Township, Number(|f| figures(f).and_then(|row| row.residents_committees).map(i64::from));
    /// Bodies of all kinds.
    Bodies, Body, Number(|_| Some(1));
    /// Offices and institutions of townships.
    OwnBodies, Body, Number(|f| here(f, |f, b| f.own && !b.is_township()));
    /// Internal offices.
    Offices, Body, Number(|f| here(f, |_, b| b.kind == K::InternalOffice));
    /// Public institutions of townships.
    Institutions, Body, Number(|f| here(f, |f, b| f.own && b.kind == K::PublicInstitution));
    /// Public institutions of the county and above.
    UpperInstitutions, Body, Number(|f| only(f, |f, b| !f.own && b.kind == K::PublicInstitution));
    /// Seconded agencies.
    Agencies, Body, Number(|f| here(f, |_, b| b.kind == K::SecondedAgency));
    /// Departments.
    Departments, Body, Number(|f| only(f, |_, b| b.kind == K::Department));
    /// Enforcement teams.
    Teams, Body, Number(|f| Some(i64::from(f.form().is_some_and(|v| v.category == Some(OrganizationCategory::EnforcementTeam)))));
    /// Featured institutions.
    Featured, Body, Number(|f| Some(i64::from(f.form().is_some_and(|v| v.featured))));
    /// Agencies under territorial management.
    Territorial, Body, Number(|f| managed(f, ManagementMode::Territorial));
    /// Agencies under dual management.
    Dual, Body, Number(|f| managed(f, ManagementMode::Dual));
    /// Agencies under vertical management.
    Vertical, Body, Number(|f| managed(f, ManagementMode::Vertical));
    /// Agencies that the township commands.
    Commanded, Body, Number(|f| here(f, |f, b| b.kind == K::SecondedAgency && f.form().is_some_and(|v| v.unified_command)));
    /// Agencies on whose head the township is heard.
    Heard, Body, Number(|f| here(f, |f, b| b.kind == K::SecondedAgency && f.form().is_some_and(|v| v.head_rule.is_some())));
    /// Own bodies of townships, and agencies.
    InTownships, Body, Number(|f| here(f, |f, b| f.own && !b.is_township() || b.kind == K::SecondedAgency));
    /// Bodies without duties in words.
    WithoutDuties, Body, Number(|f| Some(i64::from(f.form().is_some_and(|v| v.functions.is_none()))));
    /// Bodies with all that a complete record has.
    Complete, Body, Number(|f| only(f, complete));
    /// Own bodies with establishment.
    Staffed, Body, Number(|f| Some(i64::from(f.own && numbers(f).is_some())));
    /// Own bodies with more posts occupied than approved, of any type.
    OverBodies, Body, Number(|f| own_numbers(f).map(|n| i64::from(n.over > 0)));
    /// Own bodies with a vacant post.
    VacantBodies, Body, Number(|f| own_numbers(f).map(|n| i64::from(n.vacant > 0)));
    /// Bodies that go on beside what they became.
    Parallel, Body, Number(|f| only(f, goes_on));
    /// Approved posts of townships with their own bodies.
    Approved, Establishment, Own(Posts::Approved);
    /// Occupied posts.
    Occupied, Establishment, Own(Posts::Occupied);
    /// Vacant posts.
    Vacant, Establishment, Own(Posts::Vacant);
    /// Posts too many.
    Over, Establishment, Own(Posts::Over);
    /// Approved posts where residents are registered.
    ApprovedWithResidents, Establishment, Number(|f| residents(f).and_then(|_| posts(f).map(|n| n.approved)));
    /// Leadership posts of all bodies.
    LeadershipPosts, Post, Number(|_| Some(1));
    /// Leadership posts of all bodies with a vacant place.
    VacantPosts, Post, Number(|f| places(f).map(|(quota, held, _)| i64::from(quota > held)));
    /// Approved leadership posts of own bodies.
    Quota, Post, Number(|f| own_places(f).map(|(quota, _, _)| quota));
    /// Leaders in post.
    InPost, Post, Number(|f| own_places(f).map(|(_, held, _)| held));
    /// Vacant places.
    VacantPlaces, Post, Number(|f| own_places(f).map(|(quota, held, _)| (quota - held).max(0)));
    /// Leaders beyond the approved number.
    OverQuota, Post, Number(|f| own_places(f).map(|(quota, held, _)| (held - quota).max(0)));
    /// Vacant principal posts.
    VacantPrincipals, Post, Number(|f| own_places(f).map(|(quota, held, form)| if form.position == PostPosition::Principal { (quota - held).max(0) } else { 0 }));
    /// Posts that are held and above the rank of their body.
    OverRank, Post, Number(|f| places(f).map(|(_, held, form)| i64::from(held > 0 && above_rank(f, form))));
    /// Posts with more holders than places, or held above the rank of their body.
    Irregular, Post, Number(|f| places(f).map(|(quota, held, form)| i64::from(held > quota || held > 0 && above_rank(f, form))));
    /// Appointments in force.
    Appointments, Appointment, Number(|_| Some(1));
    /// Appointments held beside another.
    Concurrent, Appointment, Number(|f| f.appointment.map(|a| i64::from(f.place.view.procedure(a).concurrent)));
    /// Persons who hold posts.
    Leaders, Appointment, Once(|f| leader(f).into());
    /// Persons who hold more than one post.
    Several, Appointment, Once(|f| leader(f).map_or(Counted::Nothing, |id| if holds_several(f, id) { Counted::This(id) } else { Counted::None }));
    /// Days in post.
    DaysInPost, Appointment, Number(|f| since(f).map(|from| i64::from(f.place.view.as_of().0 - from)));
    /// Appointments of which the beginning is known.
    Dated, Appointment, Number(|f| Some(i64::from(since(f).is_some())));
    /// Appointments before which the township was heard.
    Consulted, Appointment, Number(|f| f.appointment.map(|a| i64::from(f.place.view.consultation(a).is_some())));
    /// Persons whose personal attributes may be counted.
    Persons, Appointment, Once(|f| f.person().and_then(|_| leader(f)).into());
    /// Women among them.
    Women, Appointment, Once(woman);
    /// Persons whose gender is known.
    Gendered, Appointment, Once(|f| gender(f).and_then(|_| leader(f)).into());
    /// Years of age of persons, summed: each person counts once, with its age.
    Years, Appointment, Once(|f| with_age(f).into());
    /// Persons whose age is known.
    Aged, Appointment, Once(|f| age(f).and_then(|_| leader(f)).into());
    /// Changes of organisations.
    Changes, Change, Number(|_| Some(1));
    /// Bodies that were founded.
    Founded, Change, Number(|f| parties(f, true));
    /// Bodies that ended.
    Ended, Change, Number(|f| parties(f, false));
}

impl Quantity {
    /// What it is added up over.
    #[must_use]
    pub fn fact(self) -> ReportFact {
        FACTS[self as usize].0
    }

    /// Whether bodies that are not a township's own add nothing to it.
    #[must_use]
    pub fn is_own(self) -> bool {
        use Quantity as Q;
        let own = matches!(
            self,
            Q::ApprovedWithResidents
                | Q::Quota
                | Q::InPost
                | Q::VacantPlaces
                | Q::OverQuota
                | Q::VacantPrincipals
        );
        own || matches!(self.add(), Own(_))
            || matches!(self.fact(), ReportFact::Township | ReportFact::Change)
    }

    /// What is told of all that was counted once: how many there are, or the sum of their ages.
    #[must_use]
    pub fn told(self, counted: &FxHashSet<u64>) -> i64 {
        let sum = |all: u64| i64::try_from(all).unwrap_or(i64::MAX);
        if self == Self::Years {
            sum(counted.iter().map(|who| age_of(*who)).sum())
        } else {
            sum(counted.len() as u64)
        }
    }

    /// How a fact adds to it.
    #[must_use]
    pub fn add(self) -> Add {
        FACTS[self as usize].1
    }
}
