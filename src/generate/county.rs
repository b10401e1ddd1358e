//! One demonstration county: its reform, and its townships before and after it.

use super::bodies::{self, Made};
use super::builder::{Body, Builder, Term};
use super::departments::name_of;
use super::leaders::{self, Procedure, Seat, TEAM};
use super::numbers::Plan;
use super::profile::{self, BodySpec, OLD_OFFICES, Profile};
use super::{Named, agencies, planted};
use crate::domain::{
    AppointmentMode, AppointmentState, ChangeKind, CodeList, DivisionCode, DivisionTrait, DivisionType,
    EstablishmentType as E, InstitutionRank, OrganizationKind as K, PersonnelIdentity, PostLevel,
    PostPosition, TownshipOrgan,
};
use crate::store::{division_id, entity};

/// What the townships of a county share.
pub struct County<'a> {
    pub profile: &'a Profile,
    pub divisions: &'a [Named],
    pub code: DivisionCode,
    pub shard: i32,
    pub reform: i64,
    /// Day of the reform.
    pub day: &'a str,
    pub document: i64,
    pub before: Term<'a>,
    pub after: Term<'a>,
}

/// A township while it is made.
pub struct Town<'a> {
    pub code: DivisionCode,
    pub name: &'a str,
    pub kind: DivisionType,
    pub id: i64,
}

pub const ALWAYS: Term<'static> = Term { from: None, to: None };

/// Makes a county by a profile, with the reform on a day.
pub fn build(
    b: &mut Builder,
    profile: &Profile,
    (code, day): (DivisionCode, &str),
    divisions: &[Named],
    plan: &Plan,
) {
    let shard = code.shard().cast_signed();
    let issuer = format!("{}机构编制委员会（演示）", name_of(divisions, code));
    let title = format!("{}{}实施方案", name_of(divisions, code), profile.reform_name);
    let document = b.document(shard, &issuer, &title, &Builder::day_after(day, -30), true);
    let reform = b.id(shard, "reform");
    b.rows.reform.push(entity::reform::Model {
        id: reform,
        shard,
        name: format!("{}{}", name_of(divisions, code), profile.reform_name),
        effective_on: day.to_owned(),
        document_id: Some(document),
    });
    let county = County {
        profile,
        divisions,
        code,
        shard,
        reform,
        day,
        document,
        before: Term { from: None, to: Some(day) },
        after: Term { from: Some(day), to: None },
    };
    let pattern = pattern(b, &county, profile.notation);
    let pilot = profile.pilots.first().and_then(|p| self::pattern(b, &county, Some(p.notation)));
    for (code, name) in
        divisions.iter().filter(|(c, _)| county.code.range().contains(*c) && *c != county.code)
    {
        let kind = code.division_type(name);
        if kind.is_township() {
            let share = plan.share(*code);
            let town = Town { code: *code, name, kind, id: 0 };
            let is_pilot = profile.pilots.iter().any(|p| p.code == code.to_string());
            township(b, &county, town, share, if is_pilot { pilot } else { pattern });
        }
    }
}

/// The pattern of a county: by notation, or for Dandong by slots, since no notation can say "either, or, where, at most".
fn pattern(b: &mut Builder, county: &County<'_>, notation: Option<&str>) -> Option<i64> {
    let slotted = county.profile.county.starts_with("2106");
    if notation.is_none() && !slotted {
        return None;
    }
    let id = b.id(county.shard, "pattern");
    let name =
        notation.map_or("乡镇（街道）机构设置模式".to_owned(), |n| format!("“{n}”机构设置模式"));
    b.rows.setting_pattern.push(entity::setting_pattern::Model {
        id,
        shard: county.shard,
        name: format!("{}{name}", name_of(county.divisions, county.code)),
        notation: notation.map(str::to_owned),
        valid_from: county.after.from.map(str::to_owned),
        valid_to: None,
        document_id: Some(county.document),
    });
    if slotted {
        let office = Some("INTERNAL_OFFICE");
        let slots = [
            ("党建工作办公室", office, "PARTY_BUILDING", 1, 1, None),
            ("农业农村办公室或城市管理办公室", office, "AGRICULTURE URBAN_MANAGEMENT", 1, 1, None),
            ("社会事务办公室", office, "SOCIAL_AFFAIRS", 1, 1, None),
            ("退役军人服务站", None, "VETERANS", 1, 1, None),
            ("渔业管理办公室", office, "FISHERY", 1, 1, Some(DivisionTrait::Coastal)),
            ("边防办公室", office, "BORDER_DEFENCE", 1, 1, Some(DivisionTrait::Border)),
            ("经济发展办公室", office, "ECONOMY", 0, 1, None),
            ("综合行政执法办公室", office, "ENFORCEMENT", 0, 1, None),
            ("事业单位", Some("PUBLIC_INSTITUTION"), "", 1, 2, None),
        ];
        for (ordinal, (label, kind, fields, min, max, condition)) in (1..).zip(slots) {
            b.rows.setting_slot.push(entity::setting_slot::Model {
                pattern_id: id,
                ordinal,
                shard: county.shard,
                label: label.to_owned(),
                kind: kind.map(str::to_owned),
                category: None,
                fields: fields.to_owned(),
                featured: None,
                min,
                max,
                condition: condition.map(|c| c.value().to_owned()),
            });
        }
    }
    Some(id)
}

