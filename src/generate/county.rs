//! One demonstration county: its reform, and its townships before and after it.

use super::Named;
use super::builder::{Body, Builder, Term};
use super::departments::{department, name_of};
use super::leaders::{self, Procedure, Seat, TEAM};
use super::numbers::{Plan, apportion};
use super::profile::{self, BodySpec, OLD_OFFICES, OLD_STATIONS, Profile};
use crate::domain::{
    AgencyKind, AppointmentMode, AppointmentState, ChangeKind, CodeList, DivisionCode, DivisionTrait,
    DivisionType, EstablishmentType as E, InstitutionRank, ManagementMode, OrganizationCategory,
    OrganizationKind as K, PersonnelIdentity, PostLevel, PostPosition, PublicInstitutionClass, TownshipOrgan,
};
use crate::store::{division_id, entity};

/// What the townships of a county share.
struct County<'a> {
    profile: &'a Profile,
    divisions: &'a [Named],
    code: DivisionCode,
    shard: i32,
    reform: i64,
    document: i64,
    before: Term<'a>,
    after: Term<'a>,
}

/// A township while it is made.
struct Town<'a> {
    code: DivisionCode,
    name: &'a str,
    kind: DivisionType,
    id: i64,
}

const ALWAYS: Term<'static> = Term { from: None, to: None };

