//! Acts: what officials do to the register, never rows that are edited. An act reads and writes a [`Desk`]; whoever gave it the desk
//! commits all of it or nothing.
//!
//! Hard rules refuse, soft ones warn. Source: the regulations on establishment (decree 486), and the rules of each system of the field.

mod appointment;
mod division;
mod document;
mod ending;
mod establishment;
mod leadership_post;
mod notice;
mod organization;
mod person;
mod reform;
mod setting_pattern;
mod time;

pub use appointment::{NewAppointment, Step};
pub use document::{NewDocument, register_document};
pub use leadership_post::NewPost;
pub use notice::{Notice, Problem};
pub use organization::NewOrganization;
pub use person::{Correction, NewPerson};
pub use reform::register_reform;

use crate::domain::{ActKind, CodeList, Day, DivisionCode, EstablishmentType, InstitutionRank};
use crate::store::Desk;
use serde::{Deserialize, Serialize};

/// An object that an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// One that is there, by its surrogate id.
    Id(i64),
    /// What an earlier act of the same batch made, by its place.
    Made(usize),
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A body is founded (设立).
    OrganizationEstablish(NewOrganization),
    /// A body gets another name (更名).
    OrganizationRename {
        /// The body.
        organization: Object,
        /// Its new name.
        name: String,
        /// Its new short name; none when absent.
        short_name: Option<String>,
    },
    /// A body gets another rank (规格调整).
    OrganizationRerank {
        /// The body.
        organization: Object,
        /// Its new rank.
        rank: InstitutionRank,
    },
    /// A body ends, and another that is there, or was founded in the same batch, takes over all that it holds (划转), such as the
    /// institution of a township what a seconded agency held.
    OrganizationTransfer {
        /// The body that ends.
        organization: Object,
        /// Its successor.
        successor: Object,
    },
    /// Bodies end, and one takes over all that they hold (合并).
    OrganizationMerge {
        /// The bodies that end.
        organizations: Vec<Object>,
        /// The body that takes over.
        into: Object,
    },
    /// A body that holds nothing any more ends, and several that are there, or were founded in the same batch, come out of it (分设).
    OrganizationSplit {
        /// The body that ends.
        organization: Object,
        /// The bodies that come out of it.
        into: Vec<Object>,
    },
    /// A body ends that holds nothing (撤销).
    OrganizationAbolish {
        /// The body.
        organization: Object,
    },
    /// Approved, and perhaps occupied posts of one type are set (核定编制).
    EstablishmentSet {
        /// The body.
        organization: Object,
        /// Type of establishment.
        kind: EstablishmentType,
        /// Approved posts.
        approved: i32,
        /// Occupied posts; as before when absent.
        occupied: Option<i32>,
    },
    /// Posts of one type move from a body to another (划转编制). A type never becomes another.
    EstablishmentTransfer {
        /// From this body.
        from: Object,
        /// To this one.
        to: Object,
        /// Type of establishment.
        kind: EstablishmentType,
        /// Approved posts that move.
        approved: i32,
        /// Occupied posts that move with them.
        occupied: i32,
    },
    /// A leadership post is created (设置领导职数).
    LeadershipPostCreate(NewPost),
    /// A leadership post is closed that nobody holds (核销领导职数).
    LeadershipPostClose {
        /// The post.
        post: Object,
    },
    /// Somebody is added to the register (人员登记).
    PersonAdd(NewPerson),
    /// What is registered of somebody is corrected (人员信息更正).
    PersonCorrect {
        /// The person.
        person: Object,
        /// What is to stand there.
        correction: Correction,
    },
    /// Somebody is proposed for a post (动议提名).
    AppointmentPropose(NewAppointment),
    /// The township answers (乡镇答复): consent begins with 同意.
    AppointmentAnswer {
        /// The appointment.
        appointment: Object,
        /// What it answers.
        answer: String,
    },
    /// An appointment goes on by a step of its procedure.
    AppointmentStep {
        /// The appointment.
        appointment: Object,
        /// The step.
        step: Step,
    },
    /// A setting pattern holds for a township (确定设置模式).
    SettingPatternAssign {
        /// The township.
        township: Object,
        /// The pattern.
        pattern: Object,
    },
    /// A division gets another name, or another code, such as when a township becomes a town (撤乡设镇). It stays the same division.
    DivisionChange {
        /// The division.
        division: Object,
        /// Its new code; the same when absent.
        code: Option<DivisionCode>,
        /// Its new name.
        name: String,
    },
    /// Divisions in which no body sits any more end, and another takes in their land (区划合并).
    DivisionMerge {
        /// The divisions that end.
        divisions: Vec<Object>,
        /// The division that stays.
        into: Object,
    },
}

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

