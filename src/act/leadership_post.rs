//! Acts on leadership posts (领导职数): created, closed, taken over with those who hold them.

use super::appointment::in_office;
use super::notice::{Notice, Problem, fits};
use super::time::Timed;
use super::{Acting, Object};
use crate::domain::{AppointmentKind, AppointmentState, CodeList, PostLevel, PostPosition, TownshipOrgan};
use crate::store::entity::appointment;
use crate::store::entity::leadership_post::Model;

/// A post that is to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// The body that it leads.
    pub organization: Object,
    /// The organ of a township.
    pub organ: Option<TownshipOrgan>,
    /// Its title.
    pub title: String,
    /// Principal or deputy.
    pub position: PostPosition,
    /// Its level.
    pub level: PostLevel,
    /// How many may hold it.
    pub quota: i32,
}

/// More than any post has.
const MOST: i32 = 99;

/// Refuses a title or a number of holders that no post has.
pub(super) fn good_post(title: Option<&str>, quota: Option<i32>) -> Result<(), Notice> {
    let fitting = title.is_none_or(|title| fits(title, 40));
    if fitting && quota.is_none_or(|quota| (1..=MOST).contains(&quota)) {
        return Ok(());
    }
    Err(Notice::new(
        Problem::OutOfRange,
        format!("a post has a title of 1 to 40 characters and 1 to {MOST} holders"),
        format!("职务名称应为 1 至 40 个字符，职数应为 1 至 {MOST}"),
    )
    .of(if fitting { "quota" } else { "title" }))
}

impl Acting<'_> {
    /// The posts that a body has on the day.
    pub(super) fn posts_of(&self, id: i64) -> impl Iterator<Item = &Model> {
        let posts = self.desk.leadership_post.iter();
        posts.filter(move |post| post.organization_id == id && post.holds(&self.on))
    }

    /// The appointments to a post that are in force on the day, or under way.
    pub(super) fn appointments_of(&self, post: i64) -> impl Iterator<Item = &appointment::Model> {
        let own = self.desk.appointment.iter().filter(move |a| a.post_id == post);
        own.filter(|a| {
            let state = AppointmentState::parse(&a.state);
            a.to().is_none_or(|to| to > self.on.as_str())
                && !matches!(state, Some(AppointmentState::Withdrawn | AppointmentState::Removed))
        })
    }

    pub(super) fn create_post(&mut self, new: &NewPost) -> Result<i64, Notice> {
        let (body, _) = self.body(self.object(new.organization)?)?;
        good_post(Some(&new.title), Some(new.quota))?;
        let id = self.new_id(body.shard)?;
        self.desk.leadership_post.put(Model {
            id,
            shard: body.shard,
            organization_id: body.id,
            organ: new.organ.map(|code| code.value().to_owned()),
            title: new.title.clone(),
            position: new.position.value().to_owned(),
            level: new.level.value().to_owned(),
            quota: new.quota,
            valid_from: Some(self.on.clone()),
            valid_to: None,
            document_id: self.basis.document,
        });
        Ok(id)
    }

    /// A post that exists on the day and has no end.
    pub(super) fn post(&self, id: i64) -> Result<Model, Notice> {
        let found = self.desk.leadership_post.get(&id).filter(|post| !post.is_later(&self.on));
        let Some(post) = found.cloned() else {
            return Err(Notice::new(
                Problem::NotFound,
                "there is no such post on the day",
                "该日不存在该职务",
            ));
        };
        if post.to().is_some() {
            return Err(Notice::new(
                Problem::Ended,
                format!("the post {} was closed", post.title),
                format!("{}已核销", post.title),
            ));
        }
        Ok(post)
    }

    pub(super) fn close_post(&mut self, id: i64) -> Result<i64, Notice> {
        let mut post = self.post(id)?;
        if self.appointments_of(id).next().is_some() {
            return Err(Notice::new(
                Problem::StillHolds,
                format!("somebody holds the post {}, or is about to", post.title),
                format!("{}仍有人任职或任免程序未结束", post.title),
            ));
        }
        post.end(&self.on);
        self.desk.leadership_post.put(post);
        Ok(id)
    }

    /// The posts of a body go to another, with those who hold them: the post ends, the same begins there, and who held it is moved to it
    /// at the same level. Who was under way to it has to be withdrawn first.
    pub(super) fn take_over_posts(&mut self, from: i64, to: i64) -> Result<(), Notice> {
        for mut post in self.posts_of(from).cloned().collect::<Vec<_>>() {
            let id = self.new_id(post.shard)?;
            for mut held in self.appointments_of(post.id).cloned().collect::<Vec<_>>() {
                if !in_office(&held) || held.is_later(&self.on) || held.to().is_some() {
                    return Err(Notice::new(
                        Problem::StillHolds,
                        format!("an appointment to {} is under way: withdraw it first", post.title),
                        format!("{}的任免程序未结束，请先撤回", post.title),
                    ));
                }
                let mut next = held.clone();
                next.id = self.new_id(held.shard)?;
                next.post_id = id;
                next.kind = AppointmentKind::Reassign.value().to_owned();
                next.set(Some(self.on.clone()), None);
                next.document_id = self.basis.document;
                held.end(&self.on);
                held.state = AppointmentState::Removed.value().to_owned();
                self.desk.appointment.put(held);
                self.desk.appointment.put(next);
            }
            let mut next = post.clone();
            next.id = id;
            next.organization_id = to;
            next.set(Some(self.on.clone()), None);
            next.document_id = self.basis.document;
            post.end(&self.on);
            self.desk.leadership_post.put(post);
            self.desk.leadership_post.put(next);
        }
        Ok(())
    }
}
