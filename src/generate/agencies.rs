//! Seconded agencies of a township, and what the reform makes of them.

use super::builder::{Body, Builder, Term};
use super::county::{ALWAYS, County, HEAD, Town};
use super::departments::department;
use super::leaders::{self, Procedure};
use crate::domain::{
    AgencyKind, AppointmentState, CodeList, InstitutionRank, ManagementMode, OrganizationKind as K,
    PersonnelIdentity,
};
use crate::store::entity;

/// Agencies of a township: line, kind, ending of the name, title of the head, and whether the reform ends it.
const AGENCIES: &[(&str, AgencyKind, &str, bool)] = &[
    ("police", AgencyKind::PoliceStation, "派出所", false),
    ("justice", AgencyKind::JusticeOffice, "司法所", false),
    ("market", AgencyKind::MarketSupervision, "市场监督管理所", false),
    ("land", AgencyKind::NaturalResources, "自然资源所", false),
    ("water", AgencyKind::WaterStation, "水利站", true),
    ("agriculture", AgencyKind::AnimalHealth, "动物卫生监督所", true),
    ("veterans", AgencyKind::VeteransStation, "退役军人服务站", true),
];

/// Makes the agencies and returns those that the reform hands over to the township, the veterans' station last.
pub fn agencies(b: &mut Builder, county: &County<'_>, town: &Town<'_>) -> Vec<i64> {
    let stem = town.name.trim_end_matches("街道").trim_end_matches(['镇', '乡']);
    let mut ending = Vec::new();
    for (line, kind, ending_name, ends) in AGENCIES {
        if *line == "veterans" && !county.profile.county.starts_with("2106") {
            continue;
        }
        let Some(owner) = department(b, county.divisions, county.code, line) else { continue };
        let term = if *ends { county.before } else { ALWAYS };
        let id = b.organization(Body {
            kind: K::SecondedAgency,
            name: format!("{stem}{ending_name}"),
            division: town.code,
            parent: Some(owner),
            category: None,
            field: None,
            term,
            document: None,
        });
        let version = b.last_version();
        version.agency_kind = Some(kind.value().to_owned());
        version.management_mode = Some(ManagementMode::Vertical.value().to_owned());
        version.rank = Some(InstitutionRank::SubsectionChief.value().to_owned());
        b.rows.competent_department.push(entity::competent_department::Model {
            organization_id: id,
            department_id: owner,
            version: 1,
            shard: county.shard,
            valid_from: None,
            valid_to: term.to.map(str::to_owned),
        });
        if *ends {
            ending.push(id);
        } else {
            command(b, county);
            agency_head(b, county, town, id, *kind);
        }
    }
    ending
}

/// From the reform on, the township commands and coordinates the agency that was made last.
fn command(b: &mut Builder, county: &County<'_>) {
    let mut next = b.last_version().clone();
    b.last_version().valid_to = county.before.to.map(str::to_owned);
    next.version = 2;
    next.valid_from = county.after.from.map(str::to_owned);
    next.management_mode = Some(ManagementMode::Dual.value().to_owned());
    next.unified_command = true;
    next.head_rule = Some(if county.profile.consent { "CONSENT" } else { "OPINION" }.to_owned());
    next.appraisal_weight = Some(30);
    next.document_id = Some(county.document);
    b.rows.organization_version.push(next);
}

fn agency_head(b: &mut Builder, county: &County<'_>, town: &Town<'_>, agency: i64, kind: AgencyKind) {
    let year = county.day[..4].parse::<i32>().unwrap_or(2021) + 1;
    let start = b.day_in(year);
    let kind_of_hearing = if county.profile.consent { "CONSENT" } else { "OPINION" };
    let asked = Builder::day_after(&start, -40);
    let answered = Builder::day_after(&start, -33);
    // Planted in the fictional county: one head was appointed without asking the township.
    let skipped = town.code.to_string() == "990101106" && kind == AgencyKind::MarketSupervision;
    let consultation = (!skipped).then_some((kind_of_hearing, asked, Some(answered)));
    let how = Procedure { nominator: Some("县级主管部门"), consultation, ..Procedure::default() };
    let post = leaders::post(b, agency, "所长", &HEAD, false, ALWAYS);
    let (first, before) =
        (b.day_in(2017), leaders::person(b, county.shard, PersonnelIdentity::CivilServant, None));
    let removed = Procedure { state: Some(AppointmentState::Removed), ..Procedure::default() };
    leaders::appoint(b, post, before, HEAD.mode, Term { from: Some(&first), to: Some(&start) }, removed);
    let person = leaders::person(b, county.shard, PersonnelIdentity::CivilServant, None);
    leaders::appoint(b, post, person, HEAD.mode, Term { from: Some(&start), to: None }, how);
}