/// Carries out acts one after the other: each sees what those before it did.
///
/// # Errors
/// The place of the first act that is refused, and why. The desk is not to be committed then.
pub fn carry_out(desk: &mut Desk, basis: &Basis, acts: &[Act]) -> Result<Carried, (usize, Notice)> {
    let mut out = Carried::default();
    for (at, act) in acts.iter().enumerate() {
        let mut acting = Acting {
            on: basis.on.to_string(),
            desk: &mut *desk,
            basis,
            made: &out.objects,
            warnings: Vec::new(),
        };
        let object = acting.carry_out(act).map_err(|notice| (at, notice))?;
        let warnings = std::mem::take(&mut acting.warnings);
        out.warnings.extend(warnings.into_iter().map(|notice| (at, notice)));
        out.objects.push(object);
        desk.close(act.kind(), basis.document);
    }
    Ok(out)
}

impl Act {
    /// What it is called in the log.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::OrganizationEstablish(_) => ActKind::OrganizationEstablish,
            Self::OrganizationRename { .. } => ActKind::OrganizationRename,
            Self::OrganizationRerank { .. } => ActKind::OrganizationRerank,
            Self::OrganizationTransfer { .. } => ActKind::OrganizationTransfer,
            Self::OrganizationMerge { .. } => ActKind::OrganizationMerge,
            Self::OrganizationSplit { .. } => ActKind::OrganizationSplit,
            Self::OrganizationAbolish { .. } => ActKind::OrganizationAbolish,
            Self::EstablishmentSet { .. } => ActKind::EstablishmentSet,
            Self::EstablishmentTransfer { .. } => ActKind::EstablishmentTransfer,
            Self::LeadershipPostCreate(_) => ActKind::LeadershipPostCreate,
            Self::LeadershipPostClose { .. } => ActKind::LeadershipPostClose,
            Self::PersonAdd(_) => ActKind::PersonAdd,
            Self::PersonCorrect { .. } => ActKind::PersonCorrect,
            Self::AppointmentPropose(_) => ActKind::AppointmentPropose,
            Self::AppointmentAnswer { .. } => ActKind::AppointmentAnswer,
            Self::AppointmentStep { step, .. } => step.kind(),
            Self::SettingPatternAssign { .. } => ActKind::SettingPatternAssign,
            Self::DivisionChange { .. } => ActKind::DivisionChange,
            Self::DivisionMerge { .. } => ActKind::DivisionMerge,
        }
    }
}

/// An act while it is carried out.
struct Acting<'a> {
    desk: &'a mut Desk,
    basis: &'a Basis,
    /// The day, as rows have it.
    on: String,
    made: &'a [i64],
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
        }
    }

    fn objects(&self, objects: &[Object]) -> Result<Vec<i64>, Notice> {
        objects.iter().map(|object| self.object(*object)).collect()
    }

    fn object(&self, object: Object) -> Result<i64, Notice> {
        match object {
            Object::Id(id) => Ok(id),
            Object::Made(at) => self.made.get(at).copied().ok_or_else(|| {
                Notice::new(
                    Problem::NotFound,
                    format!("act {at} does not come before this one"),
                    format!("第 {at} 项操作不在本项之前"),
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