/// Makes a county.
pub fn build(b: &mut Builder, profile: &Profile, divisions: &[Named], plan: &Plan) {
    let Some(code) = DivisionCode::parse(profile.county) else { return };
    let shard = code.shard().cast_signed();
    let issuer = format!("{}机构编制委员会（演示）", name_of(divisions, code));
    let title = format!("{}{}实施方案", name_of(divisions, code), profile.reform_name);
    let document = b.document(shard, &issuer, &title, &Builder::day_after(profile.reform, -30), true);
    let reform = b.id(shard, "reform");
    b.rows.reform.push(entity::reform::Model {
        id: reform,
        shard,
        name: format!("{}{}", name_of(divisions, code), profile.reform_name),
        effective_on: profile.reform.to_owned(),
        document_id: Some(document),
    });
    let county = County {
        profile,
        divisions,
        code,
        shard,
        reform,
        document,
        before: Term { from: None, to: Some(profile.reform) },
        after: Term { from: Some(profile.reform), to: None },
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
    let bodies = bodies(b, county, &town, &traits);
    let offices = offices(b, county, &town, &bodies, share.administrative - own);
    let institutions = institutions(
        b,
        county,
        &town,
        &bodies,
        (share.before - share.administrative, share.after - share.administrative),
    );
    let agencies = agencies(b, county, &town);
    changes(b, county, &bodies, &offices, &institutions, &agencies);
    plant(b, county, &town, &institutions);
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
fn bodies(b: &mut Builder, county: &County<'_>, town: &Town<'_>, traits: &[DivisionTrait]) -> Vec<BodySpec> {
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

/// The head of a body, sometimes vacant since the last one left.
fn head(
    b: &mut Builder,
    of: i64,
    title: &str,
    term: Term<'_>,
    identity: PersonnelIdentity,
    how: Procedure<'_>,
) {
    let seat = Seat {
        town: "",
        subdistrict: "",
        organ: TownshipOrgan::Government,
        position: PostPosition::Principal,
        level: PostLevel::Subsection,
        quota: 1,
        mode: AppointmentMode::Appointed,
    };
    let post = leaders::post(b, of, title, &seat, false, term);
    let shard = i32::try_from(of / crate::store::ID_SPACE).unwrap_or(0);
    let start = term.from.map_or_else(|| b.day_in(2018), str::to_owned);
    let person = leaders::person(b, shard, identity, None);
    let vacant = term.to.is_none() && b.chance(6);
    let left = b.day_in(2024);
    let term = Term { from: Some(&start), to: if vacant { Some(&left) } else { term.to } };
    let state = if vacant { AppointmentState::Removed } else { AppointmentState::Confirmed };
    leaders::appoint(b, post, person, seat.mode, term, Procedure { state: Some(state), ..how });
}

/// Offices: before the reform, after it, and which are new.
struct Made {
    old: Vec<i64>,
    new: Vec<i64>,
}

fn offices(b: &mut Builder, county: &County<'_>, town: &Town<'_>, bodies: &[BodySpec], posts: i32) -> Made {
    let after: Vec<&BodySpec> = bodies.iter().filter(|s| s.kind == K::InternalOffice).collect();
    let weights = |n: usize| vec![1; n];
    let (old_posts, new_posts) =
        (apportion(posts, &weights(OLD_OFFICES.len())), apportion(posts, &weights(after.len())));
    let mut made = Made { old: Vec::new(), new: Vec::new() };
    for (at, old) in OLD_OFFICES.iter().enumerate() {
        let survives = at < 3;
        let term = if survives { ALWAYS } else { county.before };
        let id = office(b, town, old, term, None);
        b.establishment(id, E::Administrative, 1, county.before, old_posts[at]);
        if survives {
            b.establishment(id, E::Administrative, 2, county.after, new_posts[at]);
            next_version(b, county, after[at]);
        }
        head(b, id, "主任", term, PersonnelIdentity::CivilServant, Procedure::default());
        made.old.push(id);
    }
    for (at, spec) in after.iter().enumerate().skip(3) {
        let id = office(b, town, spec, county.after, Some(county.document));
        b.establishment(id, E::Administrative, 1, county.after, new_posts[at]);
        let title = match spec.category {
            OrganizationCategory::Bureau => "局长",
            OrganizationCategory::Station => "站长",
            _ => "主任",
        };
        head(b, id, title, county.after, PersonnelIdentity::CivilServant, Procedure::default());
        made.new.push(id);
    }
    made
}

fn office(b: &mut Builder, town: &Town<'_>, spec: &BodySpec, term: Term<'_>, document: Option<i64>) -> i64 {
    let id = b.organization(Body {
        kind: spec.kind,
        name: spec.name.to_owned(),
        division: town.code,
        parent: Some(town.id),
        category: Some(spec.category),
        field: Some(spec.field),
        term,
        document,
    });
    let version = b.last_version();
    version.rank = Some(InstitutionRank::SubsectionChief.value().to_owned());
    version.featured = spec.featured;
    id
}

/// What the organisation that was made last becomes on the day of the reform, when anything about it changes.
fn next_version(b: &mut Builder, county: &County<'_>, spec: &BodySpec) {
    let mut next = b.last_version().clone();
    let category = Some(spec.category.value().to_owned());
    if next.name == spec.name && next.category == category {
        return;
    }
    b.last_version().valid_to = county.before.to.map(str::to_owned);
    next.version = 2;
    next.valid_from = county.after.from.map(str::to_owned);
    next.name = spec.name.to_owned();
    next.category = category;
    next.field = Some(spec.field.value().to_owned());
    next.document_id = Some(county.document);
    b.rows.organization_version.push(next);
}

fn institutions(
    b: &mut Builder,
    county: &County<'_>,
    town: &Town<'_>,
    bodies: &[BodySpec],
    (before, after): (i32, i32),
) -> Made {
    let specs: Vec<&BodySpec> = bodies.iter().filter(|s| s.kind == K::PublicInstitution).collect();
    let mut made = Made { old: Vec::new(), new: Vec::new() };
    for (spec, posts) in OLD_STATIONS.iter().zip(apportion(before, &[1, 1, 1])) {
        let id = institution(b, town, spec, county.before, None);
        b.establishment(id, E::PublicInstitution, 1, county.before, posts);
        made.old.push(id);
    }
    let weights: Vec<i32> = specs.iter().map(|_| b.between(8, 12)).collect();
    for (spec, posts) in specs.iter().zip(apportion(after, &weights)) {
        let id = institution(b, town, spec, county.after, Some(county.document));
        b.establishment(id, E::PublicInstitution, 1, county.after, posts);
        let title = if spec.category == OrganizationCategory::EnforcementTeam { "队长" } else { "主任" };
        // 镇选、区任、镇用、镇管: the town nominates, the county appoints.
        let how = Procedure {
            nominator: Some("乡镇党委"),
            appointer: Some("县级组织部门"),
            ..Procedure::default()
        };
        head(b, id, title, county.after, PersonnelIdentity::InstitutionStaff, how);
        made.new.push(id);
    }
    made
}

fn institution(
    b: &mut Builder,
    town: &Town<'_>,
    spec: &BodySpec,
    term: Term<'_>,
    document: Option<i64>,
) -> i64 {
    let named = BodySpec { ..*spec };
    let id = office(b, town, &named, term, document);
    let credit = b.credit_code('2');
    let version = b.last_version();
    version.name = format!("{}{}", town.name, spec.name);
    version.short_name = Some(spec.name.to_owned());
    version.class = Some(PublicInstitutionClass::PublicBenefit1.value().to_owned());
    version.uscc = Some(credit);
    id
}

/// Agencies of a township: line, kind, ending of the name, title of the head, and whether the reform ends it.
const AGENCIES: &[(&str, AgencyKind, &str, bool)] = &[
    ("police", AgencyKind::PoliceStation, "派出所", false),
    ("justice", AgencyKind::JusticeOffice, "司法所", false),
    ("market", AgencyKind::MarketSupervision, "市场监督管理所", false),
    ("land", AgencyKind::NaturalResources, "自然资源所", false),
    ("water", AgencyKind::WaterStation, "水利站", true),
    ("agriculture", AgencyKind::AnimalHealth, "动物卫生监督所", true),
    ("veterans", AgencyKind::VeteransStation, "退役军人服务站", true),
];

/// Makes the agencies and returns those that the reform hands over to the township, the veterans' station last.
fn agencies(b: &mut Builder, county: &County<'_>, town: &Town<'_>) -> Vec<i64> {
    let stem = town.name.trim_end_matches("街道").trim_end_matches(['镇', '乡']);
    let mut ending = Vec::new();
    for (line, kind, ending_name, ends) in AGENCIES {
        if *line == "veterans" && !county.profile.county.starts_with("2106") {
            continue;
        }
        let Some(owner) = department(b, county.divisions, county.code, line) else { continue };
        let term = if *ends { county.before } else { ALWAYS };
        let id = b.organization(Body {
            kind: K::SecondedAgency,
            name: format!("{stem}{ending_name}"),
            division: town.code,
            parent: Some(owner),
            category: None,
            field: None,
            term,
            document: None,
        });
        let version = b.last_version();
        version.agency_kind = Some(kind.value().to_owned());
        version.management_mode = Some(ManagementMode::Vertical.value().to_owned());
        version.rank = Some(InstitutionRank::SubsectionChief.value().to_owned());
        b.rows.competent_department.push(entity::competent_department::Model {
            organization_id: id,
            department_id: owner,
            version: 1,
            shard: county.shard,
            valid_from: None,
            valid_to: term.to.map(str::to_owned),
        });
        if *ends {
            ending.push(id);
        } else {
            command(b, county);
            agency_head(b, county, town, id, *kind);
        }
    }
    ending
}

/// From the reform on, the township commands and coordinates the agency that was made last.
fn command(b: &mut Builder, county: &County<'_>) {
    let mut next = b.last_version().clone();
    b.last_version().valid_to = county.before.to.map(str::to_owned);
    next.version = 2;
    next.valid_from = county.after.from.map(str::to_owned);
    next.management_mode = Some(ManagementMode::Dual.value().to_owned());
    next.unified_command = true;
    next.head_rule = Some(if county.profile.consent { "CONSENT" } else { "OPINION" }.to_owned());
    next.appraisal_weight = Some(30);
    next.document_id = Some(county.document);
    b.rows.organization_version.push(next);
}

fn agency_head(b: &mut Builder, county: &County<'_>, town: &Town<'_>, agency: i64, kind: AgencyKind) {
    let year = county.profile.reform[..4].parse::<i32>().unwrap_or(2021) + 1;
    let start = b.day_in(year);
    let kind_of_hearing = if county.profile.consent { "CONSENT" } else { "OPINION" };
    let asked = Builder::day_after(&start, -40);
    let answered = Builder::day_after(&start, -33);
    // Planted in the fictional county: one head was appointed without asking the township.
    let skipped = town.code.to_string() == "990101106" && kind == AgencyKind::MarketSupervision;
    let consultation = (!skipped).then_some((kind_of_hearing, asked, Some(answered)));
    let how = Procedure { nominator: Some("县级主管部门"), consultation, ..Procedure::default() };
    let seat = Seat {
        town: "",
        subdistrict: "",
        organ: TownshipOrgan::Government,
        position: PostPosition::Principal,
        level: PostLevel::Subsection,
        quota: 1,
        mode: AppointmentMode::Appointed,
    };
    let post = leaders::post(b, agency, "所长", &seat, false, ALWAYS);
    let person = leaders::person(b, county.shard, PersonnelIdentity::CivilServant, None);
    leaders::appoint(b, post, person, seat.mode, Term { from: Some(&start), to: None }, how);
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
    let (on, reform, document) = (county.profile.reform, county.reform, county.document);
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

/// Irregular cases, in the fictional county only.
fn plant(b: &mut Builder, county: &County<'_>, town: &Town<'_>, institutions: &Made) {
    match town.code.to_string().as_str() {
        "990101105" => {
            // One institution holds two people more than it may.
            let body = institutions.new[0];
            let rows = &mut b.rows.establishment;
            if let Some(row) = rows.iter_mut().find(|e| e.organization_id == body) {
                row.occupied = row.approved + 2;
            }
        }
        "990101002" => {
            // One office is not published, nor is the document it rests on.
            let issued = county.profile.reform;
            let document = b.document(
                county.shard,
                "虚构县机构编制委员会",
                "关于设立综合协调办公室的通知",
                issued,
                false,
            );
            let hidden = b.rows.organization_version.iter().rev().find(|v| v.name == "综合协调办公室");
            let id = hidden.map(|v| v.organization_id);
            if let Some(row) = b.rows.organization.iter_mut().find(|o| Some(o.id) == id) {
                row.disclosed = false;
                row.document_id = Some(document);
            }
        }
        "990101103" => candidate(b, county, town, AppointmentState::Proposed),
        "990101104" => candidate(b, county, town, AppointmentState::Consulted),
        "990101107" => candidate(b, county, town, AppointmentState::Publicised),
        _ => {}
    }
}

/// Somebody who is being considered for a post: seen only by those who take part, until the publicity period.
fn candidate(b: &mut Builder, county: &County<'_>, town: &Town<'_>, state: AppointmentState) {
    let posts = &b.rows.leadership_post;
    let Some(post) =
        posts.iter().find(|p| p.organization_id == town.id && p.title == "党委副书记").map(|p| p.id)
    else {
        return;
    };
    b.rows.appointment.retain(|a| !(a.post_id == post && a.valid_to.is_none()));
    let person = leaders::person(b, county.shard, PersonnelIdentity::CivilServant, None);
    let asked = (state != AppointmentState::Proposed).then(|| ("OPINION", "2026-09-10".to_owned(), None));
    let how = Procedure {
        state: Some(state),
        nominator: Some("县委组织部"),
        consultation: asked,
        ..Procedure::default()
    };
    let term = Term { from: Some("2026-10-01"), to: None };
    leaders::appoint(b, post, person, AppointmentMode::Appointed, term, how);
}
