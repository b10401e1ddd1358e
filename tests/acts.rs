//! Acts: a reform as it is carried out, and every rule that refuses.

use crate::changes::wish;
use crate::harness::register::world;
use crate::harness::{BACKENDS, block_on, empty_store};
use std::collections::BTreeMap;
use tiaokuai::act::{Act, Basis, Carried, NewOrganization, NewPost, Object, Problem, carry_out};
use tiaokuai::domain::{
    AgencyKind, Day, DivisionCode, EstablishmentType, InstitutionRank, ManagementMode, OrganizationCategory,
    OrganizationKind, PostLevel, PostPosition,
};
use tiaokuai::store::{Desk, Outcome};

pub const COUNTY: i32 = 990_101;
/// 甲示镇, its division, an office and two institutions of it.
const TOWNSHIP: i64 = 99_010_100_000_080;
pub const DIVISION: &str = "990101101";
const OFFICE: i64 = 99_010_100_000_082;
const AGRICULTURE: i64 = 99_010_100_000_092;
const CULTURE: i64 = 99_010_100_000_093;

/// The fictional county on a desk.
pub fn desk() -> Desk {
    let rows = world().split().remove(&COUNTY).unwrap();
    Desk::new(rows, BTreeMap::from([(COUNTY, i64::from(COUNTY) * 100_000_000 + 50_000)]))
}

pub fn basis(day: &str) -> Basis {
    Basis { on: Day::parse(day).unwrap(), document: None, reform: None }
}

pub fn found(kind: OrganizationKind, name: &str) -> NewOrganization {
    let agency = kind == OrganizationKind::SecondedAgency;
    NewOrganization {
        division: DivisionCode::parse(DIVISION).unwrap(),
        kind,
        name: name.to_owned(),
        short_name: None,
        parent: (!agency).then_some(Object::Id(TOWNSHIP)),
        rank: Some(InstitutionRank::SubsectionChief),
        category: Some(OrganizationCategory::Station),
        field: None,
        featured: false,
        class: None,
        agency_kind: agency.then_some(AgencyKind::WaterStation),
        management_mode: agency.then_some(ManagementMode::Dual),
        functions: None,
        disclosed: true,
    }
}

pub fn post(organization: Object, title: &str) -> Act {
    Act::LeadershipPostCreate(NewPost {
        organization,
        organ: None,
        title: title.to_owned(),
        position: PostPosition::Principal,
        level: PostLevel::Subsection,
        quota: 1,
    })
}

pub fn set(organization: Object, kind: EstablishmentType, approved: i32, occupied: i32) -> Act {
    Act::EstablishmentSet { organization, kind, approved, occupied: Some(occupied) }
}

fn done(desk: &mut Desk, day: &str, acts: &[Act]) -> Carried {
    carry_out(desk, &basis(day), acts).unwrap_or_else(|all| panic!("{all:?}"))
}

fn refused(desk: &Desk, day: &str, acts: &[Act]) -> (usize, Problem) {
    let mut copy = desk.clone();
    let mut all = carry_out(&mut copy, &basis(day), acts).expect_err("refused");
    let (at, notice) = all.remove(0);
    assert!(!notice.en.is_empty() && !notice.zh.is_empty());
    (at, notice.code)
}

pub fn holds(from: Option<&str>, to: Option<&str>, day: &str) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
}

/// Before the reform: three stations that belong to departments, with their posts and heads.
fn stations() -> Vec<Act> {
    let mut acts = Vec::new();
    for (at, name) in ["甲示水利站", "甲示动物卫生监督所", "甲示退役军人工作站"].iter().enumerate()
    {
        acts.push(Act::OrganizationEstablish(found(OrganizationKind::SecondedAgency, name)));
        let made = Object::Made(at * 3);
        let posts = i32::try_from(at).unwrap() + 3;
        acts.push(set(made, EstablishmentType::PublicInstitution, posts, posts - 1));
        acts.push(post(made, "站长"));
    }
    acts
}

