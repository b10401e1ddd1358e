//! What is registered in a county, in the sheets of the import: read back, nothing of it changes anything.

use super::book::{Table, template};
use super::columns::Sheet;
use crate::domain::{AppointmentState, CodeItem, CodeList, OrganizationKind};
use crate::store::Desk;
use crate::store::entity::organization_version;
use std::collections::BTreeMap;

/// The label of a value.
fn label(items: &[CodeItem], value: Option<&str>) -> String {
    let found = value.and_then(|value| items.iter().find(|item| item.value == value));
    found.map_or_else(String::new, |item| item.zh.to_owned())
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn yes(value: bool) -> String {
    (if value { "是" } else { "否" }).to_owned()
}

/// The sheets of a county as it lies on a desk: what lasts, without authorities and departments, which come with their division.
#[must_use]
pub fn export(desk: &Desk, sheets: &[Sheet]) -> Vec<Table> {
    let lasting: BTreeMap<i64, &organization_version::Model> = desk
        .organization_version
        .iter()
        .filter(|v| v.valid_to.is_none())
        .map(|v| (v.organization_id, v))
        .collect();
    let mut tables = template(sheets);
    for table in &mut tables {
        table.rows = match table.sheet {
            Sheet::Organizations => organizations(desk, &lasting),
            Sheet::Establishment => establishment(desk, &lasting),
            Sheet::Posts => posts(desk, &lasting),
            Sheet::People => people(desk),
            Sheet::Appointments => appointments(desk, &lasting),
        };
    }
    tables
}

type Lasting<'d> = BTreeMap<i64, &'d organization_version::Model>;

fn organizations(desk: &Desk, lasting: &Lasting<'_>) -> Vec<Vec<String>> {
    use crate::domain as d;
    let kinds = [
        OrganizationKind::InternalOffice,
        OrganizationKind::PublicInstitution,
        OrganizationKind::SecondedAgency,
    ];
    let of_kind = |kind: &str| kinds.iter().any(|known| known.value() == kind);
    let own = desk.organization.iter().filter(|body| body.valid_to.is_none() && of_kind(&body.kind));
    let row = |(body, v): (&crate::store::entity::organization::Model, &&organization_version::Model)| {
        let parent =
            v.parent_id.and_then(|id| lasting.get(&id)).filter(|p| p.division_code == v.division_code);
        vec![
            v.division_code.clone(),
            v.name.clone(),
            label(OrganizationKind::ITEMS, Some(&body.kind)),
            parent.map_or_else(String::new, |parent| parent.name.clone()),
            text(v.short_name.as_ref()),
            label(d::InstitutionRank::ITEMS, v.rank.as_deref()),
            label(d::OrganizationCategory::ITEMS, v.category.as_deref()),
            label(d::OrganizationField::ITEMS, v.field.as_deref()),
            label(d::PublicInstitutionClass::ITEMS, v.class.as_deref()),
            label(d::AgencyKind::ITEMS, v.agency_kind.as_deref()),
            label(d::ManagementMode::ITEMS, v.management_mode.as_deref()),
            text(v.functions.as_ref()),
            yes(body.disclosed),
            text(body.valid_from.as_ref()),
            String::new(),
        ]
    };
    own.filter_map(|body| Some((body, lasting.get(&body.id)?))).map(row).collect()
}

fn establishment(desk: &Desk, lasting: &Lasting<'_>) -> Vec<Vec<String>> {
    let own = desk.establishment.iter().filter(|row| row.valid_to.is_none());
    own.filter_map(|row| {
        let body = lasting.get(&row.organization_id)?;
        Some(vec![
            body.division_code.clone(),
            body.name.clone(),
            label(crate::domain::EstablishmentType::ITEMS, Some(&row.kind)),
            row.approved.to_string(),
            row.occupied.to_string(),
            text(row.valid_from.as_ref()),
        ])
    })
    .collect()
}

fn posts(desk: &Desk, lasting: &Lasting<'_>) -> Vec<Vec<String>> {
    let own = desk.leadership_post.iter().filter(|post| post.valid_to.is_none());
    own.filter_map(|post| {
        let body = lasting.get(&post.organization_id)?;
        Some(vec![
            body.division_code.clone(),
            body.name.clone(),
            post.title.clone(),
            label(crate::domain::PostPosition::ITEMS, Some(&post.position)),
            label(crate::domain::PostLevel::ITEMS, Some(&post.level)),
            post.quota.to_string(),
            label(crate::domain::TownshipOrgan::ITEMS, post.organ.as_deref()),
            text(post.valid_from.as_ref()),
        ])
    })
    .collect()
}

fn people(desk: &Desk) -> Vec<Vec<String>> {
    let row = |person: &crate::store::entity::person::Model| {
        vec![
            person.name.clone(),
            text(person.id_number.as_ref()),
            label(crate::domain::PersonnelIdentity::ITEMS, person.identity.as_deref()),
            text(person.birth_date.as_ref()),
        ]
    };
    desk.person.iter().map(row).collect()
}

fn appointments(desk: &Desk, lasting: &Lasting<'_>) -> Vec<Vec<String>> {
    let in_office = |state: &str| AppointmentState::parse(state).is_some_and(AppointmentState::in_office);
    let own = desk.appointment.iter().filter(|at| at.valid_to.is_none() && in_office(&at.state));
    own.filter_map(|at| {
        let post = desk.leadership_post.get(&at.post_id).filter(|post| post.valid_to.is_none())?;
        let (body, person) = (lasting.get(&post.organization_id)?, desk.person.get(&at.person_id)?);
        Some(vec![
            body.division_code.clone(),
            body.name.clone(),
            post.title.clone(),
            person.name.clone(),
            text(person.id_number.as_ref()),
            label(crate::domain::AppointmentKind::ITEMS, Some(&at.kind)),
            label(crate::domain::AppointmentMode::ITEMS, Some(&at.mode)),
            yes(at.concurrent),
            text(at.valid_from.as_ref()),
            String::new(),
        ])
    })
    .collect()
}