fn township(
    b: &mut Builder,
    county: &County<'_>,
    mut town: Town<'_>,
    share: super::numbers::Share,
    pattern: Option<i64>,
) {
    let is_street = town.kind == DivisionType::Subdistrict;
    town.id = b.organization(Body {
        kind: if is_street { K::SubdistrictOffice } else { K::Government },
        name: town.name.to_owned(),
        division: town.code,
        parent: None,
        category: None,
        field: None,
        term: ALWAYS,
        document: None,
    });
    let credit = b.credit_code('1');
    let version = b.last_version();
    version.rank = Some(InstitutionRank::SectionChief.value().to_owned());
    version.uscc = Some(credit);
    if let Some(pattern_id) = pattern {
        b.rows.pattern_assignment.push(entity::pattern_assignment::Model {
            organization_id: town.id,
            version: 1,
            pattern_id,
            shard: county.shard,
            valid_from: county.after.from.map(str::to_owned),
            valid_to: None,
        });
    }
    let traits = traits(b, county, &town);
    team(b, &town);
    let own = (share.administrative / 2).min(7);
    b.establishment(town.id, E::Administrative, 1, ALWAYS, own);
    let specs = specs(b, county, &town, &traits);
    let offices = bodies::offices(b, county, &town, &specs, share.administrative - own);
    let institutions = bodies::institutions(
        b,
        county,
        &town,
        &specs,
        (share.before - share.administrative, share.after - share.administrative),
    );
    let agencies = agencies::agencies(b, county, &town);
    changes(b, county, &specs, &offices, &institutions, &agencies);
    planted::plant(b, county, &town, &institutions);
}

/// Traits for conditional slots. Synthetic, and marked so.
fn traits(b: &mut Builder, county: &County<'_>, town: &Town<'_>) -> Vec<DivisionTrait> {
    let mut out = Vec::new();
    if profile::WITH_TRAITS.contains(&county.profile.county) {
        if profile::ON_BORDER.contains(&town.name) {
            out.push(DivisionTrait::Border);
        }
        if profile::ON_COAST.contains(&town.name) {
            out.push(DivisionTrait::Coastal);
        }
    }
    if town.kind != DivisionType::Subdistrict {
        out.push(DivisionTrait::Agricultural);
    }
    for name in &out {
        b.rows.division_trait.push(entity::division_trait::Model {
            division_id: division_id(town.code),
            name: name.value().to_owned(),
            shard: county.shard,
            synthetic: true,
        });
    }
    out
}

/// The bodies that the township gets by the reform.
fn specs(b: &mut Builder, county: &County<'_>, town: &Town<'_>, traits: &[DivisionTrait]) -> Vec<BodySpec> {
    let code = town.code.to_string();
    let pilot = county.profile.pilots.iter().find(|p| p.code == code);
    let mut out = pilot.map_or(county.profile.bodies, |p| p.bodies).to_vec();
    if county.profile.county.starts_with("2106") {
        let rural = town.kind != DivisionType::Subdistrict || b.chance(30);
        out.insert(3, if rural { profile::RURAL } else { profile::URBAN });
        if traits.contains(&DivisionTrait::Border) {
            out.insert(4, profile::BORDER);
        }
        if traits.contains(&DivisionTrait::Coastal) {
            out.insert(4, profile::FISHERY);
        }
        if b.chance(55) {
            out.push(profile::SECOND);
        }
    }
    match code.as_str() {
        // Planted in the fictional county: one institution missing, one office too many, one office that is not published.
        "990101200" => out.truncate(11),
        "990101201" | "990101002" => out.insert(7, BodySpec { name: "综合协调办公室", ..out[5] }),
        _ => {}
    }
    out
}