/// The reform: a centre is founded, and the three stations become part of it.
fn reform(stations: [i64; 3]) -> Vec<Act> {
    let mut acts = vec![Act::OrganizationEstablish(found(
        OrganizationKind::PublicInstitution,
        "甲示镇农业农村综合服务中心",
    ))];
    acts.extend(stations.map(|station| Act::OrganizationTransfer {
        organization: Object::Id(station),
        successor: Object::Made(0),
    }));
    acts
}

#[test]
fn a_reform_moves_stations_into_the_institution_of_the_township() {
    for backend in BACKENDS {
        block_on(async {
            let store = empty_store(backend, "acts").await;
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            store.load(&tiaokuai::data::demo()).await.unwrap();
            let change = async |day: &'static str, acts: Vec<Act>| {
                let carry = move |desk: &mut Desk| carry_out(desk, &basis(day), &acts);
                match store.change(wish(), carry).await.unwrap() {
                    Outcome::Done { said, .. } => said,
                    other => panic!("{other:?}"),
                }
            };
            let made = change("2026-01-01", stations()).await.objects;
            let stations = [made[0], made[3], made[6]];
            let carried = change("2026-12-01", reform(stations)).await;
            assert_eq!(carried.warnings, []);
            let centre = carried.objects[0];
            let (_, rows) = store.read().await.unwrap();
            let body = |id: i64| rows.organization.iter().find(|o| o.id == id).unwrap();
            for station in stations {
                assert_eq!(body(station).valid_to.as_deref(), Some("2026-12-01"));
            }
            let numbers = |id: i64, day: &str| {
                let own = rows.establishment.iter().filter(|e| e.organization_id == id);
                let own = own.filter(|e| holds(e.valid_from.as_deref(), e.valid_to.as_deref(), day));
                own.fold((0, 0), |(a, o), e| (a + e.approved, o + e.occupied))
            };
            assert_eq!(numbers(centre, "2026-12-01"), (12, 9));
            assert_eq!(numbers(centre, "2026-11-30"), (0, 0));
            let all = |day| stations.iter().map(|id| numbers(*id, day).0).sum::<i32>();
            assert_eq!((all("2026-11-30"), all("2026-12-01")), (12, 0));
            let kinds: Vec<&str> = rows
                .organization_change
                .iter()
                .filter(|c| c.effective_on == "2026-12-01")
                .map(|c| c.kind.as_str())
                .collect();
            assert_eq!(kinds, ["ESTABLISH", "TRANSFER", "TRANSFER", "TRANSFER"]);
            let posts = rows.leadership_post.iter().filter(|p| p.organization_id == centre);
            assert_eq!(posts.filter(|p| p.valid_to.is_none()).count(), 3);
            let (heads, broken) = store.verify(&[]).await.unwrap();
            assert_eq!(broken, []);
            // Three acts for each station, then the founding and three transfers.
            assert_eq!(heads[0].changes, 9 + 4);
        });
    }
}

