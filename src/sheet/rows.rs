//! What the rows of each sheet stand for: what is there already is found by the names that people know it by.

use super::plan::{Meant, Wanted};
use super::row::{Cells, Fault};
use crate::act::{Act, NewOrganization, NewPost, Object};
use crate::domain::{CodeList, DivisionCode, OrganizationKind};
use crate::store::Desk;
use crate::store::entity::{establishment, leadership_post, organization, organization_version};

/// The division of a row, which lies in the county.
pub(super) fn place(cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<DivisionCode> {
    let code = cells.division("区划代码")?;
    if wanted.county.range().contains(code) {
        return Some(code);
    }
    let county = wanted.county;
    cells.faults.push(Fault::new(
        Some("区划代码"),
        format!("{code} does not lie in {county}"),
        format!("{code}不属于{county}"),
    ));
    None
}

/// A body that lasts, by its division and name.
fn body<'d>(
    desk: &'d Desk,
    code: DivisionCode,
    name: &str,
) -> Option<(&'d organization::Model, &'d organization_version::Model)> {
    let code = code.to_string();
    let mut versions = desk.organization_version.iter();
    let found = versions.find(|v| v.division_code == code && v.name == name && v.valid_to.is_none())?;
    Some((desk.organization.get(&found.organization_id)?, found))
}

/// The body of a row, in the column 机构.
pub(super) fn holder(desk: &Desk, cells: &mut Cells<'_>, code: Option<DivisionCode>) -> Option<i64> {
    let (code, name) = (code?, cells.text("机构")?);
    let found = body(desk, code, name).map(|(body, _)| body.id);
    if found.is_none() {
        cells.faults.push(Fault::new(
            Some("机构"),
            format!("no body in {code} is called {name}"),
            format!("{code}没有名为“{name}”的机构"),
        ));
    }
    found
}

/// The township's own body, which offices and institutions belong to.
fn authority(desk: &Desk, code: DivisionCode) -> Option<i64> {
    let code = code.to_string();
    let own = desk.organization_version.iter().filter(|v| v.division_code == code && v.valid_to.is_none());
    own.filter_map(|v| desk.organization.get(&v.organization_id))
        .find(|body| {
            let kind = OrganizationKind::parse(&body.kind);
            matches!(kind, Some(OrganizationKind::Government | OrganizationKind::SubdistrictOffice))
        })
        .map(|body| body.id)
}

