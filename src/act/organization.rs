//! Acts on organisations (机构): founded, renamed, given another rank, taken over, merged, abolished.

use super::notice::{Notice, Problem, fits, fits_if_any};
use super::time::Timed;
use super::{Acting, Object};
use crate::domain::{
    AgencyKind, ChangeKind, CodeList, DivisionCode, InstitutionRank, ManagementMode, OrganizationCategory,
    OrganizationField, OrganizationKind, PublicInstitutionClass,
};
use crate::store::entity::{
    organization, organization_change, organization_change_party, organization_version,
};

/// A body that is to be founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganization {
    /// The division in which it sits.
    pub division: DivisionCode,
    /// Its kind: an office, an institution or an agency.
    pub kind: OrganizationKind,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub short_name: Option<String>,
    /// The body that owns it: the township of an office or an institution.
    pub parent: Option<Object>,
    /// Its rank.
    pub rank: Option<InstitutionRank>,
    /// Its form.
    pub category: Option<OrganizationCategory>,
    /// Its field.
    pub field: Option<OrganizationField>,
    /// Whether it fills a featured slot.
    pub featured: bool,
    /// Class of an institution.
    pub class: Option<PublicInstitutionClass>,
    /// Kind of an agency.
    pub agency_kind: Option<AgencyKind>,
    /// Management mode of an agency.
    pub management_mode: Option<ManagementMode>,
    /// Its duties.
    pub functions: Option<String>,
    /// Whether the public may see it.
    pub disclosed: bool,
}

/// The longest name, in characters.
pub(super) const NAME: usize = 60;

