//! Corrections (更正): what was registered wrongly is set right where it stands, as if it had always been so; nothing changed on any day.
//! The day of the act is one on which what is corrected holds. The log keeps what stood there, and on what document it was corrected.
//!
//! What hangs together with other things, such as on what day a body was founded, is not corrected: it is taken back and registered anew.

mod appointment;
mod organization;

use super::appointment::in_office;
use super::notice::{Notice, Problem};
use super::time::Timed;
use super::{Acting, division, document, establishment};
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, CodeList, Day, EstablishmentType, InstitutionRank,
    ManagementMode, OrganizationCategory, OrganizationField, PostLevel, PostPosition, PublicInstitutionClass,
    TownshipOrgan,
};
use crate::store::entity::appointment::Model;
use crate::store::entity::{leadership_post, organization_version};

/// What is to stand in the record of a body; what is absent stays, an empty text leaves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationCorrection {
    /// Name.
    pub name: Option<String>,
    /// Short name.
    pub short_name: Option<String>,
    /// Rank.
    pub rank: Option<InstitutionRank>,
    /// Form.
    pub category: Option<OrganizationCategory>,
    /// Field.
    pub field: Option<OrganizationField>,
    /// Whether it fills a featured slot.
    pub featured: Option<bool>,
    /// Class of an institution.
    pub class: Option<PublicInstitutionClass>,
    /// Kind of an agency.
    pub agency_kind: Option<AgencyKind>,
    /// Management mode of an agency.
    pub management_mode: Option<ManagementMode>,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Duties.
    pub functions: Option<String>,
    /// Whether the public may see it.
    pub disclosed: Option<bool>,
}

/// What is to stand in the record of a post; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostCorrection {
    /// The organ of a township.
    pub organ: Option<TownshipOrgan>,
    /// Title.
    pub title: Option<String>,
    /// Principal or deputy.
    pub position: Option<PostPosition>,
    /// Level.
    pub level: Option<PostLevel>,
    /// How many may hold it.
    pub quota: Option<i32>,
}

/// What is to stand in the record of an appointment; what is absent stays, an empty text leaves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppointmentCorrection {
    /// Promotion, move, …
    pub kind: Option<AppointmentKind>,
    /// Elected, appointed, engaged.
    pub mode: Option<AppointmentMode>,
    /// Held beside another post.
    pub concurrent: Option<bool>,
    /// Who nominated.
    pub nominator: Option<String>,
    /// Who decided.
    pub appointer: Option<String>,
    /// The day on which the post was taken up.
    pub taken_up_on: Option<Day>,
    /// The day on which it was left.
    pub left_on: Option<Day>,
}

/// What is to stand in the record of a document; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentCorrection {
    /// Document number.
    pub number: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Issuing body.
    pub issuer: Option<String>,
    /// Date of issue.
    pub issued_on: Option<Day>,
    /// Whether the public may see it.
    pub disclosed: Option<bool>,
}

/// Sets what is given.
fn set<T: Clone>(value: &mut T, to: Option<&T>) {
    if let Some(to) = to {
        value.clone_from(to);
    }
}

/// Sets a text that may be absent; an empty one leaves nothing.
fn set_text(value: &mut Option<String>, to: Option<&str>) {
    if let Some(to) = to {
        *value = (!to.is_empty()).then(|| to.to_owned());
    }
}

/// Sets a code of a list that may be absent.
fn set_code<T: CodeList>(value: &mut Option<String>, to: Option<T>) {
    if let Some(to) = to {
        *value = Some(to.value().to_owned());
    }
}

fn missing(on: &str) -> Notice {
    Notice::new(
        Problem::NotFound,
        format!("nothing such is registered for {on}: give a day on which it holds as `effectiveOn`"),
        format!("{on}无此登记，请以 effectiveOn 指明其有效期内的日期"),
    )
}

fn changed<T: PartialEq>(before: &T, after: &T) -> Result<(), Notice> {
    if before != after {
        return Ok(());
    }
    Err(Notice::new(Problem::NoChange, "it is registered so already", "登记信息与现状相同"))
}

