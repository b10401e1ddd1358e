//! Corrections (更正): what was registered wrongly is set right where it stands, as if it had always been so; nothing changed on any day.
//! The day of the act is one on which what is corrected holds; of documents, persons and appointments any. The log keeps what stood there, and on what document it was corrected.
//!
//! What hangs together with other things, such as on what day a body was founded, is not corrected: it is taken back and registered anew.

mod appointment;
mod organization;
mod person;

use super::appointment::in_office;
use super::notice::{Notice, Problem};
use super::time::{Timed, good_day};
use super::{Acting, division, document, establishment};
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, CodeList, Day, EstablishmentType, InstitutionRank,
    ManagementMode, OrganizationCategory, OrganizationField, PersonnelIdentity, PostLevel, PostPosition,
    PublicInstitutionClass, TownshipOrgan,
};
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

/// What is to stand in the record of a person; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonCorrection {
    /// Name.
    pub name: Option<String>,
    /// Personnel identity.
    pub identity: Option<PersonnelIdentity>,
    /// Date of birth.
    pub birth_date: Option<Day>,
    /// Identity number.
    pub id_number: Option<String>,
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

/// Sets a code of a list.
fn set_value<T: CodeList>(value: &mut String, to: Option<T>) {
    if let Some(to) = to {
        to.value().clone_into(value);
    }
}

/// Sets a code of a list that may be absent.
fn set_code<T: CodeList>(value: &mut Option<String>, to: Option<T>) {
    if let Some(to) = to {
        *value = Some(to.value().to_owned());
    }
}

fn no_such() -> Notice {
    Notice::new(Problem::NotFound, "there is no such object in this county", "本县不存在该对象")
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
    Err(Notice::new(
        Problem::NoChange,
        "it is registered so already, or nothing is given to correct",
        "登记信息与现状相同，或未填写更正内容",
    ))
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
        let before = before.ok_or_else(|| self.no_number())?;
        let mut after = before.clone();
        set(&mut after.approved, approved.as_ref());
        set(&mut after.occupied, occupied.as_ref());
        changed(&before, &after)?;
        let body = self.desk.organization.get(&id).map(|body| body.kind.clone()).unwrap_or_default();
        let name = self.version_of(id).map(|version| version.name.clone()).unwrap_or_default();
        establishment::may_hold(&body, &name, kind, approved.unwrap_or(0))?;
        self.good_numbers(&name, after.approved, after.occupied)?;
        self.desk.establishment.put(after);
        Ok(id)
    }

    fn no_number(&self) -> Notice {
        let on = &self.on;
        Notice::new(
            Problem::NotFound,
            format!("no posts of this type are registered for {on}: give another day as `effectiveOn`, or register them with `establishmentSet`"),
            format!("{on}未登记该类型编制，请以 effectiveOn 指明其有效期内的日期，或使用 establishmentSet 核定"),
        )
        .of("establishmentType")
    }

    pub(super) fn correct_post(&mut self, id: i64, new: &PostCorrection) -> Result<i64, Notice> {
        let before = self.desk.leadership_post.get(&id).filter(|post| post.holds(&self.on)).cloned();
        let before = before.ok_or_else(|| missing(&self.on))?;
        let mut after = before.clone();
        set_code(&mut after.organ, new.organ);
        set(&mut after.title, new.title.as_ref());
        set_value(&mut after.position, new.position);
        set_value(&mut after.level, new.level);
        set(&mut after.quota, new.quota.as_ref());
        changed(&before, &after)?;
        super::leadership_post::good_post(new.title.as_deref(), new.quota)?;
        let on = self.on.clone();
        self.heed_quota(&after, &on);
        self.desk.leadership_post.put(after);
        Ok(id)
    }

    /// How many hold a post on a day.
    fn holders(&self, post: i64, on: &str) -> i32 {
        let held = self.desk.appointment.iter().filter(|held| held.post_id == post && in_office(held));
        i32::try_from(held.filter(|held| held.holds(on)).count()).unwrap_or(i32::MAX)
    }

    /// Says when more hold a post on a day than approved. It may well be so: then the register says it.
    fn heed_quota(&mut self, post: &leadership_post::Model, on: &str) {
        let holders = self.holders(post.id, on);
        if holders > post.quota {
            self.warnings.push(Notice::new(
                Problem::OverQuota,
                format!("{holders} hold the post {} on {on}, {} may", post.title, post.quota),
                format!("{}核定 {} 职，{on}实配 {holders} 名", post.title, post.quota),
            ));
        }
    }

    pub(super) fn correct_document(&mut self, id: i64, new: &DocumentCorrection) -> Result<i64, Notice> {
        let before = self.desk.document.get(&id).cloned().ok_or_else(no_such)?;
        let mut after = before.clone();
        set(&mut after.number, new.number.as_ref());
        set(&mut after.title, new.title.as_ref());
        set(&mut after.issuer, new.issuer.as_ref());
        set_text(&mut after.issued_on, new.issued_on.map(|day| day.to_string()).as_deref());
        set(&mut after.disclosed, new.disclosed.as_ref());
        changed(&before, &after)?;
        document::good_texts([&new.number, &new.title, &new.issuer].map(Option::as_deref))?;
        good_day("issuedOn", new.issued_on)?;
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
