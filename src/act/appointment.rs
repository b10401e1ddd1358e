//! Acts on appointments (任免): proposed, the township heard, decided, made public, taken up, ended. Which step follows which stands in the
//! domain.

use super::notice::{Notice, Problem, fits, fits_if_any};
use super::time::{Timed, good_day};
use super::{Acting, Object};
use crate::domain::{
    ActKind, AppointmentKind, AppointmentMode, AppointmentState, CodeList, ConsultationKind, Day, appointing,
    working_day::working_days_after,
};
use crate::store::entity::appointment::Model;

/// Somebody is proposed for a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppointment {
    /// The post.
    pub post: Object,
    /// The person.
    pub person: Object,
    /// Promotion, move, …
    pub kind: AppointmentKind,
    /// Elected, appointed, engaged.
    pub mode: AppointmentMode,
    /// Held beside another post.
    pub concurrent: bool,
    /// Who nominates.
    pub nominator: Option<String>,
}

/// Somebody holds, or held, a post, as it was decided before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// What was decided; the post is taken up on the day of the act.
    pub appointment: NewAppointment,
    /// The day on which the post was left; none while it is held.
    pub to: Option<Day>,
}

/// How an appointment goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The township is heard: its opinion is asked for, or its consent.
    Consult(ConsultationKind),
    /// The decision was discussed.
    Discuss,
    /// It is on public notice.
    Publicise,
    /// The person takes up the post on the day; decided by somebody.
    Appoint(Option<String>),
    /// The person is on probation.
    Probation,
    /// The person is confirmed.
    Confirm,
    /// It is dropped.
    Withdraw,
    /// The person leaves the post on the day.
    Remove,
}

impl Step {
    /// What it is called in the log.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Consult(_) => ActKind::AppointmentConsult,
            Self::Discuss => ActKind::AppointmentDiscuss,
            Self::Publicise => ActKind::AppointmentPublicise,
            Self::Appoint(_) => ActKind::AppointmentTakeUp,
            Self::Probation => ActKind::AppointmentProbation,
            Self::Confirm => ActKind::AppointmentConfirm,
            Self::Withdraw => ActKind::AppointmentWithdraw,
            Self::Remove => ActKind::AppointmentRemove,
        }
    }

    fn leads_to(&self) -> AppointmentState {
        match self {
            Self::Consult(_) => AppointmentState::Consulted,
            Self::Discuss => AppointmentState::Discussed,
            Self::Publicise => AppointmentState::Publicised,
            Self::Appoint(_) => AppointmentState::Appointed,
            Self::Probation => AppointmentState::Probation,
            Self::Confirm => AppointmentState::Confirmed,
            Self::Withdraw => AppointmentState::Withdrawn,
            Self::Remove => AppointmentState::Removed,
        }
    }
}

/// The answer of a township that consents; one that does not begins with another word.
const CONSENT: &str = "同意";
/// Working days of public notice (任前公示期). Source: the regulations on the selection of leading officials.
const NOTICE: u32 = 5;
/// Days of probation (试用期).
const PROBATION: i32 = 365;

/// Whether the person holds, or held, the post.
pub(super) fn in_office(row: &Model) -> bool {
    AppointmentState::parse(&row.state).is_some_and(AppointmentState::in_office)
}

