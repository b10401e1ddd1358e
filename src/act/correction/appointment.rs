//! Corrections of what is registered of an appointment.

use super::{AppointmentCorrection, changed, no_such, set, set_text, set_value, some};
use crate::act::Acting;
use crate::act::appointment::in_office;
use crate::act::notice::{Notice, Problem, fits_if_any};
use crate::act::time::{Timed, good_day};
use crate::domain::{AppointmentMode, AppointmentState, CodeList, Day};
use crate::store::entity::appointment::Model;
use std::collections::BTreeSet;

impl Acting<'_> {
    pub(in crate::act) fn correct_appointment(
        &mut self,
        id: i64,
        new: &AppointmentCorrection,
    ) -> Result<i64, Notice> {
        let before = self.desk.appointment.get(&id).cloned().ok_or_else(no_such)?;
        let mut after = before.clone();
        for (field, what, text) in [
            ("nominator", ["who nominated", "提名机关"], &new.nominator),
            ("appointer", ["who decided", "任命机关"], &new.appointer),
        ] {
            fits_if_any(field, what, some(text.as_deref()), 100)?;
        }
        set_value(&mut after.kind, new.kind);
        set_value(&mut after.mode, new.mode);
        set(&mut after.concurrent, new.concurrent.as_ref());
        set_text(&mut after.nominator, new.nominator.as_deref());
        set_text(&mut after.appointer, new.appointer.as_deref());
        good_procedure(&after, new)?;
        let term = new.taken_up_on.is_some() || new.left_on.is_some();
        if term {
            self.correct_term(&mut after, new)?;
        }
        changed(&before, &after)?;
        self.desk.appointment.put(after.clone());
        if term {
            self.after_notice(&after, after.from().and_then(Day::parse).unwrap_or(self.basis.on));
            self.heed_holders(&after);
        }
        Ok(id)
    }

    /// Says when more hold a post than approved on a day of a term. Most do on its first day, or when another begins.
    fn heed_holders(&mut self, row: &Model) {
        let Some(post) = self.desk.leadership_post.get(&row.post_id).cloned() else { return };
        let same = self.desk.appointment.iter().filter(|held| held.post_id == post.id && in_office(held));
        let begin = same.filter_map(Timed::from).filter(|day| row.holds(day));
        let days: BTreeSet<String> = begin.map(str::to_owned).collect();
        let over = |day: &String| self.holders(post.id, day) > post.quota;
        if let Some(day) = days.into_iter().find(over) {
            self.heed_quota(&post, &day);
        }
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
        for (field, day) in [("takenUpOn", new.taken_up_on), ("leftOn", new.left_on)] {
            good_day(field, day)?;
        }
        let (from, to) = (day(new.taken_up_on, row.from()), day(new.left_on, row.to()));
        let heard = [&row.consulted_on, &row.answered_on, &row.publicised_on].into_iter().flatten().max();
        if new.taken_up_on.is_some() && heard.zip(from.as_ref()).is_some_and(|(heard, from)| from < heard) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "nobody takes up a post before the township is heard and the public notice has begun",
                "任职日期不得早于征求意见、答复或公示日期",
            )
            .of("takenUpOn"));
        }
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
            return Err(no_such());
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
        let mut others = self.desk.appointment.iter().filter(|other| {
            other.id != row.id
                && (other.post_id, other.person_id) == (row.post_id, row.person_id)
                && other.state != AppointmentState::Withdrawn.value()
        });
        if others.any(|other| other.overlaps(row)) {
            return Err(Notice::new(
                Problem::Duplicate,
                format!(
                    "the person held the post {} in that time already, or is proposed for it",
                    post.title
                ),
                format!("该人员在此期间已任或已被提名任{}", post.title),
            ));
        }
        Ok(())
    }
}

/// Refuses what does not fit how the appointment came about.
fn good_procedure(row: &Model, new: &AppointmentCorrection) -> Result<(), Notice> {
    let elected = new.mode == Some(AppointmentMode::Elected);
    let noticed = row.publicised_on.is_some()
        || [AppointmentState::Publicised, AppointmentState::Probation].iter().any(|s| row.state == s.value());
    if elected && noticed {
        return Err(Notice::new(
            Problem::WrongState,
            "who is elected is not on public notice, and not on probation",
            "选任制任职不经公示和试用",
        )
        .of("mode"));
    }
    if some(new.appointer.as_deref()).is_some() && !in_office(row) {
        return Err(Notice::new(Problem::WrongState, "the post was not taken up", "尚未任职").of("appointer"));
    }
    Ok(())
}
