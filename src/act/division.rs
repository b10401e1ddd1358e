//! Acts on divisions (行政区划): another name or code, one for several. The division stays what it is: its id never changes.

use super::Acting;
use super::notice::{Notice, Problem, fits};
use super::time::Timed;
use crate::domain::DivisionCode;
use crate::store::entity::{division, division_version};

/// Refuses a name that no division has.
pub(super) fn good_name(name: &str) -> Result<(), Notice> {
    if fits(name, 60) {
        return Ok(());
    }
    Err(Notice::new(
        Problem::OutOfRange,
        "a name has 1 to 60 characters, without spaces around it",
        "名称应为 1 至 60 个字符，首尾无空格",
    )
    .of("name"))
}

impl Acting<'_> {
    /// A division that exists on the day and has no end, and what it is called since its last change.
    fn division(&self, id: i64) -> Result<(division::Model, division_version::Model), Notice> {
        let last = self.desk.division_version.range((id, i32::MIN)..(id, i32::MAX)).next_back();
        let found = self.desk.division.get(&id).zip(last);
        let (division, last) = found.ok_or_else(|| {
            Notice::new(Problem::NotFound, "there is no such division in this county", "本县不存在该区划")
        })?;
        if last.to().is_some() || division.valid_to.is_some() {
            return Err(Notice::new(
                Problem::Ended,
                format!("{} has ended", last.name),
                format!("{}已撤销", last.name),
            ));
        }
        if last.is_later(&self.on) {
            return Err(Notice::new(
                Problem::LaterChange,
                format!("{} was changed after {}", last.name, self.on),
                format!("{}在{}之后已有变动", last.name, self.on),
            ));
        }
        Ok((division.clone(), last.clone()))
    }

    /// The divisions below one with a code, as they are on the day.
    fn divisions_below(&self, code: &str) -> impl Iterator<Item = &division_version::Model> {
        let below = self
            .desk
            .division_version
            .iter()
            .filter(move |v| v.code.len() > code.len() && v.code.starts_with(code));
        below.filter(|v| v.holds(&self.on))
    }

    pub(super) fn change_division(
        &mut self,
        id: i64,
        code: Option<DivisionCode>,
        name: &str,
    ) -> Result<i64, Notice> {
        let (_, mut last) = self.division(id)?;
        good_name(name)?;
        let (old, new) = (last.code.clone(), code.map_or_else(|| last.code.clone(), |code| code.to_string()));
        if last.name == name && old == new {
            return Err(Notice::new(
                Problem::NoChange,
                format!("{} is so already", last.name),
                format!("{}已是如此", last.name),
            ));
        }
        if old != new {
            self.good_code(&last, &new)?;
        }
        let mut next = last.clone();
        (next.code, next.name, next.document_id) = (new.clone(), name.to_owned(), self.basis.document);
        if last.from() != Some(&self.on) {
            last.end(&self.on);
            self.desk.division_version.put(last);
            next.version += 1;
            next.set(Some(self.on.clone()), None);
        }
        self.desk.division_version.put(next);
        if old != new {
            self.move_seats(&old, &new)?;
        }
        Ok(id)
    }

    fn good_code(&self, last: &division_version::Model, new: &str) -> Result<(), Notice> {
        let county = format!("{:06}", last.shard);
        if new.len() != last.code.len() || !new.starts_with(&county) {
            return Err(Notice::new(
                Problem::OutOfRange,
                format!("the new code has {} digits and begins with {county}", last.code.len()),
                format!("新代码应为 {} 位并以 {county} 开头", last.code.len()),
            )
            .of("code"));
        }
        // Also one that gets the code later.
        if self
            .desk
            .division_version
            .iter()
            .any(|v| v.code == new && (v.holds(&self.on) || v.is_later(&self.on)))
        {
            return Err(Notice::new(
                Problem::Duplicate,
                format!("another division has the code {new}"),
                format!("代码{new}已被其他区划使用"),
            ));
        }
        if let Some(below) = self.divisions_below(&last.code).next() {
            return Err(Notice::new(
                Problem::StillHolds,
                format!("{} still lies below {}: give it its new code first", below.name, last.code),
                format!("{}仍在代码{}之下，请先变更其代码", below.name, last.code),
            ));
        }
        Ok(())
    }

    /// The bodies that sit in a division sit there under its new code.
    fn move_seats(&mut self, old: &str, new: &str) -> Result<(), Notice> {
        let sitting =
            self.desk.organization_version.iter().filter(|v| v.division_code == old && v.to().is_none());
        for id in sitting.map(|v| v.organization_id).collect::<Vec<_>>() {
            let (_, last) = self.body(id)?;
            self.change(last, |next| new.clone_into(&mut next.division_code))?;
        }
        Ok(())
    }

    pub(super) fn merge_divisions(&mut self, ending: &[i64], into: i64) -> Result<i64, Notice> {
        let (stays, _) = self.division(into)?;
        if ending.is_empty() || ending.contains(&into) {
            return Err(Notice::new(
                Problem::OutOfRange,
                "one division or more end, and another one stays",
                "须有一个以上撤销的区划，并入另一区划",
            )
            .of("divisions"));
        }
        for id in ending {
            let (mut division, mut last) = self.division(*id)?;
            let sits = |v: &&crate::store::entity::organization_version::Model| {
                v.division_code == last.code && v.to().is_none()
            };
            let held = self.desk.organization_version.iter().find(sits).map(|v| v.name.clone());
            let held = held.or_else(|| self.divisions_below(&last.code).next().map(|v| v.name.clone()));
            if let Some(held) = held {
                return Err(Notice::new(
                    Problem::StillHolds,
                    format!(
                        "{} still holds {held}: merge or abolish it, or give it a code elsewhere first",
                        last.name
                    ),
                    format!("{}仍有{held}，请先合并、撤销或变更其代码", last.name),
                ));
            }
            last.end(&self.on);
            division.end(&self.on);
            division.document_id = self.basis.document;
            self.desk.division_version.put(last);
            self.desk.division.put(division);
        }
        Ok(stays.id)
    }
}
