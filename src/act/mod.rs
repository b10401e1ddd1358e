//! Acts: what officials do to the register, never rows that are edited. An act reads and writes a [`Desk`]; whoever gave it the desk
//! commits all of it or nothing.
//!
//! Hard rules refuse, soft ones warn. Source: the regulations on establishment (decree 486), and the rules of each system of the field.

mod appointment;
mod ending;
mod establishment;
mod leadership_post;
mod notice;
mod organization;
mod person;
mod time;

pub use appointment::{NewAppointment, Step};
pub use leadership_post::NewPost;
pub use notice::{Notice, Problem};
pub use organization::NewOrganization;
pub use person::NewPerson;

use crate::domain::{CodeList, Day, EstablishmentType, InstitutionRank};
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
        desk.close(act.name(), basis.document);
    }
    Ok(out)
}

impl Act {
    /// The name under which it stands in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::OrganizationEstablish(_) => "ORGANIZATION_ESTABLISH",
            Self::OrganizationRename { .. } => "ORGANIZATION_RENAME",
            Self::OrganizationRerank { .. } => "ORGANIZATION_RERANK",
            Self::OrganizationTransfer { .. } => "ORGANIZATION_TRANSFER",
            Self::OrganizationMerge { .. } => "ORGANIZATION_MERGE",
            Self::OrganizationAbolish { .. } => "ORGANIZATION_ABOLISH",
            Self::EstablishmentSet { .. } => "ESTABLISHMENT_SET",
            Self::EstablishmentTransfer { .. } => "ESTABLISHMENT_TRANSFER",
            Self::LeadershipPostCreate(_) => "LEADERSHIP_POST_CREATE",
            Self::LeadershipPostClose { .. } => "LEADERSHIP_POST_CLOSE",
            Self::PersonAdd(_) => "PERSON_ADD",
            Self::AppointmentPropose(_) => "APPOINTMENT_PROPOSE",
            Self::AppointmentAnswer { .. } => "APPOINTMENT_ANSWER",
            Self::AppointmentStep { step, .. } => step.name(),
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
                let ending = organizations.iter().map(|object| self.object(*object));
                let ending = ending.collect::<Result<Vec<_>, _>>()?;
                self.merge(&ending, self.object(*into)?)
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
            Act::AppointmentPropose(new) => self.propose(new),
            Act::AppointmentAnswer { appointment, answer } => self.answer(self.object(*appointment)?, answer),
            Act::AppointmentStep { appointment, step } => self.step(self.object(*appointment)?, step),
        }
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
        self.desk.new_id(shard).ok_or_else(|| {
            Notice::new(
                Problem::OutOfRange,
                format!("the county {shard} does not lie on the desk, or has no id left"),
                format!("县 {shard} 不在本次操作范围内，或编号已用尽"),
            )
        })
    }
}