fn team(b: &mut Builder, town: &Town<'_>) {
    let street = town.kind == DivisionType::Subdistrict;
    let letter = if town.name.ends_with('乡') { "乡" } else { "镇" };
    let minority = ["朝鲜族", "满族", "蒙古族"].into_iter().find(|e| town.name.contains(e));
    let minority = (town.kind == DivisionType::EthnicTownship).then_some(minority).flatten();
    let shard = town.code.shard().cast_signed();
    let (mut minister, turn) = (None, b.day_in(2021));
    for seat in TEAM {
        let title = if street { seat.subdistrict.to_owned() } else { seat.town.replace("{}", letter) };
        let post = leaders::post(b, town.id, &title, seat, true, ALWAYS);
        for place in 0..seat.quota {
            let ethnicity = (seat.organ == TownshipOrgan::Government
                && seat.position == PostPosition::Principal)
                .then_some(minority)
                .flatten();
            let first = b.day_in(2017);
            let old = leaders::person(b, shard, PersonnelIdentity::CivilServant, ethnicity);
            let past = Term { from: Some(&first), to: Some(&turn) };
            let removed = Procedure { state: Some(AppointmentState::Removed), ..Procedure::default() };
            leaders::appoint(b, post, old, seat.mode, past, removed);
            let now = Term { from: Some(&turn), to: None };
            if seat.quota == 3 && place == 2 {
                // The head of the armed forces department is a deputy head beside it.
                if let Some(person) = minister {
                    let how = Procedure { concurrent: true, ..Procedure::default() };
                    leaders::appoint(b, post, person, seat.mode, now, how);
                }
            } else if seat.position == PostPosition::Principal || !b.chance(6) {
                let person = leaders::person(b, shard, PersonnelIdentity::CivilServant, ethnicity);
                leaders::appoint(b, post, person, seat.mode, now, Procedure::default());
                if seat.organ == TownshipOrgan::ArmedForces {
                    minister = Some(person);
                }
            }
        }
    }
}

/// The post of a head below the leading team.
pub const HEAD: Seat = Seat {
    town: "",
    subdistrict: "",
    organ: TownshipOrgan::Government,
    position: PostPosition::Principal,
    level: PostLevel::Subsection,
    quota: 1,
    mode: AppointmentMode::Appointed,
};

/// The head of a body, sometimes vacant since the last one left.
pub fn head(
    b: &mut Builder,
    of: i64,
    title: &str,
    term: Term<'_>,
    identity: PersonnelIdentity,
    how: Procedure<'_>,
) {
    let post = leaders::post(b, of, title, &HEAD, false, term);
    let shard = i32::try_from(of / crate::store::ID_SPACE).unwrap_or(0);
    let start = term.from.map_or_else(|| b.day_in(2018), str::to_owned);
    let person = leaders::person(b, shard, identity, None);
    let vacant = term.to.is_none() && b.chance(6);
    let left = b.day_in(2024);
    let term = Term { from: Some(&start), to: if vacant { Some(&left) } else { term.to } };
    let state = if vacant { AppointmentState::Removed } else { AppointmentState::Confirmed };
    leaders::appoint(b, post, person, HEAD.mode, term, Procedure { state: Some(state), ..how });
}

/// What became of what on the day of the reform.
fn changes(
    b: &mut Builder,
    county: &County<'_>,
    bodies: &[BodySpec],
    offices: &Made,
    institutions: &Made,
    agencies: &[i64],
) {
    let (on, reform, document) = (county.day, county.reform, county.document);
    let mut change = |kind, from: &[i64], to: &[i64]| b.change(kind, on, reform, document, from, to);
    for (at, id) in offices.old.iter().enumerate().take(3) {
        if bodies[at].name != OLD_OFFICES[at].name {
            change(ChangeKind::Rename, &[*id], &[*id]);
        }
    }
    change(ChangeKind::Abolish, &offices.old[3..], &[]);
    // The stations, and the agencies handed over, become the first institution; the veterans' station an office.
    let handed: Vec<i64> = agencies.iter().copied().take(2).collect();
    let merged: Vec<i64> = institutions.old.iter().chain(&handed).copied().collect();
    change(ChangeKind::Merge, &merged, &institutions.new[..1]);
    let veterans = bodies.iter().filter(|s| s.kind == K::InternalOffice).skip(3);
    let station = veterans.zip(&offices.new).find(|(s, _)| s.name == "退役军人服务站").map(|(_, id)| *id);
    if let (Some(agency), Some(station)) = (agencies.get(2), station) {
        change(ChangeKind::Transfer, &[*agency], &[station]);
    }
    let founded: Vec<i64> =
        offices.new.iter().filter(|o| Some(**o) != station).chain(&institutions.new[1..]).copied().collect();
    if !founded.is_empty() {
        change(ChangeKind::Establish, &[], &founded);
    }
}