/// An empty text is none.
fn some(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

impl Acting<'_> {
    /// What a body is on the day.
    fn version_of(&self, id: i64) -> Option<&organization_version::Model> {
        self.desk.organization_version.range((id, i32::MIN)..(id, i32::MAX)).find(|row| row.holds(&self.on))
    }

    pub(super) fn correct_establishment(
        &mut self,
        id: i64,
        kind: EstablishmentType,
        [approved, occupied]: [Option<i32>; 2],
    ) -> Result<i64, Notice> {
        let before = self.establishment_of(id).find(|row| row.kind == kind.value()).cloned();
        let before = before.ok_or_else(|| missing(&self.on).of("establishmentType"))?;
        let mut after = before.clone();
        set(&mut after.approved, approved.as_ref());
        set(&mut after.occupied, occupied.as_ref());
        changed(&before, &after)?;
        let body = self.desk.organization.get(&id).map(|body| body.kind.clone()).unwrap_or_default();
        let name = self.version_of(id).map(|version| version.name.clone()).unwrap_or_default();
        establishment::may_hold(&body, &name, kind, after.approved)?;
        self.good_numbers(&name, after.approved, after.occupied)?;
        self.desk.establishment.put(after);
        Ok(id)
    }

    pub(super) fn correct_post(&mut self, id: i64, new: &PostCorrection) -> Result<i64, Notice> {
        let before = self.desk.leadership_post.get(&id).filter(|post| post.holds(&self.on)).cloned();
        let before = before.ok_or_else(|| missing(&self.on))?;
        let mut after = before.clone();
        set_code(&mut after.organ, new.organ);
        set(&mut after.title, new.title.as_ref());
        set(&mut after.position, new.position.map(|code| code.value().to_owned()).as_ref());
        set(&mut after.level, new.level.map(|code| code.value().to_owned()).as_ref());
        set(&mut after.quota, new.quota.as_ref());
        changed(&before, &after)?;
        super::leadership_post::good_post(&after.title, after.quota)?;
        let on = self.on.clone();
        self.heed_quota(&after, &on);
        self.desk.leadership_post.put(after);
        Ok(id)
    }

    /// Says when more hold a post on a day than approved. It may well be so: then the register says it.
    fn heed_quota(&mut self, post: &leadership_post::Model, on: &str) {
        let mine = |held: &&Model| held.post_id == post.id && in_office(held) && held.holds(on);
        let holders = self.desk.appointment.iter().filter(mine).count();
        if holders > usize::try_from(post.quota).unwrap_or(0) {
            self.warnings.push(Notice::new(
                Problem::OverQuota,
                format!("{holders} hold the post {}, {} may", post.title, post.quota),
                format!("{}核定 {} 职，实配 {holders} 名", post.title, post.quota),
            ));
        }
    }

    pub(super) fn correct_document(&mut self, id: i64, new: &DocumentCorrection) -> Result<i64, Notice> {
        let before = self.desk.document.get(&id).cloned().ok_or_else(|| missing(&self.on))?;
        let mut after = before.clone();
        set(&mut after.number, new.number.as_ref());
        set(&mut after.title, new.title.as_ref());
        set(&mut after.issuer, new.issuer.as_ref());
        set_text(&mut after.issued_on, new.issued_on.map(|day| day.to_string()).as_deref());
        set(&mut after.disclosed, new.disclosed.as_ref());
        changed(&before, &after)?;
        document::good_texts(&after.number, &after.title, &after.issuer)?;
        let same = |row: &crate::store::entity::document::Model| {
            row.id != id && row.shard == after.shard && row.number == after.number
        };
        if after.number != before.number && self.desk.document.iter().any(same) {
            return Err(Notice::new(
                Problem::Duplicate,
                format!("another document is registered as {}", after.number),
                format!("文号{}已登记", after.number),
            )
            .of("number"));
        }
        self.desk.document.put(after);
        Ok(id)
    }

    pub(super) fn correct_division(&mut self, id: i64, name: &str) -> Result<i64, Notice> {
        division::good_name(name)?;
        let before = {
            let mut own = self.desk.division_version.range((id, i32::MIN)..(id, i32::MAX));
            own.find(|row| row.holds(&self.on)).cloned().ok_or_else(|| missing(&self.on))?
        };
        let mut after = before.clone();
        name.clone_into(&mut after.name);
        changed(&before, &after)?;
        self.desk.division_version.put(after);
        Ok(id)
    }
}
