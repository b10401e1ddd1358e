//! Quantities: what is added up over facts. Measures are quantities, or one divided by another.

use super::dimension::{age, numbers, residents};
use super::fact::{Fact, ReportFact};
use crate::domain::setting_pattern::{deviations, provided};
use crate::domain::{
    DivisionTrait, InstitutionRank, ManagementMode, Numbers, OrganizationCategory, OrganizationKind as K, PostLevel,
    PostPosition, Validity,
};
use crate::policy::Sight;
use crate::snapshot::{Handle, PatternRow, PostForm};

/// How a fact adds to a quantity.
#[derive(Clone, Copy)]
pub enum Add {
    /// A number; nothing where the fact has none.
    Number(fn(&Fact<'_, '_>) -> Option<i64>),
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

use Add::{Number, Once};

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
    OwnBodies, Body, Number(|f| here(f, |f, b| f.own && !b.row.is_township()));
    /// Internal offices.
    Offices, Body, Number(|f| here(f, |_, b| b.row.kind == K::InternalOffice));
    /// Public institutions of townships.
    Institutions, Body, Number(|f| here(f, |f, b| f.own && b.row.kind == K::PublicInstitution));
    /// Public institutions of the county and above.
    UpperInstitutions, Body, Number(|f| only(f, |f, b| !f.own && b.row.kind == K::PublicInstitution));
    /// Seconded agencies.
    Agencies, Body, Number(|f| here(f, |_, b| b.row.kind == K::SecondedAgency));
    /// Departments.
    Departments, Body, Number(|f| only(f, |_, b| b.row.kind == K::Department));
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
    Commanded, Body, Number(|f| here(f, |f, b| b.row.kind == K::SecondedAgency && f.form().is_some_and(|v| v.unified_command)));
    /// Agencies on whose head the township is heard.
    Heard, Body, Number(|f| here(f, |f, b| b.row.kind == K::SecondedAgency && f.form().is_some_and(|v| v.head_rule.is_some())));
    /// Bodies in townships.
    InTownships, Body, Number(|f| here(f, |f, b| f.place.township.is_some() && !b.row.is_township()));
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
    Approved, Establishment, Number(|f| posts(f, |n| n.approved));
    /// Occupied posts.
    Occupied, Establishment, Number(|f| posts(f, |n| n.occupied));
    /// Vacant posts.
    Vacant, Establishment, Number(|f| posts(f, |n| n.vacant));
    /// Posts too many.
    Over, Establishment, Number(|f| posts(f, |n| n.over));
    /// Approved posts where residents are registered.
    ApprovedWithResidents, Establishment, Number(|f| residents(f).and_then(|_| posts(f, |n| n.approved)));
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
    /// Years of age, of appointments.
    Years, Appointment, Number(age);
    /// Appointments of persons whose age is known.
    Aged, Appointment, Number(|f| age(f).map(|_| 1));
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

    /// How a fact adds to it.
    #[must_use]
    pub fn add(self) -> Add {
        FACTS[self as usize].1
    }
}

fn only(fact: &Fact<'_, '_>, is: impl Fn(&Fact<'_, '_>, Sight<'_>) -> bool) -> Option<i64> {
    Some(i64::from(is(fact, fact.body?)))
}

/// The same for what belongs to townships: of what is above them it says nothing, not zero.
fn here(fact: &Fact<'_, '_>, is: impl Fn(&Fact<'_, '_>, Sight<'_>) -> bool) -> Option<i64> {
    only(fact, is).filter(|number| *number > 0 || fact.place.township.is_some())
}

fn managed(fact: &Fact<'_, '_>, mode: ManagementMode) -> Option<i64> {
    here(fact, |f, _| f.form().is_some_and(|v| v.management_mode == Some(mode)))
}

/// A record is complete with its duties in words and, where the kind has them, its form and its class, or its management mode.
fn complete(fact: &Fact<'_, '_>, body: Sight<'_>) -> bool {
    let Some(form) = fact.form() else { return false };
    let classed = match body.row.kind {
        K::InternalOffice => form.category.is_some(),
        K::PublicInstitution => form.category.is_some() && form.class.is_some(),
        K::SecondedAgency => form.management_mode.is_some() && form.agency_kind.is_some(),
        K::Government | K::SubdistrictOffice | K::Department => form.rank.is_some(),
    };
    classed && form.functions.is_some()
}

fn own_numbers(fact: &Fact<'_, '_>) -> Option<Numbers> {
    if fact.own { numbers(fact) } else { None }
}

/// Old and new in parallel (新旧机构并行): a change that took effect by the day made something else of the body, and it still exists.
fn goes_on(fact: &Fact<'_, '_>, body: Sight<'_>) -> bool {
    use crate::domain::ChangeKind as C;
    let view = fact.place.view;
    view.changes_of(body.at, false).any(|change| {
        let row = view.change_row(change);
        let ends = matches!(row.kind, C::Merge | C::Abolish | C::Split);
        ends && row.effective_on <= view.as_of()
            && !view.changes_of(body.at, true).any(|into| into == change)
    })
}

fn posts(fact: &Fact<'_, '_>, read: fn(&Numbers) -> i64) -> Option<i64> {
    let row = fact.establishment.filter(|_| fact.own)?;
    Some(read(&Numbers::of(row.approved.into(), row.occupied.into())))
}

/// Approved number of a post, how many hold it, and what it is.
fn places<'v>(fact: &Fact<'_, 'v>) -> Option<(i64, i64, &'v PostForm)> {
    let (view, post) = (fact.place.view, fact.post?);
    let held = i64::try_from(view.incumbents_of(post).count()).unwrap_or(0);
    let form = view.post_form(post);
    Some((form.quota.into(), held, form))
}

/// The same for posts that belong to establishment: of own bodies for which some is registered.
fn own_places<'v>(fact: &Fact<'_, 'v>) -> Option<(i64, i64, &'v PostForm)> {
    let body = fact.body.filter(|_| fact.own)?;
    fact.place.view.establishment(body.at).next()?;
    places(fact)
}

