//! Corrections of what is registered of an appointment.

use super::{AppointmentCorrection, changed, missing, set, set_text, some};
use crate::act::Acting;
use crate::act::appointment::in_office;
use crate::act::notice::{Notice, Problem, fits_if_any};
use crate::act::time::Timed;
use crate::domain::{CodeList, Day};
use crate::store::entity::appointment::Model;

impl Acting<'_> {
    pub(in crate::act) fn correct_appointment(
        &mut self,
        id: i64,
        new: &AppointmentCorrection,
    ) -> Result<i64, Notice> {
        let before = self.desk.appointment.get(&id).cloned().ok_or_else(|| missing(&self.on))?;
        let mut after = before.clone();
        for (field, what, text) in [
            ("nominator", ["who nominated", "提名机关"], &new.nominator),
            ("appointer", ["who decided", "任命机关"], &new.appointer),
        ] {
            fits_if_any(field, what, some(text.as_deref()), 100)?;
        }
        set(&mut after.kind, new.kind.map(|code| code.value().to_owned()).as_ref());
        set(&mut after.mode, new.mode.map(|code| code.value().to_owned()).as_ref());
        set(&mut after.concurrent, new.concurrent.as_ref());
        set_text(&mut after.nominator, new.nominator.as_deref());
        set_text(&mut after.appointer, new.appointer.as_deref());
        let term = new.taken_up_on.is_some() || new.left_on.is_some();
        if term {
            self.correct_term(&mut after, new)?;
        }
        changed(&before, &after)?;
        let began = after.from().map(str::to_owned).filter(|_| term);
        let post = self.desk.leadership_post.get(&after.post_id).cloned();
        self.desk.appointment.put(after);
        if let Some((began, post)) = began.zip(post) {
            self.heed_quota(&post, &began);
        }
        Ok(id)
    }

    /// Sets right from when to when somebody held a post.
    fn correct_term(&self, row: &mut Model, new: &AppointmentCorrection) -> Result<(), Notice> {
        let wrong = |field, en: &str, zh: &str| Err(Notice::new(Problem::WrongState, en, zh).of(field));
        if !in_office(row) {
            return wrong("takenUpOn", "the post was not taken up", "尚未任职");
        }
        if new.left_on.is_some() && row.to().is_none() {
            return wrong(
                "leftOn",
                "the post was not left: use `appointmentRemove`",
                "尚未免职，请使用 appointmentRemove",
            );
        }
        let day = |new: Option<Day>, old: Option<&str>| {
            new.map(|day| day.to_string()).or_else(|| old.map(str::to_owned))
        };
        let (from, to) = (day(new.taken_up_on, row.from()), day(new.left_on, row.to()));
        if from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from >= to) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "nobody leaves a post on the day of taking it up, or before",
                "免职日期须晚于任职日期",
            )
            .of(if new.left_on.is_some() { "leftOn" } else { "takenUpOn" }));
        }
        row.set(from, to);
        let Some(post) = self.desk.leadership_post.get(&row.post_id).cloned() else {
            return Err(missing(&self.on));
        };
        let outlives = post.to().is_some_and(|end| row.to().is_none_or(|to| to > end));
        if outlives || post.from().is_some_and(|begin| row.from().is_none_or(|from| from < begin)) {
            let ends = [post.from(), post.to()].map(|day| day.unwrap_or("…").to_owned());
            return Err(Notice::new(
                Problem::OutOfRange,
                format!("the post {} is there from {} to {}", post.title, ends[0], ends[1]),
                format!("{}的存续期为 {} 至 {}", post.title, ends[0], ends[1]),
            )
            .of(if outlives { "leftOn" } else { "takenUpOn" }));
        }
        let mut others = self.desk.appointment.iter().filter(|other| other.id != row.id && in_office(other));
        if others.any(|other| {
            (other.post_id, other.person_id) == (row.post_id, row.person_id) && overlap(other, row)
        }) {
            return Err(Notice::new(
                Problem::Duplicate,
                format!("the person held the post {} in that time already", post.title),
                format!("该人员在此期间已任{}", post.title),
            ));
        }
        Ok(())
    }
}

fn overlap(a: &Model, b: &Model) -> bool {
    let before = |a: &Model, b: &Model| a.to().is_some_and(|to| b.from().is_some_and(|from| to <= from));
    !before(a, b) && !before(b, a)
}
