//! Acts on establishment (编制): set, moved. A type never becomes another.

use super::Acting;
use super::notice::{Notice, Problem};
use super::time::Timed;
use crate::domain::establishment::fits;
use crate::domain::{CodeList, EstablishmentType, OrganizationKind};
use crate::store::entity::establishment::Model;

/// More posts than any body has.
const MOST: i32 = 100_000;

/// Refuses posts of a type that a kind of body may not hold.
pub(super) fn may_hold(body: &str, name: &str, kind: EstablishmentType, approved: i32) -> Result<(), Notice> {
    let fitting = OrganizationKind::parse(body).is_some_and(|body| fits(body, kind));
    if fitting || approved <= 0 {
        return Ok(());
    }
    let item = kind.item();
    Err(Notice::new(
        Problem::WrongKind,
        format!("{name} may not hold {}", item.en),
        format!("{name}不得使用{}", item.zh),
    )
    .of("establishmentType"))
}

impl Acting<'_> {
    /// The establishment that a body has on the day, by type.
    pub(super) fn establishment_of(&self, id: i64) -> impl Iterator<Item = &Model> {
        let own = (id, String::new(), i32::MIN)..(id + 1, String::new(), i32::MIN);
        self.desk.establishment.range(own).filter(|row| row.holds(&self.on))
    }

    /// Ends a number on the day; one that only began on it was never there, and stays as nought.
    pub(super) fn end_establishment(&mut self, mut row: Model) {
        if row.from() == Some(&self.on) {
            (row.approved, row.occupied) = (0, 0);
        } else {
            row.end(&self.on);
        }
        self.desk.establishment.put(row);
    }

    /// The last number of a type that a body has.
    fn last(&self, id: i64, kind: EstablishmentType) -> Result<Option<&Model>, Notice> {
        let kind = kind.value().to_owned();
        let own = (id, kind.clone(), i32::MIN)..(id, kind, i32::MAX);
        let last = self.desk.establishment.range(own).next_back();
        match last {
            Some(last) if last.is_later(&self.on) || last.to().is_some_and(|to| to > self.on.as_str()) => {
                let day = last.from().max(last.to()).unwrap_or_default();
                Err(Notice::new(
                    Problem::LaterChange,
                    format!("the establishment was changed on {day}, after {}", self.on),
                    format!("编制在{}之后（{day}）已有变动", self.on),
                ))
            }
            last => Ok(last),
        }
    }

    /// Refuses numbers that are not possible, and says when more posts are occupied than approved.
    pub(super) fn good_numbers(&mut self, name: &str, approved: i32, occupied: i32) -> Result<(), Notice> {
        if !(0..=MOST).contains(&approved) || !(0..=MOST).contains(&occupied) {
            return Err(Notice::new(
                Problem::OutOfRange,
                format!("numbers of posts go from 0 to {MOST}"),
                format!("编制数应在 0 至 {MOST} 之间"),
            )
            .of(if (0..=MOST).contains(&approved) { "occupied" } else { "approved" }));
        }
        if occupied > approved {
            self.warnings.push(Notice::new(
                Problem::OverEstablishment,
                format!("{name}: {occupied} posts are occupied, {approved} approved"),
                format!("{name}：实有 {occupied} 名，核定 {approved} 名"),
            ));
        }
        Ok(())
    }

    pub(super) fn set(
        &mut self,
        id: i64,
        kind: EstablishmentType,
        approved: i32,
        occupied: Option<i32>,
    ) -> Result<i64, Notice> {
        let (body, version) = self.body(id)?;
        may_hold(&body.kind, &version.name, kind, approved)?;
        let last = self.last(id, kind)?.cloned();
        let now = last.as_ref().filter(|row| row.holds(&self.on));
        let occupied = occupied.unwrap_or_else(|| now.map_or(0, |row| row.occupied));
        self.good_numbers(&version.name, approved, occupied)?;
        let mut next = Model {
            organization_id: id,
            kind: kind.value().to_owned(),
            version: last.as_ref().map_or(1, |row| row.version + 1),
            shard: body.shard,
            valid_from: Some(self.on.clone()),
            valid_to: None,
            approved,
            occupied,
            document_id: self.basis.document,
        };
        if let Some(mut now) = now.cloned() {
            if (now.approved, now.occupied) == (approved, occupied) {
                return Err(Notice::new(
                    Problem::NoChange,
                    format!("{} has these numbers already", version.name),
                    format!("{}编制数与现状相同", version.name),
                ));
            }
            if now.from() == Some(&self.on) {
                next.version = now.version;
            } else {
                now.end(&self.on);
                self.desk.establishment.put(now);
            }
        }
        self.desk.establishment.put(next);
        Ok(id)
    }

    pub(super) fn move_posts(
        &mut self,
        [from, to]: [i64; 2],
        kind: EstablishmentType,
        [approved, occupied]: [i32; 2],
    ) -> Result<i64, Notice> {
        let (_, version) = self.body(from)?;
        self.body(to)?;
        let sound = (0..=MOST).contains(&approved) && (0..=MOST).contains(&occupied);
        if from == to || !sound || approved + occupied == 0 {
            return Err(Notice::new(
                Problem::OutOfRange,
                "posts move between two bodies, one at least",
                "编制须在两个机构之间划转，且不少于一名",
            )
            .of("approved"));
        }
        let of = |acting: &Self, id| {
            let now = acting.establishment_of(id).find(|row| row.kind == kind.value());
            now.map_or((0, 0), |row| (row.approved, row.occupied))
        };
        let (has_approved, has_occupied) = of(self, from);
        if has_approved < approved || has_occupied < occupied {
            return Err(Notice::new(
                Problem::NotEnough,
                format!("{} has {has_approved} posts approved, {has_occupied} occupied", version.name),
                format!("{}核定 {has_approved} 名、实有 {has_occupied} 名", version.name),
            ));
        }
        let (other_approved, other_occupied) = of(self, to);
        self.set(from, kind, has_approved - approved, Some(has_occupied - occupied))?;
        self.set(to, kind, other_approved + approved, Some(other_occupied + occupied))?;
        Ok(to)
    }

    /// All that a body has goes to another, each type by itself.
    pub(super) fn take_over_establishment(&mut self, from: i64, to: i64) -> Result<(), Notice> {
        for row in self.establishment_of(from).cloned().collect::<Vec<_>>() {
            // A row of the register has a type that is known.
            let Some(kind) = EstablishmentType::parse(&row.kind) else { continue };
            if row.approved + row.occupied > 0 {
                self.move_posts([from, to], kind, [row.approved, row.occupied])?;
            }
        }
        Ok(())
    }
}