/// Over-rank (超规格): the level of a post is above the rank of its body.
fn above_rank(fact: &Fact<'_, '_>, form: &PostForm) -> bool {
    use InstitutionRank as R;
    let level = match fact.form().and_then(|v| v.rank) {
        Some(R::DivisionChief) => PostLevel::DivisionPrincipal,
        Some(R::DivisionDeputy) => PostLevel::DivisionDeputy,
        Some(R::SectionChief) => PostLevel::SectionPrincipal,
        Some(R::SectionDeputy) => PostLevel::SectionDeputy,
        Some(R::SubsectionChief | R::SubsectionDeputy) => PostLevel::Subsection,
        Some(R::Unranked) | None => return false,
    };
    form.level < level
}

fn leader(fact: &Fact<'_, '_>) -> Option<u64> {
    let view = fact.place.view;
    Some(view.person_id(view.person_of(fact.appointment?)?).cast_unsigned())
}

fn holds_several(fact: &Fact<'_, '_>, person: u64) -> bool {
    let view = fact.place.view;
    let all = view.appointments_of_person(person.cast_signed());
    all.filter(|a| view.in_force(*a) && view.appointment_row(*a).state.in_office()).nth(1).is_some()
}

fn since(fact: &Fact<'_, '_>) -> Option<i32> {
    let Validity { from, .. } = fact.place.view.appointment_row(fact.appointment?).validity;
    from.bound().map(|day| day.0)
}

fn gender<'v>(fact: &Fact<'_, 'v>) -> Option<&'v str> {
    let (view, person) = (fact.place.view, fact.person()?);
    Some(view.text(person, view.person_trait(person).gender?))
}

fn woman(fact: &Fact<'_, '_>) -> Counted {
    match (gender(fact), leader(fact)) {
        (Some("女"), Some(id)) => Counted::This(id),
        (Some(_), Some(_)) => Counted::None,
        _ => Counted::Nothing,
    }
}

fn figures<'v>(fact: &Fact<'_, 'v>) -> Option<&'v crate::snapshot::StatisticsRow> {
    fact.place.view.statistics_then(fact.place.division?)
}

fn pattern<'v>(fact: &Fact<'_, 'v>) -> Option<&'v PatternRow> {
    let view = fact.place.view;
    Some(view.pattern_row(view.pattern_of(fact.place.township?.at)?))
}

fn traits<'v>(fact: &Fact<'_, 'v>) -> &'v [DivisionTrait] {
    fact.place.division_row().map_or(&[], |row| &row.traits)
}

/// The least and the most bodies of the slots that a township has.
fn slots(fact: &Fact<'_, '_>, read: fn((u32, u32)) -> u32) -> Option<i64> {
    let live = provided(&pattern(fact)?.slots, traits(fact));
    Some(live.map(|slot| i64::from(read((slot.min, slot.max)))).sum())
}

fn bodies(fact: &Fact<'_, '_>) -> Vec<crate::domain::setting_pattern::Body> {
    let all = fact.place.patterned();
    all.filter_map(|body: Handle| fact.place.view.pattern_body(body)).collect()
}

fn departed(fact: &Fact<'_, '_>) -> Option<i64> {
    let found = deviations(&pattern(fact)?.slots, &bodies(fact), traits(fact));
    Some(found.iter().map(|deviation| i64::from(deviation.count)).sum())
}

/// How many slots a township has to fill, and how many of them it fills.
fn mandatory(fact: &Fact<'_, '_>) -> Option<(i64, i64)> {
    use crate::domain::DeviationKind;
    let slots = &pattern(fact)?.slots;
    let wanted = i64::try_from(provided(slots, traits(fact)).filter(|slot| slot.min > 0).count()).ok()?;
    let found = deviations(slots, &bodies(fact), traits(fact));
    let missing = found.iter().filter(|deviation| deviation.kind == DeviationKind::Missing).count();
    Some((wanted, wanted - i64::try_from(missing).ok()?))
}

fn parties(fact: &Fact<'_, '_>, founded: bool) -> Option<i64> {
    let (view, change) = (fact.place.view, fact.change?);
    let all = |resulting| view.parties(change, resulting).map(|(_, body)| body).collect::<Vec<_>>();
    let (before, after) = (all(false), all(true));
    let (of, not) = if founded { (&after, &before) } else { (&before, &after) };
    i64::try_from(of.iter().filter(|body| !not.contains(body)).count()).ok()
}