#[test]
fn every_hard_rule_refuses() {
    use EstablishmentType as E;
    use OrganizationKind as K;
    let desk = desk();
    let day = "2026-12-01";
    let id = Object::Id;
    let abolish = |organization| Act::OrganizationAbolish { organization };
    let rename = |organization, name: &str| Act::OrganizationRename {
        organization,
        name: name.to_owned(),
        short_name: None,
    };
    let shift = |from, to, kind, approved, occupied| Act::EstablishmentTransfer {
        from,
        to,
        kind,
        approved,
        occupied,
    };
    let mut lonely = found(K::InternalOffice, "无主办公室");
    lonely.parent = None;
    let mut elsewhere = found(K::InternalOffice, "他处办公室");
    elsewhere.division = DivisionCode::parse("990101102").unwrap();
    let mut nowhere = found(K::InternalOffice, "无处办公室");
    nowhere.division = DivisionCode::parse("990101999").unwrap();
    let mut classless = found(K::InternalOffice, "分类办公室");
    classless.agency_kind = Some(AgencyKind::Other);
    let held =
        desk.appointment.iter().find(|a| a.valid_to.is_none() && a.state == "CONFIRMED").unwrap().post_id;
    let cases: Vec<(Act, Problem)> = vec![
        (abolish(id(OFFICE)), Problem::StillHolds),
        (abolish(id(TOWNSHIP)), Problem::StillHolds),
        (abolish(id(1)), Problem::NotFound),
        (abolish(Object::Made(3)), Problem::NotFound),
        (rename(id(OFFICE), ""), Problem::OutOfRange),
        (rename(id(OFFICE), " 名"), Problem::OutOfRange),
        (rename(id(OFFICE), &"长".repeat(61)), Problem::OutOfRange),
        (rename(id(OFFICE), "经济发展办公室"), Problem::NoChange),
        (set(id(OFFICE), E::PublicInstitution, 1, 0), Problem::WrongKind),
        (set(id(CULTURE), E::Administrative, 1, 0), Problem::WrongKind),
        (set(id(OFFICE), E::Administrative, -1, 0), Problem::OutOfRange),
        (set(id(OFFICE), E::Administrative, 2, 2), Problem::NoChange),
        (shift(id(OFFICE), id(CULTURE), E::Administrative, 1, 0), Problem::WrongKind),
        (shift(id(CULTURE), id(AGRICULTURE), E::PublicInstitution, 11, 0), Problem::NotEnough),
        (shift(id(CULTURE), id(AGRICULTURE), E::PublicInstitution, 1, 10), Problem::NotEnough),
        (shift(id(CULTURE), id(CULTURE), E::PublicInstitution, 1, 0), Problem::OutOfRange),
        (shift(id(CULTURE), id(AGRICULTURE), E::PublicInstitution, 0, 0), Problem::OutOfRange),
        (Act::OrganizationTransfer { organization: id(OFFICE), successor: id(OFFICE) }, Problem::WrongKind),
        (Act::OrganizationMerge { organizations: vec![id(OFFICE)], into: id(CULTURE) }, Problem::OutOfRange),
        (Act::LeadershipPostClose { post: id(held) }, Problem::StillHolds),
        (Act::LeadershipPostClose { post: id(1) }, Problem::NotFound),
        (post(id(OFFICE), ""), Problem::OutOfRange),
        (Act::OrganizationEstablish(lonely), Problem::WrongKind),
        (Act::OrganizationEstablish(elsewhere), Problem::WrongKind),
        (Act::OrganizationEstablish(nowhere), Problem::NotFound),
        (Act::OrganizationEstablish(classless), Problem::WrongKind),
        (Act::OrganizationEstablish(found(K::Government, "第二政府")), Problem::WrongKind),
    ];
    for (act, problem) in cases {
        assert_eq!(refused(&desk, day, std::slice::from_ref(&act)), (0, problem), "{act:?}");
    }
    // What has ended, or has changed later, is not changed any more; the place of the act is told.
    let mut later = desk.clone();
    done(&mut later, "2026-12-01", &[rename(id(OFFICE), "经济综合办公室")]);
    assert_eq!(refused(&later, "2026-11-30", &[rename(id(OFFICE), "经济办公室")]), (0, Problem::LaterChange));
    let merge =
        Act::OrganizationMerge { organizations: vec![id(AGRICULTURE), id(CULTURE)], into: Object::Made(0) };
    let centre = Act::OrganizationEstablish(found(K::PublicInstitution, "甲示镇综合服务中心"));
    done(&mut later, "2027-01-01", &[centre, merge]);
    let again = [rename(id(OFFICE), "经济办公室"), abolish(id(CULTURE))];
    assert_eq!(refused(&later, "2027-02-01", &again), (1, Problem::Ended));
    assert_eq!(
        refused(&later, "2027-02-01", &[set(id(CULTURE), E::PublicInstitution, 1, 0)]),
        (0, Problem::Ended)
    );
    // Soft rules warn.
    let carried = done(
        &mut later,
        "2027-02-01",
        &[set(id(OFFICE), E::Administrative, 1, 2), rename(id(OFFICE), "党建工作办公室")],
    );
    let warned: Vec<(usize, Problem)> =
        carried.warnings.iter().map(|(at, notice)| (*at, notice.code)).collect();
    assert_eq!(warned, [(0, Problem::OverEstablishment), (1, Problem::SameName)]);
}
