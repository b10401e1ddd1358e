//! Leadership posts and who holds them. All persons are synthetic: their names say so, their identity numbers begin with
//! a region that does not exist, their telephones with 000.

use super::builder::{Builder, Term};
use crate::domain::{
    AppointmentMode, AppointmentState, CodeList, PersonnelIdentity, PostLevel, PostPosition, TownshipOrgan,
};
use crate::store::{ID_SPACE, entity};

/// A post of the leading team.
pub struct Seat {
    pub town: &'static str,
    pub subdistrict: &'static str,
    pub organ: TownshipOrgan,
    pub position: PostPosition,
    pub level: PostLevel,
    pub quota: i32,
    pub mode: AppointmentMode,
}

const fn seat(
    town: &'static str,
    subdistrict: &'static str,
    organ: TownshipOrgan,
    position: PostPosition,
    quota: i32,
    mode: AppointmentMode,
) -> Seat {
    let level = match position {
        PostPosition::Principal => PostLevel::SectionPrincipal,
        PostPosition::Deputy => PostLevel::SectionDeputy,
    };
    Seat { town, subdistrict, organ, position, level, quota, mode }
}

use AppointmentMode::{Appointed, Elected};
use PostPosition::{Deputy, Principal};
use TownshipOrgan as O;

/// The leading team of a township: three principal and six deputy posts.
pub const TEAM: &[Seat] = &[
    seat("党委书记", "党工委书记", O::PartyCommittee, Principal, 1, Appointed),
    seat("{}长", "办事处主任", O::Government, Principal, 1, Elected),
    seat("人大主席", "人大工委主任", O::PeoplesCongress, Principal, 1, Elected),
    seat("党委副书记", "党工委副书记", O::PartyCommittee, Deputy, 1, Appointed),
    seat("纪委书记", "纪工委书记", O::Discipline, Deputy, 1, Appointed),
    seat("人武部部长", "人武部部长", O::ArmedForces, Deputy, 1, Appointed),
    seat("副{}长", "办事处副主任", O::Government, Deputy, 3, Elected),
];

/// Makes a post.
pub fn post(b: &mut Builder, of: i64, title: &str, seat: &Seat, team: bool, term: Term<'_>) -> i64 {
    let shard = i32::try_from(of / ID_SPACE).unwrap_or(0);
    let id = b.id(shard, "post");
    b.rows.leadership_post.push(entity::leadership_post::Model {
        id,
        shard,
        organization_id: of,
        organ: team.then(|| seat.organ.value().to_owned()),
        title: title.to_owned(),
        position: seat.position.value().to_owned(),
        level: if team { seat.level } else { PostLevel::Subsection }.value().to_owned(),
        quota: seat.quota,
        valid_from: term.from.map(str::to_owned),
        valid_to: term.to.map(str::to_owned),
        document_id: None,
    });
    id
}

const SURNAMES: &[&str] = &["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

const GIVEN: &[&str] = &[
    "子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥", "一", "二", "三", "四", "五",
    "六", "七", "八", "九", "十", "百", "千", "金", "木", "水", "火", "土", "东", "南", "西", "北", "中",
    "春", "夏", "秋", "冬", "红", "黄", "蓝", "白",
];

/// A name as long as a real one, which nobody has: 例 is no surname.
fn given_name(b: &mut Builder, second: &str) -> String {
    let third = GIVEN[b.below(u32::try_from(GIVEN.len()).unwrap_or(1)) as usize];
    let fourth = GIVEN[b.below(u32::try_from(GIVEN.len()).unwrap_or(1)) as usize];
    format!("例{}{third}", if b.chance(40) { second } else { fourth })
}

/// Makes a person. `ethnicity` is set where the law asks for one.
pub fn person(b: &mut Builder, shard: i32, identity: PersonnelIdentity, ethnicity: Option<&str>) -> i64 {
    let id = b.id(shard, "person");
    let number = id % ID_SPACE;
    let (year, month, day) = (b.between(1966, 1996), b.between(1, 12), b.between(1, 28));
    let gender = if b.chance(35) { "女" } else { "男" };
    let surname = SURNAMES[usize::try_from(b.below(10)).unwrap_or(0)];
    let name = if b.is_national() { given_name(b, surname) } else { format!("示例{surname}{number:04}") };
    b.rows.person.push(entity::person::Model {
        id,
        shard,
        name,
        identity: Some(identity.value().to_owned()),
        gender: Some(gender.to_owned()),
        ethnicity: Some(ethnicity.unwrap_or("汉族").to_owned()),
        birth_date: Some(format!("{year}-{month:02}-{day:02}")),
        id_number: Some(format!("990101{year}{month:02}{day:02}{:03}X", number % 1_000)),
        phone: Some(format!("000{:08}", number)),
    });
    id
}

/// How an appointment came about.
#[derive(Default)]
pub struct Procedure<'a> {
    pub state: Option<AppointmentState>,
    pub nominator: Option<&'a str>,
    pub appointer: Option<&'a str>,
    pub concurrent: bool,
    /// Opinion or consent, when asked, when answered.
    pub consultation: Option<(&'a str, String, Option<String>)>,
}

/// Puts a person into a post.
pub fn appoint(
    b: &mut Builder,
    post: i64,
    person: i64,
    mode: AppointmentMode,
    term: Term<'_>,
    how: Procedure<'_>,
) {
    let shard = i32::try_from(post / ID_SPACE).unwrap_or(0);
    let id = b.id(shard, "appointment");
    let kind = if b.chance(30) { "REASSIGN" } else { "PROMOTE" };
    let answered = how.consultation.as_ref().and_then(|c| c.2.clone());
    b.rows.appointment.push(entity::appointment::Model {
        id,
        shard,
        post_id: post,
        person_id: person,
        kind: kind.to_owned(),
        mode: mode.value().to_owned(),
        state: how.state.unwrap_or(AppointmentState::Confirmed).value().to_owned(),
        nominator: how.nominator.map(str::to_owned),
        appointer: how.appointer.map(str::to_owned),
        concurrent: how.concurrent,
        consultation: how.consultation.as_ref().map(|c| c.0.to_owned()),
        consulted_on: how.consultation.as_ref().map(|c| c.1.clone()),
        answer: answered.is_some().then(|| "同意".to_owned()),
        answered_on: answered,
        valid_from: term.from.map(str::to_owned),
        valid_to: term.to.map(str::to_owned),
        document_id: None,
        publicised_on: None,
    });
}
