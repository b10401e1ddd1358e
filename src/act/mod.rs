//! Acts: what officials do to the register, never rows that are edited. An act reads and writes a [`Desk`]; whoever gave it the desk
//! commits all of it or nothing.
//!
//! Hard rules refuse, soft ones warn. Source: the regulations on establishment (decree 486), and the rules of each system of the field.

mod acts;
mod appointment;
mod correction;
mod division;
mod document;
mod ending;
mod establishment;
mod leadership_post;
mod notice;
mod organization;
mod person;
mod reform;
mod reform_draft;
mod reversal;
mod setting_pattern;
mod time;

pub use acts::{Act, Object};
pub use appointment::{NewAppointment, Past, Step};
pub use correction::{
    AppointmentCorrection, DocumentCorrection, OrganizationCorrection, PersonCorrection, PostCorrection,
};
pub use document::{NewDocument, register_document};
pub use leadership_post::NewPost;
pub use notice::{Notice, Problem};
pub use organization::NewOrganization;
pub use person::NewPerson;
pub use reform::register_reform;
pub use reform_draft::{DraftWork, handle_draft, may_release};
pub use time::is_near;

use crate::domain::{CodeList, Day};
use crate::store::Desk;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What a batch of acts takes effect by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The day on which all of it takes effect.
    pub on: Day,
    /// Basis document, which lies on the desk.
    pub document: Option<i64>,
    /// The reform that it belongs to, which lies on the desk.
    pub reform: Option<i64>,
}

/// What came of a batch: for each act the id of what it made or was about, and what is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Carried {
    /// An id for each act.
    pub objects: Vec<i64>,
    /// Warnings, each with the place of its act.
    pub warnings: Vec<(usize, Notice)>,
}

/// The acts that are refused, each by its place, and why; in their order.
pub type Refusals = Vec<(usize, Notice)>;

/// Carries out acts one after the other: each sees what those before it did.
///
/// # Errors
/// Every act that is refused. Those that refer to what a refused act would have made are not judged. The desk is not to be committed then.
pub fn carry_out(desk: &mut Desk, basis: &Basis, acts: &[Act]) -> Result<Carried, Refusals> {
    let (mut made, mut warnings, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
    for (at, act) in acts.iter().enumerate() {
        let mut acting = Acting {
            on: basis.on.to_string(),
            desk: &mut *desk,
            basis,
            made: &made,
            follows: Cell::new(false),
            warnings: Vec::new(),
        };
        let outcome = acting.carry_out(act);
        let follows = acting.follows.get();
        warnings.extend(std::mem::take(&mut acting.warnings).into_iter().map(|notice| (at, notice)));
        match outcome {
            Ok(object) => {
                made.push(Some(object));
                desk.close_reversal(act.kind(), basis.document, act.reverses());
            }
            Err(notice) => {
                made.push(None);
                refusals.extend((!follows).then_some((at, notice)));
                desk.undo();
            }
        }
    }
    let objects: Vec<i64> = made.into_iter().flatten().collect();
    if refusals.is_empty() { Ok(Carried { objects, warnings }) } else { Err(refusals) }
}

/// An act while it is carried out.
struct Acting<'a> {
    desk: &'a mut Desk,
    basis: &'a Basis,
    /// The day, as rows have it.
    on: String,
    /// What each act before this one made or was about; nothing for one that is refused.
    made: &'a [Option<i64>],
    /// Whether it refers to what a refused act would have made.
    follows: Cell<bool>,
    warnings: Vec<Notice>,
}

