//! What facts add to quantities: read from the register.

use super::attribute::{age, numbers, text};
use super::fact::Fact;
use super::quantity::Counted;
use crate::domain::setting_pattern::{deviations, provided};
use crate::domain::{
    DivisionTrait, InstitutionRank, ManagementMode, Numbers, OrganizationKind as K, PostLevel, Validity,
};
use crate::policy::Sight;
use crate::snapshot::{Handle, PatternRow, PostForm};

pub fn only(fact: &Fact<'_, '_>, is: impl Fn(&Fact<'_, '_>, &Sight) -> bool) -> Option<i64> {
    Some(i64::from(is(fact, fact.body?)))
}

/// The same for what belongs to townships: of what is above them it says nothing, not zero.
pub fn here(fact: &Fact<'_, '_>, is: impl Fn(&Fact<'_, '_>, &Sight) -> bool) -> Option<i64> {
    only(fact, is).filter(|number| *number > 0 || fact.place.township.is_some())
}

pub fn managed(fact: &Fact<'_, '_>, mode: ManagementMode) -> Option<i64> {
    here(fact, |f, _| f.form().is_some_and(|v| v.management_mode == Some(mode)))
}

/// A record is complete with its duties in words and, where the kind has them, its form and its class, or its management mode.
pub fn complete(fact: &Fact<'_, '_>, body: &Sight) -> bool {
    let Some(form) = fact.form() else { return false };
    let classed = match body.kind {
        K::InternalOffice => form.category.is_some(),
        K::PublicInstitution => form.category.is_some() && form.class.is_some(),
        K::SecondedAgency => form.management_mode.is_some() && form.agency_kind.is_some(),
        K::Government | K::SubdistrictOffice | K::Department => form.rank.is_some(),
    };
    classed && form.functions.is_some()
}

pub fn own_numbers(fact: &Fact<'_, '_>) -> Option<Numbers> {
    if fact.own { numbers(fact) } else { None }
}

/// Old and new in parallel (新旧机构并行): a change that took effect by the day made something else of the body, and it still exists.
pub fn goes_on(fact: &Fact<'_, '_>, body: &Sight) -> bool {
    use crate::domain::ChangeKind as C;
    let view = fact.place.view;
    view.changes_of(body.at, false).any(|change| {
        let row = view.change_row(change);
        let ends = matches!(row.kind, C::Merge | C::Abolish | C::Split);
        ends && row.effective_on <= view.as_of() && !view.changes_of(body.at, true).any(|into| into == change)
    })
}

#[inline]
pub fn posts(fact: &Fact<'_, '_>) -> Option<Numbers> {
    let row = fact.establishment.filter(|_| fact.own)?;
    Some(Numbers::of(row.approved.into(), row.occupied.into()))
}

/// Approved number of a post, how many hold it, and what it is.
pub fn places<'v>(fact: &Fact<'_, 'v>) -> Option<(i64, i64, &'v PostForm)> {
    let (view, post) = (fact.place.view, fact.post?);
    let held = i64::try_from(view.incumbents_of(post).count()).unwrap_or(0);
    let form = view.post_form(post);
    Some((form.quota.into(), held, form))
}

/// The same for posts that belong to establishment: of own bodies for which some is registered.
pub fn own_places<'v>(fact: &Fact<'_, 'v>) -> Option<(i64, i64, &'v PostForm)> {
    let body = fact.body.filter(|_| fact.own)?;
    fact.place.view.establishment_of(body).next()?;
    places(fact)
}

