//! Setting patterns (设置模式): which holds for a township.

use super::Acting;
use super::notice::{Notice, Problem};
use super::time::Timed;
use crate::domain::{CodeList, OrganizationKind};
use crate::store::entity::pattern_assignment::Model;

impl Acting<'_> {
    pub(super) fn assign_pattern(&mut self, township: i64, pattern: i64) -> Result<i64, Notice> {
        let (body, version) = self.body(township)?;
        let kind = OrganizationKind::parse(&body.kind);
        if !matches!(kind, Some(OrganizationKind::Government | OrganizationKind::SubdistrictOffice)) {
            return Err(Notice::new(
                Problem::WrongKind,
                format!("{} is not a township: a pattern holds for one", version.name),
                format!("{}不是乡镇、街道，不适用设置模式", version.name),
            ));
        }
        let own = self.desk.pattern_assignment.range((township, i32::MIN)..(township, i32::MAX));
        let last = own.last().cloned();
        let later = last
            .as_ref()
            .filter(|row| row.is_later(&self.on) || row.to().is_some_and(|to| to > self.on.as_str()));
        if later.is_some() {
            return Err(Notice::new(
                Problem::LaterChange,
                format!("another pattern is assigned after {}", self.on),
                format!("{}之后已另行确定设置模式", self.on),
            ));
        }
        let mut next = Model {
            organization_id: township,
            version: last.as_ref().map_or(1, |row| row.version + 1),
            shard: body.shard,
            pattern_id: pattern,
            valid_from: Some(self.on.clone()),
            valid_to: None,
        };
        if let Some(mut now) = last.filter(|row| row.holds(&self.on)) {
            if now.pattern_id == pattern {
                return Err(Notice::new(
                    Problem::NoChange,
                    format!("{} has this pattern already", version.name),
                    format!("{}已适用该设置模式", version.name),
                ));
            }
            if now.from() == Some(&self.on) {
                next.version = now.version;
            } else {
                now.end(&self.on);
                self.desk.pattern_assignment.put(now);
            }
        }
        self.desk.pattern_assignment.put(next);
        Ok(township)
    }
}