impl Acting<'_> {
    fn carry_out(&mut self, act: &Act) -> Result<i64, Notice> {
        match act {
            Act::OrganizationEstablish(new) => self.establish(new),
            Act::OrganizationRename { organization, name, short_name } => {
                self.rename(self.object(*organization)?, name, short_name.as_deref())
            }
            Act::OrganizationRerank { organization, rank } => {
                self.rerank(self.object(*organization)?, rank.value())
            }
            Act::OrganizationTransfer { organization, successor } => {
                self.transfer(self.object(*organization)?, self.object(*successor)?)
            }
            Act::OrganizationMerge { organizations, into } => {
                let ending = self.objects(organizations)?;
                self.merge(&ending, self.object(*into)?)
            }
            Act::OrganizationSplit { organization, into } => {
                let into = self.objects(into)?;
                self.split(self.object(*organization)?, &into)
            }
            Act::OrganizationAbolish { organization } => self.abolish(self.object(*organization)?),
            Act::EstablishmentSet { organization, kind, approved, occupied } => {
                self.set(self.object(*organization)?, *kind, *approved, *occupied)
            }
            Act::EstablishmentTransfer { from, to, kind, approved, occupied } => {
                self.move_posts([self.object(*from)?, self.object(*to)?], *kind, [*approved, *occupied])
            }
            Act::LeadershipPostCreate(new) => self.create_post(new),
            Act::LeadershipPostClose { post } => self.close_post(self.object(*post)?),
            Act::PersonAdd(new) => self.add_person(new),
            Act::PersonCorrect { person, correction } => {
                self.correct_person(self.object(*person)?, correction)
            }
            Act::AppointmentPropose(new) => self.propose(new),
            Act::AppointmentRecord(past) => self.record(past),
            Act::AppointmentAnswer { appointment, answer } => self.answer(self.object(*appointment)?, answer),
            Act::AppointmentStep { appointment, step } => self.step(self.object(*appointment)?, step),
            Act::SettingPatternAssign { township, pattern } => {
                self.assign_pattern(self.object(*township)?, self.object(*pattern)?)
            }
            Act::DivisionChange { division, code, name } => {
                self.change_division(self.object(*division)?, *code, name)
            }
            Act::DivisionMerge { divisions, into } => {
                let ending = self.objects(divisions)?;
                self.merge_divisions(&ending, self.object(*into)?)
            }
            Act::OrganizationCorrect { organization, correction } => {
                self.correct_organization(self.object(*organization)?, correction)
            }
            Act::EstablishmentCorrect { organization, kind, approved, occupied } => {
                self.correct_establishment(self.object(*organization)?, *kind, [*approved, *occupied])
            }
            Act::LeadershipPostCorrect { post, correction } => {
                self.correct_post(self.object(*post)?, correction)
            }
            Act::AppointmentCorrect { appointment, correction } => {
                self.correct_appointment(self.object(*appointment)?, correction)
            }
            Act::DocumentCorrect { document, correction } => {
                self.correct_document(self.object(*document)?, correction)
            }
            Act::DivisionCorrect { division, name } => self.correct_division(self.object(*division)?, name),
            Act::ChangeReverse { revision } => self.reverse(*revision),
        }
    }

    fn objects(&self, objects: &[Object]) -> Result<Vec<i64>, Notice> {
        objects.iter().map(|object| self.object(*object)).collect()
    }

    fn object(&self, object: Object) -> Result<i64, Notice> {
        match object {
            Object::Id(id) => Ok(id),
            Object::Made(at) => self.made.get(at).copied().flatten().ok_or_else(|| {
                self.follows.set(at < self.made.len());
                Notice::new(
                    Problem::NotFound,
                    format!("act {at} does not come before this one, or is refused"),
                    format!("第 {at} 项操作不在本项之前或未获准"),
                )
            }),
        }
    }

    /// An id for a new record of a county.
    fn new_id(&mut self, shard: i32) -> Result<i64, Notice> {
        new_id(self.desk, shard)
    }
}

/// An id for a new record of a county.
fn new_id(desk: &mut Desk, shard: i32) -> Result<i64, Notice> {
    desk.new_id(shard).ok_or_else(|| {
        Notice::new(
            Problem::OutOfRange,
            format!("the county {shard} does not lie on the desk, or has no id left"),
            format!("县 {shard} 不在本次操作范围内，或编号已用尽"),
        )
    })
}
