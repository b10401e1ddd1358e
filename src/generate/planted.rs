//! Irregular cases, in the fictional county only: what tests and demonstrations of findings need.

use super::bodies::Made;
use super::builder::{Builder, Term};
use super::county::{County, Town};
use super::leaders::{self, Procedure};
use crate::domain::{AgencyKind, AppointmentMode, AppointmentState, CodeList, PersonnelIdentity};

/// Irregular cases, in the fictional county only.
pub fn plant(b: &mut Builder, county: &County<'_>, town: &Town<'_>, institutions: &Made) {
    match town.code.to_string().as_str() {
        "990101105" => {
            // One institution holds two people more than it may.
            let body = institutions.new[0];
            let rows = &mut b.rows.establishment;
            if let Some(row) = rows.iter_mut().find(|e| e.organization_id == body) {
                row.occupied = row.approved + 2;
            }
        }
        "990101002" => {
            // One office is not published, nor is the document it rests on.
            let issued = county.day;
            let document = b.document(
                county.shard,
                "虚构县机构编制委员会",
                "关于设立综合协调办公室的通知",
                issued,
                false,
            );
            let hidden = b.rows.organization_version.iter().rev().find(|v| v.name == "综合协调办公室");
            let id = hidden.map(|v| v.organization_id);
            if let Some(row) = b.rows.organization.iter_mut().find(|o| Some(o.id) == id) {
                row.disclosed = false;
                row.document_id = Some(document);
            }
        }
        "990101103" => {
            candidate(b, county, town, AppointmentState::Proposed);
            still_there(b, town);
        }
        "990101104" => candidate(b, county, town, AppointmentState::Consulted),
        "990101107" => candidate(b, county, town, AppointmentState::Publicised),
        _ => {}
    }
}

/// The water station goes on, although the reform merged it into an institution (新旧机构并行).
fn still_there(b: &mut Builder, town: &Town<'_>) {
    let (kind, code) = (AgencyKind::WaterStation.value(), town.code.to_string());
    let versions = &mut b.rows.organization_version;
    let own = versions.iter_mut().find(|v| v.division_code == code && v.agency_kind.as_deref() == Some(kind));
    let Some(version) = own else { return };
    version.valid_to = None;
    let id = version.organization_id;
    b.rows.organization.iter_mut().filter(|body| body.id == id).for_each(|body| body.valid_to = None);
    let competent = b.rows.competent_department.iter_mut().filter(|row| row.organization_id == id);
    competent.for_each(|row| row.valid_to = None);
}

/// Somebody who is being considered for a post: seen only by those who take part, until the publicity period.
fn candidate(b: &mut Builder, county: &County<'_>, town: &Town<'_>, state: AppointmentState) {
    let posts = &b.rows.leadership_post;
    let Some(post) =
        posts.iter().find(|p| p.organization_id == town.id && p.title == "党委副书记").map(|p| p.id)
    else {
        return;
    };
    b.rows.appointment.retain(|a| !(a.post_id == post && a.valid_to.is_none()));
    let person = leaders::person(b, county.shard, PersonnelIdentity::CivilServant, None);
    let asked = (state != AppointmentState::Proposed).then(|| ("OPINION", "2026-09-10".to_owned(), None));
    let how = Procedure {
        state: Some(state),
        nominator: Some("县委组织部"),
        consultation: asked,
        ..Procedure::default()
    };
    let term = Term { from: Some("2026-10-01"), to: None };
    leaders::appoint(b, post, person, AppointmentMode::Appointed, term, how);
}
