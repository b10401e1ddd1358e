//! What facts are by their dimensions: read from the register.

use super::band::PopulationBand;
use super::dimension::{NULL, packed};
use super::fact::Fact;
use crate::domain::{DivisionTrait, DivisionType, Numbers};
use crate::policy::View;
use smallvec::SmallVec;

pub fn division(fact: &Fact<'_, '_>, digits: u32) -> u64 {
    View::code_at(fact.place.code, digits).map_or(NULL, crate::domain::DivisionCode::number)
}

/// The type of the township; nothing above it.
pub fn kind(fact: &Fact<'_, '_>) -> Option<DivisionType> {
    let place = fact.place;
    let division = place.division().filter(|_| place.code.digits() == 9)?;
    place.view.division_version(division).map(|version| version.kind)
}

pub fn township_type(fact: &Fact<'_, '_>) -> u64 {
    kind(fact).map_or(NULL, |kind| kind as u64)
}

/// Whether the township has a trait; nothing above it.
pub fn has(fact: &Fact<'_, '_>, wanted: DivisionTrait) -> Option<bool> {
    let row = fact.place.division_row().filter(|_| fact.place.code.digits() == 9)?;
    Some(row.traits.contains(&wanted))
}

pub fn with_trait(fact: &Fact<'_, '_>, wanted: DivisionTrait) -> u64 {
    has(fact, wanted).map_or(NULL, u64::from)
}

/// Residents of the township in the latest year.
pub fn residents(fact: &Fact<'_, '_>) -> Option<i32> {
    let place = fact.place;
    let division = place.division().filter(|_| place.code.digits() == 9)?;
    place.view.statistics_then(division)?.population
}

pub fn population_band(fact: &Fact<'_, '_>) -> u64 {
    residents(fact).map_or(NULL, |residents| PopulationBand::of(residents) as u64)
}

pub fn pattern(fact: &Fact<'_, '_>) -> u64 {
    let township = fact.place.township;
    township.and_then(|township| fact.place.view.pattern_of(township.at)).map_or(NULL, packed)
}

pub fn departments(fact: &Fact<'_, '_>) -> SmallVec<[u64; 4]> {
    let Some(body) = fact.body else { return SmallVec::new() };
    let view = fact.place.view;
    let mut out: SmallVec<[u64; 4]> =
        view.competent(body.at).filter_map(|id| view.find_organization(id)).map(packed).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The numbers of a body over all types of its establishment; nothing when none is registered.
pub fn numbers(fact: &Fact<'_, '_>) -> Option<Numbers> {
    let body = fact.body?;
    fact.place.view.establishment_of(body).fold(None, |sum: Option<Numbers>, row| {
        let mut sum = sum.unwrap_or_default();
        sum.add(Numbers::of(row.approved.into(), row.occupied.into()));
        Some(sum)
    })
}

pub fn staffing(fact: &Fact<'_, '_>) -> u64 {
    numbers(fact).map_or(NULL, |numbers| numbers.state() as u64)
}

pub fn post(fact: &Fact<'_, '_>, read: fn(&crate::snapshot::PostForm) -> u64) -> u64 {
    fact.post.map_or(NULL, |post| read(fact.place.view.post_form(post)))
}

pub fn text<'v>(
    fact: &Fact<'_, 'v>,
    pick: fn(&crate::snapshot::PersonTrait) -> Option<crate::snapshot::Sym>,
) -> Option<&'v str> {
    let (view, person) = (fact.place.view, fact.person()?);
    Some(view.text(person, pick(view.person_trait(person))?))
}

/// Age in years of who holds the post, on the day of the report.
pub fn age(fact: &Fact<'_, '_>) -> Option<i64> {
    let view = fact.place.view;
    let born = view.person_row(fact.person()?).birth_date.bound()?;
    Some(born.years_until(view.as_of()))
}

pub fn reform(fact: &Fact<'_, '_>) -> u64 {
    let view = fact.place.view;
    let id = fact.change.and_then(|change| view.change_row(change).reform);
    id.and_then(|id| view.find_reform(id)).map_or(NULL, packed)
}

/// Year and month in which a change took effect.
pub fn date(fact: &Fact<'_, '_>) -> Option<(u64, u64)> {
    let day = fact.place.view.change_row(fact.change?).effective_on;
    let (year, month) = day.year_and_month()?;
    Some((u64::try_from(year).ok()?, u64::from(month)))
}
