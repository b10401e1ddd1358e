//! Appointments in the snapshot.

use super::forms::{Form, Forms, FormsBuilder};
use super::ids::Reference;
use super::leadership_post::PostRow;
use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{AppointmentKind, AppointmentMode, AppointmentState, ConsultationKind, Day, Validity};
use crate::store::entity;

/// An appointment.
#[derive(Debug, Clone)]
pub struct AppointmentRow {
    /// Row of its post in the same shard.
    pub post: u32,
    /// The person, perhaps of another shard.
    pub person: Reference,
    /// State of the procedure.
    pub state: AppointmentState,
    /// Whether the township was heard: then the consultation stands apart.
    pub heard: bool,
    /// How it came about.
    pub procedure: Form<Procedure>,
    /// When the person is in the post.
    pub validity: Validity,
}

/// How appointments come about: the same for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Procedure {
    /// Promotion, move, …
    pub kind: AppointmentKind,
    /// Elected, appointed, engaged.
    pub mode: AppointmentMode,
    /// Held beside another post.
    pub concurrent: bool,
    /// Who nominated.
    pub nominator: Option<Sym>,
    /// Who decided.
    pub appointer: Option<Sym>,
    /// Basis document.
    pub document: Option<i64>,
}

/// How the township was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consultation {
    /// Opinion or consent.
    pub kind: ConsultationKind,
    /// When it was asked.
    pub asked_on: Option<Day>,
    /// When it answered.
    pub answered_on: Option<Day>,
    /// What it answered.
    pub answer: Option<Sym>,
}

/// The appointments of a shard.
#[derive(Clone)]
pub struct Appointments {
    /// Ordered by post, beginning and id.
    pub rows: Table<AppointmentRow>,
    /// How they came about.
    pub procedures: Forms<Procedure>,
    /// How the township was heard: row and consultation, ordered.
    pub consultations: Box<[(u32, Consultation)]>,
    /// Since when some are, or were, on public notice: row and day, ordered.
    pub notices: Box<[(u32, Day)]>,
}

impl Appointments {
    /// How the township was heard before an appointment.
    pub fn consultation(&self, row: u32) -> Option<Consultation> {
        if !self.rows.get(row).heard {
            return None;
        }
        let at = self.consultations.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(self.consultations[at].1)
    }

    /// Since when an appointment is, or was, on public notice.
    pub fn publicised_on(&self, row: u32) -> Option<Day> {
        let at = self.notices.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(self.notices[at].1)
    }
}

/// Builds the appointments.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::appointment::Model>,
    posts: &Table<PostRow>,
) -> Result<Appointments, BuildError> {
    let mut procedures = FormsBuilder::default();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let post = posts.find(row.post_id).ok_or_else(|| {
            BuildError(format!("appointment {}: post {} is not in its shard", row.id, row.post_id))
        })?;
        let consultation = match row.consultation.as_deref() {
            None => None,
            Some(kind) => Some(Consultation {
                kind: b.code(kind)?,
                asked_on: b.maybe_day(row.consulted_on.as_deref())?,
                answered_on: b.maybe_day(row.answered_on.as_deref())?,
                answer: b.maybe_text(row.answer.as_deref()),
            }),
        };
        let procedure = Procedure {
            kind: b.code(&row.kind)?,
            mode: b.code(&row.mode)?,
            concurrent: row.concurrent,
            nominator: b.maybe_text(row.nominator.as_deref()),
            appointer: b.maybe_text(row.appointer.as_deref()),
            document: row.document_id,
        };
        let appointment = AppointmentRow {
            post,
            person: b.references.to(row.person_id),
            state: b.code(&row.state)?,
            heard: consultation.is_some(),
            procedure: procedures.add(procedure),
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
        };
        let notice = b.maybe_day(row.publicised_on.as_deref())?;
        out.push((row.id, appointment, (consultation, notice)));
    }
    out.sort_by_key(|(id, a, _)| (a.post, a.validity.from, *id));
    let consultations = (0..).zip(&out).filter_map(|(row, (_, _, (c, _)))| Some((row, (*c)?))).collect();
    let notices = (0..).zip(&out).filter_map(|(row, (_, _, (_, on)))| Some((row, (*on)?))).collect();
    let rows = Table::new(b.shard, out.into_iter().map(|(id, a, _)| (id, a)).collect());
    Ok(Appointments { rows, procedures: procedures.finish(), consultations, notices })
}