impl Acting<'_> {
    /// A body that exists on the day and has no end, and what it is since its last change.
    pub(super) fn body(&self, id: i64) -> Result<(organization::Model, organization_version::Model), Notice> {
        let found = self.desk.organization.get(&id).filter(|body| !body.is_later(&self.on));
        let body = found.ok_or_else(|| {
            Notice::new(
                Problem::NotFound,
                format!("there is no such body on {}", self.on),
                format!("{}不存在该机构", self.on),
            )
        })?;
        let last = self.desk.organization_version.range((id, i32::MIN)..(id, i32::MAX)).next_back();
        let last = last.filter(|last| last.to().is_none() && body.to().is_none());
        let Some(last) = last else {
            let end = body.to().unwrap_or_default();
            return Err(Notice::new(
                Problem::Ended,
                format!("the body has ended {end}"),
                format!("该机构已撤销 {end}"),
            ));
        };
        if last.is_later(&self.on) {
            let from = last.from().unwrap_or_default();
            return Err(Notice::new(
                Problem::LaterChange,
                format!("{} was changed on {from}, after {}", last.name, self.on),
                format!("{}在{}之后（{from}）已有变动", last.name, self.on),
            ));
        }
        Ok((body.clone(), last.clone()))
    }

    /// Lets a body be something else from the day on.
    pub(super) fn change(
        &mut self,
        mut last: organization_version::Model,
        change: impl FnOnce(&mut organization_version::Model),
    ) -> Result<(), Notice> {
        let mut next = last.clone();
        change(&mut next);
        if next == last {
            return Err(Notice::new(
                Problem::NoChange,
                format!("{} is so already", last.name),
                format!("{}已是如此", last.name),
            ));
        }
        next.document_id = self.basis.document;
        // What changes twice on one day was never what it was in between.
        if last.from() != Some(&self.on) {
            last.end(&self.on);
            self.desk.organization_version.put(last);
            next.version += 1;
            next.set(Some(self.on.clone()), None);
        }
        self.desk.organization_version.put(next);
        Ok(())
    }

    /// Notes what became of what.
    pub(super) fn note(
        &mut self,
        shard: i32,
        kind: ChangeKind,
        before: &[i64],
        after: &[i64],
    ) -> Result<(), Notice> {
        let id = self.new_id(shard)?;
        self.desk.organization_change.put(organization_change::Model {
            id,
            shard,
            reform_id: self.basis.reform,
            kind: kind.value().to_owned(),
            effective_on: self.on.clone(),
            document_id: self.basis.document,
        });
        let parties = [(before, false), (after, true)];
        for (organization_id, resulting) in
            parties.iter().flat_map(|(ids, resulting)| ids.iter().map(|id| (*id, *resulting)))
        {
            self.desk.organization_change_party.put(organization_change_party::Model {
                change_id: id,
                organization_id,
                resulting,
                shard,
            });
        }
        Ok(())
    }

    pub(super) fn good_name(
        &mut self,
        name: &str,
        division: &str,
        except: Option<i64>,
    ) -> Result<(), Notice> {
        if !fits(name, NAME) {
            return Err(Notice::new(
                Problem::OutOfRange,
                format!("a name has 1 to {NAME} characters, without spaces around it"),
                format!("名称应为 1 至 {NAME} 个字符，首尾无空格"),
            )
            .of("name"));
        }
        // Of one that is not disclosed nobody hears by its name.
        let disclosed = |id: i64| self.desk.organization.get(&id).is_some_and(|body| body.disclosed);
        let mut there = self.desk.organization_version.iter().filter(|v| {
            v.holds(&self.on)
                && disclosed(v.organization_id)
                && v.division_code == division
                && v.name == name
                && Some(v.organization_id) != except
        });
        if there.next().is_some() {
            self.warnings.push(Notice::new(
                Problem::SameName,
                format!("another body in {division} is called {name}"),
                format!("{division} 已有同名机构：{name}"),
            ));
        }
        Ok(())
    }

    pub(super) fn establish(&mut self, new: &NewOrganization) -> Result<i64, Notice> {
        let wrong = |en: &str, zh: &str| Err(Notice::new(Problem::WrongKind, en, zh));
        let shard = new.division.shard().cast_signed();
        let division = new.division.to_string();
        let exists = self.desk.division_version.iter().any(|v| v.code == division && v.holds(&self.on));
        if !exists {
            return Err(Notice::new(
                Problem::NotFound,
                format!("no division of this county has the code {division} on {}", self.on),
                format!("{}本县不存在代码为 {division} 的区划", self.on),
            ));
        }
        let agency = new.kind == OrganizationKind::SecondedAgency;
        match new.kind {
            OrganizationKind::InternalOffice | OrganizationKind::PublicInstitution => {
                if new.parent.is_none() {
                    return wrong(
                        "an office or an institution has a parent",
                        "内设机构、事业单位须有隶属机构",
                    );
                }
            }
            OrganizationKind::SecondedAgency => {
                if new.agency_kind.is_none() || new.management_mode.is_none() {
                    return wrong("an agency has a kind and a management mode", "派驻机构须有类别和管理体制");
                }
            }
            OrganizationKind::Government
            | OrganizationKind::SubdistrictOffice
            | OrganizationKind::Department => {
                return wrong(
                    "authorities and departments come with their division",
                    "乡镇政府、街道办事处和部门随区划设置",
                );
            }
        }
        if agency != (new.agency_kind.is_some() || new.management_mode.is_some())
            || (new.class.is_some() && new.kind != OrganizationKind::PublicInstitution)
        {
            return wrong(
                "only an agency has a kind and a management mode, only an institution a class",
                "仅派驻机构有派驻机构类别和管理体制，仅事业单位有事业单位分类",
            );
        }
        let parent = match new.parent {
            None => None,
            Some(parent) => {
                let (owner, version) = self.body(self.object(parent)?)?;
                if version.division_code != division || owner.kind == new.kind.value() {
                    return wrong(
                        "the parent sits in another division, or is of the same kind",
                        "隶属机构须在同一区划且类别不同",
                    );
                }
                Some(owner.id)
            }
        };
        self.good_name(&new.name, &division, None)?;
        fits_if_any("shortName", ["a short name", "简称"], new.short_name.as_deref(), NAME)?;
        fits_if_any("functions", ["a text of duties", "主要职责"], new.functions.as_deref(), 2_000)?;
        let id = self.new_id(shard)?;
        self.desk.organization.put(organization::Model {
            id,
            shard,
            kind: new.kind.value().to_owned(),
            disclosed: new.disclosed,
            valid_from: Some(self.on.clone()),
            valid_to: None,
            document_id: self.basis.document,
        });
        self.desk.organization_version.put(organization_version::Model {
            organization_id: id,
            version: 1,
            shard,
            valid_from: Some(self.on.clone()),
            valid_to: None,
            name: new.name.clone(),
            short_name: new.short_name.clone(),
            rank: new.rank.map(|code| code.value().to_owned()),
            division_code: division,
            parent_id: parent,
            category: new.category.map(|code| code.value().to_owned()),
            field: new.field.map(|code| code.value().to_owned()),
            featured: new.featured,
            class: new.class.map(|code| code.value().to_owned()),
            uscc: None,
            agency_kind: new.agency_kind.map(|code| code.value().to_owned()),
            management_mode: new.management_mode.map(|code| code.value().to_owned()),
            unified_command: false,
            head_rule: None,
            appraisal_weight: None,
            superior_id: None,
            functions: new.functions.clone(),
            document_id: self.basis.document,
        });
        self.note(shard, ChangeKind::Establish, &[], &[id])?;
        Ok(id)
    }

    pub(super) fn rename(&mut self, id: i64, name: &str, short: Option<&str>) -> Result<i64, Notice> {
        let (body, last) = self.body(id)?;
        self.good_name(name, &last.division_code, Some(id))?;
        fits_if_any("shortName", ["a short name", "简称"], short, NAME)?;
        self.change(last, |next| {
            name.clone_into(&mut next.name);
            next.short_name = short.map(str::to_owned);
        })?;
        self.note(body.shard, ChangeKind::Rename, &[id], &[id])?;
        Ok(id)
    }

    pub(super) fn rerank(&mut self, id: i64, rank: &str) -> Result<i64, Notice> {
        let (body, last) = self.body(id)?;
        self.change(last, |next| next.rank = Some(rank.to_owned()))?;
        self.note(body.shard, ChangeKind::Rerank, &[id], &[id])?;
        Ok(id)
    }
}
