//! Offices and institutions of a township: before the reform, after it, and which are new.

use super::builder::{Body, Builder, Term};
use super::county::{ALWAYS, County, Town, head};
use super::leaders::Procedure;
use super::numbers::apportion;
use super::profile::{BodySpec, OLD_OFFICES, OLD_STATIONS};
use crate::domain::{
    CodeList, EstablishmentType as E, InstitutionRank, OrganizationCategory, OrganizationKind as K,
    PersonnelIdentity, PublicInstitutionClass,
};

/// Offices: before the reform, after it, and which are new.
pub struct Made {
    pub old: Vec<i64>,
    pub new: Vec<i64>,
}

/// Makes the offices: three live on, one is abolished, the rest is new.
pub fn offices(
    b: &mut Builder,
    county: &County<'_>,
    town: &Town<'_>,
    bodies: &[BodySpec],
    posts: i32,
) -> Made {
    let after: Vec<&BodySpec> = bodies.iter().filter(|s| s.kind == K::InternalOffice).collect();
    let weights = |n: usize| vec![1; n];
    let (old_posts, new_posts) =
        (apportion(posts, &weights(OLD_OFFICES.len())), apportion(posts, &weights(after.len())));
    let mut made = Made { old: Vec::new(), new: Vec::new() };
    for (at, old) in OLD_OFFICES.iter().enumerate() {
        let survives = at < 3;
        let term = if survives { ALWAYS } else { county.before };
        let id = office(b, town, old, term, None);
        b.establishment(id, E::Administrative, 1, county.before, old_posts[at]);
        if survives {
            b.establishment(id, E::Administrative, 2, county.after, new_posts[at]);
            next_version(b, county, after[at]);
        }
        head(b, id, "主任", term, PersonnelIdentity::CivilServant, Procedure::default());
        made.old.push(id);
    }
    for (at, spec) in after.iter().enumerate().skip(3) {
        let id = office(b, town, spec, county.after, Some(county.document));
        b.establishment(id, E::Administrative, 1, county.after, new_posts[at]);
        let title = match spec.category {
            OrganizationCategory::Bureau => "局长",
            OrganizationCategory::Station => "站长",
            _ => "主任",
        };
        head(b, id, title, county.after, PersonnelIdentity::CivilServant, Procedure::default());
        made.new.push(id);
    }
    made
}

fn office(b: &mut Builder, town: &Town<'_>, spec: &BodySpec, term: Term<'_>, document: Option<i64>) -> i64 {
    let id = b.organization(Body {
        kind: spec.kind,
        name: spec.name.to_owned(),
        division: town.code,
        parent: Some(town.id),
        category: Some(spec.category),
        field: Some(spec.field),
        term,
        document,
    });
    let version = b.last_version();
    version.rank = Some(InstitutionRank::SubsectionChief.value().to_owned());
    version.featured = spec.featured;
    id
}

/// What the organisation that was made last becomes on the day of the reform, when anything about it changes.
fn next_version(b: &mut Builder, county: &County<'_>, spec: &BodySpec) {
    let mut next = b.last_version().clone();
    let category = Some(spec.category.value().to_owned());
    if next.name == spec.name && next.category == category {
        return;
    }
    b.last_version().valid_to = county.before.to.map(str::to_owned);
    next.version = 2;
    next.valid_from = county.after.from.map(str::to_owned);
    next.name = spec.name.to_owned();
    next.category = category;
    next.field = Some(spec.field.value().to_owned());
    next.document_id = Some(county.document);
    b.rows.organization_version.push(next);
}

/// Makes the institutions: three stations end, all after the reform are new.
pub fn institutions(
    b: &mut Builder,
    county: &County<'_>,
    town: &Town<'_>,
    bodies: &[BodySpec],
    (before, after): (i32, i32),
) -> Made {
    let specs: Vec<&BodySpec> = bodies.iter().filter(|s| s.kind == K::PublicInstitution).collect();
    let mut made = Made { old: Vec::new(), new: Vec::new() };
    for (spec, posts) in OLD_STATIONS.iter().zip(apportion(before, &[1, 1, 1])) {
        let id = institution(b, town, spec, county.before, None);
        b.establishment(id, E::PublicInstitution, 1, county.before, posts);
        made.old.push(id);
    }
    let weights: Vec<i32> = specs.iter().map(|_| b.between(8, 12)).collect();
    for (spec, posts) in specs.iter().zip(apportion(after, &weights)) {
        let id = institution(b, town, spec, county.after, Some(county.document));
        b.establishment(id, E::PublicInstitution, 1, county.after, posts);
        let title = if spec.category == OrganizationCategory::EnforcementTeam { "队长" } else { "主任" };
        // 镇选、区任、镇用、镇管: the town nominates, the county appoints.
        let how = Procedure {
            nominator: Some("乡镇党委"),
            appointer: Some("县级组织部门"),
            ..Procedure::default()
        };
        head(b, id, title, county.after, PersonnelIdentity::InstitutionStaff, how);
        made.new.push(id);
    }
    made
}

fn institution(
    b: &mut Builder,
    town: &Town<'_>,
    spec: &BodySpec,
    term: Term<'_>,
    document: Option<i64>,
) -> i64 {
    let named = BodySpec { ..*spec };
    let id = office(b, town, &named, term, document);
    let credit = b.credit_code('2');
    let version = b.last_version();
    version.name = format!("{}{}", town.name, spec.name);
    version.short_name = Some(spec.name.to_owned());
    version.class = Some(PublicInstitutionClass::PublicBenefit1.value().to_owned());
    version.uscc = Some(credit);
    id
}