/// A row of 机构.
pub fn organization(desk: &Desk, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<Meant> {
    let code = place(cells, wanted);
    let name = cells.text("名称");
    let kind: Option<OrganizationKind> = cells.code("机构类别");
    let (short, rank) = (cells.text("简称"), cells.code("规格"));
    let founded = cells.day("设立日期").unwrap_or(wanted.on);
    let ended = cells.day("撤销日期");
    let parent = cells.text("隶属机构");
    let (code, name, kind) = (code?, name?, kind?);
    let mut acts = Vec::new();
    let known = body(desk, code, name);
    if let Some((found, version)) = known {
        if found.kind != kind.value() {
            cells.faults.push(Fault::new(
                Some("机构类别"),
                "a body never becomes another kind",
                "机构类别不得变更",
            ));
            return None;
        }
        fixed(cells, version);
        let organization = Object::Id(found.id);
        if let Some(rank) =
            rank.filter(|rank: &crate::domain::InstitutionRank| Some(rank.value()) != version.rank.as_deref())
        {
            acts.push((wanted.on, Act::OrganizationRerank { organization, rank }));
        }
        if short.is_some() && short != version.short_name.as_deref() {
            let (name, short_name) = (name.to_owned(), short.map(str::to_owned));
            acts.push((wanted.on, Act::OrganizationRename { organization, name, short_name }));
        }
        if let Some(day) = ended {
            acts.push((day, Act::OrganizationAbolish { organization }));
        }
        return Some(Meant { acts, place: code, creates: false });
    }
    let owner = match (kind, parent) {
        (OrganizationKind::SecondedAgency, None) => None,
        (_, Some(parent)) => {
            let found = body(desk, code, parent).map(|(body, _)| body.id);
            if found.is_none() {
                cells.faults.push(Fault::new(
                    Some("隶属机构"),
                    format!("no body in {code} is called {parent}"),
                    format!("{code}没有名为“{parent}”的机构"),
                ));
            }
            Some(Object::Id(found?))
        }
        (_, None) => authority(desk, code).map(Object::Id),
    };
    acts.push((
        founded,
        Act::OrganizationEstablish(NewOrganization {
            division: code,
            kind,
            name: name.to_owned(),
            short_name: short.map(str::to_owned),
            parent: owner,
            rank,
            category: cells.code("形态"),
            field: cells.code("工作领域"),
            featured: false,
            class: cells.code("事业单位类别"),
            agency_kind: cells.code("派驻类别"),
            management_mode: cells.code("管理体制"),
            functions: cells.text("主要职责").map(str::to_owned),
            disclosed: cells.yes("是否公开", true),
        }),
    ));
    Some(Meant { acts, place: code, creates: true })
}

/// What of a body that is there no import changes: it is so already, or it is wrong.
fn fixed(cells: &mut Cells<'_>, version: &organization_version::Model) {
    let known: [(&str, Option<&str>); 5] = [
        ("形态", version.category.as_deref()),
        ("工作领域", version.field.as_deref()),
        ("事业单位类别", version.class.as_deref()),
        ("派驻类别", version.agency_kind.as_deref()),
        ("管理体制", version.management_mode.as_deref()),
    ];
    for (heading, is) in known {
        let said = cells.coded(heading);
        if said.is_some() && said != is {
            cells.faults.push(Fault::new(
                Some(heading),
                "no import changes this of a body that is there",
                "已有机构的该项不得通过导入变更",
            ));
        }
    }
    let functions = cells.text("主要职责");
    if functions.is_some() && functions != version.functions.as_deref() {
        cells.faults.push(Fault::new(
            Some("主要职责"),
            "no import changes this of a body that is there",
            "已有机构的该项不得通过导入变更",
        ));
    }
}

/// A row of 编制.
pub fn establishment(desk: &Desk, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<Meant> {
    let code = place(cells, wanted);
    let holder = holder(desk, cells, code);
    let kind: Option<crate::domain::EstablishmentType> = cells.code("编制类型");
    let (approved, occupied) = (cells.number("核定数"), cells.number("实有数"));
    let on = cells.day("生效日期").unwrap_or(wanted.on);
    let (code, holder, kind, approved) = (code?, holder?, kind?, approved?);
    let own = (holder, kind.value().to_owned(), i32::MIN)..(holder, kind.value().to_owned(), i32::MAX);
    let now: Option<&establishment::Model> =
        desk.establishment.range(own).next_back().filter(|row| row.valid_to.is_none());
    let same = now.is_some_and(|row| {
        row.approved == approved && occupied.is_none_or(|occupied| occupied == row.occupied)
    });
    let acts = match same {
        true => Vec::new(),
        false => {
            vec![(on, Act::EstablishmentSet { organization: Object::Id(holder), kind, approved, occupied })]
        }
    };
    Some(Meant { acts, place: code, creates: now.is_none() })
}

/// The post of a body by its title.
pub(super) fn open_post<'d>(
    desk: &'d Desk,
    organization: i64,
    title: &str,
) -> Option<&'d leadership_post::Model> {
    let mut posts = desk.leadership_post.iter();
    posts.find(|post| post.organization_id == organization && post.title == title && post.valid_to.is_none())
}

/// A row of 领导职务.
pub fn post(desk: &Desk, cells: &mut Cells<'_>, wanted: &Wanted<'_>) -> Option<Meant> {
    let code = place(cells, wanted);
    let holder = holder(desk, cells, code);
    let title = cells.text("职务名称");
    let position: Option<crate::domain::PostPosition> = cells.code("正副职");
    let level: Option<crate::domain::PostLevel> = cells.code("职务层次");
    let (quota, organ) = (cells.number("职数"), cells.code::<crate::domain::TownshipOrgan>("所属班子"));
    let on = cells.day("生效日期").unwrap_or(wanted.on);
    let (code, holder, title, position, level) = (code?, holder?, title?, position?, level?);
    if let Some(known) = open_post(desk, holder, title) {
        let same = known.position == position.value()
            && known.level == level.value()
            && quota.is_none_or(|quota| quota == known.quota)
            && organ.is_none_or(|organ| known.organ.as_deref() == Some(organ.value()));
        if !same {
            cells.faults.push(Fault::new(
                Some("职务名称"),
                "the post is there with other values: close it first",
                "该职务已存在且内容不同，请先核销",
            ));
        }
        return Some(Meant { acts: Vec::new(), place: code, creates: false });
    }
    let act = Act::LeadershipPostCreate(NewPost {
        organization: Object::Id(holder),
        organ,
        title: title.to_owned(),
        position,
        level,
        quota: quota.unwrap_or(1),
    });
    Some(Meant { acts: vec![(on, act)], place: code, creates: true })
}
