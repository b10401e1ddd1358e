//! How organisations end: another takes over what they hold (划转、合并), or they hold nothing (撤销).

use super::Acting;
use super::notice::{Notice, Problem};
use super::time::{Timed, end_all};
use crate::domain::ChangeKind;
use std::collections::BTreeSet;

impl Acting<'_> {
    pub(super) fn transfer(&mut self, id: i64, successor: i64) -> Result<i64, Notice> {
        self.take_over(&[id], successor, ChangeKind::Transfer)
    }

    pub(super) fn merge(&mut self, ending: &[i64], into: i64) -> Result<i64, Notice> {
        let different: BTreeSet<&i64> = ending.iter().collect();
        if different.len() < 2 || different.len() < ending.len() {
            return Err(Notice::new(
                Problem::OutOfRange,
                "two different bodies or more are merged",
                "合并须有两个以上不同的机构",
            )
            .of("organizations"));
        }
        self.take_over(ending, into, ChangeKind::Merge)
    }

    /// Bodies end, and another takes over what they hold.
    fn take_over(&mut self, ending: &[i64], into: i64, kind: ChangeKind) -> Result<i64, Notice> {
        let (successor, _) = self.body(into)?;
        for id in ending {
            if *id == into {
                return Err(Notice::new(
                    Problem::WrongKind,
                    "a body does not take over itself",
                    "机构不能由其自身承接",
                ));
            }
            let (body, _) = self.body(*id)?;
            if body.shard != successor.shard {
                return Err(Notice::new(
                    Problem::OutOfRange,
                    "a body is taken over within its county",
                    "机构承接须在同一县内",
                ));
            }
            self.take_over_establishment(*id, into)?;
            self.take_over_posts(*id, into)?;
            self.take_over_bodies(*id, into)?;
            self.end(*id)?;
        }
        self.note(successor.shard, kind, ending, &[into])?;
        Ok(into)
    }

    /// The bodies that a body owns belong to another.
    fn take_over_bodies(&mut self, from: i64, to: i64) -> Result<(), Notice> {
        let (_, ending) = self.body(from)?;
        for id in self.owned(from) {
            let (_, last) = self.body(id)?;
            // The successor itself, when it belonged to the body, goes where that belonged.
            let owner = if id == to { ending.parent_id } else { Some(to) };
            self.change(last, |next| next.parent_id = owner)?;
        }
        Ok(())
    }

    /// The bodies that belong to a body.
    fn owned(&self, id: i64) -> Vec<i64> {
        let versions = self.desk.organization_version.iter();
        let own = versions.filter(|v| v.parent_id == Some(id) && v.to().is_none());
        own.map(|v| v.organization_id).collect()
    }

    pub(super) fn abolish(&mut self, id: i64) -> Result<i64, Notice> {
        let (body, _) = self.body(id)?;
        self.end(id)?;
        self.note(body.shard, ChangeKind::Abolish, &[id], &[])?;
        Ok(id)
    }

    pub(super) fn split(&mut self, id: i64, into: &[i64]) -> Result<i64, Notice> {
        let different: BTreeSet<&i64> = into.iter().collect();
        if different.len() < 2 || different.len() < into.len() || different.contains(&id) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "a body is split into two others or more",
                "分设须有两个以上其他机构",
            )
            .of("into"));
        }
        for successor in into {
            self.body(*successor)?;
        }
        let (body, _) = self.body(id)?;
        self.end(id)?;
        self.note(body.shard, ChangeKind::Split, &[id], into)?;
        Ok(id)
    }

    /// Whether a body gets posts, or establishment, after the day.
    fn later(&self, id: i64) -> bool {
        let own = (id, String::new(), i32::MIN)..(id + 1, String::new(), i32::MIN);
        let numbers = self.desk.establishment.range(own).any(|row| row.is_later(&self.on));
        let mut posts = self.desk.leadership_post.iter().filter(|post| post.organization_id == id);
        numbers || posts.any(|post| post.is_later(&self.on))
    }

    /// Ends a body that holds nothing.
    fn end(&mut self, id: i64) -> Result<(), Notice> {
        let (mut body, mut last) = self.body(id)?;
        let mut held = Vec::new();
        if self.later(id) {
            held.push(("what begins later", "之后生效的编制或职数"));
        }
        if self.establishment_of(id).any(|row| row.approved != 0 || row.occupied != 0) {
            held.push(("establishment", "编制"));
        }
        if self.posts_of(id).next().is_some() {
            held.push(("leadership posts", "领导职数"));
        }
        if !self.owned(id).is_empty() {
            held.push(("bodies", "下属机构"));
        }
        if !held.is_empty() {
            let (en, zh): (Vec<_>, Vec<_>) = held.into_iter().unzip();
            return Err(Notice::new(
                Problem::StillHolds,
                format!("{} still holds {}: move or close them first", last.name, en.join(", ")),
                format!("{}仍有{}，请先划转或核销", last.name, zh.join("、")),
            ));
        }
        for row in self.establishment_of(id).cloned().collect::<Vec<_>>() {
            self.end_establishment(row);
        }
        let competent = (id, i64::MIN, i32::MIN)..(id, i64::MAX, i32::MAX);
        end_all(&mut self.desk.competent_department, competent, &self.on);
        end_all(&mut self.desk.pattern_assignment, (id, i32::MIN)..(id, i32::MAX), &self.on);
        last.end(&self.on);
        body.end(&self.on);
        self.desk.organization_version.put(last);
        self.desk.organization.put(body);
        Ok(())
    }
}