/// Over-rank (超规格): the level of a post is above the rank of its body.
pub fn above_rank(fact: &Fact<'_, '_>, form: &PostForm) -> bool {
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

pub fn leader(fact: &Fact<'_, '_>) -> Option<u64> {
    let view = fact.place.view;
    Some(view.person_id(view.person_of(fact.appointment?)?).cast_unsigned())
}

pub fn holds_several(fact: &Fact<'_, '_>, person: u64) -> bool {
    let view = fact.place.view;
    let all = view.appointments_of_person(person.cast_signed());
    all.filter(|a| view.in_force(*a) && view.appointment_row(*a).state.in_office()).nth(1).is_some()
}

pub fn since(fact: &Fact<'_, '_>) -> Option<i32> {
    let Validity { from, .. } = fact.place.view.appointment_row(fact.appointment?).validity;
    from.bound().map(|day| day.0)
}

pub fn gender<'v>(fact: &Fact<'_, 'v>) -> Option<&'v str> {
    text(fact, |known| known.gender)
}

pub fn woman(fact: &Fact<'_, '_>) -> Counted {
    match (gender(fact), leader(fact)) {
        (Some("女"), Some(id)) => Counted::This(id),
        (Some(_), Some(_)) => Counted::None,
        _ => Counted::Nothing,
    }
}

/// Bits that a person's age takes beside the person.
const AGE: u32 = 8;

/// Who holds a post, with the age that counts once.
pub fn with_age(fact: &Fact<'_, '_>) -> Option<u64> {
    let (years, who) = (age(fact)?, leader(fact)?);
    // Ids have shards of six digits and a hundred million numbers each: 47 bits.
    Some(who << AGE | u64::try_from(years).unwrap_or(0).min((1 << AGE) - 1))
}

/// The age beside a person.
pub fn age_of(who: u64) -> u64 {
    who & ((1 << AGE) - 1)
}

pub fn figures<'v>(fact: &Fact<'_, 'v>) -> Option<&'v crate::snapshot::StatisticsRow> {
    fact.place.view.statistics_then(fact.place.division()?)
}

pub fn pattern<'v>(fact: &Fact<'_, 'v>) -> Option<&'v PatternRow> {
    let view = fact.place.view;
    Some(view.pattern_row(view.pattern_of(fact.place.township?.at)?))
}

pub fn traits<'v>(fact: &Fact<'_, 'v>) -> &'v [DivisionTrait] {
    fact.place.division_row().map_or(&[], |row| &row.traits)
}

/// The least and the most bodies of the slots that a township has.
pub fn slots(fact: &Fact<'_, '_>, read: fn((u32, u32)) -> u32) -> Option<i64> {
    let live = provided(&pattern(fact)?.slots, traits(fact));
    Some(live.map(|slot| i64::from(read((slot.min, slot.max)))).sum())
}

pub fn bodies(fact: &Fact<'_, '_>) -> Vec<crate::domain::setting_pattern::Body> {
    let all = fact.place.patterned();
    all.filter_map(|body: Handle| fact.place.view.pattern_body(body)).collect()
}

pub fn departed(fact: &Fact<'_, '_>) -> Option<i64> {
    let found = deviations(&pattern(fact)?.slots, &bodies(fact), traits(fact));
    Some(found.iter().map(|deviation| i64::from(deviation.count)).sum())
}

/// How many slots a township has to fill, and how many of them it fills.
pub fn mandatory(fact: &Fact<'_, '_>) -> Option<(i64, i64)> {
    use crate::domain::DeviationKind;
    let slots = &pattern(fact)?.slots;
    let wanted = i64::try_from(provided(slots, traits(fact)).filter(|slot| slot.min > 0).count()).ok()?;
    let found = deviations(slots, &bodies(fact), traits(fact));
    let missing = found.iter().filter(|deviation| deviation.kind == DeviationKind::Missing).count();
    Some((wanted, wanted - i64::try_from(missing).ok()?))
}

pub fn parties(fact: &Fact<'_, '_>, founded: bool) -> Option<i64> {
    let (view, change) = (fact.place.view, fact.change?);
    let all = |resulting| view.parties(change, resulting).map(|(_, body)| body).collect::<Vec<_>>();
    let (before, after) = (all(false), all(true));
    let (of, not) = if founded { (&after, &before) } else { (&before, &after) };
    i64::try_from(of.iter().filter(|body| !not.contains(body)).count()).ok()
}