impl Acting<'_> {
    pub(super) fn propose(&mut self, new: &NewAppointment) -> Result<i64, Notice> {
        fits_if_any("nominator", ["who nominates", "提名机关"], new.nominator.as_deref(), 100)?;
        let (post, person) = (self.object(new.post)?, self.object(new.person)?);
        let post = self.post(post)?;
        if self.desk.person.get(&person).is_none() {
            return Err(Notice::new(
                Problem::NotFound,
                "there is no such person in this county",
                "本县不存在该人员",
            ));
        }
        if self.appointments_of(post.id).any(|held| held.person_id == person) {
            return Err(Notice::new(
                Problem::NoChange,
                format!("the person holds the post {}, or is proposed for it", post.title),
                format!("该人员已任或已被提名任{}", post.title),
            ));
        }
        let elsewhere = self
            .desk
            .appointment
            .iter()
            .any(|held| held.person_id == person && held.holds(&self.on) && in_office(held));
        if elsewhere && !new.concurrent && new.kind == AppointmentKind::Promote {
            self.warnings.push(Notice::new(
                Problem::AlreadyInPost,
                "the person holds another post: it has to end, or this one is concurrent",
                "该人员现任其他职务，须免去原职或注明兼任",
            ));
        }
        let id = self.new_id(post.shard)?;
        self.desk.appointment.put(Model {
            id,
            shard: post.shard,
            post_id: post.id,
            person_id: person,
            kind: new.kind.value().to_owned(),
            mode: new.mode.value().to_owned(),
            state: AppointmentState::Proposed.value().to_owned(),
            nominator: new.nominator.clone(),
            appointer: None,
            concurrent: new.concurrent,
            consultation: None,
            consulted_on: None,
            answered_on: None,
            answer: None,
            valid_from: Some(self.on.clone()),
            valid_to: None,
            document_id: self.basis.document,
            publicised_on: None,
        });
        Ok(id)
    }

    /// Registers an appointment that was decided before.
    pub(super) fn record(&mut self, past: &Past) -> Result<i64, Notice> {
        good_day("leftOn", past.to)?;
        let id = self.propose(&past.appointment)?;
        // What was just proposed is there.
        let Some(mut row) = self.desk.appointment.get(&id).cloned() else { return Ok(id) };
        if past.to.is_some_and(|to| to <= self.basis.on) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "nobody leaves a post on the day of taking it up, or before",
                "免职日期须晚于任职日期",
            ));
        }
        if past.to.is_none() {
            self.take_up(&mut row, None)?;
        }
        let state = if past.to.is_some() { AppointmentState::Removed } else { AppointmentState::Confirmed };
        state.value().clone_into(&mut row.state);
        row.set(Some(self.on.clone()), past.to.map(|day| day.to_string()));
        self.desk.appointment.put(row);
        Ok(id)
    }

    fn appointment(&self, id: i64) -> Result<(Model, AppointmentState), Notice> {
        let found = self.desk.appointment.get(&id).filter(|row| !row.is_later(&self.on));
        let found = found.and_then(|row| Some((row.clone(), AppointmentState::parse(&row.state)?)));
        found.ok_or_else(|| {
            Notice::new(Problem::NotFound, "there is no such appointment on the day", "该日不存在该任免事项")
        })
    }

    /// What the township answers when it was heard.
    pub(super) fn answer(&mut self, id: i64, text: &str) -> Result<i64, Notice> {
        let (mut row, state) = self.appointment(id)?;
        if state != AppointmentState::Consulted || row.answered_on.is_some() {
            return Err(Notice::new(
                Problem::WrongState,
                "the township was not asked, or has answered",
                "未征求意见或已答复",
            ));
        }
        if !fits(text, 200) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "an answer has 1 to 200 characters on one line",
                "答复应为 1 至 200 个字符的单行文本",
            )
            .of("answer"));
        }
        row.answered_on = Some(self.on.clone());
        row.answer = Some(text.to_owned());
        self.desk.appointment.put(row);
        Ok(id)
    }

    pub(super) fn step(&mut self, id: i64, step: &Step) -> Result<i64, Notice> {
        let (mut row, state) = self.appointment(id)?;
        let next = step.leads_to();
        let mode = AppointmentMode::parse(&row.mode).unwrap_or(AppointmentMode::Appointed);
        if !appointing::following(state, mode).any(|may| may == next) {
            let may: Vec<_> = appointing::following(state, mode).map(CodeList::item).collect();
            let en: Vec<&str> = may.iter().map(|item| item.en).collect();
            let zh: Vec<&str> = may.iter().map(|item| item.zh).collect();
            let (now, wanted) = (state.item(), next.item());
            return Err(Notice::new(
                Problem::WrongState,
                format!("from {} it goes on to: {}; not to {}", now.en, en.join(", "), wanted.en),
                format!("{}之后可为：{}，不可为{}", now.zh, zh.join("、"), wanted.zh),
            ));
        }
        match step {
            Step::Consult(kind) => {
                row.consultation = Some(kind.value().to_owned());
                row.consulted_on = Some(self.on.clone());
            }
            Step::Discuss => self.heard(&row)?,
            Step::Publicise => row.publicised_on = Some(self.on.clone()),
            Step::Appoint(by) => {
                self.after_notice(&row, self.basis.on);
                self.take_up(&mut row, by.as_deref())?;
            }
            Step::Confirm if state == AppointmentState::Probation => self.after_probation(&row),
            Step::Withdraw => row.end(&self.on),
            Step::Remove => self.leave(&mut row)?,
            Step::Probation | Step::Confirm => {}
        }
        next.value().clone_into(&mut row.state);
        self.desk.appointment.put(row);
        Ok(id)
    }

    /// An opinion advises; without the consent that was asked for nothing is decided.
    fn heard(&mut self, row: &Model) -> Result<(), Notice> {
        let consent = row.consultation.as_deref() == Some(ConsultationKind::Consent.value());
        let consents = row.answer.as_deref().is_some_and(|answer| answer.starts_with(CONSENT));
        if consent && !consents {
            return Err(Notice::new(
                Problem::NoConsent,
                "the township was asked for its consent and has not given it",
                "须征得乡镇同意，乡镇尚未同意",
            ));
        }
        if row.consultation.is_some() && row.answer.is_none() {
            self.warnings.push(Notice::new(
                Problem::NoAnswer,
                "the township was asked for its opinion and has not answered",
                "已征求乡镇意见，尚未答复",
            ));
        }
        Ok(())
    }

    fn take_up(&mut self, row: &mut Model, by: Option<&str>) -> Result<(), Notice> {
        fits_if_any("appointer", ["who decided", "任命机关"], by, 100)?;
        let post = self.post(row.post_id)?;
        let others = self.appointments_of(post.id).filter(|held| held.id != row.id && in_office(held));
        let holders = i32::try_from(others.count()).unwrap_or(i32::MAX);
        if holders >= post.quota {
            return Err(Notice::new(
                Problem::OverQuota,
                format!("{holders} of {} hold the post {}", post.quota, post.title),
                format!("{}核定 {} 职，已配 {holders} 名", post.title, post.quota),
            ));
        }
        row.set(Some(self.on.clone()), None);
        row.appointer = by.map(str::to_owned);
        row.document_id = self.basis.document;
        Ok(())
    }

    /// Nobody takes up a post before the public notice is over: five working days, not counting the first.
    pub(super) fn after_notice(&mut self, row: &Model, on: Day) {
        let Some(began) = row.publicised_on.as_deref().and_then(Day::parse) else { return };
        let (last, provisional) = working_days_after(began, NOTICE);
        if on <= last {
            let (en, zh) = if provisional {
                (", as far as its holidays are known", "（当年放假安排未公布，暂按周末推算）")
            } else {
                ("", "")
            };
            self.warnings.push(Notice::new(
                Problem::TooEarly,
                format!("the public notice of {began} lasts {NOTICE} working days, to {last}{en}"),
                format!("{began}起公示不少于 {NOTICE} 个工作日，应至{last}期满{zh}"),
            ));
        }
    }

    fn after_probation(&mut self, row: &Model) {
        let began = row.from().and_then(Day::parse);
        if began.is_some_and(|began| self.basis.on.0 < began.0 + PROBATION) {
            self.warnings.push(Notice::new(
                Problem::TooEarly,
                "the year of probation is not over",
                "试用期未满一年",
            ));
        }
    }

    fn leave(&self, row: &mut Model) -> Result<(), Notice> {
        if row.from().is_some_and(|from| from >= self.on.as_str()) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "nobody leaves a post on the day of taking it up, or before",
                "免职日期须晚于任职日期",
            ));
        }
        row.end(&self.on);
        Ok(())
    }
}
