//! Appointments in the snapshot.

use super::leadership_post::PostRow;
use super::table::{Row, Table};
use super::{BuildError, Sym, shard::Builder};
use crate::domain::{AppointmentKind, AppointmentMode, AppointmentState, ConsultationKind, Day, Validity};
use crate::store::entity;

/// An appointment.
#[derive(Debug)]
pub struct AppointmentRow {
    /// Surrogate id.
    pub id: i64,
    /// Row of its post in the same shard.
    pub post: u32,
    /// The person, perhaps of another shard.
    pub person: i64,
    /// Promotion, move, …
    pub kind: AppointmentKind,
    /// Elected, appointed, engaged.
    pub mode: AppointmentMode,
    /// State of the procedure.
    pub state: AppointmentState,
    /// Who nominated.
    pub nominator: Option<Sym>,
    /// Who decided.
    pub appointer: Option<Sym>,
    /// Held beside another post.
    pub concurrent: bool,
    /// How the township was heard.
    pub consultation: Option<Consultation>,
    /// When the person is in the post.
    pub validity: Validity,
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

impl Row for AppointmentRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// Builds the appointments, ordered by post, beginning and id.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::appointment::Model>,
    posts: &Table<PostRow>,
) -> Result<Vec<AppointmentRow>, BuildError> {
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
        out.push(AppointmentRow {
            id: row.id,
            post,
            person: row.person_id,
            kind: b.code(&row.kind)?,
            mode: b.code(&row.mode)?,
            state: b.code(&row.state)?,
            nominator: b.maybe_text(row.nominator.as_deref()),
            appointer: b.maybe_text(row.appointer.as_deref()),
            concurrent: row.concurrent,
            consultation,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id,
        });
    }
    out.sort_by_key(|a| (a.post, a.validity.from, a.id));
    Ok(out)
}
